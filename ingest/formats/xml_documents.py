"""Files of official warnings (CAP, alone, in `alerts` or in EDXL-DE) and of feeds (RSS, Atom).

The same code reads them that reads a source of feeds. Linked documents are not fetched: a file is all there is.
"""

import re
from collections.abc import Iterator
from typing import IO, Any

from ingest.formats.told import Told
from ingest.net.http import Answer
from ingest.source import Unreadable
from ingest.sources.feed_entries import SHOWN_CHARACTERS, digest, entries_of
from models.errors import SourceUnreachable

LARGEST_BYTES = 30_000_000
# What to do about an address does not help whoever hands in a file.
_ADVICE = re.compile(r"\.? (?:Retrying|Check the address).*", re.DOTALL)
_NO_CAP = "not a readable CAP alert"
_OWN_ADDRESS = re.compile(rb"<(?:\w+:)?link\b(?=[^>]*\brel=[\"']self[\"'])[^>]*\bhref=[\"'](https?://[^\"'\s<>]+)")
_HEAD_BYTES = 20_000


def documents(stream: IO[bytes], place: str, told: Told) -> Iterator[tuple[int, list[Any]]]:
    """The number of each entry of a document, and its record or why it cannot be read."""
    body = stream.read(LARGEST_BYTES + 1)
    if len(body) > LARGEST_BYTES:
        yield 1, [Unreadable(f"larger than {LARGEST_BYTES // 1_000_000} MB, so it is not read", place, "")]
        return
    own = _OWN_ADDRESS.search(body, 0, _HEAD_BYTES)
    # Where a feed says that it is published, so that its entries have the ids that they have as a source. Another is
    # told by its content: the same file under another name holds the same posts.
    address = own[1].decode("ascii", "replace") if own else f"https://{digest(repr(body))}.invalid/"
    try:
        entries = entries_of(Answer(200, {}, body, address), address, "article")
    except SourceUnreachable as error:
        reason = _ADVICE.sub("", str(error).removeprefix(f"{error.host}: ")).rstrip(".")
        reason = reason if reason.startswith(_NO_CAP) else f"no warning and no feed: {reason}"
        yield 1, [Unreadable(reason, _shown(body), "")]
        return
    if entries.fault:
        told.once(place, entries.fault)
    for number, entry in enumerate(entries.found, start=1):
        if entry.document is not None:
            told.count(place, "entries whose linked warning is not in the file, so that their own words are read")
        record = entry.record
        if record.get("url", "").startswith(address) and not own:
            record = {name: value for name, value in record.items() if name != "url"}
        yield number, [entry.unreadable or record]


def _shown(body: bytes) -> str:
    return body[:SHOWN_CHARACTERS].decode("utf-8", "replace")
