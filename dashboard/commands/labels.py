"""`grapevine labels`: what people settled at the coding desk, as a file that `grapevine train stance` reads."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.commands.asking import Answered, Asked, answer_to, signed
from dashboard.commands.options import By, Config, IncidentName, Reason, settings_from
from dashboard.commands.terminal import console
from dashboard.commands.whole_file import check_folder, json_lines, write_whole
from models.clock import Clock

if TYPE_CHECKING:
    from models.store import Store

ANSWER_SECONDS = 60.0


def labels(
    name: IncidentName,
    out: Annotated[Path, typer.Option("--out", help="The file to write: one JSON line for each post.")],
    by: By = "",
    reason: Reason = "training",
    config: Config = None,
) -> None:
    """Write the labels of the coding desk in the interchange form, to train the stance model with."""
    settings, _ = settings_from(config)
    check_folder(out)
    asked = {"existing": name, **signed(by, "administrator", reason)}
    with answer_to(asked, settings.data_dir, "labels", _from_store, ANSWER_SECONDS) as answer:
        posts = answer["posts"]
    write_whole(out, json_lines(posts))
    labelled = sum("stance" in post["gold"] for post in posts)
    console.print(f"{labelled:,} labelled posts: {out}. Train on them with `grapevine train stance {out} --out DIR`.")


def _from_store(store: "Store", clock: Clock, asked: Asked) -> Answered:
    from dashboard.http.command_api import labels_asked

    return labels_asked(store, clock, asked)
