"""The addresses of the pages: how they are written and how they are read.

A proxy may show Grapevine under a path of its own, such as /grapevine. Every address that a page is given begins with
that root, and every address that comes from a browser loses it here.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import parse_qs, quote, unquote, urlencode

from flask import has_request_context, request

from models.clock import utc_time

FRONT = "/"
SOURCES = "/sources"
INCIDENTS = "/incidents"
AUDIT = "/audit"
NEW_INCIDENT = "/incidents/new"
SIGN_IN = "/sign-in"
SIGN_IN_CODE = "/sign-in/code"
SIGN_OUT = "/sign-out"
# To the service's own sign-in, back from there, and where that says who signed out there.
TO_PROVIDER = "/sign-in/provider"
FROM_PROVIDER = "/sign-in/provider/back"
PROVIDER_SAYS = "/sign-out/provider"
SET_UP = "/set-up"
ACCOUNT = "/account"
# Where a browser tells that somebody is at it.
HERE = "/here"
# Where a page tells that it no longer shows its rumour, and a form that it has a part of one in hand.
LEFT = "/left"
IN_HAND = "/in-hand"


class Page(StrEnum):
    BOARD = "board"
    RUMOUR = "rumour"
    SETTINGS = "settings"
    REVIEW = "review"
    BUBBLES = "bubbles"
    COMPARE = "compare"
    STORY = "story"
    CODING = "coding"
    REPORT = "report"
    IMPORT = "import"
    SOURCES = "sources"
    INCIDENTS = "incidents"
    NEW_INCIDENT = "new incident"
    AUDIT = "audit"


_OF_NO_INCIDENT = {
    SOURCES: Page.SOURCES,
    INCIDENTS: Page.INCIDENTS,
    NEW_INCIDENT: Page.NEW_INCIDENT,
    AUDIT: Page.AUDIT,
}
_OF_AN_INCIDENT = re.compile(r"/incident/([^/]+)(?:/([a-z]+))?")
_OF_A_RUMOUR = re.compile(r"/incident/([^/]+)/rumour/([^/]+)(?:/(bubbles))?")
# The pages of an incident beside its board, each by its own word.
PARTS = frozenset(
    {
        Page.SETTINGS,
        Page.REVIEW,
        Page.BUBBLES,
        Page.COMPARE,
        Page.STORY,
        Page.CODING,
        Page.REPORT,
        Page.IMPORT,
    }
)
_AS_OF = "as_of"
_LIST = "list"


@dataclass(frozen=True, slots=True)
class Place:
    """What an address names: a page, and the incident and the rumour that it is of."""

    page: Page
    incident: str | None = None
    rumour: str | None = None


def root() -> str:
    """What every address begins with: the path of public_url, which the request carries; empty outside a request."""
    return request.script_root if has_request_context() else ""


def rooted(path: str) -> str:
    """A path of ours as an address for the browser."""
    return f"{root()}{path}"


def unrooted(path: str) -> str:
    """An address of the browser as a path of ours."""
    top = root()
    return path[len(top) :] or FRONT if top and (path == top or path.startswith(f"{top}/")) else path


def board_path(incident: str) -> str:
    return rooted(f"/incident/{quote(incident, safe='')}")


def part_path(incident: str, part: Page) -> str:
    """The address of one of an incident's pages beside its board."""
    return f"{board_path(incident)}/{part.value}"


def rumour_path(incident: str, rumour: str) -> str:
    return f"{board_path(incident)}/rumour/{quote(rumour, safe='')}"


def bubbles_path(incident: str, rumour: str | None = None) -> str:
    """The picture of an incident, or of one of its rumours."""
    return part_path(incident, Page.BUBBLES) if rumour is None else f"{rumour_path(incident, rumour)}/bubbles"


def place_of(path: str) -> Place | None:
    """What the address names, or None where it names no page."""
    path = unrooted(path).removesuffix("/")
    if path in _OF_NO_INCIDENT:
        return Place(_OF_NO_INCIDENT[path])
    if found := _OF_A_RUMOUR.fullmatch(path):
        incident, rumour, bubbles = found.groups()
        return Place(Page.BUBBLES if bubbles else Page.RUMOUR, unquote(incident), unquote(rumour))
    if found := _OF_AN_INCIDENT.fullmatch(path):
        incident, part = found.groups()
        if part is None:
            return Place(Page.BOARD, unquote(incident))
        if part in PARTS:
            return Place(Page(part), unquote(incident))
    return None


@dataclass(frozen=True, slots=True)
class Compared:
    """What is compared: rumours, each with its incident; incidents beside that of the page; by age, else by clock."""

    rumours: tuple[tuple[str, str], ...] = ()
    beside: tuple[str, ...] = ()
    by_age: bool = False


def pair(incident: str, rumour: str) -> str:
    """One word for a rumour of some incident."""
    return f"{quote(incident, safe='')}/{quote(rumour, safe='')}"


def rumour_of(word: str) -> tuple[str, str] | None:
    """The incident and the rumour of such a word; None where it is none."""
    incident, _, rumour = word.partition("/")
    return (unquote(incident), unquote(rumour)) if incident and rumour and "/" not in rumour else None


def compare_path(incident: str, compared: Compared, as_of: datetime | None) -> str:
    """The address of a comparison, to be shared."""
    asked = [
        *(("rumour", pair(*one)) for one in compared.rumours),
        *(("beside", one) for one in compared.beside),
        *([("by", "age")] if compared.by_age else []),
        *([(_AS_OF, as_of.isoformat())] if as_of else []),
    ]
    path = part_path(incident, Page.COMPARE)
    return f"{path}?{urlencode(asked)}" if asked else path


def compared_in(search: str) -> Compared:
    """What an address asks to compare; what names nothing is left out."""
    asked = parse_qs(search.removeprefix("?"))
    rumours = [rumour_of(word) for word in asked.get("rumour", ())]
    return Compared(
        rumours=tuple(dict.fromkeys(one for one in rumours if one is not None)),
        beside=tuple(dict.fromkeys(asked.get("beside", ()))),
        by_age=asked.get("by") == ["age"],
    )


def list_in(search: str) -> str:
    """Which list of the board an address asks for; "" where it does not say."""
    return parse_qs(search.removeprefix("?")).get(_LIST, [""])[-1]


def at(path: str, as_of: datetime | None) -> str:
    """The address of a page as it stood at a moment; None: as it is."""
    return f"{path}{search_for(as_of)}"


def search_for(as_of: datetime | None) -> str:
    """What stands behind an address to ask for a moment; nothing for the present."""
    return "" if as_of is None else f"?{urlencode({_AS_OF: as_of.isoformat()})}"


def as_of_in(search: str) -> datetime | None:
    """The moment that an address asks for; None for now. Raises ValueError where what stands there is no time."""
    asked = parse_qs(search.removeprefix("?"), keep_blank_values=True).get(_AS_OF)
    return None if asked is None else utc_time(asked[-1])
