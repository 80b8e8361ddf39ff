"""Passes events from an asynchronous stream to the worker's thread, through a bounded queue that slows the socket."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import janus

from ingest.source import Batch, Item

BATCH_EVENTS = 1_000
# A batch is passed on this long after its first event. With the wait for that event it stays within a second.
GATHERING_SECONDS = 0.3
SILENCE_SECONDS = 0.6
WAITING_EVENTS = 2_000
# A name that is being looked up cannot be cancelled. The thread is then left to end by itself.
CLOSING_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Event:
    """The items of one event of a stream, often none, and the cursor to continue from after it.

    `caught_up` is valid until the next event.
    """

    items: tuple[Item, ...]
    cursor: str
    caught_up: bool


Put = Callable[[Event], Awaitable[None]]


def batches_of(read: Callable[[Put], Awaitable[None]], *, name: str) -> Iterator[Batch]:
    """Batches of what `read` puts, in order, at least one a second, until `read` returns or this generator is closed.

    `read` runs in a thread of its own, named `name`. Its `put` waits while 2,000 events wait for the worker. An error
    that it raises is raised here, after everything that it had put. Closing cancels `read` and waits for it at most
    CLOSING_SECONDS.
    """
    reader = _Reader(read, name)
    reader.start()
    cursor, caught_up = "", False
    try:
        with suppress(janus.SyncQueueShutDown):
            while True:
                events = reader.next_events()
                if events:
                    cursor, caught_up = events[-1].cursor, events[-1].caught_up
                yield Batch([item for event in events for item in event.items], cursor, caught_up=caught_up)
        if reader.fault is not None:
            raise reader.fault
    finally:
        reader.close()


class _Reader(threading.Thread):
    """Runs `read` on an event loop of its own. Once it has ended, `fault` is the error that it raised."""

    def __init__(self, read: Callable[[Put], Awaitable[None]], name: str):
        super().__init__(name=name, daemon=True)
        self.fault: BaseException | None = None
        self._read = read
        self._events: janus.Queue[Event] = janus.Queue(WAITING_EVENTS)
        self._has_begun = threading.Event()

    def run(self) -> None:
        asyncio.run(self._until_the_end())

    def next_events(self) -> list[Event]:
        """The events that are waiting or come shortly; none after a silence.

        Raises SyncQueueShutDown once `read` has ended and everything that it put has been returned.
        """
        events: list[Event] = []
        until = time.monotonic() + SILENCE_SECONDS
        while len(events) < BATCH_EVENTS:
            try:
                events.append(self._events.sync_q.get(timeout=max(0.0, until - time.monotonic())))
            except janus.SyncQueueEmpty:
                break
            except janus.SyncQueueShutDown:
                if not events:
                    raise
                break
            if len(events) == 1:
                until = time.monotonic() + GATHERING_SECONDS
        return events

    def close(self) -> None:
        self._has_begun.wait()
        with suppress(RuntimeError):  # its loop has already ended
            self._loop.call_soon_threadsafe(self._task.cancel)
        self.join(CLOSING_SECONDS)

    async def _until_the_end(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.ensure_future(self._read(self._events.async_q.put))
        self._has_begun.set()
        await asyncio.wait([self._task])
        self.fault = None if self._task.cancelled() else self._task.exception()
        self._events.shutdown()
