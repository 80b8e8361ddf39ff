"""Learn which clusters are rumours worth a look: logistic regression over what a cluster looks like as it grows.

A cluster's label is what most of its source posts are. It is looked at after its second, third, fifth … post and at
the end, as the board looks at it; every event counts the same, with its replies and without them. The sum is then
calibrated on the last looks at events that it was not fitted to. How a cluster's posts read is told by a probe that
has never seen that event, since it knows by heart those that it was fitted to (stacking, Wolpert 1992). Vectors are
of the published encoder, for the same reason.

An event without a rumour is chatter. It teaches what no rumour looks like; how likely a rumour is in an incident, it
does not tell, so nothing is calibrated on it.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from models.evaluation.gold import is_rumour, is_source, story_of
from models.judgement.cluster import ClusterSettings
from models.judgement.embed import ChildEncoder
from models.judgement.features import Tally
from models.judgement.likelihood import (
    FARTHEST_DEVIATIONS,
    FEATURES,
    WEIGHTS_FILE,
    WordingProbe,
    feature_values,
    settled,
)
from models.judgement.surfacing import LEAST_PEOPLE
from models.text.letters import is_read_by_encoder
from models.training.labelled import records
from models.training.rehearsal import Rehearsal, vectors_of
from models.training.wording import fitted_probe, sources_of
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
# What all chatter together counts for, beside one event. From .4 to 1.5 it hardly matters on events left out.
CHATTER_WEIGHT = 0.6
CHATTER = "chatter"
LEAST_SHARE = 0.05
LOOSE = 1e4
FARTHEST_SHIFT = 50.0


def train_likelihood(
    files: Sequence[Path],
    out: Path,
    *,
    leave_out: Sequence[str] = (),
    weights: Path,
    progress: Callable[[int, int], None],
) -> Path:
    """Learn from the labelled events, as `weights` group them; writes the part `likelihood` into `out`."""
    events = _events(files, leave_out)
    settings = ClusterSettings.load(weights)
    encoder = ChildEncoder(None)
    try:
        vectors = {event.name: [vectors_of(posts, encoder) for posts in event.incidents] for event in events}
    finally:
        encoder.close()
    read = {event.name: sources_of(event.incidents, vectors[event.name]) for event in events}
    looked = []
    for done, event in enumerate(events, start=1):
        unseen = fitted_probe([of_other for name, of_other in read.items() if name != event.name])
        looked.append(_looks(event, vectors[event.name], settings, unseen))
        progress(done, len(events))
    home = out / "likelihood"
    home.mkdir(parents=True, exist_ok=True)
    told = _fitted(looked) | {"wording": asdict(fitted_probe(list(read.values())))}
    (home / WEIGHTS_FILE).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    return sealed(home)


@dataclass(frozen=True, slots=True)
class _Event:
    """What counts as one event: the posts of an incident, or of several that hold nothing but chatter."""

    name: str
    incidents: Sequence[Sequence[Mapping[str, Any]]]
    is_chatter: bool = False


def _events(files: Sequence[Path], leave_out: Sequence[str]) -> list[_Event]:
    """The events that tell rumours from others, and last what is chatter, as one event.

    Of an event of one story, or hardly of anything else, only that story could be learnt.
    """
    of_incident: dict[str, list[Mapping[str, Any]]] = {}
    for record in records(files, leave_out=leave_out):
        of_incident.setdefault(record["collection"], []).append(record)
    events, chatter = [], []
    for incident, posts in of_incident.items():
        sources = [post for post in posts if is_source(post)]
        counts = Counter(label for post in sources if (label := is_rumour(post)) is not None)
        if len({story_of(post) for post in sources} - {None}) > 1 and min(counts[True], counts[False]) >= (
            LEAST_SHARE * counts.total()
        ):
            events.append(_Event(incident, [posts]))
        elif not counts[True] and (
            readable := [post for post in posts if is_rumour(post) is False and _is_readable(post)]
        ):
            chatter.append(readable)
    return [*events, _Event(CHATTER, chatter, is_chatter=True)] if chatter else events


def _is_readable(post: Mapping[str, Any]) -> bool:
    return is_read_by_encoder(post["text"], post.get("lang"))


@dataclass(frozen=True, slots=True)
class _Looks:
    """All looks at the clusters of one event.

    Features (n, f), how far each may be trusted (n, f), labels (n,), weights (n,), and which are last looks at a
    cluster that enough people carry to be put on the board (n,); none of chatter, on which nothing is calibrated.
    """

    values: np.ndarray
    trusted: np.ndarray
    labels: np.ndarray
    weights: np.ndarray
    final: np.ndarray


@dataclass(frozen=True, slots=True)
class _Sum:
    """A logistic sum over features in units of their spread. Features that hardly vary weigh nothing."""

    base: float
    weights: np.ndarray
    usual: np.ndarray
    deviations: np.ndarray

    @classmethod
    def fitted(cls, events: Sequence[_Looks]) -> "_Sum":
        """Fitted to looks (n, f) of events."""
        values, trusted, labels, weights, _ = (
            np.concatenate([getattr(event, field.name) for event in events]) for field in fields(_Looks)
        )
        usual, spread = values.mean(0), values.std(0)
        varies = spread >= LEAST_DEVIATION
        deviations = np.where(varies, spread, 1.0)
        model = LogisticRegression(C=REGULARISATION, max_iter=1_000)
        model.fit(_scaled(values, trusted, usual, deviations) * varies, labels, sample_weight=weights)
        return cls(float(model.intercept_[0]), np.where(varies, model.coef_[0], 0.0), usual, deviations)

    def log_odds(self, event: _Looks) -> np.ndarray:
        """Those of an event's looks (n,)."""
        return self.base + _scaled(event.values, event.trusted, self.usual, self.deviations) @ self.weights


def _scaled(values: np.ndarray, trusted: np.ndarray, usual: np.ndarray, deviations: np.ndarray) -> np.ndarray:
    return np.clip((values - usual) / deviations * trusted, -FARTHEST_DEVIATIONS, FARTHEST_DEVIATIONS)


def _fitted(events: Sequence[_Looks]) -> dict[str, Any]:
    """What LikelihoodModel reads, but for the wording."""
    of_all = _Sum.fitted(events)
    stretch, shift = _calibration(events, of_all)
    learnt = _named(stretch * of_all.weights)
    return {
        "base": round(stretch * of_all.base + shift, 4),
        "weights": {
            "claim_asks_for_proof": ASKS_FOR_PROOF,
            **{name: weight for name, weight in learnt.items() if weight},
        },
        "usual": _named(of_all.usual),
        "deviations": _named(of_all.deviations),
    }


def _calibration(events: Sequence[_Looks], of_all: _Sum) -> tuple[float, float]:
    """What log-odds are to be multiplied by and shifted by so that 0.7 means seven in ten (Platt 1999).

    Learnt from the last looks at each event, judged by what was fitted to the others; each event counts the same. How
    usual rumours are differs from event to event, so the slope is that within events, which have an intercept each;
    the shift is the one that makes as many rumours likely as there are. One event alone has no others.
    """
    odds, labels, weights, own = [], [], [], []
    for place, event in enumerate(events):
        if event.final.any():
            others = [other for other in events if other is not event]
            judged = _Sum.fitted(others) if others else of_all
            odds.append(judged.log_odds(event)[event.final])
            labels.append(event.labels[event.final])
            weights.append(np.full(event.final.sum(), 1 / event.final.sum()))
            own.append(np.eye(len(events))[np.full(event.final.sum(), place)])
    if not labels or len(set(np.concatenate(labels).tolist())) < 2:
        return 1.0, 0.0
    judged_odds, is_rumour_at, counts = np.concatenate(odds), np.concatenate(labels), np.concatenate(weights)
    model = LogisticRegression(C=LOOSE, fit_intercept=False, max_iter=2_000)
    columns = np.column_stack([judged_odds, np.concatenate(own)])
    model.fit(columns, is_rumour_at, sample_weight=counts / counts.mean())
    stretch = float(model.coef_[0, 0])

    def too_many(shift: float) -> float:
        return float(counts @ (expit(stretch * judged_odds + shift) - is_rumour_at))

    return stretch, float(brentq(too_many, -FARTHEST_SHIFT, FARTHEST_SHIFT))


def _looks(
    event: _Event, vectors: Sequence[Mapping[str, Any]], settings: ClusterSettings, wording: WordingProbe
) -> _Looks:
    """All looks at an event: with its replies, and without them, as platforms show it that give none."""
    of_event = 1_000 * (CHATTER_WEIGHT if event.is_chatter else 1.0)
    # Nobody answers chatter.
    views = [_every] if event.is_chatter else [_every, is_source]
    parts = []
    for keeps in views:
        rows = [
            row
            for place, posts in enumerate(event.incidents)
            for row in _rows(f"{event.name} {place}", list(filter(keeps, posts)), vectors[place], settings, wording)
        ]
        values, trusted, labels, weights, final = map(np.array, zip(*rows, strict=True))
        weights = weights / weights.sum() * of_event / len(views)
        parts.append(_Looks(values, trusted, labels, weights, final & (not event.is_chatter)))
    return _Looks(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(_Looks)))


def _every(post: Mapping[str, Any]) -> bool:
    return True


def _rows(
    incident: str,
    posts: Sequence[Mapping[str, Any]],
    vectors: Mapping[str, Any],
    settings: ClusterSettings,
    wording: WordingProbe,
) -> list[tuple]:
    """The looks at the clusters of one incident, as the fields of _Looks have them; each last look has its size."""
    rehearsal, looks, flow_of = Rehearsal(incident, settings, wording), [], {}
    for one in rehearsal.judged(posts, vectors):
        flow_of[one.post.id] = one.flow
        tally = rehearsal.tally(one.rumour)
        if tally is not None and tally.claiming in LOOKS and tally.answers % 5 == 0:
            looks.append((one.flow, *_look(tally, rehearsal)))
    rumours: dict[str, Counter[bool]] = {}
    for post in posts:
        if is_source(post):
            rumour = rehearsal.rumour(flow_of[post["id"]])
            rumours.setdefault(rumour, Counter())[bool(is_rumour(post))] += 1
    labels_of = {rumour: said[True] * 2 > said.total() for rumour, said in rumours.items()}
    rows = []
    for rumour, said in rumours.items():
        tally = rehearsal.tally(rumour)
        if tally is not None:
            is_crowd = tally.people >= LEAST_PEOPLE
            rows.append((*_look(tally, rehearsal), labels_of[rumour], said.total() ** 0.5, is_crowd))
    for flow, values, trusted in looks:
        if (rumour := rehearsal.rumour(flow)) in labels_of:
            rows.append((values, trusted, labels_of[rumour], LOOK_WEIGHT, False))
    return rows


def _look(tally: Tally, rehearsal: Rehearsal) -> tuple[list[float], list[float]]:
    values = feature_values(tally, rehearsal.state.now)
    return (
        [values[name] for name in FEATURES],
        [settled(name, tally) for name in FEATURES],
    )


def _named(row: Sequence[float]) -> dict[str, float]:
    return {name: round(float(value), 5) for name, value in zip(FEATURES, row, strict=True)}
