"""`grapevine run`: what config.toml says, live."""

from typing import TYPE_CHECKING

from dashboard.commands.options import Browser, Config, Port, settings_from
from dashboard.commands.terminal import console
from models.clock import SystemClock

if TYPE_CHECKING:
    from dashboard.commands.serving import Runtime
    from ingest.running.worker import Worker
    from ingest.source import Source


def run(config: Config = None, port: Port = None, browser: Browser = True) -> None:
    """Run Grapevine with config.toml: read the sources, judge posts that reach an incident, serve the board."""
    from dashboard.commands.serving import open_runtime, serve
    from ingest.sources import open_sources

    settings, path = settings_from(config)
    clock = SystemClock()
    sources = open_sources(settings.sources, clock, where=path.name)
    with open_runtime(settings.data_dir, settings, clock) as runtime:
        if not sources:
            console.print(f"{path}: no [sources], so the board stays empty. Run `grapevine demo` to see a full one.")
        if all(incident.closed_at is not None for incident in runtime.store.incidents.all()):
            console.print(
                "No incident is open. Open one on the Incidents page, or with `grapevine incident open NAME`."
            )
        serve(
            runtime,
            lambda: [_worker(source, runtime) for source in sources],
            port=port or settings.server.port,
            open_browser=browser,
        )


def _worker(source: "Source", runtime: "Runtime") -> "Worker":
    from ingest.matching import Matcher
    from ingest.running.worker import Worker
    from ingest.source import Pushed

    normal_form = runtime.normal_form(source.name, live=source.live, pushed=isinstance(source, Pushed))
    matcher = Matcher(runtime.store, source.name, normal_form.pseudonym)
    return Worker(
        source,
        runtime.store,
        normal_form,
        matcher.match,
        runtime.clock,
        name=source.name,
        word_counts=matcher.word_counts,
    )
