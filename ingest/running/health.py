"""The health of one source: what it brought, whether its silence is usual, and the times whose posts are missing.

Counts are of this run of the process and kept in memory. What people must be able to look up later (errors,
reconnections, gaps, who stopped it) becomes rows of `source_health`.
"""

import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from ingest.source import Missed
from models.clock import Clock
from models.domain.sources import HealthEvent, HealthKind, SourceGap, SourcePhase, SourceState
from models.store.messages import Saved

MINUTES_SHOWN = 60
# Time in which a source is not read is a gap once it is longer than this.
SHORTEST_GAP = timedelta(minutes=1)
# Silence is noticed when it is long, and this many times as long as usual, once enough items show what is usual.
SHORTEST_SILENCE = timedelta(minutes=2)
USUAL_GAPS = 20
ITEMS_TO_KNOW = 20
# The weight of the latest arrivals in the usual gap.
LATEST_WEIGHT = 0.05


class SourceHealth:
    """The counts and gaps of one source. Safe to call from any thread."""

    def __init__(self, name: str, clock: Clock, *, live: bool, restriction: str | None = None):
        self.name = name
        self._clock = clock
        self._live = live
        self._lock = threading.Lock()
        self._state = SourceState(name, SourcePhase.WAITING, healthy=True, running=False, restriction=restriction)
        self._per_minute: deque[tuple[int, int]] = deque(maxlen=MINUTES_SHOWN)
        self._usual_seconds: float | None = None
        self._noted: str | None = None
        # When it was last read with success, whether or not there was anything new.
        self._last_read_at: datetime | None = None
        self._away_since: datetime | None = None
        self._away_why = ""
        # Gaps that are recorded and not over: since when, and why.
        self._open_gaps: dict[datetime, str] = {}

    def state(self) -> SourceState:
        """As it is at this moment."""
        with self._lock:
            now = self._clock.now()
            return replace(self._state, notice=self._silence(now) or self._noted, per_minute=self._minutes(now))

    def answered(self, *, caught_up: bool) -> None:
        """The source answered: it is being read."""
        with self._lock:
            self._last_read_at = self._clock.now()
            if not self._live:
                phase = SourcePhase.READING
            else:
                phase = SourcePhase.LIVE if caught_up else SourcePhase.CATCHING_UP
            self._state = replace(self._state, phase=phase, healthy=True, running=True, fault=None)

    def noted(self, notice: str | None) -> None:
        """Show what the source says of itself, until it says otherwise. Its silence is shown before it."""
        with self._lock:
            self._noted = notice

    def gave_up(self, fault: str) -> list[HealthEvent]:
        """The events to record when it has failed for good. A source that never worked has no gap."""
        with self._lock:
            self._state = replace(
                self._state,
                phase=SourcePhase.STOPPED,
                healthy=False,
                running=False,
                fault=fault,
                errors=self._state.errors + 1,
            )
            events = self._away(fault) if self._last_read_at or self._away_since else []
        return [self._event(HealthKind.ERROR, fault), *events]

    def is_now(
        self, phase: SourcePhase, *, healthy: bool = True, running: bool = True, fault: str | None = None
    ) -> None:
        with self._lock:
            self._state = replace(self._state, phase=phase, healthy=healthy, running=running, fault=fault)

    def brought(self, items: int, saved: Saved, newest: datetime | None) -> None:
        """Count a committed batch. `newest` is the latest time of a post in it, by its author's clock."""
        with self._lock:
            now, last = self._clock.now(), self._state.last_item_at
            if items:
                self._learn_usual(items, now, last)
                self._count_minute(now, items)
            self._state = replace(
                self._state,
                read=self._state.read + items,
                kept=self._state.kept + saved.new,
                dead=self._state.dead + saved.dead,
                last_item_at=now if items else last,
                last_post_at=max(filter(None, (newest, self._state.last_post_at)), default=None),
            )

    def failed(self, why: str) -> list[HealthEvent]:
        """The events to record when it cannot be read now. The same failure again is counted, but is no new event."""
        with self._lock:
            is_known = self._state.phase is SourcePhase.FAILING and self._state.fault == why
            self._state = replace(
                self._state,
                phase=SourcePhase.FAILING,
                healthy=False,
                running=True,
                fault=why,
                errors=self._state.errors + 1,
            )
            events = self._away(why)
        return events if is_known else [self._event(HealthKind.ERROR, why), *events]

    def reconnected(self, why: str) -> HealthEvent:
        with self._lock:
            self._state = replace(self._state, reconnects=self._state.reconnects + 1)
        return self._event(HealthKind.RECONNECTED, why)

    def left(self, since: datetime, why: str, *, at_once: bool = False) -> list[HealthEvent]:
        """The events to record when it was not read from `since` on: it was stopped, or Grapevine was.

        `at_once`: somebody stopped it on purpose, so that it is a gap however short.
        """
        with self._lock:
            self._away_since = self._away_since or since
            return self._away(why, shortest=timedelta(0) if at_once else SHORTEST_GAP)

    def took_up(self, gaps: Iterable[SourceGap]) -> None:
        """Continue the gaps that an earlier run left open: they end when the source has caught up."""
        with self._lock:
            self._open_gaps.update((gap.since, gap.why) for gap in gaps)

    def still_away(self) -> list[HealthEvent]:
        """Called now and then: the events to record when an absence has become long enough to be a gap."""
        with self._lock:
            return self._away(self._away_why) if self._away_since is not None else []

    def missed(self, span: Missed) -> list[HealthEvent]:
        """The events to record for a time whose posts it can never bring."""
        with self._lock:
            now = self._clock.now()
            began = span.since or self._away_since or now
            ended = max(span.until or now, began)
            self._open_gaps.pop(began, None)
            if began == self._away_since:
                self._away_since = None
        return [self._event(HealthKind.GAP_CLOSED, span.why, began, ended)]

    def caught_up(self) -> list[HealthEvent]:
        """The events to record when no older post waits at the source: its gaps are filled."""
        return self._ended(HealthKind.GAP_FILLED)

    def back(self) -> list[HealthEvent]:
        """The events to record when it is read again, but cannot bring the posts of its gaps: they end unfilled."""
        return self._ended(HealthKind.GAP_CLOSED)

    def _ended(self, kind: HealthKind) -> list[HealthEvent]:
        with self._lock:
            gaps, self._open_gaps, self._away_since = self._open_gaps, {}, None
        now = self._clock.now()
        return [self._event(kind, why, since, now) for since, why in gaps.items()]

    def _away(self, why: str, shortest: timedelta = SHORTEST_GAP) -> list[HealthEvent]:
        if not self._live:
            return []
        now = self._clock.now()
        since = self._away_since = self._away_since or self._last_read_at or now
        self._away_why = why
        if since in self._open_gaps or now - since < shortest:
            return []
        self._open_gaps[since] = why
        return [self._event(HealthKind.GAP_OPENED, why, since)]

    def _event(
        self, kind: HealthKind, detail: str, began: datetime | None = None, ended: datetime | None = None
    ) -> HealthEvent:
        return HealthEvent(self.name, kind, self._clock.now(), detail, began, ended)

    def _learn_usual(self, items: int, now: datetime, last: datetime | None) -> None:
        if last is None:
            return
        gap = (now - last).total_seconds() / items
        usual = self._usual_seconds
        self._usual_seconds = gap if usual is None else usual + (gap - usual) * min(1.0, LATEST_WEIGHT * items)

    def _silence(self, now: datetime) -> str | None:
        last, usual = self._state.last_item_at, self._usual_seconds
        if not self._live or last is None or usual is None or not self._state.healthy or not self._state.running:
            return None
        silent = now - last
        if self._state.read < ITEMS_TO_KNOW or silent < max(SHORTEST_SILENCE, timedelta(seconds=usual * USUAL_GAPS)):
            return None
        return f"connected, but nothing for {_in_words(silent.total_seconds())}; usual gap {_in_words(usual)}"

    def _count_minute(self, now: datetime, items: int) -> None:
        minute = _minute(now)
        if self._per_minute and self._per_minute[-1][0] == minute:
            items += self._per_minute.pop()[1]
        self._per_minute.append((minute, items))

    def _minutes(self, now: datetime) -> tuple[int, ...]:
        counted = dict(self._per_minute)
        latest = _minute(now)
        return tuple(counted.get(minute, 0) for minute in range(latest - MINUTES_SHOWN + 1, latest + 1))


def _minute(moment: datetime) -> int:
    return int(moment.timestamp() // 60)


def _in_words(seconds: float) -> str:
    if seconds < 1:
        return "under 1 s"
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.0f} hours"
