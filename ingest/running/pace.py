"""Plays a file of posts as if they came now: each post waits until the replay's clock shows its time."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from ingest.normal_form import believed_time
from ingest.source import Batch, Item, Source
from models.clock import ReplayClock


class Paced:
    """A source whose items come when the replay's clock shows their time."""

    def __init__(self, source: Source, clock: ReplayClock, stop: threading.Event):
        self.name = source.name
        self._source = source
        self._clock = clock
        self._stop = stop

    every_seconds = None
    restriction = None
    live = False

    def test(self) -> str:
        return self._source.test()

    def batches(self, cursor: str | None) -> Iterator[Batch]:
        for batch in self._source.batches(cursor):
            due: list[Item] = []
            for item in batch.items:
                wait = self._clock.wall_seconds_until(moment) if (moment := believed_time(item)) else 0.0
                if wait and due:
                    yield Batch(due, due[-1].position, file=batch.file)
                    due = []
                if self._stop.wait(wait):
                    return
                due.append(item)
            yield replace(batch, items=due)
        # After the last post the clock runs at the speed of a real one.
        self._clock.run_at(1.0)


def first_believed_time(source: Source, *, latest: datetime) -> datetime | None:
    """The first time in a source that is neither in the future nor doubted. A replay's clock starts there."""
    for batch in source.batches(None):
        for item in batch.items:
            moment = believed_time(item)
            if moment is not None and moment <= latest:
                return moment
    return None
