"""Which encoding a text file has: by its mark, by being valid, or by what its bytes are most likely to be."""

import codecs
import re

from charset_normalizer import from_bytes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BROKEN = re.compile("[\udc80-\udcff]")
_LINE_END = re.compile(rb"[\r\n]")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
# In West European text few letters have a code above 127; in Greek or Russian nearly all have.
_MOST_SHARE_OF_HIGH_LETTERS = 0.3
# Of the bytes of a table in UTF-16, in any script: it has separators and times. In other text no byte is zero.
_LEAST_SHARE_OF_ZEROS = 0.02
_MORE_ZEROS = 4
# A file is read in another encoding than UTF-8 only if so many of its bytes speak for it.
_LEAST_EVIDENCE_BYTES = 20


def encoding_of(head: bytes) -> str:
    """The name of the encoding, from the beginning of a file. UTF-8 where nothing speaks against it.

    A few bytes that are not UTF-8 do not change the encoding of a file: `mended` reads their rows.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if is_two_bytes := _without_mark(head):
        return is_two_bytes
    if _is_utf_8(head):
        return "utf-8"
    high = _BEYOND_ASCII.findall(head)
    letters = sum(head.count(letter) for letter in b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    if len(high) < _LEAST_EVIDENCE_BYTES or len(high) <= _MOST_SHARE_OF_HIGH_LETTERS * letters:
        return "utf-8"
    best = from_bytes(head).best()
    return best.encoding if best is not None else "utf-8"


def mended(text: str) -> str | None:
    """`text`, decoded as UTF-8 with surrogates for its broken bytes, as Windows-1252; None if it makes no sense so.

    >>> mended(b"Caf\\xe9 in the High Street".decode("utf-8", "surrogateescape"))
    'Café in the High Street'
    >>> mended(b"\\xff\\xfe".decode("utf-8", "surrogateescape"))
    """
    try:
        read = text.encode("utf-8", "surrogateescape").decode("cp1252")
    except UnicodeError:
        return None
    letters = sum(character.isalpha() for character in read)
    high = sum(character.isalpha() and not character.isascii() for character in read)
    return read if high <= _MOST_SHARE_OF_HIGH_LETTERS * letters else None


def is_broken(text: str) -> bool:
    """Whether a text that was decoded with surrogates for its broken bytes has any."""
    return not text.isascii() and _BROKEN.search(text) is not None


def _without_mark(head: bytes) -> str | None:
    """UTF-16 without its mark: in separators, figures and Latin letters every other byte is zero, always the same."""
    odd, even = head[1::2].count(0), head[0::2].count(0)
    if max(odd, even) < _LEAST_SHARE_OF_ZEROS * len(head) or max(odd, even) < _MORE_ZEROS * min(odd, even):
        return None
    if odd == even:
        return None
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    # Its first line ends in two bytes, too: a text of one byte a letter may hold characters that are zero.
    ends = _LINE_END.search(head)
    if ends is not None:
        at = ends.start() - ends.start() % 2
        if head[at : at + 2] not in ("\n".encode(encoding), "\r".encode(encoding)):
            return None
    return encoding


def _is_utf_8(head: bytes) -> bool:
    """Whether it is UTF-8 throughout; its last character may be cut off."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True
