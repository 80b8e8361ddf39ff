"""SourceStore on DuckDB: how far each source was read, its health and gaps, dead letters, permissions."""

from collections.abc import Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Any

from models.domain.acts import Officer
from models.domain.audit import AuditedAct
from models.domain.posts import DeadLetter
from models.domain.reading import FileFact, Mark, Outcome, ReadingCount
from models.domain.sources import HealthEvent, HealthKind, Permission, SourceGap
from models.people.checks import checked_officer, checked_permission, checked_request
from models.store.duckdb.audit_notes import audit_act
from models.store.duckdb.engine import Engine, known_by
from models.store.duckdb.rows import officer_columns, officer_from
from models.store.duckdb.transaction import Transaction

_HEALTH_FIELDS = ("source", "kind", "happened_at", "detail", "began_at", "ended_at")
# What people do to sources, and how the audit calls it.
_AUDITED = {
    HealthKind.STARTED: AuditedAct.START_SOURCE,
    HealthKind.STOPPED: AuditedAct.STOP_SOURCE,
    HealthKind.DISCARDED: AuditedAct.DISCARD_LETTER,
}


class DuckDBSources:
    def __init__(self, engine: Engine):
        self._engine = engine

    def cursor(self, name: str) -> str | None:
        return self._engine.rows("cursor", name=name)[0]["position"]

    def cursor_saved_at(self, name: str) -> datetime | None:
        return self._engine.rows("cursor", name=name)[0]["saved_at"]

    def dead_letters(self, source: str, limit: int) -> list[DeadLetter]:
        return [DeadLetter(**row) for row in self._engine.rows("dead_letters", source=source, limit=limit)]

    def dead_letters_by_reason(self) -> dict[str, int]:
        return {row["reason"]: row["letters"] for row in self._engine.rows("dead_letters_by_reason")}

    def discard_letter(self, letter_id: str, why: str, by: Officer | None = None) -> Future[bool]:
        signed = None if by is None else checked_officer(by)

        def discarded(transaction: Transaction) -> bool:
            letters = transaction.write("discard_dead_letter", id=letter_id)
            events = [
                HealthEvent(source, HealthKind.DISCARDED, transaction.known_at, f"{reason}; {why}", by=signed)
                for source, reason in letters
            ]
            add_health(transaction, events)
            return bool(letters)

        return self._engine.writer.submit_act(discarded)

    def add_health(self, events: Sequence[HealthEvent]) -> Future[None]:
        return self._engine.writer.submit_act(lambda transaction: add_health(transaction, events))

    def health(self, source: str, limit: int, *, as_of: datetime | None = None) -> list[HealthEvent]:
        rows = self._engine.rows("source_health", source=source, limit=limit, **known_by(as_of))
        return [_event(row) for row in rows]

    def last_switch(self, source: str) -> HealthEvent | None:
        rows = self._engine.rows("last_switch", source=source)
        return _event(rows[0]) if rows else None

    def reading_counts(
        self, since: datetime | None = None, source: str | None = None, *, as_of: datetime | None = None
    ) -> list[ReadingCount]:
        rows = self._engine.rows("reading_counts", since=since, source=source, **known_by(as_of))
        return [
            ReadingCount(**{**row, "outcome": None if row["outcome"] is None else Outcome(row["outcome"])})
            for row in rows
        ]

    def told_of_files(self, source: str, as_of: datetime | None = None) -> dict[str, list[FileFact]]:
        told: dict[str, list[FileFact]] = {}
        for row in self._engine.rows("told_of_files", source=source, **known_by(as_of)):
            mark = None if row["mark"] is None else Mark(row["mark"])
            told.setdefault(row["file"], []).append(FileFact(row["place"], row["fact"], row["items"], mark))
        return told

    def gaps(self, as_of: datetime | None = None) -> list[SourceGap]:
        return [SourceGap(**row) for row in self._engine.rows("gaps", **known_by(as_of))]

    def permit(self, permission: Permission, request: str | None = None) -> Future[Permission]:
        checked, name = checked_permission(permission), checked_request(request)

        def permitted(transaction: Transaction) -> Permission:
            before = transaction.rows("permission_of_request", request=name)
            if before:
                return _permission(before[0])
            transaction.write(
                "add_permission",
                source=checked.source,
                reference=checked.reference,
                **officer_columns(checked.recorded_by),
                recorded_at=checked.recorded_at,
                request=name,
            )
            audit_act(
                transaction,
                AuditedAct.PERMIT_SOURCE,
                checked.recorded_by,
                subject=checked.source,
                reason=checked.reference,
            )
            return checked

        return self._engine.writer.submit_act(permitted)

    def permissions(self, *, as_of: datetime | None = None) -> dict[str, Permission]:
        return {row["source"]: _permission(row) for row in self._engine.rows("permissions", **known_by(as_of))}


def add_health(transaction: Transaction, events: Sequence[HealthEvent]) -> None:
    """Append what happened to sources."""
    transaction.append("add_health", [_health_columns(event) for event in events])
    for event in events:
        if event.by is not None and event.kind in _AUDITED:
            audit_act(transaction, _AUDITED[event.kind], event.by, subject=event.source, reason=event.detail)


def save_cursor(transaction: Transaction, name: str, position: str) -> None:
    """Replace a reader's committed place."""
    transaction.write("forget_cursor", name=name)
    transaction.write("add_cursor", name=name, position=position)


def keep_dead_letters(transaction: Transaction, letters: Sequence[DeadLetter]) -> list[DeadLetter]:
    """Those of these that were not kept before, nor erased: going on from a cursor reads some of them again."""
    kept = {row["id"] for row in transaction.rows("kept_dead_letters", ids=[one.id for one in letters])}
    posts, authors = [one.post for one in letters if one.post], [one.author for one in letters if one.author]
    erased = {row["name"] for row in transaction.rows("erased_names", posts=posts, authors=authors)}
    fresh = {one.id: one for one in letters if one.id not in kept and not {one.post, one.author} & erased}
    fields = ("id", "source", "position", "reason", "payload", "arrived_at", "post", "author")
    transaction.append(
        "add_dead_letters", [{name: getattr(letter, name) for name in fields} for letter in fresh.values()]
    )
    return list(fresh.values())


def _health_columns(event: HealthEvent) -> dict[str, Any]:
    fields = {name: getattr(event, name) for name in _HEALTH_FIELDS}
    return {**fields, "kind": event.kind.value, **officer_columns(event.by)}


def _event(row: dict[str, Any]) -> HealthEvent:
    fields = {name: row[name] for name in _HEALTH_FIELDS}
    by = officer_from(row) if row["officer"] else None
    return HealthEvent(**{**fields, "kind": HealthKind(row["kind"]), "by": by})


def _permission(row: dict[str, Any]) -> Permission:
    return Permission(row["source"], row["reference"], officer_from(row), row["recorded_at"])
