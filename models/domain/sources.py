"""Sources: how each does, the times it missed, and what may be read."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.domain.acts import Officer


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
    """One thing that happened to a source. For a gap, from `began_at` to `ended_at`, None where that is not known.

    `by` is who started or stopped it, or discarded its letter; None where it happened by itself.
    """

    source: str
    kind: HealthKind
    happened_at: datetime
    detail: str
    began_at: datetime | None = None
    ended_at: datetime | None = None
    by: Officer | None = None


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
    recorded_by: Officer
    recorded_at: datetime


# Under this name the judgement stands beside the sources, where it has stopped.
JUDGEMENT = "judgement"


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
