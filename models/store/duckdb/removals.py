"""How the DuckDB store erases: words, places, addresses and embeddings go; rows, counts and tombstones stay.

What is erased is gone from the tables at COMMIT; the bytes are overwritten on disk when their blocks are used again.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa

from models.domain import Removal
from models.store.duckdb.rows import id_key, insert_table, utc_naive

_TOMBSTONES = pa.schema(
    [
        ("id_key", pa.uint64()),
        ("post", pa.string()),
        ("author", pa.string()),
        ("source", pa.string()),
        ("reason", pa.string()),
        ("removed_at", pa.timestamp("us")),
        ("posts", pa.int32()),
    ]
)


def refused_posts(connection: Any) -> set[str]:
    """The ids in the registered table `batch` that a tombstone keeps out, or keeps as they are."""
    rows = connection.execute(
        "select b.id from batch b join tombstones t on t.id_key = b.id_key and t.post = b.id "
        "union all "
        "select b.id from batch b join tombstones t on t.author = b.author "
        "and (b.created_at is null or b.created_at <= t.removed_at)"
    ).fetchall()
    return {row[0] for row in rows}


def apply_removals(connection: Any, known_at: datetime, removals: Sequence[Removal]) -> int:
    """Erase what these removals name and keep their tombstones; how many posts were erased."""
    hit: dict[int, int] = {}
    for seq, place in [*_named(connection, removals), *_of_accounts(connection, removals)]:
        hit.setdefault(seq, place)
    taken = [sum(place == number for place in hit.values()) for number in range(len(removals))]
    _keep_tombstones(
        connection,
        known_at,
        [(removal, posts) for removal, posts in zip(removals, taken, strict=True) if posts or not removal.in_order],
    )
    if hit:
        _erase(connection, known_at, sorted(hit))
    connection.execute(
        "delete from dead_letters where post in (select unnest($1::varchar[])) "
        "or author in (select unnest($2::varchar[]))",
        [[r.post for r in removals if r.post], [r.author for r in removals if r.author]],
    )
    return len(hit)


def _named(connection: Any, removals: Sequence[Removal]) -> list[tuple[int, int]]:
    """(seq, which removal) of the posts that are named, and of the reposts of them."""
    wanted = [(id_key(one.post), one.post, place) for place, one in enumerate(removals) if one.post is not None]
    if not wanted:
        return []
    columns = dict(zip(("id_key", "post", "place"), map(list, zip(*wanted, strict=True)), strict=True))
    connection.register("named", pa.table({**columns, "id_key": pa.array(columns["id_key"], pa.uint64())}))
    try:
        found = connection.execute(
            "with candidates as materialized ("
            "  select seq, id from posts where id_key in (select id_key from named) and removed_at is null) "
            "select c.seq, n.place from candidates c join named n on n.post = c.id"
        ).fetchall()
        if found:
            found += connection.execute(
                "select p.seq, n.place from posts p join named n on n.post = p.repost_of "
                "where p.kind = 'repost' and p.removed_at is null"
            ).fetchall()
    finally:
        connection.unregister("named")
    return found


def _of_accounts(connection: Any, removals: Sequence[Removal]) -> list[tuple[int, int]]:
    """(seq, which removal) of all that removed accounts had posted by then."""
    found: list[tuple[int, int]] = []
    for place, removal in enumerate(removals):
        if removal.author is not None:
            # What came before in order was posted before, whatever time its author gave it.
            rows = connection.execute(
                "select seq from posts where author = $1 and removed_at is null "
                "and ($3 or created_at is null or created_at <= $2)",
                [removal.author, utc_naive(removal.removed_at), removal.in_order],
            ).fetchall()
            found += [(row[0], place) for row in rows]
    return found


def _erase(connection: Any, known_at: datetime, seqs: list[int]) -> None:
    connection.execute(
        "delete from embeddings where (incident, flow) in ("
        "  select incident, flow from flow_posts"
        "  where flow in (select flow from flow_posts where seq in (select unnest($1::bigint[])))"
        "  group by incident, flow"
        "  having arg_min(seq, place) in (select unnest($1::bigint[])))",
        [seqs],
    )
    connection.execute("delete from post_versions where seq in (select unnest($1::bigint[]))", [seqs])
    connection.execute(
        "update posts set text = '', url = null, latitude = null, longitude = null, removed_at = $2 "
        "where seq in (select unnest($1::bigint[]))",
        [seqs, utc_naive(known_at)],
    )


def _keep_tombstones(connection: Any, known_at: datetime, kept: Sequence[tuple[Removal, int]]) -> None:
    if not kept:
        return
    rows = [
        {
            "id_key": None if one.post is None else id_key(one.post),
            "post": one.post,
            "author": one.author,
            "source": one.source,
            "reason": one.reason,
            "removed_at": utc_naive(one.removed_at),
            "posts": posts,
        }
        for one, posts in kept
    ]
    insert_table(connection, "tombstones", pa.Table.from_pylist(rows, _TOMBSTONES), known_at)
