"""The axes that several figures share: time on a London clock, and posts that come whole."""

from datetime import datetime, timedelta
from typing import Any

from dashboard.figures.style import FONT, INK, LINE
from dashboard.words import chart as chart_words
from dashboard.words.local_time import LONDON


def wall(moment: datetime) -> datetime:
    """Plotly knows no time zones: it is given what a London clock showed."""
    return moment.astimezone(LONDON).replace(tzinfo=None)


def time_axis(start: datetime, end: datetime) -> dict[str, Any]:
    return {
        "type": "date",
        "title": {"text": chart_words.TIME, "font": {"size": 11}},
        "range": [wall(start), wall(end)],
        "gridcolor": LINE,
        "zeroline": False,
        "tickformatstops": [
            {"dtickrange": [None, 86_400_000 - 1], "value": "%H:%M\n%-d %b"},
            {"dtickrange": [86_400_000, None], "value": "%-d %b"},
        ],
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
