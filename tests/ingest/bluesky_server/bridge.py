"""From a real server's firehose to the Jetstream v2 wire.

A stand-in for Jetstream itself, which cannot be installed here: the events are the real server's own, re-told in
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
class Told:
    """One event as it is told, or a raw frame without a number."""

    frame: str
    seq: int | None = None
    witnessed_at: datetime | None = None
    kind: str = ""
    collection: str = ""


class Bridge:
    """Follows a server's firehose from its beginning and tells it, on a port that stays the same, while it is open.

    Without a `pds_url` it tells only what `tell_event` and `tell_raw` are given. `compressed`: offer the dictionary
    that the library's client asks for.
    """

    def __init__(self, pds_url: str | None, *, compressed: bool = True):
        self._told: list[Told] = []
        self._telling = threading.Lock()
        self._floor = 0
        self._numbers = count(FIRST_SEQ)
        self._firehose = None if pds_url is None else _firehose(pds_url)
        self._dictionary = _a_dictionary() if compressed else None
        self._connections: set[ServerConnection] = set()
        self._server: Server | None = None
        self._port = 0
        # What is asked of it, and a status and headers to refuse that with.
        self.asked: list[dict[str, list[str]]] = []
        self.refusal: tuple[int, dict[str, str]] | None = None

    def __enter__(self) -> "Bridge":
        if self._firehose is not None:
            threading.Thread(target=self._firehose.start, args=[self._tell], daemon=True).start()
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
        return next((one.seq for one in reversed(self._told) if one.seq is not None), FIRST_SEQ - 1)

    @property
    def listeners(self) -> int:
        return len(self._connections)

    def open(self) -> None:
        """Listen, again after `close`; what the firehose said meanwhile was heard."""
        # Whoever came for the dictionary alone keeps that connection open: it is not waited for.
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
            with _SAID_TO_NOBODY:
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

    def tell_raw(self, frame: str) -> None:
        """Send a frame just so, malformed or not, to whoever is connected now."""
        self._told.append(Told(frame))

    def tell_event(self, kind: str, body: dict[str, Any], *, at: datetime | None = None) -> int:
        """An event of this bridge's own making, told as witnessed `at` (now). Returns its number."""
        with self._telling:
            seq, moment = next(self._numbers), at or SystemClock().now()
            time = moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
            payload = {"$type": KIND + kind, "seq": seq, "time": time, "witnessedAt": time, **body}
            frame = json.dumps({"$type": "message", "payload": payload})
            self._told.append(Told(frame, seq, moment, kind, body.get("collection", "")))
        return seq

    def _tell(self, message: Any) -> None:
        said = parse_subscribe_repos_message(message)
        if isinstance(said, models.ComAtprotoSyncSubscribeRepos.Commit):
            blocks = CAR.from_bytes(said.blocks).blocks if said.blocks else {}
            for op in said.ops:
                collection, key = op.path.split("/", 1)
                body = {"did": said.repo, "rev": said.rev, "operation": op.action, "collection": collection}
                record = {"record": _json(blocks[op.cid]), "cid": str(op.cid)} if op.cid else {}
                self.tell_event("commit", {**body, "rkey": key, **record})
        elif isinstance(said, models.ComAtprotoSyncSubscribeRepos.Account):
            account = {"did": said.did, "seq": said.seq, "time": said.time, "active": said.active}
            if said.status is not None:
                account["status"] = said.status
            self.tell_event("account", {"did": said.did, "account": account})
        elif isinstance(said, models.ComAtprotoSyncSubscribeRepos.Identity):
            identity = {"did": said.did, "seq": said.seq, "time": said.time}
            self.tell_event("identity", {"did": said.did, "identity": identity})

    def _answer(self, connection: ServerConnection, request: Request) -> Response | None:
        """What is answered before, or instead of, a websocket."""
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
        with _SAID_TO_NOBODY:
            place, notice = self._start(int(asked["cursor"][0]) if "cursor" in asked else None)
            self._connections.add(connection)
            if notice:
                info = {"$type": KIND + "info", "name": notice}
                connection.send(pack(json.dumps({"$type": "message", "payload": info})))
            already = len(self._told)
            while self._server is not None:
                for one in self._told[place:]:
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
        """Wait a moment for more to tell; raises ConnectionClosed when nobody listens any more."""
        with _NOTHING_SAID:
            connection.recv(timeout=LOOK_SECONDS)

    def _start(self, cursor: int | None) -> tuple[int, str | None]:
        """Where in what was told a cursor begins, and the notice that has to be given first."""
        if cursor is None:
            return len(self._told), None
        if cursor < FIRST_TIME_CURSOR:
            if cursor > self.last_seq + 1:
                return len(self._told), "FutureCursor"
            return self._first(lambda one: one.seq >= cursor), None
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=cursor)
        kept = self._first(lambda one: one.seq >= self._floor)
        outdated = kept < len(self._told) and moment < self._told[kept].witnessed_at
        return max(kept, self._first(lambda one: one.witnessed_at >= moment)), "OutdatedCursor" if outdated else None

    def _first(self, fits: Callable[[Told], bool]) -> int:
        numbered = (place for place, one in enumerate(self._told) if one.seq is not None and fits(one))
        return next(numbered, len(self._told))

    def _packing(self, compressed: bool) -> Callable[[str], str | bytes]:
        if not compressed:
            return str
        compressor = zstandard.ZstdCompressor(dict_data=self._dictionary)
        return lambda frame: compressor.compress(frame.encode())


_SAID_TO_NOBODY = suppress(ConnectionClosed, OSError)
_NOTHING_SAID = suppress(TimeoutError)


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
