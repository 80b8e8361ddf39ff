"""Writes the tables of README.md in this folder from the figures that runs left in `results/`.

`python -m models.evaluation.documented` rewrites what stands between `<!-- table NAME -->` and `<!-- end -->`. A test
compares, so a table never differs from its results.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from models.config import BoardSettings
from models.evaluation import results
from models.evaluation.results import Run, read_run, read_tables
from models.evaluation.shapes import board
from models.evaluation.shapes.figures import GROUPING, LIKELIHOOD, STANCE
from models.evaluation.shapes.incidents import Shape, shape_of
from models.evaluation.shapes.tables import calibration, rows
from models.evaluation.table import Column, Table

PAGE = Path(__file__).with_name("README.md")
_MARKED = re.compile(r"(?s)(<!-- table (?P<name>[a-z ]+) -->\n).*?(<!-- end -->)")
# What people need to see of each table; `grapevine evaluate` prints every column.
_GROUPING = ("b_cubed_f1", "ami", "best_match_f1", "moved", "retrieval_at_1")
_BOARD = ("an_hour", "right", "early", "pieces", "never_up", "coverage", "purity", "answering_titles")
_FREE_STANDING = (
    "free_macro_f1",
    "free_support_recall",
    "free_deny_recall",
    "free_query_recall",
    "free_comment_recall",
    "chart",
)
_LIKELIHOOD = ("posts", "base_rate", "macro_f1", "auprc")
_CALIBRATION = ("clusters", "cluster_base_rate", "cluster_macro_f1", "cluster_auprc", "calibration_error")
_STANCE = ("macro_f1", "support_f1", "deny_f1", "query_f1", "comment_f1", "deny_recall")


def tables(folder: Path = results.PACKAGED) -> dict[str, str]:
    """Name of each table of the page → its Markdown, from the results in `folder`. Raises InputError."""
    runs = _folds(folder / "shapes")
    threshold = BoardSettings().least_likelihood

    def of_folds(part: str, columns: Sequence[Column], keys: Sequence[str]) -> Table:
        """A row an incident, and the mean and the worst of each shape."""
        figures = {
            shape: {name: [run.figures[part] for run in told] for name, told in of_shape.items()}
            for shape, of_shape in runs.items()
        }
        return _with(Table("", "incident", columns, rows(figures, columns)), keys)

    def to_beat(place: int, keys: Sequence[str]) -> Table:
        return _with(read_tables(folder / "shapes" / "baselines.json")[place], keys)

    makers: dict[str, Callable[[], Table]] = {
        "grouping": lambda: of_folds("grouping", GROUPING, _GROUPING),
        "grouping baselines": lambda: to_beat(0, _GROUPING[:3]),
        "board": lambda: of_folds("board", board.COLUMNS, _BOARD),
        "free standing": lambda: of_folds("stance", STANCE, _FREE_STANDING),
        "free standing baselines": lambda: to_beat(1, _FREE_STANDING),
        "likelihood": lambda: of_folds("likelihood", LIKELIHOOD, _LIKELIHOOD),
        "likelihood baselines": lambda: to_beat(2, _LIKELIHOOD[2:]),
        "calibration": lambda: _with(calibration(runs, "", threshold), _CALIBRATION),
        "stance": lambda: _with(read_tables(folder / "stance-rumoureval2019_dev.json")[0], _STANCE),
    }
    return {name: replace(make(), title="", note="").as_markdown() for name, make in makers.items()}


def written(page: str, folder: Path = results.PACKAGED) -> str:
    """The page with its tables as the results in `folder` make them. Raises InputError."""
    made = tables(folder)
    return _MARKED.sub(lambda marked: f"{marked[1]}{made[marked['name']]}\n{marked[3]}", page)


def _folds(folder: Path) -> dict[Shape, dict[str, list[Run]]]:
    """Shape → incident → the runs of its folds, one a seed."""
    runs: dict[Shape, dict[str, list[Run]]] = {shape: {} for shape in Shape}
    for path in sorted(folder.glob("*-fold-seed*.json")):
        run = read_run(path)
        runs[shape_of(run.event)].setdefault(run.event, []).append(run)
    return runs


def _with(table: Table, keys: Sequence[str]) -> Table:
    """The table with these columns only, in this order."""
    columns = {column.key: column for column in table.columns}
    return replace(table, columns=[columns[key] for key in keys])


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
