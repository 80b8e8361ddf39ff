"""AuditStore on DuckDB: who did and saw what, in one keyed chain, and whether all that is kept of it follows."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import asdict, replace
from itertools import groupby
from typing import Any

import pyarrow as pa

from models.domain.audit import (
    AuditedRecord,
    AuditEntry,
    AuditFault,
    AuditFilter,
    AuditHead,
    AuditKind,
    AuditNote,
)
from models.people.audit import beginning_digest
from models.people.audit_faults import audit_faults
from models.people.checks import checked_officer, checked_reason, written
from models.store.duckdb.audit_chain import entry_from
from models.store.duckdb.audit_notes import append_audit, consultation_digest, decision_digest
from models.store.duckdb.decisions import follows
from models.store.duckdb.engine import Engine
from models.store.duckdb.named_sql import NOW
from models.store.duckdb.rows import aware

_ALL = {**asdict(AuditFilter()), "after": None, "limit": None, "as_of": NOW}
_RECORDS = ("audited_decisions", "audited_consultations")


class DuckDBAudit:
    def __init__(self, engine: Engine):
        self._engine = engine
        if engine.audit.head.number == 0 and not engine.rows("audit_entries_from", first=0):
            self._begin()

    def note(self, note: AuditNote) -> Future[AuditEntry]:
        checked = replace(
            note,
            what=written(note.what),
            officer=None if note.officer is None else checked_officer(note.officer),
            subject=None if note.subject is None else written(note.subject),
            reason=None if note.reason is None else checked_reason(note.reason),
            at=note.at or self._engine.clock.now(),
        )
        return self._engine.writer.submit_act(
            lambda transaction: append_audit(transaction, checked), shows=_shows_nothing
        )

    def entries(
        self, which: AuditFilter | None = None, *, after: int | None = None, limit: int | None = None
    ) -> list[AuditEntry]:
        asked = {**asdict(which or AuditFilter()), "after": after, "limit": limit}
        return [entry_from(row) for row in self._engine.rows("audit_entries", **asked)]

    def head(self) -> AuditHead | None:
        head = self._engine.audit.head
        return head if head.number else None

    def verify(self) -> list[AuditFault]:
        # Read first: what is committed meanwhile may be behind it, never before it.
        noted, key = self._engine.audit.noted(), self._engine.audit.key
        asked = {"audit_entries": _ALL, **{name: {"as_of": NOW} for name in _RECORDS}}
        tables = self._engine.tables(asked)
        entries = [entry_from(row) for row in _rows_of(tables["audit_entries"])]
        records = _records(key, *(list(_rows_of(tables[name])) for name in _RECORDS))
        return audit_faults(entries, noted, key, list(records))

    def _begin(self) -> None:
        """Where decisions and consultations were here before the audit, the first entry binds them."""
        key = self._engine.audit.key
        records = list(_records(key, *(self._engine.rows(name) for name in _RECORDS)))
        if records:
            digest = beginning_digest(key, records)
            note = AuditNote(AuditKind.BEGINNING, "began", None, at=self._engine.clock.now(), record=digest)
            self._engine.writer.submit_act(
                lambda transaction: append_audit(transaction, note), shows=_shows_nothing
            ).result()


def _records(
    key: bytes, decisions: Iterable[Mapping[str, Any]], consultations: Iterable[Mapping[str, Any]]
) -> Iterator[AuditedRecord]:
    """The rows that the audit guards. `decisions` are in the order of their incidents and numbers."""
    for incident, rows in groupby(decisions, key=lambda row: row["incident"]):
        before = None
        for row in rows:
            name = f"decision {row['number']} of {incident}"
            digest = decision_digest(key, row)
            yield AuditedRecord(name, digest, row["reason"], row["known_at"], follows(row, before))
            before = row
    for row in consultations:
        name = f"consultation of {row['incident']}, {row['what']}"
        yield AuditedRecord(name, consultation_digest(key, row), row["reason"], row["known_at"])


def _rows_of(table: pa.Table) -> Iterator[dict[str, Any]]:
    """The rows of a table, its times made aware."""
    times = [field.name for field in table.schema if pa.types.is_timestamp(field.type)]
    for row in table.to_pylist():
        for name in times:
            row[name] = aware(row[name])
        yield row


def _shows_nothing(result: Any) -> bool:
    """No screen but the audit's own shows what is entered there."""
    return False
