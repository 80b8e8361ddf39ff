"""Flows → rumours, online and in one pass: each flow joins the rumour it resembles most, or opens one.

Resemblance of two flows is the mean of a semantic and a lexical one, both with what the incident shares discounted,
since in one crisis every post shares its vocabulary: cosine of embeddings centred on the incident's running mean,
and cosine of tf-idf with the idf learnt inside the incident. Resemblance to a rumour blends its nearest flow with
the mean of its flows, between single and average linkage: nearest alone chains unlike claims together.

Measured on the source posts of four PHEME events (online, no gold, these weights for all): see the README.
"""

import math
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

WINDOW_FLOWS = 5_000
SEMANTIC_SHARE = 0.5
NEAREST_SHARE = 0.3
LEAST_RESEMBLANCE = 0.27
# The incident's mean counts fully only once so many flows have shaped it.
MEAN_SETTLES_FLOWS = 20
# Words in more than this share of flows tell nothing apart and cost the most to look up.
COMMON_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Nearest:
    """The rumour a flow resembles most and how much (about 0 to 1); `rumour` is None where nothing is near enough."""

    rumour: str | None
    resemblance: float


class OnlineClusterer:
    """The latest flows of one incident, to compare the next one with. `place` asks, `learn` remembers.

    The window bounds the cost: comparing takes time in the window's flows, never in all that is stored.
    """

    def __init__(self, dimensions: int, *, window_flows: int = WINDOW_FLOWS):
        self._window = window_flows
        # Twice the window, so that the oldest half is dropped only now and then.
        self._vectors = np.zeros((2 * window_flows, dimensions), np.float32)
        self._norms = np.zeros(2 * window_flows, np.float32)
        self._rumour_at = np.zeros(2 * window_flows, np.int32)
        self._rumours: list[str] = []
        self._place_of: dict[str, int] = {}
        self._filled = 0
        self._dropped = 0
        self._seen = 0
        self._sum = np.zeros(dimensions, np.float64)
        self._flows_with: Counter[str] = Counter()
        self._postings: dict[str, array] = {}

    def place(self, vector: np.ndarray, words: Sequence[str]) -> Nearest:
        """Where a flow with this unit vector (d,) and these content words belongs. Changes nothing."""
        start = max(0, self._filled - self._window)
        if start == self._filled:
            return Nearest(None, 0.0)
        resemblance = SEMANTIC_SHARE * self._semantic(vector, start) + (1 - SEMANTIC_SHARE) * self._lexical(
            words, start
        )
        at = self._rumour_at[start : self._filled]
        nearest = np.full(len(self._rumours), -1.0)
        np.maximum.at(nearest, at, resemblance)
        flows = np.bincount(at, minlength=len(self._rumours))
        mean = np.bincount(at, weights=resemblance, minlength=len(self._rumours)) / np.maximum(flows, 1)
        score = np.where(flows > 0, NEAREST_SHARE * nearest + (1 - NEAREST_SHARE) * mean, -1.0)
        best = int(score.argmax())
        near_enough = score[best] >= LEAST_RESEMBLANCE
        return Nearest(self._rumours[best] if near_enough else None, round(float(score[best]), 6))

    def learn(self, vector: np.ndarray, words: Sequence[str], rumour: str) -> None:
        """Remember that a flow belongs to `rumour`."""
        if self._filled == len(self._vectors):
            self._drop_oldest()
        place = self._filled
        self._filled += 1
        self._seen += 1
        self._vectors[place] = vector
        self._sum += vector
        self._rumour_at[place] = self._number(rumour)
        for word in set(words):
            self._flows_with[word] += 1
            self._postings.setdefault(word, array("q")).append(self._dropped + place)
        self._norms[place] = math.sqrt(sum(self.idf(word) ** 2 for word in sorted(set(words)))) or 1.0

    def _semantic(self, vector: np.ndarray, start: int) -> np.ndarray:
        mean = (self._sum / (self._seen + MEAN_SETTLES_FLOWS)).astype(np.float32)
        known = self._vectors[start : self._filled]
        # (v - m)·(x - m) without making the centred copies: two products with the window instead of one.
        products = known @ np.stack([vector, mean], axis=1)
        square = float(mean @ mean)
        numerator = products[:, 0] - products[:, 1] - float(vector @ mean) + square
        known_norms = np.sqrt(np.maximum(1 - 2 * products[:, 1] + square, 1e-9))
        return numerator / (known_norms * math.sqrt(max(1 - 2 * float(vector @ mean) + square, 1e-9)))

    def _lexical(self, words: Sequence[str], start: int) -> np.ndarray:
        size = self._filled - start
        overlap = np.zeros(size)
        own = 0.0
        for word in sorted(set(words)):
            weight = self.idf(word) ** 2
            own += weight
            postings = self._postings.get(word)
            if postings is None or self._flows_with[word] > max(20, COMMON_SHARE * self._seen):
                continue
            places = np.frombuffer(postings, np.int64) - self._dropped - start
            overlap[places[np.searchsorted(places, 0) :]] += weight
        return np.minimum(overlap / (math.sqrt(own or 1.0) * self._norms[start : self._filled]), 1.0)

    def idf(self, word: str) -> float:
        """How rare a word is in this incident so far (natural log, 0 for a word that all flows have)."""
        return max(0.0, math.log((self._seen + 2) / (self._flows_with[word] + 0.5)))

    def _number(self, rumour: str) -> int:
        if rumour not in self._place_of:
            self._place_of[rumour] = len(self._rumours)
            self._rumours.append(rumour)
        return self._place_of[rumour]

    def _drop_oldest(self) -> None:
        """Forget the older half; number the rumours that are left anew."""
        kept = slice(self._filled - self._window, self._filled)
        left, numbers = np.unique(self._rumour_at[kept], return_inverse=True)
        self._rumours = [self._rumours[number] for number in left]
        self._place_of = {rumour: number for number, rumour in enumerate(self._rumours)}
        for column in (self._vectors, self._norms):
            column[: self._window] = column[kept]
        self._rumour_at[: self._window] = numbers
        self._dropped += self._filled - self._window
        self._filled = self._window
        for word in list(self._postings):
            ordinals = self._postings[word]
            fresh = array("q", (ordinal for ordinal in ordinals if ordinal >= self._dropped))
            if fresh:
                self._postings[word] = fresh
            else:
                del self._postings[word]
