"""The cues of a stance in the words of a post and of what it answers, as a row of numbers.

Cues know no event and no name, so they hold on events nobody trained on. Only their presence is used, never which
post matched; the weights are learnt. After the surface features of Zubiaga et al. 2018 and Aker et al. 2017.
"""

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice

import numpy as np

from models.text import plain
from models.text.cues import STANCE_CUES
from models.text.marks import STANCE_HANDLE, STANCE_LINK
from models.text.words import NUMBER_WORDS, STANCE_SMALL_WORDS, STANCE_WORD, is_figure

# No cue needs more of a text than this, and a hostile one is no dearer than a long one.
LONGEST_CHARACTERS = 1_000
MOST_COUNTED = 3
# A batch of posts has fewer claims and parents than that; those of a rumour's posts are the same.
REMEMBERED_CONTEXTS = 512

# Those of STANCE_CUES that are counted in the words that a post answers, too.
CONTEXT_CUES = ("fake", "negates", "hedges", "reports", "question marks")


def cue_names() -> tuple[str, ...]:
    """The names of the columns of `cue_row`; a model trained on other ones cannot be used with this code."""
    return tuple(_cues("", None, None))


def cue_row(text: str, parent: str | None, claim: str | None) -> np.ndarray:
    """The cues of a post and of the words it answers (`parent`) and of the claim, as (len(cue_names()),) float32."""
    return np.fromiter(_cues(text, parent, claim).values(), np.float32)


def _cues(text: str, parent: str | None, claim: str | None) -> dict[str, float]:
    whole = plain(text[:LONGEST_CHARACTERS])
    linkless = STANCE_LINK.sub(" ", whole)
    lowered = linkless.lower()
    cues = {name: float(_count(cue, lowered)) for name, cue in STANCE_CUES.items()}
    words = STANCE_WORD.findall(STANCE_HANDLE.sub(" ", lowered))
    letters = [letter for letter in linkless if letter.isalpha()]
    cues["links"] = float(_count(STANCE_LINK, whole))
    cues["ends asking"] = float(linkless.rstrip(" #\"'”)").endswith("?"))
    cues["words (log)"] = math.log1p(len(words))
    cues["no words"] = float(not words)
    cues["capitals"] = sum(letter.isupper() for letter in letters) / max(1, len(letters))
    cues["answers nothing"] = float(parent is None)
    cues["answers the claim"] = float(parent is not None and parent == claim)
    cues["answers an answer"] = float(parent is not None and claim is not None and parent != claim)
    cues["no claim"] = float(claim is None)
    own = frozenset(words) - STANCE_SMALL_WORDS
    for name, context in (("parent", parent), ("claim", claim)):
        other, other_cues = _context(context or "")
        shared = len(own & other)
        cues[f"{name}: share of own words"] = shared / max(1, len(own))
        cues[f"{name}: share of its words"] = shared / max(1, len(other))
        cues[f"{name}: words (log)"] = math.log1p(len(other))
        cues.update({f"{name}: {cue}": count for cue, count in zip(CONTEXT_CUES, other_cues, strict=True)})
        numbers, other_numbers = _numbers(own), _numbers(other)
        cues[f"{name}: same number"] = float(bool(numbers & other_numbers))
        cues[f"{name}: another number"] = float(bool(numbers and other_numbers and not numbers & other_numbers))
        cues[f"{name}: negated here alone"] = float(cues["negates"] > 0 and not cues[f"{name}: negates"])
        cues[f"{name}: negated there alone"] = float(not cues["negates"] and cues[f"{name}: negates"] > 0)
    return cues


@contextmanager
def forgetting_contexts() -> Iterator[None]:
    """Forget at the end what was read of claims and parents: their posts may be erased later."""
    try:
        yield
    finally:
        _context.cache_clear()


def _numbers(words: frozenset[str]) -> frozenset[str]:
    return frozenset(word for word in words if is_figure(word) or word in NUMBER_WORDS)


@lru_cache(REMEMBERED_CONTEXTS)
def _context(text: str) -> tuple[frozenset[str], tuple[float, ...]]:
    """The content words of what a post answers, and how often each of CONTEXT_CUES occurs there."""
    linkless = STANCE_LINK.sub(" ", plain(text[:LONGEST_CHARACTERS])).lower()
    words = STANCE_WORD.findall(STANCE_HANDLE.sub(" ", linkless))
    counts = tuple(float(_count(STANCE_CUES[name], linkless)) for name in CONTEXT_CUES)
    return frozenset(words) - STANCE_SMALL_WORDS, counts


def _count(cue: re.Pattern[str], text: str) -> int:
    return sum(1 for _ in islice(cue.finditer(text), MOST_COUNTED))
