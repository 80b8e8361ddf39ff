"""The board and the pages of rumours as they were known at a moment of the past.

Each is read once, and a bounded number of them is kept, apart from what is live. What was known at a moment does not
change, but that posts are erased: then everything is read again without their words.
"""

from dataclasses import dataclass
from datetime import datetime

from dashboard.views.read_once import ReadOnce
from dashboard.views.rumour import RumourPage, read_rumour
from dashboard.views.snapshot import Snapshot, read_snapshot
from models.store import Store

BOARDS_KEPT = 64
PAGES_KEPT = 256


@dataclass(frozen=True, slots=True)
class Life:
    """When the first and the last was known of an incident: of posts, of judgements or of what people did."""

    first_known_at: datetime
    last_known_at: datetime


def read_life(store: Store, incident: str) -> Life | None:
    """None where nothing is known of it yet."""
    (row,) = store.views.rows("incident_life", incident=incident)
    return None if row["first_known_at"] is None else Life(**row)


class PastKeeper:
    """Hands out what was known at moments of the past. Safe to call from any thread."""

    def __init__(self, store: Store):
        self._store = store
        self._boards = ReadOnce(BOARDS_KEPT)
        self._pages = ReadOnce(PAGES_KEPT)

    def board(self, incident: str, as_of: datetime) -> Snapshot:
        """The board of an incident, its rates those of the hour before that moment."""
        return self._boards.get(
            (incident, as_of, self._stamp(incident, as_of)),
            lambda: read_snapshot(self._store, incident, as_of, token=as_of.isoformat(), number=0, as_of=as_of),
        )

    def page(self, incident: str, rumour: str, as_of: datetime) -> RumourPage | None:
        """All there was to show of a rumour; None if it was not on the board."""
        return self._pages.get(
            (incident, rumour, as_of, self._stamp(incident, as_of)),
            lambda: read_rumour(self._store, incident, rumour, as_of, as_of=as_of),
        )

    def _stamp(self, incident: str, as_of: datetime) -> tuple[int, int | None]:
        """What a reading holds for: the posts erased by then, and, where stamps may still come, the commits.

        The one writer's stamps grow: once a later one is committed, none of that moment can follow.
        """
        newest = self._store.last_known_at()
        settled = newest is not None and newest > as_of
        return self._store.posts.erased(incident), None if settled else self._store.views.version
