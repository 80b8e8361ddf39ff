"""Every recurring job, in one table: judging, keeping house, asking after posts; the sources' own polls join it.

APScheduler only wakes the pipeline and keeps house: what depends on posts falls due in stream time, inside `advance`.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from ingest.running.control import POOL, RECHECK_SECONDS, WATCH_SECONDS, Sources
from ingest.running.worker import Worker
from models.clock import Clock
from models.domain import SourceState
from models.errors import GrapevineError
from models.judgement.embed import Encoder
from models.judgement.pipeline import Learnt, Pipeline
from models.judgement.surfacing import SurfacingRule
from models.store.protocol import Store

log = logging.getLogger(__name__)

WAKE_SECONDS = 0.5
# Then the next incident has its turn: one with a long backlog may not hold up the others.
BATCHES_A_TURN = 8
CHECKPOINT_SECONDS = 300
# A source that hangs may hold up another, but never the judging.
SOURCE_THREADS = 8
# After a deletion or an edit the judge's memory is read anew: at most this share of its time goes there.
LOOKING_BACK_SHARE = 0.05


class Schedule:
    """Starts and stops everything that goes on by itself."""

    def __init__(
        self, store: Store, encoder: Encoder, learnt: Learnt, new_rule: Callable[[], SurfacingRule], clock: Clock
    ):
        self.stopping = threading.Event()
        self._store = store
        self._encoder = encoder
        self._learnt = learnt
        self._new_rule = new_rule
        self._clock = clock
        self._judges: dict[str, _Judge] = {}
        self._judged_version = -1
        self._fault: str | None = None
        self._scheduler = BackgroundScheduler(
            timezone="UTC", executors={"default": ThreadPoolExecutor(4), POOL: ThreadPoolExecutor(SOURCE_THREADS)}
        )
        self.sources = Sources(store, clock, self._scheduler, self._judgement_state)
        for job, seconds in (
            (self._judge, WAKE_SECONDS),
            (self._checkpoint, CHECKPOINT_SECONDS),
            (self.sources.watch, WATCH_SECONDS),
            (self.sources.recheck, RECHECK_SECONDS),
        ):
            self._scheduler.add_job(job, "interval", seconds=seconds, max_instances=1, coalesce=True)

    def start(self, workers: Iterable[Worker]) -> None:
        # A judging run that outlasts its interval is skipped, as intended: no word of it in the log.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        # What is tried again is told once, by the source's own state.
        logging.getLogger("stamina").setLevel(logging.ERROR)
        self._scheduler.start()
        self.sources.open(workers)

    def stop(self) -> None:
        """Let what is under way finish; nothing new is begun."""
        self.stopping.set()
        self.sources.close()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    def _judgement_state(self) -> SourceState | None:
        """The judgement, where it has stopped: told beside the sources, since it silences the board as they do."""
        if self._fault is None:
            return None
        return SourceState("judgement", "stopped", healthy=False, running=False, switchable=False, fault=self._fault)

    def _judge(self) -> None:
        """Give every incident its turn; the next wake goes on where there is more, or tries again what failed."""
        version, faults, is_more = self._store.version, [], False
        if version == self._judged_version:
            return
        try:
            incidents = self._store.incidents()
        except GrapevineError as error:
            incidents, faults = [], [str(error)]
        for incident in incidents:
            try:
                is_more |= self._judge_one(incident.id)
            except Exception as error:  # said on every screen; one incident's fault may not silence the others
                fault = str(error) if isinstance(error, GrapevineError) else f"{type(error).__name__}: {error}"
                if self._fault is None or fault not in self._fault:
                    log.error(
                        "judging of %s stopped: %s",
                        incident.name,
                        fault,
                        exc_info=not isinstance(error, GrapevineError),
                    )
                faults.append(f"{incident.name}: {fault}")
            if self.stopping.is_set():
                return
        self._fault = "; ".join(faults) or None
        if not faults and not is_more:
            self._judged_version = version

    def _judge_one(self, incident: str) -> bool:
        """Some batches of one incident; whether there may be more."""
        judge = self._judges.get(incident)
        if judge is None:
            pipeline = Pipeline(incident, self._store, self._encoder, self._learnt, self._new_rule)
            judge = self._judges[incident] = _Judge(pipeline, self._store)
        turns = 0
        for _ in islice(judge.batches(self._clock), BATCHES_A_TURN):
            turns += 1
            if self.stopping.is_set():
                break
        # While posts wait, some stances are read all the same, of what is on the board first; then all the others.
        return bool(judge.read_stances()) or turns == BATCHES_A_TURN

    def _checkpoint(self) -> None:
        self._store.checkpoint().result()


class _Judge:
    """The pipeline of one incident, which forgets what was erased and reconsiders what was edited."""

    def __init__(self, pipeline: Pipeline, store: Store):
        self._pipeline = pipeline
        self._store = store
        self._removals: int | None = None
        self._look_back_after = 0.0

    def batches(self, clock: Clock) -> Iterator[int]:
        begun = time.monotonic()
        looks_back = begun >= self._look_back_after and self._forgets_or_reconsiders()
        yield from self._pipeline.batches(clock.now())
        if looks_back:
            # What was remembered has been read anew by now: that takes longer the more there is.
            self._look_back_after = time.monotonic() + (time.monotonic() - begun) / LOOKING_BACK_SHARE

    def read_stances(self) -> int:
        return self._pipeline.read_stances()

    def _forgets_or_reconsiders(self) -> bool:
        before, self._removals = self._removals, self._store.removals(self._pipeline.incident)
        erased = before not in (None, self._removals)
        if erased:
            self._pipeline.forget()
            # The log on disk still holds the words until it is folded into the file.
            self._store.checkpoint()
        return bool(self._pipeline.reconsider()) or erased
