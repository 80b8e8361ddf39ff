"""Words of the spread chart: what it shows in one sentence, and why it may be empty."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from dashboard.views.board import BoardRow
from dashboard.words.acts import did
from dashboard.words.gaps import no_posts_from
from dashboard.words.local_time import day, exact, short, span
from dashboard.words.shared import MARKS, NOT_CODED, STANCES, VERDICTS, counted
from models.domain.acts import Decision
from models.domain.corrections import Correction
from models.domain.posts import LONGEST_DELAY
from models.domain.rumours import Stance
from models.measures.spread import SpreadSeries

TIME = "Time (Europe/London)"
DECISION = "decision"
NO_POSTS = "no posts"
NO_POSTS_IN_TIME = "No posts in this time"
FROM = "From"
ALL = "all"
MISSING = "missing"


def per(interval: timedelta) -> str:
    """The axis of the posts: Posts per 5 min"""
    return f"Posts per {span(interval)}"


def interval(start: datetime, end: datetime, now: datetime) -> str:
    """21:00 to 21:05"""
    return f"{short(start, now)} to {short(end, now)}"


def stance_key(which: Stance | None) -> str:
    """▲ support: a stance's name in the key of the chart"""
    return f"{MARKS[which]} {stance_word(which)}"


def stance_word(which: Stance | None) -> str:
    return STANCES.get(which, NOT_CODED)


def gap(source: str) -> str:
    """▨ no posts from feeds: a source's gaps in the key of the chart"""
    return f"▨ {no_posts_from([source])}"


def correction(one: Correction, now: datetime) -> str:
    """False 21:10"""
    return f"{VERDICTS[one.verdict]} {short(one.issued_at, now)}"


def correction_hover(label: str) -> str:
    return f"Correction: {label}"


def decision(one: Decision) -> str:
    """21 Nov 2026, 14:05: took this"""
    return f"{exact(one.decided_at)}: {did(one)}"


def table_caption(*, any_missing: bool) -> str:
    unless = ", unless a source's posts are missing" if any_missing else ""
    return f"Posts by interval and stance. Intervals without posts are left out{unless}."


def nothing_shown(row: BoardRow, length: timedelta | None, now: datetime) -> str:
    """Why a chart of that length is empty; None stands for all time."""
    if row.last_at is None:
        return f"No dated posts: the time of {counted(row.undated, 'post')} is unknown" if row.undated else "No posts"
    what = "No dated posts" if row.undated else "No posts"
    within = f"the last {span(length)}" if length else "this time"
    last = short(row.last_at, now)
    return f"{what} in {within}; the last was {'on' if ',' in last else 'at'} {last}"


def placed_by_arrival(doubted: Sequence[datetime]) -> str:
    """How many posts stand where they arrived, since the dates that they state are not believed; "" for none."""
    if not doubted:
        return ""
    first, last = day(doubted[0]), day(doubted[-1])
    dates = first if first == last else f"{first} to {last}"
    one = len(doubted) == 1
    says = "that says it is" if one else "that say they are"
    placed = "is placed by its arrival" if one else "are placed by their arrival"
    why = f"a date more than {LONGEST_DELAY.days} days before the posts around it is not believed"
    return f"{counted(len(doubted), 'post')} {says} of {dates} {placed}: {why}."


def spread_summary(series: SpreadSeries, corrections: Sequence[Correction], *, empty: str = NO_POSTS_IN_TIME) -> str:
    """The chart in one sentence, for those who do not see it."""
    totals = series.totals
    shown = sum(totals)
    if not shown:
        return f"{empty}."
    busiest = max(range(len(totals)), key=totals.__getitem__)
    parts = [f"{sum(values)} {stance_word(which)}" for which, values in series.posts.items()]
    given = len(corrections)
    return (
        f"{counted(shown, 'post')} from {exact(series.starts[0])} to "
        f"{exact(series.end)}: {', '.join(parts)}. "
        f"Busiest {span(series.interval)} from {exact(series.starts[busiest])}: {counted(totals[busiest], 'post')}. "
        f"{counted(given, 'correction') if given else 'No corrections'} in this time."
    )
