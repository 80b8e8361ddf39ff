"""Words of the story of an incident: its timeline, its peaks and what drove them, and the same as a list."""

from datetime import datetime, timedelta

from dashboard.views.board import BoardRow
from dashboard.views.lives import Answer, RumourLife
from dashboard.views.ranking import Window
from dashboard.views.story import Entry, EntryKind, OfficialPost, PeakFlow, Story, StoryPeak
from dashboard.words import board as board_words
from dashboard.words.acts import decided
from dashboard.words.gaps import no_posts_from
from dashboard.words.local_time import UNKNOWN, exact, short, span
from dashboard.words.shared import VERDICTS, claim, counted, officer, people
from models.domain.acts import Decision
from models.domain.incidents import Incident
from models.domain.sources import SourceGap

TIMELINE = "Timeline"
WINDOW_LABEL = "Time shown"
WINDOWS = {Window.ALL: "All", Window.SIX_HOURS: "6 h", Window.HOUR: "1 h"}
EARLIER = "← Earlier"
LATER = "Later →"
PEAKS = "What drove the peaks"
IN_WORDS = "The same in words"
KINDS_LABEL = "Kinds shown"
TABLE = "Show the figures as tables"
VOLUME = "All posts"
NO_STORY = "No story yet: no dated post has come in."
NO_PEAKS = "No peak: at no time was clearly more posted than before and after."
NOTHING_CHOSEN = "Nothing of these kinds. Choose others above."
GAPS = "Gaps of sources"
OFFICIALS = "Official posts"
CORRECTIONS = "Corrections"
DECISIONS = "Decisions"
CORRECTED = "✓"
NOT_ON_BOARD = "not on the board"
CLAIM_HEAD = "Claim"
FIRST = "First post"
LAST = "Last post"
POSTS = "Posts"
PEOPLE = "People"
FROM = "From"
KINDS = {
    EntryKind.PEAK: "Peaks",
    EntryKind.RUMOUR: "Rumours",
    EntryKind.OFFICIAL: "Official posts",
    EntryKind.CORRECTION: "Corrections",
    EntryKind.DECISION: "Decisions",
    EntryKind.GAP: "Gaps",
}
ONE_OF = {
    EntryKind.PEAK: "peak",
    EntryKind.RUMOUR: "rumour",
    EntryKind.OFFICIAL: "official",
    EntryKind.CORRECTION: "correction",
    EntryKind.DECISION: "decision",
    EntryKind.GAP: "gap",
}


def heading(incident: Incident) -> str:
    return f"Story of {incident.name}"


def lane(name: str, held: int) -> str:
    """Corrections: 2; Corrections: none"""
    return f"{name}: {held:,}" if held else f"{name}: none"


def rumour_lane(row: BoardRow) -> str:
    return f"{claim(row.claim)} · {board_words.posts(row)}"


def left_out(rumours: int) -> str:
    """What the chart does not hold; empty where it holds all."""
    if not rumours:
        return ""
    return f"{counted(rumours, 'smaller rumour')} not drawn here; the list holds all."


def summary(story: Story) -> str:
    """The timeline in one sentence, for those who do not see it."""
    posts = sum(sum(one.posts.values()) for one in story.volume)
    parts = [
        counted(len(story.rumours), "rumour"),
        counted(len(story.officials), "official post"),
        counted(len(story.answers), "correction"),
        counted(len(story.decisions), "decision"),
        counted(len(story.gaps), "gap"),
    ]
    return (
        f"{counted(posts, 'dated post')} from {exact(story.start)} to {exact(story.end)}: {', '.join(parts)}. "
        f"{counted(len(story.peaks), 'peak') if story.peaks else 'No peaks'}."
    )


def how_found(story: Story) -> str:
    return (
        f"At most six peaks of all posts, counted by {span(story.interval)}. A peak stands out from the time around "
        "it by 5.8 standard deviations of chance or more (scipy.signal.find_peaks, prominence after Anscombe's "
        "transform), and lasts while the posts lie in the upper quarter of that height. Below it are the three flows "
        "with the most posts in it."
    )


def peak_title(number: int, one: StoryPeak, now: datetime) -> str:
    """Peak 2: 14:40 to 15:35"""
    return f"Peak {number}: {short(one.since, now)} to {short(one.until, now)}"


def peak_figures(one: StoryPeak, interval: timedelta, now: datetime) -> str:
    """1,652 posts, busiest 5 min from 14:40 with 173"""
    return (
        f"{counted(one.posts, 'post')}, busiest {span(interval)} from {short(one.summit, now)} with {one.tallest:,}"
    )


def flow_figures(one: PeakFlow) -> str:
    """71 posts by 71 people in this time, reach 28,265 (followers of 9 people unknown)"""
    by = f" by {people(one.people)}" if one.people else ""
    return f"{counted(one.posts, 'post')}{by} in this time, {reach(one.reach, one.reach_unknown)}"


def reach(known: int | None, unknown: int) -> str:
    """reach 28,265 (followers of 9 people unknown); reach unknown"""
    if known is None:
        return "reach unknown"
    return f"reach {known:,}" + (f" (followers of {people(unknown)} unknown)" if unknown else "")


def of_rumour(text: str | None) -> str:
    """Which rumour a flow belongs to."""
    return claim(text) if text is not None else NOT_ON_BOARD


def official_figures(one: OfficialPost) -> str:
    by = f" by {people(one.people)}" if one.people else ""
    return f"{counted(one.posts, 'post')} with its copies{by}, {reach(one.reach, one.reach_unknown)}"


def answer(one: Answer) -> str:
    """False: The dam holds. (radio, on the authority of the Environment Agency)"""
    return f"{VERDICTS[one.verdict]}: {one.wording} ({one.channel}, on the authority of {one.authority})"


def decision(one: Decision) -> str:
    """J. Officer (duty, asserted) took this: checking"""
    return f"{officer(one.officer)} {decided(one)}"


def gap(one: SourceGap, now: datetime) -> str:
    until = "and it goes on" if one.until is None else f"until {short(one.until, now)}"
    return f"{no_posts_from([one.source]).capitalize()} {until}: {one.why}"


def rumour(one: RumourLife, now: datetime) -> str:
    """First post of a rumour: 554 posts by 212 people up to 17:59; on the board at 14:20"""
    row = one.row
    by = f" by {people(row.people)}" if row.people else ""
    on_board = f"; on the board at {short(row.surfaced_at, now)}" if row.surfaced_at else ""
    return f"First post. {board_words.posts(row)}{by} up to {short(row.last_at, now)}{on_board}"


def entries(story: Story, now: datetime) -> list[Entry]:
    """All of the story in order of time; what has no time stands at the end."""
    made = [
        *(
            Entry(EntryKind.PEAK, one.since, one.until, peak_figures(one, story.interval, now), flows=one.flows)
            for one in story.peaks
        ),
        *(
            Entry(EntryKind.RUMOUR, one.row.first_at, one.row.last_at, rumour(one, now), one.row.id, one.row.claim)
            for one in story.rumours
        ),
        *(
            Entry(EntryKind.OFFICIAL, one.at, None, one.words, claim=one.claim, figures=official_figures(one))
            for one in story.officials
        ),
        *(
            Entry(EntryKind.CORRECTION, one.at, None, answer(one), one.rumour, story.claims.get(one.rumour))
            for one in story.answers
        ),
        *(
            Entry(EntryKind.DECISION, one.decided_at, None, decision(one), one.rumour, story.claims.get(one.rumour))
            for one in story.decisions
        ),
        *(Entry(EntryKind.GAP, one.since, one.until, gap(one, now)) for one in story.gaps),
    ]
    return sorted(made, key=lambda one: (one.at is None, one.at or now))


def when(one: Entry, now: datetime) -> str:
    return short(one.at, now) if one.at else UNKNOWN


def more(left: int) -> str:
    return f"{counted(left, 'more entry', 'more entries')} not shown. Choose fewer kinds."


def claims_table() -> str:
    return "Rumours by the time of their first post"


def volume_table(interval: timedelta) -> str:
    return f"All posts by {span(interval)}; times without posts are left out"
