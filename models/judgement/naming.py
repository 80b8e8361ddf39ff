"""A rumour's title: one of its posts' own words, cleaned, at most 100 characters.

It is the post in the middle of its rumour (the medoid, Kaufman and Rousseeuw 1987), if possible one that makes the
claim. A title is kept while it is nearly as good as the best newcomer, so that it does not flicker.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.text import plain

LONGEST_TITLE = 100
# A newcomer must be better by so much before the title changes.
HYSTERESIS = 0.1
# What asks about a claim, or denies it, names the rumour only where hardly anything states it.
ANSWER_PENALTY = 0.15
LEAST_WORDS = 4

_REPOST = re.compile(r"^\s*(?:(?:rt|mt|via)\b:?\s*@\w+:?\s*)+|[“\"]\s*@\w+:?\s*", re.IGNORECASE)
_ASKS_OR_DENIES = re.compile(
    r"\?|\b(?:is|are|was|were|has|have|had|do|does|did|can|will)(?: no|n['’]?t| not| never)\b"
    r"|\b(?:not true|hoax|debunked|untrue|fake|false|rubbish|nonsense|lies|lying|made up|no evidence)\b"
    r"|\b(?:rumou?rs?|misinformation|aware of (?:posts|reports)|(?:do not|don['’]t) share|stop \w+ing)\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/)\S*")
_HANDLE = re.compile(r"(?<!\w)@\w+")
_LEAD = re.compile(r"^[\W_]+|(?:(?<!\.)\.{2,}|[\s\-–—|:,;…\"“”])+$")
# Far more than a title holds; what follows could only cost time.
READ_CHARACTERS = 1_000
_TAG = re.compile(r"#(\w+)")
_TAGS_AT_END = re.compile(r"(?:\s+(?:#\w+|\||via|h/t))+[\s.!…]*$", re.IGNORECASE)
_WORD_IN_TAG = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SHOUT = re.compile(
    r"^(?:(?:#?breaking(?: news)?|#?update|#?developing|#?confirmed|just in)\b"
    r"|(?:more|key|watch|video|photos?|pictures?|latest|new|now|live(?: updates?)?)(?=\s*[:\-–—|]))[\s:!\-–—|]*",
    re.IGNORECASE,
)


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
    said = "".join(
        " " if unicodedata.category(character)[0] in "CZ" else character
        for character in plain(text)[:READ_CHARACTERS]
    )
    said = _HANDLE.sub("", _LINK.sub("", _REPOST.sub("", said)))
    tagless = _TAGS_AT_END.sub("", said.rstrip())
    said = tagless if len(tagless.split()) >= LEAST_WORDS else said
    said = " ".join(_TAG.sub(lambda tag: _WORD_IN_TAG.sub(" ", tag[1]), said).replace("#", "").split())
    said = _LEAD.sub("", said)
    while (quieter := _LEAD.sub("", _SHOUT.sub("", said))) != said:
        said = quieter
    if len(said) <= LONGEST_TITLE:
        return said[:1].upper() + said[1:]
    cut = said[: LONGEST_TITLE - 1]
    whole_words = cut.rsplit(" ", 1)[0]
    return (whole_words if len(whole_words) > LONGEST_TITLE // 2 else cut).rstrip(" .,;:-") + "…"


def states_claim(text: str) -> bool:
    """Whether a text makes a claim, rather than asking about one or denying it."""
    return _ASKS_OR_DENIES.search(plain(text)) is None


def title_scores(titles: Sequence[Title], rumour: np.ndarray, incident: np.ndarray) -> np.ndarray:
    """How well each of some titles stands for its rumour (n,): by the angle to the rumour's middle, at most 1.

    Both middles are means of vectors (d,). Angles are measured from the incident's, since what all of it shares tells
    no rumour from another.
    """
    off = np.stack([title.vector for title in titles]).astype(np.float32) - incident
    middle = rumour - incident
    angles = off @ middle / (np.linalg.norm(off, axis=1) * np.linalg.norm(middle) + 1e-9)
    return angles - ANSWER_PENALTY * np.array([not title.states_claim for title in titles])
