"""Assign a rumour to a person or a desk; hand one over that is yours, which is the same but that it needs a note."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future

from dashboard.access import able, may
from dashboard.forms.act import SAME_ACT_MINUTES, acted
from dashboard.forms.form import After, Button, Drafts, Edits, Field, Form, Kind, Option, Problems, Sent, Shape
from dashboard.services import Services
from dashboard.words import assign as words
from models.domain.acts import Act, Assignee, Decision, Officer
from models.errors import Refused
from models.people.checks import checked_assignee, checked_note, written
from models.people.soft_locks import Part

# What stands before the user's id, or the desk's name, in the value of what is chosen.
_PERSON, _DESK = "user:", "desk:"


def offers(services: Services, about: Mapping[str, str]) -> dict[str, Sequence[Option]]:
    """Who may act in the incident, and its desks; nobody's names for who may not assign."""
    incident = services.incident(about["incident"])
    if incident is None or not may(Act.ASSIGN, incident):
        return {"to": ()}
    people = able(Act.ASSIGN, incident, services.store.users.all())
    desks = services.store.acts.desks(incident.id)
    return {
        "to": [
            *(Option(f"{_PERSON}{one.user}", words.person(one)) for one in people),
            *(Option(f"{_DESK}{name}", words.desk(name)) for name in desks),
        ]
    }


def check(services: Services, sent: Sent) -> tuple[Assignee, str]:
    """Whom it is for, and the note."""
    services.check_incident(sent.about["incident"])
    problems, to = Problems(), None
    with problems.gathered():
        to = checked_assignee(_to(services, sent))
    with problems.gathered():
        checked_note(sent.texts["note"])
    problems.raise_any()
    return to, sent.texts["note"]


def check_handing_over(services: Services, sent: Sent) -> tuple[Assignee, str]:
    problems, checked = Problems(), None
    with problems.gathered():
        checked = check(services, sent)
    if not sent.texts["note"].strip():
        problems["note"] = words.ENTER_NOTE
    problems.raise_any()
    return checked


def _to(services: Services, sent: Sent) -> Assignee:
    chosen, desk = sent.texts["to"], sent.texts["desk"].strip()
    if chosen and desk:
        raise Refused({"to": words.CHOOSE_ONE})
    if chosen.startswith(_DESK):
        return Assignee(chosen.removeprefix(_DESK))
    if not chosen:
        if not desk:
            raise Refused({"to": words.CHOOSE_TO})
        return Assignee(desk)
    user = services.store.users.get(chosen.removeprefix(_PERSON))
    found = able(Act.ASSIGN, services.incident(sent.about["incident"]), [user] if user else [])
    if not found:
        raise Refused({"to": words.CANNOT_ACT})
    return Assignee(found[0].name, found[0].service, found[0].user)


def save(services: Services, officer: Officer, sent: Sent, checked: tuple[Assignee, str]) -> Future[Decision]:
    to, note = checked
    about = sent.about
    return services.store.acts.assign(about["incident"], about["rumour"], to, officer, note, request=sent.request)


def after(services: Services, sent: Sent, checked: tuple[Assignee, str], decision: Decision) -> After:
    services.show_at_once(decision.incident)
    to, note = checked
    if (decision.assignee, decision.reason) != (to, written(note)):
        # An act of the same request may have been another one.
        return After(announce=words.logged_before(decision.assignee or to), acted=acted(decision))
    return After(announce=words.logged(to, sent.about["claim"]), acted=acted(decision))


def _fields(*, optional_note: bool) -> tuple[Field, ...]:
    return (
        Field(name="to", kind=Kind.SEARCH, label=words.TO, hint=words.TO_HINT),
        Field(name="desk", kind=Kind.LINE, label=words.DESK, hint=words.DESK_HINT, optional=True),
        Field(
            name="note",
            kind=Kind.TEXT,
            label=words.NOTE,
            hint=words.NOTE_HINT,
            rows=2,
            spellcheck=True,
            optional=optional_note,
        ),
    )


_SHARED = {
    "shape": Shape.DIALOG,
    "about": ("incident", "rumour", "claim"),
    "drafts": Drafts(of=("incident", "rumour"), minutes=SAME_ACT_MINUTES, cancelled=True),
    "edits": Edits(Part.DECISION, Act.ASSIGN),
    "may": lambda sent: Act.ASSIGN,
    "save": save,
    "after": after,
    "offers": offers,
}
FORM = Form(
    name="assign",
    title=words.ASSIGN_TITLE,
    intro=words.ASSIGN_INTRO,
    fields=_fields(optional_note=True),
    buttons=(Button("save", words.ASSIGN_SAVE),),
    not_saved=words.NOT_ASSIGNED,
    check=check,
    **_SHARED,
)
HAND_OVER = Form(
    name="hand-over",
    title=words.HAND_OVER_TITLE,
    intro=words.HAND_OVER_INTRO,
    fields=_fields(optional_note=False),
    buttons=(Button("save", words.HAND_OVER_SAVE),),
    not_saved=words.NOT_HANDED_OVER,
    check=check_handing_over,
    **_SHARED,
)
