"""`grapevine export` and `grapevine report`: take something out of an incident, and record who did and why."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.commands.asking import Answered, Asked, answer_to, signed
from dashboard.commands.options import By, Config, IncidentName, Reason, settings_from
from dashboard.commands.terminal import console
from dashboard.commands.whole_file import check_folder, write_whole
from models.clock import Clock
from models.errors import InputError

if TYPE_CHECKING:
    from models.store import Store

# Between two pieces of a file that the server makes.
ANSWER_SECONDS = 120.0

AsOf = Annotated[
    str | None,
    typer.Option("--as-of", help="As known at this moment, such as 2026-11-20T21:40:00Z. Default: now."),
]
Role = Annotated[
    str,
    typer.Option(
        "--role",
        help="The role you act in: viewer, duty, comms, approver, analyst, information-manager or administrator.",
    ),
]


def export(
    name: IncidentName,
    out: Annotated[Path, typer.Option("--out", help="The file to write.")],
    format: Annotated[
        str, typer.Option("--format", help="csv, parquet or interchange (each in a zip file), png or svg.")
    ] = "csv",
    rumour: Annotated[str | None, typer.Option(help="Only this rumour, by its id.")] = None,
    unmasked: Annotated[
        bool, typer.Option("--unmasked", help="Keep handles, links and ids. For information managers.")
    ] = False,
    as_of: AsOf = None,
    by: By = "",
    role: Role = "administrator",
    reason: Reason = "",
    config: Config = None,
) -> None:
    """Write posts, rumours, corrections and decisions of an incident to a file, or its charts. It is recorded."""
    asked = {"incident": name, "format": format, "rumour": rumour, "unmasked": unmasked, "as_of": as_of}
    _take(config, out, asked, by, role, reason)


def report(
    name: IncidentName,
    out: Annotated[Path, typer.Option("--out", help="The file to write: .html or .pdf.")],
    as_of: AsOf = None,
    by: By = "",
    role: Role = "administrator",
    reason: Reason = "",
    config: Config = None,
) -> None:
    """Write the report of an incident as one page, HTML or PDF. It is recorded."""
    ending = out.suffix.removeprefix(".").lower()
    if ending not in ("html", "pdf"):
        raise InputError(f"{out}: a report is .html or .pdf. Choose another name.")
    _take(config, out, {"incident": name, "report": True, "format": ending, "as_of": as_of}, by, role, reason)


def _take(config: Path | None, out: Path, asked: Asked, by: str, role: str, reason: str) -> None:
    settings, _ = settings_from(config)
    check_folder(out)
    asked |= signed(by, role, reason)
    with answer_to(asked, settings.data_dir, "take", _from_store, ANSWER_SECONDS) as pieces:
        written = write_whole(out, pieces)
    console.print(f"{out}: {written:,} bytes. Who took it, and why, is recorded.")


def _from_store(store: "Store", clock: Clock, asked: Asked) -> Answered:
    from dashboard.http.taking import take_asked

    status, taken = take_asked(store, clock, asked)
    return status, taken if isinstance(taken, dict) else taken.chunks
