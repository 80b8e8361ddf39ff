"""How the DuckDB store keeps posts, incidents, cursors and dead letters."""

from collections.abc import Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Any

import pyarrow as pa

from models.domain import DeadLetter, Incident
from models.store.protocol import Arrival, ArrivedPost, Saved
from models.store.rows import post_table, utc_naive


class DuckDBPosts:
    """PostStore; `_writer`, `rows` and `_last_seq` come with DuckDBStore."""

    def open_incident(self, incident: Incident) -> Future[Incident]:
        return self._writer.submit_act(lambda connection, known_at: _open(connection, known_at, incident))

    def incidents(self) -> list[Incident]:
        return [Incident(**row) for row in self.rows("incidents")]

    def save_arrival(self, arrival: Arrival) -> Future[Saved]:
        return self._writer.submit_batch(lambda connection, known_at: self._save(connection, known_at, arrival))

    def cursor(self, name: str) -> str | None:
        return self.rows("cursor", name=name)[0]["position"]

    def dead_letters_by_reason(self) -> dict[str, int]:
        return {row["reason"]: row["letters"] for row in self.rows("dead_letters_by_reason")}

    def _save(self, connection: Any, known_at: datetime, arrival: Arrival) -> Saved:
        fresh = _new_posts(connection, arrival)
        if fresh:
            self._insert_posts(connection, known_at, fresh)
        if arrival.dead_letters:
            _insert_dead_letters(connection, known_at, arrival.dead_letters)
        if arrival.cursor is not None:
            save_cursor(connection, known_at, *arrival.cursor)
        return Saved(new=len(fresh), seen=len(arrival.posts) - len(fresh), dead=len(arrival.dead_letters))

    def _insert_posts(self, connection: Any, known_at: datetime, arrived: list[ArrivedPost]) -> None:
        first = self._last_seq + 1
        # A number spent on a transaction that failed stays unused: gaps are harmless, a number used twice is not.
        self._last_seq += len(arrived)
        table = post_table([one.post for one in arrived]).append_column(
            "seq", pa.array(range(first, first + len(arrived)), pa.int64())
        )
        insert_table(connection, "posts", table, known_at)
        links = [
            (incident, first + place, one.post.id, why)
            for place, one in enumerate(arrived)
            for incident, why in one.matched.items()
        ]
        if links:
            columns = dict(
                zip(("incident", "seq", "post", "matched"), map(list, zip(*links, strict=True)), strict=True)
            )
            insert_table(connection, "incident_posts", pa.table(columns), known_at)


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


def save_cursor(connection: Any, known_at: datetime, name: str, position: str) -> None:
    """Replace a reader's committed place."""
    connection.execute("delete from cursors where name = $1", [name])
    connection.execute("insert into cursors values ($1, $2, $3)", [name, position, utc_naive(known_at)])


def _open(connection: Any, known_at: datetime, incident: Incident) -> Incident:
    if connection.execute("select 1 from incidents where id = $1", [incident.id]).fetchall():
        return incident
    connection.execute(
        "insert into incidents values ($1, $2, $3, $4, $5, $6, $7, $8)",
        [
            incident.id, incident.name, incident.purpose, incident.lawful_basis, incident.exercise,
            utc_naive(incident.opened_at), utc_naive(incident.closed_at), utc_naive(known_at),
        ],
    )  # fmt: skip
    return incident


def _new_posts(connection: Any, arrival: Arrival) -> list[ArrivedPost]:
    """The posts of a batch that are neither stored already nor repeated within it; the first of a repeat stays."""
    by_id: dict[str, ArrivedPost] = {}
    for one in arrival.posts:
        by_id.setdefault(one.post.id, one)
    if not by_id:
        return []
    connection.register("batch", post_table([one.post for one in by_id.values()]).select(["id", "id_key"]))
    try:
        seen = connection.execute(
            # The key finds candidates by scanning eight bytes a post; the id decides.
            "select p.id from posts p join batch b on b.id_key = p.id_key and b.id = p.id"
        ).fetchall()
    finally:
        connection.unregister("batch")
    for (post_id,) in seen:
        del by_id[post_id]
    return list(by_id.values())


def _insert_dead_letters(connection: Any, known_at: datetime, letters: Sequence[DeadLetter]) -> None:
    fields = ("source", "position", "reason", "payload", "arrived_at")
    columns = {name: [utc_naive(getattr(letter, name)) for letter in letters] for name in fields}
    insert_table(connection, "dead_letters", pa.table(columns), known_at)
