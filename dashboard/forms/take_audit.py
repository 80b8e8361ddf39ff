"""Take entries of the audit out: those that the filters choose, in which form, and why. That is entered first."""

from concurrent.futures import Future
from dataclasses import dataclass

from dashboard.access import SystemAct
from dashboard.forms.form import After, Button, Field, Form, Kind, Option, Problems, Sent, Shape
from dashboard.publish.audit import FORMATS
from dashboard.publish.tickets import Download
from dashboard.services import Services
from dashboard.signed_in import required
from dashboard.views.audit import AuditQuestion, question_in, search_of, seen
from dashboard.words import audit as audit_words
from dashboard.words import audit_screen as words
from dashboard.words import export as export_words
from models.domain.acts import Officer
from models.domain.audit import AuditEntry, AuditFilter, AuditKind, AuditNote
from models.people.checks import checked_reason


@dataclass(frozen=True, slots=True)
class Asked:
    which: AuditFilter
    format: str
    reason: str


def check(services: Services, sent: Sent) -> Asked:
    format = sent.texts["format"]
    problems, reason = Problems() if format in FORMATS else Problems(format=audit_words.NO_SUCH_FORMAT), ""
    with problems.gathered():
        reason = checked_reason(sent.texts["reason"])
    problems.raise_any()
    which = seen(services.store, question_in(sent.about["filters"]).which, SystemAct.EXPORT_AUDIT)
    return Asked(which, format, reason)


def save(services: Services, officer: Officer, sent: Sent, asked: Asked) -> Future[AuditEntry]:
    """Which entries were taken is said as the address of the screen says it."""
    what = audit_words.EXPORT.format(format=asked.format)
    chosen = search_of(AuditQuestion(asked.which)) or None
    note = AuditNote(AuditKind.CONSULTATION, what, officer, asked.which.incident, chosen, asked.reason)
    return services.store.audit.note(note)


def after(services: Services, sent: Sent, asked: Asked, made: AuditEntry) -> After:
    media_type, pieces = FORMATS[asked.format]

    def download() -> Download:
        return Download(f"audit.{asked.format}", media_type, pieces(services.store, asked.which, made.number))

    ticket = services.tickets.issue(required().session.id, download)
    return After(announce=export_words.RECORDED, keep={"ticket": ticket})


FORM = Form(
    name="take-audit",
    shape=Shape.DIALOG,
    title=words.TAKE_TITLE,
    about=("incident", "filters"),
    intro=words.TAKE_INTRO,
    fields=(
        Field(
            name="format",
            kind=Kind.ONE_OF,
            label=words.FORMAT,
            options=[Option(one, words.FORMATS[one]) for one in FORMATS],
            default="csv",
        ),
        Field(name="reason", kind=Kind.LINE, label=words.WHY, hint=words.WHY_HINT),
    ),
    buttons=(Button("save", words.TAKE),),
    not_saved=words.NOT_TAKEN,
    may=lambda sent: SystemAct.EXPORT_AUDIT,
    check=check,
    save=save,
    after=after,
)
