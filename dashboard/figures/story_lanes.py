"""The lanes of rumours in the timeline of an incident: each from its first post to its last, its volume within."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from textwrap import wrap

import plotly.graph_objects as go

from dashboard.figures.axes import instant
from dashboard.figures.style import GAP, LINE, stance_bars
from dashboard.words import chart as chart_words
from dashboard.words import story as story_words
from dashboard.words.shared import claim
from models.domain.rumours import Stance
from models.measures.intervals import edges, floor
from models.measures.spread import SpreadSeries, StanceMinute

# Above the rumours: gaps, official posts, corrections, decisions.
LANES_BEFORE = 4
# The part of a lane that its bar may fill; its name stands above.
BAR = 0.56


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment in a lane, and what it says when it is pointed at."""

    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class RumourLane:
    """A rumour from its first dated post to its last, with its posts and the corrections that answer it."""

    claim: str
    name: str
    first_at: datetime
    last_at: datetime
    minutes: tuple[StanceMinute, ...]
    answers: tuple[Mark, ...]


def floor_of(lane: int) -> float:
    """Where the bars of a lane stand, counted down from the top."""
    return -(lane + 1) + 0.08


def folded(words: str) -> str:
    """Words that stand in a box of the chart, as lines."""
    return "<br>".join(escape(line, quote=False) for line in wrap(words, 70)[:6])


def draw_rumours(
    figure: go.Figure, rumours: Sequence[RumourLane], series: Sequence[SpreadSeries], now: datetime
) -> None:
    tallest = max((max(one.totals, default=0) for one in series), default=0) or 1
    lives_x: list[datetime | None] = []
    lives_y: list[float | None] = []
    for place, one in enumerate(rumours):
        base = floor_of(LANES_BEFORE + place)
        # In whole intervals, as its posts are drawn.
        step = series[place].interval
        first = instant(floor(one.first_at, step))
        last = instant(edges(floor(one.last_at, step), one.last_at, step)[-1])
        lives_x += [first, first, last, last, first, None]
        lives_y += [base, base + BAR, base + BAR, base, base, None]
    figure.add_trace(
        go.Scatter(
            x=lives_x,
            y=lives_y,
            yaxis="y2",
            mode="lines",
            fill="toself",
            hoverinfo="skip",
            meta="lives",
            showlegend=False,
            fillcolor=GAP,
            line={"width": 1, "color": LINE},
        )
    )
    stances = dict.fromkeys(stance for one in series for stance in one.posts)
    for stance in stances:
        _draw_stance(figure, stance, rumours, series, tallest, now)
    answered = [(place, answer) for place, one in enumerate(rumours) for answer in one.answers]
    figure.add_trace(
        go.Scatter(
            x=[instant(answer.at) for _, answer in answered],
            y=[floor_of(LANES_BEFORE + place) + 0.8 * BAR for place, _ in answered],
            yaxis="y2",
            mode="text",
            text=[story_words.CORRECTED] * len(answered),
            textfont={"size": 15},
            showlegend=False,
            customdata=[folded(answer.words) for _, answer in answered],
            hovertemplate="%{customdata}<extra></extra>",
        )
    )


def _draw_stance(
    figure: go.Figure,
    stance: Stance | None,
    rumours: Sequence[RumourLane],
    series: Sequence[SpreadSeries],
    tallest: int,
    now: datetime,
) -> None:
    """The part of every rumour's bars that has one stance, upon those of the stances before it."""
    x: list[datetime] = []
    y: list[float] = []
    width: list[float] = []
    base: list[float] = []
    said: list[str] = []
    for place, (rumour, one) in enumerate(zip(rumours, series, strict=True)):
        below = list(one.posts)[: list(one.posts).index(stance)] if stance in one.posts else []
        for at, posts in enumerate(one.posts.get(stance, ())):
            if posts:
                x.append(instant(one.middles[at]))
                width.append(one.lengths[at].total_seconds() * 1000 * 0.9)
                y.append(posts / tallest * BAR)
                base.append(
                    floor_of(LANES_BEFORE + place) + sum(one.posts[other][at] for other in below) / tallest * BAR
                )
                when = chart_words.interval(one.starts[at], one.ends[at], now)
                said.append(f"{folded(claim(rumour.claim))}<br>{when}: {posts} {chart_words.stance_word(stance)}")
    figure.add_trace(
        go.Bar(
            x=x,
            y=y,
            base=base,
            yaxis="y2",
            name=chart_words.stance_key(stance),
            showlegend=True,
            customdata=said,
            hovertemplate="%{customdata}<extra></extra>",
            width=width,
            marker=stance_bars(stance, small=True),
        )
    )
