"""The addresses of the pages: how they are written and how they are read."""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, unquote

SOURCES = "/sources"
INCIDENTS = "/incidents"
NEW_INCIDENT = "/incidents/new"


class Page(StrEnum):
    BOARD = "board"
    RUMOUR = "rumour"
    SETTINGS = "settings"
    SOURCES = "sources"
    INCIDENTS = "incidents"
    NEW_INCIDENT = "new incident"


_OF_NO_INCIDENT = {SOURCES: Page.SOURCES, INCIDENTS: Page.INCIDENTS, NEW_INCIDENT: Page.NEW_INCIDENT}
_OF_AN_INCIDENT = re.compile(r"/incident/([^/]+)(?:/(settings)|/rumour/([^/]+))?")


@dataclass(frozen=True, slots=True)
class Place:
    """What an address names: a page, and the incident and the rumour that it is of."""

    page: Page
    incident: str | None = None
    rumour: str | None = None


def board_path(incident: str) -> str:
    return f"/incident/{quote(incident, safe='')}"


def settings_path(incident: str) -> str:
    return f"{board_path(incident)}/settings"


def rumour_path(incident: str, rumour: str) -> str:
    return f"{board_path(incident)}/rumour/{quote(rumour, safe='')}"


def place_of(path: str) -> Place | None:
    """What the address names, or None where it names no page."""
    path = path.removesuffix("/")
    if path in _OF_NO_INCIDENT:
        return Place(_OF_NO_INCIDENT[path])
    found = _OF_AN_INCIDENT.fullmatch(path)
    if found is None:
        return None
    incident, settings, rumour = found.groups()
    if rumour is not None:
        return Place(Page.RUMOUR, unquote(incident), unquote(rumour))
    return Place(Page.SETTINGS if settings else Page.BOARD, unquote(incident))
