"""Every sentence on services that work on an incident together: whose it is, who may do what, whose the notes are."""

from collections.abc import Iterable

from dashboard.words.refusals import one_of
from models.domain.incidents import Incident, Standing

# On the forms of acts.
NOTE = "Who reads the reason"
RELIABILITY_NOTE = "Who reads how reliable the source is"
SHARE_NOTE = "Share with partners"
SHARE_NOTE_HINT = (
    "Every service that sees this incident reads it. Without this only your service and the one that the incident "
    "belongs to do."
)

# Beside such a note.
NOTE_IS_SHARED = "shared with partners"

# On the form of an incident.
SHARING = "Services that work on it"
SHARING_INTRO = (
    "Whoever it is shared with sees its rumours, posts and corrections, and who did what when. The words that people "
    "write with their acts stay with the service that it belongs to, unless the writer shares them."
)
OWNER = "Service that it belongs to"
OWNER_HINT = (
    "Once it belongs to a service, only that service and those below see it. An administrator can hand it over by "
    "“grapevine incident change --service”."
)
NO_OWNER = "No service: every service here works on it"
ACTS = "Shared to act"
ACTS_HINT = "They work on its rumours, log corrections and sightings, and pin captions."
SEES = "Shared to see"
SEES_HINT = "They look, and do nothing."
NO_OTHER_SERVICE = "No other service has people here. Name one below."
OTHERS = "Other services to see it, one per line"
OTHERS_HINT = "To let one act, save, then tick it above."
NOT_HANDED_OVER = "It belongs to a service already. An administrator can hand it over on the command line."
UNKNOWN_OWNER = (
    "Nobody has a role for this service here, so nobody would see the incident. Choose a service of the list."
)
BELONGS_HEAD = "Belongs to"
SHARED_HEAD = "Shared with"
NOBODY = "no other service"
EVERY_SERVICE = "no service: every service of this installation works on it"

# What stands in place of a page that somebody may not see, or no longer.
NOT_SHOWN = "This incident is not shown to you"
NOT_SHOWN_WHY = (
    "There is no such incident, or it is not shared with your service, or no longer. "
    "Ask the service that it belongs to, or choose another one."
)


def sees_only(owner: str, service: str, able: Iterable[str]) -> str:
    return f"{owner} shares this incident with {service} to see, not to act. Ask {one_of(able)} of {owner}."


def owners_alone(owner: str, service: str, able: Iterable[str]) -> str:
    return (
        f"{owner} shares this incident with {service} to act on its rumours, which this is not. "
        f"Ask {one_of(able)} of {owner}."
    )


def internal_note(service: str) -> str:
    """What stands in place of words that only those of another service read."""
    return f"internal note of {service}" if service else "internal note"


def shared_by(incident: Incident, standing: Standing | None) -> str:
    """Shared by Northgate Police: you may act; empty for whoever it belongs to"""
    match standing:
        case Standing.ACTS:
            return f"Shared by {incident.of_service}: you may act"
        case Standing.SEES:
            return f"Shared by {incident.of_service}: you may look"
        case _:
            return ""


def partners(acted_on_by: Iterable[str], seen_by: Iterable[str]) -> str:
    """Northgate Fire (acts), Northgate Ambulance (sees)"""
    return ", ".join([*(f"{one} (acts)" for one in acted_on_by), *(f"{one} (sees)" for one in seen_by)]) or NOBODY


def services_line(incident: Incident) -> str:
    """Belongs to Northgate Police · Shared with Northgate Fire (acts)"""
    if not incident.of_service:
        return f"{BELONGS_HEAD} {EVERY_SERVICE}"
    shared = partners(incident.acted_on_by, incident.seen_by)
    return f"{BELONGS_HEAD} {incident.of_service} · {SHARED_HEAD} {shared}"


def opened_for(service: str) -> str:
    """Of which service an incident will be that is opened now."""
    return f"It will belong to {service}."
