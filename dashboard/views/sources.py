"""What the sources page shows: how each source does, its gaps, its dead letters and what happened to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.domain import DeadLetter, HealthEvent, Permission, SourceGap, SourceState
from models.measures.gaps import missing_steps
from models.store import Store

MINUTE = timedelta(minutes=1)
LETTERS_SHOWN = 50
EVENTS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source. `gaps` are newest first; `missing` says for the minutes of `state.per_minute` which lie in one."""

    state: SourceState
    gaps: tuple[SourceGap, ...]
    missing: tuple[bool, ...]
    permission: Permission | None

    @property
    def lag(self) -> timedelta | None:
        """How long the newest post had been out when it arrived; None where that is not known."""
        arrived, posted = self.state.last_item_at, self.state.last_post_at
        return None if arrived is None or posted is None else max(timedelta(), arrived - posted)


@dataclass(frozen=True, slots=True)
class SourceThen:
    """What is kept of a source for a moment of the past; gaps and events newest first.

    `recent` counts the posts of the hour before.
    """

    name: str
    posts: int
    recent: int
    last_post_at: datetime | None
    gaps: tuple[SourceGap, ...]
    permission: Permission | None
    events: tuple[HealthEvent, ...]


@dataclass(frozen=True, slots=True)
class SourceDetail:
    """One source in full: what could not be read, what happened, and when posts were missing; newest first."""

    row: SourceRow
    letters: tuple[DeadLetter, ...]
    events: tuple[HealthEvent, ...]


def read_sources(store: Store, states: Sequence[SourceState], now: datetime) -> tuple[SourceRow, ...]:
    """A row a source, in the order of the settings."""
    gaps, permissions = store.sources.gaps(), store.sources.permissions()
    return tuple(_row(state, gaps, permissions.get(state.name), now) for state in states)


def read_sources_then(store: Store, names: Sequence[str], as_of: datetime) -> tuple[SourceThen, ...]:
    """The sources of the settings, and those that had brought something or had a gap by then."""
    brought = {row["source"]: row for row in store.views.rows("sources_then", now=as_of, as_of=as_of)}
    gaps, permissions = store.sources.gaps(as_of), store.sources.permissions(as_of=as_of)
    others = {*brought, *(gap.source for gap in gaps), *permissions} - set(names)
    nothing = {"posts": 0, "recent": 0, "last_post_at": None}
    return tuple(
        SourceThen(
            name,
            *(brought.get(name, nothing)[field] for field in nothing),
            gaps=tuple(gap for gap in reversed(gaps) if gap.source == name),
            permission=permissions.get(name),
            events=tuple(store.sources.health(name, EVENTS_SHOWN, as_of=as_of)),
        )
        for name in (*names, *sorted(others))
    )


def read_source(store: Store, row: SourceRow) -> SourceDetail:
    name = row.state.name
    letters = store.sources.dead_letters(name, LETTERS_SHOWN)
    return SourceDetail(row, tuple(letters), tuple(store.sources.health(name, EVENTS_SHOWN)))


def _row(state: SourceState, gaps: Sequence[SourceGap], permission: Permission | None, now: datetime) -> SourceRow:
    own = [gap for gap in gaps if gap.source == state.name]
    missing = missing_steps(own, now, MINUTE, len(state.per_minute))
    return SourceRow(state, tuple(reversed(own)), missing, permission)
