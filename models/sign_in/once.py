"""What may be used once: remembered, until nobody could use it again anyway."""

import threading
from collections import OrderedDict
from datetime import datetime, timedelta

MOST = 10_000


class Once:
    """Remembers words for `lasts`, in memory, and at most `most` of them: the oldest is forgotten first."""

    def __init__(self, lasts: timedelta, *, most: int = MOST):
        self._lasts = lasts
        self._most = most
        self._used: OrderedDict[str, datetime] = OrderedDict()
        self._lock = threading.Lock()

    def is_first(self, word: str, now: datetime) -> bool:
        """Use a word; whether it was not used before.

        >>> once, now = Once(timedelta(minutes=5)), datetime(2026, 11, 20)
        >>> once.is_first("state", now), once.is_first("state", now)
        (True, False)
        """
        with self._lock:
            if word in self._used:
                return False
            self._used[word] = now
            while len(self._used) > self._most or next(iter(self._used.values())) < now - self._lasts:
                self._used.popitem(last=False)
            return True
