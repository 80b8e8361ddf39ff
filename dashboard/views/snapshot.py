"""One immutable snapshot of the board an incident, shared by all viewers, with its latest changes and pages.

A viewer sends the token of what it has and gets what changed since. A snapshot is read anew when the store has
changed, or when a minute has passed on the clock (rates decay in silence too), at most once a second.
"""

import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dashboard.views.also_said import AlsoSaid, read_also_said
from dashboard.views.board import BoardRow, IncidentHeader, read_header, read_rows
from dashboard.views.families import Alike, differing, read_alike
from dashboard.views.officially_said import OfficiallySaid, read_officially_said
from dashboard.views.read_once import ReadOnce
from dashboard.views.rumour import RumourPage, page_of
from models.clock import Clock
from models.store import Store

DELTAS_KEPT = 60
SECONDS_BETWEEN_READS = 1.0
# A large store takes longer to read: then screens leave it free for twice as long, for what comes in.
REST_AFTER_READ = 2.0
RATES_HOLD = timedelta(minutes=1)
PAGES_KEPT = 256


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The board at `taken_at`. `token` names it; tokens of another run of the server never match."""

    token: str
    number: int
    taken_at: datetime
    header: IncidentHeader
    rows: Mapping[str, BoardRow]
    also_said: tuple[AlsoSaid, ...]
    alike: Alike
    officially_said: OfficiallySaid


@dataclass(frozen=True, slots=True)
class Changes:
    """What is new since a token: ids of rows that came or changed, and of those that went.

    A row changes also where the rumours change that it may be one claim with.
    """

    whole: bool
    changed: frozenset[str]
    gone: frozenset[str]


@dataclass(slots=True)
class _Board:
    """What is kept of one incident."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    snapshot: Snapshot | None = None
    store_version: int = -1
    due_at: float = 0.0
    deltas: deque[tuple[int, frozenset[str]]] = field(default_factory=lambda: deque(maxlen=DELTAS_KEPT))


def read_snapshot(
    store: Store, incident: str, now: datetime, *, token: str, number: int, as_of: datetime | None = None
) -> Snapshot:
    """The board of an incident, its rates those of the hour before `now`, as known at a moment."""
    arrangement = store.views.history(incident).at(as_of)
    rows = read_rows(store, incident, now, as_of=as_of, arrangement=arrangement)
    return Snapshot(
        token,
        number,
        now,
        read_header(store, incident, as_of=as_of),
        rows,
        read_also_said(store, incident, now, as_of=as_of, arrangement=arrangement),
        read_alike(store, incident, as_of=as_of),
        read_officially_said(store, incident, arrangement, rows, as_of=as_of),
    )


class SnapshotKeeper:
    """Hands out snapshots. Safe to call from any thread; while one thread reads, others get what there is."""

    def __init__(self, store: Store, clock: Clock, *, seconds: Callable[[], float] = time.monotonic):
        self._store = store
        self._clock = clock
        self._seconds = seconds
        self._era = secrets.token_hex(4)
        self._boards: dict[str, _Board] = {}
        self._boards_lock = threading.Lock()
        self._pages = ReadOnce(PAGES_KEPT)

    def latest(self, incident: str, *, fresh: bool = False) -> Snapshot:
        """The board of an incident. `fresh` waits for all that is committed: for whoever has just acted."""
        with self._boards_lock:
            board = self._boards.setdefault(incident, _Board())
        must_wait = fresh or board.snapshot is None
        if board.lock.acquire(blocking=must_wait):
            try:
                if self._is_due(board, fresh):
                    self._read(incident, board)
            finally:
                board.lock.release()
        return board.snapshot

    def changes_since(self, incident: str, token: str | None) -> Changes:
        """What changed between the token and the latest snapshot; the whole board where that is not known."""
        board = self._boards[incident]
        with board.lock:
            number = self._number(token)
            snapshot = board.snapshot
            oldest = board.deltas[0][0] if board.deltas else snapshot.number + 1
            if number is None or number > snapshot.number or number < oldest - 1:
                return Changes(True, frozenset(snapshot.rows), frozenset())
            touched = frozenset().union(*(ids for at, ids in board.deltas if at > number))
            here = touched & snapshot.rows.keys()
            return Changes(False, frozenset(here), touched - here)

    def page(self, incident: str, rumour: str) -> RumourPage | None:
        """All there is to show of a rumour, read once a snapshot for all who look; None if it is not on the board."""
        snapshot = self.latest(incident)
        row = snapshot.rows.get(rumour)
        if row is None:
            return None
        # A page draws itself by several calls at once: the first of them reads, the others wait for it.
        return self._pages.get(
            (incident, rumour, snapshot.token), lambda: page_of(self._store, incident, row, self._clock.now())
        )

    def _is_due(self, board: _Board, fresh: bool) -> bool:
        if board.snapshot is None:
            return True
        if not fresh and self._seconds() < board.due_at:
            return False
        aged = self._clock.now() - board.snapshot.taken_at >= RATES_HOLD
        return aged or self._store.views.version != board.store_version

    def _read(self, incident: str, board: _Board) -> None:
        # The version is taken first: a commit that lands while the rows are read is read again next time.
        version, now, began = self._store.views.version, self._clock.now(), self._seconds()
        before = board.snapshot
        number = before.number + 1 if before else 1
        read = read_snapshot(self._store, incident, now, token=f"{self._era}-{number}", number=number)
        rows = read.rows
        if before is not None:
            touched = (rows.keys() | before.rows.keys()) - {
                name for name, row in rows.items() if before.rows.get(name) == row
            }
            touched |= differing(read.alike, before.alike) & rows.keys()
            board.deltas.append((number, frozenset(touched)))
        board.snapshot = read
        ended = self._seconds()
        board.store_version = version
        board.due_at = ended + max(SECONDS_BETWEEN_READS, REST_AFTER_READ * (ended - began))

    def _number(self, token: str | None) -> int | None:
        era, _, number = (token or "").partition("-")
        return int(number) if era == self._era and number.isdecimal() else None


def redraw_stamp(snapshot: Snapshot, *, changed: bool, before: str | None) -> str | None:
    """A new stamp where one rumour must be drawn again: it changed, or a minute went by and its age and rate did."""
    minute = f"{snapshot.taken_at:%Y%m%d%H%M}"
    if not changed and before is not None and before.endswith(minute):
        return None
    return f"{snapshot.token}@{minute}"
