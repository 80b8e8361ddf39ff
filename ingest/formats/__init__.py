"""The formats of archives, one file a format, and how each is recognised.

By the name: PHEME's folders, X's account archive, warnings, feeds, and tables, unless the first bytes say otherwise.
By the first object or the header: 4CAT's exports and the answers of X's interfaces. All else is taken for the
interchange form.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any

from ingest.formats import four_cat, interchange, pheme, x_api, x_archive
from ingest.formats.containers import DAMAGE, damage_of, is_tar, members
from ingest.formats.json_text import json_lines, json_values
from ingest.formats.reading import Reading
from ingest.formats.tables.delimited import DelimitedRows
from ingest.formats.tables.layouts import CannotTell
from ingest.formats.tables.parquet import parquet_rows
from ingest.formats.tables.reader import InMemory, records_of
from ingest.source import Unreadable
from models.errors import InputError

FORMATS = ("interchange", "x_api", "x_archive", "pheme", "four_cat")

# A value or a row → its records and notices.
Reader = Callable[[Any], list[Any]]
# Number of the member, number of the line, records and notices of the line.
Lines = Iterator[tuple[int, int, list[Any]]]

_JSON_LINES = (".jsonl", ".ndjson")
_JSON_VALUES = (".json", ".js")
_DELIMITED = (".csv", ".tsv", ".tab", ".txt")
_WHOLE_TABLES = (".parquet", ".xlsx")
_DOCUMENTS = (".cap", ".xml", ".atom", ".rss")
_ZIP, _PARQUET, _OLE = b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0"
_JSON_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]")
_ENDINGS = (*_JSON_LINES, *_JSON_VALUES, *_DELIMITED, *_DOCUMENTS)
_CONTAINERS = (".zip", ".tar", ".tar.gz", ".tgz")
# The endings of names, as a person may read them.
KNOWN = ", ".join((*_ENDINGS, *_WHOLE_TABLES, *_CONTAINERS))


def check(path: Path) -> None:
    """Raises InputError if there is no file, or its name is of no known kind."""
    if path.is_dir():
        return
    if not path.is_file():
        raise InputError("no such file.", path=path)
    if not is_known(path.name):
        problem = f"cannot be read as posts. Known: {KNOWN}, all but Parquet and workbooks also .gz, and folders."
        raise InputError(problem, path=path)


def is_known(name: str) -> bool:
    """Whether a file of this name is of a kind that can be read."""
    name = name.lower()
    return name.removesuffix(".gz").endswith(_ENDINGS) or name.endswith((*_WHOLE_TABLES, *_CONTAINERS))


def read(path: Path, reading: Reading) -> Lines:
    """All records and notices of a file or folder, in order; damage as Unreadable. Raises InputError."""
    member = line = 0
    try:
        for member, line, found in _lines(path, reading):
            yield member, line, found
    except DAMAGE as error:
        yield member, line + 1, [Unreadable(damage_of(error), path.name, "")]


def _lines(path: Path, reading: Reading) -> Lines:
    named, kind = reading.named, _kind_of(path)
    known_by_name = _named_by_members(path) if not named and _is_container(path) else named
    if known_by_name == "pheme":
        reading.forms.append("pheme")
        yield from pheme.read(path, reading.meter)
    elif known_by_name == "x_archive" and _is_container(path):
        reading.forms.append("x_archive")
        yield from x_archive.read(path, reading)
    elif kind == ".parquet":
        for number, found in records_of(InMemory(parquet_rows(path, reading.meter), "Parquet"), path.name, reading):
            yield 0, number, found
    elif kind == ".xlsx":
        yield from _workbook_lines(path, reading)
    else:
        yield from _members_lines(path, reading)


def _kind_of(path: Path) -> str:
    """The ending .xlsx or .parquet for what is one, whatever kind of table its name says; empty for all else.

    Raises InputError for a workbook that is in its old form or locked.
    """
    if path.is_dir() or not path.name.lower().endswith((*_DELIMITED, *_WHOLE_TABLES)):
        return ""
    with path.open("rb") as file:
        begins = file.read(8)
    if begins.startswith(_PARQUET):
        return ".parquet"
    if begins.startswith(_ZIP):
        return ".xlsx"
    if begins.startswith(_OLE):
        raise InputError("a workbook of an old kind, or one with a password. Save it as .xlsx or .csv.", path=path)
    return next((ending for ending in _WHOLE_TABLES if path.name.lower().endswith(ending)), "")


def _workbook_lines(path: Path, reading: Reading) -> Lines:
    # Only workbooks need its library, which takes a while to load.
    from ingest.formats.tables.workbooks import sheets_of

    without_posts: list[CannotTell] = []
    count = 0
    for count, (title, rows) in enumerate(sheets_of(path, reading.meter), start=1):
        try:
            table = InMemory(rows, f"workbook, sheet {title}")
            for number, found in records_of(table, f"{path.name}, sheet {title}", reading):
                yield count - 1, number, found
        except CannotTell as error:
            without_posts.append(error)
            reading.told.once(f"{path.name}, sheet {title}", "not read, since its columns cannot be told (--columns)")
    if without_posts and len(without_posts) == count:
        raise without_posts[0]


def _members_lines(path: Path, reading: Reading) -> Lines:
    count = 0
    for name, stream in members(path, lambda name: _is_readable(name, path, reading), reading.meter):
        line = 0
        try:
            for line, found in _member_lines(name, stream, reading):
                yield count, line, found
        except DAMAGE as error:
            # The next member may be undamaged.
            yield count, line + 1, [Unreadable(damage_of(error), name, "")]
        except CannotTell as error:
            if not _is_container(path):
                raise
            yield count, line + 1, [Unreadable("columns that cannot be told", str(error), "")]
        count += 1
    if not count:
        raise InputError(f"contains no file of posts. Known: {', '.join(_ENDINGS)}.", path=path)


def _is_readable(name: str, path: Path, reading: Reading) -> bool:
    # Most texts in packed files and folders only say what is in them.
    if name.lower().endswith((".txt", *_WHOLE_TABLES)) and _is_container(path):
        reading.told.once(name, f"not read inside {path.name}: name this file by itself")
        return False
    return name.lower().removesuffix(".gz").endswith(_ENDINGS)


def _member_lines(name: str, stream: IO[bytes], reading: Reading) -> Iterator[tuple[int, list[Any]]]:
    if name.lower().endswith(_DELIMITED) and not _JSON_BEGINS.match(stream.peek(64)):
        file = PurePosixPath(name).name
        rows = DelimitedRows(stream, file, reading.told, tuple(filter(None, reading.columns.values())))
        yield from records_of(rows, file, reading)
        return
    if name.lower().endswith(_DOCUMENTS):
        # Only these need their library, which takes a while to load.
        from ingest.formats.xml_documents import documents

        yield from documents(stream, PurePosixPath(name).name, reading.told)
        return
    read_one = _reader(reading.named, reading) if reading.named else None
    if reading.named:
        reading.forms.append(reading.named)
    for number, value in (json_lines if name.lower().endswith(_JSON_LINES) else json_values)(stream):
        if isinstance(value, Unreadable):
            yield number, [value]
            continue
        if read_one is None:
            first = _first_object(value)
            if first is None:
                yield number, [value]
                continue
            reading.forms.append(_recognised(first))
            read_one = _reader(reading.forms[-1], reading)
        yield number, read_one(value)


def _reader(name: str, reading: Reading) -> Reader:
    if name in ("x_api", "x_archive"):
        return x_api.XPosts(reading)
    return four_cat.FourCatRows() if name == "four_cat" else interchange.read


def _first_object(value: Any) -> dict[str, Any] | None:
    """The first object, which shows the file's format."""
    if isinstance(value, list):
        value = next((one for one in value if isinstance(one, dict)), None)
    return value if isinstance(value, dict) else None


def _recognised(value: dict[str, Any]) -> str:
    if four_cat.is_four_cat(value):
        return "four_cat"
    return "x_api" if x_api.is_x(value) else "interchange"


def _is_container(path: Path) -> bool:
    return path.is_dir() or path.name.lower().endswith(_CONTAINERS)


def _named_by_members(path: Path) -> str:
    """The format that the names of the members show. Their streams are opened, but not read."""
    for name, _ in members(path, lambda name: name.lower().endswith((".json", ".js", *_JSON_LINES))):
        if x_archive.is_posts(name):
            return "x_archive"
        if pheme.is_thread(name):
            return "pheme"
        if is_tar(path.name):
            # Further names would need all of it unpacked: the first must decide.
            return ""
    return ""
