"""The nouns of Grapevine, as frozen values without input or output.

Words: an *incident* is what the control room works on; a *post* is one item as it came; a *flow* is a post and
its copies; a *rumour* is flows that make or answer one claim; *stance* is a flow's bearing on that claim.
None always means "not known", never zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b


class Kind(StrEnum):
    POST = "post"
    REPLY = "reply"
    REPOST = "repost"
    QUOTE = "quote"
    SIGHTING = "sighting"
    ARTICLE = "article"
    ALERT = "alert"


class Stance(StrEnum):
    SUPPORT = "support"
    DENY = "deny"
    QUERY = "query"
    COMMENT = "comment"


class State(StrEnum):
    NEW = "new"
    WATCHING = "watching"
    ASSESSING = "assessing"
    ANSWERED = "answered"
    CLOSED = "closed"
    DISMISSED = "dismissed"
    MERGED = "merged"


class Verdict(StrEnum):
    FALSE = "false"
    MISLEADING = "misleading"
    CONFIRMED = "confirmed"
    NOT_ESTABLISHED = "not established"


class CorrectionStatus(StrEnum):
    DRAFT = "draft"
    APPROVED = "approved"
    ISSUED = "issued"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What a person can do to a rumour; each becomes one decision."""

    TAKE = "take"
    PARK = "park"
    DISMISS = "dismiss"
    CLOSE = "close"
    REOPEN = "reopen"
    CORRECT = "correct"


class EventKind(StrEnum):
    """What can happen to a rumour on its way; rows of `rumour_events`."""

    SURFACED = "surfaced"
    TITLE = "title"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class Incident:
    id: str
    name: str
    purpose: str
    lawful_basis: str
    exercise: bool
    opened_at: datetime
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """One item as it came, in the normal form.

    `created_at` is the author's time, clamped to arrival; `stated_at` is the time as stated. `author` is a keyed
    hash. `seq` is the store's order of arrival, 0 until it is stored. `flags` say what reading had to mend.
    """

    id: str
    source: str
    kind: Kind
    text: str
    arrived_at: datetime
    collection: str | None = None
    created_at: datetime | None = None
    stated_at: datetime | None = None
    author: str | None = None
    author_followers: int | None = None
    official: bool = False
    lang: str | None = None
    reply_to: str | None = None
    root: str | None = None
    repost_of: str | None = None
    quote_of: str | None = None
    reposts: int | None = None
    url: str | None = None
    flags: tuple[str, ...] = ()
    seq: int = 0


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """Something a source sent that cannot be read as a post; kept with its reason, so that it can be mended."""

    source: str
    position: str
    reason: str
    payload: str
    arrived_at: datetime


@dataclass(frozen=True, slots=True)
class StanceJudgement:
    """A flow's stance toward one rumour's claim; probabilities sum to 1."""

    label: Stance
    probabilities: Mapping[Stance, float]
    by: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One feature of a likelihood: its value and what it added to the log-odds."""

    feature: str
    value: float
    contribution: float


@dataclass(frozen=True, slots=True)
class Likelihood:
    """How likely a cluster is a rumour worth a look, 0 to 1; never a verdict on its truth."""

    probability: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class RumourEvent:
    """`happened_at` is stream time. `post` is the post whose words are the title; `detail` the rule or the score."""

    rumour: str
    kind: EventKind
    happened_at: datetime | None
    post: str | None = None
    likelihood: float | None = None
    detail: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Officer:
    """Who acts. Until sign-in exists the name and role are what the person said: *asserted*."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One entry of the incident's log: who, role, when, what and why. Never changed, never removed."""

    number: int
    incident: str
    rumour: str
    act: Act
    state: State
    officer: Officer
    reason: str
    decided_at: datetime
    correction: str | None = None


@dataclass(frozen=True, slots=True)
class CorrectionDraft:
    """A correction as a person filled it in; the store gives it its id, version and time of record."""

    rumour: str
    verdict: Verdict
    wording: str
    channel: str
    authority: str
    evidence_url: str | None
    issued_at: datetime
    review_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """One version of an official answer to a rumour."""

    id: str
    version: int
    rumour: str
    status: CorrectionStatus
    verdict: Verdict
    wording: str
    channel: str
    authority: str
    evidence_url: str | None
    issued_at: datetime
    recorded_by: Officer
    recorded_at: datetime
    approved_by: str | None = None
    review_by: datetime | None = None


def named_id(*parts: str) -> str:
    """A short id that the same parts always give, on any machine and in any order of working (blake2b, 80 bits)."""
    return blake2b("\x1f".join(parts).encode(), digest_size=10).hexdigest()


@dataclass(frozen=True, slots=True)
class SourceState:
    """How one source does: `word` for people ("reading", "finished", "stopped"), `fault` what to do about it."""

    name: str
    word: str
    healthy: bool
    read: int = 0
    last_post_at: datetime | None = None
    fault: str | None = None
