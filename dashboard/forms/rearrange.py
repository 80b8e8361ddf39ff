"""Merge, split and move, beside the flows so that they stay in view; and undo, which asks nothing."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future

from dashboard.browser_input import one_of
from dashboard.forms.act import acted, logged_before
from dashboard.forms.form import After, Button, Drafts, Edits, Field, Form, Kind, Option, Problems, Sent, Shape
from dashboard.forms.sharing import SHARE_NOTE, is_shared
from dashboard.services import Services
from dashboard.views.ranking import SETTLED
from dashboard.words import acts as acts_words
from dashboard.words import forms as words
from dashboard.words import rearrange as rearrange_words
from models.domain.acts import Act, Decision, Officer
from models.errors import Refused
from models.people.checks import checked_reason, written
from models.people.soft_locks import Part

ACTS = (Act.SPLIT, Act.MOVE, Act.MERGE)
(UNDO_REASON,) = acts_words.SUGGESTED_REASONS[Act.UNDO]


def act_of(sent: Sent) -> Act:
    act = one_of(Act, sent.texts["act"])
    if act not in ACTS:
        raise Refused({"act": words.CHOOSE_REARRANGE_ACT})
    return act


def check(services: Services, sent: Sent) -> Act:
    services.check_incident(sent.about["incident"])
    act, problems = act_of(sent), Problems()
    if act is not Act.SPLIT and not sent.texts["into"]:
        problems["into"] = words.CHOOSE_INTO
    with problems.gathered():
        checked_reason(sent.texts["reason"])
    problems.raise_any()
    return act


def save(services: Services, officer: Officer, sent: Sent, act: Act) -> Future[Decision]:
    store, incident, rumour = services.store, sent.about["incident"], sent.about["rumour"]
    flows, into, reason = sent.chosen["flows"], sent.texts["into"], sent.texts["reason"]
    more = {"request": sent.request, "shared": is_shared(sent)}
    match act:
        case Act.SPLIT:
            return store.acts.split(incident, rumour, flows, officer, reason, **more)
        case Act.MOVE:
            return store.acts.move(incident, rumour, flows, into, officer, reason, **more)
        case _:
            return store.acts.merge(incident, rumour, into, officer, reason, **more)


def after(services: Services, sent: Sent, act: Act, decision: Decision) -> After:
    services.show_at_once(decision.incident)
    said = _logged(services, decision, len(sent.chosen["flows"]))
    if decision.reason != written(sent.texts["reason"]):
        said = logged_before(services, decision)
    return After(announce=said, acted=acted(decision))


def offers(services: Services, about: Mapping[str, str]) -> dict[str, Sequence[Option]]:
    """What may be chosen as the other rumour: those that are open first, each with its size."""
    incident, rumour = about["incident"], about["rumour"]
    rows = services.keeper.latest(incident).rows.values() if services.knows(incident) else ()
    others = sorted((row for row in rows if row.id != rumour), key=lambda row: (row.state in SETTLED, -row.posts))
    return {"into": [Option(row.id, rearrange_words.option(row.claim, row.posts)) for row in others]}


def _logged(services: Services, decision: Decision, flows: int) -> str:
    row = services.keeper.latest(decision.incident).rows.get(decision.into)
    return rearrange_words.logged(decision.act, flows, row.claim if row else None)


FORM = Form(
    name="rearrange",
    shape=Shape.DRAWER,
    title=words.REARRANGE_TITLE,
    about=("incident", "rumour", "claim"),
    drafts=Drafts(of=("incident", "rumour")),
    fields=(
        Field(
            name="act",
            kind=Kind.ONE_OF,
            label=words.REARRANGE_ACT,
            options=[Option(act.value, acts_words.ACT_TITLES[act], acts_words.ACT_MEANINGS[act]) for act in ACTS],
        ),
        # Ticked in the list of flows.
        Field(name="flows", kind=Kind.ANY_OF, label="", elsewhere=True),
        Field(name="into", kind=Kind.SEARCH, label=words.REARRANGE_INTO, hint=words.REARRANGE_INTO_HINT),
        Field(name="reason", kind=Kind.LINE, label=words.REARRANGE_WHY, hint=words.REARRANGE_WHY_HINT),
        SHARE_NOTE,
    ),
    buttons=(Button("save", words.REARRANGE_SAVE),),
    beside=words.REARRANGE_BESIDE,
    edits=Edits(Part.FLOWS, Act.MERGE),
    not_saved=words.REARRANGE_NOT_SAVED,
    may=act_of,
    check=check,
    save=save,
    after=after,
    offers=offers,
)


def check_undo(services: Services, sent: Sent) -> int:
    """The number of the decision; 0, which is none, where it is not a number."""
    services.check_incident(sent.about["incident"])
    number = sent.about["number"]
    return int(number) if number.isascii() and number.isdigit() else 0


def save_undo(services: Services, officer: Officer, sent: Sent, number: int) -> Future[Decision]:
    # An act is undone once, so that every try at it is the same request.
    incident, request = sent.about["incident"], f"undo {number}"
    return services.store.acts.undo(incident, number, officer, UNDO_REASON, request=request)


def after_undo(services: Services, sent: Sent, number: int, decision: Decision) -> After:
    services.show_at_once(decision.incident)
    return After(announce=_logged(services, decision, 0), acted=acted(decision))


UNDO = Form(
    name="undo",
    shape=Shape.BUTTON,
    title="",
    about=("incident", "number"),
    not_saved=words.UNDO_NOT_DONE,
    may=lambda sent: Act.UNDO,
    check=check_undo,
    save=save_undo,
    after=after_undo,
)
