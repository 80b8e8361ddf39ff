"""Learn how posts of past rumours are worded: the probe of vectors and words that is one feature of a likelihood.

Words count by their beginnings, and only those of several posts and events: what one event names says nothing of
rumours elsewhere.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from models.evaluation.gold import is_rumour, is_source
from models.judgement.embed import DIMENSIONS
from models.judgement.likelihood import WordingProbe, general_words
from models.text.words import wording_of
from models.training.rehearsal import UNREAD

# A word of one or two posts, or of one event alone, says nothing of rumours elsewhere.
LEAST_POSTS = 5
PROBE_REGULARISATION = 0.0003


@dataclass(frozen=True, slots=True)
class Sources:
    """The source posts of one event: vectors (n, d), words, and whether each is labelled rumour (n,)."""

    vectors: np.ndarray
    words: Sequence[set[str]]
    labels: np.ndarray


def sources_of(
    incidents: Sequence[Sequence[Mapping[str, Any]]], vectors: Sequence[Mapping[str, np.ndarray]]
) -> Sources:
    """Those of an event's labelled posts, incident by incident; `vectors` (d,) by post id, for each incident."""
    rows, words, labels = [], [], []
    for posts, of_incident in zip(incidents, vectors, strict=True):
        for post in filter(is_source, posts):
            rows.append(np.asarray(of_incident[post["id"]], np.float64))
            words.append(general_words(wording_of(post["text"]).words))
            labels.append(bool(is_rumour(post)))
    return Sources(np.reshape(rows, (-1, DIMENSIONS)), words, np.array(labels))


def fitted_probe(events: Sequence[Sources]) -> WordingProbe:
    """Fitted to events, each of which counts the same; without any it says nothing."""
    if not events:
        return UNREAD
    words = _words_of_several(events)
    columns = {word: place for place, word in enumerate(words)}
    told = np.zeros((sum(len(event.labels) for event in events), len(words)))
    for row, of_post in enumerate(chain.from_iterable(event.words for event in events)):
        told[row, [columns[word] for word in of_post if word in columns]] = 1
    values = np.hstack([np.concatenate([event.vectors for event in events]), told])
    labels = np.concatenate([event.labels for event in events])
    counts = np.concatenate([np.full(len(event.labels), 1 / len(event.labels)) for event in events])
    usual, deviations = values.mean(0), values.std(0) + 1e-6
    model = LogisticRegression(C=PROBE_REGULARISATION, max_iter=2_000)
    model.fit((values - usual) / deviations, labels, sample_weight=counts / counts.mean())
    weights = model.coef_[0] / deviations
    direction, of_words = ([round(float(value), 4) for value in part] for part in np.split(weights, [DIMENSIONS]))
    offset = round(float(model.intercept_[0] - weights @ usual), 4)
    return WordingProbe(
        offset, direction, {word: weight for word, weight in zip(words, of_words, strict=True) if weight}
    )


def _words_of_several(events: Sequence[Sources]) -> list[str]:
    """The words that several posts have, and of several events those that are not one event's own."""
    posts_with: Counter[str] = Counter()
    events_with: Counter[str] = Counter()
    for event in events:
        of_event = Counter(chain.from_iterable(event.words))
        posts_with.update(of_event)
        events_with.update(of_event.keys())
    least = min(2, len(events))
    return sorted(word for word, posts in posts_with.items() if posts >= LEAST_POSTS and events_with[word] >= least)
