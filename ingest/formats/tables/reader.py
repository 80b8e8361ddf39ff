"""Rows of cells → records: the header is found, then what each column is, then each row is read."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import Any, Protocol

from ingest.formats import four_cat
from ingest.formats.containers import DAMAGE
from ingest.formats.json_text import SHOWN_CHARACTERS
from ingest.formats.reading import ZONE, Reading
from ingest.formats.tables import STATED
from ingest.formats.tables.damaged_ids import IdMender
from ingest.formats.tables.empty_cells import clear_empty
from ingest.formats.tables.four_cat_cells import NAME as FOUR_CAT
from ingest.formats.tables.four_cat_cells import FourCatCells, four_cat_layout
from ingest.formats.tables.headers import header_place, header_shape, zone_in
from ingest.formats.tables.ids import whole_id
from ingest.formats.tables.layouts import LaidOut, layout_of
from ingest.formats.tables.one_column import OneColumn, separator_in_cells
from ingest.formats.tables.times import TableTimes, looks_like_time
from ingest.formats.told import Told
from ingest.formats.x_posts import numbered_at
from ingest.source import Unreadable
from ingest.times import moment
from models.domain.imports import SeenTable
from models.errors import InputError

Cells = list[Any]
Rows = Iterator[Cells | Unreadable]

HEADER_ROWS = 60
SAMPLE_ROWS = 1_000
_SHOWN_COLUMNS = 12
# A post's number and its stated time agree to this, in seconds, if the number is one of X's.
_AGREE_SECONDS = 2.0
_QUARTER_SECONDS = 900
_MOST_SECONDS_APART = 14 * 3_600
_LEAST_AGREEMENT = 0.8
_COMPARED_ROWS = 100


class Table(Protocol):
    """Cells of one table: some of its first rows, to find out what is in it, and then all of them."""

    first_rows: Sequence[Cells]
    # What it is written as, in words.
    form: str
    # What stands between cells, empty where they are no text.
    separator: str

    def rows(self, is_row: Callable[[Cells], bool]) -> Rows:
        """All rows, the first ones too. `is_row` says whether cells look like a row of posts."""


class InMemory:
    """A table whose first rows have been taken from an iterator."""

    separator = ""

    def __init__(self, rows: Rows, form: str):
        self.form = form
        first = []
        try:
            first.extend(islice(rows, SAMPLE_ROWS))
        except DAMAGE as error:
            # What came before is read all the same.
            rows = _ended_by(error)
        self.first_rows = [cells for cells in first if not isinstance(cells, Unreadable)]
        self._rows = chain(first, rows)

    def rows(self, is_row: Callable[[Cells], bool]) -> Rows:
        return self._rows


def _ended_by(error: BaseException) -> Rows:
    raise error
    yield


def records_of(table: Table, file: str, reading: Reading) -> Iterator[tuple[int, list[Any]]]:
    """Each row's number below the header, and its records or the reason why it cannot be read.

    Raises InputError for columns that do not exist or cannot be told.
    """
    if not table.first_rows:
        return
    if separator := separator_in_cells(table.first_rows):
        table = OneColumn(table, separator)
        reading.told.once(file, "each row stands in one cell, whose parts were taken apart")
    at = header_place(table.first_rows[:HEADER_ROWS], tuple(filter(None, reading.columns.values())))
    header = [str(cell).strip("\ufeff \t") if cell is not None else "" for cell in table.first_rows[at]]
    # What stands in a column without a name, beyond all others, is the rest of a text and no cell of its own.
    while header and not header[-1]:
        header.pop()
    try:
        plan = _Plan(header, table.first_rows[at + 1 :], file, reading, table.separator)
    except InputError:
        # A person who is shown the header can say what is what.
        reading.tables.append(SeenTable(tuple(header), {}, tuple(header), table.form, "", header_shape(header), at))
        raise
    reading.tables.append(plan.seen(table.form, at))
    if at:
        reading.told.once(file, f"lines above the header, not read: {at}")
    number, in_table = 0, False
    for cells in table.rows(plan.looks_like_row):
        if not in_table and cells == table.first_rows[at]:
            in_table = True
        elif in_table or isinstance(cells, Unreadable):
            number += 1
            yield number, [cells] if isinstance(cells, Unreadable) else plan.read(cells)
    if not in_table:
        raise InputError(f"{file}: its header cannot be read. Save the table as UTF-8, with quotation marks closed.")


class _Plan:
    """How the rows below one header are read."""

    def __init__(self, header: list[str], sample: Sequence[Cells], file: str, reading: Reading, separator: str):
        self._header = header
        self._file = file
        self._told = reading.told
        self._separator = separator
        names = [name.lower() for name in header]
        whole = [cells for row in sample if len(cells := self._trimmed(row)) == len(header)]
        if not reading.columns and (reading.named == "four_cat" or four_cat.is_four_cat(names)):
            self._layout = four_cat_layout(names)
            self._zone = "UTC"
        else:
            self._layout = layout_of(header, reading.columns, file, whole)
            self._zone = (self._layout.export.zone if self._layout.export else "") or self._zone_of(reading)
        times = [cell for place in self._layout.places("created_at") for cell in _column(whole, place)]
        self._times = TableTimes(self._zone, times, file, reading.told)
        apart = self._from_numbers_of_x(whole)
        columns = [header[place].casefold() for place in self._layout.places("id")]
        of_x = self._layout.export is None and any("tweet" in name for name in columns)
        if (of_x or apart is not None) and self._layout.platform == "":
            self._layout = replace(self._layout, platform="twitter")
        if apart:
            hours = f"{apart / 3_600:+.2f}".rstrip("0").rstrip(".")
            self._told.once(file, f"times are {hours} hours from those in the ids of X: check the zone (--zone)")
        self._laid_out: Callable[[Cells], list[Any]]
        if self._layout.name == FOUR_CAT:
            self._laid_out = FourCatCells(names, self._times)
        else:
            self._laid_out = LaidOut(self._layout, self._times.read, reading.versions)
        self._mend_ids = IdMender(self._layout, whole, file, reading.told)
        texts = self._layout.places("text")
        self._may_be_empty = [place for place in range(len(header)) if place not in texts]
        self._text_is_last = (len(header) - 1) in self._layout.places("text")
        self._tell_layout()

    def seen(self, form: str, lines_above: int) -> SeenTable:
        """What this table was found to be."""
        layout = self._layout
        columns = {name: layout.named(name, self._header) for name in layout.columns if name in STATED}
        return SeenTable(
            header=tuple(self._header),
            columns={name: column for name, column in columns.items() if column},
            unread=layout.unread,
            form=form,
            known_as=layout.export.name if layout.export else layout.name if layout.name == FOUR_CAT else "",
            shape=header_shape(self._header),
            lines_above=lines_above,
        )

    def _zone_of(self, reading: Reading) -> str:
        """The zone of times without one: what a person said, or else what the name of their column says."""
        names = [self._header[place] for place in self._layout.places("created_at")]
        stated = next(filter(None, map(zone_in, names)), None) if reading.zone == ZONE else None
        if stated is not None:
            self._told.once(self._file, f"times without a zone are read as {stated}, which their column's name says")
        return stated or reading.zone

    def looks_like_row(self, cells: Cells) -> bool:
        """Whether cells are as wide as the header and have a time where one belongs."""
        cells = self._trimmed(cells)
        places = self._layout.places("created_at")
        return len(cells) == len(self._header) and any(looks_like_time(cells[place]) for place in places)

    def read(self, cells: Cells) -> list[Any]:
        if len(cells) != len(self._header):
            fitted = self._fitted(cells)
            if fitted is None:
                shown = self._separator.join(map(str, cells))[:SHOWN_CHARACTERS]
                reason = "more cells than the header" if len(cells) > len(self._header) else "only part of a row"
                return [Unreadable(reason, shown, "")]
            cells = fitted
        clear_empty(cells, self._may_be_empty)
        if cells == self._header:
            self._told.count(self._file, "repeated headers, not read")
            return []
        unfit = self._mend_ids(cells)
        return [unfit] if unfit is not None else self._laid_out(cells)

    def _trimmed(self, cells: Cells) -> Cells:
        width = len(self._header)
        return cells[:width] if len(cells) > width and not any(cells[width:]) else cells

    def _fitted(self, cells: Cells) -> Cells | None:
        """The row with as many cells as the header; None where it is not known what belongs where."""
        width = len(self._header)
        if len(cells) < width:
            if not self._says_enough(cells):
                return None
            self._told.count(self._file, "rows with fewer cells than the header, whose missing fields are unknown")
            return [*cells, *[""] * (width - len(cells))]
        if len(trimmed := self._trimmed(cells)) == width:
            return trimmed
        if self._separator and self._text_is_last:
            self._told.count(self._file, "texts with a separator and no quotation marks, put together again")
            return [*cells[: width - 1], self._separator.join(cells[width - 1 :])]
        return None

    def _says_enough(self, cells: Cells) -> bool:
        """Whether a row that is too short has its text or its time: the rest of another row's text has neither."""
        has_text = any(place < len(cells) for place in self._layout.places("text"))
        times = [cells[place] for place in self._layout.places("created_at") if any(cells[place : place + 1])]
        return any(map(looks_like_time, times)) or (has_text and not times)

    def _from_numbers_of_x(self, sample: Sequence[Cells]) -> int | None:
        """How many seconds most times are from those in the ids; None if the ids are no numbers of X.

        Each number of X shows when its post was written. Whole quarters of an hour are another zone.
        """
        apart: Counter[int] = Counter()
        compared = 0
        times = TableTimes(self._zone, (), self._file, Told())
        for cells in sample[:_COMPARED_ROWS]:
            number, stated = self._layout.value(cells, "id"), self._layout.value(cells, "created_at")
            numbered = moment(numbered_at(whole_id(number))) if number is not None else None
            at = moment(times.read(stated)) if stated is not None else None
            if numbered is not None and at is not None:
                compared += 1
                seconds = (at - numbered).total_seconds()
                quarters = round(seconds / _QUARTER_SECONDS)
                if (
                    abs(seconds - quarters * _QUARTER_SECONDS) <= _AGREE_SECONDS
                    and abs(seconds) <= _MOST_SECONDS_APART
                ):
                    apart[quarters * _QUARTER_SECONDS] += 1
        ((seconds, agree),) = apart.most_common(1) or [(0, 0)]
        return seconds if agree and agree >= _LEAST_AGREEMENT * compared else None

    def _tell_layout(self) -> None:
        layout = self._layout
        if layout.export is not None:
            self._told.once(
                self._file,
                f"read as an export of {layout.name} by its published column names, "
                "which were never checked against a real one",
            )
        elif layout.platform is not None and layout.name != FOUR_CAT:
            self._told.once(self._file, f"columns read: {layout.name}")
        for name, lacking in (
            ("text", "texts, so that posts have none (--columns)"),
            ("created_at", "times, so that posts have none"),
            ("author", "authors, who are unknown"),
        ):
            if name not in layout.columns:
                self._told.once(self._file, f"no column of {lacking}")
        if layout.unread and layout.export is None:
            more = len(layout.unread) - _SHOWN_COLUMNS
            names = ", ".join(layout.unread[:_SHOWN_COLUMNS]) + (f" and {more} more" if more > 0 else "")
            self._told.once(self._file, f"columns not read: {names}")


def _column(sample: Sequence[Cells], place: int) -> list[Any]:
    return [cells[place] for cells in sample]
