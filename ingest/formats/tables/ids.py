"""Ids of tables: whether a spreadsheet damaged them, and ids made where the file's cannot be used."""

import re
from collections.abc import Sequence
from enum import Enum
from hashlib import blake2b
from typing import Any

from models.domain.post_ids import KEPT_DIGITS, MADE, is_exponent, is_long_number, is_rounded

# "1234.0", which a program writes for a whole number in a column with gaps, and "1234,00", as the continent has it;
# ="1234", "1234" in quotation marks of its own and '1234, which keep it as text.
_WHOLE_NUMBER = re.compile(r"([0-9]+)(?:\.0+|,00?)")
# "1,294,030,472,427,847,681" with any sign between: of this length a number is no quantity.
_GROUPED = re.compile(r"([0-9]{1,3})(?:([,.'’ \u00a0\u2009\u202f])[0-9]{3})(?:\2[0-9]{3}){3,11}(?:[.,]0{1,2})?")
_AS_TEXT = re.compile(r"""=?\s*"([^"]*)"|'(.*)""", re.DOTALL)
_QUOTES = ("=", "'", '"')
_ZEROS = (".0", ",0", "00")
_LEAST_SHARE = 0.8
# How many zeros at the end, over all ids of a sample, chance does not explain.
_LEAST_ZEROS = 6


class Damage(Enum):
    """What a spreadsheet did to ids, in words."""

    EXPONENT = "that a spreadsheet wrote in exponent form (1.29E+18)"
    HIDDEN = "that a spreadsheet did not show (########)"
    ROUNDED = "that look rounded by a spreadsheet (their last digits are zeros, or those of a decimal number)"


def damage_of(ids: Sequence[Any]) -> Damage | None:
    """What happened to a column, from a sample of it; None where nothing speaks for damage.

    >>> damage_of(["1.29403E+18", "1.29409E+18"])
    <Damage.EXPONENT: 'that a spreadsheet wrote in exponent form (1.29E+18)'>
    >>> damage_of(["1294030472427840000", "1294090472427840000"]) is Damage.ROUNDED
    True
    >>> damage_of(["1294030472427847681", "1294090472427840512"])
    """
    written = [whole_id(value) for value in ids if value not in (None, "")]
    if any(is_exponent(value) for value in written):
        return Damage.EXPONENT
    if any(map(is_hidden, written)):
        return Damage.HIDDEN
    long = [value for value in written if is_long_number(value)]
    rounded = [value for value in long if is_rounded(value)]
    # By chance one id in ten ends in a zero, one in a hundred in two.
    zeros = sum(min(len(value) - KEPT_DIGITS, 3) for value in rounded)
    if rounded and len(rounded) >= _LEAST_SHARE * len(long) and zeros >= _LEAST_ZEROS:
        return Damage.ROUNDED
    return None


def whole_id(value: Any) -> str:
    """An id as it is written, without what only keeps a spreadsheet from changing it.

    >>> whole_id('="1294030472427847681"'), whole_id("1234.0"), whole_id(" 5 "), whole_id("129.403.047.242.784")
    ('1294030472427847681', '1234', '5', '129403047242784')
    """
    text = str(value).strip()
    if text[:1].isalpha():
        return text
    if text[:1] in _QUOTES and (found := _AS_TEXT.fullmatch(text)):
        text = (found[1] or found[2] or "").strip()
    if not text.isalnum() and (found := _GROUPED.fullmatch(text)):
        text = "".join(filter(str.isdecimal, re.sub("[.,]0{1,2}$", "", text)))
    if text[-2:] in _ZEROS and (found := _WHOLE_NUMBER.fullmatch(text)):
        return found[1]
    return text


def is_hidden(value: str) -> bool:
    """Whether a spreadsheet wrote signs because its column was too narrow for the number."""
    return len(value) > 1 and not value.strip("#")


def made_id(author: Any, time: Any, text: Any) -> str | None:
    """An id made of what a row says; None where it says nothing. The same row in two files gets the same id."""
    said = [str(value).strip() if value is not None else "" for value in (author, time, text)]
    if not any(said):
        return None
    return f"{MADE}{blake2b(chr(31).join(said).encode('utf-8', 'surrogatepass'), digest_size=10).hexdigest()}"
