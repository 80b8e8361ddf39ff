"""Same claim? Which rumours of an incident may be one claim, how probable that is, and why.

A pair is compared by what its rumours claim: the means of their vectors, as they are and less the incident's mean,
the words that are rare in the incident, and the times. A logistic form makes one probability of that. People decide:
the model only asks, and never about a pair that they keep apart.

A reason names words by their place in a post, and holds no words itself: when the post is erased, they are gone too.
"""

import math
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix

from models.domain.posts import Post
from models.judgement.naming import Title
from models.people.constraints import Pair
from models.store.messages import Suggestion, SuggestionReason
from models.text import plain
from models.text.marks import WHOLE_LINK
from models.text.words import NUMBER_WORDS, STOP_WORDS, Wording, is_figure, stem_of

# What bounds the work: the largest rumours are compared, each by the latest flows that make or answer its claim.
MOST_COMPARED = 400
LATEST_FLOWS = 100
MOST_A_RUMOUR = 3
LEAST_PROBABILITY = 0.5
TIME_DECAY_HOURS = 3.0
LONGEST_NUMBER = 3
# A number is a rumour's own, and a word is shared, where so many of the flows have it.
SHARE_WITH_NUMBER = 0.4
SHARE_WITH_WORD = 0.35
# The idf of a word that every third flow has: it tells no claims apart.
LEAST_RARITY = 1.1
MOST_WORDS_SHOWN = 4


class Evidence(NamedTuple):
    """How alike rumours are, each part a matrix (n, n) and a term of the logistic form."""

    meaning: np.ndarray
    centred_meaning: np.ndarray
    words: np.ndarray
    time: np.ndarray


# The proportions were learnt by comparing the pairs of rumours inside each of twelve labelled incidents. Judged on
# incidents left out, a pair of one story ranks before a pair of two in .84 of all cases, and .64 of what is suggested
# is right in the mean incident: nearly all where everybody speaks of one thing, hardly any (.02 to .14) where many
# related stories are well told apart already. Clashes of numbers or names and shared links brought nothing. How many
# pairs of an incident are one claim cannot be seen from their resemblance, so level and steepness were set by hand;
# above .7 a probability promises too much.
WEIGHTS = Evidence(meaning=1.8, centred_meaning=1.5, words=2.0, time=0.5)
INTERCEPT = -2.8


@dataclass(frozen=True, slots=True)
class Claims:
    """What is compared of one rumour: those who posted in it, and its flows in order of their first posts."""

    rumour: str
    people: int
    titles: Sequence[Title]


@dataclass(frozen=True, slots=True)
class _ClaimPost:
    """The words, their distinct stems, and the links of the post that opened a flow."""

    words: tuple[str, ...]
    stems: tuple[str, ...]
    links: tuple[str, ...]
    moment: datetime


@dataclass(frozen=True, slots=True)
class _Profile:
    """One rumour, summed up. `shares` are the parts of its flows that have each stem."""

    rumour: str
    people: int
    latest: Sequence[Title]
    mean: np.ndarray
    shares: dict[str, float]
    links: frozenset[str]
    numbers: frozenset[str]
    began: datetime
    ended: datetime


class SameClaims:
    """The words of an incident's claims, and the pairs of its rumours that may make one claim."""

    def __init__(self):
        self._posts: dict[str, _ClaimPost] = {}
        self._flows_with: Counter[str] = Counter()

    def learn(self, post: Post, wording: Wording, moment: datetime) -> None:
        """Remember the post that opens a flow which stands for itself; `moment` is its stream time."""
        # Interned: an incident has few words, and its posts repeat them.
        words = tuple(map(sys.intern, wording.words))
        links = tuple(dict.fromkeys(WHOLE_LINK.findall(plain(post.text))))
        stems = tuple(map(sys.intern, _stems(words)))
        self._posts[post.id] = _ClaimPost(words, stems, links, moment)
        self._flows_with.update(stems)

    def suggest(
        self, rumours: Iterable[Claims], incident_mean: np.ndarray, apart: Collection[Pair]
    ) -> list[Suggestion]:
        """The pairs that are at least as probable as not, at most three a rumour, the most probable first.

        None of the pairs, sorted by name, that people keep `apart`. `incident_mean` (d,) is the mean of all vectors.
        """
        # By name among equals: the order in which rumours are known differs after a restart.
        largest = sorted((one for one in rumours if one.titles), key=lambda one: (-one.people, one.rumour))
        profiles = [self._profile(one) for one in largest[:MOST_COMPARED]]
        if len(profiles) < 2:
            return []
        probable = probabilities(self.evidence(profiles, incident_mean))
        found: list[Suggestion] = []
        chosen: Counter[str] = Counter()
        for probability, one, other in _best_first(probable, profiles):
            names = one.rumour, other.rumour
            if names not in apart and max(chosen[name] for name in names) < MOST_A_RUMOUR:
                chosen.update(names)
                found.append(self._suggestion(one, other, probability))
        return found

    def evidence(self, profiles: Sequence[_Profile], incident_mean: np.ndarray) -> Evidence:
        """How alike rumours are, part by part."""
        means = np.stack([one.mean for one in profiles])
        stems = dict.fromkeys(chain.from_iterable(one.shares for one in profiles))
        rarity = {stem: self._rarity(stem) for stem in stems}
        rare = [{stem: share * rarity[stem] for stem, share in one.shares.items()} for one in profiles]
        began = np.array([_hours(one.began) for one in profiles])
        ended = np.array([_hours(one.ended) for one in profiles])
        gap = np.maximum(0.0, np.maximum(began[:, None] - ended[None], began[None] - ended[:, None]))
        words = _unit_rows(rare)
        return Evidence(
            meaning=_cosines(means),
            centred_meaning=_cosines(means - incident_mean),
            words=(words @ words.T).toarray(),
            time=np.exp(-gap / TIME_DECAY_HOURS),
        )

    def _profile(self, one: Claims) -> _Profile:
        latest = one.titles[-LATEST_FLOWS:]
        posts = [self._posts[title.post] for title in latest]
        with_stem = Counter(chain.from_iterable(each.stems for each in posts))
        shares = {stem: flows / len(posts) for stem, flows in sorted(with_stem.items())}
        # float16 vectors add up exactly in float64, in whatever order.
        mean = np.sum([title.vector.astype(np.float64) for title in latest], axis=0) / len(latest)
        return _Profile(
            one.rumour,
            one.people,
            latest,
            mean,
            shares,
            frozenset(link for each in posts for link in each.links),
            frozenset(stem for stem, share in shares.items() if share >= SHARE_WITH_NUMBER and _is_number(stem)),
            self._posts[one.titles[0].post].moment,
            max(each.moment for each in posts),
        )

    def _suggestion(self, one: _Profile, other: _Profile, probability: float) -> Suggestion:
        post, places = self._shared_words(one, other)
        reason = SuggestionReason(
            post=post,
            words=places,
            same_link=not one.links.isdisjoint(other.links),
            other_number=bool(one.numbers and other.numbers) and one.numbers.isdisjoint(other.numbers),
            since=max(one.began, other.began),
            people=(one.people, other.people),
        )
        return Suggestion(one.rumour, other.rumour, probability, reason)

    def _shared_words(self, one: _Profile, other: _Profile) -> tuple[str | None, tuple[int, ...]]:
        """The rare words that both have, by their places in the one post that has most of them."""
        shared = {
            stem: share * other.shares[stem] * self._rarity(stem) ** 2
            for stem, share in one.shares.items()
            if min(share, other.shares.get(stem, 0.0)) >= SHARE_WITH_WORD and self._rarity(stem) >= LEAST_RARITY
        }
        best, most = None, 0.0
        for title in (*one.latest, *other.latest):
            weight = sum(shared.get(stem, 0.0) for stem in self._posts[title.post].stems)
            if weight > most:
                best, most = title.post, weight
        if best is None:
            return None, ()
        place_of: dict[str, int] = {}
        for place, word in enumerate(self._posts[best].words):
            if word not in STOP_WORDS and stem_of(word) in shared:
                place_of.setdefault(stem_of(word), place)
        telling = sorted(place_of, key=lambda stem: (-shared[stem], stem))[:MOST_WORDS_SHOWN]
        return best, tuple(place_of[stem] for stem in telling)

    def _rarity(self, stem: str) -> float:
        """The smoothed idf of a word among the flows so far."""
        return max(0.0, math.log((len(self._posts) + 2) / (self._flows_with[stem] + 0.5)))


def probabilities(evidence: Evidence) -> np.ndarray:
    """How probable it is that two rumours make one claim: (n, n)."""
    logit = INTERCEPT + sum(weight * part for weight, part in zip(WEIGHTS, evidence, strict=True))
    return 1 / (1 + np.exp(-logit))


def _best_first(probable: np.ndarray, profiles: Sequence[_Profile]) -> list[tuple[float, _Profile, _Profile]]:
    """The pairs that are probable enough, each sorted by name."""
    pairs = [
        (round(float(probable[at]), 3), *sorted((profiles[place] for place in at), key=lambda one: one.rumour))
        for at in zip(*np.nonzero(np.triu(probable >= LEAST_PROBABILITY, 1)), strict=True)
    ]
    return sorted(pairs, key=lambda each: (-each[0], each[1].rumour, each[2].rumour))


def _cosines(rows: np.ndarray) -> np.ndarray:
    unit = rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9)
    return unit @ unit.T


def _unit_rows(weights: Sequence[dict[str, float]]) -> csr_matrix:
    """Weighted words as rows of unit length: (n, words)."""
    column_of: dict[str, int] = {}
    columns = [column_of.setdefault(word, len(column_of)) for row in weights for word in row]
    ends = np.cumsum([0, *map(len, weights)])
    lengths = [math.sqrt(sum(weight**2 for weight in row.values())) or 1.0 for row in weights]
    values = np.array([weight for row in weights for weight in row.values()], float)
    values /= np.repeat(lengths, np.diff(ends))
    return csr_matrix((values, np.array(columns, np.int64), ends), shape=(len(weights), max(1, len(column_of))))


def _stems(words: Iterable[str]) -> list[str]:
    """The distinct stems of the content words, in order."""
    return list(dict.fromkeys(stem_of(word) for word in words if word not in STOP_WORDS))


def _is_number(stem: str) -> bool:
    """Whether a stem is a small number, in figures or as a word.

    >>> _is_number("13"), _is_number("2014"), _is_number("seven"), _is_number("dead")
    (True, False, True, False)
    """
    return (is_figure(stem) and len(stem) <= LONGEST_NUMBER) or stem in _NUMBER_STEMS


_NUMBER_STEMS = frozenset(stem_of(word) for word in NUMBER_WORDS)


def _hours(moment: datetime) -> float:
    return moment.timestamp() / timedelta(hours=1).total_seconds()
