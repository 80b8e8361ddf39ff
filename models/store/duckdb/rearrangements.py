"""How rumours are merged, kept apart and split, and flows moved: decision, flows, stances and lineage go together."""

import json
from collections.abc import Collection

from models.domain.acts import Act, Decision
from models.domain.ids import stable_id
from models.domain.rumours import EventKind, State
from models.errors import Refused
from models.store.duckdb.decisions import ActRequest, append_decision, next_number, require_on_board, state_of
from models.store.duckdb.stances import carry_stances
from models.store.duckdb.transaction import Transaction

BY_HAND = "split off by hand"


def merge(transaction: Transaction, asked: ActRequest, into: str, reason: str) -> Decision:
    if into == asked.rumour:
        raise Refused({"into": "A rumour cannot be merged into itself. Choose another one."})
    require_on_board(transaction, asked.incident, asked.rumour)
    require_on_board(transaction, asked.incident, into, field="into")
    decision = append_decision(transaction, asked, Act.MERGE, State.MERGED, reason, into=into)
    flows = flows_of(transaction, asked.incident, asked.rumour)
    assign(transaction, decision, flows, into)
    carry_stances(transaction, asked.incident, dict.fromkeys(flows, into), same_claim_as=asked.rumour)
    add_lineage(transaction, decision, asked.rumour, EventKind.MERGED, into=into)
    return decision


def refuse_merge(transaction: Transaction, asked: ActRequest, other: str, reason: str) -> Decision:
    if other == asked.rumour:
        raise Refused({"other": "A rumour is the same as itself. Choose another one."})
    require_on_board(transaction, asked.incident, asked.rumour)
    require_on_board(transaction, asked.incident, other, field="other")
    state = state_of(transaction, asked.incident, asked.rumour)
    return append_decision(transaction, asked, Act.REFUSE, state, reason, into=other)


def split(transaction: Transaction, asked: ActRequest, flows: list[str], reason: str) -> Decision:
    require_on_board(transaction, asked.incident, asked.rumour)
    _require_some_of(transaction, asked, flows, "Leave at least one flow: these are all the flows of this rumour.")
    opener = _opening_post(transaction, asked.incident, flows)
    number = str(next_number(transaction, asked.incident))
    rumour = stable_id("rumour", asked.incident, opener, "by hand", number)
    state = state_of(transaction, asked.incident, asked.rumour)
    decision = append_decision(transaction, asked, Act.SPLIT, state, reason, into=rumour)
    assign(transaction, decision, flows, rumour, pins=True)
    carry_stances(transaction, asked.incident, dict.fromkeys(flows, rumour))
    add_lineage(transaction, decision, rumour, EventKind.SPLIT, **{"from": asked.rumour})
    _add_event(transaction, decision, rumour, EventKind.TITLE, {}, post=opener)
    _add_event(transaction, decision, rumour, EventKind.SURFACED, {"rule": BY_HAND, "by_hand": True})
    _retitle(transaction, decision)
    return decision


def move(transaction: Transaction, asked: ActRequest, flows: list[str], into: str, reason: str) -> Decision:
    if into == asked.rumour:
        raise Refused({"into": "The flows are already in this rumour. Choose another one."})
    require_on_board(transaction, asked.incident, asked.rumour)
    require_on_board(transaction, asked.incident, into, field="into")
    _require_some_of(
        transaction, asked, flows, "These are all the flows of this rumour. Merge the whole rumour instead."
    )
    state = state_of(transaction, asked.incident, asked.rumour)
    decision = append_decision(transaction, asked, Act.MOVE, state, reason, into=into)
    assign(transaction, decision, flows, into, pins=True)
    carry_stances(transaction, asked.incident, dict.fromkeys(flows, into))
    _retitle(transaction, decision)
    return decision


def flows_of(transaction: Transaction, incident: str, rumour: str) -> set[str]:
    return {row["flow"] for row in transaction.rows("flows_of_rumour", incident=incident, rumour=rumour)}


def assign(
    transaction: Transaction, decision: Decision, flows: Collection[str], rumour: str, *, pins: bool = False
) -> None:
    """Put flows into a rumour by this decision. Without `pins` a flow is held as it was before what this undoes."""
    transaction.write(
        "assign_by_decision",
        incident=decision.incident,
        flows=list(flows),
        before=decision.undoes or decision.number,
        rumour=rumour,
        officer=decision.officer.name,
        number=decision.number,
        pins=pins,
    )


def add_lineage(transaction: Transaction, decision: Decision, rumour: str, kind: EventKind, **detail: object) -> None:
    """Where a rumour went, or came from, and by whose decision."""
    by = {"by": decision.officer.name, "decision": decision.number}
    _add_event(transaction, decision, rumour, kind, {**detail, **by})


def _require_some_of(transaction: Transaction, asked: ActRequest, flows: list[str], if_all: str) -> None:
    """Raises Refused unless these are some of the rumour's flows, and not all."""
    there = flows_of(transaction, asked.incident, asked.rumour)
    strange = [flow for flow in flows if flow not in there]
    if strange:
        many = "1 flow is" if len(strange) == 1 else f"{len(strange)} flows are"
        raise Refused({"flows": f"{many} no longer in this rumour. Reload the page and choose again."})
    if len(flows) == len(there):
        raise Refused({"flows": if_all})


def _opening_post(transaction: Transaction, incident: str, flows: Collection[str]) -> str:
    """The first post of the earliest of these flows whose words are still there; the first at all where none are."""
    (row,) = transaction.rows("opening_post", incident=incident, flows=list(flows))
    return row["post"]


def _retitle(transaction: Transaction, decision: Decision) -> None:
    """Where the words that named the rumour have left it, let its most copied flow name it until the model does."""
    rumour = {"incident": decision.incident, "rumour": decision.rumour}
    if transaction.rows("title_put_elsewhere", decision=decision.number, **rumour):
        (row,) = transaction.rows("most_copied_flow", **rumour)
        post = _opening_post(transaction, decision.incident, [row["flow"]])
        _add_event(transaction, decision, decision.rumour, EventKind.TITLE, {}, post=post)


def _add_event(
    transaction: Transaction,
    decision: Decision,
    rumour: str,
    kind: EventKind,
    detail: dict[str, object],
    *,
    post: str | None = None,
) -> None:
    event = {
        "incident": decision.incident,
        "rumour": rumour,
        "kind": kind.value,
        "happened_at": decision.decided_at,
        "post": post,
        "likelihood": None,
        "detail": json.dumps(detail, sort_keys=True),
    }
    transaction.append("add_rumour_events", [event])
