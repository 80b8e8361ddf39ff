"""The sources Grapevine knows, by the name of their table in config.toml."""

from typing import Any

from ingest.source import Source
from ingest.sources.archive import ArchiveSettings, open_archive
from ingest.sources.bluesky import BlueskySettings, open_bluesky
from ingest.sources.feeds import FeedsSettings, open_feeds
from ingest.sources.mastodon import MastodonSettings, open_mastodon
from ingest.sources.webhook import WebhookSettings, open_webhook
from models.clock import Clock
from models.config import checked, did_you_mean
from models.errors import ConfigError

SOURCES = {
    "archive": (ArchiveSettings, open_archive),
    "bluesky": (BlueskySettings, open_bluesky),
    "feeds": (FeedsSettings, open_feeds),
    "mastodon": (MastodonSettings, open_mastodon),
    "webhook": (WebhookSettings, open_webhook),
}


def open_sources(tables: dict[str, dict[str, Any]], clock: Clock, *, where: str) -> list[Source]:
    """The sources that config.toml names, none of them started.

    Raises ConfigError for one it does not know or cannot understand.
    """
    opened: list[Source] = []
    for name, table in tables.items():
        if name not in SOURCES:
            raise ConfigError(f"{where} [sources.{name}]: no such source.{did_you_mean(name, list(SOURCES))}")
        settings_type, opener = SOURCES[name]
        opened += opener(checked(settings_type, table, where=where, inside=("sources", name)), clock)
    return opened
