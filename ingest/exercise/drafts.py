"""What a post of the exercise is before it has an id, and what chance decides of each."""

from dataclasses import dataclass

import numpy as np

from ingest.exercise.script import Person, Rumour

SCRIPT_MINUTES = 360.0
SOON = 3 / 60  # minutes; an answer or a copy comes at least a few seconds after the post
# The weight of a kind of post for attention, before chance and its author's followers.
APPEAL = {
    "claim": 6.0,
    "query": 1.5,
    "deny": 2.5,
    "comment": 1.2,
    "official": 9.0,
    "press": 6.0,
    "news": 2.0,
    "seen": 1.4,
    "chatter": 0.25,
    "spam": 0.02,
    "copy": 0.6,
    "quote": 1.2,
    "reply": 0.1,
}


@dataclass(eq=False)
class Draft:
    """A post before it has an id: links are to other drafts, time is in minutes after the start."""

    author: Person
    minute: float
    text: str
    voice: str  # the kind of author and text, a key of APPEAL
    kind: str = "post"
    lang: str | None = "en"
    rumour: Rumour | None = None
    stance: str | None = None
    parent: "Draft | None" = None
    root: "Draft | None" = None
    original: "Draft | None" = None
    quoted: "Draft | None" = None
    appeal: float = 0.0


def delay(rng: np.random.Generator, median_minutes: float, spread: float) -> float:
    """Minutes until a post is answered or copied; log-normal."""
    return SOON + float(rng.lognormal(np.log(median_minutes), spread))
