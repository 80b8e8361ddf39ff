"""The screens over a board made by hand, served in this process: no model is loaded, and a test sees the store.

People sign in by choosing who they are, as in a replay.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import waitress
from dash import Dash

from dashboard.commands.demonstration import let_people_be_chosen
from dashboard.services import ImportControl
from models.clock import ReplayClock
from models.config import Settings
from models.domain.incidents import Incident
from models.domain.sources import SourcePhase, SourceState
from models.domain.users import Ended
from models.people.soft_locks import EXPIRES_AFTER
from models.store import Store
from models.store.duckdb.store import DuckDBStore
from tests.builders import NOON, PRESENT, a_post
from tests.dashboard.world import SERVICE, Somebody, SomeSources, an_app, judge, opened

FEEDS = SourceState("feeds", SourcePhase.READING, healthy=True)


@dataclass(frozen=True)
class Screens:
    store: Store
    incident: Incident
    address: str

    @property
    def board(self) -> str:
        return f"{self.address}incident/{self.incident.id}"

    def add(self, somebody: Somebody) -> None:
        """One more person to choose at the sign-in."""
        self.store.users.record(somebody.user, None, None).result()

    def end_sessions(self) -> None:
        """As an administrator ends them, whoever's they are."""
        for session in self.store.sessions.all_live():
            self.store.sessions.end(session.id, Ended.BY_OTHERS).result()


@contextmanager
def served(
    folder: Path,
    *,
    name: str = "Northgate flood",
    source: SourceState = FEEDS,
    speed: float = 1.0,
    imports: Callable[[Store, Path], ImportControl] | None = None,
    settings: Settings | None = None,
    locks_expire_after: timedelta = EXPIRES_AFTER,
) -> Iterator[Screens]:
    """A board of three rumours at a quarter past noon; "dam" has the flows dam-1, dam-2 and school."""
    clock = ReplayClock(NOON.replace(minute=15), latest=PRESENT, speed=speed)
    store = DuckDBStore(folder / "store", clock)
    incident = opened(store, name=name, exercise=True)
    judge(
        store,
        incident,
        [
            a_post("The dam above Northgate has burst", id="dam-1", minute=1),
            a_post("Is it true that the dam has burst?", id="dam-2", minute=2),
            a_post("The school in Market Street is shut", id="school", minute=3),
        ],
    )
    judge(store, incident, [a_post("The bridge is closed", minute=4), a_post("Bridge closed!", minute=5)], rumour="b")
    judge(store, incident, [a_post("Looters are in Market Street", minute=6)], rumour="looters")
    clock.begin()
    let_people_be_chosen(store, [SERVICE])
    app = an_app(
        store,
        SomeSources(source),
        imports(store, folder) if imports else None,
        settings,
        choosing=True,
        locks_expire_after=locks_expire_after,
    )
    server = _server(app)
    threading.Thread(target=server.run, daemon=True).start()
    try:
        yield Screens(store, incident, f"http://127.0.0.1:{server.effective_port}/")
    finally:
        server.close()
        # What a page asked before it was closed is answered first.
        server.task_dispatcher.shutdown()
        store.close()


def _server(app: Dash) -> waitress.server.BaseWSGIServer:
    return waitress.create_server(
        app.server, host="127.0.0.1", port=0, threads=12, clear_untrusted_proxy_headers=False
    )
