"""How many posts a watch term would have matched, told from counts of their words: the posts need not be kept.

`countable` gives what is counted of a searched text, each once for a post: its words, each two that stand together,
the beginnings of its words, its hashtags; in scripts without spaces each character and each two. `estimate` asks how
many posts held what a term is made of. Its answer is never too low. For one word it is about right, since few posts
hold two forms of a word. For a phrase it is the most that there can have been.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise, product
from math import prod

from models.text.term_forms import UNSPACED, TermWord, words_of
from models.text.terms import bare_term

# How many posts hold these things that are counted, summed over the things.
PostsWith = Callable[[Iterable[str]], int]

_RUN = re.compile(rf"[{UNSPACED}]+|[^\W{UNSPACED}]+")
_IS_UNSPACED = re.compile(f"[{UNSPACED}]")
_WORD = re.compile(r"\w+")
_TAG = re.compile(rf"#([^\W{UNSPACED}]+)")
# How many letters of a word are its beginnings.
_BEGINNINGS = range(3, 7)
# A term that can be written in more ways is not looked for.
_MOST_WAYS = 50_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """How many posts a term would have matched: about so many, or `at_most` so many."""

    posts: int
    at_most: bool


def countable(searched_text: str) -> set[str]:
    """What is counted of a text that `searched` gave. Takes time in proportion to its length.

    >>> sorted(countable("#dam burst"))
    ['#dam', 'bur*', 'burs*', 'burst', 'burst*', 'dam', 'dam burst', 'dam*']
    >>> sorted(countable("大坝决堤"))
    ['决', '决堤', '坝', '坝决', '堤', '大', '大坝']
    """
    found: set[str] = set()
    if searched_text.isascii():
        words = _WORD.findall(searched_text)
    else:
        words = []
        for run in _RUN.findall(searched_text):
            if _IS_UNSPACED.match(run):
                found.update(run, map("".join, pairwise(run)))
            else:
                words.append(run)
    found.update(words, map(" ".join, pairwise(words)))
    found.update([word[:length] + "*" for word in set(words) for length in _BEGINNINGS if len(word) >= length])
    if "#" in searched_text:
        found.update(f"#{tag}" for tag in _TAG.findall(searched_text))
    return found


def estimate(term: str, posts_with: PostsWith) -> Estimate | None:
    """How many of the posts that were counted a term would have matched; None where their words cannot tell.

    >>> posts = [countable(text) for text in ("the dam has burst", "dams burst", "burst, dam", "#damburst")]
    >>> def posts_with(things):
    ...     return sum(thing in post for thing in things for post in posts)
    >>> estimate("dam", posts_with), estimate("dam burst", posts_with)
    (Estimate(posts=3, at_most=False), Estimate(posts=2, at_most=True))
    >>> estimate("🌊", posts_with)
    """
    bare = bare_term(term)
    words = words_of(bare)
    held = _least([*_by_word(words, posts_with), *_by_gap(words, posts_with)])
    if held is None:
        return None
    if len(words) == 1:
        return Estimate(held, at_most=not all(map(_is_counted, words[0].forms)))
    as_hashtag = 0 if bare.startswith("#") else _in_one_word(words, posts_with, "#")
    return None if as_hashtag is None else Estimate(held + as_hashtag, at_most=True)


def _by_word(words: list[TermWord], posts_with: PostsWith) -> Iterator[int | None]:
    """How many posts hold each word of a term, but for those that may be written as one word with the next."""
    for at, word in enumerate(words):
        if word.gap != "-" and not (at + 1 < len(words) and words[at + 1].gap == "-"):
            yield _in_one_word([word], posts_with)


def _by_gap(words: list[TermWord], posts_with: PostsWith) -> Iterator[int | None]:
    """How many posts hold two words of a term together, where that is counted."""
    for at, (one, other) in enumerate(pairwise(words)):
        if other.gap == "&" or not _are_words([*one.forms, *other.forms]) or _ways([one, other]) > _MOST_WAYS:
            continue
        pairs = posts_with(map(" ".join, product(one.forms, other.forms)))
        if other.gap == " ":
            yield pairs
        elif one.gap != "-" and not (at + 2 < len(words) and words[at + 2].gap == "-"):
            joined = _in_one_word([one, other], posts_with)
            yield None if joined is None else pairs + joined


def _in_one_word(words: list[TermWord], posts_with: PostsWith, before: str = "") -> int | None:
    """How many posts at most hold these words written as one, in any of their forms; None where that is not told."""
    if _ways(words) > _MOST_WAYS:
        return None
    forms = [before + "".join(written) for written in product(*(word.forms for word in words))]
    others = [_least(posts_with([thing]) for thing in _things_in(form)) for form in forms if not _is_counted(form)]
    return None if None in others else sum(others) + posts_with(filter(_is_counted, forms))


def _things_in(form: str) -> Iterator[str]:
    """What is counted of a post that holds this form of a term."""
    runs = _RUN.findall(form)
    for at, run in enumerate(runs):
        if _IS_UNSPACED.match(run):
            yield from map("".join, pairwise(run)) if len(run) > 1 else run
        elif at == len(runs) - 1 and form.endswith("*"):
            if len(run) >= min(_BEGINNINGS):
                yield f"{run[: max(_BEGINNINGS)]}*"
        elif at == 0 and form.startswith(f"#{run}"):
            yield f"#{run}"
        else:
            yield run


def _is_counted(form: str) -> bool:
    return next(_things_in(form), None) == form


def _are_words(forms: list[str]) -> bool:
    return all(_WORD.fullmatch(form) and not _IS_UNSPACED.search(form) for form in forms)


def _ways(words: list[TermWord]) -> int:
    return prod(len(word.forms) for word in words)


def _least(counts: Iterable[int | None]) -> int | None:
    return min((count for count in counts if count is not None), default=None)
