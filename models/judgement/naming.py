"""A rumour's title: one of its posts' own words, cleaned, at most 100 characters.

It is the post in the middle of its rumour (the medoid, Kaufman and Rousseeuw 1987), if possible one that makes the
claim. A title is kept while it is nearly as good as the best newcomer, so that it does not flicker.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.text import one_line, plain, unseen_as_spaces
from models.text.cues import ASKS_OR_DENIES
from models.text.marks import (
    CLOSING_HASHTAGS,
    HANDLE,
    HASHTAG,
    TITLE_EDGES,
    TITLE_LEAD_IN,
    TITLE_LINK,
    TITLE_REPOST,
    WORD_IN_HASHTAG,
)

LONGEST_TITLE = 100
# A newcomer must be better by so much before the title changes.
HYSTERESIS = 0.1
# What asks about a claim, or denies it, names the rumour only where hardly anything states it.
ANSWER_PENALTY = 0.15
LEAST_WORDS = 4

# Far more than a title holds; what follows could only cost time.
READ_CHARACTERS = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Title:
    """A post that may name its rumour: its unit vector (d,), and whether it states the claim."""

    post: str
    vector: np.ndarray
    states_claim: bool


def title_of(text: str) -> str:
    """A post's words as a title, cut at a word: no links, handles, "RT", shouted lead-ins or closing hashtags.

    #MikeBrown is two words.
    """
    title = unseen_as_spaces(plain(text)[:READ_CHARACTERS])
    title = HANDLE.sub("", TITLE_LINK.sub("", TITLE_REPOST.sub("", title)))
    tagless = CLOSING_HASHTAGS.sub("", title.rstrip())
    title = tagless if len(tagless.split()) >= LEAST_WORDS else title
    title = one_line(HASHTAG.sub(lambda tag: WORD_IN_HASHTAG.sub(" ", tag[1]), title).replace("#", ""))
    title = TITLE_EDGES.sub("", title)
    while (quieter := TITLE_EDGES.sub("", TITLE_LEAD_IN.sub("", title))) != title:
        title = quieter
    if len(title) <= LONGEST_TITLE:
        return title[:1].upper() + title[1:]
    cut = title[: LONGEST_TITLE - 1]
    whole_words = cut.rsplit(" ", 1)[0]
    return (whole_words if len(whole_words) > LONGEST_TITLE // 2 else cut).rstrip(" .,;:-") + "…"


def states_claim(text: str) -> bool:
    """Whether a text makes a claim, rather than asking about one or denying it."""
    return ASKS_OR_DENIES.search(plain(text)) is None


def title_scores(titles: Sequence[Title], rumour: np.ndarray, incident: np.ndarray) -> np.ndarray:
    """How well each of some titles stands for its rumour (n,): by the angle to the rumour's middle, at most 1.

    Both middles are means of vectors (d,). Angles are measured from the incident's, since what all of it shares tells
    no rumour from another.
    """
    off = np.stack([title.vector for title in titles]).astype(np.float32) - incident
    middle = rumour - incident
    angles = off @ middle / (np.linalg.norm(off, axis=1) * np.linalg.norm(middle) + 1e-9)
    return angles - ANSWER_PENALTY * np.array([not title.states_claim for title in titles])
