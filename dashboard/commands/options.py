"""Options that several subcommands take, told once."""

from pathlib import Path
from typing import Annotated

import typer

from models.config import Settings, config_path, read_settings

Config = Annotated[
    Path | None,
    typer.Option(
        "--config", help="The settings file; else ./config.toml, else the packaged default.", dir_okay=False
    ),
]
Port = Annotated[
    int | None,
    typer.Option("--port", min=1, max=65535, help="Serve the screens at this port of this computer."),
]
Browser = Annotated[bool, typer.Option("--browser/--no-browser", help="Open the board where there is a screen.")]
Fresh = Annotated[
    bool,
    typer.Option("--fresh", help="Start anew; the former database is set aside under another name, not deleted."),
]
Collection = Annotated[str | None, typer.Option(help="Only the posts of this collection (a file may hold several).")]


def settings_from(config: Path | None) -> tuple[Settings, Path]:
    """The settings in force and the file they come from."""
    path = config_path(config)
    return read_settings(path), path
