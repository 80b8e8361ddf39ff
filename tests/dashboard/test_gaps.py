"""A gap shades every timeline of its time and is told in words; nothing is called quiet across it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.components import rumour_parts
from dashboard.components.board_grid import grid_row
from dashboard.figures.spread import spread_figure
from dashboard.views.board import STEPS, read_rows
from dashboard.views.rumour import read_rumour
from dashboard.words import board as board_words
from models.domain.posts import Removal
from models.domain.rumours import Stance
from models.domain.sources import HealthEvent, HealthKind, SourceGap
from models.measures.gaps import bands, dormant, missing_steps
from models.measures.spread import StanceMinute, spread_series
from models.store.messages import Arrival
from tests.builders import NOON, a_post
from tests.dashboard.world import judge, opened

HOUR = timedelta(hours=1)


def at(minutes: float):
    return NOON + timedelta(minutes=minutes)


def a_gap(since: float = 10, until: float | None = 20, source: str = "bluesky") -> SourceGap:
    return SourceGap(source, at(since), None if until is None else at(until), "the connection was lost")


def a_series(posts: int = 1):
    minutes = [StanceMinute(NOON, {Stance.SUPPORT: posts})]
    return spread_series(minutes, start=NOON, end=at(60), interval=timedelta(minutes=5))


def gap_traces(figure):
    return [trace for trace in figure.data if trace.meta == "gap"]


def test_a_gap_is_hatched_from_its_start_to_its_end_with_a_label():
    figure = spread_figure(a_series(), (), (), now=at(60), gaps=[a_gap()])
    (trace,) = gap_traces(figure)
    assert [f"{moment:%H:%M}" for moment in trace.x] == ["12:10", "12:10", "12:20", "12:20", "12:10"]
    assert trace.fillpattern.shape == "/"
    assert "no posts from bluesky" in trace.name
    assert [note.text for note in figure.layout.annotations if note.name == "gap"] == ["no posts from bluesky"]


def test_a_gap_that_goes_on_reaches_up_to_now_and_no_further():
    (trace,) = gap_traces(spread_figure(a_series(), (), (), now=at(40), gaps=[a_gap(until=None)]))
    assert f"{max(trace.x):%H:%M}" == "12:40"


@pytest.mark.parametrize("gap", [a_gap(-30, -10), a_gap(70, None), a_gap(61, 80)])
def test_a_gap_outside_the_shown_time_draws_nothing(gap):
    assert gap_traces(spread_figure(a_series(), (), (), now=at(90), gaps=[gap])) == []


def test_a_sources_name_is_no_markup():
    figure = spread_figure(a_series(), (), (), now=at(60), gaps=[a_gap(source="<b>x")])
    assert "<b>" not in str(figure.layout.annotations) + gap_traces(figure)[0].name


def test_gaps_that_overlap_are_labelled_once():
    figure = spread_figure(a_series(), (), (), now=at(60), gaps=[a_gap(), a_gap(15, 30, "feeds")])
    assert len(gap_traces(figure)) == 2
    notes = [note.text for note in figure.layout.annotations if note.name == "gap"]
    assert notes == ["no posts from bluesky, feeds"]


@given(st.lists(st.tuples(st.floats(-60, 120), st.one_of(st.none(), st.floats(0, 90))), max_size=8))
def test_bands_lie_in_what_is_shown_apart_and_in_order(spans):
    gaps = [a_gap(since, None if length is None else since + length) for since, length in spans]
    found = bands(gaps, NOON, at(60), at(50))
    edges = [edge for band in found for edge in (band.since, band.until)]
    assert edges == sorted(edges)
    assert all(NOON <= edge <= at(60) for edge in edges)


def test_the_table_keeps_the_intervals_whose_posts_are_missing_and_says_so():
    table = str(rumour_parts.spread_table(a_series(), [a_gap()], at(60)))
    assert "no posts from bluesky" in table
    assert "12:10" in table
    assert "12:35" not in table
    assert "missing" not in str(rumour_parts.spread_table(a_series(), [], at(60)))


def test_a_long_silence_is_dormancy():
    assert dormant(NOON, [], NOON + 4 * HOUR) == (NOON + 3 * HOUR, None)
    assert dormant(NOON, [a_gap(-60, -30)], NOON + 4 * HOUR) == (NOON + 3 * HOUR, None)


@pytest.mark.parametrize("gap", [a_gap(30, None), a_gap(30, 40), a_gap(-30, 10)])
def test_nothing_is_dormant_across_a_gap(gap):
    assert dormant(NOON, [gap], NOON + 3 * HOUR) == (None, gap)


def test_silence_is_counted_anew_from_the_end_of_a_gap():
    assert dormant(NOON, [a_gap(30, 60)], NOON + 5 * HOUR) == (NOON + 4 * HOUR, None)


def test_a_rumour_that_is_not_silent_yet_is_simply_not_dormant():
    assert dormant(NOON, [a_gap(30, None)], NOON + HOUR) == (None, None)


def test_the_life_clock_says_for_which_gap_dormancy_is_not_known(store):
    incident = opened(store)
    judge(store, incident, [a_post()])
    store.sources.add_health([HealthEvent("bluesky", HealthKind.GAP_OPENED, at(30), "lost", at(30))]).result()
    page = read_rumour(store, incident.id, "dam", NOON + 4 * HOUR)
    assert page.life.dormant is None
    assert "unknown: posts missing since 12:30" in str(rumour_parts.life_clock(page.life, NOON + 4 * HOUR))


def test_a_rate_that_falls_for_want_of_posts_is_not_called_falling(store):
    incident = opened(store)
    judge(store, incident, [a_post(minute=minute) for minute in range(20)])
    calm = read_rows(store, incident.id, at(60))["dam"]
    assert board_words.growth(calm, at(60)).endswith("falling")
    store.sources.add_health([HealthEvent("bluesky", HealthKind.GAP_OPENED, at(30), "lost", at(30))]).result()
    row = read_rows(store, incident.id, at(60))["dam"]
    assert board_words.growth(row, at(60)).endswith("direction unknown: posts missing since 12:30")
    shown = grid_row(row, at(60))
    assert shown["arrow"] == "▨"
    assert sum(shown["missing"]) == 6
    assert "missing in 6 steps" in shown["recentWords"]


def test_steps_before_a_gap_are_whole():
    missing = missing_steps([a_gap(-10, None)], NOON, timedelta(minutes=5), STEPS)
    assert missing == (False,) * (STEPS - 2) + (True, True)


def test_a_removed_post_says_so_and_an_edited_flow_says_that(store):
    incident = opened(store)
    gone, kept = a_post("It burst"), a_post("The dam holds")
    judge(store, incident, [gone, kept])
    store.posts.add(Arrival(removals=[Removal("test", "deleted", NOON, post=gone.id)])).result()
    page = read_rumour(store, incident.id, "dam", at(5))
    assert {post.text for post in page.posts} == {"[removed]", "The dam holds"}
    assert {flow.text for flow in page.flows} == {"[removed]", "The dam holds"}
    assert [flow.edited for flow in page.flows] == [False, False]


def test_a_post_says_what_brought_it_here(store):
    incident = opened(store)
    judge(store, incident, [a_post()])
    page = read_rumour(store, incident.id, "dam", at(5))
    assert page.posts[0].why == "test"
    assert "'test'" in str(rumour_parts.post_list(page.posts, at(5)))
