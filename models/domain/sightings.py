"""Sightings: what a person heard from another, logged as a post."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.domain.acts import Officer
from models.domain.posts import Post


class HeardBy(StrEnum):
    TELEPHONE = "telephone"
    RADIO = "radio"
    STREET = "in the street"
    OTHER = "otherwise"


@dataclass(frozen=True, slots=True)
class SightingDraft:
    """What a person heard from another: the words, how and when, and how reliable that source is, in free text.

    `shared`: the services that the incident is shared with may read how reliable it is; the words, they all may.
    """

    text: str
    heard_by: HeardBy
    heard_at: datetime
    reliability: str
    place: str = ""
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Sighting:
    """A draft as it was logged, and the post of its incident that it became."""

    post: Post
    draft: SightingDraft
    taken_by: Officer
