"""Tables: .csv and .parquet. A row is a record whose empty fields are absent, since missing is not zero."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet

from ingest.formats.json_text import shown
from ingest.source import Unreadable
from ingest.times import iso_time
from models.errors import InputError
from models.limits import LARGEST_RECORD_BYTES

FIELDS = (
    "id",
    "collection",
    "kind",
    "created_at",
    "author",
    "author_followers",
    "text",
    "lang",
    "reply_to",
    "root",
    "repost_of",
    "quote_of",
    "reposts",
    "url",
    "edited_at",
    "latitude",
    "longitude",
)

_COUNTS = ("author_followers", "reposts")
_DEGREES = ("latitude", "longitude")
_IDS = ("id", "reply_to", "root", "repost_of", "quote_of")
_WHOLE = re.compile(r"[0-9]{1,18}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,20})?")
_ROWS_AT_ONCE = 1_000

Row = dict[str, Any]


class ColumnMap:
    """Maps columns to the fields of the interchange form. Other columns are not read.

    An id without a prefix gets the name of the file as its prefix: equal numbers in two files are different posts.
    """

    def __init__(self, columns: Mapping[str, str], file_name: str):
        self._columns = dict(columns)
        self._prefix = Path(file_name).name.split(".")[0]
        self._file_name = file_name

    def check(self, header: list[str]) -> None:
        """Raises InputError if a named column does not exist."""
        for field, column in self._columns.items():
            if column not in header:
                raise InputError(
                    f'{self._file_name}: no column "{column}" for {field}. It has: {", ".join(header)[:500]}.'
                )

    def __call__(self, row: Row) -> list[Any]:
        record = {field: row[column] for field, column in self._columns.items() if column in row}
        for field in _IDS:
            if field in record and ":" not in str(record[field]):
                record[field] = f"{self._prefix}:{record[field]}"
        for field in ("created_at", "edited_at"):
            if field in record:
                record[field] = iso_time(record[field])
        return [with_numbers(record)]


def csv_rows(stream: IO[bytes], on_header: Callable[[list[str]], None]) -> Iterator[tuple[int, Any]]:
    """Each row's number and fields, or Unreadable. First calls `on_header` with the names of the columns."""
    csv.field_size_limit(LARGEST_RECORD_BYTES)
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
    reader = csv.DictReader(_bounded_lines(text))
    number = 0
    while True:
        number += 1
        try:
            if number == 1:
                on_header([name for name in reader.fieldnames or [] if name is not None])
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reason = "over 1 MB" if "limit" in str(error) else "not CSV"
            yield number, Unreadable(reason, str(error), "")
            continue
        yield number, _fields_of(row)


def with_numbers(record: Row) -> Row:
    """The record with its counts and degrees as numbers, if a table has them as text."""
    for names, written, number in ((_COUNTS, _WHOLE, int), (_DEGREES, _DECIMAL, float)):
        for name in names:
            value = record.get(name)
            if isinstance(value, str) and written.fullmatch(value.strip()):
                record[name] = number(value)
    return record


def parquet_rows(path: Path, on_header: Callable[[list[str]], None]) -> Iterator[tuple[int, Any]]:
    """Each row's number and fields, or Unreadable. Raises InputError for a file that is not Parquet."""
    try:
        table = pyarrow.parquet.ParquetFile(path)
        on_header(table.schema_arrow.names)
        number = 0
        for batch in table.iter_batches(batch_size=_ROWS_AT_ONCE):
            batch = batch.cast(_microseconds(batch.schema), safe=False)
            for place in range(len(batch)):
                number += 1
                yield number, _parquet_row(batch, place)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"cannot be read as Parquet ({type(error).__name__}).", path=path) from error


def _bounded_lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Lines for the CSV reader, which joins the lines of one row. An endless line is not loaded into memory."""
    while line := text.readline(LARGEST_RECORD_BYTES + 1):
        if len(line) <= LARGEST_RECORD_BYTES or line.endswith("\n"):
            yield line
            continue
        while line and not line.endswith("\n"):
            line = text.readline(LARGEST_RECORD_BYTES)
        # A field that the reader refuses as too long, wherever in a row it is: half a line is no row.
        yield "x" * (LARGEST_RECORD_BYTES + 1) + "\n"


def _fields_of(row: dict[str | None, Any]) -> Any:
    if any(isinstance(value, str) and not value.isascii() and _broken(value) for value in row.values()):
        return Unreadable("not UTF-8", shown(repr(row).encode()), "")
    return {name: value for name, value in row.items() if name is not None and value not in (None, "")}


def _broken(text: str) -> bool:
    return any("\udc80" <= character <= "\udcff" for character in text)


def _microseconds(schema: pa.Schema) -> pa.Schema:
    """The same columns with times that Python can hold: other tools write nanoseconds."""
    fields = [
        field.with_type(pa.timestamp("us", field.type.tz)) if pa.types.is_timestamp(field.type) else field
        for field in schema
    ]
    return pa.schema(fields)


def _parquet_row(batch: pa.RecordBatch, place: int) -> Any:
    try:
        (row,) = batch.slice(place, 1).to_pylist()
    except (ValueError, OverflowError) as error:
        return Unreadable("wrong type: a value that Python cannot read", str(error), "")
    return {name: value for name, value in row.items() if value is not None}
