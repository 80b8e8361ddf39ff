"""Open an incident; change what it watches for and how long its posts are kept; close it and reopen it."""

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any

from dashboard.access import SystemAct
from dashboard.forms.form import After, Button, Drafts, Field, Form, Heading, Kind, Option, Problems, Sent, Shape
from dashboard.forms.incident_fields import incident_from
from dashboard.paths import INCIDENTS, Page, board_path, part_path, rooted
from dashboard.services import Services
from dashboard.words import forms as words
from dashboard.words import incidents as incidents_words
from models.domain.acts import Officer
from models.domain.incidents import Incident, Retention
from models.errors import Refused
from models.limits import LONGEST_NAME
from models.people.checks import checked_reason

SAVE, CLOSE, REOPEN = "save", "close", "reopen"
Asked = tuple[Incident, str]


def check_opening(services: Services, sent: Sent) -> Asked:
    return _asked(services, sent, None, _given(sent))


def check_change(services: Services, sent: Sent) -> Asked:
    existing = services.incident(sent.about["incident"])
    if existing is None:
        raise Refused({"incident": words.NO_SUCH_INCIDENT})
    if sent.press in (CLOSE, REOPEN):
        return _asked(services, sent, existing, {"closed": sent.press == CLOSE})
    return _asked(services, sent, existing, _changed(sent))


def _given(sent: Sent) -> dict[str, Any]:
    return {name: value for name, value in {**sent.texts, **sent.chosen}.items() if name != "reason"}


def _changed(sent: Sent) -> dict[str, Any]:
    """Only what was changed here: somebody else may have changed the rest meanwhile."""
    return {name: value for name, value in _given(sent).items() if name in sent.changed}


def _asked(services: Services, sent: Sent, existing: Incident | None, given: dict[str, Any]) -> Asked:
    """The incident and the reason. Raises Refused with the problems of both."""
    asked, reason, problems = existing, "", Problems()
    with problems.gathered():
        asked = incident_from(given, existing, services.clock.now())
    with problems.gathered():
        reason = checked_reason(sent.texts["reason"])
    problems.raise_any()
    return asked, reason


def save(services: Services, officer: Officer, sent: Sent, asked: Asked) -> Future[Incident]:
    incident, reason = asked
    # Each button of one opening of the form is a request of its own.
    request = f"{sent.request}:{sent.press}" if sent.request and sent.press != SAVE else sent.request
    return services.store.incidents.record(incident, officer, reason, request=request)


def after_opening(services: Services, sent: Sent, asked: Asked, made: Incident) -> After:
    if _stands(services, made, _given(sent)):
        return After(announce=incidents_words.saved(made, new=True), path=board_path(made.id))
    return After(announce=words.SAVED_BEFORE, path=part_path(made.id, Page.SETTINGS))


def after_change(services: Services, sent: Sent, asked: Asked, made: Incident) -> After:
    if sent.press in (CLOSE, REOPEN):
        return After(announce=incidents_words.settled(made), path=rooted(INCIDENTS))
    if _stands(services, made, _changed(sent)):
        return After(announce=incidents_words.saved(made, new=False), path=board_path(made.id))
    return After(again=words.SAVED_BEFORE)


def _stands(services: Services, made: Incident, given: dict[str, Any]) -> bool:
    """Whether what was made is what the form says; it may be what an earlier try said."""
    return incident_from(given, made, services.clock.now()) == made


def values_of(incident: Incident) -> dict[str, Any]:
    """What the form says of an incident as it stands, by field."""
    watch = incident.watch
    return {
        "name": incident.name,
        "purpose": incident.purpose,
        "lawful_basis": incident.lawful_basis,
        "terms": "\n".join(watch.terms),
        "languages": ", ".join(watch.languages),
        "accounts": "\n".join(watch.accounts),
        "sources": list(watch.sources),
        "area": watch.area or "",
        "retention": incident.retention.value,
    }


def source_options(configured: Sequence[str], chosen: Sequence[str] = ()) -> list[Option]:
    """The sources that can be chosen: those configured now, and those that an incident names already."""
    return [
        Option(name, name if name in configured else words.not_configured(name))
        for name in dict.fromkeys([*configured, *chosen])
    ]


def _reason(label: str) -> Field:
    return Field(name="reason", kind=Kind.LINE, label=label, hint=words.REASON_HINT)


FIELDS = (
    Field(name="name", kind=Kind.LINE, label=words.INCIDENT_NAME, hint=words.INCIDENT_NAME_HINT, limit=LONGEST_NAME),
    Field(name="purpose", kind=Kind.TEXT, label=words.PURPOSE, hint=words.PURPOSE_HINT, rows=2, spellcheck=True),
    Field(name="lawful_basis", kind=Kind.LINE, label=words.LAWFUL_BASIS),
    Heading(words.WATCHES, words.WATCHES_INTRO),
    # The checks of an incident bound these lists and the area.
    Field(name="terms", kind=Kind.TEXT, label=words.TERMS, hint=words.TERMS_HINT, limit=None, rows=4),
    Field(
        name="languages",
        kind=Kind.LINE,
        label=words.LANGUAGES,
        hint=words.LANGUAGES_HINT,
        limit=None,
        optional=True,
    ),
    Field(
        name="accounts",
        kind=Kind.TEXT,
        label=words.ACCOUNTS,
        hint=words.ACCOUNTS_HINT,
        limit=None,
        optional=True,
        rows=2,
    ),
    Field(
        name="sources",
        kind=Kind.ANY_OF,
        label=words.SOURCES,
        hint=words.SOURCES_HINT,
        optional=True,
        without_options=words.NO_SOURCES,
    ),
    Field(name="area", kind=Kind.TEXT, label=words.AREA, hint=words.AREA_HINT, limit=None, optional=True, rows=2),
    Heading(words.RETENTION_HEADING),
    Field(
        name="retention",
        kind=Kind.ONE_OF,
        label=words.RETENTION,
        hint=words.RETENTION_HINT,
        default=Retention.ROUTINE.value,
        options=[
            Option(one.value, word, incidents_words.RETENTION_MEANINGS[one])
            for one, word in incidents_words.RETENTIONS.items()
        ],
    ),
    Heading(words.RECORD_HEADING),
)

OPENING = Form(
    name="opening",
    shape=Shape.PAGE,
    title=words.INCIDENT_OPEN_TITLE,
    fields=(*FIELDS, _reason(words.OPENING_REASON)),
    drafts=Drafts(),
    buttons=(Button(SAVE, words.INCIDENT_OPEN),),
    beside=words.KEPT,
    not_saved=words.INCIDENT_NOT_SAVED,
    may=lambda sent: SystemAct.KEEP_INCIDENT,
    check=check_opening,
    save=save,
    after=after_opening,
)
CHANGE = Form(
    name="incident",
    shape=Shape.PAGE,
    # The page names the incident.
    title="",
    about=("incident",),
    fields=(*FIELDS, _reason(words.CHANGE_REASON)),
    drafts=Drafts(of=("incident",)),
    buttons=(
        Button(SAVE, words.INCIDENT_SAVE),
        Button(CLOSE, words.INCIDENT_CLOSE, words.ONLY_THIS),
        Button(REOPEN, words.INCIDENT_REOPEN, words.ONLY_THIS),
    ),
    beside=words.KEPT,
    not_saved=words.INCIDENT_NOT_SAVED,
    may=lambda sent: SystemAct.KEEP_INCIDENT,
    check=check_change,
    save=save,
    after=after_change,
)
