"""The formats of archives, one file a format, and how each is recognised.

By the name: PHEME's folders, X's account archive, tables. By the first object or the header: 4CAT's exports and the
answers of X's interfaces. Everything else is taken for the interchange form.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from ingest.formats import four_cat, interchange, pheme, x_api, x_archive
from ingest.formats.containers import DAMAGE, damage_of, is_tar, members
from ingest.formats.json_text import json_lines, json_values
from ingest.formats.tables import ColumnMap, csv_rows, parquet_rows, with_numbers
from ingest.formats.x_notices import Accounts
from ingest.source import Unreadable
from models.errors import InputError

FORMATS = ("interchange", "x_api", "x_archive", "pheme", "four_cat")

# A value or a row → its records and notices.
Reader = Callable[[Any], list[Any]]
# Number of the member, number of the line, records and notices of the line.
Lines = Iterator[tuple[int, int, list[Any]]]

_JSON_LINES = (".jsonl", ".ndjson")
_JSON_VALUES = (".json", ".js")
_ENDINGS = (*_JSON_LINES, *_JSON_VALUES, ".csv")
_CONTAINERS = (".zip", ".tar", ".tar.gz", ".tgz")


def check(path: Path) -> None:
    """Raises InputError if there is no file, or its name is of no known kind."""
    if path.is_dir():
        return
    if not path.is_file():
        raise InputError("no such file.", path=path)
    if not path.name.removesuffix(".gz").endswith(_ENDINGS) and not path.name.endswith((".parquet", *_CONTAINERS)):
        known = ", ".join((*_ENDINGS, ".parquet", *_CONTAINERS))
        problem = f"cannot be read as posts. Known: {known}, all but Parquet also .gz, and folders."
        raise InputError(problem, path=path)


def read(path: Path, *, named: str, columns: Mapping[str, str], accounts: Accounts) -> Lines:
    """All records and notices of a file or folder, in order; damage as Unreadable. Raises InputError."""
    member = line = 0
    try:
        for member, line, found in _lines(path, named, columns, accounts):
            yield member, line, found
    except DAMAGE as error:
        yield member, line + 1, [Unreadable(damage_of(error), path.name, "")]


def _lines(path: Path, named: str, columns: Mapping[str, str], accounts: Accounts) -> Lines:
    known_by_name = _named_by_members(path) if not named and _is_container(path) else named
    if known_by_name == "pheme":
        yield from pheme.read(path)
    elif known_by_name == "x_archive" and _is_container(path):
        yield from x_archive.read(path, accounts)
    elif path.name.endswith(".parquet") and not path.is_dir():
        rows = _TableReader(named, columns, path.name)
        for number, row in parquet_rows(path, rows.on_header):
            yield 0, number, rows.read(row)
    else:
        yield from _members_lines(path, named, columns, accounts)


def _members_lines(path: Path, named: str, columns: Mapping[str, str], accounts: Accounts) -> Lines:
    count = 0
    for name, stream in members(path, lambda name: name.removesuffix(".gz").endswith(_ENDINGS)):
        line = 0
        try:
            for line, found in _member_lines(name, stream, named, columns, accounts):
                yield count, line, found
        except DAMAGE as error:
            # The next member may be undamaged.
            yield count, line + 1, [Unreadable(damage_of(error), name, "")]
        count += 1
    if not count:
        raise InputError(f"contains no file of posts. Known: {', '.join(_ENDINGS)}.", path=path)


def _member_lines(
    name: str, stream: IO[bytes], named: str, columns: Mapping[str, str], accounts: Accounts
) -> Iterator[tuple[int, list[Any]]]:
    if name.endswith(".csv"):
        rows = _TableReader(named, columns, name)
        for number, row in csv_rows(stream, rows.on_header):
            yield number, rows.read(row)
        return
    read_one = _reader(named, accounts) if named else None
    for number, value in (json_lines if name.endswith(_JSON_LINES) else json_values)(stream):
        if isinstance(value, Unreadable):
            yield number, [value]
            continue
        if read_one is None:
            first = _first_object(value)
            if first is None:
                yield number, [value]
                continue
            read_one = _reader(_recognised(first), accounts)
        yield number, read_one(value)


class _TableReader:
    def __init__(self, named: str, columns: Mapping[str, str], file_name: str):
        self._named = named
        self._map = ColumnMap(columns, file_name) if columns else None
        self.read: Reader = interchange.read

    def on_header(self, header: list[str]) -> None:
        if self._map is not None:
            self._map.check(header)
            reader: Reader = self._map
        elif self._named == "four_cat" or (not self._named and four_cat.is_four_cat(header)):
            reader = four_cat.FourCatRows(header)
        else:
            reader = _numbered
        self.read = lambda row: [row] if isinstance(row, Unreadable) else reader(row)


def _numbered(row: dict[str, Any]) -> list[Any]:
    return interchange.read(with_numbers(row))


def _reader(name: str, accounts: Accounts) -> Reader:
    if name in ("x_api", "x_archive"):
        return x_api.XPosts(accounts)
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
    return path.is_dir() or path.name.endswith(_CONTAINERS)


def _named_by_members(path: Path) -> str:
    """The format that the names of the members show. Their streams are opened, but not read."""
    for name, _ in members(path, lambda name: name.endswith((".json", ".js", *_JSON_LINES))):
        if x_archive.is_posts(name):
            return "x_archive"
        if pheme.is_thread(name):
            return "pheme"
        if is_tar(path.name):
            # Further names would need all of it unpacked: the first must decide.
            return ""
    return ""
