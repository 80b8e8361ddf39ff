"""What the pipeline remembers of one incident: everything its next decision depends on, and nothing the store lacks.

Conversations are what is grouped: the flow that makes a claim, and the flows that answer it in its threads or quote
it. They follow their claim wherever it goes, except where a person put one of them elsewhere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

from models.domain import Constraints, EventKind, Likelihood, Post, RumourEvent, stable_id
from models.judgement.cluster import ClusterSettings, OnlineClusterer
from models.judgement.embed import DIMENSIONS
from models.judgement.features import PostFeatures, Tally
from models.judgement.flows import FlowIndex, Placed
from models.judgement.likelihood import LikelihoodModel
from models.judgement.naming import HYSTERESIS, Title, states_claim, title_scores
from models.judgement.surfacing import SurfacingRule
from models.people.acts import MODEL
from models.people.constraints import apart_from, with_inherited
from models.store.messages import JudgedPost, Reassignment
from models.text.words import wording_of

CONSOLIDATION_INTERVAL = timedelta(minutes=10)
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class _Conversation:
    """A flow that claims something, `flow`, and all flows that follow it; `marks` by the place their post came at."""

    flow: str
    rumour: str
    flows: list[str] = field(default_factory=list)
    marks: dict[int, PostFeatures] = field(default_factory=dict)

    @property
    def began(self) -> int:
        return next(iter(self.marks))


@dataclass(slots=True)
class _VectorSum:
    """The vectors (d,) of a rumour's flows, added up."""

    total: np.ndarray = field(default_factory=lambda: np.zeros(DIMENSIONS, np.float32))
    flows: int = 0

    def add(self, vector: np.ndarray) -> None:
        self.total += vector
        self.flows += 1

    @property
    def mean(self) -> np.ndarray:
        return self.total / self.flows


class IncidentState:
    """`decide` asks, `learn` remembers: a rebuild from the store only learns."""

    def __init__(
        self,
        incident: str,
        settings: ClusterSettings,
        likelihood: LikelihoodModel,
        rule: SurfacingRule,
        constraints: Constraints,
    ):
        self.incident = incident
        self.constraints = constraints
        self.upto_place = 0
        self.flows = FlowIndex(incident)
        # Stream time up to which the rumours were consolidated, and how many conversations there were then.
        self.consolidated = (_BEGINNING, 0)
        self._clusterer = OnlineClusterer(DIMENSIONS, settings)
        self._likelihood = likelihood
        self._rule = rule
        self._conversation_of_flow: dict[str, _Conversation] = {}
        self._conversation_of_thread: dict[str, _Conversation] = {}
        self._conversations: dict[str, dict[str, _Conversation]] = {}
        self._tallies: dict[str, Tally] = {}
        self._vectors: dict[str, _VectorSum] = {}
        self._titles: dict[str, Title | None] = {}
        # The flows that stand for themselves, not under another's thread: only they may name a rumour.
        self._title_of_flow: dict[str, Title] = {}
        self._scores: dict[str, float] = {}
        self._surfaced: set[str] = set()
        self._now: datetime | None = None
        self._surfacings: list[RumourEvent] = []
        self._lineage: list[RumourEvent] = []
        # One title a rumour and batch: the last.
        self._renamings: dict[str, RumourEvent] = {}
        self._touched: dict[str, Likelihood] = {}
        self._announced_threads: set[str] = set()
        # What the model parted from another rumour → that one, and what people kept both apart from.
        self._parted: dict[str, tuple[str, tuple[str, ...]]] = {}

    def follows(self, post: Post, place: Placed) -> bool:
        """Whether this post belongs where another one does: under its thread, or to what it quotes."""
        if place.thread in self._conversation_of_thread or place.thread in self._announced_threads:
            return True
        # Its thread will be known by the time this batch decides on the next post of it.
        self._announced_threads.add(place.thread)
        return post.quote_of is not None and post.quote_of in self._conversation_of_thread

    def decide(self, post: Post, place: Placed, vector: np.ndarray | None) -> JudgedPost:
        """What one post is, as an unsaved judgement. Changes nothing."""
        if not place.opens_flow:
            rumour = self._conversation_of_flow[place.flow].rumour
            return JudgedPost(post, place.flow, place.thread, rumour, opens_flow=False)
        followed = self._followed(post, place.thread)
        if followed is not None:
            return JudgedPost(post, place.flow, place.thread, followed.rumour, opens_flow=True, confidence=1.0)
        words = wording_of(post.text).content
        nearest = self._clusterer.place(vector.astype(np.float32), words, _hours(self.moment_of(post)))
        rumour = nearest.rumour or stable_id("rumour", self.incident, post.id)
        return JudgedPost(
            post, place.flow, place.thread, rumour, opens_flow=True, confidence=nearest.resemblance, vector=vector
        )

    def learn(self, one: JudgedPost) -> None:
        """Take one judged post into account."""
        post = one.post
        moment = self.moment_of(post)
        self.upto_place = post.place
        self._now = max(self._now or moment, moment)
        conversation = self._conversation(one)
        self._conversation_of_thread.setdefault(one.thread, conversation)
        wording = wording_of(post.text) if one.vector is not None else None
        reading = self._likelihood.wording.reading(one.vector, wording.words) if wording is not None else None
        mark = PostFeatures.of(post, one.flow, moment, reading)
        conversation.marks[post.place] = mark
        if wording is not None:
            states = not post.official and states_claim(post.text)
            self._title_of_flow[one.flow] = Title(post.id, one.vector, states)
            self._vectors.setdefault(one.rumour, _VectorSum()).add(one.vector)
            vector = one.vector.astype(np.float32)
            self._clusterer.learn(one.flow, vector, wording.content, _hours(moment), one.rumour)
        self._tallies.setdefault(one.rumour, Tally()).add(mark)
        self._judge(one.rumour)

    def note_events(self, one: JudgedPost) -> None:
        """After `learn`: does this post rename its rumour or bring it on the board?"""
        title = self._title_of_flow.get(one.flow)
        if title is not None and title is not self._titles.get(one.rumour):
            self._name(one.rumour, [title])
        self._surface(one.rumour)

    def recall(self, judged: Iterable[JudgedPost], events: Iterable[RumourEvent]) -> None:
        """Learn what was judged before a restart; what happened then is what the store says, not judged again."""
        for one in judged:
            self.flows.learn(one.post, Placed(one.flow, one.thread, one.opens_flow))
            self.learn(one)
        titles = {title.post: title for title in self._title_of_flow.values()}
        for event in events:
            self._clusterer.reserve([event.rumour])
            if event.kind is EventKind.SCORE:
                self._scores[event.rumour] = event.likelihood
            elif event.kind is EventKind.TITLE:
                self._titles[event.rumour] = titles.get(event.post)
            elif event.kind is EventKind.SURFACED:
                self._surfaced.add(event.rumour)
                if not event.detail.get("by_hand"):
                    self._rule.learn(event.happened_at)
            elif event.kind is EventKind.SPLIT and event.detail["by"] == MODEL:
                self._parted[event.rumour] = (event.detail["from"], tuple(event.detail.get("apart", ())))
        self._touched = {}
        self._rename_removed()

    def consolidation_due(self, moment: datetime) -> bool:
        """Whether stream time has passed into another interval, and there is anything new since the last time."""
        since, conversations = self.consolidated
        if self._now is not None:
            since = max(since, _interval(self._now))
        # There are fewer conversations than there were where some were erased.
        return _interval(moment) > since and len(self._title_of_flow) != conversations

    def due_before(self, post: Post) -> bool:
        return self.consolidation_due(self.moment_of(post))

    def consolidate(self, moment: datetime) -> list[Reassignment]:
        """Group the latest conversations anew as of a moment of stream time; the flows that changed their rumour."""
        self.consolidated = (_interval(moment), len(self._title_of_flow))
        constraints = with_inherited(self.constraints, self._parted)
        change = self._clusterer.consolidate(self.incident, constraints, self._surfaced)
        moved = [(self._conversation_of_flow[flow], rumour) for flow, rumour in change.moved.items()]
        for was, into in change.merged.items():
            moved += [
                (left, into) for left in self._conversations.get(was, {}).values() if left.flow not in change.moved
            ]
        reassigned, touched = [], {}
        for conversation, rumour in moved:
            touched.update({conversation.rumour: None, rumour: None})
            self._move(conversation, rumour)
            reassigned += [Reassignment(flow, rumour) for flow in conversation.flows]
        for rumour, into in change.merged.items():
            self._lineage.append(RumourEvent(rumour, EventKind.MERGED, self._now, detail={"into": into, "by": MODEL}))
        for rumour, origin in change.split.items():
            apart = sorted(apart_from(origin, constraints.apart))
            self._parted[rumour] = (origin, tuple(apart))
            detail = {"from": origin, "by": MODEL, "apart": apart}
            self._lineage.append(RumourEvent(rumour, EventKind.SPLIT, self._now, detail=detail))
        for rumour in touched:
            self._recount(rumour)
        return reassigned

    def take_events(self) -> list[RumourEvent]:
        """What happened since the last call: lineage, titles, surfacing, the latest score of each touched rumour."""
        scores = [
            RumourEvent(
                rumour,
                EventKind.SCORE,
                self._now,
                likelihood=likelihood.probability,
                detail=_detail(likelihood),
            )
            for rumour, likelihood in self._touched.items()
            if self._scores.get(rumour) != likelihood.probability
        ]
        self._scores.update((event.rumour, event.likelihood) for event in scores)
        events = [*self._lineage, *self._renamings.values(), *self._surfacings, *scores]
        self._renamings, self._surfacings, self._lineage, self._touched = {}, [], [], {}
        return events

    def forget_announced(self) -> None:
        """After a batch: its threads are known by now."""
        self._announced_threads = set()

    @property
    def now(self) -> datetime | None:
        """Stream time: the newest moment of any post so far."""
        return self._now

    def tally(self, rumour: str) -> Tally:
        return self._tallies[rumour]

    def rumour_of(self, flow: str) -> str:
        return self._conversation_of_flow[flow].rumour

    def title_post(self, rumour: str) -> str | None:
        title = self._titles.get(rumour)
        return title.post if title is not None else None

    def moment_of(self, post: Post) -> datetime:
        """The post's stream time."""
        # A post without a time stands where it arrived in the stream.
        return post.created_at or self._now or post.arrived_at

    def _followed(self, post: Post, thread: str) -> _Conversation | None:
        followed = self._conversation_of_thread.get(thread)
        if followed is None and post.quote_of is not None:
            followed = self._conversation_of_thread.get(post.quote_of)
        return followed

    def _conversation(self, one: JudgedPost) -> _Conversation:
        """The conversation of a post: its flow's, the one it follows, or one of its own where it follows none."""
        if not one.opens_flow:
            return self._conversation_of_flow[one.flow]
        followed = self._followed(one.post, one.thread)
        if followed is None or followed.rumour != one.rumour or one.flow in self.constraints.pinned:
            # A person may have put this flow elsewhere than what it answers: there it stays.
            followed = _Conversation(one.flow, one.rumour)
            self._conversations.setdefault(one.rumour, {})[one.flow] = followed
        followed.flows.append(one.flow)
        self._conversation_of_flow[one.flow] = followed
        return followed

    def _judge(self, rumour: str) -> None:
        self._touched[rumour] = self._likelihood.judge(self._tallies[rumour], self._now)

    def _move(self, conversation: _Conversation, rumour: str) -> None:
        del self._conversations[conversation.rumour][conversation.flow]
        conversation.rumour = rumour
        self._conversations.setdefault(rumour, {})[conversation.flow] = conversation

    def _recount(self, rumour: str) -> None:
        """Count a rumour anew after conversations came to it or left it, and name it by what it holds."""
        # In order of arrival, as after a restart.
        conversations = sorted(self._conversations.get(rumour, {}).values(), key=lambda one: one.began)
        marks = sorted(mark for one in conversations for mark in one.marks.items())
        if not marks:
            self._tallies.pop(rumour, None)
            self._vectors.pop(rumour, None)
            self._titles.pop(rumour, None)
            self._touched.pop(rumour, None)
            return
        tally = self._tallies[rumour] = Tally()
        for _, mark in marks:
            tally.add(mark)
        self._judge(rumour)
        titles = [self._title_of_flow[one.flow] for one in conversations if one.flow in self._title_of_flow]
        vectors = self._vectors[rumour] = _VectorSum()
        for title in titles:
            vectors.add(title.vector)
        if not any(title is self._titles.get(rumour) for title in titles):
            self._titles.pop(rumour, None)
        self._name(rumour, titles)
        self._surface(rumour)

    def _rename_removed(self) -> None:
        """A rumour whose title was a post that is gone takes the best of the words that are left."""
        for rumour in [rumour for rumour, title in self._titles.items() if title is None]:
            conversations = self._conversations.get(rumour, {})
            self._name(rumour, [self._title_of_flow[flow] for flow in conversations if flow in self._title_of_flow])

    def _name(self, rumour: str, titles: Sequence[Title]) -> None:
        """Name a rumour by the best of `titles` where that is clearly better than its present name."""
        current = self._titles.get(rumour)
        if not titles or [current] == titles:
            return
        middle = self._vectors[rumour].mean
        *worth, present = title_scores([*titles, current or titles[0]], middle, self._clusterer.middle)
        best = int(np.argmax(worth))
        if current is None or worth[best] > present + HYSTERESIS:
            self._titles[rumour] = titles[best]
            self._renamings[rumour] = RumourEvent(rumour, EventKind.TITLE, self._now, post=titles[best].post)

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


def _detail(likelihood: Likelihood) -> dict[str, object]:
    """What a screen needs to say in words why a score is what it is."""
    reasons = [
        {"feature": reason.feature, "value": reason.value, "contribution": reason.contribution}
        for reason in likelihood.reasons
    ]
    return {"reasons": reasons, "claims": likelihood.claims, "answers": likelihood.answers}


def _interval(moment: datetime) -> datetime:
    """When the consolidation interval that holds `moment` began."""
    return moment - (moment - _BEGINNING) % CONSOLIDATION_INTERVAL


def _hours(moment: datetime) -> float:
    return (moment - _BEGINNING) / timedelta(hours=1)
