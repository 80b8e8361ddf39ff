"""Learn which clusters are rumours worth a look: logistic regression over what a cluster looks like as it grows.

A cluster's label is what most of its source posts are. It is looked at after its second, third, fifth … post and at
the end, as the board looks at it; every event counts the same. The sum is then calibrated on the last looks. How a
cluster's posts read is told by a probe that has never seen that event, since it knows by heart those that it was
fitted to (stacking, Wolpert 1992). Vectors are of the published encoder, for the same reason.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from models.evaluation.gold import is_rumour, is_source
from models.judgement.cluster import ClusterSettings
from models.judgement.embed import DIMENSIONS, ChildEncoder
from models.judgement.features import Tally
from models.judgement.likelihood import (
    FARTHEST_DEVIATIONS,
    FEATURES,
    WEIGHTS_FILE,
    WordingProbe,
    feature_values,
    general_words,
    settled,
)
from models.judgement.surfacing import LEAST_PEOPLE
from models.text.words import wording_of
from models.training.labelled import records
from models.training.rehearsal import UNREAD, Rehearsal, vectors_of
from models.weights import sealed

# No labelled source post asks for proof, the earliest mark of a rumour (Zhao, Resnick and Mei 2015): what that counts
# for is set by hand where it cannot be learnt.
ASKS_FOR_PROOF = 8.0
# A feature that hardly ever varies teaches nothing.
LEAST_DEVIATION = 1e-3
LOOKS = frozenset({2, 3, 5, 8, 13, 21, 34})
# The board looks when a cluster is young, so each early look counts nearly as much as a lone post at the end.
LOOK_WEIGHT = 5 / 7
REGULARISATION = 0.007
# A word of one or two posts, or of one event alone, says nothing of rumours elsewhere.
LEAST_POSTS = 5
PROBE_REGULARISATION = 0.0003
LOOSE = 1e6


def train_likelihood(
    files: Sequence[Path],
    out: Path,
    *,
    leave_out: Sequence[str] = (),
    weights: Path,
    progress: Callable[[int, int], None],
) -> Path:
    """Learn from the labelled events, as `weights` group them; writes the part `likelihood` into `out`."""
    of_event: dict[str, list[Mapping[str, Any]]] = {}
    for record in records(files, leave_out=leave_out):
        of_event.setdefault(record["collection"], []).append(record)
    of_event = {event: posts for event, posts in of_event.items() if _tells_rumours_from_others(posts)}
    settings = ClusterSettings.load(weights)
    encoder = ChildEncoder(None)
    try:
        vectors = {event: vectors_of(posts, encoder) for event, posts in of_event.items()}
    finally:
        encoder.close()
    read = {event: _sources(posts, vectors[event]) for event, posts in of_event.items()}
    looked = []
    for done, (event, posts) in enumerate(of_event.items(), start=1):
        unseen = _probe([of_other for other, of_other in read.items() if other != event])
        looked.append(_looks(event, posts, vectors[event], settings, unseen))
        progress(done, len(of_event))
    home = out / "likelihood"
    home.mkdir(parents=True, exist_ok=True)
    told = _fitted(looked) | {"wording": asdict(_probe(list(read.values())))}
    (home / WEIGHTS_FILE).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    return sealed(home)


@dataclass(frozen=True, slots=True)
class _Looks:
    """All looks at the clusters of one event.

    Features (n, f), how far each may be trusted (n, f), labels (n,), weights (n,), and which are last looks at a
    cluster that enough people carry to be put on the board (n,).
    """

    values: np.ndarray
    trusted: np.ndarray
    labels: np.ndarray
    weights: np.ndarray
    final: np.ndarray


def _fitted(events: Sequence[_Looks]) -> dict[str, Any]:
    """What LikelihoodModel reads, but for the wording."""
    values, trusted, labels, weights, final = (
        np.concatenate([getattr(event, field.name) for event in events]) for field in fields(_Looks)
    )
    usual, deviations = values.mean(0), values.std(0)
    varies = deviations >= LEAST_DEVIATION
    deviations = np.where(varies, deviations, 1.0)
    scaled = np.clip((values - usual) / deviations * trusted, -FARTHEST_DEVIATIONS, FARTHEST_DEVIATIONS)
    model = LogisticRegression(C=REGULARISATION, max_iter=1_000).fit(scaled, labels, sample_weight=weights)
    stretch, shift = _calibration(model.decision_function(scaled)[final], labels[final])
    learnt = _named(np.where(varies, stretch * model.coef_[0], 0.0))
    return {
        "base": round(float(stretch * model.intercept_[0] + shift), 4),
        "weights": {
            "claim_asks_for_proof": ASKS_FOR_PROOF,
            **{name: weight for name, weight in learnt.items() if weight},
        },
        "usual": _named(usual),
        "deviations": _named(deviations),
    }


@dataclass(frozen=True, slots=True)
class _Sources:
    """The source posts of one event: vectors (n, d), words, and whether each is labelled rumour (n,)."""

    vectors: np.ndarray
    words: Sequence[set[str]]
    labels: np.ndarray


def _sources(posts: Sequence[Mapping[str, Any]], vectors: Mapping[str, np.ndarray]) -> _Sources:
    sources = [post for post in posts if is_source(post)]
    rows = [np.asarray(vectors[post["id"]], np.float64) for post in sources]
    words = [general_words(wording_of(post["text"]).words) for post in sources]
    labels = np.array([bool(is_rumour(post)) for post in sources])
    return _Sources(np.reshape(rows, (-1, DIMENSIONS)), words, labels)


def _probe(events: Sequence[_Sources]) -> WordingProbe:
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


def _words_of_several(events: Sequence[_Sources]) -> list[str]:
    """The words that several posts have, and of several events those that are not one event's own."""
    posts_with: Counter[str] = Counter()
    events_with: Counter[str] = Counter()
    for event in events:
        of_event = Counter(chain.from_iterable(event.words))
        posts_with.update(of_event)
        events_with.update(of_event.keys())
    least = min(2, len(events))
    return sorted(word for word, posts in posts_with.items() if posts >= LEAST_POSTS and events_with[word] >= least)


def _looks(
    event: str,
    posts: Sequence[Mapping[str, Any]],
    vectors: Mapping[str, Any],
    settings: ClusterSettings,
    wording: WordingProbe,
) -> _Looks:
    rehearsal, looks, flow_of = Rehearsal(event, settings, wording), [], {}
    for one in rehearsal.judged(posts, vectors):
        flow_of[one.post.id] = one.flow
        tally = rehearsal.state.tally(one.rumour)
        if tally.claiming in LOOKS and tally.answers % 5 == 0:
            looks.append((one.flow, *_look(tally, rehearsal)))
    rumours: dict[str, Counter[bool]] = {}
    for post in posts:
        if is_source(post):
            rumour = rehearsal.rumour(flow_of[post["id"]])
            rumours.setdefault(rumour, Counter())[bool(is_rumour(post))] += 1
    labels_of = {rumour: said[True] * 2 > said.total() for rumour, said in rumours.items()}
    rows = []
    for rumour, said in rumours.items():
        tally = rehearsal.state.tally(rumour)
        rows.append((*_look(tally, rehearsal), labels_of[rumour], said.total() ** 0.5, tally.people >= LEAST_PEOPLE))
    for flow, values, trusted in looks:
        if (rumour := rehearsal.rumour(flow)) in labels_of:
            rows.append((values, trusted, labels_of[rumour], LOOK_WEIGHT, False))
    values, trusted, labels, weights, final = map(np.array, zip(*rows, strict=True))
    return _Looks(values, trusted, labels, weights / weights.sum() * 1_000, final)


def _calibration(scores: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """What log-odds (n,) are to be multiplied by and shifted by so that 0.7 means seven in ten (Platt 1999)."""
    if len(set(labels.tolist())) < 2:
        return 1.0, 0.0
    model = LogisticRegression(C=LOOSE).fit(scores[:, None], labels)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def _tells_rumours_from_others(posts: Sequence[Mapping[str, Any]]) -> bool:
    """Whether an event has both; one of rumours alone says only that rumours are usual."""
    return len({bool(is_rumour(post)) for post in posts if is_source(post)}) == 2


def _look(tally: Tally, rehearsal: Rehearsal) -> tuple[list[float], list[float]]:
    values = feature_values(tally, rehearsal.state.now)
    return (
        [values[name] for name in FEATURES],
        [settled(name, tally) for name in FEATURES],
    )


def _named(row: Sequence[float]) -> dict[str, float]:
    return {name: round(float(value), 5) for name, value in zip(FEATURES, row, strict=True)}
