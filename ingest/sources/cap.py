"""CAP 1.2 and 1.1, the Common Alerting Protocol: an official warning's document → a record of kind alert.

Only real warnings for the public are read. Tests, exercises, drafts and restricted messages are skipped. An update or
cancellation is a post of its own that quotes the earlier warning, so that both keep their words.
"""

import re
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element, ParseError
from zoneinfo import ZoneInfo

import defusedxml.ElementTree
import shapely
from defusedxml.common import DefusedXmlException

from ingest.times import iso_moment

LONDON = ZoneInfo("Europe/London")

_NAMESPACES = ("urn:oasis:names:tc:emergency:cap:1.2", "urn:oasis:names:tc:emergency:cap:1.1")
_MESSAGES = {"alert": "", "update": "Update: ", "cancel": "Cancelled: "}
_LONGEST_NAME = 500


class NoAlert(ValueError):
    """A document that is no warning. The message is the dead letter's reason."""


def record_of_alert(document: bytes, url: str) -> dict[str, Any] | None:
    """The record of a CAP document from `url`, or None if it is not for the public. Raises NoAlert."""
    try:
        alert = defusedxml.ElementTree.fromstring(document, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise NoAlert("not XML") from None
    namespace, _, name = alert.tag.removeprefix("{").partition("}")
    if namespace not in _NAMESPACES or name != "alert":
        raise NoAlert("not a CAP alert")
    message = _field(alert, "msgType").lower()
    if not _is_for_the_public(_field(alert, "status"), _field(alert, "scope"), message):
        return None
    sent = iso_moment(_field(alert, "sent"))
    if sent is None:
        raise NoAlert("wrong type: sent")
    info = _english(alert)
    record = {
        "id": _alert_id(_field(alert, "sender"), _field(alert, "identifier")),
        "kind": "alert",
        "created_at": sent.isoformat(),
        "author": _field(info, "senderName") or _field(alert, "sender"),
        "text": text_of_alert(
            message=message,
            headline=_field(info, "headline") or _field(info, "event"),
            description=_field(info, "description"),
            instruction=_field(info, "instruction"),
            areas=", ".join(dict.fromkeys(_all(info, "area/areaDesc"))),
            expires=_field(info, "expires"),
        ),
        "lang": _field(info, "language") or None,
        "quote_of": _referenced(_field(alert, "references")),
        "url": web if (web := _field(info, "web")).startswith(("https://", "http://")) else url,
    }
    point = representative_point(_all(info, "area/polygon"), _all(info, "area/circle"))
    if point is not None:
        record["latitude"], record["longitude"] = point
    return {name: value for name, value in record.items() if value is not None}


def text_of_alert(
    *, message: str, headline: str, description: str = "", instruction: str = "", areas: str = "", expires: str = ""
) -> str:
    """A warning in plain sentences. `message` is its msgType; `expires` is as in the document."""
    until = iso_moment(expires)
    valid = f"Valid until {_in_words(until)}" if until else ""
    parts = (" ".join(part.split()) for part in (headline, description, instruction, areas, valid))
    sentences = [part if part.endswith((".", "!", "?")) else f"{part}." for part in parts if part]
    return _MESSAGES.get(message, "") + " ".join(sentences)


def representative_point(polygons: list[str], circles: list[str]) -> tuple[float, float] | None:
    """Latitude and longitude in degrees of a point inside the first polygon, else of the first circle's centre."""
    for polygon in polygons:
        corners = [pair.split(",") for pair in polygon.split()]
        try:
            ring = [(_degrees(longitude, 180), _degrees(latitude, 90)) for latitude, longitude in corners]
            area = shapely.Polygon(ring)
            # Repairing a hostile knot of lines could take very long; a hull is quick.
            point = (area if area.is_valid else area.convex_hull).representative_point()
        except (ValueError, shapely.errors.ShapelyError):
            continue
        if not point.is_empty:
            return point.y, point.x
    for circle in circles:
        latitude, _, longitude = circle.partition(" ")[0].partition(",")
        try:
            return _degrees(latitude, 90), _degrees(longitude, 180)
        except ValueError:
            continue
    return None


def is_for_the_public(status: str, message: str) -> bool:
    """Whether a warning in a feed's own fields is real and for everyone, as far as these fields say."""
    return _is_for_the_public(status or "Actual", "Public", message or "alert")


def _is_for_the_public(status: str, scope: str, message: str) -> bool:
    return status.lower() == "actual" and scope.lower() == "public" and message.lower() in _MESSAGES


def _english(alert: Element) -> Element:
    """The part of a warning in English, else its first."""
    parts = alert.findall("{*}info")
    if not parts:
        raise NoAlert("no info")
    return next((part for part in parts if _field(part, "language").lower().startswith("en")), parts[0])


def _referenced(references: str) -> str | None:
    """The newest of the messages that this one refers to, each written "sender,identifier,sent"."""
    named = [reference.split(",") for reference in references.split()]
    known = [(iso_moment(one[2]), one[0], one[1]) for one in named if len(one) == 3 and one[0] and one[1]]
    if not known:
        return None
    earliest = datetime.min.replace(tzinfo=UTC)
    _, sender, identifier = max(known, key=lambda one: one[0] or earliest)
    return _alert_id(sender, identifier)


def _alert_id(sender: str, identifier: str) -> str:
    """The id of a message. An identifier is unique only for its sender, so both are in it."""
    if not sender or not identifier:
        raise NoAlert("no id")
    if len(sender) + len(identifier) > _LONGEST_NAME or re.search(r"[\s,<&]", sender + identifier):
        raise NoAlert("wrong type: id")
    return f"cap:{sender},{identifier}"


def _in_words(when: datetime) -> str:
    local = when.astimezone(LONDON)
    return f"{local.day} {local:%b %Y, %H:%M}"


def _degrees(value: str, most: float) -> float:
    degrees = float(value)
    if not -most <= degrees <= most:
        raise ValueError("not on the globe")
    return degrees


def _field(element: Element, name: str) -> str:
    return " ".join((element.findtext(f"{{*}}{name}") or "").split())


def _all(element: Element, path: str) -> list[str]:
    wild = "/".join(f"{{*}}{step}" for step in path.split("/"))
    return [" ".join((found.text or "").split()) for found in element.findall(wild)]
