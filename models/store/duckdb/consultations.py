"""ConsultationStore on DuckDB: who took what out of an incident."""

from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime
from typing import Any

from models.domain.acts import Consultation, Officer
from models.errors import Refused
from models.people.checks import checked_consultation, checked_request
from models.store.duckdb.engine import Engine
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
            transaction.write(
                "add_consultation",
                incident=checked.incident,
                what=checked.what,
                filter=checked.filter,
                as_of=checked.as_of,
                officer=checked.officer.name,
                role=checked.officer.role,
                reason=checked.reason,
                request=name,
            )
            return replace(checked, recorded_at=transaction.known_at)

        return self._engine.writer.submit_act(recorded)

    def of(self, incident: str, as_of: datetime | None = None) -> list[Consultation]:
        moment = {} if as_of is None else {"as_of": as_of}
        return [_consultation(row) for row in self._engine.rows("consultations", incident=incident, **moment)]


def _consultation(row: dict[str, Any]) -> Consultation:
    return Consultation(
        incident=row["incident"],
        what=row["what"],
        filter=row["filter"],
        as_of=row["moment"],
        officer=Officer(row["officer"], row["role"]),
        reason=row["reason"],
        recorded_at=row["known_at"],
    )
