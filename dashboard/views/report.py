"""What the incident report is made from: the incident, its rumours, and all that people did, as known at a moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dashboard.views.board import IncidentHeader, read_header, read_rows
from dashboard.views.rumour import RumourPage, page_of
from models.domain.acts import Decision
from models.domain.corrections import Correction
from models.domain.incidents import Incident
from models.domain.sources import SourceGap
from models.store import Store


class Section(StrEnum):
    """The parts of a report that may be left out; what it is, and its record, always stay."""

    SUMMARY = "summary"
    RUMOURS = "rumours"
    CORRECTIONS = "corrections"
    DECISIONS = "decisions"
    GAPS = "gaps"
    METHOD = "method"


@dataclass(frozen=True, slots=True)
class IncidentReport:
    """Rumours by the time they went on the board; corrections in all their versions; decisions oldest first.

    `chain_head` is the link of the last decision; `broken` the number of the first that does not follow, or None.
    `survivors` says in which rumour each that was merged away lives on.
    """

    incident: Incident
    as_of: datetime
    header: IncidentHeader
    rumours: tuple[RumourPage, ...]
    corrections: tuple[Correction, ...]
    decisions: tuple[Decision, ...]
    gaps: tuple[SourceGap, ...]
    chain_head: str | None
    broken: int | None
    survivors: Mapping[str, str]

    @property
    def claims(self) -> dict[str, str]:
        """The claims of the rumours on the board; one that was merged away has that of the one it lives on in."""
        claims = {page.row.id: page.row.claim for page in self.rumours}
        return claims | {gone: claims[on] for gone, on in self.survivors.items() if on in claims}


def read_report(store: Store, incident: Incident, as_of: datetime) -> IncidentReport:
    rows = read_rows(store, incident.id, as_of, as_of=as_of)
    chain = store.views.rows("decisions", incident=incident.id, rumour=None, as_of=as_of)
    return IncidentReport(
        incident=incident,
        as_of=as_of,
        header=read_header(store, incident.id, as_of=as_of),
        rumours=tuple(page_of(store, incident.id, row, as_of, as_of=as_of) for row in rows.values()),
        corrections=tuple(store.acts.correction_versions(incident.id, as_of)),
        decisions=tuple(reversed(store.acts.decisions(incident.id, as_of=as_of))),
        gaps=tuple(store.sources.gaps(as_of)),
        chain_head=chain[0]["link"] if chain else None,
        broken=store.acts.broken_decision(incident.id),
        survivors={
            row["rumour"]: row["survivor"] for row in store.views.rows("merges", incident=incident.id, as_of=as_of)
        },
    )
