"""Files and folders of posts, in any of the formats that `formats` knows.

The cursor is "FILE:LINE", the place of the last item read. LINE is "MEMBER/LINE" in a folder or packed file, and
"LINE.ITEM" in a line with several items. To continue from it the file is read again up to there.
A line that cannot be read becomes a dead letter with its place and reason, and reading continues.
"""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from pydantic import Field

from ingest import formats
from ingest.doubtful_dates import DoubtfulDates
from ingest.formats.json_text import SHOWN_CHARACTERS
from ingest.formats.reading import ZONE, Reading
from ingest.formats.tables import STATED
from ingest.formats.x_notices import Accounts
from ingest.source import AccountRemoved, Batch, Delete, Item, PassedOver, Source, Unreadable, Upsert
from models.clock import Clock
from models.config import Table, did_you_mean
from models.domain.imports import SeenTable
from models.domain.reading import Passing, Reason
from models.errors import ConfigError, InputError
from models.limits import LARGEST_RECORD_BYTES

log = logging.getLogger(__name__)

BATCH_ITEMS = 1_000

_PLACE = re.compile(r"(?P<file>[0-9]+):(?:(?P<member>[0-9]+)/)?(?P<line>[0-9]+)(?:\.(?P<part>[0-9]+))?")
_Place = tuple[int, int, int]


class ArchiveSettings(Table):
    files: list[str] = Field(min_length=1)
    # Empty: recognised by the name and content of the files.
    format: str = ""
    # Field of the interchange form → the column with its values, for tables of any other kind.
    columns: dict[str, str] = Field(default_factory=dict)
    # The zone of times in tables that state none.
    zone: str = ZONE


def open_archive(settings: ArchiveSettings, clock: Clock) -> list[Source]:
    """The one source of these settings. Raises ConfigError, and InputError for files that do not exist."""
    if settings.format and settings.format not in formats.FORMATS:
        problem = f'format: no such name "{settings.format}".{did_you_mean(settings.format, list(formats.FORMATS))}'
        raise ConfigError(problem, table="sources.archive")
    if problem := problem_with(settings.columns, settings.zone):
        raise ConfigError(problem, table="sources.archive")
    files = [Path(name).expanduser() for name in settings.files]
    return [Archive(files, format=settings.format, columns=settings.columns, zone=settings.zone)]


def problem_with(columns: Mapping[str, str], zone: str) -> str | None:
    """What is wrong with columns that a person named, or with a zone; None where nothing is."""
    for field in columns:
        if field not in STATED:
            return f'columns: no such name "{field}".{did_you_mean(field, list(STATED))}'
    zones = sorted(available_timezones())
    if zone not in zones:
        # There are 600 of them, so that not all are listed.
        nearest = next(iter(get_close_matches(zone, zones, n=1)), "Europe/London")
        return f'zone: no such time zone "{zone}". Did you mean "{nearest}"?'
    return None


class Archive:
    """One or more files or folders, read in the given order. With `collection`, only the posts of that collection.

    `format` is one of formats.FORMATS, or empty. `columns` maps fields of the interchange form to a table's columns.
    `zone` is that of times in tables that state none.
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
        zone: str = ZONE,
    ):
        self._files = list(files)
        self._format = format
        self._columns = dict(columns or {})
        self._zone = zone
        self._reading = self._new_reading()
        self.collection = collection
        for path in self._files:
            formats.check(path)

    @property
    def told(self) -> list[str]:
        """What a person should know about the last reading, as far as it has gone."""
        return self._reading.told.lines()

    @property
    def bytes_read(self) -> int:
        """How much of the files the last reading has read; of packed ones in packed bytes."""
        return self._reading.meter.bytes_read

    @property
    def tables(self) -> Sequence[SeenTable]:
        """The tables that the last reading found, as far as it has gone."""
        return self._reading.tables

    @property
    def forms(self) -> Sequence[str]:
        """The formats that the last reading recognised by the objects in the files, as far as it has gone."""
        return self._reading.forms

    @property
    def read_as(self) -> str:
        """What was said about how to read the files; empty where nothing was."""
        said = [f"{field}={column}" for field, column in sorted(self._columns.items())]
        return "\n".join([*said, *([self._zone] if self._zone != ZONE else [])])

    def batches(self, cursor: str | None) -> Iterator[Batch]:
        items: list[Item] = []
        file, dates = "", DoubtfulDates()
        for item in self._items(cursor):
            # What a batch brings is accounted for by file.
            number = item.position.partition(":")[0]
            if items and (len(items) == BATCH_ITEMS or number != file):
                yield self._batch(dates.marked(items), file)
                items = []
            file = number
            items.append(item)
        if items:
            yield self._batch(dates.marked(items), file, last=True)
        else:
            yield Batch([], cursor or "", last=True)

    def _batch(self, items: list[Item], number: str, *, last: bool = False) -> Batch:
        file = self._files[int(number)].name
        return Batch(items, items[-1].position, last=last, file=file, told=self._reading.told.news(file))

    def test(self) -> str:
        """The files and their sizes. Raises InputError if one is gone."""
        for path in self._files:
            formats.check(path)
        sizes = ("folder" if path.is_dir() else f"{path.stat().st_size / 1e6:,.1f} MB" for path in self._files)
        return "; ".join(f"{path.name} ({size})" for path, size in zip(self._files, sizes, strict=True))

    def _items(self, cursor: str | None) -> Iterator[Item]:
        done_files, done = _parsed(cursor)
        reading = self._reading = self._new_reading()
        told = reading.told
        reading.accounts.read_earlier(lambda accounts: self._learn(accounts, done_files))
        for number, path in enumerate(self._files):
            if number < done_files:
                continue
            told.begin(path.name)
            after = done if number == done_files else (0, 0, 0)
            for member, line, found in formats.read(path, reading):
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
                    else:
                        yield PassedOver(Reason(Passing.COLLECTION), position)
        for line in told.lines():
            log.info("archive: %s", line)

    def _new_reading(self) -> Reading:
        return Reading(self._format, self._columns, self._zone)

    def _learn(self, accounts: Accounts, files: int) -> None:
        """Read the first `files` files again, for the account numbers in them."""
        for path in self._files[:files]:
            for _ in formats.read(path, Reading(self._format, self._columns, self._zone, accounts=accounts)):
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
