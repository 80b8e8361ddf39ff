"""A rumour's title: one of its posts' own words, cleaned, at most 100 characters.

The title is kept while it is nearly as good as the best newcomer, so that it does not flicker.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence

from models.plain import plain

LONGEST_TITLE = 100
# A newcomer must be better by so much before the title changes.
HYSTERESIS = 1.25

_REPOST = re.compile(r"^\s*(?:(?:rt|mt|via)\b:?\s*@\w+:?\s*)+|[“\"]\s*@\w+:?\s*", re.IGNORECASE)
_ASKS_OR_DENIES = re.compile(
    r"\?|\b(?:is|are|was|were|has|have|had|do|does|did|can|will)(?: no|n['’]?t| not| never)\b"
    r"|\b(?:not true|hoax|debunked|untrue|fake|false|rubbish|nonsense|lies|lying|made up|no evidence)\b"
    r"|\b(?:rumou?rs?|misinformation|aware of (?:posts|reports)|(?:do not|don['’]t) share|stop \w+ing)\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/)\S*")
_HANDLE = re.compile(r"(?<!\w)@\w+")
_LEAD = re.compile(r"^[\W_]+|(?:\.{2,}|[\s\-–—|:,;…\"“”])+$")
_SHOUT = re.compile(r"^(?:#?breaking(?: news)?|#?update|#?developing|#?confirmed)\b[\s:!\-–—|]*", re.IGNORECASE)


def title_of(text: str) -> str:
    """A post's words as a title: no links, handles, "RT" or shouted lead-ins; cut at a word, with "…"."""
    said = "".join(" " if unicodedata.category(character)[0] in "CZ" else character for character in plain(text))
    said = _HANDLE.sub("", _LINK.sub("", _REPOST.sub("", said))).replace("#", "")
    said = " ".join(said.split())
    said = _LEAD.sub("", _SHOUT.sub("", _LEAD.sub("", said)))
    if len(said) <= LONGEST_TITLE:
        return said[:1].upper() + said[1:]
    cut = said[: LONGEST_TITLE - 1]
    whole_words = cut.rsplit(" ", 1)[0]
    return (whole_words if len(whole_words) > LONGEST_TITLE // 2 else cut).rstrip(" .,;:-") + "…"


def states_claim(text: str) -> bool:
    """Whether a text makes a claim, rather than asking about one or denying it."""
    return _ASKS_OR_DENIES.search(plain(text)) is None


def title_worth(
    words: Sequence[str], posts_with: Counter[str], idf: Callable[[str], float], *, states_claim: bool
) -> float:
    """How well a flow's content words stand for its rumour: shared by its posts, rare elsewhere, and few."""
    distinct = sorted(set(words))
    shared = sum(posts_with[word] * idf(word) for word in distinct) / (len(distinct) + 3)
    return shared * (1.0 if states_claim else 0.5)
