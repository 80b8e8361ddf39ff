"""Every recurring job, in one table; the sources' own polls join it, and what the dashboard does by itself.

APScheduler only wakes: what depends on posts falls due in stream time, inside the pipeline.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from ingest.running.control import POOL, RECHECK_SECONDS, WATCH_SECONDS, Sources
from ingest.running.imports import Imports
from ingest.running.worker import Worker
from models.clock import Clock, SystemClock
from models.judgement.judges import Judges
from models.sign_in.session_ages import SessionAges, ended_by_age
from models.store import Store

JUDGING_SECONDS = 0.5
CHECKPOINT_SECONDS = 300
OLD_SESSIONS_SECONDS = 3600
# A source that hangs may hold up another, but never the judging.
SOURCE_THREADS = 8
# With what the encoder and the database need to close, a stop stays within five seconds.
LEAVING_SECONDS = 2.0


class Schedule:
    """Starts and stops everything that goes on by itself."""

    def __init__(self, store: Store, judges: Judges, clock: Clock, imports: Imports, ages: SessionAges):
        self.stopping = threading.Event()
        self._store = store
        self._judges = judges
        self._ages = ages
        self.imports = imports
        self._scheduler = BackgroundScheduler(
            timezone="UTC", executors={"default": ThreadPoolExecutor(4), POOL: ThreadPoolExecutor(SOURCE_THREADS)}
        )
        self.sources = Sources(store, clock, self._scheduler, judges.state, imports.state)
        for job, seconds in (
            (judges.take_turns, JUDGING_SECONDS),
            (self._checkpoint, CHECKPOINT_SECONDS),
            (self._end_old_sessions, OLD_SESSIONS_SECONDS),
            (self.sources.watch, WATCH_SECONDS),
            (self.sources.recheck, RECHECK_SECONDS),
        ):
            self.every(seconds, job)

    def every(self, seconds: float, job: Callable[[], None]) -> None:
        """Do a job again and again, never twice at a time."""
        self._scheduler.add_job(job, "interval", seconds=seconds, max_instances=1, coalesce=True)

    def start(self, workers: Iterable[Worker]) -> None:
        # A judging run that outlasts its interval is skipped, as intended, and needs no line in the log.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        # The source's own state already shows what is tried again.
        logging.getLogger("stamina").setLevel(logging.ERROR)
        self._scheduler.start()
        self.sources.open(workers)

    def stop(self) -> None:
        """Begin nothing new, and let what is under way end; within two seconds, whatever it waits for.

        What takes longer (a server that does not answer, a long calculation) is left in its thread. It saves nothing
        any more, and the next start does it again.
        """
        self.stopping.set()
        self._judges.stop()
        if not self._scheduler.running:
            return
        until = time.monotonic() + LEAVING_SECONDS
        # In a thread, since it waits without a limit for the jobs under way.
        ending = threading.Thread(target=self._scheduler.shutdown, name="schedule-end", daemon=True)
        ending.start()
        self.imports.close(LEAVING_SECONDS)
        self.sources.close(max(0.0, until - time.monotonic()))
        ending.join(max(0.0, until - time.monotonic()))

    def _checkpoint(self) -> None:
        self._store.checkpoint().result()

    def _end_old_sessions(self) -> None:
        """End what no browser came back to be told of. Sessions go by true time, whatever the time on the screens."""
        now = SystemClock().now()
        for session in self._store.sessions.all_live():
            why = ended_by_age(session, now, self._ages)
            if why is not None:
                self._store.sessions.end(session.id, why).result()
