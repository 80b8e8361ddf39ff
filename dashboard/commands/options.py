"""Options that several subcommands take."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.config import Settings, config_path, read_settings
from models.errors import InputError

if TYPE_CHECKING:
    from ingest.sources.archive import Archive

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

File = Annotated[
    Path,
    typer.Argument(
        help="Posts: .jsonl, .json, .csv, .tsv, .xlsx, .parquet; warnings: .cap, .xml; packed; or a folder."
    ),
]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--columns", help="What a column of a table is, as FIELD=COLUMN, such as text=Body. Once for each column."
    ),
]
Zone = Annotated[str, typer.Option("--zone", help="The time zone of times in a table that state none.")]

IncidentName = Annotated[str, typer.Argument(metavar="INCIDENT", help="The name of the incident, or its id.")]
By = Annotated[
    str, typer.Option("--by", help="Who does this, recorded as asserted. Default: the user of this computer.")
]
Reason = Annotated[str, typer.Option("--reason", help="The reason, for the record.")]


def settings_from(config: Path | None) -> tuple[Settings, Path]:
    """The settings in force and the file they come from."""
    path = config_path(config)
    return read_settings(path), path


def archive_from(file: Path, collection: str | None, columns: list[str] | None, zone: str) -> "Archive":
    """The file that a command is given. Raises InputError for options that cannot be followed."""
    from ingest.sources.archive import Archive, problem_with

    named = dict(column.split("=", 1) for column in columns or [] if "=" in column)
    if len(named) < len(columns or []):
        raise InputError("--columns: write FIELD=COLUMN, such as --columns text=Body, each field once.")
    if problem := problem_with(named, zone):
        raise InputError(f"--{problem}")
    return Archive([file], collection=collection, columns=named, zone=zone)
