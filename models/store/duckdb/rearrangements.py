"""How the DuckDB store keeps merges, splits, moves and their undoing: decision, flows and lineage go together."""

import json
from collections.abc import Callable, Collection
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime
from typing import Any

from models.domain import Act, Constraints, Decision, EventKind, Officer, State, stable_id
from models.errors import Refused
from models.people.acts import REARRANGING
from models.people.checks import checked_flows, checked_officer, checked_reason, checked_request, written
from models.people.constraints import constraints_of
from models.store.duckdb.decisions import (
    ActRequest,
    append_decision,
    decision_from,
    decision_of_request,
    next_number,
    require_on_board,
    state_of,
)
from models.store.duckdb.rows import insert_row, utc_naive
from models.store.duckdb.stances import carry_stances

BY_HAND = "split off by hand"


class DuckDBRearrangements:
    """The rearranging part of ActStore; `_writer`, `clock`, `rows` and `decisions` come with DuckDBStore."""

    def merge_rumours(
        self, incident: str, rumour: str, into: str, officer: Officer, reason: str, request: str | None = None
    ) -> Future[Decision]:
        into, why = written(into), checked_reason(reason)
        deed = self._deed(incident, rumour, officer, request)
        return self._once(deed, lambda connection, known_at: _merge(connection, known_at, deed, into, why))

    def split_rumour(
        self,
        incident: str,
        rumour: str,
        flows: Collection[str],
        officer: Officer,
        reason: str,
        request: str | None = None,
    ) -> Future[Decision]:
        named, why = checked_flows(flows), checked_reason(reason)
        deed = self._deed(incident, rumour, officer, request)
        return self._once(deed, lambda connection, known_at: _split(connection, known_at, deed, named, why))

    def move_flows(
        self,
        incident: str,
        rumour: str,
        flows: Collection[str],
        into: str,
        officer: Officer,
        reason: str,
        request: str | None = None,
    ) -> Future[Decision]:
        named, into, why = checked_flows(flows), written(into), checked_reason(reason)
        deed = self._deed(incident, rumour, officer, request)
        return self._once(deed, lambda connection, known_at: _move(connection, known_at, deed, named, into, why))

    def undo(
        self, incident: str, number: int, officer: Officer, reason: str, request: str | None = None
    ) -> Future[Decision]:
        why = checked_reason(reason)
        # Which rumour it is about, the decision says that it undoes.
        deed = self._deed(incident, "", officer, request)
        return self._once(deed, lambda connection, known_at: _undo(connection, known_at, deed, number, why))

    def constraints(self, incident: str) -> Constraints:
        # The number is read first: whoever acts in between makes it too low, and what is judged by it is refused.
        number = self.rows("constraint_number", incident=incident)[0]["number"]
        pinned = {row["flow"]: row["rumour"] for row in self.rows("pinned_flows", incident=incident)}
        return constraints_of(number, self.decisions(incident)[::-1], pinned)

    def _deed(self, incident: str, rumour: str, officer: Officer, request: str | None) -> ActRequest:
        return ActRequest(
            incident, written(rumour), checked_officer(officer), self.clock.now(), checked_request(request)
        )

    def _once(self, deed: ActRequest, act: Callable[[Any, datetime], Decision]) -> Future[Decision]:
        def decided(connection: Any, known_at: datetime) -> Decision:
            return decision_of_request(connection, deed) or act(connection, known_at)

        return self._writer.submit_act(decided)


def _merge(connection: Any, known_at: datetime, deed: ActRequest, into: str, reason: str) -> Decision:
    if into == deed.rumour:
        raise Refused({"into": "A rumour cannot be merged into itself. Choose another one."})
    require_on_board(connection, deed.incident, deed.rumour)
    require_on_board(connection, deed.incident, into, field="into")
    decision = append_decision(connection, known_at, deed, Act.MERGE, State.MERGED, reason, into=into)
    flows = _flows_of(connection, deed.incident, deed.rumour)
    _assign(connection, known_at, decision, flows, into)
    carry_stances(connection, known_at, deed.incident, flows, into, same_claim_as=deed.rumour)
    _note(connection, known_at, decision, deed.rumour, EventKind.MERGED, into=into)
    return decision


def _split(connection: Any, known_at: datetime, deed: ActRequest, flows: list[str], reason: str) -> Decision:
    require_on_board(connection, deed.incident, deed.rumour)
    _require_some_of(connection, deed, flows, "Leave at least one flow: these are all the flows of this rumour.")
    opener = _opening_post(connection, deed.incident, flows)
    rumour = stable_id("rumour", deed.incident, opener, "by hand", str(next_number(connection, deed.incident)))
    state = state_of(connection, deed.incident, deed.rumour)
    decision = append_decision(connection, known_at, deed, Act.SPLIT, state, reason, into=rumour)
    _assign(connection, known_at, decision, flows, rumour, pins=True)
    carry_stances(connection, known_at, deed.incident, flows, rumour)
    _note(connection, known_at, decision, rumour, EventKind.SPLIT, **{"from": deed.rumour})
    _add_event(connection, known_at, decision, rumour, EventKind.TITLE, {}, post=opener)
    _add_event(connection, known_at, decision, rumour, EventKind.SURFACED, {"rule": BY_HAND, "by_hand": True})
    _retitle(connection, known_at, decision)
    return decision


def _move(
    connection: Any, known_at: datetime, deed: ActRequest, flows: list[str], into: str, reason: str
) -> Decision:
    if into == deed.rumour:
        raise Refused({"into": "The flows are already in this rumour. Choose another one."})
    require_on_board(connection, deed.incident, deed.rumour)
    require_on_board(connection, deed.incident, into, field="into")
    _require_some_of(
        connection, deed, flows, "These are all the flows of this rumour. Merge the whole rumour instead."
    )
    state = state_of(connection, deed.incident, deed.rumour)
    decision = append_decision(connection, known_at, deed, Act.MOVE, state, reason, into=into)
    _assign(connection, known_at, decision, flows, into, pins=True)
    carry_stances(connection, known_at, deed.incident, flows, into)
    _retitle(connection, known_at, decision)
    return decision


def _undo(connection: Any, known_at: datetime, deed: ActRequest, number: int, reason: str) -> Decision:
    undone = _undoable(connection, deed.incident, number)
    back, away = undone.rumour, undone.into
    before = undone.number if undone.act is Act.MERGE else None
    state = state_of(connection, deed.incident, back, before=before)
    decision = append_decision(
        connection, known_at, replace(deed, rumour=back), Act.UNDO, state, reason, into=away, undoes=undone.number
    )
    here = _flows_of(connection, deed.incident, away)
    # What was split off ends, so that all its flows go back; else those that this act put there.
    moved = here if undone.act is Act.SPLIT else _flows_by(connection, undone) & here
    _assign(connection, known_at, decision, moved, back)
    same_claim = away if undone.act is Act.MERGE else None
    carry_stances(connection, known_at, deed.incident, moved, back, same_claim_as=same_claim)
    if undone.act is Act.MERGE:
        _note(connection, known_at, decision, back, EventKind.SPLIT, **{"from": away})
    elif undone.act is Act.SPLIT:
        _note(connection, known_at, decision, away, EventKind.MERGED, into=back)
    return decision


def _undoable(connection: Any, incident: str, number: int) -> Decision:
    """The decision of that number. Raises Refused where it cannot be undone, or not before later ones."""
    log = _log(connection, incident)
    one = next((one for one in log if one.number == number), None)
    if one is None or one.act not in REARRANGING:
        raise Refused({"number": "Only a merge, a split or a move of this incident can be undone. Reload the page."})
    undone_by = {later.undoes: later.number for later in log}
    if number in undone_by:
        raise Refused({"number": f"This was already undone by decision {undone_by[number]}. Reload the page."})
    touching = _deciding(connection, incident, _flows_by(connection, one))
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


def _log(connection: Any, incident: str) -> list[Decision]:
    """Every decision of the incident as this transaction sees it, newest first."""
    cursor = connection.execute("select * from decisions where incident = $1 order by number desc", [incident])
    columns = [column[0] for column in cursor.description]
    return [decision_from(dict(zip(columns, row, strict=True))) for row in cursor.fetchall()]


def _flows_of(connection: Any, incident: str, rumour: str) -> set[str]:
    rows = connection.execute(
        "select flow from flows_of($1, $2, 'infinity'::timestamp)", [incident, rumour]
    ).fetchall()
    return {row[0] for row in rows}


def _flows_by(connection: Any, decision: Decision) -> set[str]:
    """The flows that a decision put where it wanted them."""
    rows = connection.execute(
        "select flow from flow_assignments where incident = $1 and decision = $2",
        [decision.incident, decision.number],
    ).fetchall()
    return {row[0] for row in rows}


def _deciding(connection: Any, incident: str, flows: set[str]) -> set[int]:
    """The numbers of all decisions that put any of these flows somewhere."""
    rows = connection.execute(
        "select distinct decision from flow_assignments "
        "where incident = $1 and decision is not null and flow in (select unnest($2::varchar[]))",
        [incident, sorted(flows)],
    ).fetchall()
    return {row[0] for row in rows}


def _require_some_of(connection: Any, deed: ActRequest, flows: list[str], if_all: str) -> None:
    """Raises Refused unless these are some of the rumour's flows, and not all."""
    there = _flows_of(connection, deed.incident, deed.rumour)
    strange = [flow for flow in flows if flow not in there]
    if strange:
        many = "1 flow is" if len(strange) == 1 else f"{len(strange)} flows are"
        raise Refused({"flows": f"{many} no longer in this rumour. Reload the page and choose again."})
    if len(flows) == len(there):
        raise Refused({"flows": if_all})


def _opening_post(connection: Any, incident: str, flows: Collection[str]) -> str:
    """The first post of the earliest of these flows whose words are still there; the first at all where none are."""
    rows = connection.execute(
        "select f.post from flow_posts f join posts p on p.seq = f.seq "
        "where f.incident = $1 and f.flow in (select unnest($2::varchar[])) "
        "order by p.removed_at is not null, f.place limit 1",
        [incident, list(flows)],
    ).fetchall()
    return rows[0][0]


def _assign(
    connection: Any,
    known_at: datetime,
    decision: Decision,
    flows: Collection[str],
    rumour: str,
    *,
    pins: bool = False,
) -> None:
    """Put flows into a rumour by this decision. Without `pins` a flow is held as it was before what this undoes."""
    connection.execute(
        """
        insert into flow_assignments by name
        with moved as (
            select unnest($flows::varchar[]) as flow),
        held as (
            select flow, arg_max(pins, decision) as pins
            from flow_assignments
            where incident = $incident and decision < $before
            group by flow)
        select $incident as incident, m.flow, $rumour as rumour, $officer as assigned_by, $number as decision,
            $pins or coalesce(h.pins, false) as pins, $known_at::timestamp as known_at
        from moved m
        left join held h on h.flow = m.flow
        order by m.flow
        """,
        {
            "flows": list(flows),
            "incident": decision.incident,
            "before": decision.undoes or decision.number,
            "rumour": rumour,
            "officer": decision.officer.name,
            "number": decision.number,
            "pins": pins,
            "known_at": utc_naive(known_at),
        },
    )


def _retitle(connection: Any, known_at: datetime, decision: Decision) -> None:
    """Where the words that named the rumour have left it, let its most copied flow name it until the model does."""
    left = connection.execute(
        "select t.post from (select arg_max(post, rowid) as post from rumour_events "
        "  where incident = $1 and rumour = $2 and kind = $3) t "
        "join flow_posts f on f.incident = $1 and f.post = t.post "
        "join flow_assignments a on a.incident = $1 and a.flow = f.flow and a.decision = $4",
        [decision.incident, decision.rumour, EventKind.TITLE.value, decision.number],
    ).fetchall()
    if left:
        (flow,) = connection.execute(
            "select f.flow from flows_of($1, $2, 'infinity'::timestamp) r "
            "join flow_posts f on f.incident = $1 and f.flow = r.flow "
            "group by f.flow order by count(*) desc, min(f.place) limit 1",
            [decision.incident, decision.rumour],
        ).fetchall()[0]
        post = _opening_post(connection, decision.incident, [flow])
        _add_event(connection, known_at, decision, decision.rumour, EventKind.TITLE, {}, post=post)


def _note(
    connection: Any, known_at: datetime, decision: Decision, rumour: str, kind: EventKind, **detail: object
) -> None:
    """Lineage: where a rumour went, or came from, and by whose decision."""
    _add_event(
        connection,
        known_at,
        decision,
        rumour,
        kind,
        {**detail, "by": decision.officer.name, "decision": decision.number},
    )


def _add_event(
    connection: Any,
    known_at: datetime,
    decision: Decision,
    rumour: str,
    kind: EventKind,
    detail: dict[str, object],
    *,
    post: str | None = None,
) -> None:
    insert_row(
        connection,
        "rumour_events",
        {
            "incident": decision.incident,
            "rumour": rumour,
            "kind": kind.value,
            "happened_at": decision.decided_at,
            "post": post,
            "likelihood": None,
            "detail": json.dumps(detail, sort_keys=True),
            "known_at": known_at,
        },
    )
