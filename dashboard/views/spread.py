"""Which time the chart of a rumour shows, on its page, in an export and in the report."""

from datetime import datetime, timedelta

from dashboard.views.ranking import Window
from dashboard.views.rumour import RumourPage
from models.measures.intervals import floor, interval_for
from models.measures.spread import SpreadSeries, spread_series

SHORTEST_RANGE = timedelta(minutes=30)


def series_for(page: RumourPage, window: Window, now: datetime) -> SpreadSeries:
    """The rumour's posts in the chosen time; all of it from its first post to its last, or to now if that is near."""
    if window.length is None:
        first, last = page.row.first_at or now, page.row.last_at or now
        acted = [one.issued_at for one in page.corrections] + [one.decided_at for one in page.decisions]
        end = max(last, *acted, first)
        end = now if now - end < max(SHORTEST_RANGE, (end - first) / 4) else end
        start = min(first, end - SHORTEST_RANGE)
    else:
        start, end = now - window.length, now
    interval = interval_for(end - start)
    return spread_series(
        page.minutes, start=floor(start, interval), end=end + timedelta(seconds=1), interval=interval
    )
