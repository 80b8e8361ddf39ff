"""The answer of a feed → its entries, each as a record, or why it cannot be read.

Feeds are XML from strangers: an answer that has a document type or entities is refused before anything else reads it.
One that is not well-formed is read as far as feedparser reads it, and said to be so.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, Literal
from xml.etree.ElementTree import Element

import httpx

from ingest.markup import plain_text
from ingest.net.http import Answer, joined, shown, without_query
from ingest.source import Unreadable
from ingest.sources import cap
from ingest.sources.broken_feeds import name_of_broken, parsed_feed, refuse_a_page, whole_ones
from ingest.sources.cap_message import words_of
from ingest.sources.feed_dates import feed_moment, writes_day_first
from ingest.sources.strict_xml import NotRead, NotWellFormed, local_name, tree_of
from ingest.times import iso_moment
from models.errors import SourceUnreachable

SHOWN_CHARACTERS = 2_000
LONGEST_SUMMARY_CHARACTERS = 20_000

FeedKind = Literal["article", "alert"]

_CAP_TYPES = ("application/cap+xml", "application/common-alerting-protocol+xml")
_CAP_ENDINGS = (".cap", ".cap.xml")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed: its record, the address of its CAP document, or why it cannot be read."""

    key: str
    record: dict[str, Any]
    created_at: datetime | None
    updated_at: datetime | None
    document: str | None
    unreadable: Unreadable | None = None


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of an answer, oldest first. `fault` says what is wrong with the XML that was read all the same."""

    found: list[Entry] = field(default_factory=list)
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class _Feed:
    """What all entries of an answer share. `moment` reads a date as this feed writes them."""

    about: dict[str, Any]
    answer: Answer
    url: str
    kind: FeedKind
    cap_prefixes: tuple[str, ...]
    moment: Callable[[str], datetime | None]


def entries_of(answer: Answer, url: str, kind: FeedKind) -> Entries:
    """The entries of an answer of the feed at `url`. Raises SourceUnreachable if it is no feed, with the reason."""
    where = shown(url)
    root = fault = None
    try:
        root = tree_of(answer.body)
        name = local_name(root)
    except NotWellFormed as problem:
        name, fault = name_of_broken(answer.body, where), str(problem)
    except NotRead as problem:
        refuse_a_page(answer.body, where)
        raise SourceUnreachable(f"{problem}.", host=where) from None
    if name in cap.ROOTS:
        return Entries(_entries_of_warnings(answer.body, url, where))
    parsed = parsed_feed(answer.body.lstrip(), where)
    if not parsed.get("version"):
        raise SourceUnreachable(f"not a feed but <{name[:40]}>. Check the address.", host=where)
    entries = parsed["entries"]
    if fault is not None:
        entries, fault = whole_ones(entries, answer.body, fault, where)
    feed = _Feed(
        about=parsed["feed"],
        answer=answer,
        url=url,
        kind=kind,
        cap_prefixes=tuple(prefix for prefix, uri in parsed["namespaces"].items() if cap.is_cap_namespace(uri)),
        moment=_moment_of(entries, _text(parsed["feed"], "language")),
    )
    elements = [] if root is None else [one for one in root.iter() if local_name(one) in ("item", "entry")]
    # Where they do not correspond, an entry is what feedparser makes of it.
    pairs = zip(entries, elements if len(elements) == len(entries) else [None] * len(entries), strict=True)
    return Entries([_entry_or_why(entry, element, feed) for entry, element in pairs][::-1], fault)


def _entries_of_warnings(body: bytes, url: str, where: str) -> list[Entry]:
    try:
        records = cap.records_of(body, without_query(url))
    except cap.NoAlert as error:
        raise SourceUnreachable(f"not a readable CAP alert ({error}). Retrying.", host=where) from None
    if len(records) == 1 and isinstance(records[0], cap.NoAlert) and not isinstance(records[0], cap.NotForThePublic):
        raise SourceUnreachable(f"not a readable CAP alert ({records[0]}). Retrying.", host=where) from None
    return [_entry_of_warning(record, f"{number}") for number, record in enumerate(records)]


def _entry_of_warning(record: dict[str, Any] | cap.NoAlert, place: str) -> Entry:
    if isinstance(record, cap.NoAlert):
        return Entry(place, {"text": str(record)}, None, None, None, unreadable=Unreadable(str(record), "", place))
    return Entry(record["id"], record, iso_moment(record["created_at"]), None, None)


def _entry_or_why(entry: dict[str, Any], element: Element | None, feed: _Feed) -> Entry:
    """An entry, marked unreadable if reading it fails, so that the others are still read."""
    try:
        return _entry(entry, element, feed)
    except Exception as error:  # noqa: BLE001 — a stranger's entry must not stop the feed
        # What is not for the public is not shown to whoever reads the dead letters.
        seen = "" if isinstance(error, cap.NotForThePublic) else repr(entry)[:SHOWN_CHARACTERS]
        key = _text(entry, "id")[:SHOWN_CHARACTERS] or digest(repr(entry))
        return Entry(key, {"text": seen}, None, None, None, unreadable=Unreadable(reason_of(error), seen, key))


def _entry(entry: dict[str, Any], element: Element | None, feed: _Feed) -> Entry:
    title = plain_text(_text(entry, "title"))
    summary = plain_text((_text(entry, "summary") or _content(entry))[:LONGEST_SUMMARY_CHARACTERS])
    # Many feeds repeat the title in the summary.
    title, summary = ("", summary) if summary.startswith(title) else (title, summary)
    links = [link for link in entry.get("links", []) if _text(link, "href")]
    pages = [_text(link, "href") for link in links if _text(link, "rel") in ("alternate", "")]
    page = joined(without_query(feed.answer.url), (pages or [_text(entry, "link")])[0])
    key = (_text(entry, "id") or page or digest(title + summary))[:SHOWN_CHARACTERS]
    updated_at = _time(entry, "updated", feed)
    created_at = _time(entry, "published", feed) or updated_at
    if element is not None and (alert := cap.alert_in_entry(element)) is not None:
        record = cap.record_of(alert, page or without_query(feed.url))
        return Entry(key, record, iso_moment(record["created_at"]), updated_at, None)
    fields = _cap_fields(entry, element, feed)
    official = feed.kind == "alert" or bool(fields)
    record = {
        "id": f"feed:{httpx.URL(feed.url).host}:{digest(f'{feed.url} {key}', 12)}",
        "kind": "alert" if official else "article",
        "author": plain_text(_text(feed.about, "publisher") or _text(feed.about, "title"))[:200] or None,
        "lang": _text(feed.about, "language")[:20] or None,
        "url": page,
        "text": "\n\n".join(part for part in (title, summary) if part),
    }
    if official:
        said = (title, summary) if title else (summary, "")
        part = replace(cap.part_of(fields), headline=said[0], description=said[1], instruction="", language="")
        record |= {"text": words_of(cap.message_of_entry(fields, part))} | cap.places_of([part])
        created_at = cap.sent_at(fields) or created_at
    record["created_at"] = created_at.isoformat() if created_at else None
    return Entry(
        key=key,
        record={name: value for name, value in record.items() if value is not None},
        created_at=created_at,
        updated_at=updated_at,
        document=_cap_link(links, feed.answer, feed.kind),
    )


def _cap_fields(entry: dict[str, Any], element: Element | None, feed: _Feed) -> cap.Fields:
    """What an entry says in the fields of CAP: as elements of any spelling, and as categories "msgType=Cancel"."""
    if element is not None:
        fields = cap.fields_of_entry(element, in_any_namespace=feed.kind == "alert")
    else:
        fields = {}
        for name, value in entry.items():
            prefix, _, local = name.partition("_")
            if prefix in feed.cap_prefixes and isinstance(value, str) and value.strip() and cap.named(local):
                fields.setdefault(cap.named(local), []).append(value.strip())
    for category in entry.get("tags", []):
        name, stated, value = _text(category, "term").partition("=")
        if stated and value.strip() and (known := cap.named(name)) is not None:
            fields.setdefault(known, []).append(value.strip())
    return fields


def _cap_link(links: list[dict[str, Any]], answer: Answer, kind: FeedKind) -> str | None:
    for link in links:
        address = joined(without_query(answer.url), _text(link, "href")) or ""
        path = address.partition("?")[0].lower()
        # RSS cannot give the type of a linked document.
        endings = (*_CAP_ENDINGS, ".xml") if kind == "alert" else _CAP_ENDINGS
        if _text(link, "type").lower() in _CAP_TYPES or path.endswith(endings):
            return address
    return None


def reason_of(error: Exception) -> str:
    return str(error) if isinstance(error, cap.NoAlert) else f"unexpected {type(error).__name__}"


def _moment_of(entries: Sequence[Mapping[str, Any]], language: str) -> Callable[[str], datetime | None]:
    dates = [_text(entry, name) for entry in entries for name in ("published", "updated")]
    day_first = writes_day_first(dates, language)
    return lambda date: feed_moment(date, day_first=day_first)


def _time(entry: dict[str, Any], name: str, feed: _Feed) -> datetime | None:
    stated = _text(entry, name)
    if (moment := feed.moment(stated)) is not None:
        return moment
    # feedparser knows some languages, but of zones only what is a number.
    parsed = dict.get(entry, f"{name}_parsed")
    try:
        is_sure = parsed and not re.search(r"[A-Z]{2,5}\s*$", stated)
        return datetime(*parsed[:6], tzinfo=UTC) if is_sure else None
    except (ValueError, OverflowError):
        return None


def _content(entry: dict[str, Any]) -> str:
    return next((_text(part, "value") for part in entry.get("content", [])), "")


def _text(table: dict[str, Any], name: str) -> str:
    # feedparser's own look-up returns other fields in place of one that is missing.
    value = dict.get(table, name)
    return value.strip() if isinstance(value, str) else ""


def digest(words: str, size: int = 6) -> str:
    return blake2b(words.encode("utf-8", "replace"), digest_size=size).hexdigest()
