"""What the rumour page says of rumours that may be the same claim, and asks of whoever holds that they are not."""

from datetime import datetime

from dashboard.views.same_claim import MaybeSame
from dashboard.words.local_time import short

HEADING = "Same claim?"
MAY_BE = "This may be the same claim as "
BECAUSE = "because: "
MERGE = "Merge…"
REFUSE = "Not the same…"
REFUSE_TITLE = "Not the same claim"
REFUSE_INTRO = "The model will not suggest this pair again, nor join the two. You can undo this."
REFUSE_WHY = "Why"
REFUSE_WHY_HINT = "Examples: another place; another event; the second is an answer to the first"
REFUSE_SAVE = "Save"
REFUSE_KEYS = "Enter to save, Esc to cancel"
REFUSE_NOT_SAVED = "Not logged yet"
LOGGED = "Logged: you held the two rumours to be different claims."


def because(one: MaybeSame, now: datetime) -> str:
    """alike in words: crane, hospital; both since 21:40; 14 and 9 people; probability 0.62"""
    alike = f"alike in words: {', '.join(one.shared_words)}" if one.shared_words else "alike in meaning"
    link = ("they share a link",) if one.same_link else ()
    numbers = ("but their numbers differ",) if one.other_number else ()
    people = f"{one.people_here} and {one.people_there} people"
    parts = (
        alike,
        *link,
        *numbers,
        f"both since {short(one.since, now)}",
        people,
        f"probability {one.probability:.2f}",
    )
    return "; ".join(parts)


def merge_label(claim: str) -> str:
    """The name of the button, for those who do not see what stands beside it."""
    return f"Merge with: {claim}"


def refuse_label(claim: str) -> str:
    return f"Not the same claim as: {claim}"
