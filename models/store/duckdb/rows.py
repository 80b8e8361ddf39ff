"""Between the domain's values and the tables' rows."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

import pyarrow as pa

from models.domain.acts import Officer
from models.domain.posts import Kind, Post

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


# Columns that may be unknown in a whole batch: Arrow cannot guess a type from nothing.
_TYPES = {
    **dict.fromkeys(("happened_at", "began_at", "ended_at", "arrived_at"), pa.timestamp("us")),
    **dict.fromkeys(("post", "author", "encoder", "weights", "reason", "mark", "language"), pa.string()),
    **dict.fromkeys(("officer", "role", "service", "user_id"), pa.string()),
    **dict.fromkeys(("likelihood", "confidence", "probability", "share"), pa.float64()),
    "id_key": pa.uint64(),
    "items": pa.int64(),
}


def table_of(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows that all have the same fields as an Arrow table."""
    return pa.table({name: pa.array([utc_naive(row[name]) for row in rows], _TYPES.get(name)) for name in rows[0]})


def post_from_row(row: Mapping[str, Any]) -> Post:
    """The post of a row that has every column of `posts`, `seq` and `place` among them."""
    fields = {name: row[name] for name, _ in _POST_COLUMNS}
    kind, flags = Kind(row["kind"]), tuple(row["flags"])
    return Post(**{**fields, "kind": kind, "flags": flags, "seq": row["seq"], "place": row["place"]})


def officer_columns(officer: Officer | None, *, name: str = "officer", role: str = "role") -> dict[str, str | None]:
    """Who acts as the columns that every table of acts has for it, whatever it calls the name and the role."""
    if officer is None:
        return dict.fromkeys((name, role, "service", "user_id"))
    return {name: officer.name, role: officer.role, "service": officer.service or None, "user_id": officer.user}


def officer_from(row: Mapping[str, Any], *, name: str = "officer", role: str = "role") -> Officer:
    """Who acted, of a row with these columns."""
    return Officer(row[name], row[role], row["service"] or "", row["user_id"])


def utc_naive(value: Any) -> Any:
    """A time as the engine stores it; a tuple as a list of such; anything else as it is."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    return [utc_naive(one) for one in value] if isinstance(value, tuple) else value


def aware(value: Any) -> Any:
    """The engine's naive UTC times, made aware; anything else as it is."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
