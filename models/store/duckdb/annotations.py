"""AnnotationStore on DuckDB: captions that people pin to moments."""

from concurrent.futures import Future
from datetime import datetime
from typing import Any

from models.domain.acts import Annotation, Officer
from models.domain.audit import AuditedAct
from models.domain.ids import stable_id
from models.errors import Refused
from models.people.checks import check_pinned_to, checked_caption, checked_officer, checked_request
from models.store.duckdb.audit_notes import audit_act
from models.store.duckdb.engine import Engine
from models.store.duckdb.rows import officer_columns, officer_from
from models.store.duckdb.transaction import Transaction


class DuckDBAnnotations:
    def __init__(self, engine: Engine):
        self._engine = engine

    def pin(
        self,
        incident: str,
        rumour: str | None,
        pinned_to: datetime,
        text: str,
        officer: Officer,
        request: str | None = None,
    ) -> Future[Annotation]:
        caption, by, name = checked_caption(text), checked_officer(officer), checked_request(request)

        def job(transaction: Transaction) -> Annotation:
            if before := transaction.rows("annotation_of_request", incident=incident, request=name):
                return _annotation(before[0])
            if not transaction.rows("incident_versions", incident=incident):
                raise Refused({"incident": "There is no such incident. Go to the incidents and choose it again."})
            check_pinned_to(pinned_to, now=transaction.known_at)
            row = {
                "incident": incident,
                "id": stable_id("annotation", incident, transaction.known_at.isoformat()),
                "rumour": rumour,
                "pinned_to": pinned_to,
                "text": caption,
                **officer_columns(by),
            }
            transaction.write("add_annotation", **row, removed=False, request=name)
            audit_act(transaction, AuditedAct.PIN_CAPTION, by, incident=incident, subject=row["id"])
            return _annotation({**row, "known_at": transaction.known_at})

        return self._engine.writer.submit_act(job)

    def take_away(
        self, incident: str, annotation: str, officer: Officer, request: str | None = None
    ) -> Future[Annotation]:
        by, name = checked_officer(officer), checked_request(request)

        def job(transaction: Transaction) -> Annotation:
            if before := transaction.rows("annotation_of_request", incident=incident, request=name):
                return _annotation(before[0])
            there = transaction.rows("annotations", incident=incident, rumour=None)
            row = next((one for one in there if one["id"] == annotation), None)
            if row is None:
                raise Refused({"caption": "This caption is gone already. Reload the page."})
            kept = {name: row[name] for name in ("incident", "id", "rumour", "pinned_to", "text")}
            transaction.write("add_annotation", **kept, **officer_columns(by), removed=True, request=name)
            audit_act(transaction, AuditedAct.TAKE_CAPTION_AWAY, by, incident=incident, subject=annotation)
            return _annotation(row)

        return self._engine.writer.submit_act(job)

    def of(self, incident: str, rumour: str | None = None, as_of: datetime | None = None) -> list[Annotation]:
        moment = {} if as_of is None else {"as_of": as_of}
        return [
            _annotation(row) for row in self._engine.rows("annotations", incident=incident, rumour=rumour, **moment)
        ]


def _annotation(row: dict[str, Any]) -> Annotation:
    return Annotation(
        id=row["id"],
        incident=row["incident"],
        rumour=row["rumour"],
        pinned_to=row["pinned_to"],
        text=row["text"],
        pinned_by=officer_from(row),
        pinned_at=row["known_at"],
    )
