"""Judging that goes on by itself: whose turn it is, what stopped it, and stances when there is time.

Whoever runs Grapevine wakes it now and then; what depends on posts falls due in stream time, inside the pipeline.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice

from models.clock import Clock
from models.domain.incidents import Incident
from models.domain.sources import JUDGEMENT, SourcePhase, SourceState
from models.errors import GrapevineError, Stopped, without_its_text
from models.judgement.embed import Encoder
from models.judgement.incident_state import MINUTE
from models.judgement.pipeline import Learnt, Pipeline
from models.judgement.surfacing import SurfacingRule
from models.store import Store

log = logging.getLogger(__name__)

# Then the next incident has its turn: one with a long backlog may not hold up the others.
BATCHES_A_TURN = 8
# After a deletion or an edit the judge's memory is read anew: at most this share of its time goes there.
LOOKING_BACK_SHARE = 0.05


class Judges:
    """Judges the posts of every incident, in turns. One thread at a time calls `take_turns`; any may ask or stop."""

    def __init__(
        self, store: Store, encoder: Encoder, learnt: Learnt, new_rule: Callable[[], SurfacingRule], clock: Clock
    ):
        self._store = store
        self._encoder = encoder
        self._learnt = learnt
        self._new_rule = new_rule
        self._clock = clock
        self._stopping = threading.Event()
        self._judges: dict[str, _Judge] = {}
        # The store's version at which nothing was left to judge, and when a rumour that waits may go on the board.
        self._done_version = -1
        self._look_again_at: datetime | None = None
        self._fault: str | None = None

    def take_turns(self) -> None:
        """Give every incident one turn. The next call goes on where there is more, and tries again what failed.

        Returns at once where nothing has changed since all was judged and no rumour has waited another minute for
        room on the board. Raises nothing: see `state`.
        """
        version, now = self._store.views.version, self._clock.now()
        is_done = version == self._done_version and (self._look_again_at is None or now < self._look_again_at)
        if is_done or self._stopping.is_set():
            return
        faults, is_more = [], False
        try:
            incidents = self._store.incidents.all()
        except GrapevineError as error:
            incidents, faults = [], [str(error)]
        for incident in incidents:
            try:
                is_more |= self._turn(incident.id)
            except Stopped:
                return
            except Exception as error:  # noqa: BLE001 - one incident's fault may not silence the others
                if not self._stopping.is_set():
                    faults.append(self._noted(incident, error))
            if self._stopping.is_set():
                return
        self._fault = "; ".join(faults) or None
        if not faults and not is_more:
            self._done_version = version
            any_waits = any(judge.any_waits for judge in self._judges.values())
            self._look_again_at = now + MINUTE if any_waits else None

    def state(self) -> SourceState | None:
        """The judgement, where it has stopped: shown beside the sources, since it silences the board as they do."""
        fault = self._fault
        if fault is None:
            return None
        return SourceState(
            JUDGEMENT, SourcePhase.STOPPED, healthy=False, running=False, switchable=False, fault=fault
        )

    def stop(self) -> None:
        """Leave the batch under way, and take no turn any more. Does not wait: who waits for the encoder closes it.

        What was committed stands; the next start judges the rest.
        """
        self._stopping.set()

    def _turn(self, incident: str) -> bool:
        """Some batches of one incident; whether there may be more."""
        judge = self._judges.get(incident)
        if judge is None:
            pipeline = Pipeline(
                incident, self._store, self._encoder, self._learnt, self._new_rule, stopping=self._stopping
            )
            judge = self._judges[incident] = _Judge(pipeline, self._store)
        batches = sum(1 for _ in islice(judge.batches(self._clock), BATCHES_A_TURN))
        # While posts wait, some stances are read all the same, of what is on the board first; then all the others.
        return bool(judge.read_stances()) or batches == BATCHES_A_TURN

    def _noted(self, incident: Incident, error: Exception) -> str:
        """The fault in words; logged where it is new."""
        is_ours = isinstance(error, GrapevineError)
        fault = str(error) if is_ours else f"stopped by {type(error).__name__}. See the log."
        if self._fault is None or fault not in self._fault:
            log.error("judging of %s stopped: %s", incident.name, fault if is_ours else without_its_text(error))
        return f"{incident.name}: {fault}"


class _Judge:
    """The pipeline of one incident, which forgets what was erased and reconsiders what was edited."""

    def __init__(self, pipeline: Pipeline, store: Store):
        self._pipeline = pipeline
        self._store = store
        self._removals: int | None = None
        self._look_back_after = 0.0

    def batches(self, clock: Clock) -> Iterator[int]:
        began = time.monotonic()
        looks_back = began >= self._look_back_after and self._forgets_or_reconsiders()
        yield from self._pipeline.batches(clock.now())
        if looks_back:
            # What was remembered has been read anew by now: that takes longer the more there is.
            self._look_back_after = time.monotonic() + (time.monotonic() - began) / LOOKING_BACK_SHARE

    def read_stances(self) -> int:
        return self._pipeline.read_stances()

    @property
    def any_waits(self) -> bool:
        return self._pipeline.any_waits

    def _forgets_or_reconsiders(self) -> bool:
        before, self._removals = self._removals, self._store.posts.erased(self._pipeline.incident)
        erased = before not in (None, self._removals)
        if erased:
            self._pipeline.forget()
            # The log on disk still holds the words until it is folded into the file.
            self._store.checkpoint()
        return bool(self._pipeline.reconsider()) or erased
