"""Not the same claim: a small dialog that asks why two rumours are different."""

from concurrent.futures import Future

from dashboard.forms.act import acted, logged_before
from dashboard.forms.form import After, Button, Drafts, Edits, Field, Form, Kind, Sent, Shape
from dashboard.forms.sharing import SHARE_NOTE, is_shared
from dashboard.services import Services
from dashboard.words import same_claim as words
from models.domain.acts import Act, Decision, Officer
from models.people.checks import checked_reason, written
from models.people.soft_locks import Part


def check(services: Services, sent: Sent) -> str:
    services.check_incident(sent.about["incident"])
    return checked_reason(sent.texts["reason"])


def save(services: Services, officer: Officer, sent: Sent, reason: str) -> Future[Decision]:
    about = sent.about
    return services.store.acts.refuse(
        about["incident"], about["rumour"], about["other"], officer, reason, sent.request, shared=is_shared(sent)
    )


def after(services: Services, sent: Sent, reason: str, decision: Decision) -> After:
    services.show_at_once(decision.incident)
    earlier = decision.reason != written(reason)
    announced = logged_before(services, decision) if earlier else words.LOGGED
    return After(announce=announced, acted=acted(decision))


FORM = Form(
    name="refuse",
    shape=Shape.DIALOG,
    title=words.REFUSE_TITLE,
    # `claim` is that of the other rumour.
    about=("incident", "rumour", "claim", "other"),
    drafts=Drafts(of=("incident", "rumour", "other"), cancelled=True),
    intro=words.REFUSE_INTRO,
    fields=(Field(name="reason", kind=Kind.LINE, label=words.REFUSE_WHY, hint=words.REFUSE_WHY_HINT), SHARE_NOTE),
    buttons=(Button("save", words.REFUSE_SAVE),),
    beside=words.REFUSE_KEYS,
    edits=Edits(Part.FLOWS, Act.REFUSE),
    not_saved=words.REFUSE_NOT_SAVED,
    may=lambda sent: Act.REFUSE,
    check=check,
    save=save,
    after=after,
)
