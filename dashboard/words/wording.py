"""Every sentence a user reads. British English, plain statements; Grapevine never says true or false by itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from dashboard.access import Role
from dashboard.views.board import BoardRow, IncidentHeader, Rank, Tab, Window
from dashboard.views.rumour import Heard
from dashboard.words.local_time import exact, short, span
from dashboard.words.wording_gaps import not_known
from models.domain import Act, Correction, Decision, HeardBy, Kind, Officer, Stance, State, Verdict
from models.measures.spread import SpreadSeries, Trend

DASH = "—"

STATES = {
    State.NEW: "new",
    State.WATCHING: "watching",
    State.ASSESSING: "assessing",
    State.ANSWERED: "answered",
    State.CLOSED: "closed",
    State.DISMISSED: "dismissed",
    State.MERGED: "merged",
}
STANCES = {Stance.SUPPORT: "support", Stance.DENY: "deny", Stance.QUERY: "query", Stance.COMMENT: "comment"}
NOT_CODED = "not coded"
MARKS = {Stance.SUPPORT: "▲", Stance.DENY: "▼", Stance.QUERY: "?", Stance.COMMENT: "●", None: "○"}
VERDICTS = {
    Verdict.FALSE: "False",
    Verdict.MISLEADING: "Misleading",
    Verdict.CONFIRMED: "Confirmed",
    Verdict.NOT_ESTABLISHED: "Not established",
}
VERDICT_MEANINGS = {
    Verdict.FALSE: "What is claimed did not happen or is not so.",
    Verdict.MISLEADING: "Part of it is so, but it gives a wrong picture.",
    Verdict.CONFIRMED: "What is claimed is so.",
    Verdict.NOT_ESTABLISHED: "Nobody with authority can say yet.",
}
KINDS = {
    Kind.POST: "post",
    Kind.REPLY: "reply",
    Kind.REPOST: "repost",
    Kind.QUOTE: "quote",
    Kind.SIGHTING: "sighting",
    Kind.ARTICLE: "article",
    Kind.ALERT: "alert",
}
HEARD_BY = {
    HeardBy.TELEPHONE: "by telephone",
    HeardBy.RADIO: "by radio",
    HeardBy.STREET: "in the street",
    HeardBy.OTHER: "otherwise",
}
ROLES = {
    Role.DUTY: "Duty officer",
    Role.COMMS: "Comms officer",
    Role.ANALYST: "Analyst",
    Role.ADMINISTRATOR: "Administrator",
}
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
ACTS = {
    Act.TAKE: "Take",
    Act.PARK: "Park",
    Act.DISMISS: "Dismiss",
    Act.CLOSE: "Close",
    Act.REOPEN: "Reopen",
    Act.CORRECT: "Answer…",
    Act.MERGE: "Merge…",
    Act.SPLIT: "Split off…",
    Act.MOVE: "Move…",
    Act.UNDO: "Undo",
}
ACT_KEYS = {Act.TAKE: "t", Act.PARK: "p", Act.DISMISS: "d", Act.CORRECT: "c"}
ACT_TITLES = {
    Act.TAKE: "Take this rumour",
    Act.PARK: "Park this rumour",
    Act.DISMISS: "Dismiss this rumour",
    Act.CLOSE: "Close this rumour",
    Act.REOPEN: "Reopen this rumour",
    Act.MERGE: "Merge the whole rumour into another",
    Act.SPLIT: "Make the chosen flows a rumour of their own",
    Act.MOVE: "Move the chosen flows to another rumour",
    Act.UNDO: "Undo",
}
ACT_MEANINGS = {
    Act.TAKE: "You become its owner and it is marked assessing.",
    Act.PARK: "It is marked watching: nobody need answer it now.",
    Act.DISMISS: "It leaves the open list. It can be reopened.",
    Act.CLOSE: "It leaves the open list as done with. It can be reopened.",
    Act.REOPEN: "It comes back to the open list, marked watching.",
    Act.MERGE: "Both make one claim. This one leaves the board; its corrections and log are read with the other's.",
    Act.SPLIT: "They make another claim. The new rumour is on the board at once.",
    Act.MOVE: "They make or answer the other rumour's claim. Later copies of them go there too.",
    Act.UNDO: "What was merged, split or moved is as it was before. Both stay in the log.",
}
SUGGESTED_REASONS = {
    Act.TAKE: ("Checking with the incident commander", "Asking the scene for facts", "Drafting an answer"),
    Act.PARK: ("Spreading slowly: watch it", "Waiting for facts", "Answering would draw attention to it"),
    Act.DISMISS: ("No risk to the public", "Not about this incident", "Opinion, not a claim"),
    Act.CLOSE: ("Answered and no longer spreading", "Overtaken by events"),
    Act.REOPEN: ("Spreading again", "New facts have come in", "Dismissed by mistake"),
    Act.MERGE: ("Two wordings of one claim",),
    Act.SPLIT: ("Another claim than the rest",),
    Act.MOVE: ("About the other claim",),
    Act.UNDO: ("Taken back on the rumour's page",),
}
DONE = {
    Act.TAKE: "took this",
    Act.PARK: "parked this",
    Act.DISMISS: "dismissed this",
    Act.CLOSE: "closed this",
    Act.REOPEN: "reopened this",
    Act.CORRECT: "logged a correction",
    Act.MERGE: "merged this into another rumour",
    Act.SPLIT: "split flows off",
    Act.MOVE: "moved flows to another rumour",
    Act.UNDO: "undid an earlier decision",
}
LOGGED_BEFORE = "An earlier try had been logged already, with this reason:"
CORRECTED_BEFORE = (
    "An earlier try had been logged already, with other words or times than these. "
    "To log these as well, press the button again; to leave it at that, close the form."
)
LIFE = ("First seen", "First query", "First denial", "First correction", "Denials overtake support", "Dormant")
LIFE_MEANINGS = (
    "The earliest dated post.",
    "The first post coded as asking whether it is so.",
    "The first post coded as denying it.",
    "When the first correction was issued.",
    "The first time one hour held more denials than support, and at least five.",
    "Three hours without a post.",
)
KEYS = (
    ("↑ ↓ or k j", "choose a rumour"),
    ("Enter", "open its page"),
    ("t", "take"),
    ("c", "answer: log a correction"),
    ("p", "park"),
    ("d", "dismiss"),
    ("s", "log a sighting: what somebody told you"),
    ("n", "show what is waiting"),
    ("/", "go to the text filter"),
    ("?", "show these keys"),
    ("Esc", "close a dialog or the form"),
)


def counted(number: int, one: str, many: str | None = None) -> str:
    """1 post, 2 posts, 48,210 people"""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def people(number: int) -> str:
    return counted(number, "person", "people")


def claim(text: str) -> str:
    return f"Claim: {text}"


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


def heard(one: Heard) -> str:
    """heard by telephone, taken by J. Officer (duty): reliability: a passer-by, not known to us"""
    return f"heard {HEARD_BY[one.by]}, taken by {one.taken_by} ({one.role}): reliability: {one.reliability}"


def stance_counts(row: BoardRow) -> str:
    """12 support, 3 deny, 4 query, 20 comment: the stance bar for a screen reader."""
    parts = [f"{row.stances[stance]} {word}" for stance, word in STANCES.items()]
    if row.stances[None]:
        parts.append(f"{row.stances[None]} {NOT_CODED}")
    return ", ".join(parts)


def decision(one: Decision, now: datetime, done: str | None = None) -> str:
    """21:06 J. Officer (duty, asserted) took this: checking with the reservoir operator

    `done` says it where more is known than the act.
    """
    return f"{short(one.decided_at, now)} {officer(one.officer)} {done or DONE[one.act]}: {one.reason}"


def officer(who: Officer) -> str:
    return f"{who.name} ({who.role}, asserted)"


def verdict_line(one: Correction, now: datetime) -> str:
    return f"{VERDICTS[one.verdict]}, issued {short(one.issued_at, now)}"


def approval(one: Correction) -> str:
    return f"approved by {one.approved_by}" if one.approved_by else "approver unknown"


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


def more_posts(new: int, since: str) -> str | None:
    return f"▸ {counted(new, 'more post')} since {since}: show" if new > 0 else None


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


def coded_by(person: str | None) -> str:
    return person or "model"


def logged(act: Act, text: str) -> str:
    """What a screen reader hears after an act."""
    return f"Logged: you {DONE[act].replace('this', 'the rumour')}. {claim(text)}"


def ranked(rank: Rank, since: str) -> str:
    return f"Ranked {RANKS[rank]} at {since}"
