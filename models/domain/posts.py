"""Posts as they came, what could not be read as one, and what is to be erased."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from models.domain.ids import stable_id

# A date that lies further back than this, beside the arrival of its post or the posts around it, is doubted.
LONGEST_DELAY = timedelta(days=90)


class Kind(StrEnum):
    POST = "post"
    REPLY = "reply"
    REPOST = "repost"
    QUOTE = "quote"
    SIGHTING = "sighting"
    ARTICLE = "article"
    ALERT = "alert"


@dataclass(frozen=True, slots=True)
class Post:
    """One item as it came, in the normal form.

    `created_at` is the author's time, clamped to arrival, or the arrival where that time is doubted; `stated_at` is
    the time as stated. `author` is a keyed
    hash. `edited_at` is when its words were last changed, None where they are the first. `seq` is the store's order
    of arrival, `place` the order in which it reached the incident it is read for; 0 until they are known. `flags` say
    what reading had to mend. `outlines` are
    the areas that a warning is for, each the corners of a polygon, or one place, in latitude and longitude: they
    decide which incidents it reaches, and are not kept.
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
    outlines: tuple[tuple[tuple[float, float], ...], ...] = ()
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
