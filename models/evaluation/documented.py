"""Writes the tables of README.md in this folder from the figures that runs left in `results/`.

`python -m models.evaluation.documented` rewrites what stands between `<!-- table NAME -->` and `<!-- end -->`. A test
compares, so a table never differs from its results.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from models.config import BoardSettings
from models.evaluation import early, likelihood, naming, results, rumours
from models.evaluation.results import Run, read_run, read_tables
from models.evaluation.shapes import board
from models.evaluation.shapes.figures import GROUPING, STANCE
from models.evaluation.shapes.incidents import Shape
from models.evaluation.shapes.tables import rows
from models.evaluation.table import Column, Table

PAGE = Path(__file__).with_name("README.md")
# The folds: an event and the seed of its encoder.
_FOLD = re.compile(r"(?P<event>.+)-seed[0-9]+\.json")
_MARKED = re.compile(r"(?s)(<!-- table (?P<name>[a-z ]+) -->\n).*?(<!-- end -->)")
# What people need to see of each table; `grapevine evaluate` prints every column.
_GROUPING = ("first_b_cubed_f1", "first_ami", "first_best_match_f1", "b_cubed_f1", "ami", "best_match_f1")
_EARLY = ("stories", "caught", "caught_own", "minutes", "per_busy_hour", "most_in_an_hour", "right")
_LIKELIHOOD = ("base_rate", "macro_f1", "auprc", "clusters", "precision_at_10", "calibration_error")
_NAMING = ("named", "retrieval_at_1", "retrieval_at_1_by_posts", "stable")
_SHAPES_GROUPING = ("b_cubed_f1", "ami", "best_match_f1", "moved", "retrieval_at_1")
_SHAPES_BOARD = ("an_hour", "right", "early", "pieces", "never_up", "coverage", "purity", "answering_titles")
_SHAPES_STANCE = (
    "free_macro_f1",
    "free_support_recall",
    "free_deny_recall",
    "free_query_recall",
    "free_comment_recall",
    "chart",
)
_STANCE = ("macro_f1", "support_f1", "deny_f1", "query_f1", "comment_f1", "deny_recall")


def tables(folder: Path = results.PACKAGED) -> dict[str, str]:
    """Name of each table of the page → its Markdown, from the results in `folder`. Raises InputError."""
    runs = _folds(folder)
    threshold = BoardSettings().least_likelihood

    def scored(question: str) -> dict[str, list[Mapping[str, float | None]]]:
        return {event: [run.figures[question] for run in of_event] for event, of_event in runs.items()}

    clusters = {event: [run.clusters for run in of_event] for event, of_event in runs.items()}
    makers: dict[str, Callable[[], Table]] = {
        "grouping": lambda: _with(rumours.table(scored("rumours"), ""), _GROUPING),
        "early": lambda: _with(early.table(scored("early"), ""), _EARLY),
        "likelihood": lambda: _with(likelihood.table(clusters, threshold, ""), _LIKELIHOOD),
        "naming": lambda: _with(naming.table(scored("naming"), ""), _NAMING),
        "shapes grouping": lambda: _shapes(folder, "grouping", GROUPING, _SHAPES_GROUPING),
        "shapes board": lambda: _shapes(folder, "board", board.COLUMNS, _SHAPES_BOARD),
        "shapes stance": lambda: _shapes(folder, "stance", STANCE, _SHAPES_STANCE),
        "stance": lambda: _with(read_tables(folder / "stance-rumoureval2019_dev.json")[0], _STANCE),
    }
    return {name: replace(make(), title="", note="").as_markdown() for name, make in makers.items()}


def written(page: str, folder: Path = results.PACKAGED) -> str:
    """The page with its tables as the results in `folder` make them. Raises InputError."""
    made = tables(folder)
    return _MARKED.sub(lambda marked: f"{marked[1]}{made[marked['name']]}\n{marked[3]}", page)


def _folds(folder: Path) -> dict[str, list[Run]]:
    """Event → the runs of its folds, in order of name."""
    runs: dict[str, list[Run]] = {}
    for path in sorted(folder.glob("*.json")):
        if fold := _FOLD.fullmatch(path.name):
            runs.setdefault(fold["event"], []).append(read_run(path))
    return runs


def _shapes(folder: Path, part: str, columns: Sequence[Column], keys: Sequence[str]) -> Table:
    """What ships on the exercise, which no part was trained on: a row a seed, their mean and their worst."""
    runs = [read_run(path) for path in sorted((folder / "shapes").glob("exercise_*-shipped.json"))]
    figures = {run.event: [run.figures[part]] for run in runs}
    return _with(Table("", "incident", columns, rows({Shape.EXERCISE: figures}, columns)), keys)


def _with(table: Table, keys: Sequence[str]) -> Table:
    """The table with these columns only, in this order."""
    columns = {column.key: column for column in table.columns}
    return replace(table, columns=[columns[key] for key in keys])


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
