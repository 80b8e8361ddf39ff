"""advance(until): read the next posts, judge them, save; one batch, one transaction.

Posts are judged one after the other in order of arrival; rumours are consolidated, and put on the board each minute,
when stream time says so. What is decided does not depend on where a batch was cut. The state is a cache of the store:
it is rebuilt from it at the start, and dropped when a commit fails or people have acted.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import numpy as np

from models.domain.posts import Post
from models.domain.rumours import Stance
from models.errors import ConstraintsChanged, Stopped
from models.judgement.cluster import ClusterSettings
from models.judgement.embed import Encoder, read_or_spelt
from models.judgement.flow_stances import flow_stances
from models.judgement.flows import Placed
from models.judgement.incident_state import MINUTE, IncidentState
from models.judgement.likelihood import LikelihoodModel
from models.judgement.post_languages import detected_of
from models.judgement.stance import Remark
from models.judgement.surfacing import SurfacingRule
from models.store import Store
from models.store.messages import FlowsToRead, FlowToJudge, JudgedPost, Judgement
from models.weights import PACKAGED

log = logging.getLogger(__name__)

BATCH_POSTS = 256
STANCES_A_BATCH = 128

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was learnt from data and the pipeline goes by, beside the encoder."""

    clusters: ClusterSettings
    likelihood: LikelihoodModel

    @classmethod
    def load(cls, weights: Path = PACKAGED) -> "Learnt":
        """From a weights folder. Raises WeightsRefused."""
        return cls(ClusterSettings.load(weights), LikelihoodModel.load(weights))


class Pipeline:
    """Judges the posts of one incident. Not for several threads at once: one judge at a time an incident.

    Once `stopping` is set every call raises Stopped before its next post and its next commit. The batch is left: what
    was committed stands, and the next start judges the rest.
    """

    def __init__(
        self,
        incident: str,
        store: Store,
        encoder: Encoder,
        learnt: Learnt,
        new_rule: Callable[[], SurfacingRule],
        *,
        batch_posts: int = BATCH_POSTS,
        stopping: threading.Event | None = None,
    ):
        self.incident = incident
        self._store = store
        self._encoder = encoder
        self._learnt = learnt
        self._new_rule = new_rule
        self._batch_posts = batch_posts
        self._stopping = stopping or threading.Event()
        self._state: IncidentState | None = None

    def advance(self, until: datetime) -> int:
        """Judge every stored post that was written by `until` or at an unknown time, and its stance; how many posts.

        Stops before the first later one. Raises what a failing encoder or commit raises: nothing of that batch is
        kept, and the next call starts from the store.
        """
        posts = sum(self.batches(until))
        while self.read_stances():
            pass
        return posts

    def batches(self, until: datetime) -> Iterator[int]:
        """As `advance`, yielding the size of each batch once it is saved; stances are left to `read_stances`.

        First gives the flows whose vectors another encoder made new ones, yielding 0 for each batch of these.
        """
        yield from self._read_anew()
        while posts := self._next_posts(until):
            saved = 0
            try:
                for part in self._judged(posts):
                    saved += part
            except ConstraintsChanged:
                # People have acted meanwhile: what is not saved is judged again, by what they decided.
                self.forget()
            except BaseException:
                self.forget()
                raise
            # Between whole batches, so that whoever stops here or acts meanwhile finds the state as it is stored.
            if saved:
                yield saved
        self._catch_up(until)

    def read_stances(self, limit: int = STANCES_A_BATCH) -> int:
        """Judge the stance of flows that have none yet, of rumours on the board first; how many there were.

        Once all have one, those are judged anew whose rumour has taken other words for its title since. None while
        flows are still to be read anew: `batches` does that, and may be stopped in between.
        """
        if self._is_to_read_anew():
            return 0
        stances = self._store.stances
        waiting = stances.missing(self.incident, limit) or stances.toward_former_titles(self.incident, limit)
        self._read(waiting)
        return len(waiting)

    def reconsider(self) -> int:
        """Judge the stance of posts anew whose words were edited since they were judged; how many there were.

        Their language is detected anew. They stay in their flow and rumour. What was remembered of the former words
        is dropped. None while flows are still to be read anew, as with `read_stances`.
        """
        if posts := self._store.judgement.edited_since_detection(self.incident):
            self._raise_if_stopping()
            self._store.judgement.add_languages(detected_of(posts)).result()
        if self._is_to_read_anew():
            return 0
        edited = self._store.stances.outdated(self.incident)
        self._read(edited)
        if edited:
            self.forget()
        return len(edited)

    @property
    def any_waits(self) -> bool:
        """Whether a rumour waits for room on the board, and so may go up without newer posts."""
        return self._state is not None and self._state.any_waits

    def forget(self) -> None:
        """Drop what is remembered of posts; the next call reads the store anew, where erased words are gone."""
        self._state = None

    def _ready(self) -> IncidentState:
        if self._state is None:
            self._state = self._rebuilt()
        return self._state

    def _rebuilt(self) -> IncidentState:
        """The state as the store's rows make it, by the same steps as live."""
        store, incident = self._store, self.incident
        # Read first: an act that comes while the rows are read is noticed at the next commit.
        constraints = store.acts.constraints(incident)
        learnt, rule = self._learnt, self._new_rule()
        state = IncidentState(incident, learnt.clusters, learnt.likelihood, rule, constraints, self._read_claims)
        state.recall(
            self._until_stopped(store.judgement.posts(incident, self._encoder.digest)),
            store.judgement.events(incident),
        )
        state.upto_place = store.judgement.upto(incident)
        state.consolidated = store.judgement.consolidated(incident) or state.consolidated
        return state

    def _is_to_read_anew(self) -> bool:
        return self._state is None and bool(self._to_read_anew(1).waiting)

    def _to_read_anew(self, limit: int) -> FlowsToRead:
        return self._store.judgement.flows_to_read_anew(self.incident, self._encoder.digest, limit)

    def _read_anew(self) -> Iterator[int]:
        """Where the encoder has changed, put its vectors in the place of the former one's; 0 after each batch.

        What was decided by the former vectors stays decided.
        """
        if not self._is_to_read_anew():
            return
        flows = self._to_read_anew(self._batch_posts)
        log.warning("Reading %s flows anew: the encoder has changed", f"{flows.waiting:,}")
        while flows.waiting:
            rows = read_or_spelt(self._encoder, list(flows.words.values()), [None] * len(flows.words))
            vectors = dict(zip(flows.words, rows, strict=True))
            self._raise_if_stopping()
            self._store.judgement.replace_vectors(self.incident, self._encoder.digest, vectors).result()
            yield 0
            flows = self._to_read_anew(self._batch_posts)
        log.warning("All flows are read by this encoder")

    def _until_stopped(self, rows: Iterable[_Row]) -> Iterator[_Row]:
        for row in rows:
            self._raise_if_stopping()
            yield row

    def _raise_if_stopping(self) -> None:
        if self._stopping.is_set():
            raise Stopped

    def _next_posts(self, until: datetime) -> list[Post]:
        posts = self._store.judgement.unjudged(self.incident, self._ready().upto_place, self._batch_posts)
        later = (place for place, post in enumerate(posts) if post.created_at is not None and post.created_at > until)
        return posts[: next(later, len(posts))]

    def _judged(self, posts: list[Post]) -> Iterator[int]:
        """Judge and save posts, in one batch unless a consolidation falls due among them."""
        state = self._state
        placed = [(post, state.flows.place(post)) for post in posts]
        vector_of = self._vectors(placed)
        judged: list[JudgedPost] = []
        for post, place in self._until_stopped(placed):
            moment = state.moment_of(post)
            if state.due_before(post):
                state.put_up(state.consolidation_at - MINUTE)
                if judged:
                    self._save(judged)
                    yield len(judged)
                    judged = []
                self._consolidate(moment)
            state.put_up(moment)
            one = state.decide(post, place, vector_of.get(place.flow) if place.opens_flow else None)
            state.learn(one)
            state.note_events(one)
            judged.append(one)
        self._save(judged)
        state.forget_announced()
        yield len(judged)

    def _vectors(self, placed: Sequence[tuple[Post, Placed]]) -> Mapping[str, np.ndarray]:
        """The vectors of the flows that open here and follow nothing, made together."""
        opening = [
            (post, place) for post, place in placed if place.opens_flow and not self._state.follows(post, place)
        ]
        posts = [post for post, _ in opening]
        rows = read_or_spelt(self._encoder, [post.text for post in posts], [post.lang for post in posts])
        return {place.flow: row for (_, place), row in zip(opening, rows, strict=True)}

    def _catch_up(self, until: datetime) -> None:
        """Do what falls due by `until` without newer posts: regroup what came, put on the board what waited."""
        state = self._ready()
        try:
            if state.consolidation_due(until):
                state.put_up(state.consolidation_at - MINUTE)
                self._consolidate(until)
            state.put_up(until)
            if state.has_news:
                self._save([])
        except ConstraintsChanged:
            self.forget()
        except BaseException:
            self.forget()
            raise

    def _consolidate(self, moment: datetime) -> None:
        reassigned = self._state.consolidate(moment)
        suggestions = self._state.suggestions()
        self._save([], reassigned=reassigned, consolidated=self._state.consolidated, suggestions=suggestions)

    def _save(self, judged: Sequence[JudgedPost], **more: object) -> None:
        state = self._state
        judgement = Judgement(
            self.incident,
            state.upto_place,
            judged,
            state.take_events(),
            constraint_number=state.constraints.number,
            encoder=self._encoder.digest,
            languages=detected_of(one.post for one in judged),
            **more,
        )
        self._raise_if_stopping()
        self._store.judgement.save(judgement).result()

    def _read(self, flows: Sequence[FlowToJudge]) -> None:
        if flows:
            stances = flow_stances(flows, self._store.posts, self._encoder)
            self._raise_if_stopping()
            self._store.stances.save(self.incident, stances).result()

    def _read_claims(self, texts: Sequence[str]) -> np.ndarray:
        """How likely each text, read by itself, states a claim rather than answers one: (n,)."""
        return self._encoder.stances([Remark(text) for text in texts])[:, list(Stance).index(Stance.SUPPORT)]
