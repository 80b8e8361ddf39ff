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
    MERGE = "merge"
    # That two rumours are not the same claim.
    REFUSE = "refuse"
    SPLIT = "split"
    MOVE = "move"
    UNDO = "undo"


class EventKind(StrEnum):
    """What can happen to a rumour on its way; rows of `rumour_events`."""

    SURFACED = "surfaced"
    TITLE = "title"
    SCORE = "score"
    # Merged away (detail: into, by) or come out of another (from, by), by "model" or an officer; the later one holds.
    MERGED = "merged"
    SPLIT = "split"


class Retention(StrEnum):
    """How long an incident's raw posts are kept once it is closed; decisions and corrections are kept longer."""

    ROUTINE = "routine"
    MAJOR = "major"
    INQUIRY = "inquiry"


@dataclass(frozen=True, slots=True)
class Watch:
    """What brings a post to an incident: any one of these does.

    `terms` are words, phrases and #hashtags, wanted in one of `languages` (empty: any); `accounts` our own channels,
    as their platform names them; `sources` those whose every post matters; `area` a GeoJSON polygon.
    """

    terms: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    area: str | None = None


@dataclass(frozen=True, slots=True)
class Incident:
    """What the control room works on. Changed only by a new version, so that each can be looked back on."""

    id: str
    name: str
    purpose: str
    lawful_basis: str
    exercise: bool
    opened_at: datetime
    closed_at: datetime | None = None
    watch: Watch = Watch()
    retention: Retention = Retention.ROUTINE


@dataclass(frozen=True, slots=True)
class Post:
    """One item as it came, in the normal form.

    `created_at` is the author's time, clamped to arrival; `stated_at` is the time as stated. `author` is a keyed
    hash. `edited_at` is when its words were last changed, None where they are the first. `seq` is the store's order
    of arrival, `place` the order in which it reached the incident it is read for; 0 until they are known. `flags` say
    what reading had to mend.
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
    edited_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    flags: tuple[str, ...] = ()
    seq: int = 0
    place: int = 0


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """Something a source sent that cannot be read as a post; kept with its reason, so that it can be mended.

    `post` and `author` (a keyed hash) are what could be read of it, so that a deletion finds it here too.
    """

    source: str
    position: str
    reason: str
    payload: str
    arrived_at: datetime
    post: str | None = None
    author: str | None = None

    @property
    def id(self) -> str:
        return stable_id("dead letter", self.source, self.position, self.reason, self.payload)


@dataclass(frozen=True, slots=True)
class Removal:
    """A post or, with `author` (a keyed hash), all that an account had posted by `removed_at`, is to be erased.

    `in_order`: the post came before by the same source, if at all; one that is not stored leaves no tombstone.
    """

    source: str
    reason: str
    removed_at: datetime
    post: str | None = None
    author: str | None = None
    in_order: bool = False


class HealthKind(StrEnum):
    """What can happen to a source; rows of `source_health`."""

    STARTED = "started"
    STOPPED = "stopped"
    ERROR = "error"
    RECONNECTED = "reconnected"
    DISCARDED = "dead letter discarded"
    # Time whose posts are not here: still open, over, or made good since.
    GAP_OPENED = "gap opened"
    GAP_CLOSED = "gap closed"
    GAP_FILLED = "gap filled"


@dataclass(frozen=True, slots=True)
class HealthEvent:
    """One thing that happened to a source. For a gap, from `began_at` to `ended_at`, None where that is not known."""

    source: str
    kind: HealthKind
    happened_at: datetime
    detail: str
    began_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SourceGap:
    """Time of which a source's posts are missing: silence there is not calm. `until` None: it goes on."""

    source: str
    since: datetime
    until: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class Permission:
    """That a restricted platform allows this use: who recorded it, when, and the reference to the agreement."""

    source: str
    reference: str
    recorded_by: "Officer"
    recorded_at: datetime


class HeardBy(StrEnum):
    TELEPHONE = "telephone"
    RADIO = "radio"
    STREET = "in the street"
    OTHER = "otherwise"


@dataclass(frozen=True, slots=True)
class SightingDraft:
    """What a person heard from another: the words, how and when, and how reliable that source is, in free text."""

    text: str
    heard_by: HeardBy
    heard_at: datetime
    reliability: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A draft as it was logged, and the post of its incident that it became."""

    post: Post
    draft: SightingDraft
    taken_by: "Officer"


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


@dataclass(frozen=True, slots=True)
class Officer:
    """Who acts. Until sign-in exists the name and role are what the person said: *asserted*."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class IncidentVersion:
    """An incident as it was recorded once; `by` and `reason` are None where a program opened it."""

    number: int
    incident: Incident
    recorded_at: datetime
    by: Officer | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Decision:
    """One entry of the incident's log, never changed. `into` is the other rumour where there is one."""

    number: int
    incident: str
    rumour: str
    act: Act
    state: State
    officer: Officer
    reason: str
    decided_at: datetime
    correction: str | None = None
    into: str | None = None
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class Annotation:
    """A caption that a person pinned to a moment of stream time; `rumour` None: of the whole incident."""

    id: str
    incident: str
    rumour: str | None
    pinned_to: datetime
    text: str
    pinned_by: Officer
    pinned_at: datetime


@dataclass(frozen=True, slots=True)
class Consultation:
    """That somebody took something out of an incident: in which form, which part of it, as known at which moment.

    `recorded_at` is None until it is recorded.
    """

    incident: str
    what: str
    filter: str
    as_of: datetime
    officer: Officer
    reason: str
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Constraints:
    """What people decided about which flows belong together; no model run undoes it. `number` grows by changes.

    `merged`: rumour → the one it lives on in; `apart`: sorted pairs that may never be joined; `pinned`: flow → where
    a person put it; `protected`: rumours that people have acted on: the model merges
    none of them away and joins no two.
    """

    number: int = 0
    merged: Mapping[str, str] = field(default_factory=dict)
    apart: frozenset[tuple[str, str]] = frozenset()
    pinned: Mapping[str, str] = field(default_factory=dict)
    protected: frozenset[str] = frozenset()


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


def stable_id(*parts: str) -> str:
    """A short id that the same parts always give, on any machine and in any order of working (blake2b, 80 bits).

    >>> stable_id("flow", "incident 1", "post 1")
    '15f50cb573692135e022'
    """
    return blake2b("\x1f".join(parts).encode(), digest_size=10).hexdigest()


class SourcePhase(StrEnum):
    """What a source is doing."""

    WAITING = "waiting"
    CONNECTING = "connecting"
    CATCHING_UP = "catching up"
    LIVE = "live"
    READING = "reading"
    LISTENING = "listening"
    FAILING = "failing"
    STOPPED = "stopped"
    FINISHED = "finished"
    NOT_PERMITTED = "not permitted"


@dataclass(frozen=True, slots=True)
class SourceState:
    """How one source does: its `phase`, and in `fault` what is wrong and what to do about it.

    `read` items came in since the start of this process, `kept` of them are new and reached an incident, `dead`
    could not be read. `last_item_at` is when the last one arrived, `last_post_at` the newest post's own time; a
    `notice` is worth knowing and no fault ("connected, but nothing for 4 minutes; usual gap 3 s"). `per_minute` holds
    the items of the last 60 minutes, oldest first. `running` says whether Stop makes sense, or else Start; what is
    not `switchable` is no source of its own, and is told beside them.
    """

    name: str
    phase: SourcePhase
    healthy: bool
    running: bool = True
    switchable: bool = True
    read: int = 0
    kept: int = 0
    dead: int = 0
    errors: int = 0
    reconnects: int = 0
    last_item_at: datetime | None = None
    last_post_at: datetime | None = None
    fault: str | None = None
    notice: str | None = None
    restriction: str | None = None
    per_minute: tuple[int, ...] = ()
