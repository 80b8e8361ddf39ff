"""A stand-in for a Mastodon instance: no Mastodon runs here, since none can be installed for a test.

It replays statuses in the shape that a real instance recorded, over real HTTP, with the paging of Mastodon's
documentation (`min_id` oldest first, `limit`, newest on top of each page), its JSON errors, and faults on demand.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
FIRST_NUMBER = 115_580_000_000_000_000


class Instance:
    """What the instance holds and how it behaves; tests change both while it runs."""

    def __init__(self) -> None:
        self.statuses: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.tokens: list[str | None] = []
        # Answers to give first, in order: status, headers, body.
        self.faults: list[tuple[int, dict[str, str], bytes]] = []
        self.host = ""

    def post(self, words: str = "The dam has burst #flood", **changes: Any) -> dict[str, Any]:
        """A new status, the newest there is."""
        count = len(self.statuses) + 1
        number = str(FIRST_NUMBER + count)
        status = a_status(number, words, self.host, minute=count, **changes)
        self.statuses.append(status)
        return status

    def edit(self, number: str, words: str, *, minute: int = 90) -> None:
        status = self._found(number)
        status |= {"content": f"<p>{words}</p>", "edited_at": (NOON + timedelta(minutes=minute)).isoformat()}

    def delete(self, number: str) -> None:
        self.statuses.remove(self._found(number))

    def fail(self, status: int, headers: dict[str, str] | None = None, body: bytes = b'{"error":"no"}') -> None:
        """The next answer is this one."""
        self.faults.append((status, headers or {}, body))

    def answer(self, address: str) -> tuple[int, Any]:
        url = urlsplit(address)
        asked = {name: values[-1] for name, values in parse_qs(url.query).items()}
        parts = [unquote(part) for part in url.path.split("/")]
        if parts[:4] == ["", "api", "v1", "timelines"]:
            return 200, self._page(parts[4:], asked)
        if parts[:4] == ["", "api", "v1", "statuses"]:
            found = self._found(parts[4])
            return (200, found) if found else (404, {"error": "Record not found"})
        return 404, {"error": "Not Found"}

    def _page(self, timeline: list[str], asked: dict[str, str]) -> list[dict[str, Any]]:
        shown = [status for status in self.statuses if _is_on(status, timeline)]
        shown.sort(key=lambda status: int(status["id"]))
        limit = int(asked.get("limit", 20))
        if "min_id" in asked:
            return [status for status in shown if int(status["id"]) > int(asked["min_id"])][:limit][::-1]
        return shown[-limit:][::-1]

    def _found(self, number: str) -> dict[str, Any] | None:
        return next((status for status in self.statuses if status["id"] == number), None)


def a_status(number: str, words: str, host: str, *, minute: int = 0, **changes: Any) -> dict[str, Any]:
    """A status as the API gives one, shortened to what a reader may look at."""
    account = {
        "id": "1",
        "acct": "jo",
        "note": "<p>Living by the river</p>",
        "indexable": True,
        "noindex": False,
        "followers_count": 120,
    } | changes.pop("account", {})
    return {
        "id": number,
        "created_at": (NOON + timedelta(minutes=minute)).isoformat().replace("+00:00", "Z"),
        "edited_at": None,
        "in_reply_to_id": None,
        "spoiler_text": "",
        "visibility": "public",
        "language": "en",
        "uri": f"https://{host}/ap/users/1/statuses/{number}",
        "url": f"https://{host}/@jo/{number}",
        "content": f"<p>{words}</p>",
        "reblogs_count": 2,
        "reblog": None,
        "quote": None,
        "account": account,
    } | changes


@contextmanager
def running() -> Iterator[Instance]:
    """An instance that answers on this computer until the block ends."""
    instance = Instance()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            instance.asked.append(self.path)
            instance.tokens.append(self.headers["Authorization"])
            if instance.faults:
                status, headers, body = instance.faults.pop(0)
            else:
                status, answer = instance.answer(self.path)
                headers, body = {}, json.dumps(answer).encode()
            self.send_response(status)
            for name, value in ({"Content-Type": "application/json"} | headers).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    instance.host = f"127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield instance
    finally:
        server.shutdown()
        server.server_close()


def _is_on(status: dict[str, Any], timeline: list[str]) -> bool:
    if timeline[0] == "tag":
        return f"#{timeline[1].lower()}" in status["content"].lower()
    return "@" not in status["account"]["acct"]
