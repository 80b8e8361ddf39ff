"""What became of everything that was read: each item has one outcome, and the outcomes add up to what was read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    """What can become of an item that a source handed over.

    `REMOVED`: it says that a post or an account is gone, or is a post that was removed before.
    """

    KEPT = "kept"
    SEEN = "seen before"
    PASSED_OVER = "passed over"
    DEAD = "dead letter"
    REMOVED = "removed"


class Passing(StrEnum):
    """The rule by which a post is passed over: it is counted, and not kept."""

    NO_INCIDENT = "no incident is open"
    NO_TERM = "no watch term"
    LANGUAGE = "another language"
    AREA = "outside the area"
    NO_PLACE = "no place given"
    NO_WORDS = "no words"
    NOT_WATCHED = "no incident takes all of this source"
    NO_CONSENT = "its author asks to be left out"
    NOT_PUBLIC = "not public"
    COLLECTION = "another collection"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a post was passed over; `detail` says which language or the like, empty where nothing is to be said."""

    rule: Passing
    detail: str = ""


class Mark(StrEnum):
    """What a file is marked for, beside its name: its posts are not quite what it holds."""

    MADE_IDS = "ids made"


@dataclass(frozen=True, slots=True)
class FileFact:
    """What reading told of a `place` in a file, such as a sheet; `items` may count it, and it may `mark` the file."""

    place: str
    words: str
    items: int | None = None
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One batch as it was read from a source, and from a `file` of it where it has files: so many items.

    `told` is what reading told of the file that is new, or of which the count has grown.
    """

    source: str
    items: int
    file: str = ""
    passed_over: Mapping[Reason, int] = field(default_factory=dict)
    told: Sequence[FileFact] = ()


@dataclass(frozen=True, slots=True)
class ReadingCount:
    """How many items of a source that were read in an hour had an outcome; an `outcome` of None: all that were read.

    `reason` is why: the rule that passed them over, or what could not be read; `detail` as in Reason.
    """

    source: str
    file: str
    hour: datetime
    outcome: Outcome | None
    reason: str
    detail: str
    items: int
