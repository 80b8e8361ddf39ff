"""What the board shows: one row a rumour, and how rows are chosen and ranked."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from dashboard.words.masking import NOT_STATED, REMOVED, WORDLESS, masked
from models.domain import Officer, Reason, SourceGap, Stance, State, Verdict
from models.judgement.naming import title_of
from models.measures.gaps import missing_steps, overlapping
from models.measures.spread import Growth, Trend, growth, trend
from models.store import Store

# board_buckets.sql counts in five-minute steps over two hours.
STEPS = 24
STEPS_AN_HOUR = 12
STEP = timedelta(minutes=5)

SETTLED = frozenset({State.DISMISSED, State.CLOSED, State.MERGED})


class Tab(StrEnum):
    OPEN = "open"
    NEEDS_ANSWER = "needs"
    NEW = "new"
    ASSESSING = "assessing"
    WATCHING = "watching"
    ANSWERED = "answered"
    SETTLED = "settled"
    ALL = "all"


class Rank(StrEnum):
    FASTEST = "fastest"
    NEWEST = "newest"
    LARGEST = "largest"
    LIKELIEST = "likeliest"


class Window(StrEnum):
    HOUR = "1"
    SIX_HOURS = "6"
    DAY = "24"
    ALL = "all"

    @property
    def length(self) -> timedelta | None:
        return None if self is Window.ALL else timedelta(hours=int(self.value))


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One rumour on the board. `recent` holds posts in five-minute steps, oldest first.

    Posts, people, reach, stances and growth are the public's; `official_posts` counts what officials post and its
    copies.
    `missing` says for the same steps whether some source's posts are not here; `gap` is the one, if any, for which
    the direction of the last hour is not known. `scored_claims` and `scored_answers` are how many posts the shares
    among `reasons` are of; None where a former version scored.
    """

    id: str
    claim: str
    state: State
    owner: Officer | None
    growth: Growth
    trend: Trend
    recent: tuple[int, ...]
    missing: tuple[bool, ...]
    gap: SourceGap | None
    posts: int
    official_posts: int
    undated: int
    flows: int
    people: int
    posts_without_author: int
    reach: int | None
    reach_unknown: int
    stances: Mapping[Stance | None, int]
    first_at: datetime | None
    last_at: datetime | None
    first_query_at: datetime | None
    first_denial_at: datetime | None
    first_correction_at: datetime | None
    surfaced_at: datetime | None
    likelihood: float | None
    reasons: tuple[Reason, ...]
    scored_claims: int | None
    scored_answers: int | None
    verdict: Verdict | None
    corrections: int
    decisions: int


@dataclass(frozen=True, slots=True)
class IncidentHeader:
    posts_read: int
    posts_judged: int
    first_known_at: datetime | None
    last_known_at: datetime | None


@dataclass(frozen=True, slots=True)
class Choice:
    """What a viewer asked the board for."""

    tab: Tab = Tab.OPEN
    rank: Rank = Rank.FASTEST
    window: Window = Window.ALL
    words: str = ""


def read_rows(
    store: Store, incident: str, now: datetime, *, rumour: str | None = None, as_of: datetime | None = None
) -> dict[str, BoardRow]:
    """The rumours on the board by id; rates are those of the hour before `now`."""
    moment = {} if as_of is None else {"as_of": as_of}
    recent: dict[str, list[int]] = {}
    for row in store.views.rows("board_buckets", incident=incident, rumour=rumour, now=now, **moment):
        recent.setdefault(row["rumour"], [0] * STEPS)[STEPS - 1 - min(row["age"], STEPS - 1)] += row["posts"]
    rows = store.views.rows("board", incident=incident, rumour=rumour, **moment)
    gaps = overlapping(store.sources.gaps(as_of), now - STEPS * STEP, now, now)
    in_hour = overlapping(gaps, now - STEPS_AN_HOUR * STEP, now, now)
    silence = {
        "missing": missing_steps(gaps, now, STEP, STEPS),
        "gap": max(in_hour, key=lambda gap: gap.since, default=None),
    }
    return {row["rumour"]: _row(row, recent.get(row["rumour"], [0] * STEPS), silence) for row in rows}


def read_header(store: Store, incident: str, *, as_of: datetime | None = None) -> IncidentHeader:
    moment = {} if as_of is None else {"as_of": as_of}
    return IncidentHeader(**store.views.rows("incident_header", incident=incident, **moment)[0])


def chosen(rows: Iterable[BoardRow], choice: Choice, now: datetime) -> list[BoardRow]:
    """The rows a viewer asked for, ranked."""
    words = choice.words.casefold().split()
    kept = [
        row
        for row in rows
        if in_tab(row, choice.tab)
        and _in_window(row, choice.window, now)
        and all(word in row.claim.casefold() for word in words)
    ]
    return sorted(kept, key=lambda row: (_rank_key(row, choice.rank), row.id))


def counts(rows: Sequence[BoardRow], choice: Choice, now: datetime) -> dict[Tab, int]:
    """How many rows each tab holds under the viewer's window and words."""
    return {tab: len(chosen(rows, Choice(tab, choice.rank, choice.window, choice.words), now)) for tab in Tab}


def in_tab(row: BoardRow, tab: Tab) -> bool:
    match tab:
        case Tab.ALL:
            return True
        case Tab.OPEN:
            return row.state not in SETTLED
        case Tab.NEEDS_ANSWER:
            return row.state in {State.NEW, State.ASSESSING} and not row.corrections
        case Tab.SETTLED:
            return row.state in SETTLED
        case _:
            return row.state == State(tab.value)


def _in_window(row: BoardRow, window: Window, now: datetime) -> bool:
    # A rumour whose posts carry no time is never filtered away by time.
    return window.length is None or row.last_at is None or row.last_at >= now - window.length


def _rank_key(row: BoardRow, rank: Rank) -> tuple[float, ...]:
    newest = -(row.surfaced_at.timestamp() if row.surfaced_at else 0.0)
    match rank:
        case Rank.FASTEST:
            return (-row.growth.per_hour, -sum(row.recent), newest)
        case Rank.NEWEST:
            return (newest,)
        case Rank.LARGEST:
            return (-row.posts, newest)
        case Rank.LIKELIEST:
            return (-(row.likelihood if row.likelihood is not None else -1.0), newest)


def claim_of(title_text: str | None, *, states_claim: bool) -> str:
    """A rumour's title as screens show it, from the post that names it; None where that post is gone.

    Where no post states the claim, the words are those of one that asks or denies, and the title says so.
    """
    if title_text is None:
        return REMOVED
    words = masked(title_of(title_text)) or WORDLESS
    return words if states_claim else NOT_STATED.format(words)


def _row(row: dict[str, Any], recent: list[int], silence: dict[str, Any]) -> BoardRow:
    half = STEPS_AN_HOUR // 2
    same = {field.name for field in fields(BoardRow)} & row.keys()
    given = {name: row[name] for name in same}
    return BoardRow(
        **{
            **given,
            **silence,
            "id": row["rumour"],
            "claim": claim_of(row["title_text"], states_claim=row["states_claim"]),
            "state": State(row["state"]),
            "owner": Officer(row["owner"], row["owner_role"]) if row["owner"] else None,
            "growth": growth(sum(recent[-STEPS_AN_HOUR:]), 1.0),
            "trend": trend(sum(recent[-half:]), sum(recent[-2 * half : -half])),
            "recent": tuple(recent),
            "stances": _stances(row),
            **_score(row["score_detail"]),
            "verdict": Verdict(row["verdict"]) if row["verdict"] else None,
        }
    )


def _stances(row: dict[str, Any]) -> dict[Stance | None, int]:
    return {**{stance: row[stance.value] for stance in Stance}, None: row["uncoded"]}


def _score(detail: str | None) -> dict[str, Any]:
    score = json.loads(detail) if detail else {}
    return {
        "reasons": tuple(
            Reason(one["feature"], one["value"], one["contribution"]) for one in score.get("reasons", [])
        ),
        "scored_claims": score.get("claims"),
        "scored_answers": score.get("answers"),
    }
