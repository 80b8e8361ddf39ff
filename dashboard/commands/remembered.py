"""How a person said on the screen that tables with this header are to be read: `judge` and `replay` do so too."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.commands.asking import Answered, Asked, answer_to
from dashboard.commands.terminal import console
from dashboard.words import imports as words
from models.clock import Clock, utc_time
from models.config import Settings
from models.errors import GrapevineError, InputError

if TYPE_CHECKING:
    from models.store import Store

DEFAULT_ZONE = "Europe/London"
ANSWER_SECONDS = 10.0
DATABASE = "grapevine.duckdb"


def columns_and_zone(
    file: Path, columns: list[str] | None, zone: str, settings: Settings
) -> tuple[list[str] | None, str]:
    """What the options say; where they say nothing, what was confirmed for the same header, told in a line.

    It is asked of the database in the data folder, or of the server that owns it. Where there is none nothing is
    remembered.
    """
    if columns or zone != DEFAULT_ZONE or not (settings.data_dir / DATABASE).is_file():
        return columns, zone
    shape = _shape_of(file)
    found = _asked_for(shape, settings.data_dir) if shape else None
    if found is None:
        return columns, zone
    console.print(words.taken_by_a_command(file.name, found["by"], found["file"], utc_time(found["at"])))
    return [f"{field}={column}" for field, column in found["columns"].items()], found["zone"]


def _shape_of(file: Path) -> str:
    """What tables with the same header as the first table of a file share; empty where there is none."""
    from ingest.sources.archive import Archive

    archive = Archive([file])
    # Its columns may be just what the mapping tells.
    with suppress(InputError):
        next(archive.batches(None), None)
    return archive.tables[0].shape if archive.tables else ""


def _asked_for(shape: str, folder: Path) -> Asked | None:
    try:
        with answer_to({"shape": shape}, folder, "mapping", _from_store, ANSWER_SECONDS) as answer:
            return answer["mapping"]
    except GrapevineError as error:
        console.print(words.not_asked(str(error)))
        return None


def _from_store(store: "Store", clock: Clock, asked: Asked) -> Answered:
    from dashboard.http.command_api import mapping_asked

    return mapping_asked(store, clock, asked)
