"""Stand-in live sources that bring what a test scripts, without a network."""

import threading
from collections.abc import Iterator
from datetime import datetime

from ingest.source import Batch, Item
from models.errors import GrapevineError


class Scripted:
    """Brings the scripted batches, in order, and raises the errors among them. Its cursor is the number of calls."""

    name = "scripted"
    live = True
    every_seconds: float | None = 1.0
    restriction: str | None = None

    def __init__(self, *script: list[Item] | GrapevineError | Batch):
        self.script = list(script)
        self.cursors: list[str | None] = []

    def batches(self, cursor: str | None) -> Iterator[Batch]:
        self.cursors.append(cursor)
        while self.script:
            one = self.script.pop(0)
            if isinstance(one, Exception):
                raise one
            yield one if isinstance(one, Batch) else Batch(one, str(len(self.cursors)), last=True)
            if self.every_seconds is not None:
                return

    def test(self) -> str:
        return "scripted: answers."


class Stream(Scripted):
    """As Scripted, and then silent, with an empty batch every 10 ms until it is stopped."""

    every_seconds = None

    def __init__(self, *script):
        super().__init__(*script)
        self.closed = threading.Event()

    def batches(self, cursor: str | None) -> Iterator[Batch]:
        try:
            yield from super().batches(cursor)
            while not self.closed.wait(0.01):
                yield Batch([], cursor or "", caught_up=True)
        finally:
            self.closed.set()


class Restricted(Scripted):
    """A stand-in for a platform whose terms forbid this use without a permission."""

    name = "restricted"
    restriction = "This platform's terms forbid event monitoring."


class HandClock:
    """A clock that the test moves by hand."""

    def __init__(self, start: datetime):
        self.moment = start

    def now(self) -> datetime:
        return self.moment

    def arrival(self, stated_at: datetime | None) -> datetime:
        return self.moment
