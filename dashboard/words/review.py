"""Words of the review: the ways to look back on an incident."""

from dashboard.paths import Page
from models.domain import Incident

# The name of each way, and what it answers.
WAYS: dict[Page, tuple[str, str]] = {
    Page.BUBBLES: ("Bubbles", "How did each rumour swell and shrink, and who carried it?"),
}


def heading(incident: Incident) -> str:
    return f"Review of {incident.name}"
