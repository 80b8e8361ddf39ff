"""A source tells how it does: what it brought, whether its silence is usual, and of which time posts are missing."""

from datetime import timedelta

import pytest

from ingest.running.health import SourceHealth
from ingest.source import Missed
from models.domain.sources import HealthKind, SourceGap, SourcePhase
from models.store.messages import Saved
from tests.builders import NOON
from tests.ingest.live import HandClock

BROUGHT = Saved(new=1, seen=0, dead=0)


@pytest.fixture
def clock():
    return HandClock(NOON)


@pytest.fixture
def health(clock):
    health = SourceHealth("bluesky", clock, live=True)
    health.is_now(SourcePhase.LIVE)
    return health


def pass_time(clock, **span):
    clock.moment += timedelta(**span)


def a_busy_minute(health, clock):
    """A post every three seconds."""
    for _ in range(20):
        pass_time(clock, seconds=3)
        health.brought(1, BROUGHT, clock.now())


def test_a_long_silence_of_a_busy_stream_is_shown_beside_its_usual_gap(health, clock):
    a_busy_minute(health, clock)
    pass_time(clock, minutes=4)
    assert health.state().notice == "connected, but nothing for 4 minutes; usual gap 3 s"
    assert health.state().healthy


def test_a_short_silence_is_nothing_to_tell(health, clock):
    a_busy_minute(health, clock)
    pass_time(clock, seconds=90)
    assert health.state().notice is None


def test_the_silence_of_a_source_that_is_usually_quiet_is_nothing_to_tell(health, clock):
    for _ in range(30):
        pass_time(clock, hours=1)
        health.brought(1, BROUGHT, clock.now())
    pass_time(clock, hours=3)
    assert health.state().notice is None


def test_a_source_that_is_stopped_is_not_called_silent(health, clock):
    a_busy_minute(health, clock)
    health.is_now(SourcePhase.STOPPED, running=False)
    pass_time(clock, hours=1)
    assert health.state().notice is None


def test_items_are_counted_by_the_minute_for_an_hour(health, clock):
    health.brought(5, BROUGHT, None)
    pass_time(clock, minutes=59)
    health.brought(2, BROUGHT, None)
    minutes = health.state().per_minute
    assert (len(minutes), minutes[0], minutes[-1], sum(minutes)) == (60, 5, 2, 7)
    pass_time(clock, minutes=1)
    assert sum(health.state().per_minute) == 2


def test_a_failure_of_a_moment_is_an_error_and_no_gap(health, clock):
    a_busy_minute(health, clock)
    (event,) = health.failed("no answer")
    assert event.kind is HealthKind.ERROR
    assert health.caught_up() == []


def test_a_failure_that_lasts_opens_a_gap_where_the_posts_end_and_catching_up_fills_it(health, clock):
    a_busy_minute(health, clock)
    last = clock.now()
    health.failed("no answer")
    pass_time(clock, minutes=2)
    (opened,) = health.failed("no answer")
    assert (opened.kind, opened.began_at, opened.ended_at) == (HealthKind.GAP_OPENED, last, None)
    assert health.failed("no answer") == []
    (filled,) = health.caught_up()
    assert (filled.kind, filled.began_at) == (HealthKind.GAP_FILLED, last)


def test_a_row_of_failures_is_one_event_and_many_errors(health):
    kinds = [event.kind for _ in range(3) for event in health.failed("no answer")]
    assert (kinds, health.state().errors) == ([HealthKind.ERROR], 3)


def test_what_can_never_be_brought_is_a_gap_that_stays(health, clock):
    left = NOON - timedelta(hours=2)
    (opened,) = health.left(left, "Grapevine was not reading it")
    (closed,) = health.missed(Missed(left, NOON - timedelta(hours=1), "the cursor is too old"))
    assert (opened.began_at, closed.began_at) == (left, left)
    assert closed.kind is HealthKind.GAP_CLOSED
    assert health.caught_up() == []


def test_an_absence_becomes_a_gap_once_it_has_lasted(health, clock):
    assert health.left(NOON, "stopped by J. Officer") == []
    pass_time(clock, seconds=30)
    assert health.still_away() == []
    pass_time(clock, seconds=40)
    (opened,) = health.still_away()
    assert (opened.kind, opened.began_at) == (HealthKind.GAP_OPENED, NOON)
    assert health.still_away() == []


def test_a_gap_that_an_earlier_run_left_open_ends_when_it_has_caught_up(health, clock):
    health.took_up([SourceGap("bluesky", NOON - timedelta(hours=2), None, "no network")])
    (filled,) = health.caught_up()
    assert (filled.kind, filled.began_at) == (HealthKind.GAP_FILLED, NOON - timedelta(hours=2))


def test_a_file_that_ended_yesterday_has_no_gap(clock):
    health = SourceHealth("archive", clock, live=False)
    assert health.left(NOON - timedelta(days=1), "Grapevine was not reading it") == []


def test_a_reconnection_is_counted_and_recorded(health):
    assert health.reconnected("reset by peer").detail == "reset by peer"
    assert health.state().reconnects == 1
