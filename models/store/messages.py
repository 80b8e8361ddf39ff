"""The values that cross between the store and those who write to it or read from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from models.domain import DeadLetter, HealthEvent, Officer, Post, Removal, RumourEvent, Stance, StanceJudgement
from models.measures.coding_sample import SampledFlow


@dataclass(frozen=True, slots=True)
class ArrivedPost:
    """A post on its way in, with the incidents it reaches: incident id → why ("collection: x")."""

    post: Post
    matched: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Arrival:
    """One source batch: saved whole, with the cursor that follows it, or not at all."""

    posts: Sequence[ArrivedPost] = ()
    dead_letters: Sequence[DeadLetter] = ()
    cursor: tuple[str, str] | None = None
    removals: Sequence[Removal] = ()
    health: Sequence[HealthEvent] = ()


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of an Arrival.

    `new` posts stored; `seen` ones that were there already, `edited` of them with newer words, `linked` to an
    incident that they had not reached before; `refused` for their tombstone; `removed` ones erased; `dead` letters
    kept; `noted` events of the source's health.
    """

    new: int
    seen: int
    dead: int
    edited: int = 0
    linked: int = 0
    refused: int = 0
    removed: int = 0
    noted: int = 0

    @property
    def shows(self) -> bool:
        """Whether any screen may look otherwise than before: a cursor that moved on changes none."""
        return any((self.new, self.edited, self.linked, self.removed, self.dead, self.noted))


@dataclass(frozen=True, slots=True)
class JudgedPost:
    """What the pipeline decided of one post.

    `confidence`, `stance` and `vector` stand on the first post of a flow only; a `stance` of None is judged later.
    """

    post: Post
    flow: str
    thread: str
    rumour: str
    opens_flow: bool
    confidence: float | None = None
    stance: StanceJudgement | None = None
    vector: np.ndarray | None = None


@dataclass(frozen=True, slots=True)
class Reassignment:
    """That the model itself puts a flow elsewhere than before. The last of several in one judgement counts."""

    flow: str
    rumour: str


@dataclass(frozen=True, slots=True)
class FlowToJudge:
    """A flow whose stance is to be read, by the first of its posts whose words are still there.

    `claim` is the post whose words name its rumour, None where it has no title; `makes_claim` says that this flow
    holds that post.
    """

    post: Post
    flow: str
    rumour: str
    claim: str | None
    makes_claim: bool


@dataclass(frozen=True, slots=True)
class FlowStance:
    """A stance that was judged later than its flow was opened."""

    flow: str
    rumour: str
    stance: StanceJudgement


@dataclass(frozen=True, slots=True)
class SuggestionReason:
    """Why two rumours may be one claim.

    `words`, which both have, are places among the words of `post`: the words themselves are kept in the post only.
    `other_number`: each gives a number that the other does not. `since` is when the later of the two began, `people`
    how many posted in each.
    """

    post: str | None
    words: tuple[int, ...]
    same_link: bool
    other_number: bool
    since: datetime
    people: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two rumours, sorted by their ids, that may be one claim: how probable that is, 0 to 1, and why."""

    rumour: str
    other: str
    probability: float
    reason: SuggestionReason


@dataclass(frozen=True, slots=True)
class Judgement:
    """One pipeline batch: every post up to `upto_place` judged, and what happened to the rumours meanwhile.

    `constraint_number` is that of the people's constraints it was judged under; `consolidated` says up to which
    stream time the rumours were regrouped, and of how many conversations; `encoder` is the digest of the encoder that
    made the vectors. `suggestions` are all that stand after a consolidation; None leaves those of before.
    """

    incident: str
    upto_place: int
    posts: Sequence[JudgedPost]
    events: Sequence[RumourEvent] = ()
    constraint_number: int = 0
    reassigned: Sequence[Reassignment] = ()
    stances: Sequence[FlowStance] = ()
    consolidated: tuple[datetime, int] | None = None
    encoder: str | None = None
    suggestions: Sequence[Suggestion] | None = None


@dataclass(frozen=True, slots=True)
class FlowsToRead:
    """How many flows have a vector of another encoder, and the words (flow → words) of the first of them."""

    waiting: int
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FinalRow:
    """How a post stands at the end of a run: one line of `judge`. `seq` is its order of arrival.

    `stance` is None, and has no probabilities, where nobody has judged it yet.
    """

    seq: int
    id: str
    flow: str
    rumour_first: str
    rumour: str
    title: str | None
    likelihood: float | None
    stance: str | None
    stance_probabilities: Mapping[str, float] = field(default_factory=dict)
    on_board_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RoundDraft:
    """A round of coding to be started: how many people code each flow, the flows, and how they were drawn.

    They are a draw by `seed` from the frame as known at `drawn_at`.
    """

    coders: int
    seed: int
    drawn_at: datetime
    sample: Sequence[SampledFlow]


@dataclass(frozen=True, slots=True)
class CodingRound:
    """A round of coding as it was started: a sample of `flows` flows that up to `places` people code."""

    id: str
    incident: str
    number: int
    flows: int
    places: int
    seed: int
    drawn_at: datetime
    started_by: Officer
    started_at: datetime


@dataclass(frozen=True, slots=True)
class RoundState:
    """How far a round is: the names of those who have begun to code, and of those whose labels are final.

    Once all have finished, or somebody has ended it for all, `coded_at` is set: then labels are seen, and what all
    agree on is the stance of its flow.
    """

    round: CodingRound
    coders: tuple[str, ...]
    finished: tuple[str, ...]
    coded_at: datetime | None


@dataclass(frozen=True, slots=True)
class CodingEnd:
    """That the labels of an officer are final, or those of all in the round, for a `reason`."""

    round: str
    officer: Officer
    ended_at: datetime
    everybody: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class FlowToCode:
    """A flow of a round as one coder has it. `done`: they labelled it, or skipped it with a `label` of None."""

    flow: str
    rumour: str
    claim: str
    label: Stance | None
    done: bool


@dataclass(frozen=True, slots=True)
class Coding:
    """What one person said of a flow; a `label` of None: they skipped it."""

    round: str
    flow: str
    rumour: str
    label: Stance | None
    coder: Officer
    coded_at: datetime


@dataclass(frozen=True, slots=True)
class Adjudication:
    """How somebody who did not code a flow settled what its coders differ on."""

    round: str
    flow: str
    rumour: str
    label: Stance
    officer: Officer
    reason: str
    settled_at: datetime


@dataclass(frozen=True, slots=True)
class Dispute:
    """A flow whose coders differ, with what each of them said, by name."""

    round: str
    flow: str
    rumour: str
    claim: str
    labels: Mapping[str, Stance | None]


@dataclass(frozen=True, slots=True)
class CodedFlow:
    """A flow of a round that is coded: how it was drawn, and what each coder said, by name; None: skipped.

    `settled` is what they agree on, or how it was settled by `settled_by`; None: neither.
    """

    drawn: SampledFlow
    labels: Mapping[str, Stance | None]
    settled: Stance | None
    settled_by: str | None = None
