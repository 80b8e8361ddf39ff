"""Posts that come under the id of another post: found as they are saved, beside the post that is stored."""

from collections.abc import Mapping, Sequence
from typing import Any

from models.domain.clashes import Said, cause_of_clash, reason_of
from models.domain.posts import Post


def clashes_among(arrived: Sequence[Post], stored: Sequence[Mapping[str, Any]]) -> list[tuple[Post, str]]:
    """Those of a batch whose id another post has, stored or earlier in the batch, each with the reason.

    `stored` are rows of the query "said_by_posts".
    """
    said: dict[str, Said] = {}
    edited: set[str] = set()
    for row in stored:
        # Of a removed post nothing is left to compare.
        if row["removed_at"] is None:
            said[row["id"]] = Said(row["text"], row["author"], row["stated_at"])
            if row["edited_at"] is not None:
                edited.add(row["id"])
    found = []
    for post in arrived:
        says = Said(post.text, post.author, post.stated_at)
        first = said.setdefault(post.id, says)
        is_edit = post.edited_at is not None or post.id in edited
        cause = cause_of_clash(post.id, first, says, is_edit=is_edit)
        if cause is not None:
            found.append((post, reason_of(cause)))
        elif post.edited_at is not None:
            edited.add(post.id)
    return found
