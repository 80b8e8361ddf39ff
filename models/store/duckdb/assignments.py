"""How a rumour is given to a person or a desk, and how that is taken back. Its state stays as it is."""

from dataclasses import replace
from typing import Any

from models.domain.acts import Act, Assignee, Decision
from models.errors import Refused
from models.store.duckdb.decisions import ActRequest, append_decision, require_on_board, state_of
from models.store.duckdb.transaction import Transaction


def assign(transaction: Transaction, asked: ActRequest, to: Assignee, note: str) -> Decision:
    require_on_board(transaction, asked.incident, asked.rumour)
    if not note and _hands_over(transaction, asked, to):
        raise Refused({"note": "Enter what the other needs to know: you hand over a rumour that is yours."})
    state = state_of(transaction, asked.incident, asked.rumour)
    return append_decision(transaction, asked, Act.ASSIGN, state, note, assignee=to)


def undo_assignment(transaction: Transaction, asked: ActRequest, undone: Decision, reason: str) -> Decision:
    """Whoever had the rumour before has it again. Raises Refused where somebody took it, or was given it, since."""
    owning = _owning(transaction, asked.incident, undone.rumour)
    if owning is None or owning["number"] != undone.number:
        since = f" by decision {owning['number']}" if owning else ""
        raise Refused({"number": f"The rumour has changed hands since{since}. Assign it again instead."})
    state = state_of(transaction, asked.incident, undone.rumour)
    about = replace(asked, rumour=undone.rumour)
    return append_decision(transaction, about, Act.UNDO, state, reason, undoes=undone.number)


def _hands_over(transaction: Transaction, asked: ActRequest, to: Assignee) -> bool:
    """Whether the rumour is given away by whoever has it."""
    giver = asked.officer.user
    owning = _owning(transaction, asked.incident, asked.rumour)
    if owning is None or giver is None or to.user == giver:
        return False
    return giver == (owning["user_id"] if owning["act"] == Act.TAKE else owning["assignee_user"])


def _owning(transaction: Transaction, incident: str, rumour: str) -> dict[str, Any] | None:
    """The decision by which somebody, or some desk, answers for a rumour."""
    return next(iter(transaction.rows("rumour_owner", incident=incident, rumour=rumour)), None)
