"""A real HTTP server for feeds and the documents they link to, which can also be slow, endless, broken or gone."""

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.certificates import Pair


class Handler(BaseHTTPRequestHandler):
    def say(self, status: int, body: bytes = b"", **headers: str) -> None:
        """A whole answer; header names are written with underscores."""
        self.send_response(status)
        for name, value in ({"Content_Length": str(len(body))} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        server: FeedServer = self.server.feed_server
        server.asked.append((self.path, dict(self.headers)))
        answer = server.answers.get(self.path.partition("?")[0])
        try:
            if answer is None:
                self.say(404)
            elif isinstance(answer, bytes):
                self._with_validators(answer)
            else:
                answer(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _with_validators(self, body: bytes) -> None:
        etag = f'"{hash(body)}"'
        if self.headers["If-None-Match"] == etag:
            self.say(304, ETag=etag)
        else:
            self.say(200, body, ETag=etag, Last_Modified="Fri, 20 Nov 2026 11:00:00 GMT")

    def log_message(self, *_: Any) -> None:
        pass


@dataclass
class FeedServer:
    """`answers` by path: the body of a good answer, or what to do with the handler. `asked` is what came."""

    host: str
    answers: dict[str, bytes | Callable[[Handler], None]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def url(self, path: str = "/feed") -> str:
        return f"http://{self.host}{path}"

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


def drips(handler: Handler) -> None:
    """A byte now and then until the reader goes, as a slow-loris server sends it: no single wait is long."""
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b" ")
        time.sleep(0.02)


def drips_headers(handler: Handler) -> None:
    """As `drips`, but never so far as the body."""
    handler.wfile.write(b"HTTP/1.0 200 OK\r\nX-Slow: ")
    while True:
        handler.wfile.write(b"x")
        time.sleep(0.02)


def breaks_off(handler: Handler) -> None:
    """Promises more than it sends."""
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b"<rss version='2.0'><channel>")


@contextmanager
def serving(address: str = "127.0.0.1", port: int = 0, pair: Pair | None = None) -> Iterator[FeedServer]:
    """A server that answers on this computer until the block ends; over TLS where it has a `pair`."""
    http = ThreadingHTTPServer((address, port), Handler)
    if pair is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pair.certificate, pair.key)
        http.socket = context.wrap_socket(http.socket, server_side=True)
    http.daemon_threads = True
    http.feed_server = FeedServer(f"{address}:{http.server_port}")
    threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield http.feed_server
    finally:
        http.shutdown()
        http.server_close()
