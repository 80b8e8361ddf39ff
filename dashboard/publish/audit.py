"""The audit as a file: a table that spreadsheets open, or lines of JSON."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from dashboard.publish.packing import csv_pieces
from dashboard.publish.table import TEXT, TIME, WHOLE, Row, Table
from models.clock import iso_utc
from models.domain.audit import AuditEntry, AuditFilter
from models.store import Store
from models.text import harmless

ENTRIES_AT_ONCE = 5_000
# The salt stays: with it an erased reason could be guessed.
_COLUMNS = {
    "number": WHOLE,
    "happened_at": TIME,
    "entered_at": TIME,
    "kind": TEXT,
    "what": TEXT,
    "incident": TEXT,
    "subject": TEXT,
    "officer": TEXT,
    "role": TEXT,
    "service": TEXT,
    "user": TEXT,
    "reason": TEXT,
    "previous": TEXT,
    "link": TEXT,
}


def audit_csv(store: Store, which: AuditFilter, before: int) -> Iterator[bytes]:
    """The entries, the latest first, from that `before` a number on."""
    return csv_pieces(Table("audit", _COLUMNS, _batches(store, which, before)))


def audit_json_lines(store: Store, which: AuditFilter, before: int) -> Iterator[bytes]:
    """The same, an entry a line."""
    for batch in _batches(store, which, before):
        yield "".join(f"{json.dumps(_plain(row), ensure_ascii=False)}\n" for row in batch).encode()


def _batches(store: Store, which: AuditFilter, before: int) -> Iterator[list[Row]]:
    after = before
    while entries := store.audit.entries(which, after=after, limit=ENTRIES_AT_ONCE):
        yield [_row(one) for one in entries]
        after = entries[-1].number


def _row(one: AuditEntry) -> Row:
    note, who = one.note, one.note.officer
    row = {
        "number": one.number,
        "happened_at": note.at,
        "entered_at": one.entered_at,
        "kind": str(note.kind),
        "what": note.what,
        "incident": note.incident,
        "subject": note.subject,
        "officer": who.name if who else None,
        "role": who.role if who else None,
        "service": who.service or None if who else None,
        "user": who.user if who else None,
        "reason": note.reason,
        "previous": one.previous,
        "link": one.link,
    }
    return {name: harmless(value) if isinstance(value, str) else value for name, value in row.items()}


def _plain(row: Row) -> dict[str, Any]:
    return {name: iso_utc(value) if isinstance(value, datetime) else value for name, value in row.items()}


# By the name of a format: how it is served, and what makes it.
FORMATS = {"csv": ("text/csv", audit_csv), "jsonl": ("application/jsonl", audit_json_lines)}
