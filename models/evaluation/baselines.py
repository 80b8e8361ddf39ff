"""Ways to group source posts that our clusterer must beat: the trivial ones, and those of the field.

Each takes the source posts of an event in order and answers with a group a post, for each of a row of thresholds. Its
threshold is chosen once on the very events that are scored, which flatters, and once for each event on the others.
Thresholds are judged by the mean of B-cubed F1, AMI and best-match F1; ARI follows the largest story alone.
First-story detection: Petrović, Osborne and Lavrenko 2010.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_matrix
from scipy.spatial.distance import squareform

from models.evaluation.rumours import GROUPING, grouping
from models.evaluation.table import Column, Figures, Row, Table, row_of
from models.text.words import wording_of

STEPS = tuple(round(step / 40, 3) for step in range(4, 37))
JUDGED_BY = ("b_cubed_f1", "ami", "best_match_f1")
COLUMNS = (*GROUPING, Column("groups", "groups", 0), Column("threshold", "threshold"))
NOTE = (
    "Means over the same events. Flattered: one threshold, chosen on these events. Otherwise the threshold of each "
    "event was chosen on the others."
)


@dataclass(frozen=True)
class Stream:
    """The source posts of one event in order: gold stories (None: of none), texts, (n, d) unit vectors of MiniLM."""

    event: str
    stories: Sequence[str | None]
    texts: Sequence[str]
    vectors: np.ndarray

    @cached_property
    def lexical(self) -> np.ndarray:
        return tf_idf_of_stream(self.texts)


@dataclass(frozen=True)
class Baseline:
    """`group` gives the labels of a stream's posts for each threshold in turn; without thresholds, once."""

    name: str
    group: Callable[[Stream, Sequence[float]], list[list[int]]]
    thresholds: Sequence[float] = STEPS


def rumour_baselines(streams: Sequence[Stream], title: str) -> Table:
    """Every baseline over the same events, as means."""
    rows: list[Row] = []
    for baseline in BASELINES:
        thresholds = baseline.thresholds or (None,)
        scored = [
            [_scored(stream, labels) for labels in baseline.group(stream, baseline.thresholds)] for stream in streams
        ]
        best = _best(scored)
        flattered = [of_event[best] for of_event in scored]
        if thresholds == (None,):
            rows.append(row_of(baseline.name, _mean(flattered)))
            continue
        rows.append(row_of(f"{baseline.name}, flattered", {**_mean(flattered), "threshold": thresholds[best]}))
        if len(streams) > 1:
            chosen = [_best(scored[:event] + scored[event + 1 :]) for event in range(len(streams))]
            unseen = [of_event[place] for of_event, place in zip(scored, chosen, strict=True)]
            mean_threshold = float(np.mean([thresholds[place] for place in chosen]))
            rows.append(row_of(baseline.name, {**_mean(unseen), "threshold": mean_threshold}))
    return Table(title, "baseline", COLUMNS, rows, NOTE)


def tf_idf_of_stream(texts: Sequence[str]) -> np.ndarray:
    """(n, n) cosines of binary tf-idf with the idf learnt in the stream: entry (i, j), j < i, as post i came.

    Above the diagonal stands nothing: nobody knew those posts yet.
    """
    words_of = [sorted(set(wording_of(text).content)) for text in texts]
    column = {word: place for place, word in enumerate(dict.fromkeys(word for words in words_of for word in words))}
    indices = [column[word] for words in words_of for word in words]
    bounds = np.cumsum([0, *(len(words) for words in words_of)])
    binary = csr_matrix((np.ones(len(indices)), indices, bounds), shape=(len(texts), max(len(column), 1)))
    posts_with = np.zeros(binary.shape[1])
    similarities = np.zeros((len(texts), len(texts)), np.float32)
    for place in range(len(texts)):
        own = binary.indices[bounds[place] : bounds[place + 1]]
        posts_with[own] += 1
        squares = (np.log((place + 2) / (posts_with + 1)) + 1) ** 2
        asked = np.zeros(binary.shape[1])
        asked[own] = squares[own]
        known = binary[:place]
        lengths = np.sqrt((known @ squares) * max(asked.sum(), 1e-12))
        similarities[place, :place] = (known @ asked) / np.maximum(lengths, 1e-12)
    return similarities


def nearest_neighbour(similarities: np.ndarray, thresholds: Sequence[float]) -> list[list[int]]:
    """Each post joins the most similar earlier one where that is similar enough, or opens a group. One pass."""
    size = len(similarities)
    nearest = [int(similarities[place, :place].argmax()) if place else -1 for place in range(size)]
    near = [similarities[place, nearest[place]] if place else -np.inf for place in range(size)]
    grouped = []
    for threshold in thresholds:
        labels: list[int] = []
        for place in range(size):
            labels.append(labels[nearest[place]] if near[place] >= threshold else place)
        grouped.append(labels)
    return grouped


def running_centroids(vectors: np.ndarray, thresholds: Sequence[float]) -> list[list[int]]:
    """Each post joins the group of the nearest centroid where it is near enough (cosine), and moves it. One pass."""
    grouped = []
    for threshold in thresholds:
        sums = np.zeros_like(vectors, dtype=np.float32)
        lengths = np.ones(len(vectors), np.float32)
        labels: list[int] = []
        opened = 0
        for vector in vectors:
            near = sums[:opened] @ vector / lengths[:opened]
            label = int(near.argmax()) if opened and near.max() >= threshold else opened
            opened += label == opened
            sums[label] += vector
            lengths[label] = np.linalg.norm(sums[label]) or 1.0
            labels.append(label)
        grouped.append(labels)
    return grouped


def average_linkage(similarities: np.ndarray, thresholds: Sequence[float]) -> list[list[int]]:
    """Groups of the whole event at once, merged while their mean similarity is enough: it sees the future."""
    if len(similarities) < 2:
        return [[0] * len(similarities) for _ in thresholds]
    # Rounded vectors can be nearer to each other than to themselves.
    tree = linkage(squareform(np.maximum(1 - similarities, 0), checks=False), "average")
    return [fcluster(tree, 1 - threshold, "distance").tolist() for threshold in thresholds]


def centred(vectors: np.ndarray) -> np.ndarray:
    """Unit vectors less their mean, of unit length again: what the whole event shares is discounted."""
    rest = vectors - vectors.mean(axis=0)
    return rest / np.maximum(np.linalg.norm(rest, axis=1, keepdims=True), 1e-9)


def _cosines(vectors: np.ndarray) -> np.ndarray:
    return vectors @ vectors.T


def _both(stream: Stream, vectors: np.ndarray) -> np.ndarray:
    return (_cosines(vectors) + stream.lexical + stream.lexical.T) / 2


BASELINES = (
    Baseline("all in one", lambda stream, _: [[0] * len(stream.stories)], ()),
    Baseline("each its own", lambda stream, _: [list(range(len(stream.stories)))], ()),
    Baseline(
        "nearest neighbour (first-story detection), tf-idf",
        lambda stream, steps: nearest_neighbour(stream.lexical, steps),
    ),
    Baseline("nearest neighbour, MiniLM", lambda stream, steps: nearest_neighbour(_cosines(stream.vectors), steps)),
    Baseline("running centroids, MiniLM", lambda stream, steps: running_centroids(stream.vectors, steps)),
    Baseline(
        "nearest neighbour, mean of both",
        lambda stream, steps: nearest_neighbour(_both(stream, stream.vectors), steps),
    ),
    Baseline(
        "the same, centred on the event's mean (sees the future)",
        lambda stream, steps: nearest_neighbour(_both(stream, centred(stream.vectors)), steps),
    ),
    Baseline(
        "offline average linkage on both (sees the future)",
        lambda stream, steps: average_linkage(_both(stream, stream.vectors), steps),
    ),
)


def _scored(stream: Stream, labels: Sequence[int]) -> Figures:
    return {**grouping(stream.stories, labels), "groups": len(Counter(labels))}


def _best(scored: Sequence[Sequence[Figures]]) -> int:
    """The place of the threshold that is best on these events."""
    worth = [
        sum(of_event[place].get(key) or 0.0 for of_event in scored for key in JUDGED_BY)
        for place in range(len(scored[0]))
    ]
    return int(np.argmax(worth))


def _mean(figures: Sequence[Figures]) -> Figures:
    keys = [column.key for column in COLUMNS if column.key != "threshold"]
    known = {key: [run[key] for run in figures if run.get(key) is not None] for key in keys}
    return {key: float(np.mean(values)) if values else None for key, values in known.items()}
