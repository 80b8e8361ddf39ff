"""How posts are erased: words, places, addresses and embeddings go; rows, counts and tombstones stay.

What is erased is gone from the tables at COMMIT; the bytes are overwritten on disk when their blocks are used again.
"""

from collections.abc import Sequence

import pyarrow as pa

from models.domain.posts import Removal
from models.store.duckdb.rows import id_key
from models.store.duckdb.transaction import Transaction


def refused_posts(transaction: Transaction) -> set[str]:
    """The ids in the registered table `batch` that a tombstone keeps out, or keeps as they are."""
    return {row["id"] for row in transaction.rows("refused_posts")}


def apply_removals(transaction: Transaction, removals: Sequence[Removal]) -> int:
    """Erase what these removals name and keep their tombstones; how many posts were erased."""
    # Which removal took each post: the first that names it.
    taken_by: dict[int, int] = {}
    for seq, number in [*_named(transaction, removals), *_of_accounts(transaction, removals)]:
        taken_by.setdefault(seq, number)
    taken = [sum(number == place for place in taken_by.values()) for number in range(len(removals))]
    transaction.append(
        "add_tombstones",
        [
            _tombstone(removal, posts)
            for removal, posts in zip(removals, taken, strict=True)
            if posts or not removal.in_order
        ],
    )
    if taken_by:
        _erase(transaction, sorted(taken_by))
    transaction.write(
        "erase_dead_letters",
        posts=[one.post for one in removals if one.post],
        authors=[one.author for one in removals if one.author],
    )
    return len(taken_by)


def _named(transaction: Transaction, removals: Sequence[Removal]) -> list[tuple[int, int]]:
    """(seq, number of the removal) of the posts that are named, and of the reposts of them."""
    wanted = [(number, one.post) for number, one in enumerate(removals) if one.post is not None]
    if not wanted:
        return []
    numbers, posts = zip(*wanted, strict=True)
    table = pa.table(
        {"id_key": pa.array(map(id_key, posts), pa.uint64()), "post": list(posts), "removal": list(numbers)}
    )
    with transaction.registered("named", table):
        found = transaction.rows("removable_posts")
        if found:
            found += transaction.rows("removable_reposts")
    return [(row["seq"], row["removal"]) for row in found]


def _of_accounts(transaction: Transaction, removals: Sequence[Removal]) -> list[tuple[int, int]]:
    """(seq, number of the removal) of all that removed accounts had posted by then."""
    return [
        (row["seq"], number)
        for number, one in enumerate(removals)
        if one.author is not None
        for row in transaction.rows(
            "removable_posts_of_account", author=one.author, removed_at=one.removed_at, in_order=one.in_order
        )
    ]


def _erase(transaction: Transaction, seqs: list[int]) -> None:
    for statement in ("erase_embeddings", "erase_former_words", "erase_posts"):
        transaction.write(statement, seqs=seqs)


def _tombstone(removal: Removal, posts: int) -> dict[str, object]:
    return {
        "id_key": None if removal.post is None else id_key(removal.post),
        "post": removal.post,
        "author": removal.author,
        "source": removal.source,
        "reason": removal.reason,
        "removed_at": removal.removed_at,
        "posts": posts,
    }
