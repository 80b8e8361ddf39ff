"""A rumour's title: one of its posts' own words, cleaned, at most 100 characters.

The title is the post in the middle of its rumour (the medoid, Kaufman and Rousseeuw 1987), if possible one that makes
the claim. It is kept until another post is clearly better, so that it does not flicker.
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
# How much better another post must be before the title changes.
HYSTERESIS = 0.1
# A post that asks about the claim or denies it becomes the title only where no post makes the claim: more than two
# cosines can differ by.
ANSWER_PENALTY = 2.0
LEAST_WORDS = 4

# Far more than a title holds; more would only cost time.
READ_CHARACTERS = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Title:
    """A post that may name its rumour: its unit vector (d,), and whether it states the claim."""

    post: str
    vector: np.ndarray
    states_claim: bool


def title_of(text: str) -> str:
    """A post's words as a title, cut at a word: no links, handles, "RT", shouted lead-ins or closing hashtags.

    >>> title_of("RT @jo: BREAKING: the dam at #HighNorthgate has burst https://example.org #flood")
    'The dam at High Northgate has burst'
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
    """Whether a text makes a claim, rather than asking about one or denying it.

    >>> states_claim("The dam has burst"), states_claim("Has the dam burst?"), states_claim("The dam is a hoax")
    (True, False, False)
    """
    # Its words as a title too: a question that "UPDATE:" or "RT @jo:" leads in opens only there.
    return all(ASKS_OR_DENIES.search(words) is None for words in (plain(text), title_of(text)))


def title_scores(titles: Sequence[Title], rumour: np.ndarray, incident: np.ndarray) -> np.ndarray:
    """How well each title stands for its rumour (n,): the cosine of its angle to the rumour's mean, at most 1.

    `rumour` and `incident` are means of vectors (d,). The incident's mean is taken off first, since what the whole
    incident shares distinguishes no rumour.
    """
    off = np.stack([title.vector for title in titles]).astype(np.float32) - incident
    mean = rumour - incident
    cosines = off @ mean / (np.linalg.norm(off, axis=1) * np.linalg.norm(mean) + 1e-9)
    scores = cosines - ANSWER_PENALTY * np.array([not title.states_claim for title in titles])
    # So that which of two equals is taken does not hang on how a machine adds up.
    return np.round(scores, 5)
