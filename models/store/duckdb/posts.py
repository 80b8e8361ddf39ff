"""How the DuckDB store keeps posts: what arrives, which incidents it reaches, what was edited since."""

from collections.abc import Collection, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Any

import pyarrow as pa

from models.domain import DeadLetter, Post
from models.store.duckdb.removals import apply_removals, refused_posts
from models.store.duckdb.rows import (
    id_key,
    insert_health,
    insert_rows,
    insert_table,
    post_table,
    save_cursor,
    utc_naive,
)
from models.store.messages import Arrival, ArrivedPost, Saved

# The key finds candidates first, by scanning eight bytes a post; then the id decides.
_STORED_OF_BATCH = """
    with candidates as materialized (select seq, id from posts where id_key in (select id_key from batch))
    select c.id, c.seq from candidates c join batch b on b.id = c.id
"""


class DuckDBPosts:
    """PostStore; `_writer`, `rows`, `_last_seq` and `_last_place` come with DuckDBStore."""

    def save_arrival(self, arrival: Arrival) -> Future[Saved]:
        return self._writer.submit_batch(
            lambda connection, known_at: self._save(connection, known_at, arrival), shows=lambda saved: saved.shows
        )

    def incidents_of(self, post_ids: Collection[str]) -> dict[str, frozenset[str]]:
        if not post_ids:
            return {}
        ids = list(post_ids)
        found: dict[str, set[str]] = {}
        for row in self.rows("incidents_of", ids=ids, keys=[id_key(one) for one in ids]):
            found.setdefault(row["id"], set()).add(row["incident"])
        return {post: frozenset(incidents) for post, incidents in found.items()}

    def posts_of_source(self, source: str, after_seq: int, limit: int) -> list[tuple[int, str]]:
        rows = self.rows("posts_of_source", source=source, after_seq=after_seq, limit=limit)
        return [(row["seq"], row["id"]) for row in rows]

    def removals(self, incident: str) -> int:
        return self.rows("removals", incident=incident)[0]["posts"]

    def cursor(self, name: str) -> str | None:
        return self.rows("cursor", name=name)[0]["position"]

    def cursor_saved_at(self, name: str) -> datetime | None:
        return self.rows("cursor", name=name)[0]["saved_at"]

    def _save(self, connection: Any, known_at: datetime, arrival: Arrival) -> Saved:
        new, edited, linked, refused = self._save_posts(connection, known_at, arrival.posts)
        removed = apply_removals(connection, known_at, arrival.removals) if arrival.removals else 0
        dead = _keep_dead_letters(connection, known_at, arrival.dead_letters) if arrival.dead_letters else 0
        insert_health(connection, known_at, arrival.health)
        if arrival.cursor is not None:
            save_cursor(connection, known_at, *arrival.cursor)
        return Saved(
            new=new,
            seen=len(arrival.posts) - new - refused,
            dead=dead,
            edited=edited,
            linked=linked,
            refused=refused,
            removed=removed,
            noted=len(arrival.health),
        )

    def _save_posts(
        self, connection: Any, known_at: datetime, arrived: Sequence[ArrivedPost]
    ) -> tuple[int, int, int, int]:
        """How many of these are new, edited, newly linked and refused."""
        if not arrived:
            return 0, 0, 0, 0
        # The first of a repeat within the batch stands for the post; a later one may be its edit.
        first: dict[str, ArrivedPost] = {}
        for one in arrived:
            first.setdefault(one.post.id, one)
        connection.register(
            "batch", post_table([one.post for one in first.values()]).select(["id", "id_key", "author", "created_at"])
        )
        try:
            refused = refused_posts(connection)
            stored = dict(connection.execute(_STORED_OF_BATCH).fetchall())
        finally:
            connection.unregister("batch")
        fresh = [one for id_, one in first.items() if id_ not in stored and id_ not in refused]
        seq_of = {**stored, **self._insert_posts(connection, known_at, fresh)}
        links = _missing_links(
            connection,
            [
                (incident, stored[id_], id_, why)
                for id_, one in first.items()
                if id_ in stored and id_ not in refused
                for incident, why in one.matched.items()
            ],
        )
        self._link(connection, known_at, links)
        edits = [
            one.post
            for one in arrived
            if one.post.edited_at is not None
            and one.post.id not in refused
            and not (one is first[one.post.id] and one.post.id not in stored)
        ]
        edited = sum(_edit(connection, known_at, seq_of[post.id], post) for post in edits)
        return len(fresh), edited, len(links), sum(one.post.id in refused for one in arrived)

    def _insert_posts(self, connection: Any, known_at: datetime, arrived: list[ArrivedPost]) -> dict[str, int]:
        """The number that each of these new posts got."""
        if not arrived:
            return {}
        first = self._last_seq + 1
        # A number spent on a transaction that failed stays unused: gaps are harmless, a number used twice is not.
        self._last_seq += len(arrived)
        seqs = range(first, first + len(arrived))
        table = post_table([one.post for one in arrived]).append_column("seq", pa.array(seqs, pa.int64()))
        insert_table(connection, "posts", table, known_at)
        self._link(
            connection,
            known_at,
            [
                (incident, seq, one.post.id, why)
                for seq, one in zip(seqs, arrived, strict=True)
                for incident, why in one.matched.items()
            ],
        )
        return {one.post.id: seq for seq, one in zip(seqs, arrived, strict=True)}

    def _link(self, connection: Any, known_at: datetime, links: Sequence[tuple[str, int, str, str]]) -> None:
        """Let posts reach incidents: (incident, seq, post id, why)."""
        if not links:
            return
        columns = dict(zip(("incident", "seq", "post", "matched"), map(list, zip(*links, strict=True)), strict=True))
        first = self._last_place + 1
        self._last_place += len(links)
        columns["place"] = list(range(first, first + len(links)))
        insert_table(connection, "incident_posts", pa.table(columns), known_at)


def _missing_links(connection: Any, wanted: list[tuple[str, int, str, str]]) -> list[tuple[str, int, str, str]]:
    """Those links that are not there yet."""
    if not wanted:
        return []
    there = set(
        connection.execute(
            "select incident, seq from incident_posts where seq in (select unnest($1::bigint[]))",
            [sorted({seq for _, seq, _, _ in wanted})],
        ).fetchall()
    )
    return [link for link in wanted if (link[0], link[1]) not in there]


def _edit(connection: Any, known_at: datetime, seq: int, post: Post) -> bool:
    """Let the newer words of a post stand, and keep those that stood before; False where they are not newer."""
    edited_at = utc_naive(post.edited_at)
    newer = connection.execute(
        "select text from posts where seq = $1 and (edited_at is null or edited_at < $2) and text <> $3 "
        "and removed_at is null",
        [seq, edited_at, post.text],
    ).fetchall()
    if not newer:
        return False
    connection.execute(
        "insert into post_versions select seq, text, edited_at, $2::timestamp from posts where seq = $1",
        [seq, utc_naive(known_at)],
    )
    connection.execute("update posts set text = $2, edited_at = $3 where seq = $1", [seq, post.text, edited_at])
    return True


def _keep_dead_letters(connection: Any, known_at: datetime, letters: Sequence[DeadLetter]) -> int:
    """How many of these were not kept before, nor erased: going on from a cursor reads some of them again."""
    kept = {
        row[0]
        for row in connection.execute(
            "select id from dead_letters where id in (select unnest($1::varchar[]))", [[one.id for one in letters]]
        ).fetchall()
    }
    erased = {
        row[0]
        for row in connection.execute(
            "select coalesce(post, author) from tombstones where post in (select unnest($1::varchar[])) "
            "or author in (select unnest($2::varchar[]))",
            [[one.post for one in letters if one.post], [one.author for one in letters if one.author]],
        ).fetchall()
    }
    fresh = {one.id: one for one in letters if one.id not in kept and not {one.post, one.author} & erased}
    fields = ("id", "source", "position", "reason", "payload", "arrived_at", "post", "author")
    insert_rows(
        connection,
        known_at,
        "dead_letters",
        [{name: getattr(letter, name) for name in fields} for letter in fresh.values()],
    )
    return len(fresh)
