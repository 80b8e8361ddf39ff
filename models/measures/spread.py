"""How a rumour spreads: its rate with a confidence interval, its trend, and moments of its life.

Pure functions of counts and times. A rate always comes with its interval; what cannot be known is None.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from scipy.special import betainc, gammaincinv

from models.domain.rumours import Stance
from models.measures.intervals import edges

# A rumour is dormant when nobody has repeated it for so long.
DORMANT_AFTER = timedelta(hours=3)
# Denials overtake support when within this time there are more of them, and at least so many.
OVERTAKING_WINDOW = timedelta(minutes=60)
LEAST_DENIALS = 5


class Trend(StrEnum):
    RISING = "rising"
    STEADY = "steady"
    FALLING = "falling"


@dataclass(frozen=True, slots=True)
class Growth:
    """Posts an hour, with the bounds of the confidence interval."""

    per_hour: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class StanceMinute:
    """How many posts one minute brought, by stance; None stands for posts that nobody has coded."""

    at: datetime
    posts: Mapping[Stance | None, int]


@dataclass(frozen=True, slots=True)
class SpreadSeries:
    """Posts by interval and stance. `posts[stance][i]` belongs to the time from `edges[i]` to `edges[i + 1]`.

    That is as long as `interval`, but for a night in which the clocks change.
    """

    interval: timedelta
    edges: tuple[datetime, ...]
    posts: Mapping[Stance | None, tuple[int, ...]]

    @property
    def starts(self) -> tuple[datetime, ...]:
        return self.edges[:-1]

    @property
    def ends(self) -> tuple[datetime, ...]:
        return self.edges[1:]

    @property
    def end(self) -> datetime:
        return self.edges[-1]

    @property
    def lengths(self) -> tuple[timedelta, ...]:
        return tuple(end - start for start, end in pairwise(self.edges))

    @property
    def middles(self) -> tuple[datetime, ...]:
        return tuple(start + (end - start) / 2 for start, end in pairwise(self.edges))

    @property
    def totals(self) -> tuple[int, ...]:
        return tuple(sum(column) for column in zip(*self.posts.values(), strict=True))


def growth(posts: int, hours: float, confidence: float = 0.95) -> Growth:
    """The rate of `posts` seen in `hours`, with the exact Poisson interval (Garwood 1936).

    >>> rate = growth(12, hours=2)
    >>> rate.per_hour, round(rate.low, 1), round(rate.high, 1)
    (6.0, 3.1, 10.5)
    """
    tail = (1 - confidence) / 2
    low = float(gammaincinv(posts, tail)) if posts else 0.0
    high = float(gammaincinv(posts + 1, 1 - tail))
    return Growth(posts / hours, low / hours, high / hours)


def trend(recent: int, before: int, confidence: float = 0.9) -> Trend:
    """Whether the counts of two spans of equal length differ by more than chance.

    If nothing changed, the recent count is binomial(n, 1/2) given their sum (Przyborowski and Wilenski 1940).

    >>> trend(recent=30, before=12), trend(recent=5, before=3)
    (<Trend.RISING: 'rising'>, <Trend.STEADY: 'steady'>)
    """
    total, most = recent + before, max(recent, before)
    if total == 0:
        return Trend.STEADY
    # P(X >= most) for X ~ binomial(total, 1/2)
    tail = float(betainc(most, total - most + 1, 0.5))
    if tail > (1 - confidence) / 2:
        return Trend.STEADY
    return Trend.RISING if recent > before else Trend.FALLING


def spread_series(
    minutes: Sequence[StanceMinute], *, start: datetime, end: datetime, interval: timedelta, by_clock: bool = True
) -> SpreadSeries:
    """The posts from `start` to `end`, summed by `interval`; an interval without posts is zero.

    `start` is where an interval begins; `by_clock` as in `edges`.

    >>> noon, minute = datetime(2026, 11, 20, 12), timedelta(minutes=1)
    >>> minutes = [StanceMinute(noon + at * minute, {Stance.SUPPORT: 2, Stance.DENY: at}) for at in (0, 1, 11)]
    >>> spread_series(minutes, start=noon, end=noon + 15 * minute, interval=5 * minute).totals
    (5, 0, 13)
    """
    drawn = edges(start, end, interval, by_clock=by_clock)
    stances: list[Stance | None] = list(Stance)
    if any(minute.posts.get(None) for minute in minutes):
        stances.append(None)
    sums = {stance: [0] * (len(drawn) - 1) for stance in stances}
    for minute in minutes:
        if drawn[0] <= minute.at < drawn[-1]:
            place = bisect_right(drawn, minute.at) - 1
            for stance, posts in minute.posts.items():
                sums[stance][place] += posts
    return SpreadSeries(interval, drawn, {stance: tuple(values) for stance, values in sums.items()})


def denials_overtake_support(minutes: Sequence[StanceMinute]) -> datetime | None:
    """The first minute whose trailing hour has more denials than support, and at least five denials.

    >>> noon, minute = datetime(2026, 11, 20, 12), timedelta(minutes=1)
    >>> minutes = [StanceMinute(noon + at * minute, {Stance.SUPPORT: 1, Stance.DENY: at}) for at in range(5)]
    >>> denials_overtake_support(minutes).minute
    3
    """
    first = 0
    denials = support = 0
    for minute in minutes:
        denials += minute.posts.get(Stance.DENY, 0)
        support += minute.posts.get(Stance.SUPPORT, 0)
        while minutes[first].at <= minute.at - OVERTAKING_WINDOW:
            denials -= minutes[first].posts.get(Stance.DENY, 0)
            support -= minutes[first].posts.get(Stance.SUPPORT, 0)
            first += 1
        if denials > support and denials >= LEAST_DENIALS:
            return minute.at
    return None


def dormant_since(last_post_at: datetime | None, now: datetime) -> datetime | None:
    """When a rumour became dormant; None where it is not dormant, or its last post's time is not known.

    >>> dormant_since(datetime(2026, 11, 20, 12), now=datetime(2026, 11, 20, 16)).hour
    15
    """
    if last_post_at is None or now < last_post_at + DORMANT_AFTER:
        return None
    return last_post_at + DORMANT_AFTER
