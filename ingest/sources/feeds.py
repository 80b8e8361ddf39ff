"""RSS and Atom feeds of news and official warnings, and CAP documents in them or on their own.

A feed is a moving window. Its cursor keeps the entries of the last answer, so that no entry comes twice, a changed
entry comes as an edit, and a window of only new entries is recorded as a gap. What an answer says is in
`feed_entries.py`.
"""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
from pydantic import Field

from ingest.net.http import Answer, Http, shown
from ingest.source import Batch, Item, Missed, Source, Unreadable, Upsert
from ingest.sources import cap
from ingest.sources.cap_message import tells_an_end
from ingest.sources.feed_entries import SHOWN_CHARACTERS, Entry, FeedKind, digest, entries_of, reason_of
from models.clock import Clock, utc_time
from models.config import Table
from models.errors import ConfigError, SourceFailed, SourceUnreachable

log = logging.getLogger(__name__)

BATCH_ITEMS = 1_000
# Linked documents fetched in one poll; the others wait for the next.
MOST_DOCUMENTS = 25
DOCUMENT_BYTES = 1_000_000
DOCUMENT_SECONDS = 10.0


class FeedTable(Table):
    name: str = Field(pattern=r"\S")
    url: str = Field(pattern=r"^https?://[^\s@/?#]+([/?]\S*)?$")
    kind: FeedKind = "article"


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

    `fault` is what was wrong with its XML. `waiting` are entries whose document is still to be fetched. If it fails
    twice in a row, the entry is used alone.
    """

    etag: str = ""
    modified: str = ""
    polled_at: datetime | None = None
    seen: dict[str, str] = field(default_factory=dict)
    waiting: dict[str, None] = field(default_factory=dict)
    fault: str | None = None

    @classmethod
    def parsed(cls, cursor: str | None) -> "Memory":
        if not cursor:
            return cls()
        kept = json.loads(cursor)
        polled_at, waiting = utc_time(kept["polled"]), dict.fromkeys(kept["waiting"])
        # Cursors of before it was kept do not say.
        return cls(kept["etag"], kept["modified"], polled_at, kept["seen"], waiting, kept.get("fault"))

    def cursor(self, polled_at: datetime) -> str:
        kept = {
            "etag": self.etag,
            "modified": self.modified,
            "polled": polled_at.isoformat(timespec="seconds"),
            "seen": self.seen,
            "waiting": list(self.waiting),
            "fault": self.fault,
        }
        return json.dumps(kept, separators=(",", ":"))


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
            yield Batch([], before.cursor(now), caught_up=True, notice=before.fault)
            return
        items, after = self._changes(answer, before, now)
        for start in range(0, len(items), BATCH_ITEMS):
            yield Batch(items[start : start + BATCH_ITEMS])
        yield Batch([], after.cursor(now), caught_up=True, notice=after.fault)

    def test(self) -> str:
        """Fetches the feed once, without validators, and counts its entries."""
        answer = self._get({})
        entries = entries_of(answer, self._url, self._kind)
        fault = f" {entries.fault}" if entries.fault else ""
        moved = (
            f" It has moved to {shown(answer.moved_to)}. Change the address in config.toml."
            if answer.moved_to
            else ""
        )
        return f"{shown(self._url)} answers: {len(entries.found)} entries.{fault}{moved}"

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
        read = entries_of(answer, self._url, self._kind)
        entries = read.found
        items: list[Item] = [*self._gap(entries, before, now)]
        seen: dict[str, str] = {}
        waiting: dict[str, None] = {}
        # Some feeds have an entry for each area of one warning, all with the same document.
        read_documents: set[str] = set()
        fetched, failed = 0, False
        for entry in entries:
            key, words = digest(entry.key), digest(entry.record["text"])
            if key in seen or key in waiting:
                continue
            if before.seen.get(key) == words:
                seen[key] = words
                continue
            fetchable = entry.document is not None and self._may_fetch(entry.document, answer)
            found: list[Item] | None = [] if entry.document in read_documents else None
            if found is None and fetchable and not failed and fetched < MOST_DOCUMENTS:
                fetched += 1
                found = self._document(entry, answer)
                failed = found is None
                if found is not None:
                    read_documents.add(entry.document or "")
            if fetchable and found is None and not (failed and key in before.waiting):
                waiting[key] = None
                continue
            seen[key] = words
            if found is None:
                found = [entry.unreadable or Upsert(entry.record, entry.key)]
            edited_at = _edited_at(entry, before.polled_at, now) if key in before.seen else None
            items += [_edited(item, edited_at) for item in found]
        # While an entry waits for its document the next answer must be complete, not "nothing new".
        validators = ("", "") if waiting else (_validator(answer, "etag"), _validator(answer, "last-modified"))
        return items, Memory(*validators, now, seen, waiting, read.fault)

    def _gap(self, entries: list[Entry], before: Memory, now: datetime) -> Iterator[Missed]:
        """A gap, if no entry of the last answer is left: others may have come and gone unread."""
        if before.polled_at is None or not before.seen or not entries:
            return
        if any(digest(entry.key) in before.seen for entry in entries):
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
            records = cap.records_of(found.body, address)
        except Exception as error:  # noqa: BLE001 — a stranger's document must not stop the feed
            return [_unreadable(reason_of(error), found.body, entry.key), Upsert(entry.record, entry.key)]
        items = [_item(record, found.body, entry.key) for record in records]
        told = [record for record in records if isinstance(record, dict)]
        is_private = any(isinstance(record, cap.NotForThePublic) for record in records)
        # Where the document is of no use, the entry's own words are.
        if not told and not is_private:
            items.append(Upsert(entry.record, entry.key))
        # A feed may cancel a warning whose document it leaves as it was.
        if told and tells_an_end(entry.record["text"]) and not any(tells_an_end(one["text"]) for one in told):
            items.append(Upsert(entry.record | {"quote_of": told[0]["id"]}, entry.key))
        return items

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


def _edited_at(entry: Entry, polled_at: datetime | None, now: datetime) -> datetime:
    """When the text changed: as the feed states, unless that is before the last poll."""
    stated = entry.updated_at
    return stated if stated is not None and polled_at is not None and polled_at < stated <= now else now


def _edited(item: Item, edited_at: datetime | None) -> Item:
    if edited_at is None or not isinstance(item, Upsert):
        return item
    return Upsert(item.record | {"edited_at": edited_at.isoformat()}, item.position)


def _item(record: dict[str, Any] | cap.NoAlert, document: bytes, position: str) -> Item:
    if isinstance(record, cap.NotForThePublic):
        return Unreadable(str(record), "", position)
    return (
        _unreadable(str(record), document, position) if isinstance(record, cap.NoAlert) else Upsert(record, position)
    )


def _unreadable(reason: str, body: bytes, position: str) -> Unreadable:
    return Unreadable(reason, body[:SHOWN_CHARACTERS].decode("utf-8", "replace"), position)


def _validator(answer: Answer, name: str) -> str:
    value = answer.headers.get(name, "")
    return value if len(value) <= 300 and value.isascii() and value.isprintable() else ""
