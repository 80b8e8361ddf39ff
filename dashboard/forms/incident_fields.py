"""What people enter about an incident, on a form or in a command, made into the incident to record."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from dashboard.words import forms as words
from models.domain.ids import stable_id
from models.domain.incidents import Incident, Retention, Watch
from models.errors import Refused
from models.people.incidents import checked_incident, checked_watch
from models.text import storable

WORDS_FIELDS = ("name", "purpose", "lawful_basis")
WATCH_FIELDS = ("terms", "languages", "accounts", "sources", "area")
# A term may be a phrase with commas in it; nothing else may.
_BETWEEN: Mapping[str, re.Pattern[str]] = {
    "terms": re.compile(r"[\r\n]+"),
    "languages": re.compile(r"[\s,;]+"),
    "accounts": re.compile(r"[\s,;]+"),
    "sources": re.compile(r"[\r\n,]+"),
    **dict.fromkeys(("acted_on_by", "seen_by", "other_services"), re.compile(r"[\r\n]+")),
}


def incident_from(fields: Mapping[str, Any], existing: Incident | None, now: datetime) -> Incident:
    """The incident that `fields` ask for: a new one opened at `now`, or the next version of `existing`.

    A field that is absent stays as it is, and is empty in a new incident. `terms`, `languages`, `accounts` and
    `sources` are lists of texts, or one text with a term a line; `area` is GeoJSON; `retention` one of routine,
    major, inquiry; `of_service` a service; `acted_on_by` and `seen_by` lists of services, `other_services` more of
    the latter; `closed` true closes the incident at `now`, false opens it again; `exercise` is read for a new
    incident only. Raises Refused with every problem at once, by field.
    """
    problems: dict[str, str] = {}

    def field(name: str, read: Callable[[str, Any], Any], stands: Any) -> Any:
        try:
            return read(name, fields[name]) if name in fields else stands
        except Refused as refused:
            problems.update(refused.problems)
            return stands

    before = existing or Incident("", "", "", "", exercise=field("exercise", _truth, False), opened_at=now)
    closed = field("closed", _truth, before.closed_at is not None)
    incident = replace(
        before,
        **{name: field(name, _text, getattr(before, name)) for name in WORDS_FIELDS},
        closed_at=(before.closed_at or now) if closed else None,
        retention=field("retention", _retention, before.retention),
        watch=Watch(**{name: field(name, _READ[name], getattr(before.watch, name)) for name in WATCH_FIELDS}),
        of_service=field("of_service", _text, before.of_service),
        acted_on_by=field("acted_on_by", _listed, before.acted_on_by),
        seen_by=(
            *field("seen_by", _listed, before.seen_by),
            *field("other_services", _listed, ()),
        ),
    )
    try:
        checked = checked_incident(incident)
    except Refused as refused:
        problems = {**refused.problems, **problems}
    if problems:
        raise Refused(problems)
    if existing is not None:
        return checked
    # Two services may open one of the same name at the same time.
    owner = [checked.of_service] if checked.of_service else []
    return replace(checked, id=stable_id("incident", checked.name, now.isoformat(), *owner))


def watch_from(fields: Mapping[str, Any]) -> Watch:
    """What `fields` ask to watch for, as in `incident_from`. Raises Refused with every problem at once, by field."""
    return checked_watch(Watch(**{name: _READ[name](name, fields[name]) for name in WATCH_FIELDS if name in fields}))


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused({name: words.NOT_TEXT})
    return storable(value)


def _listed(name: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, list | tuple):
        parts = [_text(name, one) for one in value]
    else:
        parts = _BETWEEN[name].split(_text(name, value))
    return tuple(part for part in parts if part.strip())


def _area(name: str, value: Any) -> str | None:
    return _text(name, value).strip() or None


_READ: Mapping[str, Callable[[str, Any], Any]] = {**dict.fromkeys(WATCH_FIELDS, _listed), "area": _area}


def _retention(name: str, value: Any) -> Retention:
    found = next((one for one in Retention if one.value == value), None)
    if found is None:
        raise Refused({name: words.choose_retention(Retention)})
    return found


def _truth(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise Refused({name: words.NOT_TRUE_OR_FALSE})
    return value
