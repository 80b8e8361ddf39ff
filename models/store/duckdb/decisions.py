"""How one decision is written: by whom and on which rumour, once a request, linked into the hash chain."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.domain.acts import Act, Assignee, Decision, Officer
from models.domain.audit import AuditKind, AuditNote
from models.domain.rumours import State
from models.errors import Refused
from models.people.audit import FIRST_LINK, new_salt, next_link
from models.store.duckdb.audit_notes import append_audit, decision_digest
from models.store.duckdb.rows import officer_columns, officer_from
from models.store.duckdb.transaction import Transaction

_ASSIGNEE = ("assignee", "assignee_service", "assignee_user")
# Decisions that were linked before these fields existed have none.
_LATER = ("target", "undoes", "service", "user_id", *_ASSIGNEE)


@dataclass(frozen=True, slots=True)
class ActRequest:
    """What every act has: its rumour, who asks for it, when, and the browser's own name for the request.

    `shared`: partners may read its reason.
    """

    incident: str
    rumour: str
    officer: Officer
    at: datetime
    request: str | None
    shared: bool = False


def require_on_board(transaction: Transaction, incident: str, rumour: str, *, field: str = "rumour") -> None:
    """Raises Refused, on `field`, for a rumour that is not on the board, or no longer."""
    (found,) = transaction.rows("rumour_on_board", incident=incident, rumour=rumour)
    if not found["surfaced"]:
        raise Refused({field: "This rumour is not on the board of this incident. Reload the page."})
    if found["merged"]:
        raise Refused({field: "This rumour was merged into another one. Reload the page and use that one."})


def decision_of_request(transaction: Transaction, asked: ActRequest) -> Decision | None:
    """The decision that this request made before, whatever it asks now; without a name it is never the same."""
    rows = transaction.rows("decision_of_request", incident=asked.incident, request=asked.request)
    return decision_from(rows[0]) if rows else None


def next_number(transaction: Transaction, incident: str) -> int:
    return _last(transaction, incident)[0] + 1


def state_of(transaction: Transaction, incident: str, rumour: str, *, before: int | None = None) -> State:
    """The state a rumour is in, or was in before the decision of that number."""
    (row,) = transaction.rows("rumour_state", incident=incident, rumour=rumour, before=before)
    return State(row["state"] or State.NEW)


def append_decision(
    transaction: Transaction,
    asked: ActRequest,
    act: Act,
    state: State,
    reason: str,
    *,
    correction: str | None = None,
    into: str | None = None,
    undoes: int | None = None,
    assignee: Assignee | None = None,
) -> Decision:
    """Write the next decision of the incident, linked to the one before it."""
    number, previous = _last(transaction, asked.incident)
    row = {
        "incident": asked.incident,
        "number": number + 1,
        "rumour": asked.rumour,
        "act": act.value,
        "state": state.value,
        **officer_columns(asked.officer),
        "reason": reason,
        "correction": correction,
        "target": into,
        "undoes": undoes,
        **_assignee_columns(assignee),
        "decided_at": asked.at,
        "salt": new_salt(),
        "shared": asked.shared,
        "request": asked.request,
    }
    row["link"] = next_link(previous, row["salt"], _chained(row))
    transaction.write("add_decision", **row)
    _audit(transaction, asked, row)
    return decision_from(row)


def decision_from(row: dict[str, Any]) -> Decision:
    return Decision(
        number=row["number"],
        incident=row["incident"],
        rumour=row["rumour"],
        act=Act(row["act"]),
        state=State(row["state"]),
        officer=officer_from(row),
        reason=row["reason"],
        decided_at=row["decided_at"],
        correction=row["correction"],
        into=row["target"],
        undoes=row["undoes"],
        assignee=assignee_from(row),
        shared=bool(row["shared"]),
    )


def assignee_from(row: Mapping[str, Any]) -> Assignee | None:
    """Whom a decision gave the rumour to; None for any act but an assignment."""
    if row["assignee"] is None:
        return None
    return Assignee(row["assignee"], row["assignee_service"] or "", row["assignee_user"])


def first_broken(rows: Iterable[dict[str, Any]]) -> int | None:
    """The number of the first decision, oldest first, that does not follow from the one before it."""
    link = FIRST_LINK
    for expected, row in enumerate(rows, start=1):
        link = next_link(link, row["salt"], _chained(row))
        if row["number"] != expected or row["link"] != link:
            return expected
    return None


def follows(row: Mapping[str, Any], before: Mapping[str, Any] | None) -> bool:
    """Whether a decision follows from the one `before` it in the incident's log; True where that one is not there."""
    if row["number"] != (1 if before is None else before["number"] + 1):
        return True
    try:
        return next_link(FIRST_LINK if before is None else before["link"], row["salt"], _chained(row)) == row["link"]
    except ValueError:
        # What was put there is no salt.
        return False


def _audit(transaction: Transaction, asked: ActRequest, row: dict[str, Any]) -> None:
    """Enter the decision in the audit, which guards its row. A correction is about itself."""
    digest = decision_digest(transaction.audit.key, {**row, "known_at": transaction.known_at})
    note = AuditNote(
        AuditKind.ACT,
        row["act"],
        asked.officer,
        asked.incident,
        row["correction"] or asked.rumour,
        row["reason"],
        asked.at,
        digest,
    )
    append_audit(transaction, note)


def _assignee_columns(assignee: Assignee | None) -> dict[str, str | None]:
    if assignee is None:
        return dict.fromkeys(_ASSIGNEE)
    return dict(zip(_ASSIGNEE, (assignee.name, assignee.service or None, assignee.user), strict=True))


def _last(transaction: Transaction, incident: str) -> tuple[int, str]:
    rows = transaction.rows("last_decision", incident=incident)
    return (rows[0]["number"], rows[0]["link"]) if rows else (0, FIRST_LINK)


def _chained(row: dict[str, Any]) -> tuple[object, ...]:
    fields = ("incident", "number", "rumour", "act", "state", "officer", "role", "reason", "correction")
    # So that the links of before still follow.
    later = tuple((field, row[field]) for field in _LATER if row[field] is not None)
    shared = (("shared", True),) if row["shared"] else ()
    return (*(row[field] for field in fields), row["decided_at"].isoformat(), *later, *shared)
