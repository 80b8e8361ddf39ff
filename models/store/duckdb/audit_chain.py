"""The end of the audit's chain: the writer adds to it in the transaction of each act, with no search for it."""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import duckdb

from models.domain.acts import Officer
from models.domain.audit import AuditEntry, AuditHead, AuditKind, AuditNote
from models.people.audit import FIRST_AUDIT_LINK, next_entry, proves
from models.store.duckdb import named_sql
from models.store.duckdb.audit_files import HeadFile
from models.store.duckdb.rows import officer_columns, table_of

log = logging.getLogger(__name__)
_START = AuditHead(0, FIRST_AUDIT_LINK)


class AuditChain:
    """Only the writer's thread adds to it. What a transaction that failed has added is forgotten."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, key: bytes, file: HeadFile):
        self.key = key
        self.head = _end_of(connection, key, file.read() or _START)
        self._last = self.head
        self._file = file

    def append(self, connection: duckdb.DuckDBPyConnection, note: AuditNote, known_at: datetime) -> AuditEntry:
        entry = next_entry(self._last.number + 1, self._last.link, note, known_at, self.key)
        named_sql.write(connection, "add_audit_entry", entry_columns(entry))
        self._last = AuditHead(entry.number, entry.link)
        return entry

    def append_all(
        self, connection: duckdb.DuckDBPyConnection, notes: Iterable[AuditNote], known_at: datetime
    ) -> list[AuditEntry]:
        """The next entries, by one statement: each on its own costs as much as a hundred."""
        entries, last = [], self._last
        for note in notes:
            entry = next_entry(last.number + 1, last.link, note, known_at, self.key)
            entries.append(entry)
            last = AuditHead(entry.number, entry.link)
        connection.register("incoming", table_of([entry_columns(one) for one in entries]))
        try:
            named_sql.write(connection, "add_audit_entries", {})
        finally:
            connection.unregister("incoming")
        self._last = last
        return entries

    def committed(self) -> None:
        """What was added stands. That it cannot be noted beside the database undoes no act: the note lags behind."""
        if self._last != self.head:
            self.head = self._last
            try:
                self._file.write(self.head)
            except OSError as error:
                log.error("the last entry of the audit could not be noted: %s", error.strerror)

    def rolled_back(self) -> None:
        self._last = self.head

    def noted(self) -> AuditHead | None:
        """The last entry as it is noted beside the database."""
        return self._file.read()

    def close(self) -> None:
        self._file.close()


def entry_from(row: dict[str, Any]) -> AuditEntry:
    """An entry as it stands in the table, whatever somebody may have made of it."""
    signed = [row[name] for name in ("officer", "role", "service", "user_id")]
    nobody = all(one is None for one in signed)
    note = AuditNote(
        kind=kind_of(row["kind"]),
        what=row["what"],
        officer=None if nobody else Officer(signed[0], signed[1], signed[2] or "", signed[3]),
        incident=row["incident"],
        subject=row["subject"],
        reason=row["reason"],
        at=row["happened_at"],
        record=row["record"],
    )
    return AuditEntry(
        row["number"], note, row["known_at"], row["salt"], row["reason_digest"], row["previous"], row["link"]
    )


def _end_of(connection: duckdb.DuckDBPyConnection, key: bytes, head: AuditHead) -> AuditHead:
    """Where the chain goes on: after what was noted last, and what was committed since, as far as it is genuine.

    So a chain whose end was cut off, or to which somebody added, shows it for good.
    """
    for row in named_sql.read(connection, "audit_entries_from", {"first": head.number + 1}):
        entry = entry_from(row)
        if entry.previous == head.link and proves(entry, head.number + 1, key):
            head = AuditHead(entry.number, entry.link)
    return head


def entry_columns(entry: AuditEntry) -> dict[str, Any]:
    note = entry.note
    return {
        "number": entry.number,
        "happened_at": note.at,
        "kind": note.kind.value,
        "what": note.what,
        "incident": note.incident,
        "subject": note.subject,
        **officer_columns(note.officer),
        "reason": note.reason,
        "salt": entry.salt,
        "reason_digest": entry.reason_digest,
        "record": note.record,
        "previous": entry.previous,
        "link": entry.link,
        "known_at": entry.entered_at,
    }


def kind_of(value: str) -> AuditKind:
    """The kind that a row says; one that somebody put there stays what it is, and proves nothing."""
    try:
        return AuditKind(value)
    except ValueError:
        return value  # type: ignore[return-value]
