"""Rows of 4CAT as tables have them: which column is what, and times that a spreadsheet may have written anew."""

from collections.abc import Sequence
from typing import Any

from ingest.formats import four_cat
from ingest.formats.tables.layouts import Layout
from ingest.formats.tables.times import TableTimes

NAME = "4CAT"
_COLUMNS = {
    "id": ("id",),
    "text": ("body", "subject"),
    "created_at": ("unix_timestamp", "timestamp"),
    "author": ("author",),
    "root": ("thread_id",),
    "reply_to": ("reply_to", "parent", "parent_id"),
}


def four_cat_layout(names: Sequence[str]) -> Layout:
    """The layout of a header with these names, in small letters."""
    columns = {
        name: tuple((names.index(column),) for column in columns if column in names)
        for name, columns in _COLUMNS.items()
    }
    return Layout(NAME, columns, None, "", len(names))


class FourCatCells:
    """Reads rows of 4CAT's exports. Its times are in UTC; a spreadsheet may have written them anew."""

    def __init__(self, names: Sequence[str], times: TableTimes):
        self._names = names
        self._read = four_cat.FourCatRows(names)
        self._times = times

    def __call__(self, cells: Sequence[Any]) -> list[Any]:
        row = {
            name: value if isinstance(value, str | int | float) else str(value)
            for name, value in zip(self._names, cells, strict=True)
            if value not in ("", None)
        }
        found = self._read(row)
        for record in found:
            if isinstance(record, dict) and "created_at" in record:
                record["created_at"] = self._times.read(record["created_at"])
        return found
