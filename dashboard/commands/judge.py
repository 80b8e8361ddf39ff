"""`grapevine judge`: the same pipeline over a file, as fast as it goes, leaving nothing behind."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashboard.commands.options import Collection, Columns, Config, File, Zone, archive_from, settings_from
from dashboard.commands.remembered import columns_and_zone
from dashboard.commands.terminal import console, progress_bars
from dashboard.commands.whole_file import check_folder, json_lines, write_whole
from dashboard.words import reading as reading_words
from models.clock import iso_utc
from models.domain.reading import Outcome
from models.judgement.naming import title_of
from models.store.messages import FinalRow
from models.weights import PACKAGED

if TYPE_CHECKING:
    from dashboard.commands.judging import Judging

DECIMALS = 4


def judge(
    file: File,
    out: Annotated[Path, typer.Option("--out", help="The file to write: one JSON line for each accepted post.")],
    collection: Collection = None,
    columns: Columns = None,
    zone: Zone = "Europe/London",
    config: Config = None,
) -> None:
    """Judge a file of posts with the live pipeline, and write its decisions in file order.

    Each collection becomes its own incident. The database is temporary; only OUT remains.
    """
    from dashboard.commands.judging import judge_posts

    settings, _ = settings_from(config)
    source = archive_from(file, collection, *columns_and_zone(file, columns, zone, settings))
    check_folder(out)
    with progress_bars() as progress:
        task = progress.add_task("judging", total=None)
        judging = judge_posts(
            source, settings, PACKAGED, lambda done, posts: progress.update(task, completed=done, total=posts)
        )
    write_whole(out, json_lines(_lines(judging)))
    _report(judging)
    for line in source.told:
        console.print(line)


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
        "on_board_at": iso_utc(row.on_board_at) if row.on_board_at else None,
    }


def _report(judging: "Judging") -> None:
    posts, dead = judging.posts, judging.dead_letters
    console.print(
        f"{posts:,} posts: read and stored in {judging.reading_seconds:.1f} s, judged in "
        f"{judging.judging_seconds:.1f} s ({posts / max(judging.judging_seconds, 1e-9):,.0f} posts a second)"
    )
    detected = Counter(row.lang_detected for outcome in judging.outcomes for row in outcome.rows if row.lang_detected)
    if detected:
        console.print(reading_words.languages(detected))
    for line in reading_words.lines(judging.account, Outcome.PASSED_OVER):
        console.print(line)
    by_reason = "; ".join(f"{reason}: {count:,}" for reason, count in dead.items())
    console.print(f"Dead letters: {sum(dead.values()):,}" + (f" ({by_reason})" if dead else ""))
