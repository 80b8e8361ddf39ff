"""4CAT's exports, as CSV or as NDJSON of the same columns. Each of its data sources is one mapping below.

4CAT writes an empty field for an unknown value, and -1 in some columns. Both are absent here, never zero.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ingest.formats.json_text import shown_value
from ingest.formats.tables import with_numbers
from ingest.formats.tables.links import platform_of
from ingest.formats.x_posts import kind, known
from ingest.source import Unreadable
from ingest.times import iso_time

Row = Mapping[str, Any]

_COMMON = {"id", "body", "author"}
_TIMES = {"timestamp", "unix_timestamp"}
_MISSING = ("", "-1", -1, None)
_BLUESKY_LINK = re.compile(r"https://bsky\.app/profile/(did:[a-z]+:[^/\s]+)/post/([^/\s]+)$")
# What a post has beside its body, in several data sources: "stickers" are the words on a video.
_PARTS = {
    "link": ("link_title", "link_description"),
    "picture": ("image_alt_text", "alt_text"),
    "video": ("stickers",),
}
# "yes" in its exports; a spreadsheet or a program that wrote them anew has its own words for it.
_YES = frozenset(("yes", "true", "1"))


def _thread(row: Row) -> str | None:
    """The first post of the thread, unless the row is that post."""
    return row.get("thread_id") if row.get("thread_id") != row.get("id") else None


def _no_link(row: Row) -> str | None:
    return None


def _telegram_id(row: Row, number: str) -> str:
    """A message's number is unique only in its chat. Newer exports already join the two."""
    chat = row.get("chat") or row.get("thread_id") or ""
    return number if number.startswith(f"{chat}-") else f"{chat}-{number}"


def _bluesky_parent(row: Row) -> str | None:
    found = _BLUESKY_LINK.match(str(row.get("replied_to_post")))
    return f"at://{found[1]}/app.bsky.feed.post/{found[2]}" if found else None


@dataclass(frozen=True)
class DataSource:
    """One of 4CAT's data sources, recognised by its own columns. Of several columns the first filled one is used."""

    platform: str
    recognised_by: frozenset[str]
    author: tuple[str, ...] = ("author",)
    url: tuple[str, ...] = ("url", "link", "post_url")
    lang: tuple[str, ...] = ()
    reposts: tuple[str, ...] = ()
    repost_column: str = ""
    reply_column: str = ""
    quote_column: str = ""
    reply_to: Callable[[Row], str | None] = _no_link
    root: Callable[[Row], str | None] = _thread
    number: Callable[[Row, str], str] = field(default=lambda row, number: number)


_DATA_SOURCES = (
    DataSource(
        "twitter",
        frozenset({"is_retweet", "is_reply"}),
        lang=("language_guess",),
        reposts=("retweet_count",),
        repost_column="is_retweet",
        reply_column="is_reply",
        quote_column="is_quote_tweet",
    ),
    DataSource(
        "telegram",
        frozenset({"chat", "author_username"}),
        author=("author_username", "author"),
        reply_column="is_reply",
        reply_to=lambda row: row.get("reply_to"),
        # The thread is the whole chat.
        root=_no_link,
        number=_telegram_id,
    ),
    DataSource(
        "at",
        frozenset({"author_id", "repost_count", "replied_to_post"}),
        author=("author_id",),
        lang=("languages",),
        reposts=("repost_count",),
        reply_to=_bluesky_parent,
    ),
    DataSource(
        "reddit",
        frozenset({"subreddit"}),
        reply_to=lambda row: row.get("parent") or row.get("parent_id"),
        number=lambda row, number: re.sub(r"^t[13]_", "", number),
    ),
    DataSource("tiktok", frozenset({"tiktok_url"}), url=("tiktok_url",), root=_no_link),
    # A board's numbers are not another board's.
    DataSource(
        "4chan",
        frozenset({"board", "country_name"}),
        number=lambda row, number: f"{row.get('board') or ''}/{number}",
    ),
)


def is_four_cat(names: Iterable[str]) -> bool:
    """Whether a table's columns, or a line's fields, come from 4CAT."""
    found = set(names)
    if "4CAT_metadata" in found or {"nav_index", "item_id", "source_platform"} <= found:
        return True
    return found >= _COMMON and bool(found & _TIMES) and "text" not in found


class FourCatRows:
    """Reads one row after another; `columns` are a table's, where fields that are empty are not in the rows."""

    def __init__(self, columns: Iterable[str] = ()):
        self._columns = frozenset(columns)

    def __call__(self, row: Any) -> list[Any]:
        """The record of one row; what is no row is handed on as it is."""
        if not isinstance(row, dict):
            return [row]
        if "body" not in row and ("4CAT_metadata" in row or "nav_index" in row):
            return [Unreadable("raw item: export it from 4CAT as CSV", shown_value(row), "")]
        known_fields = {name: value for name, value in row.items() if value not in _MISSING}
        return [_record(_data_source_of(self._columns or frozenset(row), row), known_fields)]


def _data_source_of(columns: frozenset[str], row: Row) -> DataSource:
    for one in _DATA_SOURCES:
        if one.recognised_by <= columns:
            return one
    # Any other: by its address, since a number alone does not show the platform.
    platform = platform_of(_first(row, ("url", "link", "post_url", "thread_url")))
    return DataSource(platform or "4cat", frozenset())


def _record(source: DataSource, row: dict[str, Any]) -> dict[str, Any]:
    def id_of(number: Any) -> Any:
        if number is None or isinstance(number, bool | dict | list | float):
            return number
        number = source.number(row, str(number))
        return number if number.startswith(f"{source.platform}:") else f"{source.platform}:{number}"

    reply_to, root = id_of(source.reply_to(row)), id_of(source.root(row))
    reposted, quoted = _says_yes(row, source.repost_column), _says_yes(row, source.quote_column)
    replied = _says_yes(row, source.reply_column) or reply_to is not None or root is not None
    longitude, latitude = _degrees(row.get("long_lat"))
    lang = _first(row, source.lang)
    return with_numbers(
        known(
            id=id_of(row.get("id")),
            kind=kind(reposted, replied, quoted),
            created_at=iso_time(_first(row, ("unix_timestamp", "timestamp"))),
            edited_at=iso_time(row.get("unix_timestamp_edited")),
            author=_first(row, source.author),
            author_followers=row.get("author_followers"),
            text=_text(row),
            parts=_parts(row),
            lang=lang.split(",")[0] if isinstance(lang, str) else lang,
            reply_to=reply_to,
            root=root,
            reposts=None if reposted else _first(row, source.reposts),
            url=_first(row, source.url),
            latitude=latitude,
            longitude=longitude,
        )
    )


def _text(row: Row) -> Any:
    """The subject and the body: on boards and in link posts the claim is often only in the subject."""
    subject, body = row.get("subject"), row.get("body")
    if not isinstance(subject, str) or not isinstance(body, str | None) or subject in (body or ""):
        return body
    return f"{subject}\n{body}" if body else subject


def _parts(row: Row) -> dict[str, list[str]] | None:
    parts = {
        kind: words
        for kind, columns in _PARTS.items()
        if (words := [row[name] for name in columns if isinstance(row.get(name), str)])
    }
    return parts or None


def _degrees(long_lat: Any) -> tuple[Any, Any]:
    parts = long_lat.split(",") if isinstance(long_lat, str) else []
    return (parts[0].strip(), parts[1].strip()) if len(parts) == 2 else (None, None)


def _says_yes(row: Row, column: str) -> bool:
    return str(row.get(column, "")).strip().lower() in _YES


def _first(row: Row, names: tuple[str, ...]) -> Any:
    return next((row[name] for name in names if row.get(name) is not None), None)
