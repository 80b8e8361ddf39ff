"""Words of the board: its tabs, and what a row says."""

from datetime import datetime

from dashboard.views.board import BoardRow, IncidentHeader, Rank, Tab, Window
from dashboard.words.gaps import not_known
from dashboard.words.local_time import short
from dashboard.words.shared import DASH, NOT_CODED, STANCES, VERDICTS, counted, people
from models.measures.spread import Trend

TABS = {
    Tab.OPEN: "Open",
    Tab.NEEDS_ANSWER: "Needs answer",
    Tab.NEW: "New",
    Tab.ASSESSING: "Assessing",
    Tab.WATCHING: "Watching",
    Tab.ANSWERED: "Answered",
    Tab.SETTLED: "Closed or dismissed",
    Tab.ALL: "All",
}
RANKS = {
    Rank.FASTEST: "fastest first",
    Rank.NEWEST: "newest first",
    Rank.LARGEST: "largest first",
    Rank.LIKELIEST: "likeliest first",
}
WINDOWS = {Window.HOUR: "last 1 h", Window.SIX_HOURS: "last 6 h", Window.DAY: "last 24 h", Window.ALL: "all times"}
TRENDS = {Trend.RISING: "rising", Trend.STEADY: "steady", Trend.FALLING: "falling"}
ARROWS = {Trend.RISING: "↑", Trend.STEADY: "→", Trend.FALLING: "↓"}


def likelihood(probability: float | None) -> str:
    """A word with its figure; how likely this is a rumour worth a look, never whether it is so."""
    if probability is None:
        return "not scored yet"
    steps = ((0.8, "very likely a rumour"), (0.6, "likely a rumour"), (0.4, "may be a rumour"))
    word = next((word for least, word in steps if probability >= least), "unlikely a rumour")
    return f"{word}, {probability:.2f}"


def reach(row: BoardRow) -> str:
    """The summed followers of the people, with what is unknown beside it."""
    unknown = []
    if row.reach_unknown:
        unknown.append(f"followers of {people(row.reach_unknown)} unknown")
    if row.posts_without_author:
        unknown.append(f"authors of {counted(row.posts_without_author, 'post')} unknown")
    known = "reach unknown" if row.reach is None else f"reach {row.reach:,}"
    return "; ".join([known, *unknown])


def posts(row: BoardRow) -> str:
    undated = f" ({row.undated:,} undated)" if row.undated else ""
    return counted(row.posts, "post") + undated


def growth(row: BoardRow, now: datetime) -> str:
    """142 posts in the last hour (95% interval 120 to 167), rising"""
    rate = row.growth
    return (
        f"{counted(round(rate.per_hour), 'post')} in the last hour "
        f"(95% interval {rate.low:.0f} to {rate.high:.0f}), {direction(row, now)}"
    )


def direction(row: BoardRow, now: datetime) -> str:
    """rising, steady, falling; where posts are missing fewer of them say nothing: not known: gap since 21:04"""
    unknown = row.gap is not None and row.trend is not Trend.RISING
    return f"direction {not_known(row.gap, now)}" if unknown else TRENDS[row.trend]


def arrow(row: BoardRow) -> str:
    return ARROWS[row.trend] if row.gap is None or row.trend is Trend.RISING else "▨"


def recent(row: BoardRow) -> str:
    """The small bars of the last two hours for a screen reader."""
    told = f"Posts in 5-minute steps over 2 h; the highest {max(row.recent)}"
    missing = sum(row.missing)
    return f"{told}; posts of a source are missing in {counted(missing, 'step')}" if missing else told


def stance_counts(row: BoardRow) -> str:
    """12 support, 3 deny, 4 query, 20 comment: the stance bar for a screen reader."""
    parts = [f"{row.stances[stance]} {word}" for stance, word in STANCES.items()]
    if row.stances[None]:
        parts.append(f"{row.stances[None]} {NOT_CODED}")
    return ", ".join(parts)


def answered(row: BoardRow) -> str:
    """✓ False, or a dash"""
    return DASH if row.verdict is None else f"✓ {VERDICTS[row.verdict]}"


def answer_state(row: BoardRow, now: datetime) -> str:
    if row.verdict is None:
        return "not answered"
    return f"answered: {VERDICTS[row.verdict].lower()}, first at {short(row.first_correction_at, now)}"


def waiting(new: int, reordered: bool, since: str) -> str | None:
    """What waits behind the line above the list, or None."""
    if new:
        return f"▸ {counted(new, 'new rumour')} since {since}: show"
    return f"The order has changed since {since}: show" if reordered else None


def empty_board(header: IncidentHeader, any_rumours: bool, now: datetime, *, any_sources: bool = True) -> str:
    """Why the list is empty, and what would fill it."""
    if any_rumours:
        return "No rumour matches these filters. Choose All, or a longer time, or clear the words."
    if not any_sources:
        read = f"{counted(header.posts_read, 'post')} read before. " if header.posts_read else ""
        return (
            f"No rumours yet. {read}No source is configured, so no post can come in: "
            "name one in config.toml under [sources] and start Grapevine again."
        )
    if not header.posts_read:
        return "No rumours yet. No post has come in; the first rumour appears when several people repeat one claim."
    since = short(header.first_known_at, now)
    return (
        f"No rumours yet. {counted(header.posts_read, 'post')} read since {since}; "
        "the first rumour appears when several people repeat one claim."
    )


def ranked(rank: Rank, since: str) -> str:
    return f"Ranked {RANKS[rank]} at {since}"
