"""What the rumour page, and the board's right side, show of one rumour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import numpy as np

from dashboard.views.board import BoardRow, read_rows
from dashboard.views.flows import opening_posts
from dashboard.views.languages import ShownLanguage, shown_language
from dashboard.views.posts import ShownPost, newest_of_rumour, stance_of
from dashboard.views.same_claim import MaybeSame, read_same_claim
from dashboard.words.masking import REMOVED, WORDLESS, masked, masked_title
from models.domain.acts import Act, Decision
from models.domain.corrections import Correction
from models.domain.posts import Kind
from models.domain.rumours import Stance
from models.domain.sources import SourceGap
from models.measures.counts import minutes_of_rumour, widest_flows
from models.measures.gaps import dormant
from models.measures.history import Arrangement
from models.measures.spread import StanceMinute, denials_overtake_support
from models.people.acts import REARRANGING
from models.store import Store

FLOWS_SHOWN = 100


class RumourTab(StrEnum):
    FLOWS = "flows"
    POSTS = "posts"


@dataclass(frozen=True, slots=True)
class Flow:
    """A post and its copies. `coded_by` is a person, or None for the model; `stated_at` the earliest doubted date."""

    id: str
    text: str
    language: ShownLanguage | None
    kind: Kind
    stance: Stance | None
    coded_by: str | None
    official: bool
    edited: bool
    posts: int
    people: int
    first_at: datetime | None
    last_at: datetime | None
    stated_at: datetime | None


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
    """`doubted` are the dates that posts state and that are not believed, the earliest first."""

    row: BoardRow
    life: LifeClock
    minutes: tuple[StanceMinute, ...]
    flows: tuple[Flow, ...]
    posts: tuple[ShownPost, ...]
    doubted: tuple[datetime, ...]
    corrections: tuple[Correction, ...]
    decisions: tuple[Decision, ...]
    gaps: tuple[SourceGap, ...]
    rearranged: tuple[Rearranged, ...]
    same_claim: tuple[MaybeSame, ...]


def read_rumour(
    store: Store, incident: str, rumour: str, now: datetime, *, as_of: datetime | None = None
) -> RumourPage | None:
    """All there is to show of a rumour at `now`, or None where it is not on the board of that incident."""
    arrangement = store.views.history(incident).at(as_of)
    row = read_rows(store, incident, now, rumour=rumour, as_of=as_of, arrangement=arrangement).get(rumour)
    return None if row is None else page_of(store, incident, row, now, as_of=as_of, arrangement=arrangement)


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
    store: Store,
    incident: str,
    row: BoardRow,
    now: datetime,
    *,
    as_of: datetime | None = None,
    arrangement: Arrangement | None = None,
) -> RumourPage:
    """All there is to show of the rumour that a row of the board stands for.

    `arrangement` is how the incident stood at `as_of`, where it is known already.
    """
    rumour = row.id
    moment = {"incident": incident, "rumour": rumour} | ({} if as_of is None else {"as_of": as_of})
    arrangement = arrangement or store.views.history(incident).at(as_of)
    number = arrangement.history.number_of(rumour)
    minutes = minutes_of_rumour(arrangement, number)
    corrections = store.acts.corrections(incident, rumour, as_of=as_of)
    decisions = tuple(store.acts.decisions(incident, rumour, as_of=as_of))
    gaps = store.sources.gaps(as_of)
    doubted = {one["seq"]: one["stated_at"] for one in store.views.rows("doubted_dates", **moment)}
    mine = arrangement.posts.seq[arrangement.rumour == number]
    return RumourPage(
        row=row,
        life=life_of(row, minutes, gaps, now),
        minutes=minutes,
        flows=_flows(store, arrangement, number, moment, doubted),
        posts=newest_of_rumour(store, arrangement, number, moment, doubted),
        doubted=tuple(sorted(doubted[seq] for seq in mine[np.isin(mine, list(doubted))].tolist())),
        corrections=tuple(corrections),
        decisions=decisions,
        gaps=tuple(gaps),
        rearranged=_rearranged(store, incident, rumour, decisions, moment),
        same_claim=read_same_claim(store, incident, rumour, as_of=as_of),
    )


def _flows(
    store: Store, arrangement: Arrangement, rumour: int, moment: dict[str, Any], doubted: Mapping[int, datetime]
) -> tuple[Flow, ...]:
    widest = widest_flows(arrangement, rumour, FLOWS_SHOWN)
    if not widest:
        return ()
    seq = arrangement.posts.seq
    changed = store.views.rows("changed_posts", **moment)
    removed = {row["seq"] for row in changed if row["removed"]}
    edited = {row["seq"] for row in changed if row["edited"]}
    posts = np.sort(np.concatenate([flow.posts for flow in widest]))
    opening = opening_posts(store, arrangement, posts, removed, moment)
    openers = [int(seq[flow.posts[0]]) for flow in widest]
    kinds = {row["seq"]: Kind(row["kind"]) for row in store.views.rows("posts_by_number", seqs=openers, **moment)}
    return tuple(
        Flow(
            id=arrangement.history.flows[flow.flow].as_py(),
            text=masked(opening[flow.flow]["text"] if flow.flow in opening else None),
            language=shown_language(opening[flow.flow]) if flow.flow in opening else None,
            kind=kinds[opener],
            **stance_of(arrangement, flow.flow),
            official=bool(arrangement.of_officials[flow.flow]),
            edited=not edited.isdisjoint(seq[flow.posts].tolist()),
            posts=len(flow.posts),
            people=flow.people,
            first_at=flow.first_at,
            last_at=flow.last_at,
            stated_at=min((doubted[one] for one in seq[flow.posts].tolist() if one in doubted), default=None),
        )
        for flow, opener in zip(widest, openers, strict=True)
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
    return REMOVED if title is None else masked_title(title) or WORDLESS


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
