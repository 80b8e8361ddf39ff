"""Stance from cue words alone: the first judge that shipped (version 0.2), kept as the baseline to beat.

A post that opens a thread makes its claim unless it says otherwise; a reply comments unless it says otherwise. Never
changed, so that figures of different versions stay comparable.
"""

import re

from models.domain.rumours import Stance
from models.text import cues, plain

_START = {
    "root": {Stance.SUPPORT: 1.6, Stance.DENY: -0.6, Stance.QUERY: -0.4, Stance.COMMENT: 0.4},
    "answer": {Stance.SUPPORT: -0.2, Stance.DENY: -0.6, Stance.QUERY: -0.6, Stance.COMMENT: 1.6},
}

WEIGHED_CUES: tuple[tuple[Stance, float, re.Pattern], ...] = tuple(
    (stance, weight, re.compile(pattern, re.IGNORECASE))
    for stance, weight, pattern in (
        (Stance.QUERY, 1.1, cues.QUESTION_MARK),
        (Stance.QUERY, 2.2, cues.ASKS_WHETHER_TRUE),
        (Stance.QUERY, 2.0, cues.ASKS_FOR_A_SOURCE),
        (Stance.QUERY, 2.0, cues.ASKS_TO_CONFIRM),
        (Stance.QUERY, 1.6, cues.ASKS_IN_A_WORD),
        (Stance.QUERY, 1.2, cues.BASELINE_OPENS_ASKING),
        (Stance.QUERY, 0.9, cues.ASKS_WHO_KNOWS),
        (Stance.DENY, 2.6, cues.HOAX),
        (Stance.DENY, 2.2, cues.NOT_TRUE),
        (Stance.DENY, 2.0, cues.BASELINE_FAKE),
        (Stance.DENY, 2.0, cues.NO_EVIDENCE),
        (Stance.DENY, 1.8, cues.STOP_SPREADING),
        (Stance.DENY, 1.6, cues.OLD_PICTURE),
        (Stance.DENY, 1.5, cues.DID_NOT_HAPPEN),
        (Stance.DENY, 2.4, cues.THERE_IS_NONE),
        (Stance.DENY, 1.5, cues.BASELINE_OPENS_DENYING),
        (Stance.DENY, 1.2, cues.ALL_SAFE),
        (Stance.DENY, 1.0, cues.IS_NOT),
        (Stance.DENY, 0.8, cues.LONG_AGO),
        (Stance.DENY, 1.0, cues.BASELINE_WRONG),
        (Stance.SUPPORT, 1.3, cues.CONFIRMS),
        (Stance.SUPPORT, 1.2, cues.SAW_IT),
        (Stance.SUPPORT, 0.8, cues.BASELINE_OPENS_AGREEING),
        (Stance.SUPPORT, 0.6, cues.BREAKING),
    )
)


def stance_by_cues(text: str, *, answers: bool) -> str:
    """The stance by cue words. `answers`: the post replies to or quotes another one."""
    scores = dict(_START["answer" if answers else "root"])
    words = plain(text)
    for stance, weight, cue in WEIGHED_CUES:
        if cue.search(words):
            scores[stance] += weight
    return max(Stance, key=lambda stance: (round(scores[stance], 6), stance)).value
