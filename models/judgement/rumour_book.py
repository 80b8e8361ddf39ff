"""The book of an incident's rumours: what is known of each, and what happened to them since it was last saved."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from models.domain.rumours import EventKind, Likelihood, RumourEvent
from models.judgement.embed import DIMENSIONS
from models.judgement.features import PostFeatures, Tally
from models.judgement.likelihood import LikelihoodModel
from models.judgement.naming import HYSTERESIS, ReadClaims, Title, best_title, nearness, read_titles, score
from models.judgement.surfacing import LEAST_PEOPLE, Candidate, SurfacingRule, has_faded
from models.people.acts import MODEL


@dataclass(slots=True)
class VectorSum:
    """The vectors (d,) of a rumour's claims, added up."""

    total: np.ndarray = field(default_factory=lambda: np.zeros(DIMENSIONS, np.float32))
    flows: int = 0

    def add(self, vector: np.ndarray) -> None:
        self.total += vector
        self.flows += 1

    @property
    def mean(self) -> np.ndarray:
        return self.total / self.flows


@dataclass(slots=True)
class Rumour:
    """What is known of one rumour. `stored` is what its last score event holds, of what changes from post to post."""

    tally: Tally = field(default_factory=Tally)
    vectors: VectorSum = field(default_factory=VectorSum)
    title: Title | None = None
    likelihood: float = 0.0
    stored: tuple[float, int | None, bool | None] | None = None
    on_board: bool = False


class RumourBook:
    """The rumours of one incident. Each `now` is stream time; each `incident_mean` the mean of its vectors (d,)."""

    def __init__(self, likelihood: LikelihoodModel, rule: SurfacingRule, read_claims: ReadClaims):
        # A rumour that the model split off → the one it came from, and those that people kept that one apart from.
        self.splits: dict[str, tuple[str, tuple[str, ...]]] = {}
        self._likelihood = likelihood
        self._rule = rule
        self._read_claims = read_claims
        self._rumours: dict[str, Rumour] = {}
        # Groups of people off the board, to be looked at each minute. A dict keeps the order, which no set does.
        self._off_board: dict[str, None] = {}
        # What happened since `take_events` was last called.
        self._judged: dict[str, Likelihood] = {}
        self._lineage: list[RumourEvent] = []
        self._renamings: dict[str, RumourEvent] = {}
        self._surfacings: list[RumourEvent] = []

    def __contains__(self, rumour: str) -> bool:
        return rumour in self._rumours

    def tally(self, rumour: str) -> Tally:
        return self._rumours[rumour].tally

    def title(self, rumour: str) -> Title | None:
        known = self._rumours.get(rumour)
        return known.title if known is not None else None

    @property
    def on_board(self) -> set[str]:
        return {name for name, rumour in self._rumours.items() if rumour.on_board}

    @property
    def near_board(self) -> list[str]:
        """The rumours on the board and those that have people enough for it."""
        return [rumour for rumour in self._rumours if self.is_near_board(rumour)]

    def count(self, rumour: str, features: PostFeatures, vector: np.ndarray | None, now: datetime) -> None:
        """Count one post; `vector` (d,) where it opens a flow that stands for itself."""
        known = self._known(rumour)
        if vector is not None:
            known.vectors.add(vector)
        known.tally.add(features)
        known.tally.forget_before(now)
        if not known.on_board:
            self._off_board[rumour] = None

    def name(self, rumour: str, titles: Sequence[Title], incident_mean: np.ndarray, now: datetime) -> None:
        """Give a rumour the best of `titles` where that is clearly better than its present one.

        Titles are read once as many people talk as the board asks for.
        """
        known = self._known(rumour)
        current = known.title
        if not titles or ([current] == titles and not self.is_title_unread(rumour)):
            return
        *near, present = nearness([*titles, current or titles[0]], known.vectors.mean, incident_mean).tolist()
        is_read = self.is_near_board(rumour)
        least, is_new = -math.inf, False
        if current is not None:
            is_new = self.is_title_unread(rumour)
            if is_new:
                read_titles([current], self._read_claims)
            least = score(current, present, is_read=is_read) + HYSTERESIS
        best = best_title(titles, near, least, self._read_claims if is_read else None)
        if best is not None and titles[best] is not current:
            known.title = titles[best]
            self._renamings[rumour] = _named(rumour, titles[best], near[best], now)
        elif is_new:
            self._renamings[rumour] = _named(rumour, current, present, now)

    def is_title_unread(self, rumour: str) -> bool:
        """Whether enough people talk of it by now that its title is to be read, which nobody has done yet."""
        title = self._known(rumour).title
        return title is not None and title.is_unread and self.is_near_board(rumour)

    def is_near_board(self, rumour: str) -> bool:
        """Whether it is on the board or has people enough for it."""
        known = self._known(rumour)
        return known.on_board or known.tally.people >= LEAST_PEOPLE

    def put_up(self, moment: datetime) -> bool:
        """Put the most urgent of those that may on the board, as far as there is room; whether any waits on."""
        any_waits = False
        for candidate in sorted(self._candidates(moment), key=lambda one: (-one.urgency, one.rumour)):
            if not self._rule.has_room(candidate.tally, candidate.likelihood, moment):
                any_waits = True
                continue
            self._surface(candidate, self._rule.in_words(candidate))
        return any_waits

    def put_up_part(self, rumour: str, origin: str, now: datetime) -> None:
        """Put a part that was split off a rumour on the board there too: what people look at does not vanish.

        It need not wait for room, but takes its place in the budget.
        """
        known = self._known(rumour)
        if self._known(origin).on_board and self._may_go_up(known):
            candidate = Candidate(rumour, known.tally, known.likelihood, now)
            self._surface(candidate, f"split off a rumour on the board; {self._rule.in_words(candidate)}")

    @property
    def any_waits(self) -> bool:
        """Whether a rumour may go on the board as soon as there is room; as the last `put_up` found it."""
        return bool(self._off_board)

    @property
    def last_put_up(self) -> datetime | None:
        """The latest moment at which the rule put a rumour on the board."""
        return self._rule.last_spent

    @property
    def has_news(self) -> bool:
        """Whether a rumour went on the board since `take_events` was last called."""
        return bool(self._surfacings)

    def recount(self, rumour: str, features: Sequence[PostFeatures], titles: Sequence[Title], now: datetime) -> None:
        """Count a rumour anew whose conversations changed: it now holds posts of these features and these titles."""
        known = self._known(rumour)
        known.tally, known.vectors = Tally(), VectorSum()
        for of_post in features:
            known.tally.add(of_post)
        for title in titles:
            known.vectors.add(title.vector)
        if not any(title is known.title for title in titles):
            known.title = None
        # A group that had a score and turns out to hold nothing but what officials posted has nobody any more.
        if known.tally.posts or (features and known.stored is not None):
            self.judge(rumour, now)
        else:
            self._judged.pop(rumour, None)

    def note_merge(self, rumour: str, into: str, now: datetime) -> None:
        """Note that the model merged a rumour into another."""
        self._lineage.append(RumourEvent(rumour, EventKind.MERGED, now, detail={"into": into, "by": MODEL}))

    def note_split(self, rumour: str, origin: str, apart: Iterable[str], now: datetime) -> None:
        """Note that the model split a rumour off another, which people keep `apart` from these."""
        apart = sorted(apart)
        self.splits[rumour] = (origin, tuple(apart))
        detail = {"from": origin, "by": MODEL, "apart": apart}
        self._lineage.append(RumourEvent(rumour, EventKind.SPLIT, now, detail=detail))

    def recall(self, events: Iterable[RumourEvent], titles: Mapping[str, Title]) -> list[str]:
        """Take over the stored events, which are not judged again; `titles` by their post.

        Returns the rumours whose title was a post that has been erased.
        """
        named: dict[str, Title | None] = {}
        for event in events:
            known = self._known(event.rumour)
            if event.kind is EventKind.SCORE:
                known.likelihood = event.likelihood
                known.stored = event.likelihood, event.detail.get("people"), event.detail.get("may_go_up")
            elif event.kind is EventKind.TITLE:
                known.title = named[event.rumour] = titles.get(event.post)
                if known.title is not None:
                    known.title.reading = event.detail.get("reading")
            elif event.kind is EventKind.SURFACED:
                known.on_board = True
                if not event.detail.get("by_hand"):
                    self._rule.spend(event.happened_at)
            elif event.kind is EventKind.SPLIT and event.detail["by"] == MODEL:
                self.splits[event.rumour] = (event.detail["from"], tuple(event.detail.get("apart", ())))
        self._judged = {}
        return [rumour for rumour, title in named.items() if title is None]

    def take_events(self, now: datetime | None) -> list[RumourEvent]:
        """What happened since the last call: lineage, titles, surfacing, the latest score of each judged rumour."""
        scores = []
        for rumour, likelihood in self._judged.items():
            known = self._rumours[rumour]
            people, may_go_up = known.tally.people, self._may_go_up(known)
            now_known = likelihood.probability, people, may_go_up
            if known.stored != now_known:
                known.stored = now_known
                detail = {**_explained(likelihood), "people": people, "may_go_up": may_go_up}
                scores.append(
                    RumourEvent(
                        rumour,
                        EventKind.SCORE,
                        now,
                        likelihood=likelihood.probability,
                        detail=detail,
                        weights=self._likelihood.digest,
                    )
                )
        events = [*self._lineage, *self._renamings.values(), *self._surfacings, *scores]
        self._judged, self._lineage, self._renamings, self._surfacings = {}, [], {}, []
        return events

    def judge(self, rumour: str, now: datetime) -> None:
        """Judge a rumour by its posts so far."""
        known = self._rumours[rumour]
        likelihood = self._judged[rumour] = self._likelihood.judge(known.tally, now)
        known.likelihood = likelihood.probability
        if not known.on_board:
            self._off_board[rumour] = None

    def _surface(self, candidate: Candidate, rule: str) -> None:
        self._rule.spend(candidate.moment)
        self._rumours[candidate.rumour].on_board = True
        self._surfacings.append(
            RumourEvent(
                candidate.rumour,
                EventKind.SURFACED,
                candidate.moment,
                likelihood=candidate.likelihood,
                detail={"rule": rule},
                weights=self._likelihood.digest,
            )
        )

    def _may_go_up(self, known: Rumour) -> bool:
        # Only a flow that stands for itself makes a claim.
        return self._rule.may_go_up(known.tally, known.likelihood, known.vectors.flows)

    def _candidates(self, moment: datetime) -> list[Candidate]:
        """Who may go on the board. Forgets for good who is there, and until its next post who may not be."""
        candidates = []
        for rumour in list(self._off_board):
            known = self._rumours[rumour]
            if known.on_board or not self._may_go_up(known) or has_faded(known.tally.last_at, moment):
                del self._off_board[rumour]
            else:
                candidates.append(Candidate(rumour, known.tally, known.likelihood, moment))
        return candidates

    def _known(self, rumour: str) -> Rumour:
        known = self._rumours.get(rumour)
        if known is None:
            known = self._rumours[rumour] = Rumour()
        return known


def _named(rumour: str, title: Title, near: float, now: datetime) -> RumourEvent:
    """That a post names a rumour from now on, with why: how near its middle it is and how it reads as a claim."""
    detail = {"states_claim": title.states_claim, "reading": title.reading, "nearness": near}
    return RumourEvent(rumour, EventKind.TITLE, now, post=title.post, detail=detail)


def _explained(likelihood: Likelihood) -> dict[str, object]:
    """What a screen needs to say in words why a score is what it is."""
    reasons = [
        {"feature": reason.feature, "value": reason.value, "contribution": reason.contribution}
        for reason in likelihood.reasons
    ]
    return {"reasons": reasons, "claims": likelihood.claims, "answers": likelihood.answers}
