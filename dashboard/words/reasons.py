"""Why a rumour is scored as it is: what its posts show, never whether the claim is true."""

import math

from dashboard.views.board import BoardRow
from dashboard.words.shared import counted, people
from models.domain.rumours import Reason

# What replies and other posts do, of one and of several: the cues of models.judgement.features.
CUE_WORDS = {
    "asks": ("asks about it", "ask about it"),
    "asks_for_proof": ("asks if it is true", "ask if it is true"),
    "doubts": ("doubts it", "doubt it"),
    "hedges": ("speaks of hearsay", "speak of hearsay"),
    "cites": ("names who said so", "name who said so"),
    "breaks": ("calls it breaking news", "call it breaking news"),
    "feels": ("voices sympathy or feeling", "voice sympathy or feeling"),
    "counts": ("gives a figure", "give figures"),
    "quotes": ("quotes somebody", "quote somebody"),
    "shouts": ("has an exclamation mark", "have an exclamation mark"),
}
NO_REASONS = "Several people repeat one claim."
LOWERS = "less likely: "
MOST_REASONS = 4
# Less than a hundredth of likelihood is no reason.
LEAST_LOG_ODDS = 0.05


def why_here(row: BoardRow) -> list[str]:
    """What moved the score most, in words made from its own figures; the heaviest first."""
    if row.scored_claims is None:
        # Scored by a former version, whose figures meant something else.
        return [NO_REASONS]
    heaviest = sorted(row.reasons, key=lambda reason: -abs(reason.contribution))
    weighty = [reason for reason in heaviest if abs(reason.contribution) >= LEAST_LOG_ODDS]
    sentences = [
        sentence if reason.contribution > 0 else f"{LOWERS}{sentence}"
        for reason in weighty
        if (sentence := _reason(reason, row))
    ]
    return sentences[:MOST_REASONS] or [NO_REASONS]


def _reason(reason: Reason, row: BoardRow) -> str | None:
    """One feature of models.judgement.likelihood in words; None for a feature this version does not know."""
    replies = row.scored_answers
    match reason.feature:
        case "people":
            return f"carried by {people(round(math.expm1(reason.value)))}"
        case "claims":
            return f"{counted(row.scored_claims, 'post')}, not counting replies"
        case "replies_a_claim":
            return f"{counted(replies, 'reply', 'replies')} to {counted(row.scored_claims, 'post')}"
        case "burst":
            return _burst(math.exp(reason.value))
        case "wording":
            return "worded as past rumours were" if reason.contribution > 0 else "worded unlike past rumours"
        case "link_share":
            return _share(reason.value, row.scored_claims, "post", "carries a link", "carry a link")
    of, _, cue = reason.feature.partition("_")
    if cue not in CUE_WORDS or of not in ("claim", "reply"):
        return None
    if of == "reply":
        return _share(reason.value, replies, "reply", *CUE_WORDS[cue])
    return _share(reason.value, row.scored_claims, "post", *CUE_WORDS[cue])


def _burst(times: float) -> str:
    if round(times, 1) == 1:
        return "as many posts as usual in 10 min"
    return f"{times:.1f} × as many posts as usual in 10 min" if times > 1 else "fewer posts than usual in 10 min"


def _share(share: float, of: int, noun: str, one: str, many: str) -> str:
    """12 of 40 posts ask if it is true"""
    number = round(share * of)
    if not number:
        return f"no {noun} {one}"
    if of == 1:
        return f"the only {noun} {one}"
    several = "replies" if noun == "reply" else f"{noun}s"
    return f"{number:,} of {of:,} {several} {one if number == 1 else many}"
