"""advance(until): read the next posts, judge them, save; one batch, one transaction.

Posts are judged one after the other in order of arrival, so what is decided does not depend on where a batch was cut.
The state here is a cache of the store: it is rebuilt from it at the start and dropped when a commit fails. `decide`
and `learn` are apart for that reason: a rebuild only learns.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from models.cluster import OnlineClusterer
from models.domain import EventKind, Likelihood, Post, RumourEvent, Stance, named_id
from models.embed import DIMENSIONS, Encoder
from models.flows import FlowIndex, Placed, wording_of
from models.likelihood import judge_likelihood
from models.naming import HYSTERESIS, title_worth
from models.stance import judge_stance
from models.store.protocol import JudgedPost, Judgement, Store
from models.surfacing import SurfacingRule
from models.tally import Tally

BATCH_POSTS = 256


class Pipeline:
    """Judges the posts of one incident. Not for several threads at once: one judge at a time an incident."""

    def __init__(
        self,
        incident: str,
        store: Store,
        encoder: Encoder,
        new_rule: Callable[[], SurfacingRule],
        *,
        batch_posts: int = BATCH_POSTS,
    ):
        self.incident = incident
        self._store = store
        self._encoder = encoder
        self._new_rule = new_rule
        self._batch_posts = batch_posts
        self._state: _State | None = None

    def advance(self, until: datetime) -> int:
        """Judge every stored post that was written by `until` or at an unknown time; how many there were.

        Stops before the first later one. Raises what a failing encoder or commit raises: nothing of that batch is
        kept, and the next call starts from the store.
        """
        return sum(self.batches(until))

    def batches(self, until: datetime) -> Iterator[int]:
        """As `advance`, yielding the size of each batch once it is saved."""
        while posts := self._next_posts(until):
            try:
                self._store.save_judgement(self._judge(posts)).result()
            except BaseException:
                self._state = None
                raise
            yield len(posts)

    def reconsider(self) -> int:
        """Judge the stance of posts anew whose words were edited since they were judged; how many there were.

        They stay in their flow and rumour. What was remembered of the former words is dropped.
        """
        edited = self._store.edited_since_judged(self.incident)
        if edited:
            judged = [replace(one, stance=judge_stance(one.post, answers=_answers(one.post))) for one in edited]
            self._store.save_stances(self.incident, judged).result()
            self.forget()
        return len(edited)

    def forget(self) -> None:
        """Drop what is remembered of posts; the next call reads the store anew, where erased words are gone."""
        self._state = None

    def _next_posts(self, until: datetime) -> list[Post]:
        if self._state is None:
            self._state = _rebuilt(self.incident, self._store, self._new_rule())
        posts = self._store.unjudged(self.incident, self._state.upto_place, self._batch_posts)
        later = (place for place, post in enumerate(posts) if post.created_at is not None and post.created_at > until)
        return posts[: next(later, len(posts))]

    def _judge(self, posts: list[Post]) -> Judgement:
        state = self._state
        placed = [(post, state.flows.place(post)) for post in posts]
        opening = [(post, place) for post, place in placed if place.opens_flow and not state.follows(post, place)]
        vectors = self._encoder.encode([post.text for post, _ in opening]) if opening else []
        vector_of = {place.flow: vector for (_, place), vector in zip(opening, vectors, strict=True)}
        judged = []
        for post, place in placed:
            one = state.decide(post, place, vector_of.get(place.flow) if place.opens_flow else None)
            state.learn(one)
            state.note_events(one)
            judged.append(one)
        return Judgement(self.incident, posts[-1].place, judged, state.take_events())


class _State:
    """Everything the next decision depends on."""

    def __init__(self, incident: str, rule: SurfacingRule):
        self.incident = incident
        self.upto_place = 0
        self.flows = FlowIndex(incident)
        self._clusterer = OnlineClusterer(DIMENSIONS)
        self._rule = rule
        self._rumour_of_flow: dict[str, str] = {}
        self._rumour_of_thread: dict[str, str] = {}
        self._stance_of_flow: dict[str, Stance] = {}
        self._tallies: dict[str, Tally] = {}
        self._titles: dict[str, _Title | None] = {}
        # The flows that stand for themselves, not under another's thread: only they may name a rumour.
        self._title_of_flow: dict[str, _Title] = {}
        self._scores: dict[str, float] = {}
        self._surfaced: set[str] = set()
        self._now: datetime | None = None
        self._surfacings: list[RumourEvent] = []
        # One title a rumour and batch: the last.
        self._renamings: dict[str, RumourEvent] = {}
        self._touched: dict[str, Likelihood] = {}
        self._announced_threads: set[str] = set()

    def follows(self, post: Post, place: Placed) -> bool:
        """Whether this post belongs where another one does: under its thread, or to what it quotes."""
        if place.thread in self._rumour_of_thread or place.thread in self._announced_threads:
            return True
        # Its thread will be known by the time this batch decides on the next post of it.
        self._announced_threads.add(place.thread)
        return self._quoted_rumour(post) is not None

    def decide(self, post: Post, place: Placed, vector: np.ndarray | None) -> JudgedPost:
        """What one post is, as an unsaved judgement. Changes nothing."""
        if not place.opens_flow:
            rumour = self._rumour_of_flow[place.flow]
            return JudgedPost(post, place.flow, place.thread, rumour, opens_flow=False)
        followed = self._rumour_of_thread.get(place.thread) or self._quoted_rumour(post)
        answers = followed is not None or post.quote_of is not None
        confidence = 1.0 if followed else None
        rumour = followed
        if rumour is None:
            nearest = self._clusterer.place(vector.astype(np.float32), wording_of(post.text).content)
            rumour, confidence = nearest.rumour, nearest.resemblance
        return JudgedPost(
            post,
            place.flow,
            place.thread,
            rumour or named_id("rumour", self.incident, post.id),
            opens_flow=True,
            confidence=confidence,
            stance=judge_stance(post, answers=answers),
            vector=None if followed else vector,
        )

    def learn(self, one: JudgedPost) -> None:
        """Take one judged post into account."""
        post, rumour = one.post, one.rumour
        self.upto_place = post.place
        self._rumour_of_thread.setdefault(one.thread, rumour)
        # A post without a time stands where it arrived in the stream.
        moment = post.created_at or self._now or post.arrived_at
        self._now = max(self._now or moment, moment)
        tally = self._tallies.setdefault(rumour, Tally())
        if one.opens_flow:
            self._rumour_of_flow[one.flow] = rumour
            self._stance_of_flow[one.flow] = one.stance.label
        self._learn_wording(one, tally)
        tally.add(post, self._stance_of_flow[one.flow], moment)
        self._touched[rumour] = judge_likelihood(tally, self._now)

    def note_events(self, one: JudgedPost) -> None:
        """After `learn`: does this post rename its rumour or bring it on the board?"""
        self._rename(one)
        self._surface(one.rumour)

    def recall(self, judged: Iterable[JudgedPost], events: Iterable[RumourEvent]) -> None:
        """Learn what was judged before a restart; what happened then is what the store says, not judged again."""
        for one in judged:
            self.flows.learn(one.post, Placed(one.flow, one.thread, one.opens_flow))
            self.learn(one)
        titles = {title.post: title for title in self._title_of_flow.values()}
        for event in events:
            if event.kind is EventKind.SCORE:
                self._scores[event.rumour] = event.likelihood
            elif event.kind is EventKind.TITLE:
                self._titles[event.rumour] = titles.get(event.post)
            elif event.kind is EventKind.SURFACED:
                self._surfaced.add(event.rumour)
                self._rule.learn(event.happened_at)
        self._touched = {}
        self._rename_removed()

    def take_events(self) -> list[RumourEvent]:
        """What happened since the last call: titles, surfacing, and the latest score of each touched rumour."""
        scores = [
            RumourEvent(
                rumour,
                EventKind.SCORE,
                self._now,
                likelihood=likelihood.probability,
                detail={
                    "reasons": [
                        {"feature": r.feature, "value": r.value, "contribution": r.contribution}
                        for r in likelihood.reasons
                    ]
                },
            )
            for rumour, likelihood in self._touched.items()
            if self._scores.get(rumour) != likelihood.probability
        ]
        self._scores.update((event.rumour, event.likelihood) for event in scores)
        events = [*self._renamings.values(), *self._surfacings, *scores]
        self._renamings, self._surfacings, self._touched, self._announced_threads = {}, [], {}, set()
        return events

    def _learn_wording(self, one: JudgedPost, tally: Tally) -> None:
        if one.vector is not None:
            title = self._title_of_flow[one.flow] = _Title.of(one)
            self._clusterer.learn(one.vector.astype(np.float32), title.words, one.rumour)
        if one.flow in self._title_of_flow:
            tally.posts_with.update(set(self._title_of_flow[one.flow].words))

    def _rename(self, one: JudgedPost) -> None:
        title = self._title_of_flow.get(one.flow)
        if title is not None and title is not self._titles.get(one.rumour):
            self._prefer(one.rumour, title, HYSTERESIS)

    def _rename_removed(self) -> None:
        """A rumour whose title was a post that is gone takes the best of the words that are left."""
        nameless = {rumour for rumour, title in self._titles.items() if title is None}
        for flow, title in self._title_of_flow.items():
            rumour = self._rumour_of_flow[flow]
            if rumour in nameless:
                self._prefer(rumour, title, 1.0)

    def _prefer(self, rumour: str, title: "_Title", margin: float) -> None:
        """Name a rumour by `title` where that is worth more than `margin` times its present name."""
        current = self._titles.get(rumour)
        posts_with, idf = self._tallies[rumour].posts_with, self._clusterer.idf
        if current is None or title.worth(posts_with, idf) > margin * current.worth(posts_with, idf):
            self._titles[rumour] = title
            self._renamings[rumour] = RumourEvent(rumour, EventKind.TITLE, self._now, post=title.post)

    def _surface(self, rumour: str) -> None:
        if rumour in self._surfaced:
            return
        tally, likelihood = self._tallies[rumour], self._touched[rumour]
        if self._rule.allows(tally, likelihood, self._now):
            self._surfaced.add(rumour)
            self._rule.learn(self._now)
            rule = {"rule": self._rule.in_words(tally, likelihood)}
            self._surfacings.append(
                RumourEvent(rumour, EventKind.SURFACED, self._now, likelihood=likelihood.probability, detail=rule)
            )

    def _quoted_rumour(self, post: Post) -> str | None:
        return self._rumour_of_thread.get(post.quote_of) if post.quote_of is not None else None


@dataclass(frozen=True, slots=True)
class _Title:
    """A post that may name its rumour: its content words, and whether it states the claim and is no answer to it."""

    post: str
    words: tuple[str, ...]
    states_claim: bool

    @classmethod
    def of(cls, one: JudgedPost) -> "_Title":
        words = tuple(wording_of(one.post.text).content)
        return cls(one.post.id, words, one.stance.label is Stance.SUPPORT and not one.post.official)

    def worth(self, posts_with: Counter[str], idf: Callable[[str], float]) -> float:
        return title_worth(self.words, posts_with, idf, states_claim=self.states_claim)


def _answers(post: Post) -> bool:
    return post.reply_to is not None or post.quote_of is not None


def _rebuilt(incident: str, store: Store, rule: SurfacingRule) -> _State:
    """The state as the store's rows make it, by the same steps as live."""
    state = _State(incident, rule)
    state.recall(store.judged(incident), store.events(incident))
    state.upto_place = store.judged_upto(incident)
    return state
