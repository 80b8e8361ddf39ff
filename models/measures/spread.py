"""How a rumour spreads: growth with its interval, its direction, and the moments of its life.

Pure functions of counts and times. A rate is never shown without its interval; what cannot be known is None.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from scipy.special import betainc, gammaincinv

from models.domain import Stance

# A rumour nobody has repeated for so long is dormant.
DORMANT_AFTER = timedelta(hours=3)
# Denials overtake support when, over this long, they are more, and at least so many.
OVERTAKING_WINDOW = timedelta(minutes=60)
LEAST_DENIALS = 5


class Trend(StrEnum):
    RISING = "rising"
    STEADY = "steady"
    FALLING = "falling"


@dataclass(frozen=True, slots=True)
class Growth:
    """Posts an hour, with the bounds of its interval."""

    per_hour: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class StanceMinute:
    """How many posts one minute brought, by stance; None stands for posts nobody has coded."""

    at: datetime
    posts: Mapping[Stance | None, int]


@dataclass(frozen=True, slots=True)
class SpreadSeries:
    """Posts by interval and stance. `posts[stance][i]` belongs to the interval that opens at `starts[i]`."""

    interval: timedelta
    starts: tuple[datetime, ...]
    posts: Mapping[Stance | None, tuple[int, ...]]

    @property
    def totals(self) -> tuple[int, ...]:
        return tuple(sum(column) for column in zip(*self.posts.values(), strict=True))


def growth(posts: int, hours: float, confidence: float = 0.95) -> Growth:
    """The rate of `posts` seen in `hours`, with the exact Poisson interval (Garwood 1936)."""
    tail = (1 - confidence) / 2
    low = float(gammaincinv(posts, tail)) if posts else 0.0
    high = float(gammaincinv(posts + 1, 1 - tail))
    return Growth(posts / hours, low / hours, high / hours)


def trend(recent: int, before: int, confidence: float = 0.9) -> Trend:
    """Whether two spans of equal length differ more than chance would have it.

    Given their sum, the recent count is binomial(n, 1/2) when nothing changed (Przyborowski and Wilenski 1940).
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
    minutes: Sequence[StanceMinute], *, start: datetime, end: datetime, interval: timedelta
) -> SpreadSeries:
    """The minutes from `start` to `end`, summed by `interval`; empty intervals stay, as zeros."""
    count = max(1, -(-(end - start) // interval))
    stances: list[Stance | None] = list(Stance)
    if any(minute.posts.get(None) for minute in minutes):
        stances.append(None)
    sums = {stance: [0] * count for stance in stances}
    for minute in minutes:
        place = (minute.at - start) // interval
        if 0 <= place < count:
            for stance, posts in minute.posts.items():
                sums[stance][place] += posts
    return SpreadSeries(
        interval=interval,
        starts=tuple(start + place * interval for place in range(count)),
        posts={stance: tuple(values) for stance, values in sums.items()},
    )


def denials_overtake_support(minutes: Sequence[StanceMinute]) -> datetime | None:
    """The first minute at which the trailing hour holds more denials than support, and at least five denials."""
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
    """When the rumour fell silent for long enough, or None while it has not, or when it was last seen is unknown."""
    if last_post_at is None or now < last_post_at + DORMANT_AFTER:
        return None
    return last_post_at + DORMANT_AFTER
