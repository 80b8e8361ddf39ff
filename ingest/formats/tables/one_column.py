"""Tables whose rows stand each in one cell: quoted line by line, or pasted into the first column of a workbook."""

import csv
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from ingest.formats.tables.headers import known_names
from ingest.source import Unreadable

Cells = list[Any]

# Rows among which the header is looked for.
_HEADER_ROWS = 60
_SEPARATORS = ",;\t|"
# A row that names fewer columns may be a sentence.
_LEAST_NAMES = 2


class _Table(Protocol):
    first_rows: Sequence[Cells]
    form: str

    def rows(self, is_row: Callable[[Cells], bool]) -> Iterator[Cells | Unreadable]: ...


class OneColumn:
    """Such a table, with each row's cells apart."""

    def __init__(self, table: _Table, separator: str):
        self._table = table
        self.form, self.separator = table.form, separator
        self.first_rows = [self._apart(cells) for cells in table.first_rows]

    def rows(self, is_row: Callable[[Cells], bool]) -> Iterator[Cells | Unreadable]:
        for cells in self._table.rows(lambda cells: is_row(self._apart(cells))):
            yield cells if isinstance(cells, Unreadable) else self._apart(cells)

    def _apart(self, cells: Cells) -> Cells:
        return _split(cells[0], self.separator) if _is_one(cells) else cells


def separator_in_cells(rows: Sequence[Cells]) -> str:
    """What separates the cells of rows that stand each in one cell; empty where rows do not."""
    first = rows[:_HEADER_ROWS]
    if sum(map(_is_one, first)) * 2 <= len(first):
        return ""
    lines = [cells[0] for cells in first if _is_one(cells)]
    names = {one: max(known_names(_split(line, one)) for line in lines) for one in _SEPARATORS}
    best = max(names, key=lambda separator: names[separator])
    return best if names[best] >= _LEAST_NAMES else ""


def _is_one(cells: Cells) -> bool:
    return bool(cells) and isinstance(cells[0], str) and not any(cells[1:])


def _split(line: str, separator: str) -> Cells:
    # A text may have several lines, which stand in its quotation marks.
    return next(csv.reader(line.splitlines(keepends=True), delimiter=separator), [])
