"""What the board shows: one row a rumour."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

import numpy as np

from dashboard.words.masking import NOT_STATED, REMOVED, WORDLESS, masked_title
from models.domain.acts import Act, Officer
from models.domain.corrections import Verdict
from models.domain.rumours import Reason, Stance, State
from models.domain.sources import SourceGap
from models.measures.counts import Figures, figures
from models.measures.gaps import missing_steps, overlapping
from models.measures.history import UNKNOWN, Arrangement, moment_of
from models.measures.spread import Growth, Trend, growth, trend
from models.store import Store

# The growth of a rumour is shown in five-minute steps over two hours.
STEPS = 24
STEPS_AN_HOUR = 12
STEP = timedelta(minutes=5)
# Later than any moment: where one that is not known stands in an order of times.
LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Assigned:
    """By which decision a rumour was given to whoever has it: its number, by whom, and the note for them."""

    number: int
    by: Officer
    note: str


@dataclass(frozen=True, slots=True)
class Owner:
    """Who answers for a rumour: a person, or a desk, which has neither service nor user.

    `assigned` is None where they took it themselves.
    """

    name: str
    service: str = ""
    user: str | None = None
    assigned: Assigned | None = None


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
    owner: Owner | None
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


def read_rows(
    store: Store,
    incident: str,
    now: datetime,
    *,
    rumour: str | None = None,
    as_of: datetime | None = None,
    arrangement: Arrangement | None = None,
) -> dict[str, BoardRow]:
    """The rumours on the board by id, or one of them; rates are those of the hour before `now`.

    `arrangement` is how the incident stood at `as_of`, where it is known already.
    """
    moment = {"incident": incident} | ({} if as_of is None else {"as_of": as_of})
    arrangement = arrangement or store.views.history(incident).at(as_of)
    on_board = _on_board(arrangement, {row["rumour"] for row in store.views.rows("merges", **moment)})
    if rumour is not None:
        on_board = {number: name for number, name in on_board.items() if name == rumour}
    events = read_events(store, arrangement, on_board, moment)
    acts = {row["rumour"]: row for row in store.views.rows("board_acts", **moment)}
    counted = figures(arrangement, now, step=STEP, steps=STEPS)
    gaps = overlapping(store.sources.gaps(as_of), now - STEPS * STEP, now, now)
    in_hour = overlapping(gaps, now - STEPS_AN_HOUR * STEP, now, now)
    silence = {
        "missing": missing_steps(gaps, now, STEP, STEPS),
        "gap": max(in_hour, key=lambda gap: gap.since, default=None),
    }
    surfaced_at = arrangement.surfaced_at()
    return {
        name: BoardRow(
            id=name,
            surfaced_at=surfaced_at[number],
            **_figures(counted, number),
            **_events(events[number]),
            **_acts(acts.get(name)),
            **silence,
        )
        for number, name in on_board.items()
        if counted.any_posts[number]
    }


def read_events(
    store: Store, arrangement: Arrangement, rumours: Iterable[int], moment: Mapping[str, Any]
) -> dict[int, tuple[dict[str, Any] | None, dict[str, Any] | None]]:
    """The latest title and score of these rumours, each as board_events.sql gives it; None where there is none."""
    rumours = np.fromiter(rumours, int)
    history = arrangement.history
    events = [
        np.append(rows.event, UNKNOWN)[arrangement.latest(rows)[rumours]].tolist()
        for rows in (history.titles, history.scores)
    ]
    asked = [event for event in chain(*events) if event != UNKNOWN]
    found = {row["event"]: row for row in store.views.rows("board_events", events=asked, **moment)}
    return {
        number: (found.get(title), found.get(score))
        for number, title, score in zip(rumours.tolist(), *events, strict=True)
    }


def _on_board(arrangement: Arrangement, merged_away: Collection[str]) -> dict[int, str]:
    """The names of the rumours on the board by number, in the order in which they went up."""
    surfaced_at = arrangement.surfaced_at()
    names = arrangement.history.rumour_names(surfaced_at)
    in_order = sorted(zip(surfaced_at, names, strict=True), key=lambda one: (surfaced_at[one[0]] or LATEST, one[1]))
    return {number: name for number, name in in_order if name not in merged_away}


def read_header(store: Store, incident: str, *, as_of: datetime | None = None) -> IncidentHeader:
    moment = {} if as_of is None else {"as_of": as_of}
    return IncidentHeader(**store.views.rows("incident_header", incident=incident, **moment)[0])


def claim_of(title_text: str | None, *, states_claim: bool) -> str:
    """A rumour's title as screens show it, from the post that names it; None where that post is gone.

    Where no post states the claim, the words are those of one that asks or denies, and the title says so.
    """
    if title_text is None:
        return REMOVED
    words = masked_title(title_text) or WORDLESS
    return words if states_claim else NOT_STATED.format(words)


def _figures(counted: Figures, number: int) -> dict[str, Any]:
    recent = counted.recent[number].tolist()
    half = STEPS_AN_HOUR // 2
    people, unknown = int(counted.people[number]), int(counted.followers_unknown[number])
    times = ("first_at", "last_at", "first_query_at", "first_denial_at")
    return {
        "recent": tuple(recent),
        "growth": growth(sum(recent[-STEPS_AN_HOUR:]), 1.0),
        "trend": trend(sum(recent[-half:]), sum(recent[-2 * half : -half])),
        "posts": int(counted.posts[number]),
        "official_posts": int(counted.any_posts[number] - counted.posts[number]),
        "undated": int(counted.undated[number]),
        "flows": int(counted.flows[number]),
        "people": people,
        "posts_without_author": int(counted.without_author[number]),
        "reach": int(counted.followers[number]) if people > unknown else None,
        "reach_unknown": unknown,
        "stances": dict(zip((*Stance, None), counted.stances[number].tolist(), strict=True)),
        **{name: moment_of(int(getattr(counted, name)[number])) for name in times},
    }


def _events(events: tuple[dict[str, Any] | None, dict[str, Any] | None]) -> dict[str, Any]:
    title, score = events
    told = json.loads(score["detail"]) if score else {}
    return {
        "claim": claim_of(title and title["text"], states_claim=title is None or title["states_claim"]),
        "likelihood": score and score["likelihood"],
        "reasons": tuple(
            Reason(one["feature"], one["value"], one["contribution"]) for one in told.get("reasons", [])
        ),
        "scored_claims": told.get("claims"),
        "scored_answers": told.get("answers"),
    }


def _acts(acts: dict[str, Any] | None) -> dict[str, Any]:
    if acts is None:
        nothing = {"decisions": 0, "corrections": 0, "first_correction_at": None, "verdict": None}
        return {"state": State.NEW, "owner": None, **nothing}
    return {
        "state": State(acts["state"]),
        "owner": _owner(acts) if acts["owning"] else None,
        "decisions": acts["decisions"],
        "corrections": acts["corrections"],
        "first_correction_at": acts["first_correction_at"],
        "verdict": Verdict(acts["verdict"]) if acts["verdict"] else None,
    }


def _owner(acts: dict[str, Any]) -> Owner:
    by = Officer(acts["officer"], acts["role"], acts["service"] or "", acts["user_id"])
    if acts["act"] == Act.TAKE:
        return Owner(by.name, by.service, by.user)
    assigned = Assigned(acts["owning"], by, acts["reason"])
    return Owner(acts["assignee"], acts["assignee_service"] or "", acts["assignee_user"], assigned)
