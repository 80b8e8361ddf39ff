"""Tables into files, and files into a zip that is handed on while it is written: memory stays small at any size."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pyarrow as pa
import pyarrow.parquet as pq

from dashboard.publish.about import About
from dashboard.publish.table import Table
from dashboard.words import export as words
from models.clock import iso_utc
from models.interchange import record
from models.text import storable

# What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection"), with the wide forms.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_READABLE_BY_OWNER = 0o600 << 16
# Writes one table into an open member of the zip; gives control back after each batch.
Writer = Callable[[IO[bytes], Table, About], Iterator[None]]


def csv_zip(tables: Iterable[Table], about: About) -> Iterator[bytes]:
    notes = (words.CSV_NOTE, words.TIMES_NOTE, words.UNKNOWN_NOTE, words.REMOVED_NOTE, words.STANCES_NOTE)
    return _zipped(tables, _write_csv, "csv", about, notes)


def parquet_zip(tables: Iterable[Table], about: About) -> Iterator[bytes]:
    notes = (words.PARQUET_NOTE, words.TIMES_NOTE, words.UNKNOWN_NOTE, words.REMOVED_NOTE, words.STANCES_NOTE)
    return _zipped(tables, _write_parquet, "parquet", about, notes)


def interchange_zip(posts: Table, about: About) -> Iterator[bytes]:
    notes = (words.INTERCHANGE_NOTE, words.TIMES_NOTE, words.UNKNOWN_NOTE, words.REMOVED_NOTE)
    return _zipped([posts], _write_interchange, "jsonl", about, notes)


def files_zip(files: Iterable[tuple[str, bytes]], about: About) -> Iterator[bytes]:
    """Whole files, each by its name, with the note beside them."""
    outgoing = _Outgoing()
    with ZipFile(outgoing, "w") as archive:
        for name, content in files:
            archive.writestr(_member(name, about, ZIP_DEFLATED), content)
            yield from outgoing.taken()
        archive.writestr(_member("about.txt", about, ZIP_DEFLATED), about.text())
    yield from outgoing.taken()


def _zipped(
    tables: Iterable[Table], write: Writer, ending: str, about: About, notes: tuple[str, ...]
) -> Iterator[bytes]:
    outgoing = _Outgoing()
    with ZipFile(outgoing, "w") as archive:
        # First, so that whoever has only the beginning of a file knows what it was.
        archive.writestr(_member("about.txt", about, ZIP_DEFLATED), about.text(*notes))
        for table in tables:
            # Parquet is compressed inside.
            info = _member(f"{table.name}.{ending}", about, ZIP_STORED if ending == "parquet" else ZIP_DEFLATED)
            with archive.open(info, "w", force_zip64=True) as member:
                for _ in write(member, table, about):
                    yield from outgoing.taken()
    yield from outgoing.taken()


def _write_csv(member: IO[bytes], table: Table, about: About) -> Iterator[None]:
    for piece in csv_pieces(table):
        member.write(piece)
        yield


def csv_pieces(table: Table) -> Iterator[bytes]:
    """A table as a file that spreadsheets open and take no cell of for a formula."""
    yield b"\xef\xbb\xbf" + _csv_lines([table.columns])
    for batch in table.batches:
        yield _csv_lines([_cell(row[name]) for name in table.columns] for row in batch)


def _csv_lines(rows: Iterable[Iterable[Any]]) -> bytes:
    lines = io.StringIO(newline="")
    csv.writer(lines).writerows(rows)
    return lines.getvalue().encode()


def _cell(value: Any) -> Any:
    """A value as a cell that no spreadsheet runs.

    >>> _cell("=cmd|' /C calc'!A0"), _cell(-1.5), _cell(None), _cell(True)
    ("'=cmd|' /C calc'!A0", -1.5, '', 'true')
    """
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case datetime():
            return iso_utc(value)
        case str():
            text = storable(value)
            return f"'{text}" if text.startswith(_FORMULA) else text
        case _:
            return value


def _write_parquet(member: IO[bytes], table: Table, about: About) -> Iterator[None]:
    schema = pa.schema(list(table.columns.items()), metadata={"grapevine": about.as_json()})
    with pq.ParquetWriter(pa.PythonFile(_Counted(member), mode="w"), schema, compression="zstd") as writer:
        for batch in table.batches:
            columns = [pa.array([row[name] for row in batch], kind) for name, kind in table.columns.items()]
            writer.write_batch(pa.record_batch(columns, schema=schema))
            yield


def _write_interchange(member: IO[bytes], table: Table, about: About) -> Iterator[None]:
    for batch in table.batches:
        member.write("".join(f"{json.dumps(record(row), ensure_ascii=False)}\n" for row in batch).encode())
        yield


def _member(name: str, about: About, compression: int) -> ZipInfo:
    info = ZipInfo(name, about.made_at.astimezone(UTC).timetuple()[:6])
    info.compress_type, info.external_attr = compression, _READABLE_BY_OWNER
    return info


class _Outgoing(io.RawIOBase):
    """Takes what is written until somebody fetches it. It cannot be sought in, and ZipFile does without."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, part: Any) -> int:
        self._parts.append(bytes(part))
        return len(self._parts[-1])

    def taken(self) -> Iterator[bytes]:
        parts, self._parts = self._parts, []
        yield b"".join(parts)


class _Counted:
    """A member of a zip for Parquet's writer, which asks where it is."""

    closed = False

    def __init__(self, member: IO[bytes]):
        self._member = member
        self._written = 0

    def write(self, part: Any) -> int:
        self._written += len(part)
        return self._member.write(part)

    def tell(self) -> int:
        return self._written

    def flush(self) -> None:
        pass

    def close(self) -> None:
        """The zip closes its member."""
