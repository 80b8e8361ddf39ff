"""The addresses of the pages: how they are written and how they are read."""

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

_PAGE = re.compile(r"/incident/([^/]+)(?:/rumour/([^/]+))?/?")


@dataclass(frozen=True, slots=True)
class Place:
    """What an address names: an incident's board, or one of its rumours."""

    incident: str
    rumour: str | None = None


def board_path(incident: str) -> str:
    return f"/incident/{quote(incident, safe='')}"


def rumour_path(incident: str, rumour: str) -> str:
    return f"{board_path(incident)}/rumour/{quote(rumour, safe='')}"


def place_of(path: str) -> Place | None:
    """What the address names, or None where it names no page."""
    found = _PAGE.fullmatch(path)
    return Place(*(part and unquote(part) for part in found.groups())) if found else None
