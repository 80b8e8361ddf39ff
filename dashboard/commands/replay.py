"""`grapevine replay`: a file of posts, as if live."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.commands.data_folder import set_aside
from dashboard.commands.options import (
    Browser,
    Collection,
    Columns,
    Config,
    File,
    Fresh,
    Port,
    Zone,
    archive_from,
    settings_from,
)
from dashboard.commands.remembered import columns_and_zone
from dashboard.commands.terminal import console
from dashboard.words import reading as reading_words
from models.clock import ReplayClock, SystemClock
from models.config import Settings
from models.domain.ids import stable_id
from models.domain.reading import Outcome
from models.errors import InputError
from models.measures.reading_account import account_of
from models.server_settings import ServerSettings

if TYPE_CHECKING:
    from dashboard.commands.incidents import ServicesTogether
    from ingest.running.worker import Worker
    from ingest.sources.archive import Archive

# Whose people look at a replay.
REPLAY_SERVICE = "Review team"
Speed = Annotated[float, typer.Option(min=0.01, help="How many times faster than real time to play.")]


def replay(
    file: File,
    collection: Collection = None,
    speed: Speed = 1.0,
    columns: Columns = None,
    zone: Zone = "Europe/London",
    fresh: Fresh = False,
    config: Config = None,
    port: Port = None,
    browser: Browser = True,
) -> None:
    """Play a file of posts as if they arrived now, in its own database. The next run continues where this one stops.

    Each collection in the file becomes its own incident. The screens show the time of the posts.
    """
    settings, _ = settings_from(config)
    source = archive_from(file, collection, *columns_and_zone(file, columns, zone, settings))
    folder = settings.data_dir / "replays" / folder_name(file, collection, source.read_as)
    play(source, folder, settings, speed=speed, fresh=fresh, port=port, browser=browser, what=file.name)


def folder_name(file: Path, collection: str | None, read_as: str = "") -> str:
    """A name to recognise, and a digest that keeps apart files and collections of like names."""
    readable = "".join(
        c if c.isalnum() or c in "-_" else "_" for c in f"{file.name.split('.')[0]}-{collection or 'all'}"
    )
    what = [str(file.resolve()), collection or "", *([read_as] if read_as else [])]
    return f"{readable[:60]}-{stable_id('replay', *what)[:8]}"


def play(
    source: "Archive",
    folder: Path,
    settings: Settings,
    *,
    speed: float,
    fresh: bool,
    port: int | None,
    browser: bool,
    what: str,
    official: tuple[str, ...] = (),
    latest: datetime | None = None,
    services: Sequence[str] = (REPLAY_SERVICE,),
    together: "ServicesTogether | None" = None,
) -> None:
    """Serve the board of `folder`, on this computer only, while `source` plays into it at `speed`.

    `what` names it on the screens. Posts of after `latest`, the true present unless given, are taken for wrong about
    their time. `services` are those whose people can be chosen at the sign-in; `together` says what each of them may
    do, all of it unless given.
    """
    from dashboard.commands.demonstration import let_people_be_chosen
    from dashboard.commands.incidents import CollectionIncidents
    from dashboard.commands.serving import open_runtime, serve
    from ingest.running.pace import Paced, first_believed_time
    from ingest.running.worker import Worker

    # People choose who they are here, so nobody on another computer may be asked.
    settings = settings.model_copy(update={"server": ServerSettings(port=settings.server.port)})
    system = SystemClock()
    present = latest or system.now()
    start = first_believed_time(source, latest=present)
    if start is None:
        raise InputError(f"{what}: no post with a time{_which(source)}, so there is nothing to play.")
    told = list(source.told)
    for line in told:
        console.print(line)
    if fresh and folder.exists():
        set_aside(folder, system)
    clock = ReplayClock(start, latest=present, speed=speed)
    with open_runtime(folder, settings, clock) as runtime:
        resumed: datetime | None = runtime.store.last_known_at()
        if resumed is not None:
            clock.advance_to(resumed)
            console.print(f"Continuing {what} at {clock.now():%d %b %Y, %H:%M} UTC. Use --fresh to start again.")
        incidents = CollectionIncidents(runtime.store, clock, settings.incident, what, together)

        def workers() -> "list[Worker]":
            clock.begin()
            paced = Paced(source, clock, runtime.schedule.stopping)
            normal_form = runtime.normal_form(source.name, official)
            return [Worker(paced, runtime.store, normal_form, incidents.match, clock, name=what)]

        let_people_be_chosen(runtime.store, services)
        serve(runtime, workers, port=port or settings.server.port, open_browser=browser, choosing=True)
        account = account_of(runtime.store.sources.reading_counts(source=what))
        for line in reading_words.lines(account, Outcome.PASSED_OVER, Outcome.DEAD):
            console.print(line)
    for line in source.told:
        if line not in told:
            console.print(line)


def _which(source: "Archive") -> str:
    return f" in collection {source.collection!r}" if source.collection else ""
