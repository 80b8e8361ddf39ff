"""Times as a British control room reads and types them."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.words.local_time import NotATime, ago, exact, short, typed
from tests.builders import NOON


def test_times_are_london_times_with_24_hours():
    assert exact(datetime(2026, 7, 1, 13, 5, tzinfo=UTC)) == "1 Jul 2026, 14:05"


def test_a_time_is_as_short_as_it_can_be():
    assert short(NOON, NOON + timedelta(hours=3)) == "12:00"
    assert short(NOON, NOON + timedelta(days=1)) == "20 Nov, 12:00"
    assert short(NOON, NOON + timedelta(days=300)) == "20 Nov 2026, 12:00"
    assert short(None, NOON) == "time unknown"


def test_how_long_ago():
    assert ago(NOON, NOON + timedelta(seconds=20)) == "just now"
    assert ago(NOON, NOON + timedelta(minutes=200)) == "3 h 20 min ago"
    assert ago(NOON, NOON + timedelta(days=3)) == "3 days ago"


@pytest.mark.parametrize("text", ["1 Jul 2026, 14:05", "1 July 2026 14:05", "01/07/2026 14:05", "2026-07-01 14:05"])
def test_a_typed_time_is_read_as_london_time(text):
    assert typed(text, NOON) == datetime(2026, 7, 1, 13, 5, tzinfo=UTC)


def test_a_time_alone_is_the_last_such_time():
    assert typed("9:07", NOON) == datetime(2026, 11, 20, 9, 7, tzinfo=UTC)
    after_midnight = datetime(2026, 11, 21, 0, 5, tzinfo=UTC)
    assert typed("23:58", after_midnight) == datetime(2026, 11, 20, 23, 58, tzinfo=UTC)


def test_a_time_alone_toward_the_future_is_the_next_such_time():
    late = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
    assert typed("02:00", late, toward="future") == datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
    assert typed("23:30", late, toward="future") == datetime(2026, 11, 20, 23, 30, tzinfo=UTC)


def test_a_watch_that_is_a_minute_ahead_does_not_tell_yesterday():
    assert typed("12:01", NOON) == NOON + timedelta(minutes=1)
    assert typed("00:00", datetime(2026, 11, 20, 23, 59, tzinfo=UTC)) == datetime(2026, 11, 21, tzinfo=UTC)


def test_a_time_alone_later_today_is_a_slip_rather_than_long_ago():
    assert typed("12:30", NOON) == NOON + timedelta(minutes=30)


FIRST_0140 = datetime(2026, 10, 25, 0, 40, tzinfo=UTC)
SECOND_0140 = datetime(2026, 10, 25, 1, 40, tzinfo=UTC)


def test_the_hour_that_comes_twice_is_told_with_its_zone():
    assert exact(FIRST_0140) == "25 Oct 2026, 01:40 BST"
    assert exact(SECOND_0140) == "25 Oct 2026, 01:40 GMT"
    assert short(SECOND_0140, SECOND_0140) == "01:40 GMT"
    assert exact(SECOND_0140 + timedelta(hours=1)) == "25 Oct 2026, 02:40"


@pytest.mark.parametrize("moment", [FIRST_0140, SECOND_0140])
def test_a_time_reads_back_as_it_was_shown(moment):
    assert typed(exact(moment), moment) == moment


@pytest.mark.parametrize("text", ["25 Oct 2026, 01:40", "01:40"])
def test_without_a_zone_the_latest_that_has_passed_is_meant(text):
    assert typed(text, SECOND_0140 + timedelta(minutes=1)) == SECOND_0140
    assert typed(text, FIRST_0140 + timedelta(minutes=1)) == FIRST_0140


def test_a_zone_the_clocks_did_not_show_is_refused():
    assert typed("20 Nov 2026, 11:00 gmt", NOON) == NOON - timedelta(hours=1)
    with pytest.raises(NotATime, match="did not show BST"):
        typed("20 Nov 2026, 11:00 BST", NOON)


@pytest.mark.parametrize("text", ["", "soon", "25:00", "31 Feb 2026, 10:00"])
def test_what_is_no_time_is_refused_with_an_example(text):
    with pytest.raises(NotATime, match="21 Nov 2026, 14:05"):
        typed(text, NOON)


def test_a_time_the_clocks_skipped_is_refused():
    with pytest.raises(NotATime, match="clocks went forward"):
        typed("29 Mar 2026, 01:30", NOON)
