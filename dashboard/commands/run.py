"""`grapevine run`: what config.toml says, live."""

from dashboard.commands.incidents import configured_incident
from dashboard.commands.options import Browser, Config, Port, settings_from
from dashboard.commands.serving import open_house, serve
from dashboard.commands.terminal import console
from ingest.sources import open_sources
from ingest.worker import Worker
from models.clock import SystemClock


def run(config: Config = None, port: Port = None, browser: Browser = True) -> None:
    """Run Grapevine as config.toml says: read its sources, judge what they bring, serve the board."""
    settings, path = settings_from(config)
    sources = open_sources(settings.sources, where=path.name)
    clock = SystemClock()
    with open_house(settings.data_dir, settings, clock) as house:
        incident = configured_incident(settings.incident, house.store, clock)

        def workers() -> list[Worker]:
            return [
                Worker(
                    source,
                    house.store,
                    house.normal_form(source.name),
                    lambda post, why=f"source: {source.name}": {incident.id: why},
                    clock,
                    name=source.name,
                )
                for source in sources
            ]

        if not sources:
            console.print(f"{path}: no [sources] yet, so the board stays empty. `grapevine demo` shows a full one.")
        serve(house, workers, port=port or settings.server.port, open_browser=browser)
