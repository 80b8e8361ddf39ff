"""The hash chains of what people do: changing, dropping or reordering an entry breaks what follows from it.

An incident's decisions have a chain that anybody can follow. The audit's, of everything that people do and look at,
is keyed: who can only write the database cannot make a new one. In both, free text is linked by a salted digest, so
that the law's erasure of it does not break the chain: the digest is kept, the text and its salt are dropped.
"""

import json
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from models.domain.audit import AuditedRecord, AuditEntry, AuditNote

FIRST_LINK = "0" * 32
FIRST_AUDIT_LINK = "0" * 64
AUDIT_KEY_BYTES = 32


def new_salt() -> str:
    return secrets.token_hex(16)


def next_link(previous: str, salt: str, fields: tuple[object, ...]) -> str:
    """The link (32 hex digits) that follows `previous` for these fields, in this order.

    >>> next_link(FIRST_LINK, "0" * 32, ("take", "checking"))
    '41e78389d506cc8fcb8c2eea04efee4a'
    """
    digest = blake2b(repr(fields).encode(), key=bytes.fromhex(salt), digest_size=16).hexdigest()
    return blake2b(f"{previous}{digest}".encode(), digest_size=16).hexdigest()


def next_entry(number: int, previous: str, note: AuditNote, entered_at: datetime, key: bytes) -> AuditEntry:
    """The entry of that number for a note, after the one whose link is `previous`."""
    salt = None if note.reason is None else new_salt()
    digest = None if note.reason is None or salt is None else reason_digest(note.reason, salt)
    link = keyed_digest(key, _linked(number, previous, note, entered_at, digest))
    return AuditEntry(number, note, entered_at, salt, digest, previous, link)


def proves(entry: AuditEntry, number: int, key: bytes) -> bool:
    """Whether the key has linked what stands here as the entry of that number."""
    linked = _linked(number, entry.previous, entry.note, entry.entered_at, entry.reason_digest)
    return keyed_digest(key, linked) == entry.link


def reason_digest(reason: str, salt: str) -> str:
    """What is linked of a reason.

    >>> reason_digest("checking", "0" * 32)
    'd1b848c0eec18144ab6f54634100987f'
    """
    return blake2b(reason.encode(), salt=bytes.fromhex(salt), digest_size=16).hexdigest()


def record_digest(key: bytes, fields: Iterable[Any]) -> str:
    """What an entry knows of the row that keeps its act: all but free text, which has a digest of its own."""
    return keyed_digest(key, [_plain(field) for field in fields])


def beginning_digest(key: bytes, records: Iterable[AuditedRecord]) -> str:
    """What the first entry knows of the records that were here before the audit."""
    return keyed_digest(key, sorted([one.name, one.digest] for one in records))


def keyed_digest(key: bytes, fields: Any) -> str:
    """The digest (64 hex digits) that only who has the key can make of these fields.

    >>> keyed_digest(bytes(32), [1, "take", None])[:16]
    '3bea26f4dd0f641e'
    """
    written = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    return blake2b(written.encode("utf-8", "surrogatepass"), key=key, digest_size=32).hexdigest()


def _linked(number: int, previous: str, note: AuditNote, entered_at: datetime, digest: str | None) -> list[Any]:
    who = note.officer
    signed = [None] * 4 if who is None else [who.name, who.role, who.service, who.user]
    what = [note.kind, note.what, note.incident, note.subject, note.record]
    return [number, previous, _plain(entered_at), _plain(note.at), *what, *signed, digest]


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
