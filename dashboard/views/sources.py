"""What the sources page shows: how each source does, its gaps, its dead letters and what happened to it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from models.domain.imports import SOURCE, Import
from models.domain.posts import DeadLetter
from models.domain.reading import FileFact, Mark
from models.domain.sources import HealthEvent, Permission, SourceGap, SourceState
from models.measures.gaps import missing_steps
from models.measures.reading_account import Account, account_of, accounts_by
from models.store import Store

MINUTE = timedelta(minutes=1)
LETTERS_SHOWN = 50
EVENTS_SHOWN = 50
HOUR = timedelta(hours=1)
HOURS_SHOWN = 24


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source. `gaps` are newest first; `missing` says for the minutes of `state.per_minute` which lie in one.

    `lately` accounts for what was read since `lately_from`, None where nothing was.
    """

    state: SourceState
    gaps: tuple[SourceGap, ...]
    missing: tuple[bool, ...]
    permission: Permission | None
    lately: Account | None = None
    lately_from: datetime | None = None

    @property
    def lag(self) -> timedelta | None:
        """How long the newest post had been out when it arrived; None where that is not known."""
        arrived, posted = self.state.last_item_at, self.state.last_post_at
        return None if arrived is None or posted is None else max(timedelta(), arrived - posted)


@dataclass(frozen=True, slots=True)
class SourceAccount:
    """What became of all that a source ever brought; by hour, the latest first, and by file where it has files.

    `marks` are those of files, each with the number of posts that it is about, `told` what reading told of each. A
    file that somebody handed in is named by its import, which `imports` holds.
    """

    whole: Account
    hours: dict[datetime, Account]
    files: dict[str, Account]
    marks: dict[str, dict[Mark, int]]
    told: dict[str, list[FileFact]]
    imports: dict[str, Import]


@dataclass(frozen=True, slots=True)
class SourceThen:
    """What is kept of a source for a moment of the past; gaps and events newest first.

    `recent` counts the posts of the hour before; `account` is up to the hour that had begun.
    """

    name: str
    posts: int
    recent: int
    last_post_at: datetime | None
    gaps: tuple[SourceGap, ...]
    permission: Permission | None
    events: tuple[HealthEvent, ...]
    account: SourceAccount


@dataclass(frozen=True, slots=True)
class SourceDetail:
    """One source in full: what could not be read, what happened, and when posts were missing; newest first."""

    row: SourceRow
    letters: tuple[DeadLetter, ...]
    events: tuple[HealthEvent, ...]


def read_sources(store: Store, states: Sequence[SourceState], now: datetime) -> tuple[SourceRow, ...]:
    """A row a source, in the order of the settings."""
    gaps, permissions = store.sources.gaps(), store.sources.permissions()
    # Counts are by hour: at five past, the hour alone would say nearly nothing.
    since = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) - HOUR
    lately = accounts_by(lambda count: count.source, store.sources.reading_counts(since))
    return tuple(
        replace(_row(state, gaps, permissions.get(state.name), now), lately=lately.get(state.name), lately_from=since)
        for state in states
    )


def read_account(store: Store, name: str, *, as_of: datetime | None = None) -> SourceAccount:
    """The account of a source; at a moment of the past, up to the hour that had begun."""
    counts = store.sources.reading_counts(source=name, as_of=as_of)
    hours = accounts_by(lambda count: count.hour, counts)
    files = accounts_by(lambda count: count.file, sorted(counts, key=lambda count: count.file))
    told = store.sources.told_of_files(name, as_of)
    return SourceAccount(
        account_of(counts),
        dict(list(hours.items())[:HOURS_SHOWN]),
        {file: account for file, account in files.items() if file},
        {file: marks for file, facts in told.items() if (marks := _marks(facts))},
        told,
        {one.id: one for one in store.imports.of(as_of=as_of)} if name == SOURCE else {},
    )


def _marks(facts: Sequence[FileFact]) -> dict[Mark, int]:
    marks: Counter[Mark] = Counter()
    for fact in facts:
        if fact.mark is not None:
            marks[fact.mark] += fact.items or 0
    return dict(marks)


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
            account=read_account(store, name, as_of=as_of),
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
