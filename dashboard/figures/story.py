"""The timeline of an incident: all posts with their peaks, lanes of what was done and missed, and a lane a rumour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from itertools import pairwise

import plotly.graph_objects as go

from dashboard.figures.axes import ground, instant, key_above, posts_axis, tick_levels, time_axis
from dashboard.figures.story_lanes import BAR, LANES_BEFORE, Mark, RumourLane, draw_rumours, floor_of, folded
from dashboard.figures.style import GAP, GAP_LOOK, INK, LINE
from dashboard.words import chart as chart_words
from dashboard.words import story as story_words
from dashboard.words.local_time import short
from models.domain.sources import SourceGap
from models.measures.gaps import end_of, overlapping
from models.measures.intervals import floor, interval_for
from models.measures.spread import SpreadSeries, StanceMinute, spread_series
from models.text import shortened

LANE_PIXELS = 44
VOLUME_PIXELS = 130
FRAME_PIXELS = 82
LONGEST_NAME = 96


@dataclass(frozen=True, slots=True)
class Timeline:
    """What the timeline of an incident draws: the posts of each minute, spans of peaks, gaps, marks, and rumours."""

    volume: tuple[StanceMinute, ...]
    peaks: tuple[tuple[datetime, datetime], ...]
    gaps: tuple[SourceGap, ...]
    officials: tuple[Mark, ...]
    answers: tuple[Mark, ...]
    decisions: tuple[Mark, ...]
    rumours: tuple[RumourLane, ...]


def height(drawn: Timeline) -> int:
    """How high the figure is, in pixels."""
    return FRAME_PIXELS + VOLUME_PIXELS + LANE_PIXELS * (LANES_BEFORE + len(drawn.rumours))


def timeline_figure(
    drawn: Timeline, start: datetime, end: datetime, *, now: datetime, kept: str = "all"
) -> go.Figure:
    """The timeline from `start` to `end`. A viewer's own zoom holds as long as `kept` stays the same.

    Every rumour's posts are drawn to one scale: the tallest bar of all fills a lane.
    """
    rumours = drawn.rumours
    lanes = LANES_BEFORE + len(rumours)
    interval = interval_for(end - start)
    bounds = {"start": floor(start, interval), "end": end, "interval": interval}
    volume = spread_series(drawn.volume, **bounds)
    figure = go.Figure(layout=_layout(volume, lanes, end, kept))
    figure.add_trace(_volume(volume, now))
    _draw_peaks(figure, drawn, volume)
    _draw_gaps(figure, drawn, volume.starts[0], end, now)
    _draw_marks(figure, drawn, now)
    draw_rumours(figure, rumours, [spread_series(one.minutes, **bounds) for one in rumours], now)
    held = (
        (story_words.GAPS, len(overlapping(drawn.gaps, start, end, now))),
        (story_words.OFFICIALS, _within(start, end, drawn.officials)),
        (story_words.CORRECTIONS, _within(start, end, drawn.answers)),
        (story_words.DECISIONS, _within(start, end, drawn.decisions)),
    )
    names = [story_words.lane(name, count) for name, count in held]
    names += [one.name for one in rumours]
    for lane, name in enumerate(names):
        _name_lane(figure, lane, name)
    return figure


def _within(start: datetime, end: datetime, marks: Sequence[Mark]) -> int:
    return sum(start <= one.at <= end for one in marks)


def _volume(volume: SpreadSeries, now: datetime) -> go.Bar:
    return go.Bar(
        x=[instant(middle) for middle in volume.middles],
        y=volume.totals,
        name=story_words.VOLUME,
        showlegend=False,
        customdata=_spans(volume, now),
        hovertemplate="%{customdata}<br>%{y}<extra></extra>",
        width=[length.total_seconds() * 1000 * 0.86 for length in volume.lengths],
        marker={"color": INK, "line": {"width": 0}},
    )


def _spans(series: SpreadSeries, now: datetime) -> list[str]:
    return [chart_words.interval(start, end, now) for start, end in pairwise(series.edges)]


def _draw_peaks(figure: go.Figure, drawn: Timeline, volume: SpreadSeries) -> None:
    for number, (since, until) in enumerate(drawn.peaks, start=1):
        if until <= volume.starts[0] or since >= volume.end:
            continue
        figure.add_shape(
            type="rect",
            name="peak",
            x0=instant(since),
            x1=instant(until),
            y0=0,
            y1=1,
            yref="y domain",
            fillcolor=GAP,
            line={"width": 0},
            layer="below",
        )
        figure.add_annotation(
            name="peak",
            x=instant(since + (until - since) / 2),
            y=1,
            yref="y domain",
            yanchor="bottom",
            text=str(number),
            showarrow=False,
            font={"size": 12, "color": INK},
        )


def _draw_gaps(figure: go.Figure, drawn: Timeline, start: datetime, end: datetime, now: datetime) -> None:
    for gap in drawn.gaps:
        since, until = instant(max(gap.since, start)), instant(min(end_of(gap, now), end))
        if since >= until:
            continue
        # In its lane, and behind all posts: a quiet time with a gap in it may be no calm.
        for low, high, axis in ((floor_of(0), floor_of(0) + BAR, "y2"), (0, 1, "y3")):
            figure.add_trace(
                go.Scatter(
                    x=[since, since, until, until, since],
                    y=[low, high, high, low, low],
                    yaxis=axis,
                    mode="lines",
                    fill="toself",
                    meta="gap",
                    showlegend=False,
                    hoveron="fills",
                    hoverinfo="text",
                    text=folded(story_words.gap(gap, now)),
                    **GAP_LOOK,
                )
            )


def _draw_marks(figure: go.Figure, drawn: Timeline, now: datetime) -> None:
    """Official posts, corrections and decisions: a mark each in its lane."""
    tick = {"symbol": "line-ns", "size": 12, "line": {"width": 2, "color": INK}}
    figure.add_trace(_marks(1, drawn.officials, {"symbol": "diamond", "size": 8}, now))
    figure.add_trace(_marks(2, drawn.answers, None, now))
    figure.add_trace(_marks(3, drawn.decisions, tick, now))


def _marks(lane: int, marks: Sequence[Mark], marker: dict | None, now: datetime) -> go.Scatter:
    """Marks in a lane; without a marker each is a ✓."""
    return go.Scatter(
        x=[instant(one.at) for one in marks],
        y=[floor_of(lane) + BAR / 2] * len(marks),
        yaxis="y2",
        mode="markers" if marker else "text",
        text=None if marker else [story_words.CORRECTED] * len(marks),
        textfont={"size": 15},
        marker={"color": INK, **(marker or {})},
        cliponaxis=False,
        showlegend=False,
        customdata=[folded(f"{short(one.at, now)}: {one.words}") for one in marks],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _name_lane(figure: go.Figure, lane: int, name: str) -> None:
    shown = shortened(name, LONGEST_NAME)
    figure.add_annotation(
        name="lane",
        x=0,
        xref="paper",
        xanchor="left",
        y=-lane - 0.04,
        yref="y2",
        yanchor="top",
        text=escape(shown, quote=False),
        hovertext=folded(name),
        showarrow=False,
        font={"size": 11, "color": INK, "weight": 600},
    )


def _layout(volume: SpreadSeries, lanes: int, end: datetime, kept: str) -> go.Layout:
    high = VOLUME_PIXELS + LANE_PIXELS * lanes
    split = LANE_PIXELS * lanes / high
    shown = volume.starts[0], max(end, volume.starts[0] + timedelta(minutes=1))
    return go.Layout(
        **ground(),
        barmode="overlay",
        margin={"l": 48, "r": 12, "t": 34, "b": 48},
        showlegend=True,
        legend=key_above(),
        hovermode="closest",
        uirevision=kept,
        xaxis={**time_axis(*shown), "anchor": "y2"},
        meta=tick_levels(*shown),
        yaxis={**posts_axis(volume.interval, max(volume.totals, default=0), 4), "domain": [split + 0.01, 1]},
        yaxis3={"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True},
        yaxis2={
            "domain": [0, split],
            "range": [-lanes, 0],
            "fixedrange": True,
            "showticklabels": False,
            "tickmode": "array",
            "tickvals": [-lane for lane in range(lanes + 1)],
            "gridcolor": LINE,
            "zeroline": False,
        },
    )
