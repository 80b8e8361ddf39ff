"""Words of the frame round every page: the top bar, the keys, and what stands in for a page that is missing."""

from dashboard.paths import Page
from dashboard.words.shared import EXERCISE
from models.domain.incidents import Incident
from models.domain.sources import SourceState

BRAND = "Grapevine"
SKIP = "Skip to the main content"
PLACES_LABEL = "Places"
PLACES = {
    Page.BOARD: "Board",
    Page.REVIEW: "Review",
    Page.SOURCES: "Sources",
    Page.INCIDENTS: "Incidents",
    Page.AUDIT: "Audit",
}
INCIDENT = "Incident"
CLOCK = "The time here, Europe/London"
WAITING = "waiting for data"
SOURCES = "Sources"
PAUSE = "Pause updates"
THEME = "Theme"
KEYS_MARK = "?"
KEYS_TITLE = "Keys"
KEYS_HINT = "Keys (?)"
KEYS = (
    ("↑ ↓ or k j", "choose a rumour"),
    ("Enter", "open its page"),
    ("t", "take"),
    ("c", "answer: log a correction"),
    ("p", "park"),
    ("d", "dismiss"),
    ("a", "assign, or hand over what is yours"),
    ("s", "log a sighting: what somebody told you; on the coding desk, skip the flow"),
    ("y", "on the form of an incident: try its terms"),
    ("n", "show new rumours and the new order"),
    ("/", "go to the text filter"),
    ("1 2 3 4", "on the coding desk: support, deny, query, comment"),
    ("z", "on the coding desk: back to the flow before"),
    ("?", "show these keys"),
    ("Esc", "close a dialog or form"),
)
NO_INCIDENT = "No incident is open"
NO_INCIDENT_WHY = "Grapevine keeps posts only for an open incident. Open one and enter what it watches for."
NO_INCIDENT_THEN = "No incident was open then"
NO_INCIDENT_THEN_WHY = "Choose another moment, or go back to the present."
OPENED_LATER = "This incident had not been opened then"
OPENED_LATER_WHY = "Choose a later moment, or go back to the present."
PRESENT_ONLY = "This page exists in the present only"
PRESENT_ONLY_WHY = "Nothing can be changed in the past. Go back to the present first."
OPEN_INCIDENT = "Open an incident"
ALL_INCIDENTS = "All incidents"
NOT_FOUND = "Page not found"
NO_MOMENT = "There is no such moment"
NO_MOMENT_WHY = "What stands after “as_of=” in the address must be a time, such as 2026-11-20T21:40:00Z."
TO_THE_PRESENT = "Show the present"


def incident_name(incident: Incident) -> str:
    """The name in the bar: EXERCISE stands before it already."""
    short = incident.name.removeprefix(EXERCISE).strip()
    return short if incident.exercise and short else incident.name


def source_line(one: SourceState, phase: str) -> str:
    """feeds: failing. The server does not answer."""
    return f"{one.name}: {phase}" + (f". {one.fault}" if one.fault else "")
