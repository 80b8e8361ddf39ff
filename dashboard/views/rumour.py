"""What the rumour page, and the board's right side, show of one rumour."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from dashboard.views.board import BoardRow, read_rows
from dashboard.views.same_claim import MaybeSame, read_same_claim
from dashboard.words.masking import REMOVED, WORDLESS, masked
from models.domain import Act, Correction, Decision, HeardBy, Kind, SourceGap, Stance
from models.judgement.naming import title_of
from models.measures.gaps import dormant
from models.measures.spread import StanceMinute, denials_overtake_support
from models.people.acts import MODEL, REARRANGING
from models.store import Store

FLOWS_SHOWN = 100
POSTS_SHOWN = 100


class RumourTab(StrEnum):
    FLOWS = "flows"
    POSTS = "posts"


@dataclass(frozen=True, slots=True)
class Flow:
    """A post and its copies. `coded_by` is a person's name, or None where the model judged."""

    id: str
    text: str
    kind: Kind
    stance: Stance | None
    coded_by: str | None
    official: bool
    edited: bool
    posts: int
    people: int
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Heard:
    """How a sighting came in: who took it down, in which role, and how reliable its source is in their words."""

    by: HeardBy
    taken_by: str
    role: str
    reliability: str


@dataclass(frozen=True, slots=True)
class ShownPost:
    """One post. `why` says what brought it to the incident."""

    id: str
    text: str
    kind: Kind
    stance: Stance | None
    coded_by: str | None
    official: bool
    created_at: datetime | None
    edited_at: datetime | None
    why: str
    heard: Heard | None


@dataclass(frozen=True, slots=True)
class LifeClock:
    """The six moments of a rumour's life; None where one has not come.

    `dormant_unknown` is the gap for which nobody knows whether the rumour is dormant.
    """

    first_seen: datetime | None
    first_query: datetime | None
    first_denial: datetime | None
    first_correction: datetime | None
    denials_overtake: datetime | None
    dormant: datetime | None
    dormant_unknown: SourceGap | None


@dataclass(frozen=True, slots=True)
class Rearranged:
    """A merge, refusal, split or move in the rumour's log; the claims are those of now."""

    number: int
    act: Act
    rumour: str
    claim: str
    into: str
    into_claim: str
    flows: int
    undone: bool


@dataclass(frozen=True, slots=True)
class MergedAway:
    """What is left of a rumour that was merged into another: where it lives on, and its log."""

    merged_into: str
    claim: str
    decisions: tuple[Decision, ...]
    rearranged: tuple[Rearranged, ...]


@dataclass(frozen=True, slots=True)
class RumourPage:
    row: BoardRow
    life: LifeClock
    minutes: tuple[StanceMinute, ...]
    flows: tuple[Flow, ...]
    posts: tuple[ShownPost, ...]
    corrections: tuple[Correction, ...]
    decisions: tuple[Decision, ...]
    gaps: tuple[SourceGap, ...]
    rearranged: tuple[Rearranged, ...]
    same_claim: tuple[MaybeSame, ...]


def read_rumour(
    store: Store, incident: str, rumour: str, now: datetime, *, as_of: datetime | None = None
) -> RumourPage | None:
    """All there is to show of a rumour at `now`, or None where it is not on the board of that incident."""
    row = read_rows(store, incident, now, rumour=rumour, as_of=as_of).get(rumour)
    return None if row is None else page_of(store, incident, row, now, as_of=as_of)


def read_merged_away(store: Store, incident: str, rumour: str, *, as_of: datetime | None = None) -> MergedAway | None:
    """Where a rumour that is not on the board lives on, or None where it was not merged into another."""
    moment = {} if as_of is None else {"as_of": as_of}
    found = store.views.rows("merged_into", incident=incident, rumour=rumour, **moment)
    if not found:
        return None
    survivor = found[0]["survivor"]
    decisions = tuple(store.acts.decisions(incident, rumour, as_of=as_of))
    rearranged = _rearranged(store, incident, rumour, decisions, moment)
    return MergedAway(survivor, _claim(found[0]["title"]), decisions, rearranged)


def page_of(
    store: Store, incident: str, row: BoardRow, now: datetime, *, as_of: datetime | None = None
) -> RumourPage:
    """All there is to show of the rumour that a row of the board stands for."""
    rumour = row.id
    moment = {"incident": incident, "rumour": rumour} | ({} if as_of is None else {"as_of": as_of})
    minutes = stance_minutes(store.views.rows("rumour_minutes", **moment))
    flows = store.views.rows("rumour_flows", **moment, limit=FLOWS_SHOWN)
    posts = store.views.rows("rumour_posts", **moment, limit=POSTS_SHOWN)
    corrections = store.acts.corrections(incident, rumour, as_of=as_of)
    decisions = tuple(store.acts.decisions(incident, rumour, as_of=as_of))
    gaps = store.sources.gaps(as_of)
    return RumourPage(
        row=row,
        life=life_of(row, minutes, gaps, now),
        minutes=minutes,
        flows=tuple(
            Flow(
                id=one["flow"],
                **_shown(one),
                edited=bool(one["edited"]),
                **_only(one, "posts", "people", "first_at", "last_at"),
            )
            for one in flows
        ),
        posts=tuple(
            ShownPost(
                **_shown(one),
                **_only(one, "id", "created_at", "edited_at"),
                why=one["matched"] or "",
                heard=_heard(one),
            )
            for one in posts
        ),
        corrections=tuple(corrections),
        decisions=decisions,
        gaps=tuple(gaps),
        rearranged=_rearranged(store, incident, rumour, decisions, moment),
        same_claim=read_same_claim(store, incident, rumour, as_of=as_of),
    )


def _rearranged(
    store: Store, incident: str, rumour: str, decisions: Sequence[Decision], moment: dict[str, Any]
) -> tuple[Rearranged, ...]:
    if not any(one.act in REARRANGING for one in decisions):
        return ()
    asked = {**moment, "incident": incident, "rumour": rumour}
    return tuple(
        Rearranged(
            number=row["number"],
            act=Act(row["act"]),
            rumour=row["rumour"],
            claim=_claim(row["rumour_title"]),
            into=row["target"],
            into_claim=_claim(row["target_title"]),
            flows=row["flows"],
            undone=row["undone"],
        )
        for row in store.views.rows("rearrangements", **asked)
    )


def _claim(title: str | None) -> str:
    return REMOVED if title is None else masked(title_of(title)) or WORDLESS


def life_of(row: BoardRow, minutes: Sequence[StanceMinute], gaps: Sequence[SourceGap], now: datetime) -> LifeClock:
    """The clock of the rumour that a row of the board stands for; `minutes` are its posts, in order of time."""
    dormant_at, dormant_unknown = dormant(row.last_at, gaps, now)
    return LifeClock(
        first_seen=row.first_at,
        first_query=row.first_query_at,
        first_denial=row.first_denial_at,
        first_correction=row.first_correction_at,
        denials_overtake=denials_overtake_support(minutes),
        dormant=dormant_at,
        dormant_unknown=dormant_unknown,
    )


def stance_minutes(rows: Iterable[dict[str, Any]]) -> tuple[StanceMinute, ...]:
    """The posts of one rumour by minute, in order of time, from rows with `minute`, `stance` and `posts`."""
    by_minute: dict[datetime, dict[Stance | None, int]] = {}
    for row in rows:
        stance = Stance(row["stance"]) if row["stance"] else None
        by_minute.setdefault(row["minute"], {})[stance] = row["posts"]
    return tuple(StanceMinute(at, posts) for at, posts in sorted(by_minute.items()))


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "text": masked(row["text"]),
        "kind": Kind(row["kind"]),
        "stance": Stance(row["stance"]) if row["stance"] else None,
        "coded_by": row["stance_by"] if row["stance_by"] not in {None, MODEL} else None,
        "official": bool(row["official"]),
    }


def _heard(row: dict[str, Any]) -> Heard | None:
    if row["heard_by"] is None:
        return None
    return Heard(HeardBy(row["heard_by"]), row["taken_by"], row["taken_role"], row["reliability"])


def _only(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: row[name] for name in names}
