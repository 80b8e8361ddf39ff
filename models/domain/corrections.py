"""Corrections: official answers to a rumour, in versions."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.domain.acts import Officer


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
