"""The webhook under many senders at once: nothing lost, forged and repeated messages refused, how long each waits.

    python tests/benchmarks/webhook_load.py [SECONDS]

16 clients push signed messages of ten posts to a running Grapevine for SECONDS (60), every tenth of them retried,
every twentieth forged, every twentieth sent again as it was. At the end the database is compared with what was
acknowledged.
"""

import base64
import hmac
import json
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import httpx
import numpy as np

from models.clock import SystemClock
from models.store.duckdb.store import DuckDBStore
from tests.journeys.server import Server
from tests.waiting import PATIENCE_SECONDS

CLIENTS = 16
POSTS_A_MESSAGE = 10
# With what is repeated and forged, fewer than are taken of one address in a minute.
MESSAGES_AN_ADDRESS = 400
SECRET_ENV = "GRAPEVINE_TIPLINE_SECRET"
CONFIG = f'[sources.webhook]\nsenders = [{{ name = "tipline", secret_env = "{SECRET_ENV}" }}]\n'


@dataclass
class Report:
    """What the clients saw. `waited` is seconds an honest message; `answers` counts (what was sent, HTTP status)."""

    acknowledged: set[str] = field(default_factory=set)
    waited: list[float] = field(default_factory=list)
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    stored: list[str] = field(default_factory=list)


def a_secret() -> str:
    return "whsec_" + base64.b64encode(os.urandom(32)).decode()


def signed(secret: str, message_id: str, body: bytes, at: float) -> dict[str, str]:
    """The headers of the Standard Webhooks specification."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.digest(key, f"{message_id}.{int(at)}.".encode() + body, "sha256")
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at)),
        "webhook-signature": "v1," + base64.b64encode(digest).decode(),
    }


def push(folder: Path, secret: str, goes_on: Callable[[int], bool]) -> Report:
    """Start a Grapevine in `folder`, push to it, stop it, and look what it stored.

    Each client sends its messages 1, 2, 3 … while `goes_on` agrees to the next number.
    """
    (folder / "config.toml").write_text(CONFIG)
    server = Server(folder, "run")
    server.environment[SECRET_ENV] = secret
    server.start()
    server.command("incident", "open", "Northgate flood", "--source", "webhook:tipline")
    report, lock = Report(), threading.Lock()
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(
            clients.map(lambda number: _client(server.address, secret, number, goes_on, report, lock), range(CLIENTS))
        )
    server.stop()
    store = DuckDBStore(folder / "data", SystemClock())
    report.stored = [row[0] for row in store.engine.connection.execute("select id from posts").fetchall()]
    store.close()
    return report


def _client(
    address: str, secret: str, client: int, goes_on: Callable[[int], bool], report: Report, lock: threading.Lock
) -> None:
    url, number = f"{address}in/tipline", 1
    with ExitStack() as open_senders:

        def send(what: str, body: bytes, headers: dict[str, str]) -> int:
            began = time.monotonic()
            status = http.post(url, content=body, headers=headers).status_code
            with lock:
                report.answers[(what, status)] += 1
                if what == "honest":
                    report.waited.append(time.monotonic() - began)
            return status

        while goes_on(number):
            if number % MESSAGES_AN_ADDRESS == 1:
                own_address = f"127.0.{client + 1}.{number // MESSAGES_AN_ADDRESS + 1}"
                http = open_senders.enter_context(_sender_at(own_address))
            ids = [f"{client}-{number}-{place}" for place in range(POSTS_A_MESSAGE)]
            body = json.dumps([{"id": one, "text": f"the dam has burst, says caller {one}"} for one in ids]).encode()
            headers = signed(secret, f"msg-{client}-{number}", body, time.time())
            if send("honest", body, headers) == 200:
                with lock:
                    report.acknowledged.update(ids)
            if number % 20 == 0:
                send("repeated", body, headers)
                send("forged", body.replace(b"burst", b"held!"), headers)
            if number % 10 == 0:
                # As a sender does who never got the answer: the same message, signed anew.
                send("retried", body, signed(secret, f"msg-{client}-{number}", body, time.time() + 1))
            number += 1


def _sender_at(own_address: str) -> httpx.Client:
    """A sender on this computer, at an address of its own."""
    return httpx.Client(timeout=PATIENCE_SECONDS, transport=httpx.HTTPTransport(local_address=own_address))


def _for_seconds(seconds: float) -> Callable[[int], bool]:
    """Agrees to every message for so many seconds from the first one on."""
    began: list[float] = []

    def goes_on(number: int) -> bool:
        if not began:
            began.append(time.monotonic())
        return time.monotonic() - began[0] < seconds

    return goes_on


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    with tempfile.TemporaryDirectory() as folder:
        report = push(Path(folder), a_secret(), _for_seconds(seconds))
    stored = Counter(one.removeprefix("webhook:tipline:") for one in report.stored)
    p50, p95, longest = np.percentile(report.waited, [50, 95, 100]) * 1000
    print(
        f"{CLIENTS} clients for {seconds:.0f} s: {len(report.waited):,} messages, {len(report.acknowledged):,} posts "
        f"acknowledged, {len(report.acknowledged - stored.keys()):,} lost, "
        f"{sum(count - 1 for count in stored.values()):,} doubled; "
        f"waited {p50:.0f} ms (median), {p95:.0f} ms (p95), {longest:.0f} ms (longest)"
    )
    for (what, status), count in sorted(report.answers.items()):
        print(f"  {what}: {status} × {count:,}")


if __name__ == "__main__":
    main()
