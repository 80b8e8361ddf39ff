"""Incidents: what the control room works on, and what brings posts to each."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.domain.acts import Officer


class Standing(StrEnum):
    """What a service may do in an incident."""

    OWNS = "owns"
    # It works on the rumours; the incident itself is its owner's.
    ACTS = "acts"
    SEES = "sees"


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
    """What the control room works on. Changed only by a new version, so that each can be looked back on.

    It belongs to `of_service`, which shares it with those of `acted_on_by` and `seen_by`: each name once, in order.
    One that belongs to no service ("") is worked on by all of this installation.
    """

    id: str
    name: str
    purpose: str
    lawful_basis: str
    exercise: bool
    opened_at: datetime
    closed_at: datetime | None = None
    watch: Watch = Watch()
    retention: Retention = Retention.ROUTINE
    of_service: str = ""
    acted_on_by: tuple[str, ...] = ()
    seen_by: tuple[str, ...] = ()

    @property
    def is_shared(self) -> bool:
        return bool(self.acted_on_by or self.seen_by)

    def standing_of(self, service: str) -> Standing | None:
        """What a service may do in it; None where it may not know that there is one."""
        if self.of_service in ("", service):
            return Standing.OWNS
        if service in self.acted_on_by:
            return Standing.ACTS
        return Standing.SEES if service in self.seen_by else None


@dataclass(frozen=True, slots=True)
class IncidentVersion:
    """An incident as it was recorded once; `by` and `reason` are None where a program opened it."""

    number: int
    incident: Incident
    recorded_at: datetime
    by: Officer | None
    reason: str | None
