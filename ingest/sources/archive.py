"""Files in the interchange form: .jsonl, .jsonl.gz, .csv and .parquet.

The cursor is "FILE:LINE", the place of the last item read; going on from it reads the file again up to there.
What cannot be read becomes a dead letter with its place and reason, and the rest goes on.
"""

import csv
import gzip
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet

from ingest.source import Batch, Unreadable, Upsert
from models.errors import InputError

BATCH_ITEMS = 1_000
LONGEST_LINE_BYTES = 1_000_000
SHOWN_CHARACTERS = 2_000

Item = Upsert | Unreadable
_COUNTS = ("author_followers", "reposts")


class Archive:
    """One or more files, read in the order given. With a `collection`, only the posts of that one."""

    name = "archive"

    def __init__(self, files: Sequence[Path], *, collection: str | None = None):
        self._files = list(files)
        self.collection = collection
        for path in self._files:
            _reader_for(path)

    def batches(self, cursor: str | None) -> Iterator[Batch]:
        items: list[Item] = []
        for item in self._items(cursor):
            items.append(item)
            if len(items) == BATCH_ITEMS:
                yield Batch(items, items[-1].position)
                items = []
        yield Batch(items, items[-1].position if items else cursor or "", last=True)

    def _items(self, cursor: str | None) -> Iterator[Item]:
        done_files, done_lines = _parsed(cursor)
        for number, path in enumerate(self._files):
            if number < done_files:
                continue
            for line, item in _reader_for(path)(path):
                position = f"{number}:{line}"
                if number == done_files and line <= done_lines:
                    continue
                if isinstance(item, Unreadable):
                    yield Unreadable(item.reason, item.payload, position)
                elif self.collection is None or _collection_of(item) in (None, self.collection):
                    yield Upsert(item, position)


def _parsed(cursor: str | None) -> tuple[int, int]:
    number, _, line = (cursor or "0:0").partition(":")
    return int(number), int(line)


def _collection_of(record: Any) -> Any:
    return record.get("collection") if isinstance(record, dict) else None


def _reader_for(path: Path) -> Callable[[Path], Iterator[tuple[int, Any]]]:
    """The reader of a file's format by its name. Raises InputError where there is none or no file."""
    if not path.is_file():
        raise InputError(f"{path}: no such file.")
    for ending, reader in (
        (".jsonl", _json_lines),
        (".jsonl.gz", _json_lines),
        (".csv", _csv),
        (".parquet", _parquet),
    ):
        if path.name.endswith(ending):
            return reader
    raise InputError(f"{path}: cannot be read as posts. Known: .jsonl, .jsonl.gz, .csv, .parquet.")


def _json_lines(path: Path) -> Iterator[tuple[int, Any]]:
    number = 0
    with (gzip.open if path.name.endswith(".gz") else open)(path, "rb") as stream:
        try:
            for number, line in enumerate(_bounded_lines(stream), start=1):
                if isinstance(line, Unreadable):
                    yield number, line
                elif line.strip():
                    yield number, _parsed_line(line)
        except (EOFError, OSError, zlib.error) as error:
            yield number + 1, Unreadable(f"file cut off or damaged ({type(error).__name__})", path.name, "")


def _bounded_lines(stream: IO[bytes]) -> Iterator[bytes | Unreadable]:
    """Lines without their ends; one that is too long is passed over without holding it in memory."""
    while line := stream.readline(LONGEST_LINE_BYTES + 1):
        if len(line) <= LONGEST_LINE_BYTES or line.endswith(b"\n"):
            yield line
            continue
        head = line
        while line and not line.endswith(b"\n"):
            line = stream.readline(LONGEST_LINE_BYTES)
        yield Unreadable("over 1 MB", _shown(head), "")


def _parsed_line(line: bytes) -> Any:
    try:
        return json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Unreadable("not UTF-8", _shown(line), "")
    except (ValueError, RecursionError):
        return Unreadable("not JSON", _shown(line), "")


def _csv(path: Path) -> Iterator[tuple[int, Any]]:
    csv.field_size_limit(LONGEST_LINE_BYTES)
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
        reader = csv.DictReader(stream)
        number = 0
        while True:
            number += 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                reason = "over 1 MB" if "limit" in str(error) else "not CSV"
                yield number, Unreadable(reason, str(error), "")
                continue
            yield number, _record_of(row)


def _record_of(row: dict[str | None, Any]) -> Any:
    """A row's fields as they would stand in JSON: empty is absent, counts are numbers."""
    if any(isinstance(value, str) and not value.isascii() and _broken(value) for value in row.values()):
        return Unreadable("not UTF-8", _shown(repr(row).encode()), "")
    record = {name: value for name, value in row.items() if name is not None and value not in (None, "")}
    for name in _COUNTS:
        if name in record and record[name].strip().isdecimal():
            record[name] = int(record[name])
    return record


def _broken(text: str) -> bool:
    return any("\udc80" <= character <= "\udcff" for character in text)


def _parquet(path: Path) -> Iterator[tuple[int, Any]]:
    try:
        table = pyarrow.parquet.ParquetFile(path)
        number = 0
        for batch in table.iter_batches(batch_size=BATCH_ITEMS):
            batch = batch.cast(_microseconds(batch.schema), safe=False)
            for place in range(len(batch)):
                number += 1
                yield number, _parquet_row(batch, place)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path}: not readable as Parquet ({type(error).__name__}).") from error


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
        return Unreadable("wrong type: not a value of Python's", str(error), "")
    return {name: value for name, value in row.items() if value is not None}


def _shown(line: bytes) -> str:
    return line[:SHOWN_CHARACTERS].decode("utf-8", "replace")
