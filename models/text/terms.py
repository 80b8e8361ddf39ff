"""Watch terms, and texts as they are searched for them.

Terms and texts are brought to one form, by the same function: Unicode's compatibility form, without capitals, accents
and characters that take no room, with one kind of apostrophe, quotation mark, hyphen and figure. What a person may
write in several ways stands there in each: "#BurstDam" also as "Burst Dam", "fire-fighter" also as "firefighter".

Then whole words count, in the singular or the plural. Two exceptions: scripts without spaces between words (Chinese,
Japanese, Thai, …), where a term counts wherever it stands; and Arabic and Hebrew, where the article and short words
are written onto the next word.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache, lru_cache

from models.text import JUDGED_CHARACTERS, one_line
from models.text.marks import HASHTAG
from models.text.parts import apart
from models.text.term_forms import ALIKE, expression_of, fixed_part

# -- what is one and the same in a text --

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
# "Mary's", "isn't", "O'Brien"; not "l'inondation", whose second word counts.
# The apostrophe comes first, so that a text is searched for it alone.
_APOSTROPHE = re.compile(r"'(?:(?<=\w')(?=(?i:s|t|ll|re|ve|d|m)(?!\w))|(?<=\b[oO]')(?=\w))")
_HAS_INITIALS = re.compile(r"\.[^\W\d_]\.")
_INITIALS = re.compile(r"(?<!\w)(?:[^\W\d_]\.){2,}(?:[^\W\d_](?!\w))?")
_IN_HASHTAG = re.compile(
    "_+|(?<=[a-zа-яёα-ω])(?=[A-ZА-ЯЁΑ-Ω])|(?<=[A-ZА-ЯЁΑ-Ω])(?=[A-ZА-ЯЁΑ-Ω][a-zа-яёα-ω])"
    r"|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])"
)
# Each tool that a text has been through may have escaped its signs once more.
_MOST_ESCAPES = 3
# Persian and Urdu keep the parts of a word apart by a sign of no width, as others do by a hyphen.
_PARTS_OF_WORD = re.compile("(?<=[\u0620-\u06ff])\u200c+(?=[\u0620-\u06ff])")
_COMPOUND = re.compile(r"[^\W_]+(?:['_-][^\W_]+)+")
_JOINED = str.maketrans("", "", "-'_")
# Ends the text, and stands between the other ways to write its words: no term goes across it.
_APART = " | "


def searched(text: str) -> str:
    """A text as watch terms look for themselves in it. Takes time in proportion to its length, whatever it is.

    >>> searched("Flo\u200bod at St Mary’s! ＦＬＯＯＤ at Łódź")
    'flood at st marys! flood at lodz'
    >>> searched("#BurstDam: fire-fighters there")
    '#burstdam: fire-fighters there | burst dam | firefighters'
    """
    alike = _alike(apart(text))
    ways: list[str] = []
    if "#" in alike:
        ways += (way for tag in HASHTAG.findall(alike) if (way := _IN_HASHTAG.sub(" ", tag).strip()) != tag)
        alike = HASHTAG.sub(lambda found: "#" + found[1].replace("_", ""), alike)
    if "-" in alike or "'" in alike or "_" in alike:
        parts = (part for part in alike.split() if "-" in part or "'" in part or "_" in part)
        ways += (one.translate(_JOINED) for part in parts for one in _COMPOUND.findall(part))
    return _APART.join([alike.replace("_", " "), *ways]).casefold()


def bare_term(term: str) -> str:
    """A watch term as it is looked for: as `searched` has a text, without quotation marks; a beginning ends in one *.

    >>> bare_term('“Dam  Burst”'), bare_term("evacuat**"), bare_term("St. Mary’s")
    ('dam burst', 'evacuat*', 'st. marys')
    """
    alike = _alike(term)
    if "#" in alike:
        alike = HASHTAG.sub(lambda found: "#" + found[1].replace("_", ""), alike)
    words = one_line(alike.replace("_", " ").casefold())
    beginning = words.endswith("*")
    return words.rstrip("* ").strip("\"' ") + "*" * beginning


class WatchTerms:
    """The watch terms of an incident, made ready to be found."""

    def __init__(self, terms: Sequence[str]):
        bare_of = {term: bare for term in terms if (bare := bare_term(term)).strip("*")}
        self._terms = [(term, fixed_part(bare), _finder(bare, fixed_part(bare))) for term, bare in bare_of.items()]

    def found_in(self, searched_text: str) -> list[str]:
        """The terms that a text contains, as they were written, each once, in order of appearance."""
        # Nearly all posts end here: that a few letters stand nowhere is seen at once.
        likely = [(term, place_in) for term, fixed, place_in in self._terms if fixed in searched_text]
        found = [(place, term) for term, place_in in likely if (place := place_in(searched_text)) is not None]
        return [term for _, term in sorted(found, key=lambda one: one[0])]


def _finder(bare: str, fixed: str) -> Callable[[str], int | None]:
    """What gives the first place of a bare term in a text that holds its fixed part, or None."""
    search = re.compile(expression_of(bare)).search
    # In other scripts words may be written onto the front of it.
    opens = fixed.isascii() and bare.removeprefix("#").startswith(fixed)

    def place_in(text: str) -> int | None:
        # A hashtag's # stands before it.
        found = search(text, max(text.find(fixed) - 1, 0) if opens else 0)
        return found and found.start()

    return place_in


@lru_cache(maxsize=256)
def watch_terms(terms: tuple[str, ...]) -> WatchTerms:
    """`WatchTerms` of these, made once."""
    return WatchTerms(terms)


def _alike(text: str) -> str:
    """A text in which what looks alike is alike, but for capitals."""
    for _ in range(_MOST_ESCAPES):
        if "&" not in text:
            break
        text = html.unescape(text)
    if not text.isascii():
        if "\u200c" in text:
            text = _PARTS_OF_WORD.sub("-", text)
        if len(text) > JUDGED_CHARACTERS:
            text = _without_runs_of_marks(text)
        # Compatibility form would make a space and an accent of ´.
        text = unicodedata.normalize("NFKC", text.replace("´", "'"))
        text = _BEYOND_ASCII.sub(lambda found: found[0].translate(ALIKE), text)
    if "'" in text or "`" in text:
        text = _APOSTROPHE.sub("", text.replace("`", "'"))
    if _HAS_INITIALS.search(text):
        text = _INITIALS.sub(lambda found: found[0].replace(".", ""), text)
    return text


def _without_runs_of_marks(text: str) -> str:
    """A text with at most three marks on a letter: to normalise more takes time in the square of their number."""
    return _runs_of_marks().sub(r"\1", text)


@cache
def _runs_of_marks() -> re.Pattern[str]:
    marks = "".join(re.escape(chr(code)) for code in range(0x300, 0x20000) if unicodedata.combining(chr(code)))
    return re.compile(f"([{marks}]{{3}})[{marks}]+")
