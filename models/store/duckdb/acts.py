"""ActStore on DuckDB: what people do to rumours and log for an incident, each act in one transaction."""

from collections.abc import Callable, Collection
from concurrent.futures import Future
from datetime import datetime

from models.domain.acts import Act, Assignee, Constraints, Decision, Officer
from models.domain.corrections import Correction, CorrectionDraft
from models.domain.sightings import Sighting, SightingDraft
from models.people.acts import STATE_AFTER
from models.people.checks import (
    checked_act,
    checked_assignee,
    checked_draft,
    checked_flows,
    checked_note,
    checked_officer,
    checked_reason,
    checked_request,
    checked_sighting,
    written,
)
from models.people.constraints import constraints_of
from models.store.duckdb.assignments import assign
from models.store.duckdb.corrections import correct, correction_from
from models.store.duckdb.decisions import (
    ActRequest,
    append_decision,
    decision_from,
    decision_of_request,
    first_broken,
    require_on_board,
)
from models.store.duckdb.engine import Engine, known_by
from models.store.duckdb.rearrangements import merge, move, refuse_merge, split
from models.store.duckdb.sightings import log_sighting
from models.store.duckdb.transaction import Transaction
from models.store.duckdb.undoing import undo


class DuckDBActs:
    def __init__(self, engine: Engine):
        self._engine = engine

    def decide(
        self,
        incident: str,
        rumour: str,
        act: Act,
        officer: Officer,
        reason: str,
        request: str | None = None,
        *,
        shared: bool = False,
    ) -> Future[Decision]:
        act, why = checked_act(act), checked_reason(reason)
        asked = self._asked(incident, rumour, officer, request, shared=shared)
        return self._once(asked, lambda transaction: _decide(transaction, asked, act, why))

    def assign(
        self, incident: str, rumour: str, to: Assignee, officer: Officer, note: str, request: str | None = None
    ) -> Future[Decision]:
        to, note = checked_assignee(to), checked_note(note)
        asked = self._asked(incident, rumour, officer, request)
        return self._once(asked, lambda transaction: assign(transaction, asked, to, note))

    def correct(
        self, incident: str, draft: CorrectionDraft, officer: Officer, request: str | None = None
    ) -> Future[Correction]:
        asked = self._asked(incident, draft.rumour, officer, request)
        checked = checked_draft(draft, now=asked.at)
        return self._engine.writer.submit_act(lambda transaction: correct(transaction, asked, checked))

    def log_sighting(
        self, incident: str, draft: SightingDraft, officer: Officer, request: str | None = None
    ) -> Future[Sighting]:
        by, name, now = checked_officer(officer), checked_request(request), self._engine.clock.now()
        checked, numbers = checked_sighting(draft, now=now), self._engine.numbers
        return self._engine.writer.submit_act(
            lambda transaction: log_sighting(transaction, numbers, incident, checked, by, now, name)
        )

    def merge(
        self,
        incident: str,
        rumour: str,
        into: str,
        officer: Officer,
        reason: str,
        request: str | None = None,
        *,
        shared: bool = False,
    ) -> Future[Decision]:
        into, why = written(into), checked_reason(reason)
        asked = self._asked(incident, rumour, officer, request, shared=shared)
        return self._once(asked, lambda transaction: merge(transaction, asked, into, why))

    def refuse(
        self,
        incident: str,
        rumour: str,
        other: str,
        officer: Officer,
        reason: str,
        request: str | None = None,
        *,
        shared: bool = False,
    ) -> Future[Decision]:
        other, why = written(other), checked_reason(reason)
        asked = self._asked(incident, rumour, officer, request, shared=shared)
        return self._once(asked, lambda transaction: refuse_merge(transaction, asked, other, why))

    def split(
        self,
        incident: str,
        rumour: str,
        flows: Collection[str],
        officer: Officer,
        reason: str,
        request: str | None = None,
        *,
        shared: bool = False,
    ) -> Future[Decision]:
        chosen, why = checked_flows(flows), checked_reason(reason)
        asked = self._asked(incident, rumour, officer, request, shared=shared)
        return self._once(asked, lambda transaction: split(transaction, asked, chosen, why))

    def move(
        self,
        incident: str,
        rumour: str,
        flows: Collection[str],
        into: str,
        officer: Officer,
        reason: str,
        request: str | None = None,
        *,
        shared: bool = False,
    ) -> Future[Decision]:
        chosen, into, why = checked_flows(flows), written(into), checked_reason(reason)
        asked = self._asked(incident, rumour, officer, request, shared=shared)
        return self._once(asked, lambda transaction: move(transaction, asked, chosen, into, why))

    def undo(
        self, incident: str, number: int, officer: Officer, reason: str, request: str | None = None
    ) -> Future[Decision]:
        why = checked_reason(reason)
        # The decision that is undone says which rumour it is about.
        asked = self._asked(incident, "", officer, request)
        return self._once(asked, lambda transaction: undo(transaction, asked, number, why))

    def constraints(self, incident: str, *, as_of: datetime | None = None) -> Constraints:
        moment = {"incident": incident} | known_by(as_of)
        # The number is read first: whoever acts in between makes it too low, and what is judged by it is refused.
        number = self._engine.rows("constraint_number", **moment)[0]["number"]
        pinned = {row["flow"]: row["rumour"] for row in self._engine.rows("pinned_flows", **moment)}
        return constraints_of(number, self.decisions(incident, as_of=as_of)[::-1], pinned)

    def desks(self, incident: str) -> list[str]:
        return [row["assignee"] for row in self._engine.rows("desks", incident=incident)]

    def decisions(self, incident: str, rumour: str | None = None, *, as_of: datetime | None = None) -> list[Decision]:
        rows = self._engine.rows("decisions", incident=incident, rumour=rumour, **known_by(as_of))
        return [decision_from(row) for row in rows]

    def corrections(
        self, incident: str, rumour: str | None = None, *, as_of: datetime | None = None
    ) -> list[Correction]:
        rows = self._engine.rows("corrections", incident=incident, rumour=rumour, **known_by(as_of))
        return [correction_from(row) for row in rows]

    def correction_versions(self, incident: str, as_of: datetime | None = None) -> list[Correction]:
        asked = {"incident": incident, "rumour": None} | ({} if as_of is None else {"as_of": as_of})
        return [correction_from(row) for row in self._engine.rows("correction_versions", **asked)]

    def broken_decision(self, incident: str) -> int | None:
        return first_broken(reversed(self._engine.rows("decisions", incident=incident, rumour=None)))

    def _asked(
        self, incident: str, rumour: str, officer: Officer, request: str | None, *, shared: bool = False
    ) -> ActRequest:
        return ActRequest(
            incident,
            written(rumour),
            checked_officer(officer),
            self._engine.clock.now(),
            checked_request(request),
            shared,
        )

    def _once(self, asked: ActRequest, act: Callable[[Transaction], Decision]) -> Future[Decision]:
        return self._engine.writer.submit_act(
            lambda transaction: decision_of_request(transaction, asked) or act(transaction)
        )


def _decide(transaction: Transaction, asked: ActRequest, act: Act, reason: str) -> Decision:
    require_on_board(transaction, asked.incident, asked.rumour)
    return append_decision(transaction, asked, act, STATE_AFTER[act], reason)
