"""Who may do what. Every callback that changes something asks here: hiding a button is no authorisation.

Until sign-in exists the name and the role are what the person typed, and are recorded as asserted.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from dashboard.browser_input import fields, one_of, words
from dashboard.words import refusals
from models.domain.acts import Act, Officer
from models.errors import Refused
from models.people.checks import checked_officer


class Role(StrEnum):
    DUTY = "duty"
    COMMS = "comms"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"


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


_ON_DUTY = frozenset({Role.DUTY, Role.ADMINISTRATOR})
_ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
_ANALYST = frozenset({Role.ANALYST})

MAY: Mapping[Act | SystemAct, frozenset[Role]] = {
    **{act: frozenset({Role.DUTY, Role.COMMS}) for act in Act},
    SystemAct.START_SOURCE: _ON_DUTY,
    SystemAct.STOP_SOURCE: _ON_DUTY,
    SystemAct.TEST_SOURCE: _ON_DUTY,
    SystemAct.REPLAY_LETTER: _ADMINISTRATOR,
    SystemAct.DISCARD_LETTER: _ADMINISTRATOR,
    SystemAct.PERMIT_SOURCE: _ADMINISTRATOR,
    SystemAct.KEEP_INCIDENT: frozenset({Role.DUTY, Role.COMMS, Role.ADMINISTRATOR}),
    # Whoever may choose an incident's terms may try them.
    SystemAct.TRY_TERMS: frozenset({Role.DUTY, Role.COMMS, Role.ADMINISTRATOR}),
    SystemAct.LOG_SIGHTING: frozenset(Role),
    # Whoever hands in a file answers for where it comes from.
    SystemAct.IMPORT: frozenset({Role.ANALYST, Role.ADMINISTRATOR}),
    SystemAct.PIN_CAPTION: frozenset({Role.ANALYST, Role.COMMS, Role.DUTY}),
    SystemAct.EXPORT: frozenset({Role.ANALYST, Role.ADMINISTRATOR}),
    SystemAct.EXPORT_UNMASKED: _ADMINISTRATOR,
    SystemAct.REPORT: frozenset(Role),
    # Whoever knows the incident may code; an analyst answers for the method, and settles differences.
    SystemAct.CODE: frozenset({Role.DUTY, Role.COMMS, Role.ANALYST}),
    SystemAct.START_CODING: _ANALYST,
    SystemAct.END_CODING: _ANALYST,
    SystemAct.SETTLE_CODING: _ANALYST,
    SystemAct.TAKE_LABELS: frozenset({Role.ANALYST, Role.ADMINISTRATOR}),
}


def officer_from(sent: Any) -> Officer:
    """Who acts, from what the browser sent. Raises Refused where it is no name with a known role."""
    sent = fields(sent)
    role = one_of(Role, sent.get("role"))
    return checked_officer(Officer(words(sent.get("name")), role.value if role else ""))


def check(officer: Officer, act: Act | SystemAct) -> None:
    """Raises Refused where this role may not do that act; the message names the roles that may."""
    if officer.role not in MAY[act]:
        raise Refused({"role": refusals.role_cannot(officer.role, MAY[act])})
