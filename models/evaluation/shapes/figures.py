"""One run of one incident → all its figures, by question: grouping, board, stance, likelihood, regrouping, names."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from models.domain.rumours import EventKind
from models.evaluation import naming, rumours, stance
from models.evaluation.gold import LabelledPost
from models.evaluation.likelihood import decided
from models.evaluation.metrics import best_match_f1
from models.evaluation.naming import Encode
from models.evaluation.outcome import Outcome
from models.evaluation.regrouping import share_moved
from models.evaluation.shapes import board
from models.evaluation.shapes.board import LEAST_POSTS
from models.evaluation.table import Column, Figures

# What has no stance yet is drawn as a comment.
UNJUDGED = "comment"
CHART_POSTS = 20
LIKELY = 0.5
# A mean over stances says little of an incident where people took but one or two of them.
LEAST_STANCES = 3

GROUPING = (
    Column("posts", "source posts", 0, best=None),
    Column("stories", "stories", 0, best=None),
    Column("rumours", "rumours", 0, best=None),
    *(
        Column(f"first_{column.key}", f"{column.heading}, first")
        for column in rumours.GROUPING
        if column.key != "ari"
    ),
    *(column for column in rumours.GROUPING if column.key != "ari"),
    Column("best_match_of_small", "best-match F1 of 3+"),
    Column("moved", "moved by a regrouping", best="less"),
    Column("retrieval_at_1", "names: retrieval@1"),
)
STANCE = (
    Column("free_posts", "free-standing posts", 0, best=None),
    Column("free_macro_f1", "macro-F1"),
    *(Column(f"free_{label}_recall", f"{label} recall") for label in stance.LABELS),
    Column("macro_f1", "macro-F1, all posts"),
    Column("chart", "chart error", best="less"),
    Column("false_support", "taken for support", best="less"),
)
LIKELIHOOD = (
    Column("posts", "source posts", 0, best=None),
    Column("base_rate", "base rate", best=None),
    Column("macro_f1", "macro-F1"),
    Column("auprc", "AUPRC"),
)
GROUPING_NOTE = (
    "Source posts against the stories that people wrote; first as judged when they came, the rest as consolidated "
    "at the end. Best match: stories of five source posts and more, and beside it of three and more, posts of no "
    "story counted as noise. Moved: the share of the flows on the board that one consolidation puts elsewhere, mean "
    "over consolidations. Names: is a rumour's story, among those of the incident, the nearest to its title by an "
    "encoder that was never tuned?"
)
STANCE_NOTE = (
    "Posts and quotes that answer nothing; macro-F1 where three stances or all four are labelled. Chart error: half "
    "the sum of the differences between the judged and the labelled share of each stance, mean over stories of "
    "twenty labelled posts and more. Taken for support: the share of the posts of another labelled stance that are "
    "judged to support."
)
LIKELIHOOD_NOTE = (
    "Source posts labelled rumour or not, by the likelihood of their rumour at the end; from .5 on it is one."
)


def figures(outcome: Outcome, posts: Sequence[LabelledPost], encode: Encode) -> dict[str, Figures]:
    """The figures of one incident by question. `encode` gives (n, d) unit rows by an encoder that was never tuned."""
    beside = outcome.beside(posts)
    titles = _titles(outcome)
    return {
        "grouping": {
            **_grouping(outcome, posts),
            "moved": share_moved(outcome.passes),
            "retrieval_at_1": naming.figures(outcome, posts, encode)["retrieval_at_1"],
        },
        "board": board.figures(beside, titles),
        "stance": stance_figures([(post, row.stance or UNJUDGED) for post, row in beside]),
        "likelihood": likelihood_figures([(post, row.likelihood or 0.0) for post, row in beside], LIKELY),
    }


def _titles(outcome: Outcome) -> dict[str, str]:
    """The post whose words name each rumour at the end, but for those that no post states."""
    latest = {event.rumour: event for event in outcome.events if event.kind is EventKind.TITLE}
    return {rumour: event.post for rumour, event in latest.items() if event.detail.get("states_claim", True)}


def _grouping(outcome: Outcome, posts: Sequence[LabelledPost]) -> Figures:
    told = [(post.story, row.rumour) for post, row in outcome.beside([post for post in posts if post.is_source])]
    small = best_match_f1(*zip(*told, strict=True), LEAST_POSTS) if told else None
    # How fast it went differs from run to run.
    of_run = {key: value for key, value in rumours.figures(outcome, posts).items() if key != "posts_a_second"}
    return {**of_run, "best_match_of_small": small}


def stance_figures(judged: Sequence[tuple[LabelledPost, str]]) -> Figures:
    """The figures of posts and their judged stances, by the keys of STANCE; without labels, none."""
    labelled = [(post, found) for post, found in judged if post.stance is not None]
    if not labelled:
        return {}
    free = [(post.stance, found) for post, found in labelled if post.is_free_standing]
    others = [found == "support" for post, found in labelled if post.stance != "support"]
    return {
        **{f"free_{key}": value for key, value in _told_apart(free).items()},
        "macro_f1": _told_apart([(post.stance, found) for post, found in labelled])["macro_f1"],
        "chart": _chart_error(labelled),
        "false_support": float(np.mean(others)) if others else None,
    }


def likelihood_figures(judged: Sequence[tuple[LabelledPost, float]], least: float) -> Figures:
    """The figures of posts and the likelihoods of their rumours, by the keys of LIKELIHOOD; none of one label."""
    sources = [(post.is_rumour, score) for post, score in judged if post.is_source and post.is_rumour is not None]
    labels = [label for label, _ in sources]
    if len(set(labels)) < 2:
        return {}
    return {"posts": len(sources), **decided(labels, [score for _, score in sources], least)}


def _told_apart(judged: stance.Judged) -> Figures:
    """The figures of `stance`, without those of stances that nobody was labelled with, and a mean only of several."""
    there = {gold for gold, _ in judged}
    found = stance.figures(judged) if judged else {"posts": 0, "macro_f1": None}
    unknown = {f"{label}_{what}": None for label in stance.LABELS if label not in there for what in ("f1", "recall")}
    return {**found, **unknown, "macro_f1": found["macro_f1"] if len(there) >= LEAST_STANCES else None}


def _chart_error(labelled: Sequence[tuple[LabelledPost, str]]) -> float | None:
    of_story: dict[str, list[tuple[str, str]]] = {}
    for post, found in labelled:
        if post.story is not None:
            of_story.setdefault(post.story, []).append((post.stance, found))
    errors = []
    for pairs in of_story.values():
        if len(pairs) >= CHART_POSTS:
            truth, drawn = (Counter(labels) for labels in zip(*pairs, strict=True))
            errors.append(sum(abs(truth[label] - drawn[label]) for label in stance.LABELS) / 2 / len(pairs))
    return float(np.mean(errors)) if errors else None
