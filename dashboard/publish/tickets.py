"""Tickets for downloads: a form is checked and recorded first, and what it gives is one use of one ticket."""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

VALID_SECONDS = 600.0
# More than people who export at once; the oldest makes room.
MOST_TICKETS = 100


@dataclass(frozen=True, slots=True)
class Download:
    """A file on its way out; its bytes are made as they are fetched, and can be fetched once."""

    name: str
    media_type: str
    chunks: Iterator[bytes]


class Tickets:
    """Safe to call from any thread."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic):
        self._seconds = seconds
        self._lock = threading.Lock()
        self._waiting: OrderedDict[str, tuple[float, Callable[[], Download]]] = OrderedDict()

    def issue(self, make: Callable[[], Download]) -> str:
        """A name that nobody can guess, for what `make` will give."""
        ticket = secrets.token_urlsafe(32)
        with self._lock:
            self._waiting[ticket] = (self._seconds() + VALID_SECONDS, make)
            while len(self._waiting) > MOST_TICKETS:
                self._waiting.popitem(last=False)
        return ticket

    def redeem(self, ticket: str) -> Callable[[], Download] | None:
        """What the ticket was issued for, once; None where it was used, is too old or was never issued."""
        with self._lock:
            until, make = self._waiting.pop(ticket, (0.0, None))
        return make if make is not None and self._seconds() <= until else None
