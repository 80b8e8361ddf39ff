"""What time it is. Time is an argument everywhere else: only this file reads the computer's clock."""

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The computer's clock, for live running."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class ReplayClock:
    """A clock for posts of another time.

    With a `speed` it runs from `start` at that many seconds a second, once `begin()` was called.
    Without one it stands still and moves only when `advance_to` is told to, never backwards:
    so that what is judged depends on the posts alone.
    """

    def __init__(self, start: datetime, *, speed: float | None = None):
        self.start = start
        self.speed = speed
        self._moment = start
        self._begun: float | None = None
        self._lock = threading.Lock()

    def begin(self) -> None:
        if self._begun is None:
            self._begun = time.monotonic()

    def now(self) -> datetime:
        with self._lock:
            if self.speed is not None and self._begun is not None:
                run = timedelta(seconds=(time.monotonic() - self._begun) * self.speed)
                self._moment = max(self._moment, self.start + run)
            return self._moment

    def advance_to(self, moment: datetime) -> None:
        with self._lock:
            self._moment = max(self._moment, moment)

    def wall_seconds_until(self, moment: datetime) -> float:
        """How many real seconds to wait until this clock shows `moment`; 0 when it has passed."""
        ahead = (moment - self.now()).total_seconds()
        return max(0.0, ahead / self.speed) if self.speed else 0.0
