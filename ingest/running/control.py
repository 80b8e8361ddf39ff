"""What people do with sources: start, stop and test them, read their dead letters again, push messages to them.

A stream or file runs in a thread of its own, a poller as a job of the scheduler, a pushed message in the thread that
brings it. A source that somebody stopped stays stopped after a restart, until somebody starts it.
"""

import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from apscheduler.schedulers.base import BaseScheduler

from ingest.running.worker import Worker, recheck_cursor
from ingest.source import Pushed, Rechecking, Upsert
from ingest.sources.webhook import Rejected
from models.clock import Clock, SystemClock
from models.domain.acts import Officer
from models.domain.imports import SOURCE
from models.domain.incidents import Watch
from models.domain.posts import DeadLetter
from models.domain.sources import HealthEvent, HealthKind, SourceState
from models.domain.trials import Trial
from models.errors import GrapevineError, Refused
from models.store import Store

POOL = "sources"
JITTER = 0.1
WATCH_SECONDS = 15
RECHECK_SECONDS = 600
POSTS_A_RECHECK = 100
LETTERS_SEARCHED = 1_000


@dataclass(slots=True)
class _Run:
    """One source and what runs it."""

    worker: Worker
    stop: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None
    going: bool = False


class Sources:
    """Every source of this process. The dashboard knows it as its SourceControl."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        scheduler: BaseScheduler,
        judgement: Callable[[], SourceState | None] = lambda: None,
        imports: Callable[[], SourceState | None] = lambda: None,
    ):
        self._store = store
        self._clock = clock
        self._scheduler = scheduler
        self._beside = (imports, judgement)
        self._runs: dict[str, _Run] = {}
        self._lock = threading.Lock()

    def open(self, workers: Iterable[Worker]) -> None:
        """Add these, and start those that may run and that nobody stopped."""
        for worker in workers:
            run = self._runs[worker.name] = _Run(worker)
            last = self._store.sources.last_switch(worker.name)
            if last is not None and last.kind is HealthKind.STOPPED:
                worker.rest(last.happened_at, last.detail)
            elif (fault := self._forbidden(worker)) is not None:
                worker.refuse(fault)
            else:
                self._go(run)

    def close(self, within_seconds: float) -> None:
        """Start nothing new, and wait up to `within_seconds` for streams and files to end."""
        until = time.monotonic() + within_seconds
        for run in self._runs.values():
            run.stop.set()
        for run in self._runs.values():
            if run.thread is not None:
                run.thread.join(max(0.0, until - time.monotonic()))

    def states(self) -> list[SourceState]:
        states = [run.worker.state for run in self._runs.values()]
        beside = [tell() for tell in self._beside]
        return [*states, *(state for state in beside if state is not None)]

    def start(self, name: str, officer: Officer) -> None:
        run = self._run(name)
        fault = self._forbidden(run.worker)
        if fault is not None:
            raise Refused({"source": fault})
        with self._lock:
            if run.going and run.worker.state.running:
                return
            self._switched(name, HealthKind.STARTED, officer)
            self._halt(run)
            self._go(run)

    def stop(self, name: str, officer: Officer) -> None:
        run = self._run(name)
        with self._lock:
            event = self._switched(name, HealthKind.STOPPED, officer)
            self._halt(run)
            run.worker.rest(event.happened_at, event.detail)

    def test(self, name: str) -> str:
        return self._run(name).worker.source.test()

    def try_terms(self, watch: Watch) -> list[Trial]:
        runs, now = self._runs.items(), self._clock.now()
        counts = [(name, run.worker.word_counts) for name, run in runs if run.worker.word_counts is not None]
        return [one.trial(name, watch, now) for name, one in counts]

    def replay_dead_letter(self, letter: str, officer: Officer) -> str:
        for name, run in self._runs.items():
            for one in self._store.sources.dead_letters(name, LETTERS_SEARCHED):
                if one.id == letter:
                    return self._read_again(run.worker, one, officer)
        if any(one.id == letter for one in self._store.sources.dead_letters(SOURCE, LETTERS_SEARCHED)):
            raise Refused({"letter": "It comes from a file. Mend the file, and import it again."})
        raise Refused({"letter": "This dead letter no longer exists. Reload the page."})

    def receive(self, sender: str, headers: Mapping[str, str], body: bytes) -> tuple[int, dict[str, object]]:
        run = self._runs.get(f"webhook:{sender}")
        if run is None:
            return 404, {"error": "No such sender. Name it in config.toml under [sources.webhook]."}
        if not run.worker.state.running:
            return 503, {"error": "This source is stopped. Try again later."}
        try:
            return 200, {"taken": run.worker.take(headers, body)}
        except Rejected as rejected:
            return rejected.status, {"error": str(rejected)}
        except GrapevineError:
            return 503, {"error": "It could not be saved. Try again later."}

    def watch(self) -> None:
        """Record the absences that have lasted."""
        for run in self._runs.values():
            run.worker.watch()

    def recheck(self) -> None:
        """Look up some posts of each source that receives no deletes, in an endless round."""
        for name, run in self._runs.items():
            if isinstance(run.worker.source, Rechecking) and run.worker.state.running:
                place = int(self._store.sources.cursor(recheck_cursor(name)) or 0)
                posts = self._store.posts.of_source(name, place, POSTS_A_RECHECK)
                # After the newest it starts with the oldest again.
                run.worker.recheck(posts or self._store.posts.of_source(name, 0, POSTS_A_RECHECK), run.stop)

    def _go(self, run: _Run) -> None:
        worker, run.stop, run.thread, run.going = run.worker, threading.Event(), None, True
        every = worker.source.every_seconds
        if isinstance(worker.source, Pushed):
            worker.listen()
            return
        worker.begin()
        if every is None:
            run.thread = threading.Thread(target=worker.run, args=(run.stop,), name=worker.name, daemon=True)
            run.thread.start()
        else:
            self._scheduler.add_job(
                worker.poll,
                "interval",
                args=(run.stop,),
                id=worker.name,
                seconds=every,
                jitter=every * JITTER,
                max_instances=1,
                coalesce=True,
                executor=POOL,
                replace_existing=True,
                next_run_time=SystemClock().now(),
            )

    def _halt(self, run: _Run) -> None:
        run.going = False
        run.stop.set()
        if self._scheduler.get_job(run.worker.name) is not None:
            self._scheduler.remove_job(run.worker.name)
        run.worker.finish()

    def _forbidden(self, worker: Worker) -> str | None:
        """Why this source may not run: its platform restricts this use, and no permission is recorded."""
        rule = worker.source.restriction
        if rule is None or worker.name in self._store.sources.permissions():
            return None
        return f"{rule} Record who gave permission, and its reference, before you start it."

    def _run(self, name: str) -> _Run:
        if name not in self._runs:
            raise Refused({"source": "There is no such source. Reload the page."})
        return self._runs[name]

    def _switched(self, name: str, kind: HealthKind, officer: Officer) -> HealthEvent:
        said = f"{kind.value} by {officer.signature}"
        event = HealthEvent(name, kind, self._clock.now(), said, by=officer)
        self._store.sources.add_health([event]).result()
        return event

    def _read_again(self, worker: Worker, letter: DeadLetter, officer: Officer) -> str:
        try:
            record = json.loads(letter.payload)
        except (ValueError, RecursionError):
            return "It cannot be read again: its stored payload is not JSON."
        # A stranger's document may be JSON too: only a record that this source made itself is read.
        if letter.post is None or not isinstance(record, dict) or record.get("id") != letter.post:
            return "It cannot be read again: it was no post."
        problem = worker.read_again(Upsert(record, letter.position))
        if problem is not None:
            return f"It still cannot be read: {problem}."
        self._store.sources.discard_letter(letter.id, "read again", officer).result()
        return "Read again. Its post is kept if it matches an incident."
