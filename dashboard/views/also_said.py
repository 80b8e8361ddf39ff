"""What is also being said: every group of several people that is not on the board, and why it is not."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from dashboard.views.board import claim_of, read_events
from models.judgement.surfacing import LEAST_PEOPLE, Wait, why_off_board
from models.measures.counts import post_counts
from models.measures.history import UNKNOWN, Arrangement, moment_of
from models.store import Store

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class AlsoSaid:
    """One group off the board. `recent` counts its posts of the last hour.

    `title_text` is the whole post that names it, None where that is gone.
    """

    id: str
    title_text: str | None
    states_claim: bool
    people: int
    posts: int
    recent: int
    last_at: datetime | None
    likelihood: float
    why: Wait

    @property
    def claim(self) -> str:
        """Its title as screens show it: made when it is shown, since most groups never are."""
        return claim_of(self.title_text, states_claim=self.states_claim)


def read_also_said(
    store: Store,
    incident: str,
    now: datetime,
    *,
    as_of: datetime | None = None,
    arrangement: Arrangement | None = None,
) -> tuple[AlsoSaid, ...]:
    """The groups off the board, by people and growth, as known at a moment.

    Whether the rule lets one go up stands in its latest score. `arrangement` is how the incident stood at `as_of`,
    it is known already.
    """
    moment = {"incident": incident} | ({} if as_of is None else {"as_of": as_of})
    arrangement = arrangement or store.views.history(incident).at(as_of)
    counted = post_counts(arrangement, now - HOUR)
    merged_away = {row["rumour"] for row in store.views.rows("merges", **moment)}
    groups = {
        number: name
        for number, name in _of_several(arrangement).items()
        if name not in merged_away and counted.posts[number]
    }
    events = read_events(store, arrangement, groups, moment)
    found = [
        _group(
            name,
            *events[number],
            posts=int(counted.posts[number]),
            recent=int(counted.recent[number]),
            last_at=moment_of(int(counted.last_at[number])),
            now=now,
        )
        for number, name in groups.items()
    ]
    return tuple(sorted(found, key=lambda group: (-group.people, -group.recent, group.id)))


def _of_several(arrangement: Arrangement) -> dict[int, str]:
    """The names, by number, of the rumours of several people that never went on the board."""
    scores = arrangement.history.scores
    people = np.append(scores.people, UNKNOWN)[arrangement.latest(scores)]
    people[list(arrangement.surfaced_at())] = UNKNOWN
    numbers = np.flatnonzero(people >= LEAST_PEOPLE)
    return dict(zip(numbers.tolist(), arrangement.history.rumour_names(numbers), strict=True))


def _group(
    name: str,
    title: dict[str, Any] | None,
    score: dict[str, Any],
    *,
    posts: int,
    recent: int,
    last_at: datetime | None,
    now: datetime,
) -> AlsoSaid:
    told = json.loads(score["detail"])
    return AlsoSaid(
        id=name,
        title_text=title and title["text"],
        states_claim=title is None or title["states_claim"],
        people=told["people"],
        posts=posts,
        recent=recent,
        last_at=last_at,
        likelihood=score["likelihood"],
        why=why_off_board(may_go_up=told.get("may_go_up"), last_at=last_at, moment=now),
    )


def waiting(groups: tuple[AlsoSaid, ...]) -> tuple[AlsoSaid, ...]:
    """Those that go on the board as soon as there is room."""
    return tuple(group for group in groups if group.why is Wait.ROOM)
