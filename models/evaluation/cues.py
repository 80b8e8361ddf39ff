"""Stance from cue words alone: the first judge that shipped (version 0.2), kept as the baseline to beat.

A post that opens a thread makes its claim unless it says otherwise; a reply comments unless it says otherwise. Never
changed, so that figures of different versions stay comparable.
"""

import re

from models.domain import Stance
from models.text import plain

_START = {
    "root": {Stance.SUPPORT: 1.6, Stance.DENY: -0.6, Stance.QUERY: -0.4, Stance.COMMENT: 0.4},
    "answer": {Stance.SUPPORT: -0.2, Stance.DENY: -0.6, Stance.QUERY: -0.6, Stance.COMMENT: 1.6},
}

_CUES: tuple[tuple[Stance, float, re.Pattern], ...] = tuple(
    (stance, weight, re.compile(pattern, re.IGNORECASE))
    for stance, weight, pattern in (
        (Stance.QUERY, 1.1, r"\?"),
        (
            Stance.QUERY,
            2.2,
            r"\b(?:is|was|are) (?:this|that|it|these|they) (?:true|real|legit|confirmed|fake|right)\b",
        ),
        (
            Stance.QUERY,
            2.0,
            r"\b(?:any|got a|what'?s (?:your|the)) (?:source|proof|evidence|link|confirmation)\b",
        ),
        (Stance.QUERY, 2.0, r"\b(?:can|could) (?:any ?one|some ?one|you|we) (?:confirm|verify|check)\b"),
        (Stance.QUERY, 1.6, r"\b(?:source|proof|evidence|link|confirmed|really|true|seriously|sure)\s*\?"),
        (
            Stance.QUERY,
            1.2,
            r"^(?:@\w+\s+)*(?:who|what|where|when|why|how|did|does|is|are|was|has|have)\b[^.!]*\?",
        ),
        (Stance.QUERY, 0.9, r"\b(?:anyone|anybody) (?:know|heard|else|got)\b"),
        (
            Stance.DENY,
            2.6,
            r"\b(?:hoax|debunked|untrue|fake news|misinformation|disinformation|photoshopped)\b",
        ),
        (
            Stance.DENY,
            2.2,
            r"\b(?:not|isn'?t|ain'?t|wasn'?t|never) (?:\w+ )?(?:true|real|happening|correct|accurate)\b",
        ),
        (
            Stance.DENY,
            2.0,
            r"\b(?:fake|false|bullshit|bollocks|rubbish|nonsense|lies|lie|liar|lying|made.?up)\b",
        ),
        (Stance.DENY, 2.0, r"\bno (?:evidence|truth|sign|record|reports?) (?:of|to|that|in)\b"),
        (Stance.DENY, 1.8, r"\b(?:stop|don'?t) (?:spreading|sharing|posting|believe|spread|share)\b"),
        (Stance.DENY, 1.6, r"\b(?:old|different|wrong) (?:photo|pic|picture|video|footage|story)\b"),
        (
            Stance.DENY,
            1.5,
            r"\b(?:did ?n[o']?t|never|has ?n[o']?t|have ?n[o']?t) happen(?:ed)?\b|\bdebunk|\bdenie[sd]\b",
        ),
        (
            Stance.DENY,
            2.4,
            r"\b(?:there(?:'s| is| are| was| were| has been)|have) no\b|\bno \w+ (?:is|are|has|have|were|was)\b",
        ),
        (Stance.DENY, 1.5, r"^(?:@\w+\s+)*(?:no|nope|nah)\b|\b(?:nobody|no one)\b|\bmyths?\b|\bhaving you on\b"),
        (Stance.DENY, 1.2, r"\b(?:is|are|all) (?:\w+ )?(?:safe|sound|fine|accounted for|unharmed|open as normal)\b"),
        (
            Stance.DENY,
            1.0,
            r"\b(?:is|are|was|were|has|have|do|does|did) ?n[o']?t\b|\bnot (?:a|an|the|his|her|in|at|\d+)\b",
        ),
        (Stance.DENY, 0.8, r"\byears? (?:ago|old)\b|\bmixing (?:it|this|that) up\b|\bignore (?:it|this|that)\b"),
        (Stance.DENY, 1.0, r"\b(?:wrong|incorrect|inaccurate|rumou?rs?)\b"),
        (Stance.SUPPORT, 1.3, r"\b(?:can|i) confirm\b|\bconfirmed\b(?!\s*\?)|\bit'?s true\b"),
        (Stance.SUPPORT, 1.2, r"\b(?:just|i) (?:saw|seen|heard|watched)\b|\bcan (?:see|hear)\b|\bwitness"),
        (Stance.SUPPORT, 0.8, r"^(?:@\w+\s+)*(?:yes|yep|yeah|true|exactly|correct)\b"),
        (
            Stance.SUPPORT,
            0.6,
            r"\bbreaking\b|\bpolice (?:say|confirm)|\baccording to\b|\breports? (?:say|that|of)\b",
        ),
    )
)


def stance_by_cues(text: str, *, answers: bool) -> str:
    """The stance that cue words tell. `answers`: the post replies to or quotes another one."""
    scores = dict(_START["answer" if answers else "root"])
    said = plain(text)
    for stance, weight, cue in _CUES:
        if cue.search(said):
            scores[stance] += weight
    return max(Stance, key=lambda stance: (round(scores[stance], 6), stance)).value
