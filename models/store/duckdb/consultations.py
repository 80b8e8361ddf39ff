"""ConsultationStore on DuckDB: who took what out of an incident."""

from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime
from typing import Any

from models.domain.acts import Consultation
from models.domain.audit import AuditKind, AuditNote
from models.errors import Refused
from models.people.checks import checked_consultation, checked_request
from models.store.duckdb.audit_notes import append_audit, consultation_digest
from models.store.duckdb.engine import Engine
from models.store.duckdb.rows import officer_columns, officer_from
from models.store.duckdb.transaction import Transaction


class DuckDBConsultations:
    def __init__(self, engine: Engine):
        self._engine = engine

    def record(self, consultation: Consultation, request: str | None = None) -> Future[Consultation]:
        checked, name = checked_consultation(consultation), checked_request(request)

        def recorded(transaction: Transaction) -> Consultation:
            before = transaction.rows("consultation_of_request", incident=checked.incident, request=name)
            if before:
                return _consultation(before[0])
            if not transaction.rows("incident_versions", incident=checked.incident):
                raise Refused({"incident": "There is no such incident. Go to the incidents and choose it again."})
            row = {
                "incident": checked.incident,
                "what": checked.what,
                "filter": checked.filter,
                "moment": checked.as_of,
                **officer_columns(checked.officer),
                "reason": checked.reason,
                "request": name,
                "known_at": transaction.known_at,
            }
            transaction.write("add_consultation", **row)
            _audit(transaction, checked, row)
            return replace(checked, recorded_at=transaction.known_at)

        return self._engine.writer.submit_act(recorded, shows=lambda recorded: False)

    def of(self, incident: str, as_of: datetime | None = None) -> list[Consultation]:
        moment = {} if as_of is None else {"as_of": as_of}
        return [_consultation(row) for row in self._engine.rows("consultations", incident=incident, **moment)]


def _audit(transaction: Transaction, one: Consultation, row: dict[str, Any]) -> None:
    """Enter the consultation in the audit, which guards its row.

    Which part was taken stays in the row: it may quote a claim, and no words of posts belong in a chain for good.
    """
    note = AuditNote(
        kind=AuditKind.CONSULTATION,
        what=one.what,
        officer=one.officer,
        incident=one.incident,
        reason=one.reason,
        at=transaction.known_at,
        record=consultation_digest(transaction.audit.key, row),
    )
    append_audit(transaction, note)


def _consultation(row: dict[str, Any]) -> Consultation:
    return Consultation(
        incident=row["incident"],
        what=row["what"],
        filter=row["filter"],
        as_of=row["moment"],
        officer=officer_from(row),
        reason=row["reason"],
        recorded_at=row["known_at"],
    )
