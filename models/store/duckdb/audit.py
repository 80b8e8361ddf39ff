"""AuditStore on DuckDB: who did and saw what, in one keyed chain, and whether all that is kept of it follows."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import asdict, replace
from itertools import groupby
from typing import Any

import pyarrow as pa

from models.domain.audit import (
    AuditedPerson,
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
from models.people.audit_followed import Followed
from models.people.checks import checked_officer, checked_reason, written
from models.store.duckdb.audit_chain import entry_from, kind_of
from models.store.duckdb.audit_notes import append_audit, append_audits, consultation_digest, decision_digest
from models.store.duckdb.decisions import follows
from models.store.duckdb.engine import Engine
from models.store.duckdb.rows import aware

BATCH = 20_000
_RECORDS = ("audited_decisions", "audited_consultations")


class DuckDBAudit:
    def __init__(self, engine: Engine):
        self._engine = engine
        if engine.audit.head.number == 0 and not engine.rows("audit_entries_from", first=0):
            self._begin()

    def note(self, note: AuditNote) -> Future[AuditEntry]:
        checked = self._checked(note)
        return self._engine.writer.submit_act(
            lambda transaction: append_audit(transaction, checked), shows=_shows_nothing
        )

    def note_all(self, notes: Sequence[AuditNote]) -> Future[list[AuditEntry]]:
        checked = [self._checked(note) for note in notes]
        return self._engine.writer.submit_act(
            lambda transaction: append_audits(transaction, checked), shows=_shows_nothing
        )

    def _checked(self, note: AuditNote) -> AuditNote:
        return replace(
            note,
            what=written(note.what),
            officer=None if note.officer is None else checked_officer(note.officer),
            subject=None if note.subject is None else written(note.subject),
            reason=None if note.reason is None else checked_reason(note.reason),
            at=note.at or self._engine.clock.now(),
        )

    def entries(
        self, which: AuditFilter | None = None, *, after: int | None = None, limit: int | None = None
    ) -> list[AuditEntry]:
        which = which or AuditFilter()
        asked = {**asdict(which), "without": list(which.without), "after": after, "limit": limit}
        return [entry_from(row) for row in self._engine.rows("audit_entries", **asked)]

    def head(self) -> AuditHead | None:
        head = self._engine.audit.head
        return head if head.number else None

    def people(self, incident: str | None = None) -> list[AuditedPerson]:
        rows = self._engine.rows("audited_people", incident=incident)
        return [AuditedPerson(row["who"], row["name"]) for row in rows]

    def whats(self) -> list[tuple[AuditKind, str]]:
        return [(kind_of(row["kind"]), row["what"]) for row in self._engine.rows("audited_whats")]

    def verify(self, go_on: Callable[[int], bool] | None = None) -> list[AuditFault]:
        # Read first: what is committed meanwhile may be behind it, never before it.
        noted, key = self._engine.audit.noted(), self._engine.audit.key
        with self._engine.one_commit() as read:
            followed, counted = Followed(key, noted), read("audit_entries_counted")["entries"][0].as_py()
            while followed.number < counted:
                rows = read("audit_entries_between", after=followed.number, upto=followed.number + BATCH)
                if not rows.num_rows or not followed.go_on(map(entry_from, _rows_of(rows))):
                    break
                if go_on is not None and not go_on(followed.number):
                    return []
            records = list(_records(key, *(list(_rows_of(read(name))) for name in _RECORDS)))
            if followed.number == counted and followed.is_whole(records):
                return []
            # Something is wrong: what, and where, is seen only beside all the others.
            rows = read("audit_entries_between", after=None, upto=None)
            return audit_faults([entry_from(row) for row in _rows_of(rows)], noted, key, records)

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
