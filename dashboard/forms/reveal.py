"""Reveal the author of a post: why, and under which authorisation. It is recorded, then shown once, for a minute."""

from concurrent.futures import Future
from dataclasses import dataclass
from datetime import timedelta

from dashboard.access import SystemAct
from dashboard.forms.form import After, Button, Field, Form, Kind, Option, Problems, Sent, Shape
from dashboard.services import Services
from dashboard.signed_in import required
from dashboard.views.reveal import REVEAL, Unmasked, read_unmasked, was_revealed
from dashboard.words import reveal as words
from models.domain.acts import Consultation, Officer
from models.errors import Refused
from models.people.checks import checked_reason, written

AUTHORISED = "yes"
# No post has a number of more digits.
LONGEST_NUMBER = 18


@dataclass(frozen=True, slots=True)
class Asked:
    incident: str
    number: int
    post: Unmasked
    reason: str
    is_authorised: bool


def check(services: Services, sent: Sent) -> Asked:
    incident = sent.about["incident"]
    services.check_incident(incident)
    number = _number(sent.about["post"])
    post = read_unmasked(services.store, incident, number)
    if post is None:
        raise Refused({"post": words.NO_POST})
    if post.text is None:
        raise Refused({"post": words.REMOVED})
    problems, reason = Problems(), ""
    authorised, reference = AUTHORISED in sent.chosen["authorised"], written(sent.texts["reference"])
    if authorised and not reference:
        problems["reference"] = words.NO_REFERENCE
    with problems.gathered():
        _check_first_look(services, sent, incident, post, is_authorised=authorised)
    with problems.gathered():
        reason = checked_reason(sent.texts["reason"])
        reason = checked_reason(words.with_reference(reason, reference)) if authorised else reason
    problems.raise_any()
    return Asked(incident, number, post, reason, authorised)


def save(services: Services, officer: Officer, sent: Sent, asked: Asked) -> Future[Consultation]:
    now = services.clock.now()
    made = Consultation(asked.incident, REVEAL, asked.post.id, now, officer, asked.reason)
    return services.store.consultations.record(made, request=sent.request)


def after(services: Services, sent: Sent, asked: Asked, made: Consultation) -> After:
    is_same = (made.what, made.filter, made.reason) == (REVEAL, asked.post.id, asked.reason)
    if not is_same or services.clock.now() - made.recorded_at > timedelta(seconds=words.SHOWN_SECONDS):
        return After(again=words.USED)
    # Somebody may have revealed the same author since this form was checked: the second of the two is not shown.
    recorded_at = made.recorded_at
    if not asked.is_authorised and was_revealed(
        services.store, asked.incident, asked.post, recorded_at, sent.request, before=recorded_at
    ):
        return After(again=_seek_authorisation(services))
    ticket = services.reveals.issue(
        required().session.id,
        lambda: (
            read_unmasked(services.store, asked.incident, asked.number) if services.knows(asked.incident) else None
        ),
    )
    return After(announce=words.RECORDED, keep={"reveal": ticket})


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER):
        raise Refused({"post": words.NO_POST})
    return int(text)


def _check_first_look(services: Services, sent: Sent, incident: str, post: Unmasked, *, is_authorised: bool) -> None:
    """Raises Refused where this author was revealed before and nobody says who authorised another look."""
    now = services.clock.now()
    if not is_authorised and was_revealed(services.store, incident, post, now, sent.request):
        raise Refused({"authorised": _seek_authorisation(services)})


def _seek_authorisation(services: Services) -> str:
    return words.seek_authorisation(services.settings.people.authorising_officer)


FORM = Form(
    name="reveal",
    shape=Shape.DIALOG,
    title=words.TITLE,
    intro=words.INTRO,
    about=("incident", "post"),
    fields=(
        Field(name="reason", kind=Kind.LINE, label=words.REASON, hint=words.REASON_HINT),
        Field(
            name="authorised",
            kind=Kind.ANY_OF,
            label=words.AUTHORISED,
            options=[Option(AUTHORISED, words.AUTHORISED_OPTION, words.AUTHORISED_HINT)],
        ),
        Field(name="reference", kind=Kind.LINE, label=words.REFERENCE, optional=True, limit=200),
    ),
    buttons=(Button("save", words.SAVE),),
    not_saved=words.NOT_SAVED,
    may=lambda sent: SystemAct.REVEAL,
    check=check,
    save=save,
    after=after,
)
