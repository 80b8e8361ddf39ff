"""Tickets: a form is checked and recorded first, and gives one use of one ticket, for a file or a reveal.

A ticket counts in the session whose form was saved: whoever gets hold of one elsewhere gets nothing for it.
"""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

VALID_SECONDS = 600.0
# More than people who export at once; the oldest makes room.
MOST_TICKETS = 100
Given = TypeVar("Given")


@dataclass(frozen=True, slots=True)
class Download:
    """A file on its way out; its bytes are made as they are fetched, and can be fetched once."""

    name: str
    media_type: str
    chunks: Iterator[bytes]


class Tickets(Generic[Given]):
    """Safe to call from any thread."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic, *, valid_seconds: float = VALID_SECONDS):
        self._seconds = seconds
        self._valid_seconds = valid_seconds
        self._lock = threading.Lock()
        self._waiting: OrderedDict[str, tuple[float, str, Callable[[], Given]]] = OrderedDict()

    def issue(self, holder: str, make: Callable[[], Given]) -> str:
        """A name that nobody can guess, for what `make` will give; it counts for this holder only."""
        ticket = secrets.token_urlsafe(32)
        with self._lock:
            self._waiting[ticket] = (self._seconds() + self._valid_seconds, holder, make)
            while len(self._waiting) > MOST_TICKETS:
                self._waiting.popitem(last=False)
        return ticket

    def redeem(self, holder: str, ticket: str) -> Callable[[], Given] | None:
        """What the ticket was issued for, once; None where it was used, is too old or is another holder's."""
        with self._lock:
            until, issued_to, make = self._waiting.get(ticket, (0.0, "", None))
            if make is None or issued_to != holder:
                return None
            del self._waiting[ticket]
        return make if self._seconds() <= until else None
