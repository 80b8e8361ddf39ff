"""Times as a British control room reads and types them."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.local_time import NotATime, ago, exact, short, typed
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


def test_a_time_alone_means_today():
    assert typed("9:07", NOON) == datetime(2026, 11, 20, 9, 7, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "soon", "25:00", "31 Feb 2026, 10:00"])
def test_what_is_no_time_is_refused_with_an_example(text):
    with pytest.raises(NotATime, match="21 Nov 2026, 14:05"):
        typed(text, NOON)


def test_a_time_the_clocks_skipped_is_refused():
    with pytest.raises(NotATime, match="clocks went forward"):
        typed("29 Mar 2026, 01:30", NOON)
