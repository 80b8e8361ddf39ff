"""Pin a caption to the moment that the bubbles show, and take one away again."""

from concurrent.futures import Future
from datetime import datetime

from dashboard.access import SystemAct
from dashboard.browser_input import moment
from dashboard.forms.form import After, Button, Drafts, Field, Form, Kind, Sent, Shape
from dashboard.services import Services
from dashboard.words import forms as words
from models.domain.acts import Annotation, Officer
from models.errors import Refused
from models.limits import LONGEST_CAPTION
from models.people.checks import checked_caption


def check(services: Services, sent: Sent) -> tuple[datetime, str]:
    services.check_incident(sent.about["incident"])
    pinned_to = moment(sent.about["moment"])
    if pinned_to is None:
        raise Refused({"text": words.NO_MOMENT_CHOSEN})
    return pinned_to, checked_caption(sent.texts["text"])


def save(services: Services, officer: Officer, sent: Sent, checked: tuple[datetime, str]) -> Future[Annotation]:
    pinned_to, text = checked
    rumour = sent.about["rumour"] or None
    return services.store.annotations.pin(
        sent.about["incident"], rumour, pinned_to, text, officer, request=sent.request
    )


def after(services: Services, sent: Sent, checked: tuple[datetime, str], pinned: Annotation) -> After:
    return After(announce=words.CAPTION_PINNED, acted={"incident": pinned.incident, "caption": pinned.id})


def check_away(services: Services, sent: Sent) -> str:
    services.check_incident(sent.about["incident"])
    return sent.about["caption"]


def take_away(services: Services, officer: Officer, sent: Sent, caption: str) -> Future[Annotation]:
    return services.store.annotations.take_away(sent.about["incident"], caption, officer, request=sent.request)


def after_away(services: Services, sent: Sent, caption: str, gone: Annotation) -> After:
    return After(announce=words.CAPTION_GONE, acted={"incident": gone.incident, "gone": gone.id})


FORM = Form(
    name="caption",
    shape=Shape.DIALOG,
    title=words.CAPTION_TITLE,
    intro=words.CAPTION_INTRO,
    about=("incident", "rumour", "moment"),
    drafts=Drafts(of=("incident", "rumour", "moment"), minutes=5, cancelled=True),
    fields=(Field(name="text", kind=Kind.LINE, label=words.CAPTION_TEXT, limit=LONGEST_CAPTION, spellcheck=True),),
    buttons=(Button("save", words.CAPTION_SAVE),),
    not_saved=words.CAPTION_NOT_SAVED,
    may=lambda sent: SystemAct.PIN_CAPTION,
    check=check,
    save=save,
    after=after,
)
AWAY = Form(
    name="caption-away",
    shape=Shape.BUTTON,
    title=words.CAPTION_AWAY,
    about=("incident", "caption"),
    not_saved=words.CAPTION_AWAY_NOT_SAVED,
    may=lambda sent: SystemAct.PIN_CAPTION,
    check=check_away,
    save=take_away,
    after=after_away,
)
