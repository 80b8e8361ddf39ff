"""Who may do what. Everything that changes or hands out something asks here: hiding a button is no authorisation.

On the screens it is asked of whoever is signed in. In an incident a role counts for the service that the incident
belongs to, and for those that it is shared with: to act on its rumours, or to look. A command is given by whoever can
read the data folder; what it says of its user is recorded as asserted.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from dashboard.browser_input import fields, one_of, words
from dashboard.words import refusals, services
from models.domain.acts import Act, Officer
from models.domain.incidents import Incident, Standing
from models.domain.users import Grant, Role, User, grants_for
from models.errors import Refused
from models.people.checks import checked_officer
from models.people.sharing import NoteReader

if TYPE_CHECKING:
    from dashboard.signed_in import SignedIn


class SystemAct(StrEnum):
    """What a person can do that is no act on a rumour."""

    START_SOURCE = "start"
    STOP_SOURCE = "stop"
    TEST_SOURCE = "test"
    REPLAY_LETTER = "replay"
    DISCARD_LETTER = "discard"
    PERMIT_SOURCE = "permit"
    KEEP_INCIDENT = "incident"
    TRY_TERMS = "try-terms"
    LOG_SIGHTING = "sighting"
    IMPORT = "import"
    PIN_CAPTION = "caption"
    # Rows of posts leave the house: masked, or with handles and ids.
    EXPORT = "export"
    EXPORT_UNMASKED = "export-unmasked"
    # Charts and reports, which show what the screens show.
    REPORT = "report"
    START_CODING = "start-coding"
    END_CODING = "end-coding"
    CODE = "code"
    SETTLE_CODING = "settle-coding"
    TAKE_LABELS = "take-labels"
    KEEP_USERS = "users"
    # Who did and saw what.
    SEE_AUDIT = "see-audit"
    EXPORT_AUDIT = "export-audit"
    # One post is shown unmasked, for a minute.
    REVEAL = "reveal"


_ANSWERS = frozenset({Role.DUTY, Role.COMMS})
_ON_DUTY = frozenset({Role.DUTY, Role.ADMINISTRATOR})
_ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
_INFORMATION = frozenset({Role.INFORMATION_MANAGER})
_ANALYST = frozenset({Role.ANALYST})
# A viewer looks and does nothing else.
_STAFF = frozenset(Role) - {Role.VIEWER}

MAY: Mapping[Act | SystemAct, frozenset[Role]] = {
    **dict.fromkeys(Act, _ANSWERS),
    # Whoever approves what is said to the public may log that it was said.
    Act.CORRECT: _ANSWERS | {Role.APPROVER},
    SystemAct.START_SOURCE: _ON_DUTY,
    SystemAct.STOP_SOURCE: _ON_DUTY,
    SystemAct.TEST_SOURCE: _ON_DUTY,
    SystemAct.REPLAY_LETTER: _ADMINISTRATOR,
    SystemAct.DISCARD_LETTER: _ADMINISTRATOR,
    SystemAct.PERMIT_SOURCE: _ADMINISTRATOR | _INFORMATION,
    SystemAct.KEEP_INCIDENT: _ANSWERS | _ADMINISTRATOR | _INFORMATION,
    # Whoever may choose an incident's terms may try them.
    SystemAct.TRY_TERMS: _ANSWERS | _ADMINISTRATOR | _INFORMATION,
    SystemAct.LOG_SIGHTING: _STAFF,
    # Whoever hands in a file answers for where it comes from.
    SystemAct.IMPORT: _ANALYST | _ADMINISTRATOR,
    SystemAct.PIN_CAPTION: _ANSWERS | _ANALYST,
    SystemAct.EXPORT: _ANALYST | _INFORMATION | _ADMINISTRATOR,
    SystemAct.EXPORT_UNMASKED: _INFORMATION,
    SystemAct.REPORT: frozenset(Role),
    # Whoever knows the incident may code; an analyst answers for the method, and settles differences.
    SystemAct.CODE: _ANSWERS | _ANALYST,
    SystemAct.START_CODING: _ANALYST,
    SystemAct.END_CODING: _ANALYST,
    SystemAct.SETTLE_CODING: _ANALYST,
    SystemAct.TAKE_LABELS: _ANALYST | _INFORMATION | _ADMINISTRATOR,
    SystemAct.KEEP_USERS: _ADMINISTRATOR,
    SystemAct.SEE_AUDIT: _INFORMATION,
    SystemAct.EXPORT_AUDIT: _INFORMATION,
    SystemAct.REVEAL: _ANSWERS | _INFORMATION,
}


# What a service may do that an incident is shared with to act: it works on the rumours. The incident itself, its data
# and its record are its owner's.
PARTNERS_MAY: frozenset[Act | SystemAct] = frozenset({*Act, SystemAct.LOG_SIGHTING, SystemAct.PIN_CAPTION})


def acting(act: Act | SystemAct, incident: Incident | None = None) -> Officer:
    """Whoever is signed in, in the first of their roles that may do that act; in an incident, or beyond any.

    `incident` is as it stands now: of a moment of the past it says who shared it then. Raises Refused where they have
    no such role (the message names those that may), Unauthorized where nobody is signed in.
    """
    user = _required().user
    held = _held(user, incident)
    for grant in held:
        if grant.role in MAY[act] and _has_room(act, grant, incident):
            return Officer(user.name, grant.role.value, grant.service, user.id)
    raise Refused({"role": _why_not(act, held, incident)})


def may(act: Act | SystemAct, incident: Incident | None = None) -> bool:
    """Whether whoever is signed in may do that act."""
    try:
        acting(act, incident)
    except Refused:
        return False
    return True


def able(act: Act | SystemAct, incident: Incident, users: Iterable[User]) -> list[Officer]:
    """Who of these users may do that act in an incident, each in the first of their roles that may."""
    found = []
    for user in users:
        held = (one for one in _held(user, incident) if one.role in MAY[act] and _has_room(act, one, incident))
        grant = next(held, None)
        if grant is not None and not user.blocked:
            found.append(Officer(user.name, grant.role.value, grant.service, user.id))
    return found


def sees(incident: Incident) -> bool:
    """Whether whoever asks may see an incident: with any role in it. Nobody signed in sees nothing."""
    found = _person()
    return found is not None and any(_counts(one, incident) for one in found.user.grants)


def standing(incident: Incident) -> Standing | None:
    """The most that whoever is signed in may do in an incident by their services; None where they may not see it."""
    found = _person()
    held = [one for one in found.user.grants if _counts(one, incident)] if found else []
    return min((incident.standing_of(one.service) for one in held), key=list(Standing).index, default=None)


def note_reader(incident: Incident | None) -> NoteReader:
    """As whom whoever is signed in reads what people wrote about an incident; of none, nobody's notes."""
    found = _person()
    held = [one for one in found.user.grants if incident and _counts(one, incident)] if found else []
    if incident and any(incident.standing_of(one.service) is Standing.OWNS for one in held):
        return NoteReader(incident.of_service)
    return NoteReader(incident.of_service if incident else "", frozenset(one.service for one in held))


def named(incident: Incident | None = None) -> Officer:
    """Whoever is signed in, in the first of their roles in an incident: for what any role may do."""
    user = _required().user
    held = _held(user, incident)
    if not held:
        raise Refused({"role": refusals.NO_ROLE})
    return Officer(user.name, held[0].role.value, held[0].service, user.id)


def asserted(sent: Any) -> Officer:
    """Who gives a command, by what they say of themself. Raises Refused where it is no name with a known role."""
    sent = fields(sent)
    role = one_of(Role, sent.get("role"))
    return checked_officer(Officer(words(sent.get("name")), role.value if role else ""))


def check(officer: Officer, act: Act | SystemAct) -> None:
    """Raises Refused where this role may not do that act; the message names the roles that may."""
    if officer.role not in MAY[act]:
        raise Refused({"role": refusals.roles_cannot([officer.role], MAY[act])})


def _person() -> "SignedIn | None":
    # Imported here: a command that opened the database itself needs no web server.
    from dashboard.signed_in import person

    return person()


def _required() -> "SignedIn":
    from dashboard.signed_in import required

    return required()


def _held(user: User, incident: Incident | None) -> list[Grant]:
    """What a user holds that counts there: for the incident's own service first, else for their own."""
    there = {one.service for one in user.grants if incident is None or incident.standing_of(one.service)}
    first = incident.of_service if incident and incident.of_service else user.service
    return sorted(grants_for(user, there, incident.id if incident else None), key=lambda one: one.service != first)


def _counts(grant: Grant, incident: Incident) -> bool:
    return grant.incident in (None, incident.id) and incident.standing_of(grant.service) is not None


def _has_room(act: Act | SystemAct, grant: Grant, incident: Incident | None) -> bool:
    """Whether an incident leaves that act to the service of a role."""
    match incident.standing_of(grant.service) if incident else Standing.OWNS:
        case Standing.OWNS:
            return True
        case Standing.ACTS:
            return act in PARTNERS_MAY
        case _:
            return False


def _why_not(act: Act | SystemAct, held: list[Grant], incident: Incident | None) -> str:
    where_it_could_be = [one.role.value for one in held if _has_room(act, one, incident)]
    if where_it_could_be or not held:
        return refusals.roles_cannot(where_it_could_be, MAY[act])
    acts = [one.service for one in held if incident.standing_of(one.service) is Standing.ACTS]
    if acts:
        return services.owners_alone(incident.of_service, acts[0], MAY[act])
    return services.sees_only(incident.of_service, held[0].service, MAY[act])
