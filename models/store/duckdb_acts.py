"""How the DuckDB store keeps what people did: decisions in a hash chain, corrections in versions."""

from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.acts import (
    STATE_AFTER,
    checked_act,
    checked_draft,
    checked_officer,
    checked_reason,
    request_name,
    written,
)
from models.domain import (
    Act,
    Correction,
    CorrectionDraft,
    CorrectionStatus,
    Decision,
    EventKind,
    Officer,
    State,
    Verdict,
    named_id,
)
from models.errors import Refused
from models.store.chain import FIRST_LINK, new_salt, next_link
from models.store.rows import aware, insert_row


class DuckDBActs:
    """ActStore; `_writer`, `clock` and `rows` come with DuckDBStore."""

    def decide(
        self, incident: str, rumour: str, act: Act, officer: Officer, reason: str, request: str | None = None
    ) -> Future[Decision]:
        by = _Act(incident, written(rumour), checked_officer(officer), self.clock.now(), request_name(request))
        act, why = checked_act(act), checked_reason(reason)
        return self._writer.submit_act(lambda connection, known_at: _decide_once(connection, known_at, by, act, why))

    def record_correction(
        self, incident: str, draft: CorrectionDraft, officer: Officer, request: str | None = None
    ) -> Future[Correction]:
        by = _Act(incident, written(draft.rumour), checked_officer(officer), self.clock.now(), request_name(request))
        checked = checked_draft(draft, now=by.at)
        return self._writer.submit_act(lambda connection, known_at: _record_once(connection, known_at, by, checked))

    def decisions(self, incident: str, rumour: str | None = None) -> list[Decision]:
        return [_decision(row) for row in self.rows("decisions", incident=incident, rumour=rumour)]

    def corrections(self, incident: str, rumour: str | None = None) -> list[Correction]:
        return [_correction(row) for row in self.rows("corrections", incident=incident, rumour=rumour)]

    def broken_decision(self, incident: str) -> int | None:
        rows = self.rows("decisions", incident=incident, rumour=None)
        return first_broken(reversed(rows))


def first_broken(rows: Iterable[dict[str, Any]]) -> int | None:
    """The number of the first decision, oldest first, that does not follow from the one before it."""
    link = FIRST_LINK
    for expected, row in enumerate(rows, start=1):
        link = next_link(link, row["salt"], _chained(row))
        if row["number"] != expected or row["link"] != link:
            return expected
    return None


@dataclass(frozen=True, slots=True)
class _Act:
    """What every act says: about which rumour, by whom, when, and the browser's own name for the request."""

    incident: str
    rumour: str
    officer: Officer
    at: datetime
    request: str | None


def _decide_once(connection: Any, known_at: datetime, by: _Act, act: Act, reason: str) -> Decision:
    """The decision, or the one that this very request has made already: a retry decides nothing twice."""
    _require_on_board(connection, by)
    before = _of_request(connection, "decisions", by)
    return _decision(before) if before else _decide(connection, known_at, by, act, reason, correction=None)


def _record_once(connection: Any, known_at: datetime, by: _Act, draft: CorrectionDraft) -> Correction:
    _require_on_board(connection, by)
    before = _of_request(connection, "corrections", by)
    return _correction(before) if before else _record(connection, known_at, by, draft)


def _require_on_board(connection: Any, by: _Act) -> None:
    on_board = connection.execute(
        "select 1 from rumour_events where incident = $1 and rumour = $2 and kind = $3 limit 1",
        [by.incident, by.rumour, EventKind.SURFACED.value],
    ).fetchall()
    if not on_board:
        raise Refused({"rumour": "This rumour is not on the board of this incident. Reload the page."})


def _of_request(connection: Any, table: str, by: _Act) -> dict[str, Any] | None:
    """The row that this request wrote before, if it did."""
    if by.request is None:
        return None
    cursor = connection.execute(
        f"select * from {table} where incident = $1 and rumour = $2 and request = $3",
        [by.incident, by.rumour, by.request],
    )
    columns = [column[0] for column in cursor.description]
    rows = cursor.fetchall()
    return {name: aware(value) for name, value in zip(columns, rows[0], strict=True)} if rows else None


def _decide(
    connection: Any, known_at: datetime, by: _Act, act: Act, reason: str, *, correction: str | None
) -> Decision:
    last = connection.execute(
        "select number, link from decisions where incident = $1 order by number desc limit 1", [by.incident]
    ).fetchall()
    number, previous = (last[0][0] + 1, last[0][1]) if last else (1, FIRST_LINK)
    row = {
        "incident": by.incident, "number": number, "rumour": by.rumour, "act": act.value,
        "state": STATE_AFTER[act].value, "officer": by.officer.name, "role": by.officer.role, "reason": reason,
        "correction": correction, "decided_at": by.at, "salt": new_salt(), "request": by.request,
    }  # fmt: skip
    link = next_link(previous, row["salt"], _chained(row))
    insert_row(connection, "decisions", {**row, "link": link, "known_at": known_at})
    return _decision(row)


def _record(connection: Any, known_at: datetime, by: _Act, draft: CorrectionDraft) -> Correction:
    row = {
        "incident": by.incident,
        "id": named_id("correction", by.incident, by.rumour, known_at.isoformat()),
        "version": 1,
        "rumour": by.rumour,
        "status": CorrectionStatus.ISSUED.value,
        "verdict": draft.verdict.value,
        "wording": written(draft.wording),
        "channel": written(draft.channel),
        "authority": written(draft.authority),
        "evidence_url": written(draft.evidence_url or "") or None,
        "issued_at": draft.issued_at,
        "recorded_by": by.officer.name,
        "recorded_role": by.officer.role,
        "approved_by": None,
        "review_by": draft.review_by,
        "request": by.request,
        "known_at": known_at,
    }
    insert_row(connection, "corrections", row)
    correction = _correction(row)
    reason = f"Logged as {correction.verdict.value}, given on {correction.channel}"
    _decide(connection, known_at, by, Act.CORRECT, reason, correction=correction.id)
    return correction


def _chained(row: dict[str, Any]) -> tuple[object, ...]:
    fields = ("incident", "number", "rumour", "act", "state", "officer", "role", "reason", "correction")
    return (*(row[field] for field in fields), row["decided_at"].isoformat())


def _decision(row: dict[str, Any]) -> Decision:
    return Decision(
        number=row["number"],
        incident=row["incident"],
        rumour=row["rumour"],
        act=Act(row["act"]),
        state=State(row["state"]),
        officer=Officer(row["officer"], row["role"]),
        reason=row["reason"],
        decided_at=row["decided_at"],
        correction=row["correction"],
    )


def _correction(row: dict[str, Any]) -> Correction:
    kept = ("id", "version", "rumour", "wording", "channel", "authority", "evidence_url", "issued_at", "approved_by",
            "review_by")  # fmt: skip
    return Correction(
        **{name: row[name] for name in kept},
        status=CorrectionStatus(row["status"]),
        verdict=Verdict(row["verdict"]),
        recorded_by=Officer(row["recorded_by"], row["recorded_role"]),
        recorded_at=row["known_at"],
    )
