"""Which rows of the board a viewer asked for, and in what order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from dashboard.views.board import Assigned, BoardRow
from models.domain.rumours import State

SETTLED = frozenset({State.DISMISSED, State.CLOSED, State.MERGED})


class Tab(StrEnum):
    OPEN = "open"
    # Those that are open and whose owner is whoever asks.
    MINE = "mine"
    NEEDS_ANSWER = "needs"
    NEW = "new"
    ASSESSING = "assessing"
    WATCHING = "watching"
    ANSWERED = "answered"
    SETTLED = "settled"
    ALL = "all"


class Rank(StrEnum):
    FASTEST = "fastest"
    NEWEST = "newest"
    LARGEST = "largest"
    LIKELIEST = "likeliest"


class Window(StrEnum):
    HOUR = "1"
    SIX_HOURS = "6"
    DAY = "24"
    ALL = "all"

    @property
    def length(self) -> timedelta | None:
        return None if self is Window.ALL else timedelta(hours=int(self.value))


@dataclass(frozen=True, slots=True)
class Choice:
    """What a viewer asked the board for; `me` is the id of their user."""

    tab: Tab = Tab.OPEN
    rank: Rank = Rank.FASTEST
    window: Window = Window.ALL
    words: str = ""
    me: str | None = None


def chosen(rows: Iterable[BoardRow], choice: Choice, now: datetime) -> list[BoardRow]:
    """The rows a viewer asked for, ranked."""
    words = choice.words.casefold().split()
    kept = [
        row
        for row in rows
        if in_tab(row, choice)
        and _in_window(row, choice.window, now)
        and all(word in _said_in(row) for word in words)
    ]
    return sorted(kept, key=lambda row: (_rank_key(row, choice.rank), row.id))


def counts(rows: Sequence[BoardRow], choice: Choice, now: datetime) -> dict[Tab, int]:
    """How many rows each tab holds under the viewer's window and words."""
    return {tab: len(chosen(rows, replace(choice, tab=tab), now)) for tab in Tab}


def _said_in(row: BoardRow) -> str:
    """What the words of a filter are looked for in: the claim, and the name of the person or desk that has it."""
    return f"{row.claim} {row.owner.name if row.owner else ''}".casefold()


def is_of(row: BoardRow, user: str | None) -> bool:
    """Whether the user of that id answers for a rumour."""
    return user is not None and row.owner is not None and row.owner.user == user


def handed_to(row: BoardRow, user: str | None) -> Assigned | None:
    """By which decision somebody else gave the rumour to this user, who has it and has not taken it."""
    given = row.owner.assigned if is_of(row, user) else None
    return given if given is not None and given.by.user != user else None


def in_tab(row: BoardRow, choice: Choice) -> bool:
    match choice.tab:
        case Tab.ALL:
            return True
        case Tab.OPEN:
            return row.state not in SETTLED
        case Tab.MINE:
            return row.state not in SETTLED and is_of(row, choice.me)
        case Tab.NEEDS_ANSWER:
            return row.state in {State.NEW, State.ASSESSING} and not row.corrections
        case Tab.SETTLED:
            return row.state in SETTLED
        case _:
            return row.state == State(choice.tab.value)


def _in_window(row: BoardRow, window: Window, now: datetime) -> bool:
    # A rumour whose posts carry no time is never filtered away by time.
    return window.length is None or row.last_at is None or row.last_at >= now - window.length


def _rank_key(row: BoardRow, rank: Rank) -> tuple[float, ...]:
    newest = -(row.surfaced_at.timestamp() if row.surfaced_at else 0.0)
    match rank:
        case Rank.FASTEST:
            return (-row.growth.per_hour, -sum(row.recent), newest)
        case Rank.NEWEST:
            return (newest,)
        case Rank.LARGEST:
            return (-row.posts, newest)
        case Rank.LIKELIEST:
            return (-(row.likelihood if row.likelihood is not None else -1.0), newest)
