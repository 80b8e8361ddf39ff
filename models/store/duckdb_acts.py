"""How the DuckDB store keeps what people did: decisions in a hash chain, corrections in versions."""

from collections.abc import Iterable
from concurrent.futures import Future
from datetime import datetime
from typing import Any

from models.acts import STATE_AFTER, checked_draft, checked_reason
from models.domain import (
    Act,
    Correction,
    CorrectionStatus,
    Decision,
    Officer,
    State,
    Verdict,
    named_id,
)
from models.store.chain import FIRST_LINK, new_salt, next_link
from models.store.protocol import CorrectionDraft
from models.store.rows import utc_naive


class DuckDBActs:
    """ActStore; `_writer`, `clock` and `rows` come with DuckDBStore."""

    def decide(self, incident: str, rumour: str, act: Act, officer: Officer, reason: str) -> Future[Decision]:
        """Record one act. Raises Refused where the reason is missing."""
        why, decided_at = checked_reason(reason), self.clock.now()
        return self._writer.submit_act(
            lambda connection, known_at: _decide(
                connection, known_at, incident, rumour, act, officer, why, decided_at, correction=None
            )
        )

    def record_correction(self, incident: str, draft: CorrectionDraft, officer: Officer) -> Future[Correction]:
        """Log a correction that was given; it enters as issued, its approver unknown. Raises Refused."""
        now = self.clock.now()
        checked = checked_draft(draft, now=now)
        return self._writer.submit_act(
            lambda connection, known_at: _record(connection, known_at, incident, checked, officer, now)
        )

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


def _decide(
    connection: Any,
    known_at: datetime,
    incident: str,
    rumour: str,
    act: Act,
    officer: Officer,
    reason: str,
    decided_at: datetime,
    *,
    correction: str | None,
) -> Decision:
    last = connection.execute(
        "select number, link from decisions where incident = $1 order by number desc limit 1", [incident]
    ).fetchall()
    number, previous = (last[0][0] + 1, last[0][1]) if last else (1, FIRST_LINK)
    state = STATE_AFTER[act]
    row = {
        "incident": incident, "number": number, "rumour": rumour, "act": act.value, "state": state.value,
        "officer": officer.name, "role": officer.role, "reason": reason, "correction": correction,
        "decided_at": decided_at, "salt": new_salt(),
    }  # fmt: skip
    link = next_link(previous, row["salt"], _chained(row))
    _insert_row(connection, "decisions", {**row, "link": link, "known_at": known_at})
    return _decision(row)


def _record(
    connection: Any,
    known_at: datetime,
    incident: str,
    draft: CorrectionDraft,
    officer: Officer,
    now: datetime,
) -> Correction:
    correction = Correction(
        id=named_id("correction", incident, draft.rumour, known_at.isoformat()),
        version=1,
        rumour=draft.rumour,
        status=CorrectionStatus.ISSUED,
        verdict=draft.verdict,
        wording=draft.wording.strip(),
        channel=draft.channel.strip(),
        authority=draft.authority.strip(),
        evidence_url=(draft.evidence_url or "").strip() or None,
        issued_at=draft.issued_at,
        recorded_by=officer,
        recorded_at=known_at,
        review_by=draft.review_by,
    )
    _insert_row(connection, "corrections", {
        "incident": incident, "id": correction.id, "version": correction.version, "rumour": correction.rumour,
        "status": correction.status.value, "verdict": correction.verdict.value, "wording": correction.wording,
        "channel": correction.channel, "authority": correction.authority, "evidence_url": correction.evidence_url,
        "issued_at": correction.issued_at, "recorded_by": officer.name, "recorded_role": officer.role,
        "approved_by": None, "review_by": correction.review_by, "known_at": known_at,
    })  # fmt: skip
    reason = f"Logged as {correction.verdict.value}, given on {correction.channel}"
    _decide(
        connection,
        known_at,
        incident,
        draft.rumour,
        Act.CORRECT,
        officer,
        reason,
        now,
        correction=correction.id,
    )
    return correction


def _insert_row(connection: Any, table: str, row: dict[str, Any]) -> None:
    # Column and table names are this file's own; every value travels as a parameter.
    columns, marks = ", ".join(row), ", ".join(f"${place}" for place in range(1, len(row) + 1))
    connection.execute(f"insert into {table} ({columns}) values ({marks})", [utc_naive(v) for v in row.values()])


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
