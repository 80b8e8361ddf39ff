"""Words of the rumour's page: its life, its posts, its corrections and decisions."""

from datetime import datetime

from dashboard.views.rumour import Heard
from dashboard.words.acts import DONE
from dashboard.words.local_time import short
from dashboard.words.shared import VERDICTS, counted, officer
from models.domain import Correction, Decision, HeardBy, Kind

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
LIFE = ("First seen", "First query", "First denial", "First correction", "Denials overtake support", "Dormant")
LIFE_MEANINGS = (
    "The earliest dated post.",
    "The first post coded as asking whether it is so.",
    "The first post coded as denying it.",
    "When the first correction was issued.",
    "The first time one hour held more denials than support, and at least five.",
    "Three hours without a post.",
)


def heard(one: Heard) -> str:
    """heard by telephone, taken by J. Officer (duty): reliability: a passer-by, not known to us"""
    return f"heard {HEARD_BY[one.by]}, taken by {one.taken_by} ({one.role}): reliability: {one.reliability}"


def decision(one: Decision, now: datetime, done: str | None = None) -> str:
    """21:06 J. Officer (duty, asserted) took this: checking with the reservoir operator

    `done` says it where more is known than the act.
    """
    return f"{short(one.decided_at, now)} {officer(one.officer)} {done or DONE[one.act]}: {one.reason}"


def verdict_line(one: Correction, now: datetime) -> str:
    return f"{VERDICTS[one.verdict]}, issued {short(one.issued_at, now)}"


def approval(one: Correction) -> str:
    return f"approved by {one.approved_by}" if one.approved_by else "approver unknown"


def more_posts(new: int, since: str) -> str | None:
    return f"▸ {counted(new, 'more post')} since {since}: show" if new > 0 else None
