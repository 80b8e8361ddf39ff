"""The spread chart is honest: units, an explicit empty state, one palette, never colour alone."""

from datetime import datetime, timedelta

import pytest

from dashboard.figures.spread import spread_figure
from dashboard.figures.style import COLOURS, CONFIG, PATTERNS
from models.domain.acts import Act, Decision, Officer
from models.domain.corrections import Correction, CorrectionStatus, Verdict
from models.domain.rumours import Stance, State
from models.measures.intervals import MOST_INTERVALS, interval_for
from models.measures.spread import SpreadSeries, StanceMinute, spread_series
from tests.builders import NOON

WHO = Officer("J. Officer", "duty")


def a_series(**posts: int) -> SpreadSeries:
    minutes = [StanceMinute(NOON, {Stance(name): count for name, count in posts.items()})]
    return spread_series(minutes, start=NOON, end=NOON + timedelta(hours=1), interval=timedelta(minutes=5))


def a_correction(at: datetime = NOON + timedelta(minutes=20), verdict: Verdict = Verdict.FALSE) -> Correction:
    return Correction(
        id="c1",
        version=1,
        rumour="dam",
        status=CorrectionStatus.ISSUED,
        verdict=verdict,
        wording="It holds.",
        channel="radio",
        authority="Environment Agency",
        evidence_url=None,
        issued_at=at,
        recorded_by=WHO,
        recorded_at=at,
    )


def draw(series: SpreadSeries, corrections=(), decisions=()):
    return spread_figure(series, corrections, decisions, now=NOON + timedelta(hours=1))


def test_there_is_one_trace_a_stance_and_no_other():
    assert [trace.name for trace in draw(a_series(support=1)).data] == [
        "▲ support",
        "▼ deny",
        "? query",
        "● comment",
    ]


def test_posts_nobody_has_coded_stand_apart_and_are_not_called_comments():
    series = spread_series(
        [StanceMinute(NOON, {None: 3})], start=NOON, end=NOON + timedelta(hours=1), interval=timedelta(minutes=5)
    )
    traces = {trace.name: sum(trace.y) for trace in draw(series).data}
    assert traces["○ not coded"] == 3
    assert traces["● comment"] == 0


def test_both_axes_name_their_units():
    layout = draw(a_series(support=1)).layout
    assert layout.xaxis.title.text == "Time (Europe/London)"
    assert layout.yaxis.title.text == "Posts per 5 min"
    assert layout.yaxis.rangemode == "tozero"


def test_a_stance_is_told_by_more_than_its_colour():
    looks = {
        stance: (PATTERNS[stance], trace.name[0]) for stance, trace in zip(Stance, draw(a_series()).data, strict=True)
    }
    assert len(set(looks.values())) == len(Stance)
    for stance, trace in zip(Stance, draw(a_series()).data, strict=True):
        assert trace.marker.pattern.shape == PATTERNS[stance]
        assert trace.marker.color == COLOURS[stance]


def test_an_empty_time_says_so():
    quiet = "No posts in the last 6 h; the last was at 05:10"
    figures = [spread_figure(series, (), (), now=NOON, empty=quiet) for series in (a_series(), a_series(deny=1))]
    assert [quiet in [note.text for note in figure.layout.annotations] for figure in figures] == [True, False]


def test_a_correction_is_a_labelled_line_at_the_time_it_was_issued():
    figure = draw(a_series(support=3), [a_correction()])
    line = next(shape for shape in figure.layout.shapes if shape.name == "correction")
    label = next(note for note in figure.layout.annotations if note.name == "correction")
    assert line.x0 == line.x1 == datetime(2026, 11, 20, 12, 20)  # noqa: DTZ001 - in UTC
    assert label.text == "✓ False 12:20"


def test_a_correction_outside_the_shown_time_draws_no_line():
    assert not draw(a_series(support=3), [a_correction(NOON - timedelta(days=1))]).layout.shapes


def test_times_are_those_of_a_london_clock_in_summer_too():
    july = datetime(2026, 7, 1, 11, 0, tzinfo=NOON.tzinfo)
    series = spread_series([], start=july, end=july + timedelta(hours=1), interval=timedelta(minutes=5))
    assert draw(series).layout.xaxis.ticktext[0] == "12:00<br>1 Jul"


def test_the_two_hours_of_the_autumn_night_stand_one_after_the_other():
    midnight = datetime(2026, 10, 25, 0, 0, tzinfo=NOON.tzinfo)
    minutes = [StanceMinute(midnight + timedelta(minutes=at), {Stance.SUPPORT: 1}) for at in (30, 90)]
    series = spread_series(minutes, start=midnight, end=midnight + timedelta(hours=2), interval=timedelta(minutes=10))
    support = next(trace for trace in draw(series).data if trace.name == "▲ support")
    bars = {x: said for x, posts, said in zip(support.x, support.y, support.customdata, strict=True) if posts}
    assert len(set(support.x)) == len(series.starts)
    assert list(bars.values()) == [
        "25 Oct, 01:30 BST to 25 Oct, 01:40 BST",
        "25 Oct, 01:30 GMT to 25 Oct, 01:40 GMT",
    ]


def test_a_decision_is_a_tick_that_says_what_was_decided():
    decided = Decision(1, "i", "dam", Act.TAKE, State.ASSESSING, WHO, "checking", NOON + timedelta(minutes=7))
    tick = draw(a_series(support=3), (), [decided]).data[-1]
    assert tick.name == "decision"
    assert tick.customdata[0] == "20 Nov 2026, 12:07: took this"


@pytest.mark.parametrize("hours", [0.5, 6, 30, 24 * 14, 24 * 400])
def test_a_chart_never_has_more_bars_than_fit(hours):
    length = timedelta(hours=hours)
    assert length / interval_for(length) <= MOST_INTERVALS


def test_nothing_is_offered_that_would_send_the_chart_away():
    assert CONFIG["showSendToCloud"] is False
    assert CONFIG["displayModeBar"] is False


def test_few_posts_are_counted_in_whole_ones():
    assert draw(a_series(support=2)).layout.yaxis.dtick == 1
    assert draw(a_series(support=200)).layout.yaxis.dtick is None
