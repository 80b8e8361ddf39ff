"""How a rearrangement, or an assignment, is taken back by another act: what may be, and what each puts back."""

from dataclasses import replace

from models.domain.acts import Act, Decision
from models.domain.rumours import EventKind
from models.errors import Refused
from models.people.acts import REARRANGING, UNDOABLE
from models.store.duckdb.assignments import undo_assignment
from models.store.duckdb.decisions import ActRequest, append_decision, decision_from, state_of
from models.store.duckdb.rearrangements import add_lineage, assign, flows_of
from models.store.duckdb.stances import carry_stances
from models.store.duckdb.transaction import Transaction

_ONLY = "Only a merge, a split, a move, “not the same claim” or an assignment"


def undo(transaction: Transaction, asked: ActRequest, number: int, reason: str) -> Decision:
    undone = _undoable(transaction, asked.incident, number)
    if undone.act is Act.ASSIGN:
        return undo_assignment(transaction, asked, undone, reason)
    back, away = undone.rumour, undone.into
    before = undone.number if undone.act is Act.MERGE else None
    state = state_of(transaction, asked.incident, back, before=before)
    decision = append_decision(
        transaction, replace(asked, rumour=back), Act.UNDO, state, reason, into=away, undoes=undone.number
    )
    if undone.act is Act.REFUSE:
        return decision
    here = flows_of(transaction, asked.incident, away)
    # What was split off ends, so that all its flows go back; else those that this act put there.
    moved = here if undone.act is Act.SPLIT else _flows_by(transaction, undone) & here
    assign(transaction, decision, moved, back)
    same_claim = away if undone.act is Act.MERGE else None
    carry_stances(transaction, asked.incident, dict.fromkeys(moved, back), same_claim_as=same_claim)
    if undone.act is Act.MERGE:
        add_lineage(transaction, decision, back, EventKind.SPLIT, **{"from": away})
    elif undone.act is Act.SPLIT:
        add_lineage(transaction, decision, away, EventKind.MERGED, into=back)
    return decision


def _undoable(transaction: Transaction, incident: str, number: int) -> Decision:
    """The decision of that number. Raises Refused where it cannot be undone, or not before later ones."""
    log = [decision_from(row) for row in transaction.rows("decisions", incident=incident, rumour=None)]
    one = next((one for one in log if one.number == number), None)
    if one is None or one.act not in UNDOABLE:
        raise Refused({"number": f"{_ONLY} can be undone. Reload the page."})
    undone_by = {later.undoes: later.number for later in log}
    if number in undone_by:
        raise Refused({"number": f"This was already undone by decision {undone_by[number]}. Reload the page."})
    touching = _decisions_on(transaction, incident, _flows_by(transaction, one))
    resting = [
        later.number
        for later in log
        if later.number > number
        and later.act in REARRANGING
        and later.number not in undone_by
        and (later.number in touching or _stands_in_the_way(later, one))
    ]
    if resting:
        named = f"decision {resting[0]}" if len(resting) == 1 else f"decisions {', '.join(map(str, resting))}"
        raise Refused({"number": f"Undo {named} first, newest first: later changes depend on this one."})
    return one


def _stands_in_the_way(later: Decision, one: Decision) -> bool:
    """Whether a later act built on the rumour that was split off, or merged away the one that flows came from."""
    if one.act is Act.SPLIT and one.into in (later.rumour, later.into):
        return True
    return later.act is Act.MERGE and later.rumour == one.rumour


def _flows_by(transaction: Transaction, decision: Decision) -> set[str]:
    """The flows that a decision put where it wanted them."""
    rows = transaction.rows("flows_of_decision", incident=decision.incident, decision=decision.number)
    return {row["flow"] for row in rows}


def _decisions_on(transaction: Transaction, incident: str, flows: set[str]) -> set[int]:
    """The numbers of all decisions that put any of these flows somewhere."""
    rows = transaction.rows("decisions_on_flows", incident=incident, flows=sorted(flows))
    return {row["decision"] for row in rows}
