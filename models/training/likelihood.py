"""Learn which clusters are rumours worth a look: logistic regression over what a cluster looks like as it grows.

A cluster's label is what most of its source posts are. It is looked at after its second, third, fifth … post and at
the end, as the board looks at it; every event counts the same.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from models.cluster import ClusterSettings
from models.embed import ChildEncoder
from models.likelihood import FARTHEST_DEVIATIONS, FEATURES, WEIGHTS_FILE, features, settled
from models.tally import Tally
from models.training.labelled import records
from models.training.rehearsal import Rehearsal, vectors_of
from models.weights import sealed

# No labelled event says which accounts are official, so their part is set by hand: log-odds when all posts are.
OFFICIAL = -4.0
# A feature that hardly ever varies teaches nothing.
LEAST_DEVIATION = 1e-3
LOOKS = frozenset({2, 3, 5, 8, 13, 21, 34})
REGULARISATION = 0.1


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
    for record in records(files):
        if record["collection"] not in leave_out:
            of_event.setdefault(record["collection"], []).append(record)
    settings = ClusterSettings.load(weights)
    encoder = ChildEncoder(weights)
    looked = []
    try:
        for done, (event, posts) in enumerate(of_event.items(), start=1):
            looked.append(_looks(event, posts, vectors_of(posts, encoder), settings))
            progress(done, len(of_event))
    finally:
        encoder.close()
    values, trusted, labels, counts = (np.concatenate(column) for column in zip(*looked, strict=True))
    usual, deviations = values.mean(0), values.std(0)
    varies = deviations >= LEAST_DEVIATION
    deviations = np.where(varies, deviations, 1.0)
    scaled = np.clip((values - usual) / deviations * trusted, -FARTHEST_DEVIATIONS, FARTHEST_DEVIATIONS)
    model = LogisticRegression(C=REGULARISATION, max_iter=1_000).fit(scaled, labels, sample_weight=counts)
    learnt = _named(np.where(varies, model.coef_[0], 0.0))
    home = out / "likelihood"
    home.mkdir(parents=True, exist_ok=True)
    told = {
        "base": round(float(model.intercept_[0]), 4),
        "weights": {name: weight for name, weight in learnt.items() if weight} | {"official_share": OFFICIAL},
        "usual": _named(usual),
        "deviations": _named(deviations),
    }
    (home / WEIGHTS_FILE).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    return sealed(home)


def _looks(
    event: str, posts: Sequence[Mapping[str, Any]], vectors: Mapping[str, Any], settings: ClusterSettings
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Features (n, f), how far each may be trusted (n, f), labels (n,), weights (n,) of every look at a cluster."""
    rehearsal, looks, flow_of = Rehearsal(event, settings), [], {}
    for one in rehearsal.judged(posts, vectors):
        flow_of[one.post.id] = one.flow
        tally = rehearsal.state.tally(one.rumour)
        if tally.claiming in LOOKS and tally.answers % 5 == 0:
            looks.append((one.flow, 1.0, *_look(tally, rehearsal)))
    rumours: dict[str, Counter[bool]] = {}
    for post in posts:
        if post["gold"].get("is_source"):
            rumour = rehearsal.rumour(flow_of[post["id"]])
            rumours.setdefault(rumour, Counter())[bool(post["gold"].get("is_rumour"))] += 1
    is_rumour = {rumour: said[True] * 2 > said.total() for rumour, said in rumours.items()}
    rows = [
        (*_look(rehearsal.state.tally(rumour), rehearsal), is_rumour[rumour], float(said.total()))
        for rumour, said in rumours.items()
    ]
    for flow, weight, values, trusted in looks:
        if (rumour := rehearsal.rumour(flow)) in is_rumour:
            rows.append((values, trusted, is_rumour[rumour], weight / len(LOOKS)))
    values, trusted, labels, counts = zip(*rows, strict=True)
    counts = np.array(counts)
    return np.array(values), np.array(trusted), np.array(labels), counts / counts.mean() / len(counts) * 1_000


def _look(tally: Tally, rehearsal: Rehearsal) -> tuple[list[float], list[float]]:
    values = features(tally, rehearsal.state.now)
    return (
        [values[name] for name in FEATURES],
        [settled(name, tally.claiming, tally.answers) for name in FEATURES],
    )


def _named(row: Sequence[float]) -> dict[str, float]:
    return {name: round(float(value), 5) for name, value in zip(FEATURES, row, strict=True)}
