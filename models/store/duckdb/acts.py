"""How the DuckDB store keeps what people did to one rumour: decisions, and corrections in versions."""

from concurrent.futures import Future
from datetime import datetime
from typing import Any

from models.domain import (
    Act,
    Correction,
    CorrectionDraft,
    CorrectionStatus,
    Decision,
    Officer,
    Verdict,
    stable_id,
)
from models.errors import Refused
from models.people.acts import STATE_AFTER
from models.people.checks import checked_act, checked_draft, checked_officer, checked_reason, checked_request, written
from models.store.duckdb.decisions import (
    ActRequest,
    append_decision,
    decision_from,
    decision_of_request,
    first_broken,
    require_on_board,
)
from models.store.duckdb.rows import dict_rows, insert_row


class DuckDBActs:
    """ActStore; `_writer`, `clock` and `rows` come with DuckDBStore."""

    def decide(
        self, incident: str, rumour: str, act: Act, officer: Officer, reason: str, request: str | None = None
    ) -> Future[Decision]:
        deed = ActRequest(
            incident, written(rumour), checked_officer(officer), self.clock.now(), checked_request(request)
        )
        act, why = checked_act(act), checked_reason(reason)
        return self._writer.submit_act(
            lambda connection, known_at: _decide_once(connection, known_at, deed, act, why)
        )

    def record_correction(
        self, incident: str, draft: CorrectionDraft, officer: Officer, request: str | None = None
    ) -> Future[Correction]:
        deed = ActRequest(
            incident, written(draft.rumour), checked_officer(officer), self.clock.now(), checked_request(request)
        )
        checked = checked_draft(draft, now=deed.at)
        return self._writer.submit_act(lambda connection, known_at: _record_once(connection, known_at, deed, checked))

    def decisions(self, incident: str, rumour: str | None = None) -> list[Decision]:
        return [decision_from(row) for row in self.rows("decisions", incident=incident, rumour=rumour)]

    def corrections(self, incident: str, rumour: str | None = None) -> list[Correction]:
        return [_correction(row) for row in self.rows("corrections", incident=incident, rumour=rumour)]

    def broken_decision(self, incident: str) -> int | None:
        rows = self.rows("decisions", incident=incident, rumour=None)
        return first_broken(reversed(rows))


def _decide_once(connection: Any, known_at: datetime, deed: ActRequest, act: Act, reason: str) -> Decision:
    """The decision, or the one that this very request has made already: a retry decides nothing twice."""
    before = decision_of_request(connection, deed)
    if before:
        return before
    require_on_board(connection, deed.incident, deed.rumour)
    return append_decision(connection, known_at, deed, act, STATE_AFTER[act], reason)


def _record_once(connection: Any, known_at: datetime, deed: ActRequest, draft: CorrectionDraft) -> Correction:
    before = dict_rows(
        connection, "select * from corrections where incident = $1 and request = $2", [deed.incident, deed.request]
    )
    if before:
        return _correction(before[0])
    if decision_of_request(connection, deed):
        raise Refused({"request": "This request has already logged another act. Reload the page and try again."})
    require_on_board(connection, deed.incident, deed.rumour)
    return _record(connection, known_at, deed, draft)


def _record(connection: Any, known_at: datetime, deed: ActRequest, draft: CorrectionDraft) -> Correction:
    row = {
        "incident": deed.incident,
        "id": stable_id("correction", deed.incident, deed.rumour, known_at.isoformat()),
        "version": 1,
        "rumour": deed.rumour,
        "status": CorrectionStatus.ISSUED.value,
        "verdict": draft.verdict.value,
        "wording": draft.wording,
        "channel": draft.channel,
        "authority": draft.authority,
        "evidence_url": draft.evidence_url,
        "issued_at": draft.issued_at,
        "recorded_by": deed.officer.name,
        "recorded_role": deed.officer.role,
        "approved_by": None,
        "review_by": draft.review_by,
        "request": deed.request,
        "known_at": known_at,
    }
    insert_row(connection, "corrections", row)
    correction = _correction(row)
    reason = f"Logged as {correction.verdict.value}, given on {correction.channel}"
    append_decision(
        connection, known_at, deed, Act.CORRECT, STATE_AFTER[Act.CORRECT], reason, correction=correction.id
    )
    return correction


def _correction(row: dict[str, Any]) -> Correction:
    kept = (
        "id",
        "version",
        "rumour",
        "wording",
        "channel",
        "authority",
        "evidence_url",
        "issued_at",
        "approved_by",
        "review_by",
    )
    return Correction(
        **{name: row[name] for name in kept},
        status=CorrectionStatus(row["status"]),
        verdict=Verdict(row["verdict"]),
        recorded_by=Officer(row["recorded_by"], row["recorded_role"]),
        recorded_at=row["known_at"],
    )
