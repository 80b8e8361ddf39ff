"""Growth, direction and the moments of a rumour's life."""

from datetime import timedelta

import pytest

from models.domain.rumours import Stance
from models.measures.spread import (
    StanceMinute,
    Trend,
    denials_overtake_support,
    dormant_since,
    growth,
    spread_series,
    trend,
)
from tests.builders import NOON


def minute(at: int, **posts: int) -> StanceMinute:
    return StanceMinute(NOON + timedelta(minutes=at), {Stance(name): count for name, count in posts.items()})


def test_growth_carries_the_exact_poisson_interval():
    # Garwood's interval for ten events, from the tables of the chi-squared distribution.
    rate = growth(10, hours=1)
    assert (rate.per_hour, rate.low, rate.high) == pytest.approx((10, 4.795, 18.390), abs=0.001)


def test_no_post_is_still_no_certainty_of_none():
    assert growth(0, hours=1).low == 0
    assert growth(0, hours=1).high == pytest.approx(3.689, abs=0.001)


@pytest.mark.parametrize(
    ("recent", "before", "direction"),
    [(20, 5, Trend.RISING), (5, 20, Trend.FALLING), (6, 4, Trend.STEADY), (0, 0, Trend.STEADY), (1, 0, Trend.STEADY)],
)
def test_a_direction_is_named_only_where_chance_would_hardly_do_it(recent, before, direction):
    assert trend(recent, before) is direction


def test_denials_overtake_support_at_the_minute_they_outnumber_it_within_the_hour():
    minutes = [minute(0, support=9), minute(30, deny=5), minute(70, deny=1), minute(75, deny=9)]
    assert denials_overtake_support(minutes) == NOON + timedelta(minutes=70)


def test_a_handful_of_denials_overtakes_nothing():
    assert denials_overtake_support([minute(0, deny=4)]) is None


def test_a_rumour_is_dormant_three_hours_after_its_last_post():
    assert dormant_since(NOON, NOON + timedelta(hours=2, minutes=59)) is None
    assert dormant_since(NOON, NOON + timedelta(hours=5)) == NOON + timedelta(hours=3)


def test_a_rumour_without_dated_posts_is_not_called_dormant():
    assert dormant_since(None, NOON) is None


def test_a_series_keeps_its_empty_intervals_and_every_post_in_range():
    minutes = [minute(0, support=2), minute(21, deny=1), minute(90, query=7)]
    series = spread_series(minutes, start=NOON, end=NOON + timedelta(minutes=30), interval=timedelta(minutes=10))
    assert series.posts[Stance.SUPPORT] == (2, 0, 0)
    assert series.totals == (2, 0, 1)
