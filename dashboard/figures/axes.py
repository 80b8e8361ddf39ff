"""What several figures share: an axis of time, an axis of posts, which come whole, the key, an empty state."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import plotly.graph_objects as go

from dashboard.figures.style import FONT, INK, LINE
from dashboard.figures.ticks import Tick, labels, ticks
from dashboard.words import chart as chart_words

# About how many ticks an axis of time has before the browser knows its width.
TICKS = 8
# Numbers of ticks that a browser chooses from as the axis is zoomed or its width changes.
LEVELS = (2, 4, 8, 16, 32, 64, 128)
# Where nothing is zoomed, no screen has room for more.
STILL_LEVELS = LEVELS[:4]


def instant(moment: datetime) -> datetime:
    """Where a moment stands on an axis of time: in UTC, whose hours all come once. Plotly knows no time zones."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def time_axis(start: datetime, end: datetime, most: int = TICKS) -> dict[str, Any]:
    """An axis from `start` to `end` with about `most` ticks at the most, which say what a London clock showed."""
    shown = ticks(start, end, most)
    return {
        "type": "date",
        "title": {"text": chart_words.TIME, "font": {"size": 11}},
        "range": [instant(start), instant(end)],
        "gridcolor": LINE,
        "zeroline": False,
        "tickmode": "array",
        "tickvals": [instant(one.at) for one in shown],
        "ticktext": [text.replace("\n", "<br>") for text in labels(shown)],
        "tickangle": 0,
    }


def tick_levels(start: datetime, end: datetime, numbers: Sequence[int] = LEVELS) -> dict[str, Any]:
    """For a layout's `meta`: the ticks that assets/time_axis.js chooses from. The coarsest come first."""
    levels: list[list[Tick]] = []
    for most in numbers:
        level = ticks(start, end, most)
        if level and (not levels or len(level) > len(levels[-1])):
            levels.append(level)
    return {
        "ticks": [
            {
                "at": [instant(one.at).isoformat() for one in level],
                "text": [one.text for one in level],
                "under": [one.under for one in level],
            }
            for level in levels
        ]
    }


def posts_axis(interval: timedelta, tallest: int, ticks: int) -> dict[str, Any]:
    """An axis of posts by interval from zero up, with about so many ticks."""
    return {
        "title": {"text": chart_words.per(interval), "font": {"size": 11}},
        "rangemode": "tozero",
        "gridcolor": LINE,
        "zeroline": False,
        "fixedrange": True,
        "tickformat": ",d",
        # Posts come whole: where they are few, every tick is one.
        **({"dtick": 1} if tallest <= ticks else {"nticks": ticks}),
    }


def ground() -> dict[str, Any]:
    """The part of a layout that lets the page shine through."""
    return {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 12, "color": INK},
    }


def key_above() -> dict[str, Any]:
    """A legend in one row above the axes, in the order drawn. It only explains: a click hides nothing."""
    return {
        "orientation": "h",
        "x": 0,
        "y": 1.02,
        "yanchor": "bottom",
        "itemclick": False,
        "itemdoubleclick": False,
        "traceorder": "normal",
    }


def say_in_the_middle(figure: go.Figure, why: str) -> None:
    """Why there is nothing to draw."""
    figure.add_annotation(
        text=why,
        x=0.5,
        y=0.5,
        xref="paper",
        yref="paper",
        showarrow=False,
        font={"size": 13, "color": INK},
        name="empty",
    )
