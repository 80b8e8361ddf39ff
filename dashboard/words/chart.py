"""Words of the spread chart: what it shows in one sentence, and why it may be empty."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from dashboard.views.board import BoardRow
from dashboard.words.local_time import exact, short, span
from dashboard.words.shared import NOT_CODED, STANCES, counted
from models.domain import Correction
from models.measures.spread import SpreadSeries


def nothing_shown(row: BoardRow, length: timedelta | None, now: datetime) -> str:
    """Why a chart of that length is empty; None stands for all times."""
    if row.last_at is None:
        return f"No dated posts: {counted(row.undated, 'post')} of unknown time" if row.undated else "No posts"
    what = "No dated posts" if row.undated else "No posts"
    within = f"the last {span(length)}" if length else "this time"
    last = short(row.last_at, now)
    return f"{what} in {within}; the last was {'on' if ',' in last else 'at'} {last}"


def spread_summary(
    series: SpreadSeries, corrections: Sequence[Correction], *, empty: str = "No posts in this time"
) -> str:
    """The chart in one sentence, for those who do not see it."""
    totals = series.totals
    shown = sum(totals)
    if not shown:
        return f"{empty}."
    busiest = max(range(len(totals)), key=totals.__getitem__)
    parts = [f"{sum(values)} {STANCES.get(stance, NOT_CODED)}" for stance, values in series.posts.items()]
    given = len(corrections)
    return (
        f"{counted(shown, 'post')} from {exact(series.starts[0])} to "
        f"{exact(series.starts[-1] + series.interval)}: {', '.join(parts)}. "
        f"Busiest {span(series.interval)} from {exact(series.starts[busiest])}: {counted(totals[busiest], 'post')}. "
        f"{counted(given, 'correction') if given else 'No correction'} in this time."
    )
