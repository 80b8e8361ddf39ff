"""Runs of the bench → tables: a row an incident, then the mean and the worst of each shape.

The worst is taken over the incidents of a shape, each as the mean of its runs. Where neither more nor less of a
figure is better, there is no worst.
"""

from collections.abc import Callable, Mapping, Sequence

from models.evaluation import likelihood
from models.evaluation.metrics import mean_and_sd
from models.evaluation.results import Run
from models.evaluation.shapes import board
from models.evaluation.shapes.figures import (
    GROUPING,
    GROUPING_NOTE,
    LIKELIHOOD,
    LIKELIHOOD_NOTE,
    STANCE,
    STANCE_NOTE,
)
from models.evaluation.shapes.incidents import Shape
from models.evaluation.table import Cell, Column, Figures, Row, Table, row_of_runs

# Shape → incident → its runs, one a seed.
Runs = Mapping[Shape, Mapping[str, Sequence[Run]]]
# Shape → incident → the figures of its runs.
ByShape = Mapping[Shape, Mapping[str, Sequence[Figures]]]

PARTS = {
    "grouping": (GROUPING, GROUPING_NOTE),
    "board": (board.COLUMNS, board.NOTE),
    "stance": (STANCE, STANCE_NOTE),
    "likelihood": (LIKELIHOOD, LIKELIHOOD_NOTE),
}
CALIBRATION = (
    Column("clusters", "rumours of 3+ people", 0, best=None),
    Column("cluster_base_rate", "base rate", best=None),
    Column("cluster_macro_f1", "macro-F1"),
    Column("cluster_auprc", "AUPRC"),
    Column("calibration_error", "calibration error", best="less"),
    Column("brier", "Brier", best="less"),
)


def tables(runs: Runs, judged_by: str, threshold: float) -> list[Table]:
    """One table a question, and one of the calibration. `judged_by` says what judged; `threshold` as shipped."""
    made = []
    for part, (columns, note) in PARTS.items():
        of_part = {
            shape: {name: [run.figures[part] for run in told] for name, told in of_shape.items()}
            for shape, of_shape in runs.items()
        }
        made.append(Table(f"{part.capitalize()}: {judged_by}", "incident", columns, rows(of_part, columns), note))
    return [*made, calibration(runs, judged_by, threshold)]


def rows(figures: ByShape, columns: Sequence[Column]) -> list[Row]:
    """A row an incident, and after the incidents of a shape their mean and their worst, where anything is known."""
    made: list[Row] = []
    large: list[Row] = []
    for shape, of_shape in figures.items():
        own = _rows_of_shape(shape, of_shape, columns)
        made += own
        large += own if shape is not Shape.SMALL else []
        if len(own) > 1:
            made += _summary(f"**{shape}, {{}}**", own, columns)
    return [*made, *_summary("**all but small, {}**", large, columns)] if len(figures) > 1 and large else made


def summaries(figures: ByShape, columns: Sequence[Column], name: str) -> list[Row]:
    """The mean and the worst of each shape alone, under this name."""
    made: list[Row] = []
    for shape, of_shape in figures.items():
        own = _rows_of_shape(shape, of_shape, columns)
        if len(own) == 1:
            made.append(Row(f"{name}: {shape}", own[0].cells))
        elif own:
            made += _summary(f"{name}: {shape}, {{}}", own, columns)
    return made


def calibration(runs: Runs, judged_by: str, threshold: float) -> Table:
    """Rumours of three people and more, of all incidents of a shape together and of the whole bench."""
    of_shape = {shape: [run for told in incidents.values() for run in told] for shape, incidents in runs.items()}
    groups = {**{str(shape): told for shape, told in of_shape.items()}}
    if len(groups) > 1:
        groups["**all**"] = [run for told in of_shape.values() for run in told]
    made = []
    for name, told in groups.items():
        seeds = sorted({run.seed or 0 for run in told})
        of_seeds = [
            likelihood.figures(
                [cluster for run in told if (run.seed or 0) == seed for cluster in run.clusters], threshold
            )
            for seed in seeds
        ]
        made.append(row_of_runs(name, of_seeds, CALIBRATION))
    note = (
        "Rumours of at least three people and a labelled source post, labelled by more than half of these. "
        "Calibration error over ten bins of equal mass; high by chance where rumours are few."
    )
    return Table(f"Calibration: {judged_by}", "shape", CALIBRATION, made, note)


def _rows_of_shape(shape: Shape, of_shape: Mapping[str, Sequence[Figures]], columns: Sequence[Column]) -> list[Row]:
    known = {name: runs for name, runs in of_shape.items() if any(runs)}
    return [row_of_runs(f"{shape}: {name}", runs, columns) for name, runs in known.items()]


def _summary(name: str, own: Sequence[Row], columns: Sequence[Column]) -> list[Row]:
    mean = _row(name.format("mean"), own, columns, lambda column, values: mean_and_sd(values)[0])
    return [mean, _row(name.format("worst"), own, columns, _worst)]


def _row(
    name: str,
    of_shape: Sequence[Row],
    columns: Sequence[Column],
    of: Callable[[Column, list[float]], float | None],
) -> Row:
    known = {
        column.key: [row.cells[column.key].mean for row in of_shape if row.cells[column.key].mean is not None]
        for column in columns
    }
    return Row(name, {column.key: Cell(of(column, known[column.key])) for column in columns})


def _worst(column: Column, values: list[float]) -> float | None:
    if column.best is None or not values:
        return None
    return min(values) if column.best == "more" else max(values)
