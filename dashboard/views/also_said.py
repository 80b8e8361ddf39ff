"""What is also being said: every group of several people that is not on the board, and why it is not."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.views.board import claim_of
from models.judgement.surfacing import LEAST_PEOPLE, Wait, why_off_board
from models.store import Store


@dataclass(frozen=True, slots=True)
class AlsoSaid:
    """One group off the board. `recent` counts its posts of the last hour."""

    id: str
    claim: str
    people: int
    posts: int
    recent: int
    last_at: datetime | None
    likelihood: float
    why: Wait


def read_also_said(
    store: Store, incident: str, now: datetime, *, as_of: datetime | None = None
) -> tuple[AlsoSaid, ...]:
    """The groups off the board, by people and growth, as known at a moment."""
    moment = {} if as_of is None else {"as_of": as_of}
    rows = store.views.rows("also_being_said", incident=incident, now=now, least_people=LEAST_PEOPLE, **moment)
    return tuple(
        AlsoSaid(
            row["rumour"],
            claim_of(row["title_text"], states_claim=row["states_claim"]),
            row["people"],
            row["posts"],
            row["recent"],
            row["last_at"],
            row["likelihood"],
            why_off_board(may_go_up=row["may_go_up"], last_at=row["last_at"], moment=now),
        )
        for row in rows
    )


def waiting(groups: tuple[AlsoSaid, ...]) -> tuple[AlsoSaid, ...]:
    """Those that go on the board as soon as there is room."""
    return tuple(group for group in groups if group.why is Wait.ROOM)
