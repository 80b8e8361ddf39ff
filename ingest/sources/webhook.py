"""Webhooks: tiplines and vendors push records to us, signed according to the "Standard Webhooks" specification.

A body is one object, an array, or one object a line: records in the interchange form, `{"delete": {"id": …}}` and
`{"account_removed": {"author": …, "happened_at": …}}`. Ids, links and authors get the prefix "webhook:SENDER:", so
that a sender can change only its own posts.
"""

import base64
import binascii
import hashlib
import hmac
import json
import os
import re
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from pydantic import Field

from ingest.formats.json_text import shown_value
from ingest.formats.tables import STATED
from ingest.source import AccountRemoved, Batch, Delete, Item, Unreadable, Upsert
from ingest.times import moment
from models.clock import Clock
from models.config import VARIABLE, Table
from models.errors import ConfigError, GrapevineError, SourceFailed
from models.limits import LARGEST_RECORD_BYTES, MOST_RECORDS, too_large
from models.text import storable

TOLERANCE_SECONDS = 300
LEAST_SECRET_BYTES = 24
# Of one sender, within the tolerance. Beyond it the oldest may come again, and is not saved twice.
MESSAGES_REMEMBERED = 100_000

# An author too: otherwise a sender could remove another source's author, or post as an official account.
_OWNED = ("id", "reply_to", "root", "repost_of", "quote_of", "author")
# More than a rotation of keys needs. Each costs a comparison.
_MOST_SIGNATURES = 16
_MOST_SECRETS = 2
_MESSAGE_ID = re.compile(r"[!-~]{1,200}")
_TIMESTAMP = re.compile(r"[0-9]{1,12}")


class SenderSettings(Table):
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")
    secret_env: str = Field(pattern=VARIABLE)


class WebhookSettings(Table):
    senders: list[SenderSettings] = Field(min_length=1)


class Rejected(GrapevineError):
    """A message that is not accepted. `status` is the HTTP status to answer; the sender may read the text."""

    def __init__(self, status: int, message: str):
        super().__init__(message)
        self.status = status


def open_webhook(settings: WebhookSettings, clock: Clock) -> list["Webhook"]:
    """One source a sender. Raises ConfigError. Secrets are read only when needed."""
    names = [sender.name for sender in settings.senders]
    for name in names:
        if names.count(name) > 1:
            raise ConfigError(f'senders: "{name}" is there twice. Give each its own name.', table="sources.webhook")
    return [Webhook(sender.name, sender.secret_env) for sender in settings.senders]


class Webhook:
    """One sender. It has no `batches`: the HTTP server passes its messages to `receive`, from any thread."""

    pushed = True
    every_seconds = None
    live = True
    restriction = None

    def __init__(self, sender: str, secret_env: str):
        self.sender = sender
        self.name = f"webhook:{sender}"
        self._secret_env = secret_env
        self._last_taken_at: datetime | None = None
        # Messages that were accepted or are being saved, and the time each is signed for.
        self._seen: OrderedDict[bytes, int] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def receive(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Iterator[Batch]:
        """The batch of a message, to be saved inside the `with`. It has no cursor.

        If the `with` ends without an error, the message is accepted, and the same message is refused from then on. If
        it ends with an error, the message is forgotten, so that the sender may retry. The same webhook-id signed for
        a later time is an honest retry, and a message of its own.

        Raises Rejected, and SourceFailed if the secret cannot be used; then nothing was accepted.
        """
        if len(body) > LARGEST_RECORD_BYTES:
            raise Rejected(413, too_large("A message"))
        message_id, signed_for = self._verified(headers, body, now)
        items = self._items(_values(body), message_id, now)
        key = hashlib.blake2b(f"{message_id}.{signed_for}.".encode() + body, digest_size=16).digest()
        self._reserve(key, signed_for, now)
        try:
            yield Batch(items, caught_up=True)
        except BaseException:
            with self._lock:
                self._seen.pop(key, None)
            raise
        with self._lock:
            self._last_taken_at = max(now, self._last_taken_at or now)

    def test(self) -> str:
        """How many secrets there are, and when the last message was accepted. Raises SourceFailed."""
        secrets = self._secrets()
        taken = f"{self._last_taken_at:%Y-%m-%d %H:%M:%S} UTC" if self._last_taken_at else "not since the start"
        return f"{len(secrets)} secret{'s' if len(secrets) > 1 else ''} in {self._secret_env}; last message: {taken}."

    def _verified(self, headers: Mapping[str, str], body: bytes, now: datetime) -> tuple[str, int]:
        """The message's id and the time it is signed for, in seconds since 1970."""
        named = {str(name).lower(): str(value) for name, value in headers.items()}
        message_id, timestamp = named.get("webhook-id", ""), named.get("webhook-timestamp", "")
        signatures = named.get("webhook-signature", "").split(" ")[:_MOST_SIGNATURES]
        if not _MESSAGE_ID.fullmatch(message_id) or not _TIMESTAMP.fullmatch(timestamp):
            raise Rejected(401, "webhook-id or webhook-timestamp is missing or malformed.")
        content = f"{message_id}.{timestamp}.".encode() + body
        expected = [hmac.digest(secret, content, "sha256") for secret in self._secrets()]
        given = [_decoded(one.removeprefix("v1,")) for one in signatures if one.startswith("v1,")]
        # All are compared, each in constant time, so that the duration gives nothing away.
        if not sum(hmac.compare_digest(one, digest) for one in given for digest in expected):
            raise Rejected(401, "webhook-signature is missing or wrong.")
        if abs(now.timestamp() - int(timestamp)) > TOLERANCE_SECONDS:
            raise Rejected(401, "webhook-timestamp is more than 5 minutes from now. Set the sender's clock.")
        return message_id, int(timestamp)

    def _secrets(self) -> list[bytes]:
        """One secret, or two while they are rotated. Raises SourceFailed, without any value in its message."""
        written = os.environ.get(self._secret_env, "").split()
        if not written:
            raise SourceFailed(f"{self.name}: no secret. Set the environment variable {self._secret_env}.")
        secrets = [_decoded(one.removeprefix("whsec_")) for one in written if one.startswith("whsec_")]
        if len(secrets) != len(written) or len(written) > _MOST_SECRETS or not all(secrets):
            raise SourceFailed(
                f"{self.name}: {self._secret_env} cannot be read. "
                "It must be whsec_ and the secret in base64, or two of these with a space between."
            )
        if min(map(len, secrets)) < LEAST_SECRET_BYTES:
            raise SourceFailed(
                f"{self.name}: a secret in {self._secret_env} is shorter than {LEAST_SECRET_BYTES} bytes."
            )
        return secrets

    def _reserve(self, key: bytes, signed_for: int, now: datetime) -> None:
        oldest = now.timestamp() - TOLERANCE_SECONDS
        with self._lock:
            if key in self._seen:
                raise Rejected(409, "This message was accepted before.")
            while self._seen and (len(self._seen) >= MESSAGES_REMEMBERED or next(iter(self._seen.values())) < oldest):
                self._seen.popitem(last=False)
            self._seen[key] = signed_for

    def _items(self, values: list[Any], message_id: str, now: datetime) -> list[Item]:
        return [self._item(value, f"{message_id}#{place}", now) for place, value in enumerate(values, start=1)]

    def _item(self, value: Any, position: str, now: datetime) -> Item:
        if not isinstance(value, dict):
            return Unreadable("not a JSON object", shown_value(value), position)
        if "delete" in value:
            gone = value["delete"].get("id") if isinstance(value["delete"], dict) else None
            if not _is_whole_text(gone):
                return Unreadable("no id", shown_value(value), position)
            return Delete(self._own(gone), position)
        if "account_removed" in value:
            return self._account_removed(value, position, now)
        record = {name: _flat(value[name]) for name in STATED if name in value}
        if "parts" in value:
            record["parts"] = _flat_parts(value["parts"])
        return Upsert(record | {name: self._own(record[name]) for name in _OWNED if record.get(name)}, position)

    def _account_removed(self, value: dict[str, Any], position: str, now: datetime) -> Item:
        removed = value["account_removed"]
        author = removed.get("author") if isinstance(removed, dict) else None
        if not _is_whole_text(author):
            return Unreadable("no author", shown_value(value), position)
        happened_at = moment(removed.get("happened_at"))
        if happened_at is None:
            return Unreadable("no time", shown_value(value), position)
        # A time in the future would remove posts that are not written yet.
        return AccountRemoved(self._own(author), position, min(happened_at, now))

    def _own(self, name: Any) -> Any:
        """An id or an author under this sender's name. What is no text stays as it is, for its dead letter."""
        return f"{self.name}:{name}" if isinstance(name, str) else name


def _values(body: bytes) -> list[Any]:
    """The items of a body. Raises Rejected."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Rejected(400, "The body is not UTF-8.") from None
    lines = [line for line in text.split("\n") if line.strip()]
    try:
        whole = json.loads(text)
        values = whole if isinstance(whole, list) else [whole]
    except RecursionError:
        raise Rejected(400, "The body is nested too deeply.") from None
    except ValueError:
        values = _values_of_lines(lines)
    if len(values) > MOST_RECORDS:
        raise _too_many()
    return values


def _values_of_lines(lines: list[str]) -> list[Any]:
    if len(lines) > MOST_RECORDS:
        raise _too_many()
    values = []
    for number, line in enumerate(lines, start=1):
        try:
            values.append(json.loads(line))
        except (ValueError, RecursionError):
            # All or nothing: a sender that gets an error sends the whole message again.
            raise Rejected(400, f"The body is not JSON, nor is its line {number}.") from None
    if not values:
        raise Rejected(400, "The body is empty.")
    return values


def _too_many() -> Rejected:
    return Rejected(413, f"A message may hold at most {MOST_RECORDS:,} items. Send them in several messages.")


def _is_whole_text(value: Any) -> bool:
    """Text that can be stored as it is. Other text is repaired and flagged in a record, but not here."""
    return isinstance(value, str) and value != "" and storable(value) == value


def _flat(value: Any) -> Any:
    """A field's value. A list or an object becomes an empty one, since no field may be one."""
    return type(value)() if isinstance(value, list | dict) else value


def _flat_parts(value: Any) -> Any:
    """The parts of a post: texts and lists of texts by their kind, and nothing below."""
    if not isinstance(value, dict):
        return _flat(value)
    return {
        kind: [_flat(one) for one in words] if isinstance(words, list) else _flat(words)
        for kind, words in value.items()
    }


def _decoded(text: str) -> bytes:
    """The bytes of base64 text, or none if it is not base64."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
