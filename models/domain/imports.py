"""Files that people hand in on the screen: how one is to be read, what a look at it shows, how far it was read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from models.domain.acts import Officer

# The source that all imported files are accounted for under; each file by the id of its import.
SOURCE = "import"


class Takes(StrEnum):
    """Which posts of a file an incident takes."""

    ALL = "all"
    WATCHED = "watched"


class ImportEnd(StrEnum):
    """How an import ended. What was saved by then stays, whichever it is."""

    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"
    # Grapevine was stopped in the middle of it.
    BROKEN_OFF = "broken off"


@dataclass(frozen=True, slots=True)
class TableReading:
    """How a person says that a table is to be read: field of a post → column, "" for none; the rest as it is found.

    `zone` is that of times which state none.
    """

    columns: Mapping[str, str]
    zone: str


@dataclass(frozen=True, slots=True)
class Import:
    """One file read into an incident: whose act it was, why, and how it ended; `ended` None while it is read.

    `shape` is what tables with the same header share, empty where the file is no table. `digest` is the file's.
    `started_at` is None until it is recorded. `detail` says why it failed.
    """

    id: str
    incident: str
    file: str
    size_bytes: int
    digest: str
    takes: Takes
    officer: Officer
    reason: str
    table: TableReading
    shape: str = ""
    started_at: datetime | None = None
    ended: ImportEnd | None = None
    ended_at: datetime | None = None
    detail: str = ""
    ended_by: Officer | None = None


@dataclass(frozen=True, slots=True)
class SeenTable:
    """What a table was found to be: its header, and the columns of each field in words ("Date + Time").

    `form` says what it is written as, `known_as` the export that has these columns, empty where none is known.
    """

    header: tuple[str, ...]
    columns: Mapping[str, str]
    unread: tuple[str, ...]
    form: str
    known_as: str
    shape: str
    lines_above: int


@dataclass(frozen=True, slots=True)
class SeenRow:
    """One of the first rows as it would be read; `problem` says why it cannot be, `shown` then is its beginning.

    `place` is its line and, in a packed file, that of its file before it.
    """

    place: str
    problem: str | None
    shown: str
    text: str = ""
    created_at: datetime | None = None
    has_author: bool = False
    kind: str = ""
    answers: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """A look at the beginning of a file, read as `table` says. `problem` is why it cannot be read so.

    `found` are the columns of each field in words, as they are told without a person. `remembered` is the import
    whose mapping was taken, None where nobody read such a header before.
    """

    file: str
    size_bytes: int
    table: TableReading
    seen: SeenTable | None = None
    found: Mapping[str, str] = field(default_factory=dict)
    form: str = ""
    rows: tuple[SeenRow, ...] = ()
    told: tuple[str, ...] = ()
    problem: str | None = None
    remembered: Import | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the reading of a file has come: bytes of the whole, items, and for how long it has been going on."""

    of: Import
    bytes_read: int
    items: int
    seconds: float
    cancelling: bool = False
