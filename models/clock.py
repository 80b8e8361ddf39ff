"""What time it is, and how a time is written. Time is an argument everywhere else: only this file reads the clock."""

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    # Seconds of this clock for each real one; None for a clock that stands still.
    speed: float | None

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...

    def arrival(self, stated_at: datetime | None) -> datetime:
        """When an item arrives that says it is of `stated_at`. What it says may be wrong, or later than now."""
        ...


class SystemClock:
    """The computer's clock, for live running."""

    speed = 1.0

    def now(self) -> datetime:
        return datetime.now(UTC)

    def arrival(self, stated_at: datetime | None) -> datetime:
        return self.now()


class ReplayClock:
    """A clock for posts of another time.

    With a `speed` it runs from `start` at that many seconds a second, once `begin()` was called. Without one it
    stands still and moves only when posts arrive or `advance_to` is told to, never backwards: so that what is judged
    depends on the posts alone. Items of after `latest`, the true present, are of a future that nobody can have seen:
    they do not move the clock.

    >>> noon, hour = datetime(2026, 11, 20, 12, tzinfo=UTC), timedelta(hours=1)
    >>> clock = ReplayClock(noon, latest=noon + 24 * hour)
    >>> [clock.arrival(noon + ahead * hour).hour for ahead in (2, 1, 48)]
    [14, 14, 14]
    """

    def __init__(self, start: datetime, *, latest: datetime, speed: float | None = None):
        self.latest = latest
        self.speed = speed
        self._moment = start
        self._begun: tuple[float, datetime] | None = None
        self._lock = threading.Lock()

    def begin(self) -> None:
        with self._lock:
            self._begun = (time.monotonic(), self._moment)

    def run_at(self, speed: float) -> None:
        """Go on at another speed from this moment on."""
        now = self.now()
        with self._lock:
            self.speed = speed
            self._begun = (time.monotonic(), now)

    def now(self) -> datetime:
        with self._lock:
            if self.speed is not None and self._begun is not None:
                begun, start = self._begun
                self._moment = max(self._moment, start + timedelta(seconds=(time.monotonic() - begun) * self.speed))
            return self._moment

    def arrival(self, stated_at: datetime | None) -> datetime:
        if stated_at is not None and stated_at <= self.latest:
            self.advance_to(stated_at)
        return self.now()

    def advance_to(self, moment: datetime) -> None:
        with self._lock:
            self._moment = max(self._moment, moment)

    def wall_seconds_until(self, moment: datetime) -> float:
        """How many real seconds to wait until this clock shows `moment`; 0 when it has passed or never will."""
        ahead = (moment - self.now()).total_seconds()
        return max(0.0, ahead / self.speed) if self.speed and moment <= self.latest else 0.0


def utc_time(iso: str) -> datetime:
    """The moment that a text writes in ISO 8601, in UTC. Raises ValueError for anything else.

    >>> utc_time("2026-11-20T13:05:00+01:00").isoformat()
    '2026-11-20T12:05:00+00:00'
    """
    return in_utc(datetime.fromisoformat(iso))


def iso_utc(moment: datetime) -> str:
    """A moment as a machine reads it: ISO 8601, in UTC.

    >>> iso_utc(utc_time("2026-11-20T13:05:00+01:00"))
    '2026-11-20T12:05:00Z'
    """
    return in_utc(moment).isoformat().replace("+00:00", "Z")


def in_utc(moment: datetime) -> datetime:
    """A moment in UTC; one without a zone is taken as UTC.

    At the edges of the calendar, where another zone would lead out of it, the zone is left out of account.
    """
    if moment.tzinfo is UTC:
        return moment
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return moment.replace(tzinfo=UTC)
