"""Files and folders of posts, in any of the formats that `formats` knows.

The cursor is "FILE:LINE", the place of the last item read. LINE is "MEMBER/LINE" in a folder or packed file, and
"LINE.ITEM" in a line with several items. To continue from it the file is read again up to there.
A line that cannot be read becomes a dead letter with its place and reason, and reading continues.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import Field

from ingest import formats
from ingest.formats.json_text import SHOWN_CHARACTERS
from ingest.formats.tables import FIELDS
from ingest.formats.x_notices import Accounts
from ingest.source import AccountRemoved, Batch, Delete, Item, Source, Unreadable, Upsert
from models.clock import Clock
from models.config import Table, did_you_mean
from models.errors import ConfigError, InputError
from models.limits import LARGEST_RECORD_BYTES

BATCH_ITEMS = 1_000

_PLACE = re.compile(r"(?P<file>[0-9]+):(?:(?P<member>[0-9]+)/)?(?P<line>[0-9]+)(?:\.(?P<part>[0-9]+))?")
_Place = tuple[int, int, int]


class ArchiveSettings(Table):
    files: list[str] = Field(min_length=1)
    # Empty: recognised by the name and content of the files.
    format: str = ""
    # Field of the interchange form → the column with its values, for tables of any other kind.
    columns: dict[str, str] = Field(default_factory=dict)


def open_archive(settings: ArchiveSettings, clock: Clock) -> list[Source]:
    """The one source of these settings. Raises ConfigError, and InputError for files that do not exist."""
    if settings.format and settings.format not in formats.FORMATS:
        raise _unknown("format", settings.format, formats.FORMATS)
    for field in settings.columns:
        if field not in FIELDS:
            raise _unknown("columns", field, FIELDS)
    if settings.columns and "id" not in settings.columns:
        problem = 'columns: name the column of the id: columns = {id = "Number", …}.'
        raise ConfigError(problem, table="sources.archive")
    files = [Path(name).expanduser() for name in settings.files]
    return [Archive(files, format=settings.format, columns=settings.columns)]


class Archive:
    """One or more files or folders, read in the given order. With `collection`, only the posts of that collection.

    `format` is one of formats.FORMATS, or empty. `columns` maps fields of the interchange form to a table's columns.
    Raises InputError for a path that does not exist or is of no known kind.
    """

    name = "archive"
    every_seconds = None
    live = False
    restriction = None

    def __init__(
        self,
        files: Sequence[Path],
        *,
        collection: str | None = None,
        format: str = "",
        columns: Mapping[str, str] | None = None,
    ):
        self._files = list(files)
        self._format = format
        self._columns = dict(columns or {})
        self.collection = collection
        for path in self._files:
            formats.check(path)

    def batches(self, cursor: str | None) -> Iterator[Batch]:
        items: list[Item] = []
        for item in self._items(cursor):
            items.append(item)
            if len(items) == BATCH_ITEMS:
                yield Batch(items, items[-1].position)
                items = []
        yield Batch(items, items[-1].position if items else cursor or "", last=True)

    def test(self) -> str:
        """The files and their sizes. Raises InputError if one is gone."""
        for path in self._files:
            formats.check(path)
        sizes = ("folder" if path.is_dir() else f"{path.stat().st_size / 1e6:,.1f} MB" for path in self._files)
        return "; ".join(f"{path.name} ({size})" for path, size in zip(self._files, sizes, strict=True))

    def _items(self, cursor: str | None) -> Iterator[Item]:
        done_files, done = _parsed(cursor)
        accounts = Accounts(lambda accounts: self._learn(accounts, done_files))
        for number, path in enumerate(self._files):
            if number < done_files:
                continue
            after = done if number == done_files else (0, 0, 0)
            for member, line, found in self._read(path, accounts):
                for part, one in enumerate(found, start=1 if len(found) > 1 else 0):
                    if (member, line, part) <= after:
                        continue
                    position = _position(number, member, line, part)
                    if isinstance(one, Unreadable | Delete | AccountRemoved):
                        yield replace(one, position=position)
                    elif _is_too_long(one):
                        yield Unreadable("over 1 MB", one["text"][:SHOWN_CHARACTERS], position)
                    elif self.collection is None or _collection_of(one) in (None, self.collection):
                        yield Upsert(one, position)

    def _read(self, path: Path, accounts: Accounts) -> formats.Lines:
        return formats.read(path, named=self._format, columns=self._columns, accounts=accounts)

    def _learn(self, accounts: Accounts, files: int) -> None:
        """Read the first `files` files again, for the account numbers in them."""
        for path in self._files[:files]:
            for _ in self._read(path, accounts):
                pass


def _position(number: int, member: int, line: int, part: int) -> str:
    return f"{number}:{f'{member}/' if member else ''}{line}{f'.{part}' if part else ''}"


def _parsed(cursor: str | None) -> tuple[int, _Place]:
    found = _PLACE.fullmatch(cursor or "0:0")
    if found is None:
        raise InputError(f"archive: the cursor {cursor!r} is no place in a file. Start again from the beginning.")
    # Without an item number, the whole line was read.
    return int(found["file"]), (int(found["member"] or 0), int(found["line"]), int(found["part"] or 2**31))


def _collection_of(record: Any) -> Any:
    return record.get("collection") if isinstance(record, dict) else None


def _is_too_long(record: Any) -> bool:
    """Whether a post is too long. A page or an array may be longer than a line; a post in it may not."""
    text = record.get("text") if isinstance(record, dict) else None
    # Only a text that may be too large is encoded to see: a character takes up to four bytes.
    return (
        isinstance(text, str)
        and 4 * len(text) > LARGEST_RECORD_BYTES
        and len(text.encode("utf-8", "surrogatepass")) > LARGEST_RECORD_BYTES
    )


def _unknown(key: str, name: str, known: Sequence[str]) -> ConfigError:
    problem = f'{key}: no such name "{name}".{did_you_mean(name, list(known))}'
    return ConfigError(problem, table="sources.archive")
