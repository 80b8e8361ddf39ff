"""Log a sighting: what somebody reported by telephone, by radio or in the street, written down as a post."""

from concurrent.futures import Future
from datetime import datetime

from dashboard.access import SystemAct
from dashboard.browser_input import one_of
from dashboard.forms.form import NOW, After, Button, Drafts, Field, Form, Kind, Option, Problems, Sent, Shape
from dashboard.forms.sharing import is_shared, share_note
from dashboard.services import Services
from dashboard.words import forms as words
from dashboard.words import services as services_words
from dashboard.words.masking import masked
from models.domain.acts import Officer
from models.domain.sightings import HeardBy, Sighting, SightingDraft
from models.people.checks import checked_sighting


def check(services: Services, sent: Sent) -> SightingDraft:
    services.check_incident(sent.about["incident"])
    return draft_from(sent, services.clock.now())


def draft_from(sent: Sent, now: datetime) -> SightingDraft:
    """The draft that the form says. Raises Refused with every problem at once, by field."""
    heard_by = one_of(HeardBy, sent.texts["heard_by"])
    problems = Problems() if heard_by else Problems(heard_by=words.CHOOSE_HEARD_BY)
    draft = SightingDraft(
        text=sent.texts["text"],
        # Where a field is wrong a stand-in takes its place, so that the others are checked in the same go.
        heard_by=heard_by or HeardBy.OTHER,
        heard_at=sent.times.get("heard_at", now),
        reliability=sent.texts["reliability"],
        place=sent.texts["place"],
        shared=is_shared(sent),
    )
    with problems.gathered():
        draft = checked_sighting(draft, now=now)
    problems.raise_any()
    return draft


def save(services: Services, officer: Officer, sent: Sent, draft: SightingDraft) -> Future[Sighting]:
    return services.store.acts.log_sighting(sent.about["incident"], draft, officer, request=sent.request)


def after(services: Services, sent: Sent, draft: SightingDraft, sighting: Sighting) -> After:
    if sighting.draft != draft:
        return After(again=words.HEARD_BEFORE)
    return After(announce=words.sighting_logged(masked(sighting.draft.text)))


FORM = Form(
    name="sighting",
    shape=Shape.DRAWER,
    title=words.SIGHTING_TITLE,
    intro=words.SIGHTING_INTRO,
    about=("incident",),
    drafts=Drafts(of=("incident",)),
    fields=(
        Field(name="text", kind=Kind.TEXT, label=words.HEARD_TEXT, hint=words.HEARD_TEXT_HINT, spellcheck=True),
        Field(
            name="heard_by",
            kind=Kind.ONE_OF,
            label=words.HEARD_BY_LABEL,
            options=[Option(one.value, word) for one, word in words.HEARD_BY.items()],
        ),
        Field(name="heard_at", kind=Kind.TIME, label=words.HEARD_AT, default=NOW),
        Field(name="place", kind=Kind.LINE, label=words.PLACE, hint=words.PLACE_HINT, optional=True),
        Field(name="reliability", kind=Kind.LINE, label=words.RELIABILITY, hint=words.RELIABILITY_HINT),
        share_note(services_words.RELIABILITY_NOTE),
    ),
    buttons=(Button("save", words.SIGHTING_SAVE),),
    beside=words.SIGHTING_BESIDE,
    not_saved=words.SIGHTING_NOT_SAVED,
    may=lambda sent: SystemAct.LOG_SIGHTING,
    check=check,
    save=save,
    after=after,
)
