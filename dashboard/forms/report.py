"""Save the incident report: which parts, as HTML or PDF, and why. It is recorded before it is handed out."""

from concurrent.futures import Future
from dataclasses import dataclass, replace

from dashboard.access import SystemAct
from dashboard.browser_input import one_of
from dashboard.forms.form import After, Button, Field, Form, Option, Problems, Sent, Shape
from dashboard.forms.form import Kind as FieldKind
from dashboard.forms.taking import incident_of, moment_in, ticket_for
from dashboard.publish.pdf import require_pdf
from dashboard.publish.report import Kind, report_consultation, report_file
from dashboard.publish.selection import Selection
from dashboard.services import Services
from dashboard.views.report import Section
from dashboard.words import report as words
from models.domain.acts import Consultation, Officer
from models.people.checks import checked_reason

# The fields' initial values: every part.
EVERYTHING = {"sections": [section.value for section in Section]}
_PDF = "pdf"


@dataclass(frozen=True, slots=True)
class Asked:
    selection: Selection
    kind: Kind
    sections: tuple[Section, ...]
    reason: str


def check(services: Services, sent: Sent) -> Asked:
    sections = tuple(one for name in sent.chosen["sections"] if (one := one_of(Section, name)))
    problems, reason = Problems() if sections else Problems(sections=words.CHOOSE_SECTION), ""
    with problems.gathered():
        reason = checked_reason(sent.texts["reason"])
    if sent.press == _PDF:
        with problems.gathered():
            require_pdf()
    problems.raise_any()
    incident, as_of = incident_of(services, sent), services.shown_as_of(moment_in(services, sent))
    selection = Selection(incident, as_of, reader=services.reader(incident.id))
    return Asked(selection, "pdf" if sent.press == _PDF else "html", sections, reason)


def save(services: Services, officer: Officer, sent: Sent, asked: Asked) -> Future[Consultation]:
    made = report_consultation(asked.selection, asked.kind, asked.sections, officer, asked.reason)
    # Each button of one opening of the form is a request of its own.
    return services.store.consultations.record(made, request=f"{sent.request}:{asked.kind}" if sent.request else None)


def after(services: Services, sent: Sent, asked: Asked, made: Consultation) -> After:
    selection = replace(asked.selection, as_of=made.as_of)
    return ticket_for(
        services,
        report_consultation(selection, asked.kind, asked.sections, made.officer, asked.reason),
        made,
        lambda: report_file(
            services.store,
            selection,
            asked.kind,
            asked.sections,
            made.officer,
            made.reason,
            made_at=services.clock.now(),
        ),
        otherwise=words.TAKEN_BEFORE,
    )


FORM = Form(
    name="report",
    shape=Shape.PAGE,
    title="",
    about=("incident", "as_of"),
    fields=(
        Field(
            name="sections",
            kind=FieldKind.ANY_OF,
            label=words.SECTIONS_LABEL,
            options=[Option(section.value, words.SECTIONS[section]) for section in Section],
        ),
        Field(name="reason", kind=FieldKind.LINE, label=words.WHY, hint=words.WHY_HINT),
    ),
    buttons=(Button("html", words.TAKE_HTML), Button(_PDF, words.TAKE_PDF)),
    beside=words.BESIDE,
    not_saved=words.NOT_TAKEN,
    may=lambda sent: SystemAct.REPORT,
    check=check,
    save=save,
    after=after,
)
