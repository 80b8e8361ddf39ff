"""Which posts of a file state a date that cannot be believed beside those of the posts around them.

A file may be of any year, so no date is old in itself. One is doubted where it lies long before most of the dates of
its collection and next to nobody shares it: an import with its first date on it, or a slip of the year.
"""

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Any, NamedTuple

from ingest.normal_form import stated_time
from ingest.source import Item, Upsert
from models.domain.posts import LONGEST_DELAY

# So many people are believed together, however early their dates are.
PEOPLE_BELIEVED = 3
# Doubted dates are few: at most one for so many of those that they lie before.
BELIEVED_FOR_EACH = 3
# Dates of a collection that are remembered from one batch to the next.
REMEMBERED = 1_000


class _Dated(NamedTuple):
    """A post's date, its author and its place in the batch. A post without an author is a person of its own."""

    at: datetime
    author: Any
    place: int | None


class DoubtfulDates:
    """Reads the batches of one file in order, and remembers the latest dates of each of its collections."""

    def __init__(self) -> None:
        self._before: defaultdict[Any, deque[_Dated]] = defaultdict(lambda: deque(maxlen=REMEMBERED))

    def marked(self, items: Sequence[Item]) -> list[Item]:
        """The items of the next batch, those with a doubtful date marked as such."""
        found: defaultdict[Any, list[_Dated]] = defaultdict(list)
        for place, item in enumerate(items):
            at = stated_time(item)
            if at is not None and isinstance(item, Upsert):
                collection, author = item.record.get("collection"), item.record.get("author")
                name = collection if isinstance(collection, str) else None
                found[name].append(_Dated(at, author if isinstance(author, str) else object(), place))
        marked = list(items)
        for name, new in found.items():
            before = self._before[name]
            doubted = {one.place for one in _doubted([*before, *new])}
            for place in doubted - {None}:
                marked[place] = replace(marked[place], date_doubted=True)
            before.extend(_Dated(at, author, None) for at, author, place in new if place not in doubted)
        return marked


def _doubted(dated: Sequence[_Dated]) -> list[_Dated]:
    """The dates in runs without a long pause: the few that lie before the longest run, each by next to nobody."""
    dates = [one.at for one in dated]
    if max(dates) - min(dates) <= LONGEST_DELAY:
        return []
    ordered = sorted(dated, key=lambda one: one.at)
    runs = [[ordered[0]]]
    for one, later in pairwise(ordered):
        if later.at - one.at > LONGEST_DELAY:
            runs.append([])
        runs[-1].append(later)
    longest = max(runs, key=len)
    doubted = [
        one
        for run in runs[: runs.index(longest)]
        if len({one.author for one in run}) < PEOPLE_BELIEVED
        for one in run
    ]
    return doubted if len(doubted) * BELIEVED_FOR_EACH <= len(longest) else []
