"""Workbooks (.xlsx) → the rows of each sheet, one at a time. Formulas are read as the values they had last."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.xml.constants import SHARED_STRINGS

from ingest.formats.containers import ALWAYS_ALLOWED_BYTES, DAMAGE, MOST_EXPANSION
from ingest.formats.metered import Meter, opened
from ingest.formats.tables.shared_texts import SharedTexts
from models.errors import InputError

# How a workbook writes what XML cannot hold: "_x000D_" for the end of a line that was typed elsewhere.
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
# More than any program writes: openpyxl makes every empty row up to the number that a row states.
_MOST_ROWS = 1 << 24
# What openpyxl raises for a part that is cut off, or that says what no workbook says.
_FAULTS = (ParseError, ValueError, LookupError, TypeError, AttributeError)


class DamagedSheet(OSError):
    """The rows of a sheet end in what cannot be read."""


def sheets_of(path: Path, meter: Meter) -> Iterator[tuple[str, Iterator[list[Any]]]]:
    """Name and rows of each sheet. Read the rows of one before you take the next.

    `meter` counts what is read of the file. Raises InputError for what is no workbook, is protected by a password or
    expands too far; the rows raise DamagedSheet where they cannot be read further.
    """
    try:
        _check_size(path)
        # By its contents: openpyxl refuses a path whose name does not end in .xlsx.
        reader = _LazyReader(file := opened(path, meter), read_only=True, data_only=True)
        reader.read()
    except (*DAMAGE, InvalidFileException, *_FAULTS) as error:
        problem = "cannot be read as a workbook: damaged, or protected by a password. Save it as .xlsx or .csv."
        raise InputError(problem, path=path) from error
    book = reader.wb
    try:
        for sheet in book.worksheets:
            # Some programs write a wrong size, and rows beyond it would be lost.
            sheet.reset_dimensions()
            yield sheet.title, _rows_of(sheet)
    finally:
        book.close()
        file.close()
        if isinstance(reader.shared_strings, SharedTexts):
            reader.shared_strings.close()


class _LazyReader(ExcelReader):
    """Opens a workbook whose shared texts are read when a cell needs them."""

    def read_strings(self) -> None:
        listed = self.package.find(SHARED_STRINGS)
        if listed is not None:
            self.shared_strings = SharedTexts(self.archive.open(listed.PartName[1:]))


def _rows_of(sheet: ReadOnlyWorksheet) -> Iterator[list[Any]]:
    rows = sheet.iter_rows(max_row=_MOST_ROWS, values_only=True)
    for number in count(1):
        try:
            row = next(rows, None)
        except _FAULTS as error:
            raise DamagedSheet(sheet.title) from error
        if row is None and number > _MOST_ROWS:
            raise DamagedSheet(sheet.title)
        if row is None:
            return
        if any(row):
            yield _plain(row)


def _plain(row: Sequence[Any]) -> list[Any]:
    """The cells of a row, their texts as Excel shows them."""
    return [_unescaped(value) if value.__class__ is str and "_x" in value else value for value in row]


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _check_size(path: Path) -> None:
    with zipfile.ZipFile(path) as packed:
        unpacked = sum(info.file_size for info in packed.infolist())
    if unpacked > max(ALWAYS_ALLOWED_BYTES, MOST_EXPANSION * path.stat().st_size):
        raise InputError("expands too far for a workbook.", path=path)
