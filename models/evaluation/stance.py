"""Stance: support, deny, query or comment, over every post with a gold stance (RumourEval-2019 task A).

What is scored is what the pipeline saved, so a copy has the stance of its flow. The classes are pooled over the
events of the file, as in the official evaluation.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from models.domain.rumours import Stance
from models.evaluation.gold import LabelledPost
from models.evaluation.metrics import macro_f1, per_class_f1, per_class_recall
from models.evaluation.outcome import Outcome
from models.evaluation.table import Column, Figures, Table, row_of

Judged = Sequence[tuple[str, str]]

LABELS = tuple(stance.value for stance in Stance)
# What the pipeline has not judged is no stance, so it is wrong, whatever the label.
UNJUDGED = "unjudged"
COLUMNS = (
    Column("posts", "posts", 0),
    Column("macro_f1", "macro-F1"),
    *(Column(f"{label}_f1", f"{label} F1") for label in LABELS),
    *(Column(f"{label}_recall", f"{label} recall") for label in LABELS),
)
NOTE = "All posts with a gold stance. Honest only for weights that were trained without this file."


def pairs(outcome: Outcome, posts: Sequence[LabelledPost]) -> list[tuple[str, str]]:
    """(gold stance, judged stance) of the labelled posts of one event."""
    labelled = [post for post in posts if post.stance is not None]
    return [(post.stance, row.stance or UNJUDGED) for post, row in outcome.beside(labelled)]


def figures(judged: Judged) -> Figures:
    """The figures of (gold, judged) stances, by the keys of COLUMNS."""
    truth, found = [gold for gold, _ in judged], [label for _, label in judged]
    f1, recall = per_class_f1(truth, found, LABELS), per_class_recall(truth, found, LABELS)
    return {
        "posts": len(judged),
        "macro_f1": macro_f1(truth, found, LABELS),
        **{f"{label}_f1": f1[label] for label in LABELS},
        **{f"{label}_recall": recall[label] for label in LABELS},
    }


def tables(name: str, judged: Judged, others: Mapping[str, Judged], title: str) -> list[Table]:
    """A row for what the network judges and one for each other judge; and the confusion of the first."""
    rows = [
        row_of(name, figures(judged)),
        *(row_of(other, figures(found)) for other, found in others.items()),
    ]
    return [Table(title, "judge", COLUMNS, rows, NOTE), confusion(judged, name)]


def confusion(judged: Judged, name: str) -> Table:
    """How many posts of each gold stance (rows) were judged to be of each stance (columns)."""
    counts = Counter(judged)
    columns = (*LABELS, UNJUDGED) if any(label == UNJUDGED for _, label in judged) else LABELS
    rows = [row_of(gold, {label: counts[gold, label] for label in columns}) for gold in LABELS]
    return Table(f"Confusion: {name}", "gold", tuple(Column(label, label, 0) for label in columns), rows)
