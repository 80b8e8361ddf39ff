"""The posts of a rumour as its lists show them: the newest, with their stance and what brought them in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.views.flows import stance_and_coder
from dashboard.views.languages import ShownLanguage, shown_language
from dashboard.words.masking import masked
from models.domain.acts import Officer
from models.domain.posts import Kind
from models.domain.rumours import Stance
from models.domain.sightings import HeardBy
from models.measures.counts import newest_posts
from models.measures.history import Arrangement
from models.store import Store

POSTS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Heard:
    """How a sighting came in: who took it down, and how reliable its source is in their words.

    `shared`: the services that the incident is shared with may read those.
    """

    by: HeardBy
    taken_by: Officer
    reliability: str
    shared: bool = False


@dataclass(frozen=True, slots=True)
class ShownPost:
    """One post; `number` is its place in the store.

    `why` says what brought it to the incident; `stated_at` is a date of its own that is doubted.
    """

    id: str
    number: int
    text: str
    language: ShownLanguage | None
    kind: Kind
    stance: Stance | None
    coded_by: str | None
    official: bool
    created_at: datetime | None
    stated_at: datetime | None
    edited_at: datetime | None
    why: str
    heard: Heard | None


def newest_of_rumour(
    store: Store, arrangement: Arrangement, rumour: int, moment: dict[str, Any], doubted: Mapping[int, datetime]
) -> tuple[ShownPost, ...]:
    """The newest posts of a rumour; `doubted` gives the doubted dates by the posts' numbers."""
    newest = newest_posts(arrangement, rumour, POSTS_SHOWN)
    asked = arrangement.posts.seq[newest].tolist()
    found = {row["seq"]: row for row in store.views.rows("posts_by_number", seqs=asked, **moment)}
    return tuple(
        ShownPost(
            id=row["id"],
            number=row["seq"],
            text=masked(row["text"]),
            language=None if row["text"] is None else shown_language(row),
            kind=Kind(row["kind"]),
            **stance_of(arrangement, flow),
            official=bool(row["official"]),
            created_at=row["created_at"],
            stated_at=doubted.get(row["seq"]),
            edited_at=row["edited_at"],
            why=row["matched"] or "",
            heard=_heard(row),
        )
        for row, flow in zip(map(found.get, asked), arrangement.posts.flow[newest].tolist(), strict=True)
    )


def stance_of(arrangement: Arrangement, flow: int) -> dict[str, Any]:
    """The stance of a flow and who coded it, as the fields that lists have for them."""
    return dict(zip(("stance", "coded_by"), stance_and_coder(arrangement, flow), strict=True))


def _heard(row: dict[str, Any]) -> Heard | None:
    if row["heard_by"] is None:
        return None
    taken_by = Officer(row["taken_by"], row["taken_role"], row["taken_service"] or "", row["taken_user"])
    return Heard(HeardBy(row["heard_by"]), taken_by, row["reliability"], bool(row["shared"]))
