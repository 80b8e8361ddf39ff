"""What there is to reveal of a post's author, and whether it was revealed before."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from models.store import Store

# A second look at one author within this time begins to watch a person.
REMEMBERED = timedelta(days=30)
# How Consultation.what names a reveal.
REVEAL = "reveal"


@dataclass(frozen=True, slots=True)
class Unmasked:
    """A post as it came. No handle: none is kept. `author` is a keyed hash and is never shown.

    `text` is None where the post was removed.
    """

    id: str
    author: str | None
    text: str | None
    url: str | None


def read_unmasked(store: Store, incident: str, number: int) -> Unmasked | None:
    """The post of an incident by its number, or None where there is none."""
    found = store.views.rows("post_to_reveal", incident=incident, number=number)
    return Unmasked(**found[0]) if found else None


def was_revealed(
    store: Store,
    incident: str,
    post: Unmasked,
    moment: datetime,
    request: str | None,
    *,
    before: datetime | None = None,
) -> bool:
    """Whether the author of a post was revealed lately, as of a moment, by anybody.

    What `request` itself recorded does not count, nor, where `before` is given, what was recorded later.
    """
    found = store.views.rows(
        "reveals_of_author",
        incident=incident,
        post=post.id,
        author=post.author,
        since=moment - REMEMBERED,
        before=before,
        request=request,
    )
    return bool(found)
