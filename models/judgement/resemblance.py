"""How much one flow resembles another of the same incident, by meaning, words and time.

Meaning is the cosine of their vectors as they are. What an incident shares is not taken away: where all its posts are
about one claim, nothing of the claim would be left. Words are weighed by an idf learnt in the incident, so that a
word that all flows have counts nothing, and compared by their first five letters, which joins "crash" and "crashed"
without a dictionary.

Flows of the same time are more likely to make the same claim. Two texts that give different small numbers ("3 dead",
"13 dead") are less likely to.
"""

import math
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from scipy.sparse import csr_matrix

from models.text.words import is_figure, stem_of

WINDOW_FLOWS = 5_000
# Numbers with more digits are mostly years, times and flight numbers, which the whole incident has in common.
LONGEST_SMALL_NUMBER = 3
# With so many flows the incident's mean counts half, with more of them nearly whole.
MEAN_SETTLES_FLOWS = 20
# Words are weighed again when the incident has grown by this share, so that the cost of a flow does not grow.
REFIT_SHARE = 1 / 16


@dataclass(frozen=True, slots=True)
class ResemblanceWeights:
    """How much each part counts."""

    semantic_share: float = 0.7
    time_bonus: float = 0.07
    time_decay_hours: float = 3.0
    number_clash: float = 0.15


class FlowWindow:
    """The latest flows of one incident, to compare others with. A comparison costs the same however many came before.

    Each flow has a slot; slots from `start` to `filled` are compared with.
    """

    def __init__(self, dimensions: int, weights: ResemblanceWeights, *, window_flows: int = WINDOW_FLOWS):
        self._window = window_flows
        self._weights = weights
        # Twice the window, so that the oldest half is dropped only now and then.
        self._vectors = np.zeros((2 * window_flows, dimensions), np.float32)
        self._norms = np.ones(2 * window_flows)
        # So many slots, from the first, have a norm by the last fit.
        self._weighed = 0
        self._hours = np.zeros(2 * window_flows)
        self._stems: list[tuple[str, ...]] = []
        self._numbered = np.zeros(2 * window_flows, bool)
        self._filled = 0
        self._dropped = 0
        self._seen = 0
        self._sum = np.zeros(dimensions)
        self._fitted_upto = 0
        self._mean = np.zeros(dimensions, np.float32)
        self._usual = 0.0
        self._flows_with: Counter[str] = Counter()
        self._idf_of: dict[str, float] = {}
        self._postings: dict[str, array] = {}

    @property
    def start(self) -> int:
        """The first slot that is compared with; the flows before it will be dropped."""
        return max(0, self._filled - self._window)

    @property
    def filled(self) -> int:
        return self._filled

    @property
    def mean(self) -> np.ndarray:
        """The incident's mean vector (d,) at the last fit, drawn toward zero while few flows are known."""
        return self._mean

    @property
    def usual(self) -> float:
        """How much two flows of the incident resemble each other by meaning alone, on average, at the last fit."""
        return self._usual

    def add(self, vector: np.ndarray, words: Sequence[str], hours: float) -> int:
        """Remember a flow: its unit vector (d,), content words, and time in hours. Returns how many were dropped."""
        dropped = self._drop_oldest() if self._filled == len(self._vectors) else 0
        slot, stems = self._filled, _stems(words)
        self._filled += 1
        self._seen += 1
        self._vectors[slot] = vector
        self._hours[slot] = hours
        self._stems.append(stems)
        self._numbered[slot] = any(map(_is_small_number, stems))
        self._sum += vector
        for stem in stems:
            self._flows_with[stem] += 1
            self._postings.setdefault(stem, array("q")).append(self._dropped + slot)
        if self._seen >= self._fitted_upto * (1 + REFIT_SHARE):
            self._fit()
        return dropped

    def resemblances(self, vector: np.ndarray, words: Sequence[str], hours: float) -> np.ndarray:
        """A flow's resemblance to each known flow (n,), from about 0 to 1 + the time bonus."""
        self._weigh()
        known, stems = slice(self.start, self._filled), _stems(words)
        share = self._weights.semantic_share
        semantic = self._vectors[known] @ vector
        alike = share * semantic + (1 - share) * self._lexical(stems) + self._closeness(hours - self._hours[known])
        return alike - self._weights.number_clash * self._clashes(stems)

    def matrix(self, flows: int) -> np.ndarray:
        """The resemblance of the latest `flows` flows to each other: (n, n)."""
        self._weigh()
        known = slice(max(self.start, self._filled - flows), self._filled)
        share = self._weights.semantic_share
        vectors, hours = self._vectors[known], self._hours[known]
        words = self._weighted_words(known)
        lexical = (words @ words.T).toarray()
        alike = share * (vectors @ vectors.T) + (1 - share) * lexical + self._closeness(hours[:, None] - hours[None])
        return alike - self._weights.number_clash * self._clashes_among(known)

    def _idf(self, stem: str) -> float:
        """How rare a word was in this incident at the last fit: its idf, 0 for a word that all flows have."""
        known = self._idf_of.get(stem)
        return _rarity(0, self._fitted_upto) if known is None else known

    def _closeness(self, hours_apart: np.ndarray) -> np.ndarray:
        return self._weights.time_bonus * np.exp(-np.abs(hours_apart) / self._weights.time_decay_hours)

    def _fit(self) -> None:
        """Learn the incident's mean and its rare words again: the words of all known flows are to be weighed anew."""
        self._fitted_upto = self._seen
        self._idf_of = {stem: _rarity(flows, self._seen) for stem, flows in self._flows_with.items()}
        self._mean = (self._sum / (self._seen + MEAN_SETTLES_FLOWS)).astype(np.float32)
        pairs = max(1, self._seen * (self._seen - 1))
        self._usual = self._weights.semantic_share * float(self._sum @ self._sum - self._seen) / pairs
        self._weighed = 0

    def _weigh(self) -> None:
        """Weigh the words of the known flows that are not weighed yet: at the first comparison after they came.

        While a restart recalls flows there is none, and each is weighed once.
        """
        for slot in range(max(self._weighed, self.start), self._filled):
            self._norms[slot] = self._norm(self._stems[slot])
        self._weighed = self._filled

    def _norm(self, stems: Sequence[str]) -> float:
        return math.sqrt(sum(self._idf(stem) ** 2 for stem in stems)) or 1.0

    def _lexical(self, stems: Sequence[str]) -> np.ndarray:
        overlap = np.zeros(self._filled - self.start)
        for stem in stems:
            overlap[self._slots_with(stem)] += self._idf(stem) ** 2
        return np.minimum(overlap / (self._norm(stems) * self._norms[self.start : self._filled]), 1.0)

    def _clashes(self, stems: Sequence[str]) -> np.ndarray:
        """Which known flows give small numbers, but none of those among these words: (n,), all False without any."""
        numbers = [stem for stem in stems if _is_small_number(stem)]
        clashing = self._numbered[self.start : self._filled] & bool(numbers)
        for number in numbers:
            clashing[self._slots_with(number)] = False
        return clashing

    def _clashes_among(self, slots: slice) -> np.ndarray:
        """The same for the flows in `slots` with each other: (n, n)."""
        numbers = _incidence([[stem for stem in stems if _is_small_number(stem)] for stems in self._stems[slots]])
        numbered = self._numbered[slots]
        return numbered[:, None] & numbered[None] & ((numbers @ numbers.T).toarray() == 0)

    def _slots_with(self, stem: str) -> np.ndarray:
        """The known flows that have a word, as slots counted from `start`."""
        slots = np.frombuffer(self._postings.get(stem, b""), np.int64) - self._dropped - self.start
        return slots[np.searchsorted(slots, 0) :]

    def _weighted_words(self, slots: slice) -> csr_matrix:
        """The flows' words as rows of idf weights, each of unit length: (n, words)."""
        rows = self._stems[slots]
        idf = np.fromiter((self._idf(stem) for stem in chain.from_iterable(rows)), float)
        lengths = np.fromiter(map(len, rows), np.int64)
        words = _incidence(rows)
        words.data = idf / np.repeat(self._norms[slots], lengths)
        return words

    def _drop_oldest(self) -> int:
        """Forget the older half of the flows. Returns how many they were."""
        kept = slice(self._filled - self._window, self._filled)
        for column in (self._vectors, self._norms, self._hours, self._numbered):
            column[: self._window] = column[kept]
        self._stems = self._stems[kept]
        dropped = kept.start
        self._dropped += dropped
        self._filled = self._window
        self._weighed = max(0, self._weighed - dropped)
        for stem in list(self._postings):
            fresh = array("q", (ordinal for ordinal in self._postings[stem] if ordinal >= self._dropped))
            if fresh:
                self._postings[stem] = fresh
            else:
                del self._postings[stem]
        return dropped


def _incidence(rows: Sequence[Sequence[str]]) -> csr_matrix:
    """Which row has which word, 1 where it has: (rows, words), the words in order of appearance."""
    columns = {word: place for place, word in enumerate(dict.fromkeys(chain.from_iterable(rows)))}
    at = np.fromiter((columns[word] for word in chain.from_iterable(rows)), np.int64)
    ends = np.cumsum([0, *map(len, rows)])
    return csr_matrix((np.ones(len(at)), at, ends), shape=(len(rows), max(1, len(columns))))


def _is_small_number(word: str) -> bool:
    """Whether a word is a number of a few digits, as of dead or missing people.

    >>> _is_small_number("13"), _is_small_number("2014"), _is_small_number("dead")
    (True, False, False)
    """
    return is_figure(word) and len(word) <= LONGEST_SMALL_NUMBER


def _rarity(flows: int, of: int) -> float:
    """The smoothed idf (natural log) of a word that so many flows have.

    >>> round(_rarity(100, of=100), 1), round(_rarity(1, of=100), 1)
    (0.0, 4.2)
    """
    return max(0.0, math.log((of + 2) / (flows + 0.5)))


def _stems(words: Sequence[str]) -> tuple[str, ...]:
    """The distinct first letters of words, sorted, since the order of a set differs from run to run.

    >>> _stems(["crashed", "plane", "crash"])
    ('crash', 'plane')
    """
    return tuple(sorted({stem_of(word) for word in words}))
