"""Several lines on one axis, by the clock or by age, and the small chart of one rumour among all of an incident."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape

import numpy as np
import plotly.graph_objects as go

from dashboard.figures.axes import ground, instant, key_above, posts_axis, say_in_the_middle
from dashboard.figures.compare_axis import Line, Scale, known_places
from dashboard.figures.style import COLOURS, GAP_LOOK, INK, LINE, LINES, stance_bars
from dashboard.words import chart as chart_words
from dashboard.words import compare as compare_words
from dashboard.words.local_time import short
from models.domain.rumours import Stance
from models.domain.sources import SourceGap
from models.measures.gaps import bands
from models.measures.spread import SpreadSeries
from models.text import shortened

LONGEST_NAME = 56
SMALL_TICKS = 4


def lines_figure(
    lines: Sequence[Line], scale: Scale | None, *, now: datetime, gaps: Sequence[SourceGap] = ()
) -> go.Figure:
    """A line each, up to where it is known; the first denial and the corrections are marked on it."""
    if scale is None:
        return _nothing()
    series = [scale.series(one) for one in lines]
    tallest = max(max(one.totals, default=0) for one in series)
    figure = go.Figure(layout=_layout(scale, tallest))
    if not scale.by_age:
        _draw_gaps(figure, scale, gaps, now)
    for place, (line, one) in enumerate(zip(lines, series, strict=True)):
        _draw_line(figure, line, one, scale, place, now)
    _draw_marks(figure, lines, series, scale, now)
    return figure


def small_figure(line: Line, scale: Scale, tallest: int | None) -> go.Figure:
    """One rumour by stance, on the axis of time of all, up to `tallest` posts by interval; None: up to its own."""
    series = scale.series(line)
    tallest = max(series.totals) if tallest is None else tallest
    figure = go.Figure(
        layout=go.Layout(
            **ground(),
            barmode="stack",
            bargap=0,
            showlegend=False,
            margin={"l": 30, "r": 6, "t": 4, "b": 22},
            xaxis={**scale.axis(SMALL_TICKS), "title": None, "tickfont": {"size": 10}},
            yaxis={
                "range": [0, tallest * 1.05],
                "tickmode": "array",
                "tickvals": [0, tallest],
                "tickfont": {"size": 10},
                "gridcolor": LINE,
                "zeroline": False,
                "fixedrange": True,
            },
        )
    )
    for stance, posts in series.posts.items():
        figure.add_trace(_bars(line, series, scale, stance, posts))
    for moment in line.answered_at:
        x = scale.place(line, moment)
        figure.add_shape(
            type="line", name="correction", x0=x, x1=x, y0=0, y1=1, yref="paper", line={"width": 2, "dash": "dash"}
        )
    return figure


def _bars(line: Line, series: SpreadSeries, scale: Scale, stance: Stance | None, posts: Sequence[int]) -> go.Bar:
    unit = 3600 if scale.in_hours else 60
    widths = [length.total_seconds() for length in series.lengths]
    return go.Bar(
        x=_middles(line, series, scale),
        y=posts,
        name=chart_words.stance_key(stance),
        width=[width / unit if scale.by_age else width * 1000 for width in widths],
        marker=stance_bars(stance, small=True),
    )


def _middles(line: Line, series: SpreadSeries, scale: Scale) -> list[datetime | float]:
    return [scale.place(line, middle) for middle in series.middles]


def _draw_line(figure: go.Figure, line: Line, series: SpreadSeries, scale: Scale, place: int, now: datetime) -> None:
    colour, dash = LINES[place % len(LINES)]
    known = known_places(line, series)
    middles, totals = _middles(line, series, scale), series.totals
    name = compare_words.line_name(line.letter, line.name)
    shown = shortened(name, LONGEST_NAME)
    figure.add_trace(
        go.Scatter(
            x=[middles[at] for at in known],
            y=[totals[at] for at in known],
            mode="lines",
            name=escape(shown, quote=False),
            line={"color": colour, "dash": dash, "width": 2.5},
            customdata=[
                compare_words.posts_at(line.letter, totals[at], _when(line, series, scale, at, now)) for at in known
            ],
            hovertemplate="%{customdata}<extra></extra>",
        )
    )
    if known:
        highest = max(known, key=totals.__getitem__)
        figure.add_annotation(
            name="letter",
            x=middles[highest],
            y=totals[highest],
            yanchor="bottom",
            text=line.letter,
            showarrow=False,
            font={"size": 13, "color": INK, "weight": 600},
        )


def _when(line: Line, series: SpreadSeries, scale: Scale, at: int, now: datetime) -> str:
    start = series.starts[at]
    if scale.by_age:
        return compare_words.age((start - line.first_at) / timedelta(minutes=1))
    return chart_words.interval(start, series.ends[at], now)


def _draw_marks(
    figure: go.Figure, lines: Sequence[Line], series: Sequence[SpreadSeries], scale: Scale, now: datetime
) -> None:
    denied = [(line, one, line.denied_at) for line, one in zip(lines, series, strict=True) if line.denied_at]
    answered = [(line, one, moment) for line, one in zip(lines, series, strict=True) for moment in line.answered_at]
    for marked, name, mark in (
        (denied, compare_words.DENIAL, {"symbol": "triangle-down", "size": 11, "color": COLOURS[Stance.DENY]}),
        (answered, compare_words.CORRECTION, {"symbol": "square", "size": 9, "color": INK}),
    ):
        if marked:
            figure.add_trace(
                go.Scatter(
                    x=[scale.place(line, moment) for line, _, moment in marked],
                    y=[_height(line, one, moment) for line, one, moment in marked],
                    mode="markers",
                    name=name,
                    cliponaxis=False,
                    marker={**mark, "line": {"width": 1, "color": "#ffffff"}},
                    customdata=[f"{line.letter} {name} {short(moment, now)}" for line, _, moment in marked],
                    hovertemplate="%{customdata}<extra></extra>",
                )
            )


def _height(line: Line, series: SpreadSeries, moment: datetime) -> float:
    """How high the line is drawn at a moment: between the middles of two intervals it is straight."""
    known = known_places(line, series)
    middles = [(series.middles[place] - series.starts[0]).total_seconds() for place in known]
    passed = (moment - series.starts[0]).total_seconds()
    return float(np.interp(passed, middles, [series.totals[place] for place in known]))


def _draw_gaps(figure: go.Figure, scale: Scale, gaps: Sequence[SourceGap], now: datetime) -> None:
    for band in bands(gaps, scale.start, scale.start + scale.length, now):
        since, until = instant(band.since), instant(band.until)
        figure.add_trace(
            go.Scatter(
                x=[since, since, until, until, since],
                y=[0, 1, 1, 0, 0],
                yaxis="y2",
                mode="lines",
                fill="toself",
                hoverinfo="skip",
                # After the lines.
                legendrank=2000,
                name=chart_words.gap(escape(", ".join(band.sources), quote=False)),
                meta="gap",
                **GAP_LOOK,
            )
        )


def _layout(scale: Scale, tallest: int) -> go.Layout:
    return go.Layout(
        **ground(),
        margin={"l": 56, "r": 12, "t": 20, "b": 48},
        showlegend=True,
        legend=key_above(),
        hovermode="closest",
        uirevision=str(scale.by_age),
        xaxis=scale.axis(),
        meta=scale.tick_levels(),
        yaxis=posts_axis(scale.interval, tallest, 6),
        yaxis2={"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True},
    )


def _nothing() -> go.Figure:
    figure = go.Figure(layout=go.Layout(**ground(), xaxis={"visible": False}, yaxis={"visible": False}))
    say_in_the_middle(figure, compare_words.NO_POSTS)
    return figure
