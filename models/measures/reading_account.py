"""The account of what was read: how many items, and what became of each."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from models.domain.reading import Outcome, ReadingCount

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Account:
    """`read` items, `became` how many of each outcome; `why` counts by outcome, reason and detail, the most first."""

    read: int
    became: dict[Outcome, int]
    why: tuple[tuple[Outcome, str, str, int], ...]

    @property
    def unaccounted(self) -> int:
        """How many items were read and have no outcome: anything but 0 is a fault of Grapevine."""
        return self.read - sum(self.became.values())


def account_of(counts: Iterable[ReadingCount]) -> Account:
    """The account of some counts, all together."""
    read, became, why = 0, dict.fromkeys(Outcome, 0), Counter()
    for one in counts:
        if one.outcome is None:
            read += one.items
            continue
        became[one.outcome] += one.items
        if one.reason:
            why[one.outcome, one.reason, one.detail] += one.items
    order = list(Outcome)
    listed = sorted(why.items(), key=lambda pair: (order.index(pair[0][0]), -pair[1], pair[0]))
    return Account(read, became, tuple((*key, items) for key, items in listed))


def accounts_by(key: Callable[[ReadingCount], Key], counts: Iterable[ReadingCount]) -> dict[Key, Account]:
    """An account for each value of `key`, in the order in which they appear."""
    grouped: dict[Key, list[ReadingCount]] = {}
    for one in counts:
        grouped.setdefault(key(one), []).append(one)
    return {value: account_of(ones) for value, ones in grouped.items()}
