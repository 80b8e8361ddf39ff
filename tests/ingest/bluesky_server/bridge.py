"""From a real server's firehose to the Jetstream v2 wire.

A stand-in for Jetstream itself, which cannot be installed here: the events are the real server's own, rewritten in
JSON as the lexicon network.bsky.jetstream.subscribeEvents says: numbered cursors and times, what is too old, zstd.
"""

import base64
import json
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

import zstandard
from atproto import CAR, FirehoseSubscribeReposClient, models, parse_subscribe_repos_message
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

from models.clock import SystemClock

KIND = "network.bsky.jetstream.subscribeEvents#"
# A host's numbers are its own and far from the firehose's: these do not begin with 1 either.
FIRST_SEQ = 1_000
FIRST_TIME_CURSOR = 10**15
LOOK_SECONDS = 0.05


@dataclass(frozen=True)
class Frame:
    """One event as it is sent, or a raw frame without a number."""

    frame: str
    seq: int | None = None
    witnessed_at: datetime | None = None
    kind: str = ""
    collection: str = ""


class Bridge:
    """Follows a server's firehose from its beginning and sends its events, on one port, while it is open.

    Without a `pds_url` it sends only what `send_event` and `send_raw` are given. `compressed`: offer the dictionary
    that the library's client asks for.
    """

    def __init__(self, pds_url: str | None, *, compressed: bool = True):
        self._frames: list[Frame] = []
        self._sending = threading.Lock()
        self._floor = 0
        self._numbers = count(FIRST_SEQ)
        self._firehose = None if pds_url is None else _firehose(pds_url)
        self._dictionary = _a_dictionary() if compressed else None
        self._connections: set[ServerConnection] = set()
        self._server: Server | None = None
        self._port = 0
        # The queries of its requests, and a status and headers to refuse them with.
        self.asked: list[dict[str, list[str]]] = []
        self.refusal: tuple[int, dict[str, str]] | None = None

    def __enter__(self) -> "Bridge":
        if self._firehose is not None:
            threading.Thread(target=self._firehose.start, args=[self._forward], daemon=True).start()
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        if self._firehose is not None:
            self._firehose.stop()

    @property
    def address(self) -> str:
        """For config.toml: [sources.bluesky] hosts = ["ws://127.0.0.1:…"]"""
        return f"ws://127.0.0.1:{self._port}"

    @property
    def last_seq(self) -> int:
        return next((one.seq for one in reversed(self._frames) if one.seq is not None), FIRST_SEQ - 1)

    @property
    def listeners(self) -> int:
        return len(self._connections)

    def open(self) -> None:
        """Listen, again after `close`; what the firehose sent meanwhile is kept."""
        # A client that fetched only the dictionary may keep its connection open: do not wait for it.
        how = {"process_request": self._answer, "select_subprotocol": _v2, "close_timeout": 0.2}
        self._server = serve(self._serve, "127.0.0.1", self._port, **how)
        self._port = self._server.socket.getsockname()[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop listening and break every connection."""
        self.drop()
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()

    def drop(self) -> None:
        """Break every connection without a goodbye, as a lost network does."""
        for connection in list(self._connections):
            with _NOBODY_LISTENS:
                connection.socket.shutdown(socket.SHUT_RDWR)

    def say_goodbye(self) -> None:
        """End every connection politely, as a server does that is restarted."""
        for connection in list(self._connections):
            connection.close(1001)

    def forget(self, before_seq: int) -> None:
        """Keep nothing older than `before_seq`."""
        self._floor = before_seq

    def rotate_dictionary(self) -> None:
        """Pack with another dictionary from now on, and refuse to subscribe whoever asks for an earlier one."""
        self._dictionary = _a_dictionary("others")

    def send_raw(self, frame: str) -> None:
        """Send a frame just so, malformed or not, to all who are connected now."""
        self._frames.append(Frame(frame))

    def send_event(self, kind: str, body: dict[str, Any], *, at: datetime | None = None) -> int:
        """An event of this bridge's own making, witnessed `at` (now). Returns its number."""
        with self._sending:
            seq, moment = next(self._numbers), at or SystemClock().now()
            time = moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
            payload = {"$type": KIND + kind, "seq": seq, "time": time, "witnessedAt": time, **body}
            frame = json.dumps({"$type": "message", "payload": payload})
            self._frames.append(Frame(frame, seq, moment, kind, body.get("collection", "")))
        return seq

    def _forward(self, raw: Any) -> None:
        message = parse_subscribe_repos_message(raw)
        if isinstance(message, models.ComAtprotoSyncSubscribeRepos.Commit):
            blocks = CAR.from_bytes(message.blocks).blocks if message.blocks else {}
            for op in message.ops:
                collection, key = op.path.split("/", 1)
                body = {"did": message.repo, "rev": message.rev, "operation": op.action, "collection": collection}
                record = {"record": _json(blocks[op.cid]), "cid": str(op.cid)} if op.cid else {}
                self.send_event("commit", {**body, "rkey": key, **record})
        elif isinstance(message, models.ComAtprotoSyncSubscribeRepos.Account):
            account = {"did": message.did, "seq": message.seq, "time": message.time, "active": message.active}
            if message.status is not None:
                account["status"] = message.status
            self.send_event("account", {"did": message.did, "account": account})
        elif isinstance(message, models.ComAtprotoSyncSubscribeRepos.Identity):
            identity = {"did": message.did, "seq": message.seq, "time": message.time}
            self.send_event("identity", {"did": message.did, "identity": identity})

    def _answer(self, connection: ServerConnection, request: Request) -> Response | None:
        """The answer before, or instead of, a websocket."""
        url = urlsplit(request.path)
        if url.path.endswith("network.bsky.jetstream.getZstdDictionary"):
            if self._dictionary is None:
                return connection.respond(404, "")
            blob = self._dictionary.as_bytes()
            headers = Headers({"Content-Type": "application/octet-stream", "Content-Length": str(len(blob))})
            return Response(200, "OK", headers, blob)
        if not url.path.endswith("/xrpc/network.bsky.jetstream.subscribeEvents"):
            return connection.respond(404, "")
        asked = parse_qs(url.query)
        self.asked.append(asked)
        if self.refusal is not None:
            status, more = self.refusal
            return Response(status, "refused", Headers({**more, "Content-Length": "0"}), b"")
        if self._dictionary is not None and int(asked["zstdDictionary"][0]) != self._dictionary.dict_id():
            return connection.respond(400, json.dumps({"error": "UnknownZstdDictionary"}))
        cursor = int(asked["cursor"][0]) if "cursor" in asked else None
        if cursor is not None and cursor < self._floor:
            return connection.respond(400, json.dumps({"error": "CursorTooOld", "message": f"before {self._floor}"}))
        return None

    def _serve(self, connection: ServerConnection) -> None:
        asked = parse_qs(urlsplit(connection.request.path).query)
        pack = self._packing("zstdDictionary" in asked)
        kinds, collections = asked.get("kinds"), asked.get("collections")
        with _NOBODY_LISTENS:
            place, notice = self._start(int(asked["cursor"][0]) if "cursor" in asked else None)
            self._connections.add(connection)
            if notice:
                info = {"$type": KIND + "info", "name": notice}
                connection.send(pack(json.dumps({"$type": "message", "payload": info})))
            already = len(self._frames)
            while self._server is not None:
                for one in self._frames[place:]:
                    place += 1
                    if one.seq is None and place <= already:
                        continue
                    unasked = kinds and one.kind not in kinds
                    unasked = unasked or (one.kind == "commit" and collections and one.collection not in collections)
                    if one.seq is None or not unasked:
                        connection.send(pack(one.frame))
                self._listen(connection)
        self._connections.discard(connection)

    @staticmethod
    def _listen(connection: ServerConnection) -> None:
        """Wait a moment for more frames. Raises ConnectionClosed when nobody listens any more."""
        with _NOTHING_RECEIVED:
            connection.recv(timeout=LOOK_SECONDS)

    def _start(self, cursor: int | None) -> tuple[int, str | None]:
        """The frame at which a cursor begins, and the notice that has to be given first."""
        if cursor is None:
            return len(self._frames), None
        if cursor < FIRST_TIME_CURSOR:
            if cursor > self.last_seq + 1:
                return len(self._frames), "FutureCursor"
            return self._first(lambda one: one.seq >= cursor), None
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=cursor)
        kept = self._first(lambda one: one.seq >= self._floor)
        outdated = kept < len(self._frames) and moment < self._frames[kept].witnessed_at
        return max(kept, self._first(lambda one: one.witnessed_at >= moment)), "OutdatedCursor" if outdated else None

    def _first(self, fits: Callable[[Frame], bool]) -> int:
        numbered = (place for place, one in enumerate(self._frames) if one.seq is not None and fits(one))
        return next(numbered, len(self._frames))

    def _packing(self, compressed: bool) -> Callable[[str], str | bytes]:
        if not compressed:
            return str
        compressor = zstandard.ZstdCompressor(dict_data=self._dictionary)
        return lambda frame: compressor.compress(frame.encode())


_NOBODY_LISTENS = suppress(ConnectionClosed, OSError)
_NOTHING_RECEIVED = suppress(TimeoutError)


def _firehose(pds_url: str) -> FirehoseSubscribeReposClient:
    from_the_beginning = models.ComAtprotoSyncSubscribeRepos.Params(cursor=0)
    return FirehoseSubscribeReposClient(from_the_beginning, base_uri=pds_url.replace("http", "ws", 1) + "/xrpc")


def _v2(_: ServerConnection, offered: list[str]) -> str | None:
    return "xrpc.v1.json" if "xrpc.v1.json" in offered else None


def _a_dictionary(words: str = "things") -> zstandard.ZstdCompressionDict:
    samples = [json.dumps({"payload": {"seq": n, "text": f"{n * 7919} {words}"}}).encode() for n in range(2_000)]
    return zstandard.train_dictionary(4_096, samples)


def _json(value: Any) -> Any:
    """A record as JSON has it: links and bytes become {"$link": …} and {"$bytes": …}."""
    if isinstance(value, dict):
        return {name: _json(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_json(inner) for inner in value]
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode().rstrip("=")}
    return value if value is None or isinstance(value, str | int | float) else {"$link": str(value)}
