"""What the pipeline remembers of one incident: all that its next decision depends on, and nothing the store lacks.

`decide` says where a post belongs, `learn` remembers it, and `recall` remembers what was judged before a restart, by
the same steps but for the likelihoods, which are stored. `consolidate` regroups the latest conversations every ten
minutes of stream time.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from models.domain.acts import Constraints
from models.domain.ids import stable_id
from models.domain.posts import Post
from models.domain.rumours import RumourEvent
from models.judgement.cluster import ClusterSettings, OnlineClusterer, Regrouping
from models.judgement.conversations import Conversation, Conversations
from models.judgement.embed import DIMENSIONS
from models.judgement.features import PostFeatures, Tally
from models.judgement.flows import FlowIndex, Placed
from models.judgement.likelihood import LikelihoodModel
from models.judgement.naming import ReadClaims, Title, states_claim
from models.judgement.rumour_book import RumourBook
from models.judgement.suggestions import Claims, SameClaims
from models.judgement.surfacing import SurfacingRule
from models.people.constraints import apart_from, with_inherited
from models.store.messages import JudgedPost, Reassignment, Suggestion
from models.text.silent import states_nothing
from models.text.words import wording_of

CONSOLIDATION_INTERVAL = timedelta(minutes=10)
# Where many flows are known a few new ones change nothing, and grouping all anew for each costs a slow incident dear.
LEAST_NEW_SHARE = 1 / 200
MINUTE = timedelta(minutes=1)
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


class IncidentState:
    """One incident's flows, conversations and rumours. `now` is stream time: the newest moment of any post so far."""

    def __init__(
        self,
        incident: str,
        settings: ClusterSettings,
        likelihood: LikelihoodModel,
        rule: SurfacingRule,
        constraints: Constraints,
        read_claims: ReadClaims,
    ):
        self.incident = incident
        self.constraints = constraints
        self.upto_place = 0
        self.now: datetime | None = None
        self.flows = FlowIndex(incident)
        # The full minute of stream time up to which rumours were put on the board; None: to be found from the rest.
        self._minute: datetime | None = None
        # Stream time up to which the rumours were consolidated, and how many titles there were then.
        self.consolidated = (_BEGINNING, 0)
        self._clusterer = OnlineClusterer(DIMENSIONS, settings)
        self._wording = likelihood.wording
        self._conversations = Conversations()
        self._book = RumourBook(likelihood, rule, read_claims)
        self._same_claims = SameClaims()

    def follows(self, post: Post, place: Placed) -> bool:
        """Whether this post belongs where another one does: under its thread, or to what it quotes."""
        return self._conversations.follows(post, place.thread)

    def forget_announced(self) -> None:
        """After a batch: its threads are known by now."""
        self._conversations.forget_announced()

    def decide(self, post: Post, place: Placed, vector: np.ndarray | None) -> JudgedPost:
        """Judge one post without saving it; `vector` (d,) where it follows no other. Changes nothing."""
        if not place.opens_flow:
            rumour = self._conversations.of(place.flow).rumour
            return JudgedPost(post, place.flow, place.thread, rumour, opens_flow=False)
        followed = self._conversations.followed(post, place.thread)
        if followed is not None:
            return JudgedPost(post, place.flow, place.thread, followed.rumour, opens_flow=True, confidence=1.0)
        if states_nothing(post.text):
            # It resembles every other such post, and none of them makes a claim.
            rumour = stable_id("rumour", self.incident, post.id)
            return JudgedPost(post, place.flow, place.thread, rumour, opens_flow=True)
        words = wording_of(post.text).content
        nearest = self._clusterer.place(vector.astype(np.float32), words, _hours(self.moment_of(post)))
        rumour = nearest.rumour or stable_id("rumour", self.incident, post.id)
        return JudgedPost(
            post, place.flow, place.thread, rumour, opens_flow=True, confidence=nearest.resemblance, vector=vector
        )

    def learn(self, judged: JudgedPost) -> None:
        """Remember one judged post, and judge its rumour with it."""
        self._remember(judged)
        if self._conversations.counts(judged.flow):
            self._book.judge(judged.rumour, self.now)

    def _remember(self, judged: JudgedPost) -> None:
        """`learn` without judging."""
        post, flow, vector = judged.post, judged.flow, judged.vector
        moment = self.moment_of(post)
        self.upto_place = post.place
        self.now = max(self.now or moment, moment)
        conversation = self._conversations.add(judged, self.constraints.pinned)
        if post.official and flow not in self._conversations.official:
            self._conversations.note_official(flow)
            if not judged.opens_flow:
                self._recount(judged.rumour)
        counts = self._conversations.counts(flow)
        reading = None
        if vector is not None:
            wording = wording_of(post.text)
            if counts:
                reading = self._wording.reading(vector, wording.words)
                self._conversations.titles[flow] = Title(post.id, post.text, vector, not states_claim(post.text))
                self._same_claims.learn(post, wording, moment)
            self._clusterer.learn(
                flow, vector.astype(np.float32), wording.content, _hours(moment), judged.rumour, post.text
            )
        features = conversation.features[post.place] = PostFeatures.of(post, flow, moment, reading, counts=counts)
        if counts:
            self._book.count(judged.rumour, features, vector, self.now)

    def note_events(self, judged: JudgedPost) -> None:
        """After `learn`: let this post name its rumour."""
        title = self._conversations.titles.get(judged.flow)
        if self._book.is_title_unread(judged.rumour):
            self._name(judged.rumour)
        elif title is not None and title is not self._book.title(judged.rumour):
            self._book.name(judged.rumour, [title], self._clusterer.mean, self.now)
        elif judged.post.official:
            self._name(judged.rumour)

    def recall(self, judged_posts: Iterable[JudgedPost], events: Sequence[RumourEvent]) -> None:
        """Learn what was judged before a restart, and take over the stored events, which are not judged again."""
        with self.flows.recalling():
            for judged in judged_posts:
                self.flows.learn(judged.post, Placed(judged.flow, judged.thread, judged.opens_flow))
                self._remember(judged)
        self._clusterer.reserve(event.rumour for event in events)
        titles = {title.post: title for title in self._conversations.titles.values()}
        for rumour in self._book.recall(events, titles):
            self._name(rumour)

    def consolidation_due(self, moment: datetime) -> bool:
        """Whether stream time has reached another interval, and enough is new since the last consolidation."""
        since, titles = self.consolidated
        if self.now is not None:
            since = max(since, _interval(self.now))
        # There are fewer titles than there were where posts were erased.
        known = len(self._conversations.titles)
        return _interval(moment) > since and abs(known - titles) >= max(1, known * LEAST_NEW_SHARE)

    @property
    def consolidation_at(self) -> datetime:
        """When the next consolidation falls due: at the end of the interval that the newest post is in."""
        return _interval(self.now) + CONSOLIDATION_INTERVAL

    def put_up(self, by: datetime) -> None:
        """Put rumours on the board at each full minute of stream time that has come by this moment."""
        if self.now is None:
            return
        minute, last = self._minute or self._last_minute(), _full_minute(by)
        while minute < last:
            minute += MINUTE
            if not self._book.put_up(minute):
                # Until the next post nobody else comes to wait.
                minute = last
        self._minute = minute

    @property
    def any_waits(self) -> bool:
        """Whether a rumour waits for room on the board."""
        return self._book.any_waits

    @property
    def has_news(self) -> bool:
        """Whether a rumour went on the board since `take_events` was last called."""
        return self._book.has_news

    def due_before(self, post: Post) -> bool:
        """Whether a consolidation is due before this post is judged."""
        return self.consolidation_due(self.moment_of(post))

    def consolidate(self, moment: datetime) -> list[Reassignment]:
        """Regroup the latest conversations as of a moment of stream time. Returns the flows that changed rumour."""
        self.consolidated = (_interval(moment), len(self._conversations.titles))
        constraints = with_inherited(self.constraints, self._book.splits)
        change = self._clusterer.consolidate(self.incident, constraints, self._book.on_board)
        reassigned: list[Reassignment] = []
        # A dict keeps the order, which no set does.
        changed: dict[str, None] = {}
        for conversation, rumour in self._moves(change):
            changed.update({conversation.rumour: None, rumour: None})
            self._conversations.move(conversation, rumour)
            reassigned += [Reassignment(flow, rumour) for flow in conversation.flows]
        for rumour, into in change.merged.items():
            self._book.note_merge(rumour, into, self.now)
        for rumour, origin in change.split.items():
            self._book.note_split(rumour, origin, apart_from(origin, constraints.apart), self.now)
        for rumour in changed:
            self._recount(rumour)
            self._name(rumour)
        for rumour, origin in change.split.items():
            self._book.put_up_part(rumour, origin, self.now)
        return reassigned

    def suggestions(self) -> list[Suggestion]:
        """The pairs of rumours, on the board or near it, that may be one claim. People keep none of them apart."""
        near = [
            Claims(rumour, self._book.tally(rumour).people, self._conversations.titles_in(rumour))
            for rumour in self._book.near_board
        ]
        apart = with_inherited(self.constraints, self._book.splits).apart
        return self._same_claims.suggest(near, self._clusterer.mean, apart)

    def take_events(self) -> list[RumourEvent]:
        """What happened to the rumours since the last call."""
        return self._book.take_events(self.now)

    def is_known(self, rumour: str) -> bool:
        """Whether a post was counted in this rumour."""
        return rumour in self._book

    def tally(self, rumour: str) -> Tally:
        return self._book.tally(rumour)

    def rumour_of(self, flow: str) -> str:
        return self._conversations.of(flow).rumour

    def title_post(self, rumour: str) -> str | None:
        """The post whose words name a rumour."""
        title = self._book.title(rumour)
        return title.post if title is not None else None

    def moment_of(self, post: Post) -> datetime:
        """The post's stream time."""
        # A post without a time stands where it arrived in the stream.
        return post.created_at or self.now or post.arrived_at

    def _last_minute(self) -> datetime:
        """The full minute up to which rumours were put up, as the posts and what became of them tell after a restart.

        What is looked at again between that and the last time that one went up finds nothing, as before.
        """
        last = max(self.now, self._book.last_put_up or self.now)
        if self.consolidated[0] > self.now:
            last = max(last, self.consolidation_at - MINUTE)
        return _full_minute(last)

    def _recount(self, rumour: str) -> None:
        features, titles = self._conversations.features_in(rumour), self._conversations.titles_in(rumour)
        self._book.recount(rumour, features, titles, self.now)

    def _name(self, rumour: str) -> None:
        self._book.name(rumour, self._conversations.titles_in(rumour), self._clusterer.mean, self.now)

    def _moves(self, change: Regrouping) -> list[tuple[Conversation, str]]:
        """Each conversation that a regrouping moves, older ones of a merged rumour too, and the rumour it goes to."""
        moves = [(self._conversations.of(flow), rumour) for flow, rumour in change.moved.items()]
        for rumour, into in change.merged.items():
            left = self._conversations.in_rumour(rumour)
            moves += [(conversation, into) for conversation in left if conversation.flow not in change.moved]
        return moves


def _full_minute(moment: datetime) -> datetime:
    return moment - (moment - _BEGINNING) % MINUTE


def _interval(moment: datetime) -> datetime:
    """When the consolidation interval that holds `moment` began."""
    return moment - (moment - _BEGINNING) % CONSOLIDATION_INTERVAL


def _hours(moment: datetime) -> float:
    return (moment - _BEGINNING) / timedelta(hours=1)
