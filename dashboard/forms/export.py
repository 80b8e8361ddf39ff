"""Take something out of an incident: what, whether masked, and why. It is recorded before it is handed out."""

from concurrent.futures import Future
from dataclasses import dataclass, replace

from dashboard.access import SystemAct
from dashboard.browser_input import one_of
from dashboard.forms.form import After, Button, Field, Form, Kind, Option, Problems, Sent, Shape
from dashboard.forms.taking import incident_of, moment_in, ticket_for
from dashboard.publish.export import check_rumour, consultation, export
from dashboard.publish.selection import Format, Mask, Selection, act_for
from dashboard.services import Services
from dashboard.words import export as words
from models.domain.acts import Consultation, Officer
from models.people.checks import checked_reason

UNMASKED = "unmasked"


@dataclass(frozen=True, slots=True)
class Asked:
    selection: Selection
    format: Format
    reason: str


def may(sent: Sent) -> SystemAct:
    format = one_of(Format, sent.texts["format"])
    # Without a choice the form is refused for that; until then it is taken for the least.
    return act_for(format, unmasked=_unmasked(sent)) if format else SystemAct.REPORT


def check(services: Services, sent: Sent) -> Asked:
    incident, format = incident_of(services, sent), one_of(Format, sent.texts["format"])
    problems, reason = Problems() if format else Problems(format=words.CHOOSE_FORMAT), ""
    with problems.gathered():
        reason = checked_reason(sent.texts["reason"])
    problems.raise_any()
    selection = Selection(
        incident,
        services.shown_as_of(moment_in(services, sent)),
        rumour=sent.about["rumour"] or None,
        mask=None if _unmasked(sent) and not format.is_picture else Mask(),
        reader=services.reader(incident.id),
    )
    check_rumour(services.store, selection)
    return Asked(selection, format, reason)


def save(services: Services, officer: Officer, sent: Sent, asked: Asked) -> Future[Consultation]:
    made = consultation(asked.selection, asked.format, officer, asked.reason)
    return services.store.consultations.record(made, request=sent.request)


def after(services: Services, sent: Sent, asked: Asked, made: Consultation) -> After:
    # A second try is of the moment that the first one recorded.
    selection = replace(asked.selection, as_of=made.as_of)
    return ticket_for(
        services,
        consultation(selection, asked.format, made.officer, asked.reason),
        made,
        lambda: export(
            services.store, selection, asked.format, made.officer, made.reason, made_at=services.clock.now()
        ),
    )


def _unmasked(sent: Sent) -> bool:
    return UNMASKED in sent.chosen["handles"]


FORM = Form(
    name="export",
    shape=Shape.DIALOG,
    title=words.TITLE,
    about=("incident", "rumour", "as_of"),
    intro=words.INTRO,
    fields=(
        Field(
            name="format",
            kind=Kind.ONE_OF,
            label=words.FORMAT,
            options=[Option(one.value, *words.FORMATS[one.value]) for one in Format],
            default=Format.CSV.value,
        ),
        Field(
            name="handles",
            kind=Kind.ANY_OF,
            label=words.HANDLES,
            options=[Option(UNMASKED, words.UNMASKED, words.UNMASKED_HINT)],
        ),
        Field(name="reason", kind=Kind.LINE, label=words.WHY, hint=words.WHY_HINT),
    ),
    buttons=(Button("save", words.TAKE),),
    not_saved=words.NOT_TAKEN,
    may=may,
    check=check,
    save=save,
    after=after,
)
