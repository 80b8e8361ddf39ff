"""A rumour's title: one of its posts' own words, cleaned, at most 100 characters.

The title is the post in the middle of its rumour (the medoid, Kaufman and Rousseeuw 1987) among those that state the
claim. Whether a post does is told by patterns of questions and denials, and once several people talk by the stance
network, which reads the post by itself. The title is kept until another post is clearly better, so that it does not
flicker.
"""

from collections.abc import Callable, Sequence
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
    TITLE_NOTE,
    TITLE_REPOST,
    WORD_IN_HASHTAG,
)

LONGEST_TITLE = 100
# How much better another post must be before the title changes.
HYSTERESIS = 0.1
# A post that asks about the claim or denies it becomes the title only where no post makes the claim: more than two
# cosines can differ by.
ANSWER_PENALTY = 2.0
# What reads this much like a statement is one; less is weighed against how near the middle it is. Had every reading
# counted, the plainest statement would name a rumour, however little it is in the middle.
ENOUGH_READING = 0.7
# A title states the claim if it reads at least as likely as not so.
LEAST_READING = 0.5
# So many titles are read at once.
READ_AT_ONCE = 8
LEAST_WORDS = 4

# Far more than a title holds; more would only cost time.
READ_CHARACTERS = 1_000


# Texts → how likely each of them states a claim when read by itself, 0 to 1.
ReadClaims = Callable[[Sequence[str]], Sequence[float]]


@dataclass(slots=True, eq=False)
class Title:
    """A post that may name its rumour: its words and unit vector (d,).

    `answers`: it asks or denies by its pattern. `reading`: how likely it states a claim; None: not read yet.
    """

    post: str
    text: str
    vector: np.ndarray
    answers: bool
    reading: float | None = None

    @property
    def is_unread(self) -> bool:
        """Whether reading may still find that it states no claim."""
        return self.reading is None and not self.answers

    @property
    def states_claim(self) -> bool:
        """Whether it states a claim, as far as is known."""
        return not self.answers and (self.reading is None or self.reading >= LEAST_READING)


def title_of(text: str) -> str:
    """A post's words as a title, cut at a word: no links, handles, "RT", shouted lead-ins or closing hashtags.

    >>> title_of("RT @jo: BREAKING: the dam at #HighNorthgate has burst https://example.org #flood")
    'The dam at High Northgate has burst'
    >>> title_of("[photo] shoes on the wall")
    'Shoes on the wall'
    >>> title_of("OMG just heard that the Odeon is on fire")
    'The Odeon is on fire'
    """
    title = unseen_as_spaces(plain(text)[:READ_CHARACTERS])
    title = HANDLE.sub("", TITLE_LINK.sub("", TITLE_REPOST.sub("", title)))
    tagless = CLOSING_HASHTAGS.sub("", title.rstrip())
    title = tagless if len(tagless.split()) >= LEAST_WORDS else title
    title = one_line(HASHTAG.sub(lambda tag: WORD_IN_HASHTAG.sub(" ", tag[1]), title).replace("#", ""))
    title = TITLE_EDGES.sub("", TITLE_NOTE.sub("", title))
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


def nearness(titles: Sequence[Title], rumour: np.ndarray, incident: np.ndarray) -> np.ndarray:
    """How near each title is to the middle of its rumour (n,): the cosine of its angle to the rumour's mean.

    `rumour` and `incident` are means of vectors (d,). The incident's mean is taken off first, since what the whole
    incident shares distinguishes no rumour.
    """
    off = np.stack([title.vector for title in titles]).astype(np.float32) - incident
    mean = rumour - incident
    cosines = off @ mean / (np.linalg.norm(off, axis=1) * np.linalg.norm(mean) + 1e-9)
    # So that which of two equals is taken does not hang on how a machine adds up.
    return np.round(cosines, 5)


def best_title(titles: Sequence[Title], near: Sequence[float], least: float, read: ReadClaims | None) -> int | None:
    """The place of the title that scores highest, and higher than `least`; None where none does.

    Reads those that might win, best first, and no others: reading is dear. Without `read`, readings do not count.
    """
    bounds = np.array([score(title, one, is_read=read is not None) for title, one in zip(titles, near, strict=True)])
    # What is not read yet scores at most this. The order is stable, so the earliest of equals wins.
    order = [int(place) for place in np.argsort(-bounds, kind="stable")]
    best = None
    for first in range(0, len(order), READ_AT_ONCE):
        some = [place for place in order[first : first + READ_AT_ONCE] if bounds[place] > least]
        if not some:
            break
        if read is not None:
            read_titles([titles[place] for place in some], read)
        for place in some:
            scored = score(titles[place], near[place], is_read=read is not None)
            if scored > least:
                best, least = place, scored
    return best


def score(title: Title, near: float, *, is_read: bool) -> float:
    """How well a title stands for its rumour, at most 1: its nearness less what it lacks of a statement."""
    lacks = max(0.0, ENOUGH_READING - title.reading) if is_read and title.reading is not None else 0.0
    return float(near) - ANSWER_PENALTY * title.answers - lacks


def read_titles(titles: Sequence[Title], read: ReadClaims) -> None:
    """Read those that are not read yet; what asks or denies by its pattern need not be."""
    unread = [title for title in titles if title.is_unread]
    if unread:
        for title, reading in zip(unread, read([title.text for title in unread]), strict=True):
            title.reading = round(float(reading), 4)
