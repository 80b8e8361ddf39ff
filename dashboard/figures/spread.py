"""How a rumour spreads: posts by interval and stance, with corrections, decisions and gaps."""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from itertools import pairwise

import plotly.graph_objects as go

from dashboard.figures.axes import (
    TICKS,
    ground,
    instant,
    key_above,
    posts_axis,
    say_in_the_middle,
    tick_levels,
    time_axis,
)
from dashboard.figures.style import GAP_LOOK, INK, stance_bars
from dashboard.words import chart as chart_words
from dashboard.words.gaps import no_posts_from
from models.domain.acts import Act, Decision
from models.domain.corrections import Correction
from models.domain.sources import SourceGap
from models.measures.gaps import bands, end_of, overlapping
from models.measures.spread import SpreadSeries

# A band takes its label along the axis where it is at least so wide a share of it, else upright.
LABEL_LIES_FROM = 0.3


def spread_figure(
    series: SpreadSeries,
    corrections: Sequence[Correction],
    decisions: Sequence[Decision],
    *,
    now: datetime,
    gaps: Sequence[SourceGap] = (),
    small: bool = False,
    empty: str = chart_words.NO_POSTS_IN_TIME,
) -> go.Figure:
    """Stacked bars by stance; a labelled line where a correction was issued, a tick where something was decided.

    Time of which a source's posts are missing is hatched and says so. `empty` says why there is nothing to draw,
    where there is not.
    """
    figure = go.Figure(layout=_layout(series, small))
    totals = series.totals
    if not sum(totals):
        say_in_the_middle(figure, empty)
    middles = [instant(middle) for middle in series.middles]
    spans = [chart_words.interval(start, end, now) for start, end in pairwise(series.edges)]
    for stance, posts in series.posts.items():
        figure.add_trace(
            go.Bar(
                x=middles,
                y=posts,
                name=chart_words.stance_key(stance),
                customdata=spans,
                hovertemplate=f"%{{customdata}}<br>%{{y}} {chart_words.stance_word(stance)}<extra></extra>",
                width=[length.total_seconds() * 1000 * 0.86 for length in series.lengths],
                marker=stance_bars(stance),
            )
        )
    _draw_corrections(figure, series, corrections, now, small)
    _draw_decisions(figure, series, decisions, max(totals, default=0))
    _draw_gaps(figure, series, gaps, now, small)
    return figure


def _draw_gaps(
    figure: go.Figure, series: SpreadSeries, gaps: Sequence[SourceGap], now: datetime, small: bool
) -> None:
    start, end = series.starts[0], series.end
    shown = overlapping(gaps, start, end, now)
    for source in dict.fromkeys(gap.source for gap in shown):
        x: list[datetime | None] = []
        y: list[int | None] = []
        for gap in shown:
            if gap.source == source:
                since, until = instant(max(gap.since, start)), instant(min(end_of(gap, now), end))
                x += [since, since, until, until, since, None]
                y += [0, 1, 1, 0, 0, None]
        figure.add_trace(
            go.Scatter(
                x=x[:-1],
                y=y[:-1],
                yaxis="y2",
                mode="lines",
                fill="toself",
                hoverinfo="skip",
                name=chart_words.gap(escape(source)),
                meta="gap",
                **GAP_LOOK,
            )
        )
    for band in bands(gaps, start, end, now):
        label = no_posts_from([escape(source) for source in band.sources])
        lies = (band.until - band.since) >= LABEL_LIES_FROM * (end - start)
        # A small chart is too low for a name on end: there the sentence below it names the source.
        shown_label = chart_words.NO_POSTS if small and not lies else label
        figure.add_annotation(
            name="gap",
            x=instant(band.since + (band.until - band.since) / 2),
            yref="paper",
            yanchor="middle",
            # In the middle, where nothing says why there are no posts.
            y=0.5 if sum(series.totals) else 0.2,
            text=shown_label,
            textangle=0 if lies else -90,
            showarrow=False,
            hovertext=label,
            font={"size": 10 if small else 11, "color": INK},
        )


def _draw_corrections(
    figure: go.Figure, series: SpreadSeries, corrections: Sequence[Correction], now: datetime, small: bool
) -> None:
    shown = [one for one in corrections if _within(one.issued_at, series)]
    for place, one in enumerate(shown):
        x = instant(one.issued_at)
        figure.add_shape(
            type="line",
            name="correction",
            x0=x,
            x1=x,
            y0=0,
            y1=1,
            yref="paper",
            line={"color": INK, "width": 2, "dash": "dash"},
            layer="above",
        )
        label = chart_words.correction(one, now)
        late = (one.issued_at - series.starts[0]) > 0.6 * (series.end - series.starts[0])
        figure.add_annotation(
            name="correction",
            x=x,
            y=1.0 - 0.11 * (place % 4),
            yref="paper",
            text="✓" if small else f"✓ {label}",
            hovertext=chart_words.correction_hover(label),
            showarrow=False,
            xanchor="right" if late else "left",
            yanchor="top",
            xshift=-4 if late else 4,
            font={"size": 12, "color": INK},
        )


def _draw_decisions(figure: go.Figure, series: SpreadSeries, decisions: Sequence[Decision], tallest: int) -> None:
    shown = [one for one in decisions if _within(one.decided_at, series) and one.act is not Act.CORRECT]
    if not shown:
        return
    figure.add_trace(
        go.Scatter(
            x=[instant(one.decided_at) for one in shown],
            y=[tallest * 1.12 or 1] * len(shown),
            mode="markers",
            name=chart_words.DECISION,
            showlegend=True,
            cliponaxis=False,
            marker={"symbol": "line-ns", "size": 9, "line": {"width": 2, "color": INK}},
            customdata=[chart_words.decision(one) for one in shown],
            hovertemplate="%{customdata}<extra></extra>",
        )
    )


def _layout(series: SpreadSeries, small: bool) -> go.Layout:
    ticks = 4 if small else 6
    return go.Layout(
        barmode="stack",
        bargap=0,
        **ground(),
        margin={"l": 48, "r": 8, "t": 8, "b": 40} if small else {"l": 56, "r": 12, "t": 34, "b": 48},
        showlegend=not small,
        legend=key_above(),
        hovermode="closest",
        uirevision="kept",
        xaxis=time_axis(series.starts[0], series.end, 4 if small else TICKS),
        meta=tick_levels(series.starts[0], series.end),
        yaxis=posts_axis(series.interval, max(series.totals, default=0), ticks),
        # Gaps reach from bottom to top, however many posts there are.
        yaxis2={"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True},
    )


def _within(moment: datetime, series: SpreadSeries) -> bool:
    return series.starts[0] <= moment <= series.end
