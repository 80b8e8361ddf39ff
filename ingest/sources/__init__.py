"""The sources Grapevine knows, by the name of their table in config.toml."""

from pathlib import Path
from typing import Any

from pydantic import Field

from ingest.source import Source
from ingest.sources.archive import Archive
from models.config import Table, checked, did_you_mean
from models.errors import ConfigError


class ArchiveSettings(Table):
    files: list[str] = Field(min_length=1)


def _archive(settings: ArchiveSettings) -> Source:
    return Archive([Path(name).expanduser() for name in settings.files])


SOURCES = {"archive": (ArchiveSettings, _archive)}


def open_sources(tables: dict[str, dict[str, Any]], *, where: str) -> list[Source]:
    """The sources that config.toml names. Raises ConfigError for one it does not know or cannot understand."""
    opened = []
    for name, table in tables.items():
        if name not in SOURCES:
            raise ConfigError(f"{where} [sources.{name}]: no such source.{did_you_mean(name, list(SOURCES))}")
        settings_type, opener = SOURCES[name]
        opened.append(opener(checked(settings_type, table, where=where, inside=("sources", name))))
    return opened
