"""The answer of a feed that is not well-formed XML: read as feedparser does, or refused with the true reason."""

import io
import re
from typing import Any

import feedparser

from ingest.sources.strict_xml import MOST_ENTRIES, mended
from models.errors import SourceUnreachable

# Reading what is not well-formed takes longer the larger it is.
LARGEST_BROKEN_BYTES = 1_000_000

_ENTRY_BEGINS = re.compile(rb"<(?:[\w.-]+:)?(item|entry)[\s/>]", re.IGNORECASE)
_ENTRY_ENDS = re.compile(rb"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
_FEED_ENDS = re.compile(rb"</(?:[\w.-]+:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!DOCTYPE\s+)?html\b", re.IGNORECASE)
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*\?>")
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s/>]")


def name_of_broken(body: bytes, where: str) -> str:
    """The name of the root of what is not well-formed. Raises SourceUnreachable for what is not read even so."""
    start = body.lstrip()
    if not start:
        raise SourceUnreachable("the answer is empty. Retrying; check the address.", host=where)
    if start.startswith((b"{", b"[")):
        raise SourceUnreachable("not a feed but JSON. Check the address.", host=where)
    refuse_a_page(body, where)
    root = _ROOT.search(body)
    if root is None or b"\x00" in body:
        raise SourceUnreachable("not complete XML. Retrying; check the address.", host=where)
    name = root[1].decode("ascii", "replace").lower()
    # Those of a page inside an entry declare nothing for the feed.
    if _DECLARES.search(body[: root.end()]):
        raise SourceUnreachable("declares a document type or entities, so it is not read.", host=where)
    if len(body) > LARGEST_BROKEN_BYTES:
        raise SourceUnreachable(
            f"not well-formed XML, and larger than {LARGEST_BROKEN_BYTES // 1_000_000} MB, so it is not read.",
            host=where,
        )
    if sum(1 for _ in _ENTRY_BEGINS.finditer(body)) > MOST_ENTRIES:
        raise SourceUnreachable(f"more than {MOST_ENTRIES:,} entries, so it is not read.", host=where)
    return name


def refuse_a_page(body: bytes, where: str) -> None:
    """Raises SourceUnreachable for a page of the web."""
    if _PAGE.match(body):
        raise SourceUnreachable("not a feed but <html>, a web page. Check the address.", host=where)


def parsed_feed(body: bytes, where: str) -> Any:
    """What feedparser reads. Raises SourceUnreachable where it breaks down, as it does over some odd characters."""
    whole = mended(body)
    parsed, fault = None, ""
    # At last without its declaration, whose encoding may be wrong.
    for attempt in (body, whole, _DECLARATION.sub(b"", whole)):
        try:
            # It need not clean the HTML: markup.py takes only the text, in bounded time.
            parsed = feedparser.parse(io.BytesIO(attempt), sanitize_html=False, resolve_relative_uris=False)
        except Exception as error:  # noqa: BLE001 — whatever a stranger's feed brings about in it
            fault = type(error).__name__
        if parsed is not None and parsed.get("version"):
            return parsed
    if parsed is None:
        raise SourceUnreachable(f"feedparser cannot read it ({fault}). Retrying; check the address.", host=where)
    return parsed


def whole_ones(entries: list[Any], body: bytes, fault: str, where: str) -> tuple[list[Any], str]:
    """The entries of what is not well-formed, without one that breaks off, and what is wrong, in words."""
    begun, ended = (list(found.finditer(body)) for found in (_ENTRY_BEGINS, _ENTRY_ENDS))
    breaks_off = not _FEED_ENDS.search(body)
    if breaks_off and begun and (not ended or ended[-1].start() < begun[-1].start()):
        entries = entries[:-1]
    if breaks_off and begun and not entries:
        raise SourceUnreachable("not complete XML: it breaks off. Retrying; check the address.", host=where)
    if not entries:
        raise SourceUnreachable(f"not well-formed XML ({fault}), and no entry can be read.", host=where)
    said = "The feed breaks off before its end" if breaks_off else f"The feed is not well-formed XML ({fault})"
    return entries, f"{said}: read as far as it goes."
