"""Where bars begin: at whole hours of a London clock, also over the two nights in which it changes."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.domain.rumours import Stance
from models.measures.intervals import edges, floor, interval_for
from models.measures.spread import StanceMinute, spread_series

LONDON = ZoneInfo("Europe/London")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SPRING, AUTUMN = datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)

of_2026 = st.integers(0, 365 * 86_400).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
near_a_change = st.builds(
    lambda night, seconds: night + timedelta(seconds=seconds),
    st.sampled_from([SPRING, AUTUMN]),
    st.integers(-86_400, 86_400),
)
moments = of_2026 | near_a_change
intervals = st.sampled_from([timedelta(minutes=10), HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR, DAY, 2 * DAY])


def clock(moment):
    return moment.astimezone(LONDON)


@given(moments, intervals)
@example(AUTUMN, 4 * HOUR)
@example(SPRING, DAY)
def test_an_interval_holds_the_moment_and_begins_at_a_multiple_since_midnight_in_london(moment, interval):
    start = floor(moment, interval)
    assert start <= moment < edges(start, moment + timedelta(seconds=1), interval)[-1]
    since_midnight = timedelta(hours=clock(start).hour, minutes=clock(start).minute)
    assert since_midnight % min(interval, DAY) == timedelta()


@given(moments, intervals, st.integers(1, 60))
def test_intervals_follow_one_another_without_a_gap_and_each_begins_as_if_it_were_the_first(moment, interval, count):
    start = floor(moment, interval)
    drawn = edges(start, start + count * interval, interval)
    assert drawn[-2] < start + count * interval <= drawn[-1]
    assert all(floor(edge, interval) == edge for edge in drawn)
    assert {end - begin for begin, end in pairwise(drawn)} <= {interval - HOUR, interval, interval + HOUR}


@given(moments, st.lists(st.integers(0, 40_000), min_size=1, max_size=40))
def test_every_post_stands_in_the_bar_that_its_time_lies_in(moment, minutes):
    posts = [StanceMinute(moment + timedelta(minutes=one), {Stance.QUERY: 1}) for one in sorted(minutes)]
    end = posts[-1].at + timedelta(minutes=1)
    interval = interval_for(end - moment)
    series = spread_series(posts, start=floor(moment, interval), end=end, interval=interval)
    assert sum(series.totals) == len(posts)
    for start, until, total in zip(series.starts, series.ends, series.totals, strict=True):
        assert total == sum(start <= one.at < until for one in posts)


@pytest.mark.parametrize(("night", "hours"), [(SPRING, 23), (AUTUMN, 25)])
def test_the_day_in_which_the_clocks_change_is_one_bar_of_all_its_hours(night, hours):
    start = floor(night, DAY)
    assert clock(start).hour == 0
    assert edges(start, start + HOUR, DAY)[-1] - start == hours * HOUR


@pytest.mark.parametrize(("night", "lengths"), [(SPRING, [3, 4, 4]), (AUTUMN, [5, 4, 4])])
def test_bars_of_four_hours_stand_at_midnight_four_and_eight_on_the_clock(night, lengths):
    drawn = edges(floor(night, 4 * HOUR), night + 10 * HOUR, 4 * HOUR)
    assert [clock(one).hour for one in drawn] == [0, 4, 8, 12]
    assert [(end - start) / HOUR for start, end in pairwise(drawn)] == lengths


def test_ages_are_counted_in_intervals_of_one_length_over_any_night():
    drawn = edges(AUTUMN - 3 * HOUR, AUTUMN + 9 * HOUR, 4 * HOUR, by_clock=False)
    assert {end - start for start, end in pairwise(drawn)} == {4 * HOUR}
