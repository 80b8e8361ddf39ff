"""The sources Grapevine knows, by the name of their table in config.toml."""

from importlib import import_module
from typing import Any

from ingest.source import Source
from models.clock import Clock
from models.config import checked, did_you_mean
from models.errors import ConfigError

# The module of each, with its settings and what opens it. Only those that are named are imported: some bring large
# libraries along.
SOURCES = {
    "archive": ("ingest.sources.archive", "ArchiveSettings", "open_archive"),
    "bluesky": ("ingest.sources.bluesky", "BlueskySettings", "open_bluesky"),
    "feeds": ("ingest.sources.feeds", "FeedsSettings", "open_feeds"),
    "mastodon": ("ingest.sources.mastodon", "MastodonSettings", "open_mastodon"),
    "webhook": ("ingest.sources.webhook", "WebhookSettings", "open_webhook"),
}


def open_sources(tables: dict[str, dict[str, Any]], clock: Clock, *, where: str) -> list[Source]:
    """The sources that config.toml names, none of them started.

    Raises ConfigError for one it does not know or cannot understand.
    """
    opened: list[Source] = []
    for name, table in tables.items():
        if name not in SOURCES:
            raise ConfigError(f"{where} [sources.{name}]: no such source.{did_you_mean(name, list(SOURCES))}")
        module, settings_type, opener = SOURCES[name]
        parts = import_module(module)
        settings = checked(getattr(parts, settings_type), table, where=where, inside=("sources", name))
        opened += getattr(parts, opener)(settings, clock)
    return opened
