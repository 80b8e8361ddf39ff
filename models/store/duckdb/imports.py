"""ImportStore on DuckDB: files that people read into incidents, and how each ended."""

import json
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime
from typing import Any

from models.domain.acts import Officer
from models.domain.audit import AuditedAct
from models.domain.imports import Import, ImportEnd, TableReading, Takes
from models.errors import Refused
from models.people.checks import checked_import, checked_request
from models.store.duckdb.audit_notes import audit_act
from models.store.duckdb.engine import Engine, known_by
from models.store.duckdb.rows import officer_columns, officer_from
from models.store.duckdb.transaction import Transaction

_ANY = {"incident": None, "shape": None, "request": None}


class DuckDBImports:
    def __init__(self, engine: Engine):
        self._engine = engine

    def begin(self, one: Import, request: str | None = None) -> Future[Import]:
        checked, name = checked_import(one), checked_request(request)

        def begun(transaction: Transaction) -> Import:
            asked = {**_ANY, "incident": checked.incident, "request": name}
            before = name and transaction.rows("imports", **asked)
            if before:
                return _import(before[0])
            versions = transaction.rows("incident_versions", incident=checked.incident)
            if not versions:
                raise Refused({"incident": "There is no such incident. Go to the incidents and choose it again."})
            if versions[0]["closed_at"] is not None:
                raise Refused({"incident": "This incident is closed. Open it again before you import a file."})
            transaction.write(
                "add_import",
                id=checked.id,
                incident=checked.incident,
                file=checked.file,
                size_bytes=checked.size_bytes,
                digest=checked.digest,
                takes=checked.takes.value,
                columns=json.dumps(dict(checked.table.columns), ensure_ascii=False),
                zone=checked.table.zone,
                shape=checked.shape,
                **officer_columns(checked.officer),
                reason=checked.reason,
                request=name,
            )
            audit_act(
                transaction,
                AuditedAct.IMPORT,
                checked.officer,
                incident=checked.incident,
                subject=checked.id,
                reason=checked.reason,
            )
            return replace(checked, started_at=transaction.known_at)

        return self._engine.writer.submit_act(begun)

    def end(self, one: str, ended: ImportEnd, detail: str = "", by: Officer | None = None) -> Future[None]:
        def written(transaction: Transaction) -> None:
            transaction.write(
                "add_import_end", **{"import": one}, ended=ended.value, detail=detail, **officer_columns(by)
            )
            if by is not None:
                found = (row["incident"] for row in transaction.rows("imports", **_ANY) if row["id"] == one)
                audit_act(
                    transaction,
                    AuditedAct.CANCEL_IMPORT,
                    by,
                    incident=next(found, None),
                    subject=one,
                    reason=detail,
                )

        return self._engine.writer.submit_act(written)

    def of(self, incident: str | None = None, as_of: datetime | None = None) -> list[Import]:
        rows = self._engine.rows("imports", **{**_ANY, "incident": incident}, **known_by(as_of))
        return [_import(row) for row in rows]

    def like(self, shape: str) -> Import | None:
        rows = self._engine.rows("imports", **{**_ANY, "shape": shape}) if shape else []
        return _import(rows[0]) if rows else None


def _import(row: dict[str, Any]) -> Import:
    return Import(
        id=row["id"],
        incident=row["incident"],
        file=row["file"],
        size_bytes=row["size_bytes"],
        digest=row["digest"],
        takes=Takes(row["takes"]),
        officer=officer_from(row),
        reason=row["reason"],
        table=TableReading(json.loads(row["columns"]), row["zone"]),
        shape=row["shape"],
        started_at=row["started_at"],
        ended=ImportEnd(row["ended"]) if row["ended"] else None,
        ended_at=row["ended_at"],
        detail=row["detail"] or "",
        ended_by=_ended_by(row),
    )


def _ended_by(row: dict[str, Any]) -> Officer | None:
    columns = {name: row[f"ended_{name}"] for name in officer_columns(None)}
    return officer_from(columns) if columns["officer"] else None
