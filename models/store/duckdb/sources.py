"""How the DuckDB store keeps what became of the sources: health, gaps, dead letters, permissions."""

from collections.abc import Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Any

from models.domain import DeadLetter, HealthEvent, HealthKind, Officer, Permission, SourceGap
from models.people.checks import checked_permission, checked_request
from models.store.duckdb.rows import dict_rows, insert_health, insert_row


class DuckDBSources:
    """SourceStore; `_writer` and `rows` come with DuckDBStore."""

    def dead_letters_by_reason(self) -> dict[str, int]:
        return {row["reason"]: row["letters"] for row in self.rows("dead_letters_by_reason")}

    def dead_letters(self, source: str, limit: int) -> list[DeadLetter]:
        return [DeadLetter(**row) for row in self.rows("dead_letters", source=source, limit=limit)]

    def discard_dead_letter(self, letter_id: str, by: str) -> Future[bool]:
        def discarded(connection: Any, known_at: datetime) -> bool:
            rows = connection.execute(
                "delete from dead_letters where id = $1 returning source, reason", [letter_id]
            ).fetchall()
            insert_health(
                connection,
                known_at,
                [HealthEvent(source, HealthKind.DISCARDED, known_at, f"{reason}; {by}") for source, reason in rows],
            )
            return bool(rows)

        return self._writer.submit_act(discarded)

    def note_health(self, events: Sequence[HealthEvent]) -> Future[None]:
        return self._writer.submit_act(lambda connection, known_at: insert_health(connection, known_at, events))

    def health(self, source: str, limit: int) -> list[HealthEvent]:
        return [_event(row) for row in self.rows("source_health", source=source, limit=limit)]

    def last_switch(self, source: str) -> HealthEvent | None:
        rows = self.rows("last_switch", source=source)
        return _event(rows[0]) if rows else None

    def gaps(self, as_of: datetime | None = None) -> list[SourceGap]:
        moment = {} if as_of is None else {"as_of": as_of}
        return [SourceGap(**row) for row in self.rows("gaps", **moment)]

    def record_permission(self, permission: Permission, request: str | None = None) -> Future[Permission]:
        checked, name = checked_permission(permission), checked_request(request)
        row = {
            "source": checked.source,
            "reference": checked.reference,
            "officer": checked.recorded_by.name,
            "role": checked.recorded_by.role,
            "recorded_at": checked.recorded_at,
            "request": name,
        }

        def recorded(connection: Any, known_at: datetime) -> Permission:
            before = dict_rows(connection, "select * from permissions where request = $1", [name])
            if before:
                return _permission(before[0])
            insert_row(connection, "permissions", {**row, "known_at": known_at})
            return checked

        return self._writer.submit_act(recorded)

    def permissions(self) -> dict[str, Permission]:
        return {row["source"]: _permission(row) for row in self.rows("permissions")}


def _permission(row: dict[str, Any]) -> Permission:
    return Permission(row["source"], row["reference"], Officer(row["officer"], row["role"]), row["recorded_at"])


def _event(row: dict[str, Any]) -> HealthEvent:
    return HealthEvent(**{**row, "kind": HealthKind(row["kind"])})
