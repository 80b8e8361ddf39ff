"""Words of the review: how much was known, and the ways to look back on an incident."""

from datetime import datetime

from dashboard.paths import Page
from dashboard.views.ranking import Choice, Tab, in_tab
from dashboard.views.snapshot import Snapshot
from dashboard.words.playhead import to_the_second
from dashboard.words.shared import counted
from models.domain.incidents import Incident

# The name of each way, and what it answers.
WAYS: dict[Page, tuple[str, str]] = {
    Page.BUBBLES: ("Bubbles", "How did each rumour swell and shrink, and who carried it?"),
    Page.COMPARE: (
        "Compare",
        "How do rumours differ? Two or more on one axis with their clocks, all of this incident as small charts, and "
        "several incidents side by side.",
    ),
    Page.STORY: (
        "Story",
        "What happened when, and what drove each peak? One timeline of rumours, official posts, corrections, "
        "decisions and gaps.",
    ),
    Page.REPORT: ("Incident report", "What was said, how did it spread, what was answered? One page to print."),
    Page.CODING: (
        "Coding desk",
        "How far do people agree on what a flow is, and how often does the model say the same?",
    ),
    Page.IMPORT: (
        "Import a file",
        "What do exports of other tools hold? Look at a file, then read it into this incident.",
    ),
}


def heading(incident: Incident) -> str:
    return f"Review of {incident.name}"


def known(as_of: datetime | None) -> str:
    return "Known now" if as_of is None else f"Known at {to_the_second(as_of)}"


def how_much(board: Snapshot) -> tuple[str, ...]:
    """3,512 posts read · 22 rumours on the board, 3 of them need an answer · 1 correction · 4 decisions"""
    rows = board.rows.values()
    need = sum(in_tab(row, Choice(Tab.NEEDS_ANSWER)) for row in rows)
    return (
        f"{counted(board.header.posts_read, 'post')} read",
        f"{counted(len(rows), 'rumour')} on the board, {need:,} of them without an answer",
        f"{counted(len(board.also_said), 'group')} off the board",
        counted(sum(row.corrections for row in rows), "correction"),
        counted(sum(row.decisions for row in rows), "decision"),
    )


def board(as_of: datetime | None) -> str:
    return "Open the board" if as_of is None else "Open the board of that moment"
