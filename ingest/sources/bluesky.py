"""Bluesky: every public post and repost of the network as it is written, from a Jetstream (v2) host."""

import asyncio
import re
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from ingest.net.jetstream import Tail, follow
from ingest.net.jetstream_events import Malformed, Place, moment_of, shown, time_of
from ingest.running.stream import Event, Put, batches_of
from ingest.source import AccountRemoved, Batch, Delete, Item, Source, Unreadable, Upsert
from ingest.sources.bluesky_parts import parts_of_post
from models.clock import Clock
from models.config import Table
from models.errors import SourceUnreachable

POST = "app.bsky.feed.post"
REPOST = "app.bsky.feed.repost"
# The others, "desynchronized" and "throttled", are about servers: the account still exists.
REMOVED = ("deactivated", "deleted", "suspended", "takendown")
TEST_SECONDS = 5
# As many as the lexicon allows.
MOST_LANGUAGES = 3

_KIND = "network.bsky.jetstream.subscribeEvents#"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DID = re.compile(r"did:[a-z]+:[A-Za-z0-9._:%-]{1,2000}")
_RECORD_KEY = re.compile(r"[A-Za-z0-9._:~-]{1,512}")
_POST_URI = re.compile(rf"at://[^/\s]+/{re.escape(POST)}/[^/\s]+")

# In the clear only on this computer.
_HOST = re.compile(r"(?:wss://[^/\s@?#]+|ws://(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?)/?")


def _host(address: str) -> str:
    if not _HOST.fullmatch(address):
        raise PydanticCustomError("host", "Input should be an address like wss://jetstream.us-east.bsky.network")
    return address.rstrip("/")


class BlueskySettings(Table):
    """`hosts` are Jetstream v2 servers. The first is read; if it does not answer, the next one."""

    hosts: list[Annotated[str, AfterValidator(_host)]] = Field(
        default=["wss://jetstream.us-east.bsky.network"], min_length=1
    )


def open_bluesky(settings: BlueskySettings, clock: Clock) -> list[Source]:
    return [Bluesky(settings.hosts, clock)]


class Bluesky:
    """The network's posts, reposts, edits, deletes and removed accounts."""

    name = "bluesky"
    every_seconds: float | None = None
    live = True
    restriction: str | None = None

    def __init__(self, hosts: list[str], clock: Clock):
        self._hosts = deque(hosts)
        self._clock = clock

    def batches(self, cursor: str | None) -> Iterator[Batch]:
        """As Source says. If a host does not answer, the next call asks the next host."""
        host = self._hosts[0]
        try:
            yield from batches_of(lambda put: self._read(host, cursor, put), name=self.name)
        except SourceUnreachable:
            self._hosts.rotate(-1)
            raise

    def test(self) -> str:
        return asyncio.run(self._first_event(self._hosts[0]))

    async def _read(self, host: str, cursor: str | None, put: Put) -> None:
        place = Place.read(cursor) if cursor else None
        await follow(host, (POST, REPOST), place, item_of, self._clock, put)

    async def _first_event(self, host: str) -> str:
        first: asyncio.Future[Event] = asyncio.get_running_loop().create_future()

        async def put(event: Event) -> None:
            if not first.done():
                first.set_result(event)

        tail = Tail(host, (POST, REPOST), None, item_of, self._clock, put)
        reading = asyncio.ensure_future(tail.follow())
        await asyncio.wait([reading, first], timeout=TEST_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if not reading.done():
            reading.cancel()
            await asyncio.wait([reading])
        if not reading.cancelled():
            reading.result()
        if tail.place is not None:
            return f"{host}: connected, the latest event is of {tail.place.moment:%H:%M:%S} UTC."
        if not tail.connected:
            raise SourceUnreachable(f"no answer within {TEST_SECONDS} s. Check the network.", host=host)
        return f"{host}: connected, but no event within {TEST_SECONDS} s."


def item_of(event: Any, position: str) -> Item | None:
    """The item of a Jetstream v2 event, or None for an event that Grapevine does not follow."""
    try:
        if not isinstance(event, dict):
            raise Malformed("not a JSON object")
        if event.get("$type") == _KIND + "commit" and event.get("collection") in (POST, REPOST):
            return _of_commit(event, position)
        if event.get("$type") == _KIND + "account":
            return _of_account(event, position)
        return None
    except Malformed as malformed:
        return Unreadable(str(malformed), shown(event), position)


def from_v1(event: Any) -> Any:
    """An event of the older Jetstream wire in the form of v2, without a number, which v1 does not have."""
    if not isinstance(event, dict):
        return event
    kind, microseconds = event.get("kind"), event.get("time_us")
    converted = {"$type": f"{_KIND}{kind}", "did": event.get("did")}
    if isinstance(microseconds, int) and 0 <= microseconds < 250_000_000_000_000_000:
        converted["time"] = (_EPOCH + timedelta(microseconds=microseconds)).isoformat()
    body = event.get(kind) if isinstance(kind, str) else None
    if kind == "commit" and isinstance(body, dict):
        return {**body, **converted}
    return {**converted, kind: body} if isinstance(kind, str) else converted


def _of_commit(event: dict[str, Any], position: str) -> Item | None:
    did, key, collection = _did(event), event.get("rkey"), event["collection"]
    if not isinstance(key, str) or not _RECORD_KEY.fullmatch(key):
        raise Malformed("no id")
    uri = f"at://{did}/{collection}/{key}"
    operation = event.get("operation")
    if operation == "delete":
        return Delete(uri, position, in_order=True)
    if operation not in ("create", "update"):
        return None
    moment = moment_of(event)
    record = event.get("record")
    if not isinstance(record, dict):
        raise Malformed("wrong type: record")
    read = {"id": uri, "author": did, "created_at": _created_at(record, moment)}
    if collection == REPOST:
        read |= {"kind": "repost", "text": "", "repost_of": _uri(record, "subject")}
    else:
        read |= _of_post(record) | {"url": f"https://bsky.app/profile/{did}/post/{key}"}
    if operation == "update":
        read["edited_at"] = moment.isoformat()
    return Upsert(read, position)


def _of_post(record: dict[str, Any]) -> dict[str, Any]:
    text = record.get("text")
    if not isinstance(text, str):
        raise Malformed("wrong type: text")
    read: dict[str, Any] = {"kind": "post", "text": text}
    if parts := parts_of_post(record, text):
        read["parts"] = parts
    quoted = _quoted(record.get("embed"))
    if quoted is not None:
        read |= {"kind": "quote", "quote_of": quoted}
    reply = record.get("reply")
    if reply is not None:
        read |= {"kind": "reply", "reply_to": _uri(reply, "parent"), "root": _uri(reply, "root")}
    langs = record.get("langs")
    if isinstance(langs, list) and (stated := [lang for lang in langs if isinstance(lang, str)]):
        # A post in Welsh and English is wanted by whoever watches for either.
        read["lang"] = ",".join(stated[:MOST_LANGUAGES])
    return read


def _quoted(embed: Any) -> str | None:
    """The post that is shown inside this one. A feed or a list shown inside is no quotation."""
    inside = embed.get("record") if isinstance(embed, dict) else None
    if isinstance(inside, dict) and embed.get("$type") == "app.bsky.embed.recordWithMedia":
        inside = inside.get("record")
    uri = inside.get("uri") if isinstance(inside, dict) else None
    return uri if isinstance(uri, str) and _POST_URI.fullmatch(uri) else None


def _of_account(event: dict[str, Any], position: str) -> AccountRemoved | None:
    account = event.get("account")
    if not isinstance(account, dict):
        raise Malformed("wrong type: account")
    if account.get("active") is not False or account.get("status") not in REMOVED:
        return None
    reason = f"account {account['status']} at its source"
    return AccountRemoved(_did(event), position, moment_of(event), in_order=True, reason=reason)


def _did(event: dict[str, Any]) -> str:
    did = event.get("did")
    if not isinstance(did, str) or not _DID.fullmatch(did):
        raise Malformed("no author")
    return did


def _uri(parent: Any, name: str) -> str:
    link = parent.get(name) if isinstance(parent, dict) else None
    uri = link.get("uri") if isinstance(link, dict) else None
    if not isinstance(uri, str) or not uri.startswith("at://"):
        raise Malformed(f"wrong type: {name}")
    return uri


def _created_at(record: dict[str, Any], moment: datetime) -> str:
    """The time that its author states, or if that is no time or in the future, when the host saw the post.

    Authors may state any time. A false one must neither hide a post that the whole network can read, nor keep it when
    its author's account is removed, however late the stream is read.
    """
    stated = record.get("createdAt")
    stated_at = time_of(stated)
    return moment.isoformat() if stated_at is None or stated_at > moment else stated
