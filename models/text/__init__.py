"""What a text is made of. Here: its characters, made plain to compare, fit to store and safe to show.

Beside it: `marks` (links, handles, hashtags, manual reposts), `words` (words, numbers, negations, the stop list),
`cues` (turns of phrase that tell what a post does), `terms` (watch terms and what they are found in) and `languages`
(what a language tag says). Nothing else in the house has patterns of its own for these.
"""

import html
import re
import unicodedata

from models.text.parts import author_words

# A post is judged by its head. Unicode normalisation takes time in the square of a run of combining marks, so a
# single hostile post of a megabyte would hold everything up for minutes.
JUDGED_CHARACTERS = 4_000

# Embeddings, overrides and isolates: they reorder what follows them.
_TURNS_WRITING = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
# Accents beyond three on one letter, which no language writes: a pile of them covers the lines above and below.
_PILE = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_PILED = re.compile(f"([{_PILE}]{{3}})[{_PILE}]+")
# Unicode's categories: control, half of a surrogate pair, private use, unassigned.
_NEVER_SHOWN = frozenset({"Cc", "Cs", "Co", "Cn"})


def plain(text: str) -> str:
    """The head of the author's words of a text, with HTML entities resolved, in Unicode's compatibility form (NFKC).

    >>> plain("Fire &amp; rescue: ４ people")
    'Fire & rescue: 4 people'
    """
    return unicodedata.normalize("NFKC", html.unescape(author_words(text)[:JUDGED_CHARACTERS]))


def compatible(text: str) -> str:
    """A text in Unicode's compatibility form (NFKC): for short ones, since it takes time.

    >>> compatible("ｊ．officer")
    'j.officer'
    """
    return unicodedata.normalize("NFKC", text)


def folded(text: str) -> str:
    """What texts have in common that differ in case and in compatible letters only: for short ones.

    >>> folded("ＳＴＲＡẞＥ")
    'strasse'
    """
    # Folding may leave letters and accents apart that the first step put together.
    return compatible(compatible(text).casefold())


def without_combining_marks(text: str) -> str:
    """A text without the marks over and under its letters.

    >>> without_combining_marks("Zażółć gęślą")
    'Zazołc gesla'
    """
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


def one_line(text: str) -> str:
    r"""A text on one line: each run of white space is one space, none at the ends.

    >>> one_line(" Bridge\n\n closed\u00a0now ")
    'Bridge closed now'
    """
    return " ".join(text.split())


def shortened(text: str, most: int) -> str:
    """A text of at most so many letters: where it is longer, its end is cut off, which it says.

    >>> shortened("The bridge is closed", 11)
    'The bridge…'
    """
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def name_of(letter: str) -> str:
    """What Unicode calls a letter, or its number where it has no name.

    >>> name_of("🌊"), name_of("\ue000")
    ('water wave', 'U+E000')
    """
    return unicodedata.name(letter, "").lower() or f"U+{ord(letter):04X}"


def storable(text: str) -> str:
    r"""A text as it can be stored: NUL left out, half of a surrogate pair replaced by a question mark.

    >>> storable("da\x00m \ud83d burst")
    'dam ? burst'
    """
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def harmless(text: str) -> str:
    r"""A text without what no screen may be given: what cannot be seen, and what turns the direction of writing.

    >>> harmless("one\x07two \u202ethree")
    'onetwo three'
    """
    # Most texts hold nothing of the kind, and this asks so a hundred times faster.
    if text.isprintable():
        return text
    return "".join(
        character
        for character in _TURNS_WRITING.sub("", text)
        if character.isspace() or unicodedata.category(character) not in _NEVER_SHOWN
    )


def unpiled(text: str) -> str:
    """A text whose letters carry no more than three accents each, so that it stays on its line.

    >>> len(unpiled("Z" + "\u0301" * 5_000 + "algo"))
    8
    """
    return _PILED.sub(r"\1", text)


def unseen_as_spaces(text: str) -> str:
    r"""A text with a space for every character that is not seen, white space among them.

    Titles are cleaned so. It splits an emoji that is joined from several, which `harmless` does not: titles of the
    past were chosen and stored so.

    >>> unseen_as_spaces("a\u200bb\nc")
    'a b c'
    """
    # Printable is what Unicode counts neither as a separator nor as other; the space is.
    return text if text.isprintable() else "".join(one if one.isprintable() else " " for one in text)
