"""PostStore on DuckDB: what arrives, which incidents it reaches, what was edited since."""

from collections.abc import Collection, Sequence
from concurrent.futures import Future

import pyarrow as pa

from models.domain.posts import Post
from models.store.duckdb.clashes import clashes_among
from models.store.duckdb.engine import Engine, Numbers
from models.store.duckdb.reading_counts import count_reading
from models.store.duckdb.removals import apply_removals, refused_posts
from models.store.duckdb.rows import id_key, post_table
from models.store.duckdb.sources import add_health, keep_dead_letters, save_cursor
from models.store.duckdb.transaction import Transaction
from models.store.messages import Arrival, ArrivedPost, Saved

# (incident, seq, post id, why the post reaches the incident)
Link = tuple[str, int, str, str]


class DuckDBPosts:
    def __init__(self, engine: Engine):
        self._engine = engine

    def add(self, arrival: Arrival) -> Future[Saved]:
        numbers = self._engine.numbers
        return self._engine.writer.submit_batch(
            lambda transaction: _add(transaction, numbers, arrival), shows=lambda saved: saved.shows
        )

    def incidents_of(self, post_ids: Collection[str]) -> dict[str, frozenset[str]]:
        if not post_ids:
            return {}
        ids = list(post_ids)
        found: dict[str, set[str]] = {}
        for row in self._engine.rows("incidents_of", ids=ids, keys=[id_key(one) for one in ids]):
            found.setdefault(row["id"], set()).add(row["incident"])
        return {post: frozenset(incidents) for post, incidents in found.items()}

    def of_source(self, source: str, after_seq: int, limit: int) -> list[tuple[int, str]]:
        rows = self._engine.rows("posts_of_source", source=source, after_seq=after_seq, limit=limit)
        return [(row["seq"], row["id"]) for row in rows]

    def words_of(self, post_ids: Collection[str]) -> dict[str, str]:
        wanted = sorted(post_ids)
        if not wanted:
            return {}
        rows = self._engine.rows("words_of", ids=wanted, id_keys=[id_key(post) for post in wanted])
        return {row["id"]: row["text"] for row in rows}

    def erased(self, incident: str) -> int:
        return self._engine.rows("erased_count", incident=incident)[0]["posts"]


def insert_posts(transaction: Transaction, numbers: Numbers, arrived: Sequence[ArrivedPost]) -> dict[str, int]:
    """Store posts that are not stored yet, and link them; the number that each got, by its id."""
    if not arrived:
        return {}
    seqs = numbers.seqs(len(arrived))
    table = post_table([one.post for one in arrived]).append_column("seq", pa.array(seqs, pa.int64()))
    transaction.append_table("add_posts", table)
    links = [
        (incident, seq, one.post.id, why)
        for seq, one in zip(seqs, arrived, strict=True)
        for incident, why in one.matched.items()
    ]
    _link(transaction, numbers, links)
    return {one.post.id: seq for seq, one in zip(seqs, arrived, strict=True)}


def _add(transaction: Transaction, numbers: Numbers, arrival: Arrival) -> Saved:
    new, edited, linked, refused, clashes = _add_posts(transaction, numbers, arrival.posts)
    removed = apply_removals(transaction, arrival.removals) if arrival.removals else 0
    unread = [*arrival.dead_letters, *(arrival.letter_of(post, reason) for post, reason in clashes)]
    letters = keep_dead_letters(transaction, unread) if unread else []
    add_health(transaction, arrival.health)
    if arrival.cursor is not None:
        save_cursor(transaction, *arrival.cursor)
    saved = Saved(
        new=new,
        seen=len(arrival.posts) - new - refused - len(clashes),
        dead=len(letters),
        edited=edited,
        linked=linked,
        refused=refused,
        removed=removed,
        noted=len(arrival.health),
        clashes=tuple(reason for _, reason in clashes),
    )
    count_reading(transaction, arrival, saved, letters)
    return saved


def _add_posts(
    transaction: Transaction, numbers: Numbers, arrived: Sequence[ArrivedPost]
) -> tuple[int, int, int, int, list[tuple[Post, str]]]:
    """How many of these are new, edited, newly linked and refused, and which clash with another post, and why."""
    if not arrived:
        return 0, 0, 0, 0, []
    # The first of a repeat within the batch stands for the post; a later one may be its edit.
    first: dict[str, ArrivedPost] = {}
    for one in arrived:
        first.setdefault(one.post.id, one)
    batch = post_table([one.post for one in first.values()]).select(["id", "id_key", "author", "created_at"])
    with transaction.registered("batch", batch):
        refused = refused_posts(transaction)
        stored = {row["id"]: row["seq"] for row in transaction.rows("stored_posts")}
    said = transaction.rows("said_by_posts", seqs=list(stored.values())) if stored else []
    has_repeats = stored or len(first) < len(arrived)
    clashes = clashes_among([one.post for one in arrived if one.post.id not in refused], said) if has_repeats else []
    clashing = {id(post) for post, _ in clashes}
    fresh = [one for id_, one in first.items() if id_ not in stored and id_ not in refused]
    seq_of = {**stored, **insert_posts(transaction, numbers, fresh)}
    links = _missing_links(
        transaction,
        [
            (incident, stored[id_], id_, why)
            for id_, one in first.items()
            if id_ in stored and id_ not in refused and id(one.post) not in clashing
            for incident, why in one.matched.items()
        ],
    )
    _link(transaction, numbers, links)
    edits = [
        one.post
        for one in arrived
        if one.post.edited_at is not None
        and one.post.id not in refused
        and id(one.post) not in clashing
        and not (one is first[one.post.id] and one.post.id not in stored)
    ]
    edited = sum(_edit(transaction, seq_of[post.id], post) for post in edits)
    return len(fresh), edited, len(links), sum(one.post.id in refused for one in arrived), clashes


def _link(transaction: Transaction, numbers: Numbers, links: Sequence[Link]) -> None:
    """Let posts reach incidents."""
    if not links:
        return
    columns = dict(zip(("incident", "seq", "post", "matched"), map(list, zip(*links, strict=True)), strict=True))
    columns["place"] = list(numbers.places(len(links)))
    transaction.append_table("add_incident_posts", pa.table(columns))


def _missing_links(transaction: Transaction, wanted: list[Link]) -> list[Link]:
    """Those links that are not there yet."""
    if not wanted:
        return []
    rows = transaction.rows("incident_links", seqs=sorted({seq for _, seq, _, _ in wanted}))
    there = {(row["incident"], row["seq"]) for row in rows}
    return [link for link in wanted if (link[0], link[1]) not in there]


def _edit(transaction: Transaction, seq: int, post: Post) -> bool:
    """Let the newer words of a post stand, and keep those that stood before; False where they are not newer."""
    if not transaction.rows("older_words", seq=seq, edited_at=post.edited_at, text=post.text):
        return False
    transaction.write("keep_former_words", seq=seq)
    transaction.write("edit_post", seq=seq, text=post.text, edited_at=post.edited_at)
    return True
