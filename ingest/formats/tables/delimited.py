"""Text with separators (CSV, TSV and their like) → rows of cells. Memory stays bounded.

The encoding and the separator are found from the beginning of the file. A quotation mark that is never closed would
swallow all rows up to the next one: its line is read as it stands, and reading continues with the line after it.
"""

import csv
import io
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import IO, Any

from ingest.formats.containers import DAMAGE
from ingest.formats.json_text import SHOWN_CHARACTERS
from ingest.formats.tables.encodings import encoding_of, is_broken, mended
from ingest.formats.tables.headers import known_names
from ingest.formats.told import Told
from ingest.source import Unreadable
from models.limits import LARGEST_RECORD_BYTES
from models.text import storable

Cells = list[str]

HEAD_BYTES = 1 << 18
# Rows among which the separator, and the header, are looked for.
HEAD_ROWS = 60
# Rows that show whether ids are whole and which part of a date comes first.
FIRST_ROWS = 1_000
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_STATED = "sep="
# Programs that do not double a quotation mark inside quotation marks write a backslash before it.
_BACKSLASH = "\\"
_SHOWN_ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with a byte order mark",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
}


class DelimitedRows:
    """Rows of cells of one stream. `named` are columns that it is known to have."""

    def __init__(self, stream: IO[bytes], name: str, told: Told, named: Sequence[str] = ()):
        csv.field_size_limit(LARGEST_RECORD_BYTES)
        head, fault = _head_of(stream)
        encoding = encoding_of(head)
        errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
        whole = io.BufferedReader(_Rejoined(head, fault, stream), 1 << 17)
        self._lines = _Lines(io.TextIOWrapper(whole, encoding=encoding, errors=errors, newline=""))
        self._name = name
        self._told = told
        self.separator, text = self._separator_of(head.decode(encoding, errors), named)
        self._how = _quoting_of(text, self.separator)
        self.first_rows = [_whole(cells) or cells for cells in _parsed(text, self.separator, FIRST_ROWS, **self._how)]
        written_in = _SHOWN_ENCODINGS.get(encoding, encoding)
        if encoding != "utf-8":
            told.once(name, f"read as {written_in}")
        if self._how:
            told.once(name, "quotation marks inside of texts have a backslash before them")
        separated_by = _SEPARATORS.get(self.separator, repr(self.separator))
        if self.separator != ",":
            told.once(name, f"separated by {separated_by}")
        self.form = f"text in {written_in}, separated by {separated_by}"

    def rows(self, is_row: Callable[[Cells], bool]) -> Iterator[Cells | Unreadable]:
        """All rows. `is_row` says whether cells look like a row of this table.

        By it a quotation mark that is closed far below, by one of another row, is told from a text of several lines.
        """
        reader = self._reader()
        while True:
            self._lines.begin_row()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield self._first_line("over 1 MB" if "limit" in str(error) else "not CSV", is_row)
                reader = self._reader()
                continue
            if self._lines.ended or (self._lines.count > 1 and self._has_swallowed_rows(is_row)):
                yield self._first_line("quotation mark that is never closed", is_row)
                reader = self._reader()
            elif cells and (cells[0] or any(cells)):
                yield self._mended(cells) if self._lines.are_broken else cells

    def _reader(self) -> Iterator[Cells]:
        return csv.reader(self._lines, delimiter=self.separator, **self._how)

    def _first_line(self, reason: str, is_row: Callable[[Cells], bool]) -> Cells | Unreadable:
        """The first line of what was no row, as it stands if it is one so. The lines after it are read again."""
        line = self._lines.give_back_all_but_first()
        if len(line) <= LARGEST_RECORD_BYTES:
            (cells,) = csv.reader([line], delimiter=self.separator, quoting=csv.QUOTE_NONE)
            if is_row(cells):
                self._told.count(self._name, "rows with a quotation mark that is never closed, read as they stand")
                return self._mended(cells)
        return Unreadable(reason, storable(line[:SHOWN_CHARACTERS]), "")

    def _has_swallowed_rows(self, is_row: Callable[[Cells], bool]) -> bool:
        rows = csv.reader(self._lines.after_first(), delimiter=self.separator, **self._how)
        return any(is_row(cells) for cells in rows)

    def _mended(self, cells: Cells) -> Cells | Unreadable:
        whole = _whole(cells)
        if whole is None:
            shown = "".join(self._lines.lines())[:SHOWN_CHARACTERS]
            return Unreadable("not UTF-8", shown.encode("utf-8", "surrogateescape").decode("utf-8", "replace"), "")
        if whole is not cells:
            self._told.count(self._name, "rows read as Windows-1252, since they are no UTF-8")
        return whole

    def _separator_of(self, head: str, named: Sequence[str]) -> tuple[str, str]:
        """The separator, and the beginning of the file without a line that only states it, as Excel writes."""
        first, _, below = head.partition("\n")
        stated = first.strip().strip('"')
        if stated.lower().startswith(_STATED) and len(stated) == len(_STATED) + 1:
            self._lines.skip_first()
            return stated[-1], below
        return max(_SEPARATORS, key=lambda separator: _fit(head, separator, named)), head


def _whole(cells: Cells) -> Cells | None:
    """The cells, if need be with their broken bytes as Windows-1252; None where that makes no sense."""
    if not any(is_broken(cell) for cell in cells):
        return cells
    text = mended("\x1f".join(cells))
    return None if text is None else text.split("\x1f")


def _quoting_of(head: str, separator: str) -> dict[str, Any]:
    """What the CSV reader must know about quotation marks, where more rows are then as wide as their neighbours."""
    escaped = {"doublequote": False, "escapechar": _BACKSLASH}
    if f'{_BACKSLASH}"' not in head or _alike(_parsed(head, separator, FIRST_ROWS)) >= _alike(
        _parsed(head, separator, FIRST_ROWS, **escaped)
    ):
        return {}
    return escaped


def _parsed(text: str, separator: str, most: int, **how: Any) -> list[Cells]:
    """The first rows of a text that are not empty."""
    rows: list[Cells] = []
    with suppress(csv.Error):
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=separator, **how):
            if any(cells):
                rows.append(cells)
            if len(rows) == most:
                break
    return rows


def _fit(head: str, separator: str, named: Sequence[str]) -> tuple[int, int]:
    """How well a separator fits: names of columns in the best row, and rows as wide as the row before."""
    rows = _parsed(head, separator, HEAD_ROWS)
    return max((known_names(cells, named) for cells in rows if len(cells) > 1), default=0), _alike(rows)


def _alike(rows: list[Cells]) -> int:
    """How many rows are as wide as the row before."""
    return sum(len(one) == len(other) > 1 for one, other in pairwise(rows))


def _head_of(stream: IO[bytes]) -> tuple[bytes, BaseException | None]:
    """The beginning of a stream, and what went wrong on the way: of a file that is cut off, all up to the cut."""
    head = bytearray()
    try:
        while len(head) < HEAD_BYTES and (piece := stream.read1(HEAD_BYTES)):
            head += piece
    except DAMAGE as error:
        return bytes(head), error
    return bytes(head), None


class _Rejoined(io.RawIOBase):
    """A stream whose beginning was read already."""

    def __init__(self, head: bytes, fault: BaseException | None, stream: IO[bytes]):
        self._head = memoryview(head)
        self._fault = fault
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:
        if self._head:
            piece, self._head = self._head[: len(buffer)], self._head[len(buffer) :]
        elif self._fault is not None:
            raise self._fault
        else:
            piece = self._stream.read1(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


class _Lines:
    """Lines for the CSV reader, which joins the lines of one row. An endless line is not loaded into memory."""

    def __init__(self, text: io.TextIOWrapper):
        self._text = text
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        # Whether the last line was taken, and another was asked for.
        self.ended = False
        # Whether a line of the row has bytes that are not of its encoding.
        self.are_broken = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._next_line()
        if not line:
            self.ended = True
            raise StopIteration
        self._taken.append(line)
        if not line.isascii() and is_broken(line):
            self.are_broken = True
        return line

    @property
    def count(self) -> int:
        return len(self._taken)

    def begin_row(self) -> None:
        self._taken.clear()
        self.ended = self.are_broken = False

    def lines(self) -> list[str]:
        return self._taken

    def after_first(self) -> list[str]:
        return self._taken[1:]

    def give_back_all_but_first(self) -> str:
        first, *others = self._taken
        self._again.extendleft(reversed(others))
        return first

    def skip_first(self) -> None:
        self._next_line()

    def _next_line(self) -> str:
        line = self._text.readline(LARGEST_RECORD_BYTES + 1)
        if len(line) <= LARGEST_RECORD_BYTES or line.endswith("\n"):
            return line
        while line and not line.endswith("\n"):
            line = self._text.readline(LARGEST_RECORD_BYTES)
        # A field that the reader refuses as too long, wherever in a row it is: half a line is no row.
        return "x" * (LARGEST_RECORD_BYTES + 1) + "\n"
