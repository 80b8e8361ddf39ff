"""What the id of a post shows: that a spreadsheet damaged it, or that Grapevine made it.

A spreadsheet takes a long number for a quantity. It keeps 15 digits and fills up with zeros, or writes 1.29E+18; a
program that stores it as a 64-bit float keeps about 17. Different posts then have one id.
"""

import re
from decimal import Decimal

# How ids begin that are made of author, time and text, because the file has none, or damaged ones.
MADE = "made-"
# Up to so many digits a spreadsheet keeps a number as it is.
KEPT_DIGITS = 15
# 2 to the power of 53: the largest range in which a 64-bit float tells all whole numbers apart.
_LARGEST_EXACT = 2**53
# Without a plus sign it needs a fraction: "3e5" may be an id that is no number.
_EXPONENT = re.compile(r"[0-9](?:(?:[.,][0-9]+)?[eE]\+|[.,][0-9]+[eE])[0-9]{1,3}")
_NUMBER = re.compile(r"[0-9]{1,40}")
_MADE = re.compile(rf"(?:.*:)?{MADE}[0-9a-f]{{20}}", re.DOTALL)


def is_exponent(value: str) -> bool:
    return _EXPONENT.fullmatch(value) is not None


def is_long_number(value: str) -> bool:
    """Whether it is a number of more digits than a spreadsheet keeps."""
    return len(value) > KEPT_DIGITS and _NUMBER.fullmatch(value) is not None


def is_rounded(value: str) -> bool:
    """Whether a number of more than 15 digits is one that rounding leaves: to 15 digits, or to a 64-bit float.

    >>> is_rounded("1294030472427840000"), is_rounded("1294030472427849984"), is_rounded("1294030472427847681")
    (True, True, False)
    """
    if not is_long_number(value):
        return False
    if not value[KEPT_DIGITS:].strip("0"):
        return True
    number = int(value)
    if number <= _LARGEST_EXACT:
        return False
    # As the float is, or as programs write it: the shortest digits that lead back to it, and zeros.
    return number in (int(float(number)), int(Decimal(repr(float(number)))))


def is_made(post_id: str) -> bool:
    """Whether Grapevine made this id.

    >>> is_made("twitter:made-0123456789abcdef0123"), is_made("twitter:made-up")
    (True, False)
    """
    return _MADE.fullmatch(post_id) is not None
