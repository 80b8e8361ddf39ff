"""What is officially said in an incident: warnings, and the posts of official and own accounts, the newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dashboard.views.board import BoardRow
from models.domain.posts import Kind
from models.measures.counts import FlowReach, reach_of_posts
from models.measures.history import UNKNOWN, Arrangement
from models.store import Store

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class OfficialPost:
    """One warning or post. `text` is None where it was removed; `is_replaced`: a later warning updates or ends it.

    `reach` counts those who posted it or a copy of it, None while it is not judged; `rumour` and `claim` are those
    on the board that it speaks about, if any.
    """

    text: str | None
    kind: Kind
    said_at: datetime | None
    is_replaced: bool
    reach: FlowReach | None = None
    rumour: str | None = None
    claim: str | None = None


@dataclass(frozen=True, slots=True)
class OfficiallySaid:
    """The newest, and how many there are in all."""

    newest: tuple[OfficialPost, ...] = ()
    warnings: int = 0
    posts: int = 0


def read_officially_said(
    store: Store,
    incident: str,
    arrangement: Arrangement,
    rows: Mapping[str, BoardRow],
    *,
    as_of: datetime | None = None,
) -> OfficiallySaid:
    """What is officially said, as known at a moment; `arrangement` and the board's `rows` are of then too."""
    moment = {"incident": incident} | ({} if as_of is None else {"as_of": as_of})
    found = store.views.rows("officially_said", most=MOST_SHOWN, **moment)
    if not found:
        return OfficiallySaid()
    reaches = reach_of_posts(arrangement, [row["seq"] for row in found])
    newest = tuple(
        OfficialPost(
            row["text"],
            Kind(row["kind"]),
            row["said_at"],
            row["is_replaced"],
            reach := reaches.get(row["seq"]),
            *_rumour(arrangement, reach, rows),
        )
        for row in found
    )
    return OfficiallySaid(newest, found[0]["warnings"], found[0]["posts"])


def _rumour(
    arrangement: Arrangement, reach: FlowReach | None, rows: Mapping[str, BoardRow]
) -> tuple[str | None, str | None]:
    if reach is None or (number := int(arrangement.rumour_of_flow[reach.flow])) == UNKNOWN:
        return None, None
    (name,) = arrangement.history.rumour_names([number])
    row = rows.get(name)
    return (None, None) if row is None else (name, row.claim)
