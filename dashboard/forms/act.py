"""Take, park, dismiss, close, reopen: a small dialog that asks why."""

from concurrent.futures import Future
from typing import Any

from dashboard.browser_input import one_of
from dashboard.forms.form import After, Button, Drafts, Edits, Field, Form, Kind, Sent, Shape
from dashboard.forms.sharing import SHARE_NOTE, is_shared
from dashboard.services import Services
from dashboard.views.notes import decision_for
from dashboard.words import acts as words
from models.domain.acts import Act, Decision, Officer
from models.errors import Refused
from models.people.checks import checked_reason, written
from models.people.soft_locks import Part

ASKED_HERE = (Act.TAKE, Act.PARK, Act.DISMISS, Act.CLOSE, Act.REOPEN)
# The same act soon after a try without an answer is the same request; later it is a new one.
SAME_ACT_MINUTES = 5


def act_of(sent: Sent) -> Act:
    act = one_of(Act, sent.about["act"])
    if act not in ASKED_HERE:
        raise Refused({"act": words.NO_SUCH_ACT})
    return act


def check(services: Services, sent: Sent) -> str:
    services.check_incident(sent.about["incident"])
    return checked_reason(sent.texts["reason"])


def save(services: Services, officer: Officer, sent: Sent, reason: str) -> Future[Decision]:
    incident, rumour = sent.about["incident"], sent.about["rumour"]
    return services.store.acts.decide(
        incident, rumour, act_of(sent), officer, reason, request=sent.request, shared=is_shared(sent)
    )


def after(services: Services, sent: Sent, reason: str, decision: Decision) -> After:
    services.show_at_once(decision.incident)
    said = words.logged(decision.act, sent.about["claim"])
    if decision.reason != written(reason):
        said = logged_before(services, decision)
    return After(announce=said, acted=acted(decision))


def logged_before(services: Services, decision: Decision) -> str:
    return words.logged_before(decision_for(services.reader(decision.incident), decision).reason)


def acted(decision: Decision) -> dict[str, Any]:
    """What the page in view is told of a decision, to draw it at once."""
    return {
        "incident": decision.incident,
        "rumour": decision.rumour,
        "act": decision.act.value,
        "number": decision.number,
    }


FORM = Form(
    name="act",
    shape=Shape.DIALOG,
    # The browser puts the act's own title and meaning here.
    title="",
    about=("incident", "rumour", "claim", "act"),
    drafts=Drafts(of=("incident", "rumour", "act"), minutes=SAME_ACT_MINUTES, cancelled=True),
    fields=(Field(name="reason", kind=Kind.LINE, label=words.WHY), SHARE_NOTE),
    buttons=(Button("save", words.SAVE),),
    beside=words.KEYS_HINT,
    suggested=words.SUGGESTED,
    edits=Edits(Part.DECISION, Act.TAKE),
    not_saved=words.NOT_LOGGED,
    may=act_of,
    check=check,
    save=save,
    after=after,
)
