"""Whether two texts are one post's words as two tools wrote them, and not two posts.

Exports write one post in many ways: whole or cut off, with or without "RT @x:", the handles that it answers, its
links, alt texts and characters beyond ASCII; with HTML's signs, other quotation marks, other spaces.
"""

import html
import re
import unicodedata
from collections.abc import Callable

from models.text import JUDGED_CHARACTERS
from models.text.marks import CUT_OFF_END, REPOST, SHOWN_BARE_LINK, TITLE_LINK
from models.text.parts import own_words

# What Mastodon writes for readers that cannot show a quotation.
_QUOTED = re.compile(r"\bRE:\s*(?=https?://)", re.IGNORECASE)
_DOMAIN = re.compile(r"(?<![\w@/.\-])(?:[\w\-]{1,63}\.){1,8}[a-z]{2,24}\b", re.IGNORECASE)
_HANDLES_ANSWERED = re.compile(r"^(?:[\s.]*@[\w.\-]+:?)+")
# A text that is cut off may end inside a link or inside one of HTML's signs, of which this is left.
_CUT_SIGN = re.compile(r"\bh(?:t(?:t(?:p(?:s?(?::(?:/)?)?)?)?)?)?$|&#?\w*$", re.IGNORECASE)
# Each tool that a text has been through may have escaped its signs once more.
_MOST_ESCAPES = 3
# Tools that cut texts without a sign do so after 100 characters or more, of which so many are letters.
_LEAST_CUT = 80
# With fewer letters in ASCII, texts in other scripts look alike.
_LEAST_ASCII = 12


def same_words(one: str, other: str) -> bool | None:
    """Whether both texts are the words of one post; None where one is empty or neither has words: nobody can say.

    >>> same_words("The dam &amp; weir… https://t.co/x", "RT @jo: The dam & weir hold, says the council")
    True
    >>> same_words("The dam has burst", "The dam has not burst"), same_words("The dam has burst", "")
    (False, None)
    """
    if not one.strip() or not other.strip():
        return None
    if one == other:
        return True
    whole, plain = [_bare(one), _bare(other)], [_bare(one, _ascii), _bare(other, _ascii)]
    if _are_same(*whole):
        return True if whole[0][0] else None
    # Characters beyond ASCII are what tools get wrong, and links without a path are hardly told from words.
    if all(_says_most(ascii_only, letters) for (ascii_only, _), (letters, _) in zip(plain, whole, strict=True)):
        return _are_same(*plain)
    for (letters, is_cut), (of_other, _) in zip(whole, reversed(plain), strict=True):
        # Cut off before its first word, or nothing left of another script.
        if not letters and (is_cut or len(of_other) < _LEAST_ASCII):
            return None
    return False


_Bare = tuple[str, bool]


def _says_most(ascii_only: str, letters: str) -> bool:
    return len(ascii_only) >= _LEAST_ASCII and 2 * len(ascii_only) >= len(letters)


def _compatible(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _ascii(text: str) -> str:
    return _DOMAIN.sub(" ", "".join(filter(str.isascii, text.replace("…", "..."))))


def _bare(text: str, form: Callable[[str], str] = _compatible) -> _Bare:
    """The letters and figures of a text's own words in a form, and whether its end is cut off."""
    plain = own_words(text)
    for _ in range(_MOST_ESCAPES):
        plain = html.unescape(plain)
    plain = form(plain[:JUDGED_CHARACTERS])
    plain = REPOST.sub("", _QUOTED.sub("", plain)).strip()
    without_links = TITLE_LINK.sub(" ", SHOWN_BARE_LINK.sub(" ", plain))
    # The sign stands inside a link, or before one.
    is_cut = any(map(CUT_OFF_END.search, (plain, without_links)))
    plain = _HANDLES_ANSWERED.sub(" ", without_links).rstrip(" .…")
    if is_cut:
        plain = _CUT_SIGN.sub("", plain)
    return "".join(filter(str.isalnum, plain.casefold())), is_cut


def _are_same(one: _Bare, other: _Bare) -> bool:
    return one[0] == other[0] or _is_cut_of(one, other[0]) or _is_cut_of(other, one[0])


def _is_cut_of(one: _Bare, whole: str) -> bool:
    head, is_cut = one
    return (is_cut or len(head) >= _LEAST_CUT) and bool(head) and whole.startswith(head)
