"""One export, from what was asked for to the bytes of its file."""

from collections.abc import Mapping
from datetime import datetime

from dashboard.publish.about import About, caption, read_about
from dashboard.publish.packing import csv_zip, files_zip, interchange_zip, parquet_zip
from dashboard.publish.selection import Format, Selection, file_name
from dashboard.publish.tables import board_rows, tables
from dashboard.publish.tickets import Download
from dashboard.views.board import BoardRow
from dashboard.views.ranking import Window
from dashboard.views.rumour import RumourPage, page_of
from dashboard.views.spread import series_for
from dashboard.words import export as words
from dashboard.words.shared import claim
from models.domain.acts import Consultation, Officer
from models.errors import Refused
from models.store import Store

_ZIP = "application/zip"
_PICTURES = {Format.PNG: "image/png", Format.SVG: "image/svg+xml"}


def consultation(selection: Selection, format: Format, officer: Officer, reason: str) -> Consultation:
    """What the record will say of an export; to be recorded before anything is handed out."""
    what = words.what(format.value, unmasked=selection.mask is None)
    part = words.filter_of(selection.rumour, None)
    return Consultation(selection.incident.id, what, part, selection.as_of, officer, reason)


def check_rumour(store: Store, selection: Selection) -> None:
    """Raises Refused where the rumour was not on the board at that moment."""
    if selection.rumour is not None and not board_rows(store, selection):
        raise Refused({"rumour": words.NO_SUCH_RUMOUR})


def export(
    store: Store, selection: Selection, format: Format, officer: Officer, reason: str, made_at: datetime
) -> Download:
    """The file of a selection. Nothing is recorded here: see `consultation`."""
    rows = board_rows(store, selection)
    claims = {name: row.claim for name, row in rows.items()}
    about = read_about(store, selection, officer, reason, made_at, claims)
    if format.is_picture:
        return _pictures(store, selection, format, rows, about)
    all_tables = tables(store, selection, rows)
    match format:
        case Format.CSV:
            chunks = csv_zip(all_tables, about)
        case Format.PARQUET:
            chunks = parquet_zip(all_tables, about)
        case _:
            chunks = interchange_zip(all_tables[0], about)
    return Download(file_name(selection.incident, selection.as_of, format.value, "zip"), _ZIP, chunks)


def _pictures(
    store: Store, selection: Selection, format: Format, rows: Mapping[str, BoardRow], about: About
) -> Download:
    """The chart of one rumour as it is; those of a whole incident in a zip."""
    kind = format.value
    drawn = (
        picture_of(page(store, selection, row), selection.as_of, about, kind, title=claim(row.claim))
        for row in rows.values()
    )
    if selection.rumour is None:
        files = ((f"spread-{place:02d}.{kind}", content) for place, content in enumerate(drawn, start=1))
        return Download(file_name(selection.incident, selection.as_of, kind, "zip"), _ZIP, files_zip(files, about))
    name = file_name(selection.incident, selection.as_of, "spread", kind)
    return Download(name, _PICTURES[format], drawn)


def page(store: Store, selection: Selection, row: BoardRow) -> RumourPage:
    return page_of(store, selection.incident.id, row, selection.as_of, as_of=selection.as_of)


def picture_of(shown: RumourPage, now: datetime, about: About, kind: str, *, title: str) -> bytes:
    """The spread of one rumour, from its first post to its last, as a picture file; `title` stands above it."""
    # Imported here: matplotlib takes a second to load, and most of what is run needs no picture.
    from dashboard.publish.pictures import spread_picture

    return spread_picture(
        series_for(shown, Window.ALL, now),
        shown.corrections,
        shown.decisions,
        shown.gaps,
        now=now,
        title=title,
        footer=about.footer(),
        caption=caption(about),
        kind=kind,
    )
