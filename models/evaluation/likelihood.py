"""Likelihood: does it tell rumours from the rest, are the most likely ones rumours, and does 0.7 mean seven in ten?

Two populations. *Posts*: every source post with the likelihood of its rumour at the end, labelled rumour or not.
*Clusters*: every rumour of at least three people and a source post, labelled rumour where more than half of its
source posts are. An event gives `JudgedCluster`s, and all figures follow from these, for one event or for several
together: calibration needs more clusters than one event has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.evaluation.gold import LabelledPost
from models.evaluation.metrics import (
    auprc,
    brier,
    calibration_error,
    macro_f1,
    mean_and_sd,
    per_class_f1,
    precision_at,
)
from models.evaluation.outcome import Outcome
from models.evaluation.table import Cell, Column, Figures, Row, Table, rows_of_events

LEAST_PEOPLE = 3
FIRST = 10

OF_POSTS = (
    Column("posts", "source posts", 0),
    Column("base_rate", "base rate"),
    Column("macro_f1", "macro-F1"),
    Column("f1", "rumour F1"),
    Column("auprc", "AUPRC"),
)
COLUMNS = (
    *OF_POSTS,
    Column("clusters", "clusters", 0),
    Column("cluster_base_rate", "base rate"),
    Column("cluster_macro_f1", "macro-F1"),
    Column("cluster_f1", "rumour F1"),
    Column("cluster_auprc", "AUPRC"),
    Column("precision_at_10", "precision at 10"),
    Column("calibration_error", "ECE"),
    Column("brier", "Brier"),
)
NOTE = (
    "Left: source posts with the likelihood of their rumour at the end. Right: rumours of at least three people, "
    "labelled by more than half of their source posts; ECE over ten bins of equal mass, high by chance where "
    "clusters are few: read it in the row of all events together."
)


@dataclass(frozen=True, slots=True)
class JudgedCluster:
    """A rumour at the end: its likelihood (None: never scored), distinct authors, and its source posts by label."""

    likelihood: float | None
    people: int
    rumour_posts: int
    other_posts: int

    @property
    def is_rumour(self) -> bool:
        return self.rumour_posts > self.other_posts


def clusters(outcome: Outcome, posts: Sequence[LabelledPost]) -> list[JudgedCluster]:
    """The rumours of one event that have a labelled source post. A post of unknown author counts as one person."""
    labels: dict[str, list[bool]] = {}
    people: dict[str, set[str]] = {}
    likelihoods: dict[str, float | None] = {}
    for post, row in outcome.beside(posts):
        people.setdefault(row.rumour, set()).add(f"author {post.author}" if post.author else f"post {post.id}")
        if post.is_source and post.is_rumour is not None:
            labels.setdefault(row.rumour, []).append(post.is_rumour)
            likelihoods[row.rumour] = row.likelihood
    return [
        JudgedCluster(likelihoods[rumour], len(people[rumour]), sum(told), len(told) - sum(told))
        for rumour, told in labels.items()
    ]


def figures(judged: Sequence[JudgedCluster], threshold: float) -> Figures:
    """The figures of clusters, by the keys of COLUMNS; those never scored are left out. `threshold`: as shipped."""
    scored = [cluster for cluster in judged if cluster.likelihood is not None]
    crowds = [cluster for cluster in scored if cluster.people >= LEAST_PEOPLE]
    labels = [label for one in scored for label in [True] * one.rumour_posts + [False] * one.other_posts]
    scores = [one.likelihood for one in scored for _ in range(one.rumour_posts + one.other_posts)]
    of_crowds = [cluster.is_rumour for cluster in crowds]
    likelihoods = [cluster.likelihood for cluster in crowds]
    by_cluster = decided(of_crowds, likelihoods, threshold)
    return {
        "posts": len(labels),
        **decided(labels, scores, threshold),
        "clusters": len(crowds),
        **{f"cluster_{key}": value for key, value in by_cluster.items()},
        "precision_at_10": precision_at(FIRST, of_crowds, likelihoods),
        "calibration_error": calibration_error(of_crowds, likelihoods),
        "brier": brier(of_crowds, likelihoods),
    }


def decided(labels: Sequence[bool], scores: Sequence[float], threshold: float) -> dict[str, float | None]:
    """How well scores of at least `threshold` tell rumours: base rate, macro-F1, F1 of rumours, and AUPRC."""
    if not labels:
        return {}
    found = [score >= threshold for score in scores]
    return {
        "base_rate": sum(labels) / len(labels),
        "macro_f1": macro_f1(labels, found, [True, False]),
        "f1": per_class_f1(labels, found, [True])[True],
        "auprc": auprc(labels, scores),
    }


def table(runs: Mapping[str, Sequence[Sequence[JudgedCluster]]], threshold: float, title: str) -> Table:
    """Event → the clusters of its runs (one a seed), as one table whose last row takes all events together.

    The mean is over the events that have both rumours and others among their source posts.
    """
    of_events = {event: [figures(run, threshold) for run in of_event] for event, of_event in runs.items()}
    rows = rows_of_events(of_events, COLUMNS, counts=lambda run: 0 < (run.get("base_rate") or 0) < 1)
    together = [
        figures([cluster for run in of_run for cluster in run], threshold)
        for of_run in zip(*runs.values(), strict=False)
    ]
    if len(runs) > 1 and together:
        cells = {column.key: Cell(*mean_and_sd([run.get(column.key) for run in together])) for column in COLUMNS}
        rows.append(Row("all together", cells))
    return Table(title, "event", COLUMNS, rows, NOTE)
