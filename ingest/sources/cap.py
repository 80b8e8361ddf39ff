"""CAP 1.0 to 1.2, the Common Alerting Protocol: a document of official warnings → records of kind alert.

A document holds one warning, several in `alerts`, or those that an EDXL-DE message carries. Profiles differ in
namespaces and in the spelling of names, so names are compared without either. A test, an exercise or a draft is told
as such; what is not for the public, and what only acknowledges a message, is not kept. An update or a cancellation is
a post of its own that quotes the earlier warning, so that both keep their words.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element

from ingest.sources.cap_areas import outlines_of, representative_point
from ingest.sources.cap_message import Message, Part, first_moment, in_order, words_of
from ingest.sources.feed_dates import feed_moment
from ingest.sources.strict_xml import NotRead, NotWellFormed, local_name, mended, namespace, tree_of

# Roots of documents of warnings.
ROOTS = ("alert", "alerts", "edxldistribution")

# Other spellings of a field's name, without marks between words.
_SPELLINGS = {"messagetype": "msgtype", "areadescription": "areadesc", "response": "responsetype", "lang": "language"}
_FIELDS = (
    *("identifier", "sender", "sent", "status", "msgtype", "scope", "note", "references", "language", "event"),
    *("headline", "description", "instruction", "responsetype", "urgency", "severity", "certainty", "effective"),
    *("onset", "expires", "sendername", "web", "areadesc", "polygon", "circle"),
)
_NAMESPACE = re.compile(r"emergency:(?:cap|alerts)|incident\.com/cap", re.IGNORECASE)
_LONGEST_NAME = 500

Fields = dict[str, list[str]]


class NoAlert(ValueError):
    """A document that is no warning. The message is the dead letter's reason."""


class NotForThePublic(NoAlert):
    """A warning that is not kept, and of which nothing is shown."""


def records_of(document: bytes, url: str) -> list[dict[str, Any] | NoAlert]:
    """Of each warning in a document from `url` its record, or why it has none. Raises NoAlert for no warnings."""
    try:
        root = _read(document)
    except NotWellFormed as fault:
        raise NoAlert(f"not well-formed XML ({fault})") from None
    except NotRead as fault:
        raise NoAlert(str(fault)) from None
    alerts = _alerts_in(root)
    if not alerts:
        raise NoAlert("not a CAP alert")
    # A wrapper may say that all it carries is but an exercise.
    wrapped = (
        _fields(root.iter()).get("distributionstatus", [""])[0] if local_name(root) == "edxldistribution" else ""
    )
    return [_record_or_why(alert, url, wrapped) for alert in alerts]


def record_of(alert: Element, url: str, *, wrapped_status: str = "") -> dict[str, Any]:
    """The record of one `alert` element. `wrapped_status` is that of the message around it. Raises NoAlert."""
    about = _fields(alert)
    _check_is_public(about)
    kind = _kind(about)
    sent = feed_moment(_first(about, "sent"))
    if sent is None:
        raise NoAlert("wrong type: sent")
    parts = in_order([part_of(_fields(info.iter())) for info in alert if local_name(info) == "info"])
    note = _first(about, "note")
    if not parts and not note and kind in ("alert", "update"):
        raise NoAlert("no info")
    references = _references(_first(about, "references"))
    stated = _first(about, "status").lower() or "actual"
    message = Message(
        kind=kind,
        status=wrapped_status.lower() if stated == "actual" and wrapped_status else stated,
        note=note,
        parts=parts,
        about=tuple(sent for _, sent in references),
    )
    record = {
        "id": _alert_id(_first(about, "sender"), _first(about, "identifier")),
        "kind": "alert",
        "created_at": sent.isoformat(),
        "author": next((part.sender_name for part in parts if part.sender_name), _first(about, "sender")),
        "text": words_of(message),
        "lang": (parts[0].language if parts else "") or None,
        "quote_of": references[0][0] if references else None,
        "url": next((part.web for part in parts if part.web.startswith(("https://", "http://"))), url),
    }
    return {name: value for name, value in (record | places_of(parts)).items() if value is not None}


def part_of(fields: Fields) -> Part:
    """One part of a warning by its fields, each a list of values as they came."""
    return Part(
        language=_first(fields, "language"),
        event=_first(fields, "event"),
        headline=_first(fields, "headline"),
        description=_first(fields, "description", squeezed=False),
        instruction=_first(fields, "instruction", squeezed=False),
        responses=tuple(fields.get("responsetype", ())),
        urgency=_first(fields, "urgency"),
        severity=_first(fields, "severity"),
        certainty=_first(fields, "certainty"),
        begins=_first(fields, "onset") or _first(fields, "effective"),
        expires=_first(fields, "expires"),
        sender_name=_first(fields, "sendername"),
        web=_first(fields, "web"),
        areas=tuple(fields.get("areadesc", ())),
        polygons=tuple(fields.get("polygon", ())),
        circles=tuple(fields.get("circle", ())),
        geocodes=tuple(fields.get("geocode", ())),
    )


def places_of(parts: Iterable[Part]) -> dict[str, Any]:
    """The fields of a record that say where its parts are: a place in the first, and the outlines of all."""
    outlines = [outline for part in parts for outline in outlines_of(part.polygons, part.circles)]
    point = next((point for one in outlines if (point := representative_point(one)) is not None), None)
    if point is None:
        return {}
    corners = [[list(corner) for corner in outline] for outline in outlines]
    return {"latitude": point[0], "longitude": point[1], "outlines": corners}


def fields_of_entry(entry: Element, *, in_any_namespace: bool) -> Fields:
    """The fields of CAP that an entry of a feed has, wherever in it they stand."""
    elements = (one for one in entry.iter() if in_any_namespace or _NAMESPACE.search(namespace(one)))
    return {name: values for name, values in _fields(elements).items() if name in _FIELDS}


def alert_in_entry(entry: Element) -> Element | None:
    """The whole warning that an entry of a feed holds, or None."""
    return next((alert for alert in _alerts_in(entry) if any(local_name(one) == "info" for one in alert)), None)


def named(name: str) -> str | None:
    """The field of CAP that a name in any spelling means, or None."""
    name = re.sub(r"[\W_]", "", name).lower()
    name = _SPELLINGS.get(name, name)
    return name if name in _FIELDS else None


def is_cap_namespace(uri: str) -> bool:
    return _NAMESPACE.search(uri) is not None


def message_of_entry(fields: Fields, part: Part) -> Message:
    """The warning that an entry's fields make. Raises NotForThePublic."""
    _check_is_public(fields)
    return Message(
        kind=_kind(fields),
        status=_first(fields, "status").lower() or "actual",
        parts=(part,),
        about=tuple(sent for _, sent in _references(_first(fields, "references"))),
    )


def sent_at(fields: Fields) -> datetime | None:
    return first_moment(_first(fields, "sent"))


def _read(document: bytes) -> Element:
    try:
        return tree_of(document)
    except NotWellFormed:
        # One bare ampersand must not hide a warning.
        return tree_of(mended(document))


def _record_or_why(alert: Element, url: str, wrapped_status: str) -> dict[str, Any] | NoAlert:
    try:
        return record_of(alert, url, wrapped_status=wrapped_status)
    except NoAlert as fault:
        return fault


def _alerts_in(root: Element) -> list[Element]:
    """The warnings in a tree, also one that stands in it as text."""
    alerts = [one for one in root.iter() if local_name(one) == "alert" and len(one)]
    if alerts:
        return alerts
    texts = [one.text.strip() for one in root.iter() if one.text and one.text.lstrip().startswith("<")]
    trees = [tree for text in texts if ":cap:" in text and (tree := _tree_or_none(text)) is not None]
    return [one for tree in trees for one in tree.iter() if local_name(one) == "alert" and len(one)]


def _tree_or_none(text: str) -> Element | None:
    try:
        # A declaration inside a text states the encoding that the text had before.
        return _read(re.sub(r"^<\?xml.*?\?>", "", text, flags=re.DOTALL).encode())
    except NotRead:
        return None


def _check_is_public(fields: Fields) -> None:
    scope = _first(fields, "scope") or "Public"
    if scope.lower() != "public":
        raise NotForThePublic(f"not for the public (scope {scope[:20]}), so not kept")
    if _kind(fields) == "ack":
        raise NotForThePublic("acknowledges another message (type Ack), so not kept")


def _kind(fields: Fields) -> str:
    """The type of a message, as the standard writes it but in lower case: a Cancelled is a cancel."""
    stated = _first(fields, "msgtype").lower() or "alert"
    return next((kind for kind in ("alert", "update", "cancel", "ack", "error") if stated.startswith(kind)), stated)


def _references(references: str) -> list[tuple[str, str]]:
    """The messages that this one refers to, "sender,identifier,sent" each, as id and time; the newest first."""
    known = [
        (_alert_id(one[0], one[1]), one[2])
        for reference in references.split()
        if len(one := reference.split(",")) == 3 and one[0] and one[1]
    ]
    earliest = datetime.min.replace(tzinfo=UTC)
    return sorted(known, key=lambda one: feed_moment(one[1]) or earliest, reverse=True)


def _alert_id(sender: str, identifier: str) -> str:
    """The id of a message. An identifier is unique only for its sender, so both are in it."""
    if not sender or not identifier:
        raise NoAlert("no id")
    if len(sender) + len(identifier) > _LONGEST_NAME:
        raise NoAlert("wrong type: id")
    # Some services write marks that the standard forbids here.
    sender, identifier = (re.sub(r"[\s,<&]+", "_", name) for name in (sender, identifier))
    return f"cap:{sender},{identifier}"


def _fields(elements: Iterable[Element]) -> Fields:
    fields: Fields = {}
    for element in elements:
        name = local_name(element)
        text = "".join(element.itertext()) if name == "geocode" else element.text or ""
        if value := text.strip():
            fields.setdefault(_SPELLINGS.get(name, name), []).append(value)
    return fields


def _first(fields: Fields, name: str, *, squeezed: bool = True) -> str:
    value = next(iter(fields.get(name, ())), "")
    return " ".join(value.split()) if squeezed else value
