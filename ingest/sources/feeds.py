"""RSS and Atom feeds of news and official warnings, and CAP documents in them or on their own.

A feed is a moving window. Its cursor keeps the entries of the last answer, so that no entry comes twice, a changed
entry comes as an edit, and a window of only new entries is recorded as a gap. Feeds are XML from strangers: an answer
that is incomplete, or has a document type or entities, is refused before anything else reads it.
"""

import io
import json
import logging
import xml.sax
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any, Literal

import defusedxml.sax
import feedparser
import httpx
from defusedxml.common import DefusedXmlException
from pydantic import Field

from ingest.markup import plain_text
from ingest.net.http import Answer, Http, joined, shown, without_query
from ingest.source import Batch, Item, Missed, Source, Unreadable, Upsert
from ingest.sources import cap
from ingest.times import iso_moment
from models.clock import Clock, utc_time
from models.config import Table
from models.errors import ConfigError, SourceFailed, SourceUnreachable

log = logging.getLogger(__name__)

BATCH_ITEMS = 1_000
# feedparser takes most of a minute for as many entries as fit into an answer.
MOST_ENTRIES = 2_000
SHOWN_CHARACTERS = 2_000
LONGEST_SUMMARY_CHARACTERS = 20_000
# Linked documents fetched in one poll; the others wait for the next.
MOST_DOCUMENTS = 25
DOCUMENT_BYTES = 1_000_000
DOCUMENT_SECONDS = 10.0

_CAP_TYPES = ("application/cap+xml", "application/common-alerting-protocol+xml")
_CAP_ENDINGS = (".cap", ".cap.xml")


class FeedTable(Table):
    name: str = Field(pattern=r"\S")
    url: str = Field(pattern=r"^https?://[^\s@/?#]+([/?]\S*)?$")
    kind: Literal["article", "alert"] = "article"


class FeedsSettings(Table):
    feeds: list[FeedTable] = Field(min_length=1)
    every_seconds: float = Field(default=120, ge=30)
    # Hosts, besides a feed's own, from which its CAP documents may be fetched.
    cap_hosts: list[str] = Field(default=[])


def open_feeds(settings: FeedsSettings, clock: Clock) -> list[Source]:
    """One source a feed. Raises ConfigError if two feeds have the same name."""
    names = [table.name for table in settings.feeds]
    for name in names:
        if names.count(name) > 1:
            raise ConfigError(f"{name!r} is the name of two feeds. Give each its own name.", table="sources.feeds")
    return [
        Feed(table, clock, every_seconds=settings.every_seconds, cap_hosts=settings.cap_hosts)
        for table in settings.feeds
    ]


@dataclass(frozen=True, slots=True)
class Memory:
    """What the cursor keeps of the last answer: its validators, its time, and digests of its entries by key.

    `waiting` are entries whose document is still to be fetched. If it fails twice in a row, the entry is used alone.
    """

    etag: str = ""
    modified: str = ""
    polled_at: datetime | None = None
    seen: dict[str, str] = field(default_factory=dict)
    waiting: dict[str, None] = field(default_factory=dict)

    @classmethod
    def parsed(cls, cursor: str | None) -> "Memory":
        if not cursor:
            return cls()
        kept = json.loads(cursor)
        polled_at, waiting = utc_time(kept["polled"]), dict.fromkeys(kept["waiting"])
        return cls(kept["etag"], kept["modified"], polled_at, kept["seen"], waiting)

    def cursor(self, polled_at: datetime) -> str:
        kept = {
            "etag": self.etag,
            "modified": self.modified,
            "polled": polled_at.isoformat(timespec="seconds"),
            "seen": self.seen,
            "waiting": list(self.waiting),
        }
        return json.dumps(kept, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed: its record, the address of its CAP document, or why it cannot be read."""

    key: str
    record: dict[str, Any]
    created_at: datetime | None
    updated_at: datetime | None
    document: str | None
    is_public: bool = True
    unreadable: Unreadable | None = None


class Feed:
    """One feed. The ids of its entries depend on the address in config.toml and on their names in the feed."""

    live = True
    restriction = None

    def __init__(
        self,
        table: FeedTable,
        clock: Clock,
        *,
        every_seconds: float,
        cap_hosts: list[str],
        http: Http | None = None,
    ):
        self.name = f"feeds:{table.name}"
        self.every_seconds: float | None = every_seconds
        self._url = table.url
        self._kind = table.kind
        self._clock = clock
        self._cap_hosts = {host.lower() for host in cap_hosts}
        self._http = http or Http(clock)
        self._documents = Http(
            clock, most_bytes=DOCUMENT_BYTES, answer_seconds=DOCUMENT_SECONDS, guard=self._http.guard
        )
        self._has_logged_move = False

    def batches(self, cursor: str | None) -> Iterator[Batch]:
        """What is new or changed since; at first the whole feed. Raises as Source says."""
        before = Memory.parsed(cursor)
        validators = {"If-None-Match": before.etag, "If-Modified-Since": before.modified}
        answer = self._get({name: value for name, value in validators.items() if value})
        now = self._clock.now()
        if answer.status == 304:
            yield Batch([], before.cursor(now), caught_up=True)
            return
        items, after = self._changes(answer, before, now)
        for start in range(0, len(items), BATCH_ITEMS):
            yield Batch(items[start : start + BATCH_ITEMS])
        yield Batch([], after.cursor(now), caught_up=True)

    def test(self) -> str:
        """Fetches the feed once, without validators, and counts its entries."""
        answer = self._get({})
        entries = self._entries(answer)
        moved = (
            f" It has moved to {shown(answer.moved_to)}. Change the address in config.toml."
            if answer.moved_to
            else ""
        )
        return f"{shown(self._url)} answers: {len(entries)} entries.{moved}"

    def _get(self, headers: dict[str, str]) -> Answer:
        answer = self._http.get(self._url, headers=headers, follows=lambda _: True)
        where = shown(self._url)
        if answer.moved_to and not self._has_logged_move:
            self._has_logged_move = True
            log.warning(
                "%s: %s has moved to %s. Change the address in config.toml.", self.name, where, shown(answer.moved_to)
            )
        if answer.status in (200, 304):
            return answer
        status = answer.status
        if status == 410:
            raise SourceFailed("gone for good (410). Remove it from config.toml.", host=where, status=status)
        if status in (404, 408, 425) or status < 400:
            raise SourceUnreachable(f"answered {status}. Retrying; check the address.", host=where, status=status)
        raise SourceFailed(f"refused ({status}). Check the address in config.toml.", host=where, status=status)

    def _changes(self, answer: Answer, before: Memory, now: datetime) -> tuple[list[Item], Memory]:
        """The items of an answer, oldest first, and what to remember of it."""
        entries = self._entries(answer)
        items: list[Item] = [*self._gap(entries, before, now)]
        seen: dict[str, str] = {}
        waiting: dict[str, None] = {}
        fetched, failed = 0, False
        for entry in entries:
            key, words = _digest(entry.key), _digest(entry.record["text"])
            if key in seen or key in waiting:
                continue
            if before.seen.get(key) == words:
                seen[key] = words
                continue
            fetchable = entry.is_public and entry.document is not None and self._may_fetch(entry.document, answer)
            found: list[Item] | None = None
            if fetchable and not failed and fetched < MOST_DOCUMENTS:
                fetched += 1
                found = self._document(entry, answer)
                failed = found is None
            if fetchable and found is None and not (failed and key in before.waiting):
                waiting[key] = None
                continue
            seen[key] = words
            if found is None:
                found = [entry.unreadable or Upsert(entry.record, entry.key)] if entry.is_public else []
            edited_at = _edited_at(entry, before.polled_at, now) if key in before.seen else None
            items += [_edited(item, edited_at) for item in found]
        # While an entry waits for its document the next answer must be complete, not "nothing new".
        validators = ("", "") if waiting else (_validator(answer, "etag"), _validator(answer, "last-modified"))
        return items, Memory(*validators, now, seen, waiting)

    def _gap(self, entries: list[Entry], before: Memory, now: datetime) -> Iterator[Missed]:
        """A gap, if no entry of the last answer is left: others may have come and gone unread."""
        if before.polled_at is None or not before.seen or not entries:
            return
        if any(_digest(entry.key) in before.seen for entry in entries):
            return
        # A feed of the warnings in force is no window on time: it may be renewed completely without a loss.
        if self._kind == "alert" and now - before.polled_at < timedelta(seconds=3 * (self.every_seconds or 0)):
            return
        oldest = min((entry.created_at for entry in entries if entry.created_at is not None), default=None)
        if oldest is None or oldest > before.polled_at:
            yield Missed(before.polled_at, oldest, "the feed had moved on")

    def _document(self, entry: Entry, answer: Answer) -> list[Item] | None:
        """The items of an entry's CAP document, or None if it cannot be fetched."""
        address = entry.document or ""
        try:
            found = self._documents.get(
                address,
                follows=lambda url: self._may_fetch(str(url), answer),
                configured=address if self._is_cap_host(httpx.URL(address)) else self._url,
            )
        except SourceUnreachable:
            return None
        if found.status != 200:
            return None
        try:
            record = cap.record_of_alert(found.body, address)
        except Exception as error:  # noqa: BLE001 — a stranger's document must not stop the feed
            return [_unreadable(_reason(error), found.body, entry.key), Upsert(entry.record, entry.key)]
        return [] if record is None else [Upsert(record, entry.key)]

    def _may_fetch(self, address: str, answer: Answer) -> bool:
        """Whether a document is on the feed's own host or on one that config.toml names."""
        try:
            url, own, final = httpx.URL(address), httpx.URL(self._url), httpx.URL(answer.url)
        except (httpx.InvalidURL, ValueError):
            return False
        if url.scheme not in ("http", "https") or (own.scheme, url.scheme) == ("https", "http") or url.userinfo:
            return False
        return url.netloc in (own.netloc, final.netloc) or self._is_cap_host(url)

    def _is_cap_host(self, url: httpx.URL) -> bool:
        return url.netloc.decode().lower() in self._cap_hosts

    def _entries(self, answer: Answer) -> list[Entry]:
        """The entries of an answer, oldest first. Raises SourceUnreachable if it is no feed."""
        where = shown(self._url)
        root = _root_of_safe_xml(answer.body, where)
        if root == "alert":
            try:
                record = cap.record_of_alert(answer.body, without_query(self._url))
            except cap.NoAlert as error:
                raise SourceUnreachable(f"not a readable CAP alert ({error}). Retrying.", host=where) from None
            moment = record and iso_moment(record["created_at"])
            return [] if record is None else [Entry(record["id"], record, moment, None, None)]
        # feedparser need not clean the HTML: markup.py takes only the text, in bounded time.
        parsed = feedparser.parse(io.BytesIO(answer.body), sanitize_html=False, resolve_relative_uris=False)
        if not parsed.get("version"):
            raise SourceUnreachable(f"not a feed but <{root[:40]}>. Check the address.", host=where)
        return [self._entry_or_why(entry, parsed["feed"], answer) for entry in reversed(parsed["entries"])]

    def _entry_or_why(self, entry: dict[str, Any], about: dict[str, Any], answer: Answer) -> Entry:
        """An entry, marked unreadable if reading it fails, so that the others are still read."""
        try:
            return self._entry(entry, about, answer)
        except Exception as error:  # noqa: BLE001 — as above
            seen = repr(entry)[:SHOWN_CHARACTERS]
            key = _text(entry, "id")[:SHOWN_CHARACTERS] or _digest(seen)
            return Entry(key, {"text": seen}, None, None, None, unreadable=Unreadable(_reason(error), seen, key))

    def _entry(self, entry: dict[str, Any], about: dict[str, Any], answer: Answer) -> Entry:
        title = plain_text(_text(entry, "title"))
        summary = plain_text((_text(entry, "summary") or _content(entry))[:LONGEST_SUMMARY_CHARACTERS])
        # Many feeds repeat the title in the summary.
        title, summary = ("", summary) if summary.startswith(title) else (title, summary)
        links = [link for link in entry.get("links", []) if _text(link, "href")]
        pages = [_text(link, "href") for link in links if _text(link, "rel") in ("alternate", "")]
        page = joined(without_query(answer.url), (pages or [_text(entry, "link")])[0])
        key = _text(entry, "id") or page or _digest(title + summary)
        created_at, updated_at = _time(entry, "published"), _time(entry, "updated")
        official = self._kind == "alert" or any(name.startswith("cap_") for name in entry)
        record = {
            "id": f"feed:{httpx.URL(self._url).host}:{_digest(f'{self._url} {key}', 12)}",
            "kind": "alert" if official else "article",
            "author": plain_text(_text(about, "publisher") or _text(about, "title"))[:200] or None,
            "lang": _text(about, "language")[:20] or None,
            "url": page,
            "text": "\n\n".join(part for part in (title, summary) if part),
        }
        if official:
            record["text"] = cap.text_of_alert(
                message=_text(entry, "cap_msgtype").lower(),
                headline=title or _text(entry, "cap_event"),
                description=summary,
                areas=_text(entry, "cap_areadesc"),
                expires=_text(entry, "cap_expires"),
            )
            point = cap.representative_point([_text(entry, "cap_polygon")], [_text(entry, "cap_circle")])
            record["latitude"], record["longitude"] = point or (None, None)
            created_at = iso_moment(_text(entry, "cap_sent")) or created_at
        created_at = created_at or updated_at
        record["created_at"] = created_at.isoformat() if created_at else None
        return Entry(
            key=key[:SHOWN_CHARACTERS],
            record={name: value for name, value in record.items() if value is not None},
            created_at=created_at,
            updated_at=updated_at,
            document=self._cap_link(links, answer),
            is_public=cap.is_for_the_public(_text(entry, "cap_status"), _text(entry, "cap_msgtype")),
        )

    def _cap_link(self, links: list[dict[str, Any]], answer: Answer) -> str | None:
        for link in links:
            address = joined(without_query(answer.url), _text(link, "href")) or ""
            path = address.partition("?")[0].lower()
            # RSS cannot give the type of a linked document.
            endings = (*_CAP_ENDINGS, ".xml") if self._kind == "alert" else _CAP_ENDINGS
            if _text(link, "type").lower() in _CAP_TYPES or path.endswith(endings):
                return address
        return None


def _root_of_safe_xml(body: bytes, where: str) -> str:
    """The name of the root element. Raises SourceUnreachable for XML that is incomplete, unsafe or has no end."""
    root = _Root(where)
    try:
        defusedxml.sax.parseString(body, root, forbid_dtd=True)
    except DefusedXmlException:
        raise SourceUnreachable("declares a document type or entities, so it is not read.", host=where) from None
    except (xml.sax.SAXException, ValueError, LookupError):
        raise SourceUnreachable("not complete XML. Retrying; check the address.", host=where) from None
    return root.name


class _Root(xml.sax.ContentHandler):
    name = ""

    def __init__(self, where: str):
        super().__init__()
        self._where = where
        self._entries = 0

    def startElement(self, name: str, attrs: Any) -> None:
        local = name.rpartition(":")[2]
        self.name = self.name or local
        self._entries += local.lower() in ("item", "entry")
        if self._entries > MOST_ENTRIES:
            raise SourceUnreachable(f"more than {MOST_ENTRIES:,} entries, so it is not read.", host=self._where)


def _edited_at(entry: Entry, polled_at: datetime | None, now: datetime) -> datetime:
    """When the text changed: as the feed states, unless that is before the last poll."""
    stated = entry.updated_at
    return stated if stated is not None and polled_at is not None and polled_at < stated <= now else now


def _edited(item: Item, edited_at: datetime | None) -> Item:
    if edited_at is None or not isinstance(item, Upsert):
        return item
    return Upsert(item.record | {"edited_at": edited_at.isoformat()}, item.position)


def _unreadable(reason: str, body: bytes, position: str) -> Unreadable:
    return Unreadable(reason, body[:SHOWN_CHARACTERS].decode("utf-8", "replace"), position)


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, cap.NoAlert) else f"unexpected {type(error).__name__}"


def _validator(answer: Answer, name: str) -> str:
    value = answer.headers.get(name, "")
    return value if len(value) <= 300 and value.isascii() and value.isprintable() else ""


def _time(entry: dict[str, Any], name: str) -> datetime | None:
    parsed = dict.get(entry, f"{name}_parsed")
    try:
        return datetime(*parsed[:6], tzinfo=UTC) if parsed else None
    except (ValueError, OverflowError):
        return None


def _content(entry: dict[str, Any]) -> str:
    return next((_text(part, "value") for part in entry.get("content", [])), "")


def _text(table: dict[str, Any], name: str) -> str:
    # feedparser's own look-up returns other fields in place of one that is missing.
    value = dict.get(table, name)
    return value.strip() if isinstance(value, str) else ""


def _digest(words: str, size: int = 6) -> str:
    return blake2b(words.encode("utf-8", "replace"), digest_size=size).hexdigest()
