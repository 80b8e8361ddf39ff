"""Every sentence of the incidents' pages."""

from datetime import datetime

from dashboard.words.local_time import short
from dashboard.words.shared import counted, officer
from models.domain.incidents import Incident, IncidentVersion, Retention

TERMS_SHOWN = 6
RETENTIONS = {Retention.ROUTINE: "Routine", Retention.MAJOR: "Major", Retention.INQUIRY: "Inquiry"}
RETENTION_MEANINGS = {
    Retention.ROUTINE: "Posts are kept for 30 days after the incident is closed.",
    Retention.MAJOR: "Posts are kept for a year after the incident is closed.",
    Retention.INQUIRY: "Posts are kept until the inquiry releases them.",
}
WATCHES_NOTHING = "nothing yet, so no posts reach it"
HEADING = "Incidents"
OPEN_INCIDENT = "Open an incident"
OPEN = "open"
CLOSED = "closed"
SETTINGS = "Settings"
IMPORT = "Import a file"
WATCHED_FOR = "What it watched for"
VERSIONS = "Versions, the latest first"
TERMS = "Words and phrases"
LANGUAGES = "Languages"
ACCOUNTS = "Our own accounts"
SOURCES = "Sources taken whole"
AREA = "Area"
NONE = "none"


def watches(incident: Incident) -> str:
    """tiger, “London Zoo”, #flood and 4 more terms; in en, cy; 2 own accounts; posts from the source feeds"""
    watch, parts = incident.watch, []
    if watch.terms:
        shown, more = ", ".join(watch.terms[:TERMS_SHOWN]), len(watch.terms) - TERMS_SHOWN
        parts.append(f"{shown} and {counted(more, 'more term', 'more terms')}" if more > 0 else shown)
        if watch.languages:
            parts.append(f"in {', '.join(watch.languages)}")
    if watch.accounts:
        parts.append(counted(len(watch.accounts), "own account"))
    if watch.sources:
        parts.append(
            f"posts from the {'source' if len(watch.sources) == 1 else 'sources'} {', '.join(watch.sources)}"
        )
    if watch.area:
        parts.append("posts from an area")
    return "; ".join(parts) or WATCHES_NOTHING


def no_incidents(*, then: bool) -> str:
    return "No incident had been opened then." if then else "No incident has been opened yet."


def settings_of(incident: Incident) -> str:
    """What a screen reader hears after "Settings"."""
    return f" of {incident.name}"


def import_into(incident: Incident) -> str:
    """What a screen reader hears after "Import a file"."""
    return f" into {incident.name}"


def watch_line(incident: Incident) -> str:
    return f"Watches: {watches(incident)}"


def purpose_line(incident: Incident) -> str:
    return f"Purpose: {incident.purpose} · Lawful basis: {incident.lawful_basis}"


def retention_line(incident: Incident) -> str:
    return f"Retention: {RETENTIONS[incident.retention].lower()}. {RETENTION_MEANINGS[incident.retention]}"


def opened_closed(incident: Incident, now: datetime) -> str:
    """since 18:00; from 19 Nov, 18:00 to 20 Nov, 03:10"""
    if incident.closed_at is None:
        return f"since {short(incident.opened_at, now)}"
    return f"from {short(incident.opened_at, now)} to {short(incident.closed_at, now)}"


def saved(incident: Incident, *, new: bool) -> str:
    return f"Opened: {incident.name}" if new else f"Saved: {incident.name}"


def settled(incident: Incident) -> str:
    return f"Opened again: {incident.name}" if incident.closed_at is None else f"Closed: {incident.name}"


def settings_then(incident: Incident) -> str:
    return f"Settings of {incident.name} as they were"


def watched_for(incident: Incident) -> tuple[tuple[str, str], ...]:
    """Each thing it watched for, in full: Languages, en and cy"""
    watch = incident.watch
    lists = ((TERMS, watch.terms), (LANGUAGES, watch.languages), (ACCOUNTS, watch.accounts), (SOURCES, watch.sources))
    return (*((name, ", ".join(found) or NONE) for name, found in lists), (AREA, watch.area or NONE))


def version(one: IncidentVersion, now: datetime) -> str:
    """Version 2, 14:05, by A. Officer (duty, asserted): the town was added"""
    by = f"by {officer(one.by)}" if one.by else "opened by a program"
    reason = f": {one.reason}" if one.reason else ""
    return f"Version {one.number}, {short(one.recorded_at, now)}, {by}{reason}"
