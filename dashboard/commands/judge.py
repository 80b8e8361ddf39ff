"""`grapevine judge`: the same pipeline over a file, as fast as it goes, leaving nothing behind."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashboard.commands.options import Collection, Config, settings_from
from dashboard.commands.terminal import console, progress_bars
from models.errors import InputError
from models.judgement.naming import title_of
from models.store.messages import FinalRow
from models.weights import PACKAGED

if TYPE_CHECKING:
    from dashboard.commands.judging import Judging

DECIMALS = 4


def judge(
    file: Annotated[Path, typer.Argument(help="Posts in the interchange form: .jsonl, .jsonl.gz, .csv, .parquet.")],
    out: Annotated[Path, typer.Option("--out", help="The file to write: one JSON line for each accepted post.")],
    collection: Collection = None,
    config: Config = None,
) -> None:
    """Judge a file of posts with the live pipeline, and write its decisions in file order.

    Each collection becomes its own incident. The database is temporary; only OUT remains.
    """
    from dashboard.commands.judging import judge_posts
    from ingest.sources.archive import Archive

    settings, _ = settings_from(config)
    source = Archive([file], collection=collection)
    if not out.parent.is_dir():
        raise InputError(f"{out.parent}: this folder does not exist. Create it, or choose another.")
    with progress_bars() as progress:
        task = progress.add_task("judging", total=None)
        judging = judge_posts(
            source, settings, PACKAGED, lambda done, posts: progress.update(task, completed=done, total=posts)
        )
    _write(out, _lines(judging))
    _report(judging)


def _lines(judging: "Judging") -> Iterator[dict[str, Any]]:
    rows = [(row, outcome.event) for outcome in judging.outcomes for row in outcome.rows]
    # The store numbers posts in the order they were read.
    for row, name in sorted(rows, key=lambda pair: pair[0].seq):
        yield _line(row, name)


def _line(row: FinalRow, incident: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "incident": incident,
        "flow": row.flow,
        "rumour_first": row.rumour_first,
        "rumour": row.rumour,
        "rumour_title": title_of(row.title) if row.title is not None else None,
        "rumour_likelihood": row.likelihood,
        "stance": row.stance,
        "stance_probabilities": {name: round(value, DECIMALS) for name, value in row.stance_probabilities.items()},
        "on_board_at": row.on_board_at.isoformat().replace("+00:00", "Z") if row.on_board_at else None,
    }


def _write(out: Path, lines: Iterator[dict[str, Any]]) -> None:
    """Write beside the target and rename: OUT is whole or not there."""
    partial = out.with_name(f".{out.name}.partial")
    try:
        with partial.open("w", encoding="utf-8") as file:
            for line in lines:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        os.replace(partial, out)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise InputError(f"{out}: cannot be written ({error.strerror}). Choose another file.") from error


def _report(judging: "Judging") -> None:
    posts, dead = judging.posts, judging.dead_letters
    console.print(
        f"{posts:,} posts: read and stored in {judging.reading_seconds:.1f} s, judged in "
        f"{judging.judging_seconds:.1f} s ({posts / max(judging.judging_seconds, 1e-9):,.0f} posts a second)"
    )
    by_reason = "; ".join(f"{reason}: {count:,}" for reason, count in dead.items())
    console.print(f"Dead letters: {sum(dead.values()):,}" + (f" ({by_reason})" if dead else ""))
