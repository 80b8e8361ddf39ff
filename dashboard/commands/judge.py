"""`grapevine judge`: the same pipeline over a file, as fast as it goes, leaving nothing behind."""

import json
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from dashboard.commands.incidents import CollectionIncidents
from dashboard.commands.options import Collection, Config, settings_from
from dashboard.commands.terminal import console
from ingest.normal_form import EARLIEST, NormalForm
from ingest.pace import first_stated_time
from ingest.sources.archive import Archive
from ingest.worker import Worker
from models.clock import ReplayClock, SystemClock
from models.config import Settings
from models.embed import ChildEncoder
from models.errors import InputError
from models.naming import title_of
from models.pipeline import Pipeline
from models.store.duckdb import DuckDBStore
from models.store.protocol import FinalRow, Store
from models.surfacing import SurfacingRule

DECIMALS = 4


def judge(
    file: Annotated[Path, typer.Argument(help="Posts in the interchange form: .jsonl, .jsonl.gz, .csv, .parquet.")],
    out: Annotated[Path, typer.Option("--out", help="Where to write one JSON line for each accepted post.")],
    collection: Collection = None,
    config: Config = None,
) -> None:
    """Judge a file of posts with the pipeline that runs live, and write what it decided, in file order.

    Each collection is an incident of its own. The store is a temporary one; only OUT is left behind.
    """
    settings, _ = settings_from(config)
    source = Archive([file], collection=collection)
    if not out.parent.is_dir():
        raise InputError(f"{out.parent}: no such folder to write to.")
    with tempfile.TemporaryDirectory(prefix="grapevine-judge-") as folder:
        _judge(source, Path(folder), out, settings)


def _judge(source: Archive, folder: Path, out: Path, settings: Settings) -> None:
    present = SystemClock().now()
    # The clock moves with the posts alone, so that the same file gives the same lines on any day.
    clock = ReplayClock(first_stated_time(source, latest=present) or EARLIEST, latest=present)
    store = DuckDBStore(folder, clock)
    encoder = ChildEncoder()
    ready = encoder.warm_up()
    try:
        incidents = CollectionIncidents(store, clock, settings.incident)
        worker = Worker(
            source,
            store,
            NormalForm(source.name, b"", settings.accounts.official),
            incidents.match,
            clock,
            name="judge",
        )
        began = time.monotonic()
        posts = sum(worker.save(batch).new for batch in source.batches(None))
        read = time.monotonic()
        ready.result()
        judging = time.monotonic()
        with _progress() as progress:
            task = progress.add_task("judging", total=posts)
            for incident in incidents.incidents.values():
                for judged in _pipeline(incident.id, store, encoder, settings).batches(clock.now()):
                    progress.advance(task, judged)
        ended = time.monotonic()
        _write(out, _lines(store, incidents))
        _report(posts, read - began, ended - judging, store.dead_letters_by_reason())
    finally:
        encoder.close()
        store.close()


def _pipeline(incident: str, store: Store, encoder: ChildEncoder, settings: Settings) -> Pipeline:
    board = settings.board
    return Pipeline(
        incident,
        store,
        encoder,
        lambda: SurfacingRule(budget_per_hour=board.alert_budget_per_hour, least_likelihood=board.least_likelihood),
    )


def _lines(store: Store, incidents: CollectionIncidents) -> Iterator[dict[str, Any]]:
    rows = [
        (row, incident.name) for incident in incidents.incidents.values() for row in store.final_rows(incident.id)
    ]
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
        raise InputError(f"{out}: cannot be written ({error.strerror}).") from error


def _report(posts: int, reading: float, judging: float, dead: dict[str, int]) -> None:
    console.print(
        f"{posts:,} posts: read and stored in {reading:.1f} s, judged in {judging:.1f} s "
        f"({posts / max(judging, 1e-9):,.0f} posts a second)"
    )
    by_reason = "; ".join(f"{reason}: {count:,}" for reason, count in dead.items())
    console.print(f"Dead letters: {sum(dead.values()):,}" + (f" ({by_reason})" if dead else ""))


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=console, transient=True,
    )  # fmt: skip
