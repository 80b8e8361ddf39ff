"""Every recurring job, in one table, and the threads that read the sources.

APScheduler only wakes the pipeline and keeps house: what depends on posts falls due in stream time, inside `advance`.
"""

import logging
import threading
from collections.abc import Callable

from apscheduler.schedulers.background import BackgroundScheduler

from ingest.worker import Worker
from models.clock import Clock
from models.domain import SourceState
from models.embed import Encoder
from models.errors import GrapevineError
from models.pipeline import Pipeline
from models.store.protocol import Store
from models.surfacing import SurfacingRule

log = logging.getLogger(__name__)

WAKE_SECONDS = 0.5
CHECKPOINT_SECONDS = 300


class Schedule:
    """Starts and stops everything that goes on by itself. The dashboard knows it as its SourceControl."""

    def __init__(self, store: Store, encoder: Encoder, new_rule: Callable[[], SurfacingRule], clock: Clock):
        self.stopping = threading.Event()
        self._store = store
        self._encoder = encoder
        self._new_rule = new_rule
        self._clock = clock
        self._workers: list[Worker] = []
        self._threads: list[threading.Thread] = []
        self._pipelines: dict[str, Pipeline] = {}
        self._judged_version = -1
        self._fault: str | None = None
        self._scheduler = BackgroundScheduler(timezone="UTC")
        for job, seconds in ((self._judge, WAKE_SECONDS), (self._checkpoint, CHECKPOINT_SECONDS)):
            self._scheduler.add_job(job, "interval", seconds=seconds, max_instances=1, coalesce=True)

    def start(self, workers: list[Worker]) -> None:
        # A judging run that outlasts its interval is skipped, as intended: no word of it in the log.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._workers = workers
        self._scheduler.start()
        for worker in workers:
            thread = threading.Thread(target=worker.run, args=(self.stopping,), name=worker.name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Let what is under way finish; nothing new is begun."""
        self.stopping.set()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)
        for thread in self._threads:
            thread.join()

    def states(self) -> list[SourceState]:
        states = [worker.state for worker in self._workers]
        if self._fault is not None:
            states.append(SourceState("judgement", "stopped", healthy=False, fault=self._fault))
        return states

    def _judge(self) -> None:
        version = self._store.version
        if version == self._judged_version:
            return
        try:
            for incident in self._store.incidents():
                pipeline = self._pipelines.get(incident.id)
                if pipeline is None:
                    pipeline = self._pipelines[incident.id] = Pipeline(
                        incident.id, self._store, self._encoder, self._new_rule
                    )
                for _ in pipeline.batches(self._clock.now()):
                    if self.stopping.is_set():
                        return
        except Exception as error:  # said on every screen; the next wake tries again from the store
            fault = str(error) if isinstance(error, GrapevineError) else f"{type(error).__name__}: {error}"
            if fault != self._fault:
                log.error("judging stopped: %s", fault, exc_info=not isinstance(error, GrapevineError))
            self._fault = fault
            return
        self._fault = None
        self._judged_version = version

    def _checkpoint(self) -> None:
        self._store.checkpoint().result()
