"""Which column of a table is what: as a person says, as a known export has it, or by the columns' names."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise
from typing import Any

from ingest.formats.tables import Row, with_numbers
from ingest.formats.tables.exports import Export, export_of
from ingest.formats.tables.headers import FIELD_OF, NAMES, RANK_OF, known_name, plain_name
from ingest.formats.tables.ids import made_id, whole_id
from ingest.formats.tables.links import id_in_link, platform_of
from ingest.formats.tables.times import looks_like_time
from ingest.formats.x_posts import LINKS, Versions, known, times
from models.errors import InputError

_TIMES = ("created_at", "edited_at")
_TEXTS = ("text", "author", "collection", "kind", "url")
# What other tools call the kinds of posts.
_KINDS = {"tweet": "post", "retweet": "repost", "share": "repost", "comment": "reply", "quote tweet": "quote"}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_LISTED = re.compile(r"[0-9]+")
_SHOWN_NAMES = 500
# Digits of the number of a row; platforms count their posts with more.
_LONGEST_COUNT = 7
NO_HEADER = "it has no header. Add a first line with the names of its columns, such as id,created_at,author,text."
_EMPTY = ("", None)

Columns = dict[str, tuple[tuple[int, ...], ...]]


class CannotTell(InputError):
    """Nobody can tell which column is what. The message ends in the way out."""

    def __init__(self, file: str, header: Sequence[str]):
        self.has_no_header = any(map(looks_like_time, header))
        super().__init__(f"{file}: {NO_HEADER if self.has_no_header else _way_out(header)}")


@dataclass(frozen=True)
class Layout:
    """Field → the places of its columns; of several the first that is filled is used. Inner tuples are joined.

    `platform` is what ids without a prefix get. None: they stay as they are. Empty: it is that of a row's link, or
    else `shape`, which two tables with the same header share.
    """

    name: str
    columns: Mapping[str, tuple[tuple[int, ...], ...]]
    platform: str | None
    shape: str
    width: int
    export: Export | None = None
    unread: tuple[str, ...] = ()

    def places(self, *fields: str) -> list[int]:
        return [place for name in fields for places in self.columns.get(name, ()) for place in places]

    def named(self, field: str, header: Sequence[str]) -> str:
        """The columns of a field in words: Date + Time; Full Text or Snippet; empty for none."""
        return " or ".join(" + ".join(header[place] for place in places) for places in self.columns.get(field, ()))

    def value(self, cells: Sequence[Any], name: str) -> Any:
        for places in self.columns.get(name, ()):
            if len(places) == 1:
                if (value := cells[places[0]]) not in _EMPTY:
                    return value
            elif all(cells[place] not in _EMPTY for place in places):
                return " ".join(_written(cells[place]) for place in places)
        return None


def layout_of(
    header: Sequence[str], columns: Mapping[str, str], file: str, sample: Sequence[Sequence[Any]] = ()
) -> Layout:
    """The layout of a table with this header. `columns` is what a person said: field → column, or "Date + Time".

    "" is no column. Columns that are not named are told by their names. `sample` are some rows, all as wide as it.
    Raises InputError if a named column does not exist, CannotTell if it is not known where texts or ids are.
    """
    place_of = {plain_name(name): place for place, name in reversed(list(enumerate(header)))}
    export = export_of(header)
    found = _of_export(export, place_of) if export else _by_name(header, sample)
    found |= {name: (_named(column, place_of, header, name, file),) for name, column in columns.items() if column}
    for name, column in columns.items():
        if not column:
            found.pop(name, None)
    if not {"id", "text", "url"} & set(found):
        raise CannotTell(file, header)
    used = {place for several in found.values() for places in several for place in places}
    is_ours = export is None and not any(columns.values()) and "id" in found and _has_our_names(found, header)
    return Layout(
        name=export.name if export else ", ".join(_shown(name, places, header) for name, places in found.items()),
        columns=found,
        platform=None if is_ours else export.platform if export else "",
        shape=f"table-{blake2b(' '.join(sorted(place_of)).encode(), digest_size=4).hexdigest()}",
        width=len(header),
        export=export,
        unread=tuple(name for place, name in enumerate(header) if place not in used and name),
    )


def _way_out(header: Sequence[str]) -> str:
    return (
        "its columns cannot be told. Name them, such as --columns id=Number --columns text=Body "
        f"--columns created_at=When. It has: {_listed_names(header)}."
    )


class LaidOut:
    """Reads the rows of one layout as records."""

    def __init__(self, layout: Layout, read_time: Callable[[Any], Any], versions: Versions):
        self._layout = layout
        self._read_time = read_time
        self._versions = versions
        self._id_in_link = layout.export is not None and layout.export.id_in_link
        fields = {name: several for name, several in layout.columns.items() if name not in ("id", "versions", *LINKS)}
        self._single = [(name, one[0][0]) for name, one in fields.items() if len(one) == 1 and len(one[0]) == 1]
        self._others = [name for name in fields if name not in dict(self._single)]
        self._times = [name for name in _TIMES if name in fields]
        self._texts = [name for name in _TEXTS if name in fields]
        self._links = [name for name in LINKS if name in layout.columns]
        self._has_versions = "versions" in layout.columns

    def __call__(self, cells: Sequence[Any]) -> list[Any]:
        record: Row = {}
        for name, place in self._single:
            value = cells[place]
            if value not in _EMPTY:
                record[name] = value
        for name in self._others:
            if (value := self._layout.value(cells, name)) is not None:
                record[name] = value
        for name in self._times:
            if name in record:
                record[name] = self._read_time(record[name])
        for name in self._texts:
            if name in record and record[name].__class__ is not str:
                record[name] = whole_id(record[name])
        if "kind" in record:
            kind = record["kind"].strip().casefold()
            record["kind"] = _KINDS.get(kind, kind)
        if "lang" in record and not _is_language(str(record["lang"])):
            # "English" is no tag, and an unknown tag would exclude the post where languages are named.
            del record["lang"]
        return [with_numbers(self._with_ids(record, cells))]

    def _with_ids(self, record: Row, cells: Sequence[Any]) -> Row:
        layout, url = self._layout, record.get("url")
        platform = layout.platform
        if platform == "":
            platform = platform_of(url) or layout.shape
        number = layout.value(cells, "id")
        own = id_in_link(url) if number is None or self._id_in_link else None
        own = own or _prefixed(number, platform)
        if own is None and platform is not None and (self._id_in_link or "id" not in layout.columns):
            made = url or made_id(*(layout.value(cells, name) for name in ("author", "created_at", "text")))
            own = made and f"{platform}:{made}"
        if self._has_versions:
            own = self._first_version(own, number, platform, record, layout.value(cells, "versions"))
        if own is not None:
            record["id"] = own
        for name in self._links:
            value = layout.value(cells, name)
            if value is not None:
                target = self._versions.first(id_in_link(value) or _prefixed(value, platform))
                if name != "root" or target != own:
                    record[name] = target
        if "repost_of" in record:
            # A repost's count is its original's.
            record.pop("reposts", None)
        return record

    def _first_version(
        self, own: str | None, number: Any, platform: str | None, record: Row, history: Any
    ) -> str | None:
        """The id of the first version of an edited post, whose record then says when it was edited."""
        numbers = _listed(history)
        if len(numbers) < 2 or platform is None:
            return own
        ids = [f"{platform}:{one}" for one in numbers]
        self._versions.remember(ids)
        record |= known(**times(whole_id(number), numbers, record.get("created_at")))
        return ids[0]


@lru_cache(1_024)
def _is_language(tag: str) -> bool:
    return _LANGUAGE.fullmatch(tag) is not None


def _written(value: Any) -> str:
    """A part of a date and time as text: in a workbook a date alone is a midnight."""
    return f"{value:%Y-%m-%d}" if isinstance(value, date) else str(value)


def _prefixed(value: Any, platform: str | None) -> str | None:
    if value is None:
        return None
    number = whole_id(value)
    return number if platform is None or ":" in number else f"{platform}:{number}"


def _listed(value: Any) -> list[str]:
    """The numbers of a list that a table has as text, such as "['1', '2']"."""
    return _LISTED.findall(str(value)) if value is not None else []


def _of_export(export: Export, place_of: Mapping[str, int]) -> Columns:
    found: Columns = {}
    for name, candidates in export.columns.items():
        several = tuple(places for one in candidates if (places := _places(one, place_of)))
        if several:
            found[name] = several
    if export.versions and (places := _places(export.versions, place_of)):
        found["versions"] = (places,)
    return found


def _by_name(header: Sequence[str], sample: Sequence[Sequence[Any]]) -> Columns:
    ranked: dict[str, list[tuple[int, int]]] = {}
    for place, name in enumerate(header):
        known_as = known_name(name)
        if known_as in FIELD_OF:
            ranked.setdefault(FIELD_OF[known_as], []).append((RANK_OF[known_as], place))
    found: Columns = {}
    for name in NAMES:
        if name in ranked:
            places = [place for _, place in sorted(ranked[name])]
            if name == "id":
                # Rows that are only counted say nothing where another column has the posts' own ids.
                places.sort(key=lambda place: _counts_rows(sample, place))
            # Only a text may stand in one column or another; two ids or authors would be two posts or people.
            found[name] = tuple((place,) for place in (places if name == "text" else places[:1]))
    place_of = {known_name(name): place for place, name in reversed(list(enumerate(header)))}
    if found.get("created_at") == ((place_of.get("date"),),) and "time" in place_of:
        found["created_at"] = ((place_of["date"], place_of["time"]), (place_of["date"],))
    return found


def _counts_rows(sample: Sequence[Sequence[Any]], place: int) -> bool:
    numbers = [whole_id(cells[place]) for cells in sample]
    if len(numbers) < 2 or not all(number.isdecimal() and len(number) <= _LONGEST_COUNT for number in numbers):
        return False
    return all(int(after) - int(before) == 1 for before, after in pairwise(numbers))


def _places(column: str, place_of: Mapping[str, int]) -> tuple[int, ...]:
    """The places of a column, or of several that are joined; none if one of them is not there."""
    places = [place_of.get(plain_name(name)) for name in column.split(" + ")]
    return tuple(place for place in places if place is not None) if None not in places else ()


def _named(column: str, place_of: Mapping[str, int], header: Sequence[str], name: str, file: str) -> tuple[int, ...]:
    if column in header:
        return (list(header).index(column),)
    places = _places(column, place_of) or _places(column.replace("+", " + "), place_of)
    if not places:
        raise InputError(f'{file}: no column "{column}" for {name}. It has: {_listed_names(header)}.')
    return places


def _listed_names(header: Sequence[str]) -> str:
    shown = ", ".join(header)[:_SHOWN_NAMES]
    return "".join(character if character.isprintable() else " " for character in shown)


def _has_our_names(found: Columns, header: Sequence[str]) -> bool:
    """Whether the columns have the very names of the interchange form, in any case."""
    return all(
        header[place].strip("\ufeff ").casefold() == name
        for name, several in found.items()
        for places in several
        for place in places
    )


def _shown(name: str, several: tuple[tuple[int, ...], ...], header: Sequence[str]) -> str:
    columns = " or ".join(" + ".join(header[place] for place in places) for places in several)
    return name if columns == name else f"{name} = {columns}"
