"""Which rumours on the board may be the same claim as one of them, and why."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.views.board import claim_of
from dashboard.words.masking import masked_whole
from models.clock import utc_time
from models.store import Store
from models.text.words import wording_of


@dataclass(frozen=True, slots=True)
class MaybeSame:
    """Another rumour. `shared_words` is empty where the post that they came from was erased or edited."""

    rumour: str
    claim: str
    probability: float
    shared_words: tuple[str, ...]
    same_link: bool
    other_number: bool
    since: datetime
    people_here: int
    people_there: int


def read_same_claim(
    store: Store, incident: str, rumour: str, *, as_of: datetime | None = None
) -> tuple[MaybeSame, ...]:
    """The rumours on the board that may be the same claim as one, the most probable first."""
    moment = {} if as_of is None else {"as_of": as_of}
    rows = store.views.rows("same_claim", incident=incident, rumour=rumour, **moment)
    return tuple(_maybe(row, rumour) for row in rows if row["rumour_on_board"] and row["other_on_board"])


def _maybe(row: dict[str, Any], rumour: str) -> MaybeSame:
    reason = json.loads(row["reason"])
    there, people = ("other", reason["people"]) if row["rumour"] == rumour else ("rumour", reason["people"][::-1])
    return MaybeSame(
        rumour=row[there],
        claim=claim_of(row[f"{there}_title"], states_claim=row[f"{there}_states_claim"]),
        probability=row["probability"],
        shared_words=_words(row["words_of"], reason["words"]),
        same_link=reason["same_link"],
        other_number=reason["other_number"],
        since=utc_time(reason["since"]),
        people_here=people[0],
        people_there=people[1],
    )


def _words(text: str | None, places: list[int]) -> tuple[str, ...]:
    """Those that may be shown: a part of a handle reads like a word, but is none in the masked text."""
    if text is None:
        return ()
    words, shown = wording_of(text).words, set(wording_of(masked_whole(text)).words)
    return tuple(words[place] for place in places if place < len(words) and words[place] in shown)
