"""Between the domain's values and the tables' rows."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

import pyarrow as pa

from models.domain import HealthEvent, Kind, Post

_POST_COLUMNS: tuple[tuple[str, pa.DataType], ...] = (
    ("id", pa.string()),
    ("source", pa.string()),
    ("collection", pa.string()),
    ("kind", pa.string()),
    ("created_at", pa.timestamp("us")),
    ("stated_at", pa.timestamp("us")),
    ("arrived_at", pa.timestamp("us")),
    ("author", pa.string()),
    ("author_followers", pa.int64()),
    ("official", pa.bool_()),
    ("text", pa.string()),
    ("lang", pa.string()),
    ("reply_to", pa.string()),
    ("root", pa.string()),
    ("repost_of", pa.string()),
    ("quote_of", pa.string()),
    ("reposts", pa.int64()),
    ("url", pa.string()),
    ("edited_at", pa.timestamp("us")),
    ("latitude", pa.float64()),
    ("longitude", pa.float64()),
    ("flags", pa.list_(pa.string())),
)


def id_key(post_id: str) -> int:
    """A 64-bit digest of a post's id, for the duplicate check."""
    return int.from_bytes(blake2b(post_id.encode(), digest_size=8).digest(), "little")


def post_table(posts: Sequence[Post]) -> pa.Table:
    """Posts as an Arrow table with their `id_key`, one column a field."""
    columns = {
        name: pa.array([utc_naive(getattr(post, name)) for post in posts], kind) for name, kind in _POST_COLUMNS
    }
    columns["id_key"] = pa.array([id_key(post.id) for post in posts], pa.uint64())
    return pa.table(columns)


def insert_table(connection: Any, name: str, table: pa.Table, known_at: datetime) -> None:
    """Append an Arrow table to the table `name` by column name, every row stamped with `known_at`."""
    connection.register("incoming", table)
    try:
        connection.execute(
            f"insert into {name} by name select *, $1::timestamp as known_at from incoming",
            [utc_naive(known_at)],
        )
    finally:
        connection.unregister("incoming")


# Columns that may be unknown in a whole batch: Arrow cannot guess a type from nothing.
_TYPES = {
    **dict.fromkeys(("happened_at", "began_at", "ended_at", "arrived_at"), pa.timestamp("us")),
    **dict.fromkeys(("post", "author", "encoder", "weights"), pa.string()),
    **dict.fromkeys(("likelihood", "confidence"), pa.float64()),
}


def insert_rows(connection: Any, known_at: datetime, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Append rows that all have the same fields, every one stamped with `known_at`."""
    if rows:
        columns = {name: pa.array([utc_naive(row[name]) for row in rows], _TYPES.get(name)) for name in rows[0]}
        insert_table(connection, table, pa.table(columns), known_at)


def insert_health(connection: Any, known_at: datetime, events: Sequence[HealthEvent]) -> None:
    """Append what happened to sources."""
    insert_rows(
        connection, known_at, "source_health", [{**asdict(event), "kind": event.kind.value} for event in events]
    )


def dict_rows(connection: Any, sql: str, parameters: Any) -> list[dict[str, Any]]:
    """What a read gives, by column name; times come back aware."""
    cursor = connection.execute(sql, parameters)
    columns = [column[0] for column in cursor.description]
    return [{name: aware(value) for name, value in zip(columns, row, strict=True)} for row in cursor.fetchall()]


def insert_row(connection: Any, table: str, row: Mapping[str, Any]) -> None:
    """Append one row as it is. Table and column names are the caller's own; every value travels as a parameter."""
    columns, marks = ", ".join(row), ", ".join(f"${place}" for place in range(1, len(row) + 1))
    connection.execute(f"insert into {table} ({columns}) values ({marks})", [utc_naive(v) for v in row.values()])


def save_cursor(connection: Any, known_at: datetime, name: str, position: str) -> None:
    """Replace a reader's committed place."""
    connection.execute("delete from cursors where name = $1", [name])
    connection.execute("insert into cursors values ($1, $2, $3)", [name, position, utc_naive(known_at)])


def post_from_row(row: Mapping[str, Any]) -> Post:
    fields = {name: row[name] for name, _ in _POST_COLUMNS}
    told = {"kind": Kind(row["kind"]), "flags": tuple(row["flags"]), "seq": row["seq"], "place": row["place"]}
    return Post(**{**fields, **told})


def utc_naive(value: Any) -> Any:
    """A time as the engine stores it; a tuple as a list; anything else as it is."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    return list(value) if isinstance(value, tuple) else value


def aware(value: Any) -> Any:
    """The engine's naive UTC times, made aware; anything else as it is."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
