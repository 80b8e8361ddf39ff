"""What `run`, `replay` and `demo` share: one process that owns a database and serves its screens."""

import json
import logging
import os
import secrets
import signal
import socket
import threading
import webbrowser
from collections.abc import Callable
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import waitress

from dashboard.commands.terminal import console
from ingest.normal_form import NormalForm
from ingest.running.schedule import Schedule
from ingest.running.worker import Worker
from models.clock import Clock
from models.config import Settings
from models.errors import PortInUse, StoreError, StoreOwned
from models.judgement.embed import ChildEncoder
from models.judgement.judges import Judges
from models.judgement.pipeline import Learnt
from models.judgement.surfacing import SurfacingRule
from models.limits import LARGEST_REQUEST_BYTES
from models.store.duckdb.store import DuckDBStore

HOST = "127.0.0.1"
# More than there are senders who push at once: screens must not wait behind them.
WEB_THREADS = 24
# Who owns the database, where it answers, and the token that commands of the same user show it.
OWNER = "owner.json"
CONNECTIONS = 1_000
IDLE_SECONDS = 30
# A request that takes longer is left without an answer when Grapevine stops.
ANSWERING_SECONDS = 0.5
AUTHOR_KEY = "author.key"
AUTHOR_KEY_BYTES = 32


@dataclass(frozen=True)
class Runtime:
    """The open parts of one running Grapevine."""

    store: DuckDBStore
    schedule: Schedule
    clock: Clock
    settings: Settings
    folder: Path

    def normal_form(self, source: str, official: tuple[str, ...] = (), *, live: bool = False) -> NormalForm:
        accounts = (*self.settings.accounts.official, *official)
        return NormalForm(source, author_key(self.folder), accounts, live=live)


@contextmanager
def open_runtime(folder: Path, settings: Settings, clock: Clock):
    """Open the database in `folder` and everything that works on it; close it all at the end.

    Raises StoreOwned, naming the owner, where another process has it.
    """
    with ExitStack() as closing:
        learnt, encoder = Learnt.load(), ChildEncoder()
        store = open_store(folder, clock)
        closing.callback(store.close)
        judges = Judges(store, encoder, learnt, lambda: SurfacingRule.by(settings.board), clock)
        schedule = Schedule(store, judges, clock)
        closing.callback(schedule.stop)
        # First of all, so that nobody waits for the texts that the child is reading.
        closing.callback(encoder.close)
        encoder.warm_up()
        yield Runtime(store, schedule, clock, settings, folder)


def open_store(folder: Path, clock: Clock) -> DuckDBStore:
    """The database of a folder, for its user only. Where another Grapevine has it, the error says which."""
    os.umask(0o077)
    try:
        return DuckDBStore(folder, clock)
    except StoreOwned as error:
        owner = owner_of(folder)
        if owner is None:
            raise
        raise StoreOwned(folder, owner["pid"], owner["address"]) from error


def serve(runtime: Runtime, workers: Callable[[], list[Worker]], *, port: int, open_browser: bool) -> None:
    """Serve the screens until Ctrl-C or SIGTERM. Raises PortInUse."""
    # Imported here: Dash takes seconds to load, and the other subcommands need none of it.
    from dashboard.app import create_app
    from dashboard.http import command_api

    listener = _listener(port)
    address = f"http://{HOST}:{port}/"
    app = create_app(runtime.store, runtime.settings, runtime.clock, runtime.schedule.sources)
    token = secrets.token_urlsafe(32)
    command_api.register(app, runtime.store, runtime.clock, token)
    server = waitress.create_server(
        app.server,
        sockets=[listener],
        threads=WEB_THREADS,
        clear_untrusted_proxy_headers=True,
        max_request_body_size=LARGEST_REQUEST_BYTES,
        # Idle connections are cheap, and a hundred of them may not shut everybody out.
        connection_limit=CONNECTIONS,
        channel_timeout=IDLE_SECONDS,
        asyncore_use_poll=True,
    )
    logging.getLogger("waitress").setLevel(logging.ERROR)
    owner = {"pid": os.getpid(), "address": address, "token": token}
    _write_secret(runtime.folder / OWNER, json.dumps(owner).encode())
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    threading.Thread(target=server.run, name="web", daemon=True).start()
    runtime.schedule.start(workers())
    console.print(f"The board is at {address}  (Ctrl-C to stop)")
    if open_browser:
        _open_browser(address)
    stop.wait()
    console.print("Stopping. Everything acknowledged is saved.")
    server.close()
    # Pages that are open keep asking: no answer may be under way when the database closes.
    server.task_dispatcher.shutdown(timeout=ANSWERING_SECONDS)
    with suppress(OSError):
        (runtime.folder / OWNER).unlink()


def owner_of(folder: Path) -> dict | None:
    """What the Grapevine that owns this folder's database wrote about itself, or None."""
    try:
        return json.loads((folder / OWNER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def author_key(folder: Path) -> bytes:
    """The key that authors are hashed with, made at first use; readable by its owner only."""
    path = folder / AUTHOR_KEY
    if not path.exists():
        _write_secret(path, secrets.token_bytes(AUTHOR_KEY_BYTES))
    key = path.read_bytes()
    if len(key) != AUTHOR_KEY_BYTES:
        raise StoreError(f"{path}: this key does not have {AUTHOR_KEY_BYTES} bytes. Restore it from a backup.")
    return key


def _write_secret(path: Path, secret: bytes) -> None:
    """Readable by its owner only, and whole or not there: half a key would hash the same authors to other names."""
    partial = path.with_name(f"{path.name}.partial")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, path)


def set_aside(folder: Path, clock: Clock) -> None:
    """Move a folder's database out of the way, under a name that tells when: nothing is deleted."""
    # Opened first: a database that is in use stays where it is.
    open_store(folder, clock).close()
    folder.rename(folder.with_name(f"{folder.name}.until-{clock.now():%Y%m%dT%H%M%S}"))


def _listener(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise PortInUse(
            f"Port {port} is in use by another program. Stop that program, or choose another port with --port "
            "(or [server] port in config.toml)."
        ) from error
    return listener


def _open_browser(address: str) -> None:
    """Open the board where there is a screen to open it on; on a server there is none, and that is fine."""
    if (
        os.name == "posix"
        and os.uname().sysname == "Linux"
        and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    ):
        return
    with suppress(webbrowser.Error):
        webbrowser.open(address)
