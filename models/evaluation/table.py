"""Rows of figures, for people as Markdown and for programs as JSON: a cell is a number, its spread, or unknown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from models.evaluation.metrics import mean_and_sd

Figures = Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Column:
    """One figure: its key in JSON, its heading, how many decimals people see, and whether more or less of it is best.

    `best` is None where neither is.
    """

    key: str
    heading: str
    decimals: int = 3
    best: Literal["more", "less"] | None = "more"


@dataclass(frozen=True, slots=True)
class Cell:
    """A mean and the sample standard deviation over runs; None for unknown, and for the spread of a single run."""

    mean: float | None
    sd: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """`note` says in a sentence or two what is counted, so that no figure travels without its definition.

    An empty title or note is left out of the Markdown.
    """

    title: str
    first_heading: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    note: str = ""

    def as_markdown(self) -> str:
        headings = [self.first_heading, *(column.heading for column in self.columns)]
        lines = [f"| {' | '.join(headings)} |", "|" + "---|" * len(headings)]
        for row in self.rows:
            shown = [_shown(row.cells.get(column.key, Cell(None)), column.decimals) for column in self.columns]
            lines.append(f"| {' | '.join([row.name, *shown])} |")
        return "\n\n".join(part for part in (self.title and f"### {self.title}", "\n".join(lines), self.note) if part)

    def as_json(self) -> dict:
        """An object that json.dumps takes; unknown figures are null."""
        return {
            "title": self.title,
            "note": self.note,
            "first_heading": self.first_heading,
            "columns": [asdict(column) for column in self.columns],
            "rows": [
                {"name": row.name, **{key: {"mean": cell.mean, "sd": cell.sd} for key, cell in row.cells.items()}}
                for row in self.rows
            ],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Table":
        """The table that `as_json` gave. Raises KeyError and TypeError for anything else."""
        columns = [Column(**column) for column in kept["columns"]]
        rows = [
            Row(row["name"], {key: Cell(**cell) for key, cell in row.items() if key != "name"})
            for row in kept["rows"]
        ]
        return cls(kept["title"], kept["first_heading"], columns, rows, kept["note"])


def rows_of_events(
    runs: Mapping[str, Sequence[Figures]],
    columns: Sequence[Column],
    counts: Callable[[Figures], bool] = lambda _: True,
) -> list[Row]:
    """A row an event, from its runs (one a seed), and the row of their mean over the events that `counts` takes.

    The spread of the mean is that of whole runs: run 1 of every event, run 2 of every event, and so on. Where a
    figure of an event is unknown, the mean is over the others.
    """
    rows = [row_of_runs(event, figures, columns) for event, figures in runs.items()]
    counted = [figures for figures in runs.values() if figures and counts(figures[0])]
    if len(counted) > 1:
        complete = min(len(figures) for figures in counted)
        means = [
            {column.key: mean_and_sd([figures[run].get(column.key) for figures in counted])[0] for column in columns}
            for run in range(complete)
        ]
        rows.append(row_of_runs(f"mean of {len(counted)}", means, columns))
    return rows


def row_of(name: str, figures: Figures) -> Row:
    """A row of one run."""
    return Row(name, {key: Cell(value) for key, value in figures.items()})


def row_of_runs(name: str, runs: Sequence[Figures], columns: Sequence[Column]) -> Row:
    """A row of several runs of the same: the mean of each figure and its spread."""
    return Row(name, {column.key: Cell(*mean_and_sd([run.get(column.key) for run in runs])) for column in columns})


def _shown(cell: Cell, decimals: int) -> str:
    if cell.mean is None:
        return "–"
    shown = f"{cell.mean:,.{decimals}f}"
    # How many posts there are is the same in every run: no spread to tell.
    told = cell.sd is not None and (decimals or cell.sd)
    return f"{shown} ± {cell.sd:,.{decimals}f}" if told else shown
