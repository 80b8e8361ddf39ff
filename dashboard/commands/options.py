"""Options that several subcommands take."""

from pathlib import Path
from typing import Annotated

import typer

from models.config import Settings, config_path, read_settings

Config = Annotated[
    Path | None,
    typer.Option(
        "--config", help="The settings file. Default: ./config.toml, then the packaged one.", dir_okay=False
    ),
]
Port = Annotated[
    int | None,
    typer.Option("--port", min=1, max=65535, help="The port on this computer that serves the screens."),
]
Browser = Annotated[bool, typer.Option("--browser/--no-browser", help="Open the board in a browser.")]
Fresh = Annotated[
    bool,
    typer.Option("--fresh", help="Start again. The old database is renamed, not deleted."),
]
Collection = Annotated[str | None, typer.Option(help="Only the posts of this collection (a file may hold several).")]


def settings_from(config: Path | None) -> tuple[Settings, Path]:
    """The settings in force and the file they come from."""
    path = config_path(config)
    return read_settings(path), path
