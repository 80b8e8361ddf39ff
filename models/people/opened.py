"""Which handed-over rumours their receivers have opened, in this server's memory only.

It is no part of the history: after a restart a receiver is told once more of what they have not taken.
"""

import threading
from collections import OrderedDict

MOST_REMEMBERED = 10_000


class Opened:
    """By incident and the number of the decision that handed the rumour over. Safe to call from any thread."""

    def __init__(self, most: int = MOST_REMEMBERED):
        self._most = most
        self._seen: OrderedDict[tuple[str, int], None] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, incident: str, number: int) -> None:
        with self._lock:
            self._seen[incident, number] = None
            while len(self._seen) > self._most:
                self._seen.popitem(last=False)

    def has(self, incident: str, number: int) -> bool:
        return (incident, number) in self._seen
