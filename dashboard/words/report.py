"""Words of the incident report, and of the page that builds it."""

from collections.abc import Sequence
from datetime import datetime

from dashboard.views.report import IncidentReport, Section
from dashboard.words.local_time import exact, span
from dashboard.words.shared import EXERCISE, MARKS, NOT_CODED, STANCES, counted, officer, people
from models.domain.acts import Officer
from models.domain.incidents import Incident
from models.domain.rumours import Stance, State
from models.domain.sources import SourceGap
from models.text import name_of

# The page that builds it.
BACK = "← Review"
PREVIEW = "Preview"
PREPARING = "Making the preview…"
SECTIONS_LABEL = "What it holds"
SECTIONS = {
    Section.SUMMARY: "Summary",
    Section.RUMOURS: "Each rumour's life",
    Section.CORRECTIONS: "Corrections, with their versions",
    Section.DECISIONS: "Decisions",
    Section.GAPS: "Times without data",
    Section.METHOD: "Method and limits",
}
WHY = "Reason for taking it"
WHY_HINT = "Examples: debrief; request by the inquiry, ref. 12/4"
TAKE_HTML = "Save as HTML"
TAKE_PDF = "Save as PDF"
NOT_TAKEN = "The report is not made yet"
# In the preview, in place of who made it.
NOT_SAVED = "nobody yet: this is a preview"
CHOOSE_SECTION = "Choose at least one part."
BESIDE = "It is recorded with your name, your role and the reason."
TAKEN_BEFORE = "Another report was already made by this form. To make this one as well, press the button again."
NO_PDF = (
    "A PDF needs WeasyPrint and Pango, which are not installed here. Install them with "
    "pip install 'grapevine[pdf]' and apt-get install libpango-1.0-0 libpangoft2-1.0-0, or save as HTML and print it."
)
# The report.
SKIP = "Skip to the report"
KNOWN_AT = "As known at"
MADE = "Made"
MADE_BY = "Made by"
REASON = "Reason"
HOLDS = "Holds"
CONTENTS = "Contents"
TIMES = "All times are UK time (Europe/London)."
NO_RUMOURS = "No rumour was on the board."
CLAIM = "Claim"
STATE = "State"
POSTS = "Posts"
PEOPLE = "People"
FIRST_SEEN = "First seen"
TO_QUERY = "To the first query"
TO_DENIAL = "To the first denial"
TO_CORRECTION = "To the first correction"
SUMMARY_CAPTION = "The rumours in the order in which they went on the board"
CLOCK = "Its clock"
CLOCK_CAPTION = "Six moments of its life"
MOMENT, AT, AFTER = "Moment", "When", "After it was first seen"
STANCE_CAPTION = "Posts by stance toward the claim"
STANCE, SHARE = "Stance", "Share"
SPREAD_TABLE = "The figures of the chart"
WORDINGS = "Most repeated wordings"
WORDING, COPIES, CODED_BY = "Wording", "Posts", "Stance coded by"
CORRECTIONS_CAPTION = "Every version of every correction"
CORRECTION_HEADS = ("Issued", "Rumour", "Version", "Verdict", "Wording", "Channel and authority", "Logged by")
NO_CORRECTIONS = "No correction was logged."
DECISIONS_CAPTION = "The log of decisions, oldest first"
DECISION_HEADS = ("No.", "When", "Who", "What", "Rumour", "Why")
NO_DECISIONS = "No decision was logged."
GAPS_CAPTION = "Times for which posts of a source are missing"
GAP_HEADS = ("Source", "From", "To", "Why")
NO_GAPS = "No gap is known. Posts may be missing all the same: no source says all that it leaves out."
STILL = "still open"
NOT_REACHED = "not reached"
UNKNOWN = "unknown"
NOT_ON_BOARD = "a rumour that is not on the board"
RECORD = "The record behind this report"
FOOTER = "Grapevine shows what was said and what was decided. It does not say what is true."
METHOD: tuple[tuple[str, str], ...] = (
    (
        "What was read",
        "Public posts that reached this incident by its watch terms, accounts, area or sources. Posts that no source "
        "offered are not in any figure here.",
    ),
    (
        "How posts were grouped",
        "A post and its copies are one flow. Flows that make or answer one claim are one rumour. A model suggests "
        "the groups; people merge, split and move them, and the model does not undo what they decided.",
    ),
    (
        "Stance",
        "Each flow supports, denies, asks about or comments on its rumour's claim. Most stances are a model's, and "
        "it is often wrong, most on denials. Those that a person coded say so. What officials post is no vote.",
    ),
    (
        "Figures",
        "Posts, people and times are counted, not estimated. A person counts once in a rumour. Reach sums the known "
        "followers of its authors; unknown ones are counted beside it, never as zero.",
    ),
    (
        "What this does not say",
        "Support for a claim is no evidence that it is true, and a likelihood is no verdict. A quiet time with a gap "
        "in it may be missing data. Verdicts are people's, and each names its authority.",
    ),
    (
        "Removed posts",
        "A post that was removed at its source is counted, but its words are gone, here as in every view.",
    ),
)


def title(incident: Incident) -> str:
    return f"Incident report: {incident.name}"


def exercise_mark(incident: Incident) -> str:
    return EXERCISE if incident.exercise and not incident.name.startswith(EXERCISE) else ""


def summary(report: IncidentReport) -> list[tuple[str, str]]:
    """The figures at the top, by name."""
    rows = [page.row for page in report.rumours]
    first = min((row.first_at for row in rows if row.first_at), default=None)
    last = max((row.last_at for row in rows if row.last_at), default=None)
    answered = sum(bool(row.corrections) for row in rows)
    dismissed = sum(row.state is State.DISMISSED for row in rows)
    issued = len({one.id for one in report.corrections})
    return [
        ("Posts that reached the incident", f"{report.header.posts_read:,}"),
        ("Posts judged", f"{report.header.posts_judged:,}"),
        ("Rumours on the board", f"{len(rows):,}"),
        ("Answered by a correction", f"{answered:,}"),
        ("Dismissed", f"{dismissed:,}"),
        ("Posts in these rumours", f"{sum(row.posts for row in rows):,}"),
        ("First and last post in them", f"{exact(first)} to {exact(last)}" if first and last else UNKNOWN),
        ("Corrections", f"{issued:,}"),
        ("Decisions", f"{len(report.decisions):,}"),
        ("Times without data", counted(len(report.gaps), "gap") if report.gaps else "none known"),
    ]


def chain(report: IncidentReport) -> str:
    """What binds the decisions, for whoever wants to check that none was changed since."""
    if report.chain_head is None:
        return "No decision was logged, so there is no hash chain yet."
    whole = (
        "Each link was checked when this report was made, and the chain is whole."
        if report.broken is None
        else f"Decision {report.broken} does not follow from the one before: the log was changed outside Grapevine."
    )
    return f"{counted(len(report.decisions), 'decision')} in one hash chain. Last link: {report.chain_head}. {whole}"


def delay(since: datetime | None, at: datetime | None) -> str:
    """How long after the first post something came: 13 min; before it; not reached"""
    if at is None:
        return NOT_REACHED
    if since is None:
        return UNKNOWN
    return span(at - since) if at >= since else f"{span(since - at)} before"


def share(posts: int, of_all: int) -> str:
    """38%; an empty whole has no shares"""
    return f"{round(100 * posts / of_all)}%" if of_all else UNKNOWN


def stance(which: Stance | None) -> str:
    return f"{MARKS[which]} {STANCES.get(which, NOT_CODED)}"


def size(posts: int, in_all: int) -> str:
    return f"{counted(posts, 'post')}, {people(in_all)}"


def picture(claim: str, said: str) -> str:
    """What stands in for the picture where nobody sees it."""
    return f"Chart of posts by stance over time for the claim: {claim}. {said}"


def gap_end(gap: SourceGap) -> str:
    return exact(gap.until) if gap.until else STILL


def made_by(who: Officer) -> str:
    return officer(who) if who.role else who.name


def what(kind: str) -> str:
    """What the record of consultations says was taken: report, html"""
    return f"report, {kind}"


def holds(sections: Sequence[Section]) -> str:
    """Which parts of the incident a report shows: all parts; summary, gaps"""
    return "all parts" if len(sections) == len(Section) else ", ".join(section.value for section in sections)


def without_a_font(letters: str) -> str:
    """What stands in a PDF for letters that no font has: signs by their names, words of a script by how many letters.

    >>> without_a_font("🤷🌊"), without_a_font("水火")
    ('[shrug, water wave]', '[2 letters that no font here has]')
    """
    if any(letter.isalpha() for letter in letters):
        return f"[{counted(len(letters), 'letter')} that no font here has]"
    return f"[{', '.join(map(name_of, letters))}]"
