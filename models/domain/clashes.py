"""The same id with other content: two posts of which one would be lost, were they taken for a repetition."""

from datetime import datetime, timedelta
from typing import NamedTuple

from models.domain.post_ids import is_exponent, is_rounded
from models.text.same_words import same_words

# The reason of the dead letter of a post whose id another post has; the likely cause follows.
CLASH = "same id as another post, other content"

# Exports round times, and some state them in another zone: whole quarters of an hour away.
_NEAR = timedelta(minutes=1)
_QUARTER = timedelta(minutes=15)
_FARTHEST_ZONES = timedelta(hours=26)


class Said(NamedTuple):
    """What a post says: its words, its author's keyed hash, and its own time. None is unknown."""

    text: str
    author: str | None
    stated_at: datetime | None


def cause_of_clash(post_id: str, first: Said, second: Said, *, is_edit: bool) -> str | None:
    """The likely cause, if what came second under an id is another post than the first; None if it is the same.

    `is_edit`: one of them is stated to be an edit, so that other words by the same author or of the same time are no
    clash. Nor is another author with the same words at the same time: tools write the handle or the name.
    """
    if first == second:
        return None
    same_author = _same(first.author, second.author)
    is_other_person = same_author is False and _at_one_time(first.stated_at, second.stated_at) is False
    words = True if is_edit else same_words(first.text, second.text)
    if words is not False and not is_other_person:
        return None
    number = post_id.rpartition(":")[2]
    if is_exponent(number) or is_rounded(number):
        return "ids rounded by a spreadsheet; export them as text"
    if same_author:
        return "an edited post, or two exports of one platform"
    return "numbers that two platforms or tables share"


def reason_of(cause: str) -> str:
    """same id as another post, other content (numbers that two platforms or tables share)"""
    return f"{CLASH} ({cause})"


def _same(one: str | None, other: str | None) -> bool | None:
    return None if one is None or other is None else one == other


def _at_one_time(one: datetime | None, other: datetime | None) -> bool | None:
    if one is None or other is None:
        return None
    apart = abs(one - other)
    from_quarter = min(apart % _QUARTER, _QUARTER - apart % _QUARTER)
    return apart <= _NEAR or (apart <= _FARTHEST_ZONES and from_quarter <= _NEAR / 60)
