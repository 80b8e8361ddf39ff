"""Rumours: their states and events, and what is judged of them and of the flows in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    NEW = "new"
    WATCHING = "watching"
    ASSESSING = "assessing"
    ANSWERED = "answered"
    CLOSED = "closed"
    DISMISSED = "dismissed"
    MERGED = "merged"


class EventKind(StrEnum):
    """What can happen to a rumour on its way; rows of `rumour_events`."""

    SURFACED = "surfaced"
    TITLE = "title"
    SCORE = "score"
    # Merged away (detail: into, by) or come out of another (from, by), by "model" or an officer; the later one holds.
    MERGED = "merged"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class RumourEvent:
    """`happened_at` is stream time. `post` is the post whose words are the title; `detail` the rule or the score.

    `weights` is the digest of what scored `likelihood`; None where that is not known, or nothing was scored.
    """

    rumour: str
    kind: EventKind
    happened_at: datetime | None
    post: str | None = None
    likelihood: float | None = None
    detail: Mapping[str, object] = field(default_factory=dict)
    weights: str | None = None


class Stance(StrEnum):
    SUPPORT = "support"
    DENY = "deny"
    QUERY = "query"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True)
class StanceJudgement:
    """A flow's stance toward one rumour's claim; probabilities sum to 1.

    `weights` is the digest of the networks that read it, `claim` the post toward whose words they did; None where
    that is not known, or a person did.
    """

    label: Stance
    probabilities: Mapping[Stance, float]
    by: str
    weights: str | None = None
    claim: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One feature of a likelihood: its value and what it added to the log-odds."""

    feature: str
    value: float
    contribution: float


@dataclass(frozen=True, slots=True)
class Likelihood:
    """How likely a cluster is a rumour worth a look, 0 to 1, never a verdict; its shares are of so many posts."""

    probability: float
    reasons: tuple[Reason, ...]
    claims: int = 0
    answers: int = 0
