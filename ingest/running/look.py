"""A look at the beginning of a file: what it was found to be, and its first rows as they would be read."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ingest.formats.tables.layouts import CannotTell
from ingest.normal_form import NormalForm, Unfit
from ingest.source import Batch, Item, PassedOver, Unreadable, Upsert
from ingest.sources.archive import Archive, problem_with
from models.clock import Clock, ReplayClock
from models.domain.imports import Look, SeenRow, TableReading
from models.domain.posts import Post
from models.errors import GrapevineError, InputError

ROWS_SHOWN = 10
SHOWN_CHARACTERS = 300
CHOOSE_TEXT = "The names of the columns do not tell what they hold. Choose at least the column of the text."
_FORMS = {
    "interchange": "JSON in Grapevine's interchange form",
    "four_cat": "an export of 4CAT as JSON lines",
    "x_api": "answers of X's interfaces as JSON",
    "x_archive": "an account archive of X",
    "pheme": "PHEME's folders",
}


def look_at(path: Path, table: TableReading, normal_form: NormalForm, clock: Clock) -> Look:
    """What reading a file so would give at its beginning; nothing is kept of it, and `clock` is not moved."""
    size = path.stat().st_size
    if problem := problem_with(table.columns, table.zone):
        return Look(path.name, size, table, problem=problem)
    archive = Archive([path], columns=table.columns, zone=table.zone)
    problem, batch = None, Batch()
    batches = archive.batches(None)
    try:
        batch = next(batches, batch)
    except CannotTell as error:
        problem = str(error) if error.has_no_header else CHOOSE_TEXT
    except InputError as error:
        problem = without_path(error)
    finally:
        batches.close()
    seen = next(iter(archive.tables), None)
    return Look(
        file=path.name,
        size_bytes=size,
        table=table,
        seen=seen,
        found=seen.columns if seen else {},
        form=_FORMS.get(next(iter(archive.forms), ""), ""),
        rows=rows_of(batch.items[:ROWS_SHOWN], normal_form, clock),
        told=tuple(archive.told),
        problem=problem or (None if batch.items else "There are no posts in this file."),
    )


def without_path(error: GrapevineError) -> str:
    """What is wrong, without where the server keeps the file: its folder is the secret name of the upload."""
    return str(error).removeprefix(f"{error.path}: ") if isinstance(error, InputError) else str(error)


def rows_of(items: Sequence[Item], normal_form: NormalForm, clock: Clock) -> tuple[SeenRow, ...]:
    # A replay's clock goes on with what arrives, and nothing of this does.
    still = ReplayClock(clock.now(), latest=getattr(clock, "latest", clock.now()))
    return tuple(_row(item, normal_form, still) for item in items)


def _row(item: Item, normal_form: NormalForm, clock: Clock) -> SeenRow:
    place = item.position.partition(":")[2].replace("/", ", line ")
    match item:
        case Upsert():
            try:
                post = normal_form.read(item.record, clock, date_doubted=item.date_doubted)
            except Unfit as unfit:
                return SeenRow(place, str(unfit), _at_fault(item.record, str(unfit))[:SHOWN_CHARACTERS])
            return _post_row(place, post)
        case Unreadable():
            # The payload may be a whole row, with its author.
            return SeenRow(place, item.reason, "")
        case PassedOver():
            return SeenRow(place, item.reason.rule.value, "")
        case _:
            return SeenRow(place, None, "", kind="notice that posts are gone")


def _at_fault(record: Any, problem: str) -> str:
    """What of a record cannot be read, else its text: who wrote it is shown to nobody."""
    if not isinstance(record, dict):
        return ""
    field = problem.removeprefix("wrong type: ")
    return str(record.get(field if field in record and field != "author" else "text", ""))


def _post_row(place: str, post: Post) -> SeenRow:
    return SeenRow(
        place=place,
        problem=None,
        shown="",
        text=post.text,
        created_at=post.created_at,
        has_author=post.author is not None,
        kind=post.kind.value,
        answers=any((post.reply_to, post.repost_of, post.quote_of)),
        notes=post.flags,
    )
