"""Save the bubbles as a picture or a short film, and say why. It is recorded before it is handed out."""

from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import timedelta

from dashboard.access import SystemAct
from dashboard.browser_input import moment, one_of
from dashboard.forms.form import After, Button, Field, Form, Kind, Option, Problems, Sent, Shape
from dashboard.forms.taking import incident_of, moment_in, ticket_for
from dashboard.publish.bubbles import BubblesAsked, PictureKind, bubbles_consultation, bubbles_file
from dashboard.services import Services
from dashboard.words import bubbles as words
from dashboard.words import export as export_words
from models.domain.acts import Consultation, Officer
from models.errors import Refused
from models.people.checks import checked_reason

# Below a second nothing is left to see.
LEAST_MINUTES, MOST_MINUTES = 1 / 60, 1_000_000.0


@dataclass(frozen=True, slots=True)
class Asked:
    bubbles: BubblesAsked
    reason: str


def check(services: Services, sent: Sent) -> Asked:
    incident, kind = incident_of(services, sent), one_of(PictureKind, sent.texts["kind"])
    shown, half_life = moment(sent.about["moment"]), _half_life(sent.about["half_life"])
    problems, reason = Problems() if kind else Problems(kind=words.CHOOSE_KIND), ""
    if shown is None or half_life is None:
        problems["kind"] = words.NO_PICTURE_SHOWN
    with problems.gathered():
        reason = checked_reason(sent.texts["reason"])
    problems.raise_any()
    rumour, past = sent.about["rumour"] or None, moment_in(services, sent)
    if not len(services.pictures.picture(incident.id, rumour, services.moment(past).as_of).times):
        raise Refused({"kind": words.EMPTY})
    return Asked(BubblesAsked(incident, rumour, kind, services.shown_as_of(past), shown, half_life), reason)


def save(services: Services, officer: Officer, sent: Sent, asked: Asked) -> Future[Consultation]:
    made = bubbles_consultation(asked.bubbles, officer, asked.reason)
    return services.store.consultations.record(made, request=sent.request)


def after(services: Services, sent: Sent, asked: Asked, made: Consultation) -> After:
    bubbles = replace(asked.bubbles, as_of=made.as_of)
    return ticket_for(
        services,
        bubbles_consultation(bubbles, made.officer, asked.reason),
        made,
        lambda: bubbles_file(services, bubbles),
    )


def _half_life(text: str) -> timedelta | None:
    try:
        minutes = float(text)
    except ValueError:
        return None
    return timedelta(minutes=minutes) if LEAST_MINUTES <= minutes <= MOST_MINUTES else None


FORM = Form(
    name="save-bubbles",
    shape=Shape.DIALOG,
    title=words.SAVE_TITLE,
    about=("incident", "rumour", "as_of", "moment", "half_life"),
    intro=export_words.INTRO,
    fields=(
        Field(
            name="kind",
            kind=Kind.ONE_OF,
            label=words.SAVE_KIND,
            options=[Option(one.value, words.SAVES[one.value]) for one in PictureKind],
            default=PictureKind.PNG.value,
        ),
        Field(name="reason", kind=Kind.LINE, label=export_words.WHY, hint=export_words.WHY_HINT),
    ),
    buttons=(Button("save", words.SAVE),),
    not_saved=words.NOT_TAKEN,
    may=lambda sent: SystemAct.REPORT,
    check=check,
    save=save,
    after=after,
)
