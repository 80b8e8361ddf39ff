"""Words of the board: its tabs, and what a row says."""

from datetime import datetime

from dashboard.views.also_said import AlsoSaid
from dashboard.views.board import BoardRow, IncidentHeader
from dashboard.views.ranking import Rank, Tab, Window, handed_to
from dashboard.words.assign import handed
from dashboard.words.gaps import unknown
from dashboard.words.local_time import short
from dashboard.words.shared import DASH, NOT_CODED, STANCES, VERDICTS, counted, people, person
from dashboard.words.sources import NO_SOURCE
from models.judgement.surfacing import FADES_AFTER, Wait
from models.measures.spread import Trend

TABS = {
    Tab.OPEN: "Open",
    Tab.MINE: "Mine",
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
WINDOWS = {Window.HOUR: "last hour", Window.SIX_HOURS: "last 6 h", Window.DAY: "last 24 h", Window.ALL: "all time"}
TABS_LABEL = "Rumours to show"
RANK_LABEL = "Order"
WINDOW_LABEL = "Time"
FILTER = "Filter  /"
FILTER_LABEL = "Words in the claim or the owner"
LOG_SIGHTING = "Log a sighting"
LIST_LABEL = "Rumours"
DETAIL_LABEL = "Chosen rumour and what to do"
CHOSEN_LABEL = "Chosen rumour"
COLUMNS = {
    "claim": "Claim",
    "state": "State",
    "perHour": "Posts/h",
    "recent": "Last 2 h",
    "stances": "Stance",
    "first": "First seen",
    "answered": "Answered",
}
MERGE_OR_REFUSE = "Merge or refuse"
NOTHING_TO_MERGE = "Nothing left to merge here"
NONE_CHOSEN = "No rumour is chosen."
LIVES_ON = "The rumour that you chose was merged into this one."
OPEN_PAGE = "Open"
OPEN_KEY = "Enter"
WHY_HERE = "Why it is here"
SAID_MOST = "What people say most"
LIKELIHOOD_MEANS = "How likely this is to be a rumour worth checking. It does not say whether the claim is true."
TRENDS = {Trend.RISING: "rising", Trend.STEADY: "steady", Trend.FALLING: "falling"}
WHY_OFF_BOARD = {
    Wait.ROOM: "waits for room on the board",
    Wait.UNLIKELY: "few people say it, and it is unlikely to be a rumour",
    Wait.FADED: f"nothing new for {FADES_AFTER.total_seconds() / 3600:.0f} hours",
}
ARROWS = {Trend.RISING: "↑", Trend.STEADY: "→", Trend.FALLING: "↓"}


def likelihood(probability: float | None) -> str:
    """A word with its figure: how likely this is a rumour worth checking, never whether it is true."""
    if probability is None:
        return "not scored yet"
    steps = ((0.8, "very likely a rumour"), (0.6, "likely a rumour"), (0.4, "may be a rumour"))
    word = next((word for least, word in steps if probability >= least), "unlikely to be a rumour")
    return f"{word}, {probability:.2f}"


def reach(row: BoardRow) -> str:
    return f"reach {reach_figure(row)}"


def reach_figure(row: BoardRow) -> str:
    """The summed followers of the people, with what is unknown beside it."""
    parts = ["unknown" if row.reach is None else f"{row.reach:,}"]
    if row.reach_unknown:
        parts.append(f"followers of {people(row.reach_unknown)} unknown")
    if row.posts_without_author:
        parts.append(f"authors of {counted(row.posts_without_author, 'post')} unknown")
    return "; ".join(parts)


def posts(row: BoardRow) -> str:
    """142 posts; 142 posts (3 undated)"""
    return counted(row.posts, "post") + _undated(row)


def posts_figure(row: BoardRow) -> str:
    return f"{row.posts:,}{_undated(row)}"


def _undated(row: BoardRow) -> str:
    return f" ({row.undated:,} undated)" if row.undated else ""


def growth(row: BoardRow, now: datetime) -> str:
    """142 posts in the last hour (95% interval 120 to 167), rising"""
    rate = row.growth
    return (
        f"{counted(round(rate.per_hour), 'post')} in the last hour "
        f"(95% interval {rate.low:.0f} to {rate.high:.0f}), {direction(row, now)}"
    )


def direction(row: BoardRow, now: datetime) -> str:
    """rising, steady, falling; direction unknown: posts missing since 21:04, when fewer posts prove nothing"""
    if row.gap is not None and row.trend is not Trend.RISING:
        return f"direction {unknown(row.gap, now)}"
    return TRENDS[row.trend]


def arrow(row: BoardRow) -> str:
    return ARROWS[row.trend] if row.gap is None or row.trend is Trend.RISING else "▨"


def recent(row: BoardRow) -> str:
    """The small bars of the last two hours for a screen reader."""
    bars = f"Posts in 5-minute steps over 2 h; highest {max(row.recent)}"
    missing = sum(row.missing)
    return f"{bars}; posts from a source are missing in {counted(missing, 'step')}" if missing else bars


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


def family(rumours: int) -> str:
    """May be one claim (3); what is left of the heading once nobody asks any more"""
    return f"May be one claim ({rumours})" if rumours else NOTHING_TO_MERGE


def in_family(rumours: int) -> str:
    """What a screen reader hears in a row under that heading; nothing in a row that stands alone."""
    return f"one of {rumours} that may be one claim" if rumours > 1 else ""


def merge_or_refuse(claim: str) -> str:
    """The name of a family's link, for those who do not see what stands beside it."""
    return f"{MERGE_OR_REFUSE}: {claim}"


def wait_for_room(groups: int) -> str:
    """How many may go on the board and find no room; they go up by and by."""
    return f"{groups:,} more {'waits' if groups == 1 else 'wait'} for room"


def also_said(group: AlsoSaid) -> str:
    """14 people · 9 posts in the last hour · likely a rumour, 0.72 · waits for room on the board"""
    return " · ".join(
        [
            people(group.people),
            f"{counted(group.recent, 'post')} in the last hour",
            likelihood(group.likelihood),
            WHY_OFF_BOARD[group.why],
        ]
    )


def empty_board(header: IncidentHeader, any_rumours: bool, now: datetime, *, any_sources: bool = True) -> str:
    """Why the list is empty, and what would fill it."""
    if any_rumours:
        return "No rumours match these filters. Choose All, choose a longer time or clear the words."
    if not any_sources:
        read = f"{counted(header.posts_read, 'post')} read earlier. " if header.posts_read else ""
        return f"No rumours yet. {read}{NO_SOURCE}"
    if not header.posts_read:
        return "No rumours yet. No posts have come in; the first rumour appears when several people repeat one claim."
    since = short(header.first_known_at, now)
    return (
        f"No rumours yet. {counted(header.posts_read, 'post')} read since {since}; "
        "the first rumour appears when several people repeat one claim."
    )


def facts(row: BoardRow) -> str:
    """142 posts · 97 people · reach 8,100 · 3 official posts beside them"""
    official = [f"{counted(row.official_posts, 'official post')} beside them"] if row.official_posts else []
    return " · ".join([posts(row), people(row.people), reach(row), *official])


def heading(incident: str) -> str:
    return f"Board: {incident}"


def tab(which: Tab, number: int | None) -> str:
    """New 5; New, before anything is counted"""
    return TABS[which] if number is None else f"{TABS[which]} {number}"


def owner(row: BoardRow, *, mine: bool) -> str:
    """Owner: J. Officer (Northgate Police); Yours, handed to you by J. Officer: ring the reservoir"""
    if row.owner is None:
        return "no owner"
    if not mine:
        return f"Owner: {row.owner.name}" + (f" ({row.owner.service})" if row.owner.service else "")
    given = handed_to(row, row.owner.user)
    return f"Yours, {handed(given.by, given.note)}" if given else "Yours"


def owner_and_answer(row: BoardRow, now: datetime) -> str:
    """owner J. Officer, Northgate Police · answered: false, first at 21:10"""
    owner = f"owner {person(row.owner)}" if row.owner else "no owner"
    return f"{owner} · {answer_state(row, now)}"


def corrections(row: BoardRow) -> str:
    """3 corrections; nothing where the answer stands for all there is"""
    return counted(row.corrections, "correction") if row.corrections > 1 else ""


def ranked(rank: Rank, since: str) -> str:
    return f"Ranked {RANKS[rank]} at {since}"
