"""Words of the rumour's page: its life, its posts, its corrections and decisions."""

from datetime import datetime

from dashboard.views.board import BoardRow
from dashboard.views.posts import Heard
from dashboard.views.rumour import Flow, RumourTab
from dashboard.words import board as board_words
from dashboard.words.acts import decided
from dashboard.words.local_time import day, short, span
from dashboard.words.services import NOTE_IS_SHARED
from dashboard.words.shared import DASH, VERDICTS, counted, officer, people, person, role_and_service
from models.domain.acts import Decision
from models.domain.corrections import Correction
from models.domain.posts import Kind
from models.domain.sightings import HeardBy

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
    HeardBy.OTHER: "in another way",
}
BACK = "← Board"
BUBBLES = "Bubbles"
TABS = {RumourTab.FLOWS: "Flows", RumourTab.POSTS: "Posts"}
SPREAD_LABEL = "Spread"
SPREAD = "Spread by stance"
WINDOW_LABEL = "Time shown"
TABLE = "Show the figures as a table"
POSTS_LABEL = "Flows and posts of this rumour"
CORRECTIONS = "Corrections"
DECISIONS = "Decisions"
NO_CORRECTIONS = "No correction has been logged."
NO_DECISIONS = "No decision has been logged."
ACTS_LABEL = "What to do"
MERGED_AWAY = "This rumour was merged into another"
MERGED_INTO = "Its flows, corrections and log are now part of: "
NOT_ON_BOARD = "This rumour is not on the board"
NOT_ON_BOARD_THEN_WHY = "At that moment it was not on the board, or no longer."
NOT_ON_BOARD_WHY = "The address may be mistyped, or the rumour belongs to another incident."
LIFE_LABEL = "The rumour's life"
NOT_YET = "not yet"
EDITED = "edited"
FLOW_EDITED = "edited since"
FLOW_EDITED_MEANS = "At least one post in this flow was edited after it arrived."
MADE_ID = "its id was made by Grapevine: the file's own was damaged or missing"
DOUBTED_MEANS = "Its own date lies too far back to be believed: it stands where it arrived."
OFFICIAL = "official"
OFFICIAL_MEANS = "Posted by an account listed as official."
TO = "to"
ISSUED = "issued"
REVIEW_BY = "review by"
EVIDENCE = "Evidence"
ON_AUTHORITY = "on the authority of"
LIFE = ("First seen", "First query", "First denial", "First correction", "Denials overtake support", "Dormant")
LIFE_MEANINGS = (
    "The time of the earliest dated post; one whose own date is not believed counts by its arrival.",
    "The first post coded as asking whether the claim is true.",
    "The first post coded as denying the claim.",
    "The time when the first correction was issued.",
    "The first time that an hour held more denials than support, and at least five denials.",
    "The time when three hours had passed without a post.",
)


def facts(row: BoardRow, now: datetime) -> tuple[tuple[str, str], ...]:
    """What stands under the claim: each fact's name and its value."""
    return (
        ("Owner", person(row.owner) if row.owner else DASH),
        ("Age", span(now - row.first_at) if row.first_at else "unknown"),
        ("Posts", board_words.posts_figure(row)),
        ("People", f"{row.people:,}"),
        ("Reach", board_words.reach_figure(row)),
        ("Growth", board_words.growth(row, now)),
        ("Answer", board_words.answer_state(row, now)),
        ("Likelihood", board_words.likelihood(row.likelihood)),
    )


def doubted(stated_at: datetime) -> str:
    """says it is of 6 Aug 2015"""
    return f"says it is of {day(stated_at)}"


def copies(one: Flow) -> str:
    """1 post; 41 copies, 38 people"""
    if one.posts == 1:
        return counted(1, "post")
    others = counted(one.posts - 1, "copy", "copies")
    return f"{others}, {people(one.people)}" if one.people else others


def heard(one: Heard) -> str:
    """Heard by telephone, taken by J. Officer (duty). Reliability: a passer-by, not known to us"""
    who = f"{one.taken_by.name} ({role_and_service(one.taken_by)})"
    return f"Heard {HEARD_BY[one.by]}, taken by {who}. Reliability: {one.reliability}"


def decision(one: Decision, now: datetime, done: str | None = None) -> str:
    """21:06 J. Officer (duty, asserted) took this: checking with the reservoir operator

    `done` replaces the act's words where more is known of it: which rumour was merged, how many flows were moved.
    """
    shared = f" ({NOTE_IS_SHARED})" if one.shared else ""
    return f"{short(one.decided_at, now)} {officer(one.officer)} {decided(one, done)}{shared}"


def verdict(one: Correction) -> str:
    return f"✓ {VERDICTS[one.verdict]}"


def version(one: Correction) -> str:
    return f"version {one.version}"


def logged_by(one: Correction) -> str:
    return f"Logged by {officer(one.recorded_by)}"


def approval(one: Correction) -> str:
    return f"approved by {one.approved_by}" if one.approved_by else "approver unknown"


def more_posts(new: int, since: str) -> str | None:
    return f"▸ {counted(new, 'more post')} since {since}: show" if new > 0 else None
