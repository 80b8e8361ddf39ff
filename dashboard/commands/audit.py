"""`grapevine audit`: whether all that people did and saw is kept as it was entered, and the entries as a file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.commands.asking import Answered, Asked, answer_to, signed
from dashboard.commands.options import By, Config, Reason, settings_from
from dashboard.commands.terminal import console, out
from dashboard.commands.whole_file import check_folder, write_whole
from models.clock import Clock

if TYPE_CHECKING:
    from models.store import Store

# A million entries are checked within it.
ANSWER_SECONDS = 300.0

app = typer.Typer(help="Check and export the record of who did and saw what.", no_args_is_help=True)


@app.command()
def verify(config: Config = None) -> None:
    """Find entries that were changed, removed, inserted, reordered or cut off. The exit code is 1 where any were."""
    settings, _ = settings_from(config)
    with answer_to({"verify": True}, settings.data_dir, "audit", from_store, ANSWER_SECONDS) as answer:
        for line in answer["says"]:
            out.print(line)
    if not answer["follows"]:
        raise typer.Exit(1)


@app.command()
def export(
    file: Annotated[Path, typer.Option("--out", help="The file to write.")],
    incident: Annotated[str | None, typer.Option(help="Only of this incident, by its name or id.")] = None,
    user: Annotated[str | None, typer.Option(help="Only of this person, by the id of the user or the name.")] = None,
    format: Annotated[str, typer.Option("--format", help="csv or jsonl.")] = "csv",
    by: By = "",
    role: Annotated[str, typer.Option("--role", help="The role that you act in.")] = "information-manager",
    reason: Reason = "",
    config: Config = None,
) -> None:
    """Write who did and saw what in an incident, or what a person did and saw, the latest first. It is recorded."""
    settings, _ = settings_from(config)
    check_folder(file)
    asked = {"incident": incident, "user": user, "format": format, **signed(by, role, reason)}
    with answer_to(asked, settings.data_dir, "audit", from_store, ANSWER_SECONDS) as pieces:
        written = write_whole(file, pieces)
    console.print(f"{file}: {written:,} bytes. Who took it, and why, is recorded.")


def from_store(store: "Store", clock: Clock, asked: Asked) -> Answered:
    from dashboard.http.auditing import audit_asked
    from dashboard.publish.tickets import Download

    status, answer = audit_asked(store, asked)
    return status, answer.chunks if isinstance(answer, Download) else answer
