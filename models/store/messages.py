"""The values that cross between the store and those who write to it or read from it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from models.domain.posts import DeadLetter, Post, Removal
from models.domain.reading import Reading, Reason
from models.domain.rumours import RumourEvent, StanceJudgement
from models.domain.sources import HealthEvent


@dataclass(frozen=True, slots=True)
class ArrivedPost:
    """A post on its way in, with the incidents it reaches: incident id → why ("collection: x")."""

    post: Post
    matched: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Matched:
    """The posts to keep of some that were read, and how many of the others are passed over, by the reason."""

    kept: Sequence[ArrivedPost]
    passed_over: Mapping[Reason, int] = field(default_factory=dict)


def letter_of_post(post: Post, reason: str) -> DeadLetter:
    """A dead letter of what is known of a post: it cannot be read again."""
    return DeadLetter(post.source, post.id, reason, post.text, post.arrived_at, post.id, post.author)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One source batch: saved whole, with the cursor that follows it, or not at all.

    `reading` is what was read for it, to be accounted for; None where no source was read. `letter_of` makes a dead
    letter of a post that cannot be kept, with the reason: only the store finds out that its id is another post's.
    """

    posts: Sequence[ArrivedPost] = ()
    dead_letters: Sequence[DeadLetter] = ()
    cursor: tuple[str, str] | None = None
    removals: Sequence[Removal] = ()
    health: Sequence[HealthEvent] = ()
    reading: Reading | None = None
    letter_of: Callable[[Post, str], DeadLetter] = letter_of_post


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of an Arrival.

    `new` posts stored; `seen` ones that were there already, `edited` of them with newer words, `linked` to an
    incident that they had not reached before; `refused` for their tombstone; `removed` ones erased; `dead` letters
    kept; `noted` events of the source's health; `clashes` the reasons of posts whose id another post has.
    """

    new: int
    seen: int
    dead: int
    edited: int = 0
    linked: int = 0
    refused: int = 0
    removed: int = 0
    noted: int = 0
    clashes: tuple[str, ...] = ()

    @property
    def shows(self) -> bool:
        """Whether any screen may look otherwise than before: a cursor that moved on changes none."""
        return any((self.new, self.edited, self.linked, self.removed, self.dead, self.noted))


@dataclass(frozen=True, slots=True)
class PostLanguage:
    """The language that `detected_by` found in the words of a post, and which share of them, 0 to 1, is in it.

    None: it looked, and nothing is certain.
    """

    seq: int
    language: str | None
    share: float | None
    detected_by: str


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
    made the vectors. `suggestions` are all that stand after a consolidation; None leaves those of before. `languages`
    are what was detected of these posts.
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
    languages: Sequence[PostLanguage] = ()


@dataclass(frozen=True, slots=True)
class FlowsToRead:
    """How many flows have a vector of another encoder, and the words (flow → words) of the first of them."""

    waiting: int
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FinalRow:
    """How a post stands at the end of a run: one line of `judge`. `seq` is its order of arrival.

    `stance` is None, and has no probabilities, where nobody has judged it yet. `lang_detected` is the language that
    was detected where the source states none, as far as it is certain.
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
    lang_detected: str | None = None
