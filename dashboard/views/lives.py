"""The lives of all rumours on the board of an incident: their posts by minute, their clocks and their corrections."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.views.board import BoardRow, read_rows
from dashboard.views.rumour import LifeClock, life_of
from models.domain.corrections import CorrectionStatus, Verdict
from models.domain.sources import SourceGap
from models.measures.counts import minutes_of_rumours
from models.measures.spread import StanceMinute
from models.store import Store


@dataclass(frozen=True, slots=True)
class Answer:
    """A correction that stands. `rumour` is the one that it answers now: after a merge, the one that lives on."""

    at: datetime
    rumour: str
    verdict: Verdict
    wording: str
    channel: str
    authority: str


@dataclass(frozen=True, slots=True)
class RumourLife:
    row: BoardRow
    life: LifeClock
    minutes: tuple[StanceMinute, ...]
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Lives:
    """The rumours on the board, largest first; `survivors` says in which one each that was merged away lives on."""

    rumours: tuple[RumourLife, ...]
    answers: tuple[Answer, ...]
    survivors: Mapping[str, str]
    gaps: tuple[SourceGap, ...]


def read_lives(
    store: Store,
    incident: str,
    now: datetime,
    *,
    rows: Mapping[str, BoardRow] | None = None,
    as_of: datetime | None = None,
) -> Lives:
    """The lives at `now`. `rows` is the board where it has been read already."""
    moment = {"incident": incident} | ({} if as_of is None else {"as_of": as_of})
    rows = read_rows(store, incident, now, as_of=as_of) if rows is None else rows
    arrangement = store.views.history(incident).at(as_of)
    by_number = dict(minutes_of_rumours(arrangement))
    minutes = dict(zip(arrangement.history.rumour_names(by_number), by_number.values(), strict=True))
    survivors = {one["rumour"]: one["survivor"] for one in store.views.rows("merges", **moment)}
    corrections = store.views.rows("corrections", rumour=None, **moment)
    answers = tuple(_answer(one, survivors) for one in corrections if one["status"] == CorrectionStatus.ISSUED.value)
    gaps = tuple(store.sources.gaps(as_of))
    largest_first = sorted(rows.values(), key=lambda row: (-row.posts, row.id))
    return Lives(
        rumours=tuple(_life(row, minutes.get(row.id, ()), answers, gaps, now) for row in largest_first),
        answers=answers,
        survivors=survivors,
        gaps=gaps,
    )


def _life(
    row: BoardRow,
    minutes: tuple[StanceMinute, ...],
    answers: tuple[Answer, ...],
    gaps: tuple[SourceGap, ...],
    now: datetime,
) -> RumourLife:
    given = tuple(one for one in answers if one.rumour == row.id)
    return RumourLife(row, life_of(row, minutes, gaps, now), minutes, given)


def _answer(row: dict[str, Any], survivors: Mapping[str, str]) -> Answer:
    return Answer(
        at=row["issued_at"],
        rumour=survivors.get(row["rumour"], row["rumour"]),
        verdict=Verdict(row["verdict"]),
        wording=row["wording"],
        channel=row["channel"],
        authority=row["authority"],
    )
