"""Open an incident; change what it watches for and how long its posts are kept; close it and reopen it."""

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any

from dashboard.access import SystemAct, acting
from dashboard.forms.form import After, Button, Drafts, Field, Form, Heading, Kind, Option, Problems, Sent, Shape
from dashboard.forms.incident_fields import incident_from
from dashboard.paths import INCIDENTS, Page, board_path, part_path, rooted
from dashboard.services import Services
from dashboard.words import forms as words
from dashboard.words import incidents as incidents_words
from dashboard.words import services as services_words
from models.domain.acts import Officer
from models.domain.incidents import Incident, Retention
from models.errors import Refused
from models.limits import LONGEST_NAME
from models.people.checks import checked_reason
from models.text import one_line

SAVE, CLOSE, REOPEN = "save", "close", "reopen"
Asked = tuple[Incident, str]


def check_opening(services: Services, sent: Sent) -> Asked:
    # It belongs to the service that opens it.
    owner = acting(SystemAct.KEEP_INCIDENT).service
    return _asked(services, sent, None, {**_given(services, sent), "of_service": owner})


def check_change(services: Services, sent: Sent) -> Asked:
    existing = services.incident(sent.about["incident"])
    if existing is None:
        raise Refused({"incident": words.NO_SUCH_INCIDENT})
    if sent.press in (CLOSE, REOPEN):
        return _asked(services, sent, existing, {"closed": sent.press == CLOSE})
    changed = _changed(services, sent)
    _check_owner(services, existing, changed.get("of_service", existing.of_service))
    return _asked(services, sent, existing, changed)


def _check_owner(services: Services, existing: Incident, owner: str) -> None:
    """Raises Refused for another owner than it has, and for one whose people are not here: none would see it."""
    if owner == existing.of_service:
        return
    if existing.of_service:
        raise Refused({"of_service": services_words.NOT_HANDED_OVER})
    if owner not in services.known_services():
        raise Refused({"of_service": services_words.UNKNOWN_OWNER})


def _given(services: Services, sent: Sent) -> dict[str, Any]:
    given = {name: value for name, value in {**sent.texts, **sent.chosen}.items() if name != "reason"}
    # A service that has people here is written as they are.
    known = {one.casefold(): one for one in services.known_services()}
    others = [one_line(line) for line in given["other_services"].splitlines()]
    return {**given, "other_services": [known.get(one.casefold(), one) for one in others]}


def _changed(services: Services, sent: Sent) -> dict[str, Any]:
    """Only what was changed here: somebody else may have changed the rest meanwhile."""
    return {name: value for name, value in _given(services, sent).items() if name in sent.changed}


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
    if _stands(services, made, _given(services, sent)):
        return After(announce=incidents_words.saved(made, new=True), path=board_path(made.id))
    return After(announce=words.SAVED_BEFORE, path=part_path(made.id, Page.SETTINGS))


def after_change(services: Services, sent: Sent, asked: Asked, made: Incident) -> After:
    if sent.press in (CLOSE, REOPEN):
        return After(announce=incidents_words.settled(made), path=rooted(INCIDENTS))
    if _stands(services, made, _changed(services, sent)):
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
        "of_service": incident.of_service,
        "acted_on_by": list(incident.acted_on_by),
        "seen_by": list(incident.seen_by),
    }


def owner_options(known: Sequence[str], incident: Incident) -> list[Option]:
    """Whose it may become: while it is nobody's, any service that has people here."""
    if incident.of_service:
        return [Option(incident.of_service, incident.of_service)]
    return [Option("", services_words.NO_OWNER), *(Option(one, one) for one in known)]


def partner_options(known: Sequence[str], owner: str, incident: Incident | None = None) -> list[Option]:
    """Whom it may be shared with: the others that have people here, and those that it is shared with already."""
    shared = (*incident.acted_on_by, *incident.seen_by) if incident else ()
    return [Option(one, one) for one in sorted({*known, *shared} - {owner})]


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
)
SHARING = (
    Field(
        name="acted_on_by",
        kind=Kind.ANY_OF,
        label=services_words.ACTS,
        hint=services_words.ACTS_HINT,
        optional=True,
        without_options=services_words.NO_OTHER_SERVICE,
    ),
    Field(
        name="seen_by",
        kind=Kind.ANY_OF,
        label=services_words.SEES,
        hint=services_words.SEES_HINT,
        optional=True,
        without_options=services_words.NO_OTHER_SERVICE,
    ),
    Field(
        name="other_services",
        kind=Kind.TEXT,
        label=services_words.OTHERS,
        hint=services_words.OTHERS_HINT,
        limit=None,
        optional=True,
        rows=2,
    ),
    Heading(words.RECORD_HEADING),
)
_SHARING_HEADING = Heading(services_words.SHARING, services_words.SHARING_INTRO)
_OWNER = Field(
    name="of_service",
    kind=Kind.ONE_OF,
    label=services_words.OWNER,
    hint=services_words.OWNER_HINT,
    options=[Option("", services_words.NO_OWNER)],
)

OPENING = Form(
    name="opening",
    shape=Shape.PAGE,
    title=words.INCIDENT_OPEN_TITLE,
    fields=(*FIELDS, _SHARING_HEADING, *SHARING, _reason(words.OPENING_REASON)),
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
    fields=(*FIELDS, _SHARING_HEADING, _OWNER, *SHARING, _reason(words.CHANGE_REASON)),
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
