"""What a stage is, and one Grapevine around it: real store, matcher and worker, time moved by the test's hand."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ingest.matching import Matcher
from ingest.normal_form import NormalForm
from ingest.running.worker import Worker
from ingest.source import Batch, Source
from ingest.sources import open_sources
from models.domain.incidents import Watch
from models.domain.sources import HealthKind
from models.errors import StoreError
from models.store.duckdb.store import DuckDBStore
from models.store.messages import Saved
from tests.builders import OFFICER, an_incident
from tests.ingest.live import HandClock
from tests.waiting import until


class HandStop(threading.Event):
    """Its waits go by the test's clock, so that a stream too is patient for an hour within a moment."""

    def __init__(self, clock: HandClock):
        super().__init__()
        self.pausing = False
        # How often its waits have looked at the clock.
        self.looks = 0
        self._clock = clock

    def wait(self, timeout: float | None = None) -> bool:
        until = None if timeout is None else self._clock.now() + timedelta(seconds=timeout)
        self.pausing = True
        while not self.is_set() and (until is None or self._clock.now() < until):
            self.looks += 1
            time.sleep(0.005)
        self.pausing = False
        return self.is_set()


class WatchedWorker(Worker):
    """The real worker, which also tells after each batch how things stand; `breaks` stands in for a full disk."""

    def __init__(self, *args: Any, look: Callable[[], Any], **named: Any):
        super().__init__(*args, **named)
        self.breaks = self.broke = False
        self.done_with = ""
        # The batch's own cursor, and what `look` saw.
        self.seen: list[tuple[Any, ...]] = []
        self._look = look

    def save(self, batch: Batch, *, cursor: str | None = None) -> Saved:
        if self.breaks and batch.items:
            self.broke = True
            raise StoreError("The disk is full. Make room.")
        saved = super().save(batch, cursor=cursor)
        self.seen.append((batch.cursor, *self._look()))
        self.done_with = batch.cursor or self.done_with
        return saved


class Stage:
    """What all have in common. `clock` is that of the source, the worker, the store and the platform."""

    kind: str
    secret: str | None = None

    def __init__(self, clock: HandClock, folder: Path, patch: pytest.MonkeyPatch):
        self.clock = clock
        self.folder = folder
        self.patch = patch
        self._count = 0

    def table(self) -> dict[str, Any]:
        """What config.toml says under [sources.<kind>]."""
        raise NotImplementedError

    def server(self) -> AbstractContextManager[Any]:
        raise NotImplementedError

    @contextmanager
    def open(self) -> Iterator["Stage"]:
        with self.server() as self.at:
            yield self

    def source(self) -> Source:
        (source,) = open_sources({self.kind: self.table()}, self.clock, where="config.toml")
        return source

    def start(self, worker: WatchedWorker, stop: HandStop) -> None:
        """Begin as the running Grapevine begins with a source of this kind."""

    def offer(self, worker: WatchedWorker, stop: HandStop) -> None:
        """Give the source an occasion to read; whether it does is its own affair."""
        raise NotImplementedError

    def bring(self, worker: WatchedWorker, stop: HandStop) -> None:
        """Until everything that the platform sent is saved."""
        self.offer(worker, stop)

    def end(self) -> None:
        """Let go of what `start` began, once `stop` is set."""

    def tell_again(self) -> None:
        """From now on the platform says everything once more, with what was deleted since still in it."""

    def number(self) -> int:
        self._count += 1
        return self._count


class Polled(Stage):
    def offer(self, worker: WatchedWorker, stop: HandStop) -> None:
        worker.poll(stop)


class House:
    """One Grapevine with one source. Opened again on the same folder, it is what a restart leaves."""

    def __init__(self, stage: Stage, folder: Path):
        self.stage = stage
        self.clock = stage.clock
        self.store = DuckDBStore(folder, stage.clock)
        incident = an_incident(watch=Watch(terms=("dam",)))
        self.incident = self.store.incidents.record(incident, OFFICER, "opened", request="open").result()
        self.name = stage.source().name
        self.running = False

    def start(self) -> None:
        source = self.stage.source()
        form = NormalForm(source.name, b"key")
        match = Matcher(self.store, source.name, form.pseudonym).match
        look = self._look
        self.worker = WatchedWorker(source, self.store, form, match, self.clock, name=source.name, look=look)
        self.stop = HandStop(self.clock)
        self.stage.start(self.worker, self.stop)
        self.running = True

    def end(self) -> None:
        if self.running:
            self.stop.set()
            self.stage.end()
            self.running = False

    def restart(self) -> None:
        self.end()
        self.start()

    def read_again_from(self, cursor: str | None) -> None:
        """After a restart that left this cursor, where the source has one."""
        self.end()
        if cursor is not None:
            self.wind(cursor)
        self.start()

    def wind(self, cursor: str) -> None:
        # In the table itself, since the store keeps a cursor only of a batch.
        with self.store.engine.connection.cursor() as connection:
            connection.execute("delete from cursors where name = $1", [self.name])
            if cursor:
                connection.execute(
                    "insert into cursors values ($1, $2, $3)",
                    [self.name, cursor, self.clock.now().replace(tzinfo=None)],
                )

    def bring(self) -> None:
        self.stage.bring(self.worker, self.stop)

    def offer(self) -> None:
        self.stage.offer(self.worker, self.stop)

    def until_it_fails(self, cause: Any) -> None:
        """`cause` something, and let the source read until it has noticed."""
        errors = self.worker.state.errors
        cause()
        self.offer()
        polled = self.worker.source.every_seconds is not None
        until(lambda: self.worker.state.errors > errors and (polled or self.stop.pausing), "a failure")

    def pass_time(self, seconds: float) -> None:
        self.clock.moment += timedelta(seconds=seconds)

    def texts(self) -> list[str]:
        """What the incident holds, in order of arrival, without what was removed."""
        return [post.text for post in self.store.judgement.unjudged(self.incident.id, 0, 1_000)]

    def rows(self, table: str, columns: str = "*") -> list[tuple[Any, ...]]:
        with self.store.engine.connection.cursor() as connection:
            return connection.execute(f"select {columns} from {table}").fetchall()

    def everything(self) -> str:
        """All that is kept, in any table."""
        tables = [name for (name,) in self.rows("information_schema.tables", "table_name")]
        return "\n".join(f"{name}: {self.rows(name)}" for name in tables if not name.startswith("duckdb"))

    def happened(self) -> list[HealthKind]:
        return [event.kind for event in reversed(self.store.sources.health(self.name, 100))]

    def _look(self) -> tuple[int, bool]:
        """How many posts are here by now, and whether a gap is open."""
        return len(self.texts()), bool(self.store.sources.gaps())
