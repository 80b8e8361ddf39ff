"""What the chart says in words: what it shows, or why it is empty."""

from dataclasses import replace
from datetime import timedelta

from dashboard.words import chart as chart_words
from models.domain.rumours import Stance
from models.measures.spread import StanceMinute, spread_series
from tests.builders import NOON


def test_an_empty_chart_says_when_the_last_post_was(row):
    six, later = timedelta(hours=6), NOON + timedelta(hours=8)
    assert chart_words.nothing_shown(row, six, later) == "No posts in the last 6 h; the last was at 12:00"
    assert chart_words.nothing_shown(row, six, NOON + timedelta(days=2)).endswith("the last was on 20 Nov, 12:00")


def test_only_where_there_are_undated_posts_an_empty_chart_speaks_of_dates(row):
    some, none_dated = replace(row, undated=1), replace(row, undated=3, last_at=None)
    assert chart_words.nothing_shown(some, None, NOON).startswith("No dated posts in this time")
    assert chart_words.nothing_shown(none_dated, None, NOON) == "No dated posts: the time of 3 posts is unknown"


def test_the_chart_has_a_summary():
    minutes = [StanceMinute(NOON + timedelta(minutes=10), {Stance.DENY: 4})]
    series = spread_series(minutes, start=NOON, end=NOON + timedelta(hours=1), interval=timedelta(minutes=5))
    summary = chart_words.spread_summary(series, [])
    assert summary.startswith("4 posts from 20 Nov 2026, 12:00 to 20 Nov 2026, 13:00: 0 support, 4 deny")
    assert "Busiest 5 min from 20 Nov 2026, 12:10: 4 posts" in summary


def test_the_chart_says_how_many_posts_stand_where_they_arrived_and_why():
    old, later = NOON - timedelta(days=4000), NOON - timedelta(days=3000)
    why = "a date more than 90 days before the posts around it is not believed."
    assert chart_words.placed_by_arrival([]) == ""
    assert chart_words.placed_by_arrival([old]) == (
        f"1 post that says it is of 8 Dec 2015 is placed by its arrival: {why}"
    )
    assert chart_words.placed_by_arrival([old, later]) == (
        f"2 posts that say they are of 8 Dec 2015 to 3 Sep 2018 are placed by their arrival: {why}"
    )
