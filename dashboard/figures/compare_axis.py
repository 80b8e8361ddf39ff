"""The axis that compared lines share: the time, or the age of each since its first post."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dashboard.figures.axes import TICKS, instant, tick_levels, time_axis
from dashboard.figures.style import LINE
from dashboard.words import compare as compare_words
from models.measures.intervals import edges, floor, interval_for
from models.measures.spread import SpreadSeries, StanceMinute, spread_series

SHORTEST = timedelta(minutes=30)
# A longer axis of age counts hours.
MINUTES_UP_TO = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a comparison: posts by minute since its first, known up to `until`, and what is marked on it."""

    letter: str
    name: str
    minutes: tuple[StanceMinute, ...]
    until: datetime
    denied_at: datetime | None = None
    answered_at: tuple[datetime, ...] = ()

    @property
    def first_at(self) -> datetime:
        """The minute of its first dated post; there is one."""
        return self.minutes[0].at


@dataclass(frozen=True, slots=True)
class Scale:
    """The axis of time that lines share. By age it begins at the first post of each, and `start` is of none."""

    by_age: bool
    start: datetime
    length: timedelta
    interval: timedelta

    def series(self, line: Line) -> SpreadSeries:
        """A line's posts by interval, from where the axis begins for it."""
        begins = line.first_at if self.by_age else self.start
        return spread_series(
            line.minutes,
            start=begins,
            end=begins + self.length,
            interval=self.interval,
            by_clock=not self.by_age,
        )

    def place(self, line: Line, moment: datetime) -> datetime | float:
        """Where a moment of a line stands on the axis: an instant, or its age."""
        if not self.by_age:
            return instant(moment)
        return (moment - line.first_at) / (timedelta(hours=1) if self.in_hours else timedelta(minutes=1))

    @property
    def in_hours(self) -> bool:
        return self.length > MINUTES_UP_TO

    def axis(self, most: int = TICKS) -> dict[str, Any]:
        """The axis with about `most` ticks at the most."""
        if not self.by_age:
            return time_axis(self.start, self.start + self.length, most)
        unit = timedelta(hours=1) if self.in_hours else timedelta(minutes=1)
        title = {"text": compare_words.AGE[self.in_hours], "font": {"size": 11}}
        return {
            "title": title,
            "range": [0, self.length / unit],
            "nticks": most,
            "gridcolor": LINE,
            "zeroline": False,
        }

    def tick_levels(self) -> dict[str, Any] | None:
        """The ticks to choose from as the axis is zoomed; numbers of minutes or hours are Plotly's own to choose."""
        return None if self.by_age else tick_levels(self.start, self.start + self.length)


def scale_for(lines: Sequence[Line], *, by_age: bool) -> Scale:
    """The axis that holds all of these lines from their first posts to their last posts and corrections."""
    lasts = [
        max(one.minutes[-1].at + timedelta(minutes=1), *one.answered_at)
        if one.answered_at
        else one.minutes[-1].at + timedelta(minutes=1)
        for one in lines
    ]
    first = min(one.first_at for one in lines)
    if by_age:
        longest = max(last - one.first_at for one, last in zip(lines, lasts, strict=True))
    else:
        longest = max(lasts) - first
    interval = interval_for(max(longest, SHORTEST))
    start = first if by_age else floor(first, interval)
    end = start + max(longest + (first - start), SHORTEST)
    return Scale(by_age, start, edges(start, end, interval, by_clock=not by_age)[-1] - start, interval)


def known_places(line: Line, series: SpreadSeries) -> list[int]:
    """The intervals of which a line tells: none before its first post, and none that is not over by `until`."""
    first = bisect_right(series.edges, line.first_at) - 1
    over = [at for at, end in enumerate(series.ends) if at >= first and end <= line.until]
    return over or [first]
