"""What an arrangement adds up to: the figures of every rumour at once, and the minutes and flows of one.

Votes are the public's posts: what officials post, and what copies it, is counted apart. A person counts once however
often they post, and the largest following that is known of them stands for them. All times are in microseconds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

import numpy as np

from models.measures.history import NO_TIME, STANCES, UNKNOWN, Arrangement, microseconds, moment_of
from models.measures.spread import StanceMinute

_LATEST = np.iinfo(np.int64).max
_SECOND = 1_000_000
_MINUTE = 60 * _SECOND


@dataclass(frozen=True, slots=True)
class Figures:
    """By number of the rumour. `stances` has a column for each of STANCES and a last one for votes nobody has coded.

    `followers` adds up what is known; of `followers_unknown` people nothing is. `recent` holds the votes in steps,
    the oldest first. Times may be NO_TIME.
    """

    any_posts: np.ndarray
    posts: np.ndarray
    flows: np.ndarray
    undated: np.ndarray
    without_author: np.ndarray
    stances: np.ndarray
    people: np.ndarray
    followers: np.ndarray
    followers_unknown: np.ndarray
    first_at: np.ndarray
    last_at: np.ndarray
    first_query_at: np.ndarray
    first_denial_at: np.ndarray
    recent: np.ndarray


def figures(arrangement: Arrangement, now: datetime, *, step: timedelta, steps: int) -> Figures:
    """The figures of all rumours; `recent` covers `steps` steps before `now`, what is dated later in the last."""
    posts, rumour, stance = arrangement.posts, arrangement.rumour, arrangement.stance
    count = len(arrangement.history.rumours)
    dated = np.flatnonzero(posts.created_at != NO_TIME)
    stance_of_dated = stance[dated]
    votes = np.flatnonzero(arrangement.is_vote)
    rumour_of_vote, created_at = rumour[votes], posts.created_at[votes]
    has_author = posts.author[votes] != UNKNOWN
    people, followers, followers_unknown = _people(arrangement, votes[has_author], count)
    flow_seen = np.zeros(len(arrangement.rumour_of_flow), bool)
    flow_seen[posts.flow] = True
    return Figures(
        any_posts=np.bincount(rumour, minlength=count),
        posts=np.bincount(rumour_of_vote, minlength=count),
        flows=np.bincount(arrangement.rumour_of_flow[flow_seen], minlength=count),
        undated=np.bincount(rumour_of_vote[created_at == NO_TIME], minlength=count),
        without_author=np.bincount(rumour_of_vote[~has_author], minlength=count),
        # Of what nobody has coded the place is -1: the last.
        stances=_by_rumour(rumour_of_vote, stance[votes] % (len(STANCES) + 1), count, len(STANCES) + 1),
        people=people,
        followers=followers,
        followers_unknown=followers_unknown,
        first_at=_first(arrangement, dated, count),
        last_at=_last(arrangement, dated, count),
        first_query_at=_first(arrangement, dated[stance_of_dated == STANCES.index("query")], count),
        first_denial_at=_first(arrangement, dated[stance_of_dated == STANCES.index("deny")], count),
        recent=_recent(rumour_of_vote, created_at, count, now, step, steps),
    )


@dataclass(frozen=True, slots=True)
class PostCounts:
    """By number of the rumour, of all its posts, officials' too: how many, how many recent, and the latest time."""

    posts: np.ndarray
    recent: np.ndarray
    last_at: np.ndarray


def post_counts(arrangement: Arrangement, since: datetime) -> PostCounts:
    """The posts of all rumours; recent are those dated after `since`."""
    rumour, created, count = arrangement.rumour, arrangement.posts.created_at, len(arrangement.history.rumours)
    return PostCounts(
        posts=np.bincount(rumour, minlength=count),
        recent=np.bincount(rumour[created > microseconds(since)], minlength=count),
        last_at=_last(arrangement, np.flatnonzero(created != NO_TIME), count),
    )


def minutes_of_rumours(arrangement: Arrangement) -> Iterator[tuple[int, tuple[StanceMinute, ...]]]:
    """The dated votes of each rumour that has any, by minute and stance, in order of time."""
    return _minutes(arrangement, np.flatnonzero(arrangement.is_vote & (arrangement.posts.created_at != NO_TIME)))


def minutes_of_rumour(arrangement: Arrangement, rumour: int) -> tuple[StanceMinute, ...]:
    """The dated votes of one rumour, by minute and stance, in order of time."""
    is_of_it = (arrangement.rumour == rumour) & arrangement.is_vote & (arrangement.posts.created_at != NO_TIME)
    return next((minutes for _, minutes in _minutes(arrangement, np.flatnonzero(is_of_it))), ())


@dataclass(frozen=True, slots=True)
class FlowFigures:
    """One flow of a rumour; `posts` are the places of its posts in the arrangement, in order of arrival."""

    flow: int
    posts: np.ndarray
    people: int
    first_at: datetime | None
    last_at: datetime | None


def widest_flows(arrangement: Arrangement, rumour: int, limit: int) -> list[FlowFigures]:
    """The flows of a rumour with the most posts, then people, then first in time and in arrival."""
    mine = np.flatnonzero(arrangement.rumour == rumour)
    mine = mine[np.argsort(arrangement.posts.flow[mine], kind="stable")]
    flows, starts, sizes = np.unique(arrangement.posts.flow[mine], return_index=True, return_counts=True)
    if not len(flows):
        return []
    created = arrangement.posts.created_at[mine]
    first = np.minimum.reduceat(np.where(created == NO_TIME, _LATEST, created), starts)
    last = np.maximum.reduceat(created, starts)
    # Who posts twice in a flow is one of its people.
    pairs = np.unique(
        arrangement.posts.flow[mine] * np.int64(arrangement.history.authors + 1) + arrangement.posts.author[mine] + 1
    )
    known = pairs[pairs % (arrangement.history.authors + 1) > 0] // (arrangement.history.authors + 1)
    people = np.bincount(np.searchsorted(flows, known), minlength=len(flows))
    widest = np.lexsort((mine[starts], first, -people, -sizes))[:limit]
    return [
        FlowFigures(
            flow=int(flows[one]),
            posts=mine[starts[one] : starts[one] + sizes[one]],
            people=int(people[one]),
            first_at=None if first[one] == _LATEST else moment_of(int(first[one])),
            last_at=moment_of(int(last[one])),
        )
        for one in widest
    ]


@dataclass(frozen=True, slots=True)
class FlowReach:
    """A flow by its number: its posts, the people who posted them, and their followers.

    `followers` adds up what is known, None where nothing is; of `followers_unknown` people nothing is.
    """

    flow: int
    posts: int
    people: int
    followers: int | None
    followers_unknown: int


def reach_of_posts(arrangement: Arrangement, seqs: Sequence[int]) -> dict[int, FlowReach]:
    """Of those of these posts that are in a flow, by their number in the store: the reach of that flow."""
    posts = arrangement.posts
    found = np.flatnonzero(np.isin(posts.seq, seqs))
    flows = posts.flow[found]
    in_them = np.flatnonzero(np.isin(posts.flow, flows))
    reach = {flow: _reach(arrangement, flow, in_them[posts.flow[in_them] == flow]) for flow in set(flows.tolist())}
    return {seq: reach[flow] for seq, flow in zip(posts.seq[found].tolist(), flows.tolist(), strict=True)}


def _reach(arrangement: Arrangement, flow: int, which: np.ndarray) -> FlowReach:
    author, followers = arrangement.posts.author[which], arrangement.posts.followers[which]
    of_person: dict[int, int] = {}
    for person, known in zip(author.tolist(), followers.tolist(), strict=True):
        if person != UNKNOWN:
            of_person[person] = max(known, of_person.get(person, UNKNOWN))
    known = [number for number in of_person.values() if number != UNKNOWN]
    return FlowReach(flow, len(which), len(of_person), sum(known) if known else None, len(of_person) - len(known))


def newest_posts(arrangement: Arrangement, rumour: int, limit: int) -> np.ndarray:
    """The places of a rumour's posts that came last, the newest first."""
    return np.flatnonzero(arrangement.rumour == rumour)[: -limit - 1 : -1]


def _by_rumour(rumour: np.ndarray, column: np.ndarray, count: int, columns: int) -> np.ndarray:
    return np.bincount(rumour * np.int64(columns) + column, minlength=count * columns).reshape(count, columns)


def _recent(
    rumour: np.ndarray, created_at: np.ndarray, count: int, now: datetime, step: timedelta, steps: int
) -> np.ndarray:
    is_recent = np.flatnonzero(created_at > microseconds(now - steps * step))
    # In whole seconds, as the age of a post is told.
    seconds_ago = microseconds(now) // _SECOND - created_at[is_recent] // _SECOND
    steps_ago = np.clip(seconds_ago // int(step.total_seconds()), 0, steps - 1)
    return _by_rumour(rumour[is_recent], steps - 1 - steps_ago, count, steps)


def _people(arrangement: Arrangement, which: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """By rumour: how many people, the followers known of them, and of how many none are known."""
    posts, authors = arrangement.posts, np.int64(arrangement.history.authors)
    person = arrangement.rumour[which] * authors + posts.author[which]
    if not len(person):
        return (np.zeros(count, np.int64),) * 3
    order = np.argsort(person)
    person = person[order]
    starts = np.flatnonzero(np.r_[True, person[1:] != person[:-1]])
    followers = np.maximum.reduceat(posts.followers[which][order], starts)
    rumour, known = person[starts] // authors, followers != UNKNOWN
    first_of_rumour = np.flatnonzero(np.r_[True, rumour[1:] != rumour[:-1]])
    reach = np.zeros(count, np.int64)
    reach[rumour[first_of_rumour]] = np.add.reduceat(np.where(known, followers, 0), first_of_rumour)
    return np.bincount(rumour, minlength=count), reach, np.bincount(rumour[~known], minlength=count)


def _first(arrangement: Arrangement, which: np.ndarray, count: int) -> np.ndarray:
    first = np.full(count, _LATEST)
    np.minimum.at(first, arrangement.rumour[which], arrangement.posts.created_at[which])
    return np.where(first == _LATEST, NO_TIME, first)


def _last(arrangement: Arrangement, which: np.ndarray, count: int) -> np.ndarray:
    last = np.full(count, NO_TIME)
    np.maximum.at(last, arrangement.rumour[which], arrangement.posts.created_at[which])
    return last


def _minutes(arrangement: Arrangement, which: np.ndarray) -> Iterator[tuple[int, tuple[StanceMinute, ...]]]:
    if not len(which):
        return
    minute = arrangement.posts.created_at[which] // _MINUTE
    first, columns = int(minute.min()), len(STANCES) + 1
    span = int(minute.max()) - first + 1
    cells, posts = np.unique(
        (arrangement.rumour[which] * np.int64(span) + minute - first) * columns + arrangement.stance[which] + 1,
        return_counts=True,
    )
    rows = zip((cells // columns).tolist(), (cells % columns - 1).tolist(), posts.tolist(), strict=True)
    for rumour, of_rumour in groupby(rows, key=lambda row: row[0] // span):
        yield (
            rumour,
            tuple(
                StanceMinute(
                    moment_of((first + at % span) * _MINUTE),
                    {None if label == UNKNOWN else STANCES[label]: count for _, label, count in of_minute},
                )
                for at, of_minute in groupby(of_rumour, key=lambda row: row[0])
            ),
        )
