"""The sources Grapevine knows, by the name of their table in config.toml."""

from importlib import import_module
from typing import Any

from ingest.source import Source
from models.clock import Clock
from models.config import checked, did_you_mean
from models.errors import ConfigError

# The module of each source, its settings and the function that opens it. Only sources in config.toml are imported,
# since some need large libraries.
SOURCES = {
    "archive": ("ingest.sources.archive", "ArchiveSettings", "open_archive"),
    "bluesky": ("ingest.sources.bluesky", "BlueskySettings", "open_bluesky"),
    "feeds": ("ingest.sources.feeds", "FeedsSettings", "open_feeds"),
    "mastodon": ("ingest.sources.mastodon", "MastodonSettings", "open_mastodon"),
    "webhook": ("ingest.sources.webhook", "WebhookSettings", "open_webhook"),
}


def open_sources(tables: dict[str, dict[str, Any]], clock: Clock, *, where: str) -> list[Source]:
    """The sources that config.toml names, not started.

    Raises ConfigError for an unknown source and for settings that cannot be read.
    """
    opened: list[Source] = []
    for name, table in tables.items():
        if name not in SOURCES:
            problem = f"no such source.{did_you_mean(name, list(SOURCES))}"
            raise ConfigError(problem, file=where, table=f"sources.{name}")
        module, settings_type, opener = SOURCES[name]
        parts = import_module(module)
        settings = checked(getattr(parts, settings_type), table, where=where, inside=("sources", name))
        opened += getattr(parts, opener)(settings, clock)
    return opened
