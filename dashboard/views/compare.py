"""What is compared: rumours on one axis, all rumours of an incident, and several incidents side by side."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from dashboard.views.board import BoardRow, read_header
from dashboard.views.lives import RumourLife, read_lives
from models.domain.incidents import Incident
from models.domain.sources import SourceGap
from models.measures.spread import StanceMinute
from models.store import Store


@dataclass(frozen=True, slots=True)
class ComparedIncident:
    """An incident with its rumours, largest first. `volume` holds all its dated posts by minute."""

    incident: Incident
    posts_read: int
    volume: tuple[StanceMinute, ...]
    rumours: tuple[RumourLife, ...]
    gaps: tuple[SourceGap, ...]

    @property
    def answered(self) -> int:
        return sum(bool(one.row.corrections) for one in self.rumours)

    @property
    def median_minutes_to_denial(self) -> float | None:
        return _median(minutes_to(one.life.first_seen, one.life.first_denial) for one in self.rumours)

    @property
    def median_minutes_to_correction(self) -> float | None:
        return _median(minutes_to(one.life.first_seen, one.life.first_correction) for one in self.rumours)


def read_compared(
    store: Store,
    incident: Incident,
    now: datetime,
    *,
    rows: Mapping[str, BoardRow] | None = None,
    as_of: datetime | None = None,
) -> ComparedIncident:
    """An incident as it is compared at `now`. `rows` is its board where it has been read already."""
    moment = {"incident": incident.id} | ({} if as_of is None else {"as_of": as_of})
    lives = read_lives(store, incident.id, now, rows=rows, as_of=as_of)
    return ComparedIncident(
        incident=incident,
        posts_read=read_header(store, incident.id, as_of=as_of).posts_read,
        volume=tuple(
            StanceMinute(one["minute"], {None: one["posts"]}) for one in store.views.rows("incident_volume", **moment)
        ),
        rumours=lives.rumours,
        gaps=lives.gaps,
    )


def minutes_to(first: datetime | None, moment: datetime | None) -> int | None:
    """Whole minutes from the first post to a moment; None where either is not known or has not come.

    >>> noon = datetime(2026, 11, 20, 12)
    >>> minutes_to(noon, noon + timedelta(minutes=13, seconds=40)), minutes_to(noon, None)
    (13, None)
    """
    return None if first is None or moment is None else int((moment - first) / timedelta(minutes=1))


def _median(minutes: Iterable[int | None]) -> float | None:
    known = [one for one in minutes if one is not None]
    return median(known) if known else None
