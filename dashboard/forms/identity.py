"""Who am I: asked when something is first sent, kept in this browser, recorded as asserted."""

from dashboard.access import officer_from
from dashboard.forms.form import After, Button, Field, Form, Kind, Option, Sent, Shape
from dashboard.services import Services
from dashboard.words import acts as acts_words
from dashboard.words import forms as words
from dashboard.words import frame as frame_words
from models.domain.acts import Officer
from models.limits import LONGEST_NAME


def check(services: Services, sent: Sent) -> Officer:
    return officer_from(sent.texts)


def after(services: Services, sent: Sent, officer: Officer, made: None) -> After:
    return After(keep={"name": officer.name, "role": officer.role})


FORM = Form(
    name="identity",
    shape=Shape.DIALOG,
    title=frame_words.WHO,
    intro=words.WHO_INTRO,
    fields=(
        Field(name="name", kind=Kind.LINE, label=words.WHO_NAME, limit=LONGEST_NAME, autocomplete="name"),
        Field(
            name="role",
            kind=Kind.ONE_OF,
            label=words.WHO_ROLE,
            options=[Option(role.value, word) for role, word in acts_words.ROLES.items()],
        ),
    ),
    buttons=(Button("save", words.WHO_SAVE),),
    beside=words.WHO_KEYS,
    not_saved=words.WHO_NOT_SAVED,
    may=None,
    check=check,
    save=None,
    after=after,
)
