"""What `run`, `replay` and `demo` share: one process that owns a database and serves its screens."""

import faulthandler
import os
import secrets
import signal
import threading
import webbrowser
from collections.abc import Callable
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.commands.data_folder import author_key, forget_owner, open_store, sign_in_key, write_owner
from dashboard.commands.log_lines import log_to_stderr
from dashboard.commands.terminal import console
from ingest.normal_form import NormalForm
from ingest.running.imports import Imports
from ingest.running.schedule import Schedule
from ingest.running.worker import Worker
from models.clock import Clock, SystemClock
from models.config import Settings
from models.judgement.embed import ChildEncoder
from models.judgement.judges import Judges
from models.judgement.pipeline import Learnt
from models.judgement.surfacing import SurfacingRule
from models.server_settings import ServerSettings
from models.sign_in.session_ages import SessionAges
from models.store.duckdb.store import DuckDBStore

if TYPE_CHECKING:
    from dashboard.http.provider.people import ProviderPeople

# A request that takes longer is left without an answer when Grapevine stops.
ANSWERING_SECONDS = 0.5
# A signal may reach a thread that does not wake the one that waits for it: look now and then.
LOOKING_UP_SECONDS = 0.5
# A stop takes a second. What has not let go by then never will, and a service manager may be waiting to start anew.
STOPPING_SECONDS = 15


@dataclass(frozen=True)
class Runtime:
    """The open parts of one running Grapevine."""

    store: DuckDBStore
    schedule: Schedule
    clock: Clock
    settings: Settings
    folder: Path

    def normal_form(
        self, source: str, official: tuple[str, ...] = (), *, live: bool = False, pushed: bool = False
    ) -> NormalForm:
        return normal_form_of(self.folder, self.settings, source, official, live=live, pushed=pushed)


def normal_form_of(
    folder: Path,
    settings: Settings,
    source: str,
    official: tuple[str, ...] = (),
    *,
    live: bool = False,
    pushed: bool = False,
) -> NormalForm:
    """What reads the records of one source into the database of `folder`."""
    accounts = (*settings.accounts.official, *official)
    return NormalForm(source, author_key(folder), accounts, live=live, pushed=pushed)


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
        imports = Imports(
            store,
            clock,
            folder,
            lambda source: normal_form_of(folder, settings, source),
            settings.imports.largest_file_megabytes * 1_000_000,
        )
        schedule = Schedule(store, judges, clock, imports, SessionAges.of(settings.sign_in))
        closing.callback(schedule.stop)
        # First of all, so that nobody waits for the texts that the child is reading.
        closing.callback(encoder.close)
        encoder.warm_up()
        yield Runtime(store, schedule, clock, settings, folder)


def serve(
    runtime: Runtime,
    workers: Callable[[], list[Worker]],
    *,
    port: int,
    open_browser: bool,
    choosing: bool = False,
) -> None:
    """Serve the screens until Ctrl-C or SIGTERM. Raises PortInUse and ConfigError.

    `choosing`: people sign in by choosing who they are.

    From then on the process has 15 seconds to close everything; then it ends with exit code 1.
    """
    # Imported here: Dash takes seconds to load, and the other subcommands need none of it.
    from dashboard.app import create_app
    from dashboard.auditing.looks import LOOKS
    from dashboard.http import command_api
    from dashboard.http.provider.people import LOOKS_EVERY_SECONDS
    from dashboard.http.web_server import bound_listener, create_server

    log_to_stderr()
    listening = runtime.settings.server
    listener = bound_listener(listening, port)
    address = own_address(listening, port)
    provider = None if choosing else _provider(runtime)
    app = create_app(
        runtime.store,
        runtime.settings,
        runtime.clock,
        runtime.schedule.sources,
        runtime.schedule.imports,
        secret=sign_in_key(runtime.folder),
        choosing=choosing,
        provider=provider,
    )
    if provider is not None:
        runtime.schedule.every(LOOKS_EVERY_SECONDS, provider.renew)
    token = secrets.token_urlsafe(32)
    board = f"{listening.public_url}/" if listening.public_url else address
    command_api.register(app, runtime.store, runtime.clock, token, board)
    server = create_server(app.server, listener, listening)
    write_owner(runtime.folder, address, token, listening.tls_certificate)
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    threading.Thread(target=server.run, name="web", daemon=True).start()
    runtime.schedule.start(workers())
    console.print(f"The board is at {board}  (Ctrl-C to stop)")
    if open_browser:
        _open_browser(board)
    while not stop.wait(LOOKING_UP_SECONDS):
        pass
    console.print("Stopping. Everything acknowledged is saved.")
    # Every act was on disk before it was acknowledged, so this loses nothing; it writes down what each thread was at,
    # and works also where one of them holds the interpreter.
    faulthandler.dump_traceback_later(STOPPING_SECONDS, exit=True)
    # Pages that are open keep asking: no answer may be under way when the database closes. The server itself ends
    # with the process: an answer that had just been sent still tells it so, and would find it closed.
    server.task_dispatcher.shutdown(timeout=ANSWERING_SECONDS)
    app.server.extensions[LOOKS].finish()
    forget_owner(runtime.folder)


def _provider(runtime: Runtime) -> "ProviderPeople | None":
    """Those who come by the service's own sign-in, where config.toml names one. Raises ConfigError."""
    from dashboard.http.provider.client import ProviderClient
    from dashboard.http.provider.people import ProviderPeople

    named = runtime.settings.sign_in.provider
    if not named.is_on:
        return None
    return ProviderPeople(runtime.store, ProviderClient(named, named.secret(), SystemClock().now))


def own_address(listening: ServerSettings, port: int) -> str:
    """Where this computer's commands and its own browser find the server.

    >>> own_address(ServerSettings(), 8050)
    'http://127.0.0.1:8050/'
    """
    address = ip_address(listening.listen)
    if address.is_unspecified:
        address = ip_address("127.0.0.1" if address.version == 4 else "::1")
    host = f"[{address}]" if address.version == 6 else str(address)
    return f"{'https' if listening.has_tls else 'http'}://{host}:{port}/"


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
