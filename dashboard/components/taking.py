"""Taking something out: the button that asks for it, the line that says how it goes, and who took what."""

from collections.abc import Sequence
from datetime import datetime

from dash import html

from dashboard.components import marks
from dashboard.views.reveal import REVEAL
from dashboard.words import export as words
from dashboard.words import reveal as reveal_words
from dashboard.words import shared as shared_words
from models.domain.acts import Consultation


def export_bar(incident: str, as_of: datetime | None, *, rumour: str = "") -> html.Div:
    """The button that opens the export form, and what becomes of the file."""
    about = {"data-incident": incident, "data-rumour": rumour, "data-as_of": as_of.isoformat() if as_of else ""}
    return html.Div(
        [
            html.Button(words.OPEN_EXPORT, type="button", className="button", **{"data-opens": "export", **about}),
            note(),
        ],
        className="act-bar",
    )


def note() -> html.Span:
    return html.Span(role="status", className="download-note", **{"data-download-note": ""})


def consultation_table(found: Sequence[Consultation], now: datetime) -> html.Table | html.P:
    if not found:
        return html.P(words.NOBODY, className="quiet")
    head = html.Tr([html.Th(name, scope="col") for name in words.TAKEN_HEADS])
    return html.Table(
        [html.Thead(head), html.Tbody([_row(one, now) for one in found])], className="figures-table taken-table"
    )


def _row(one: Consultation, now: datetime) -> html.Tr:
    return html.Tr(
        [
            html.Th(marks.moment(one.recorded_at, now), scope="row"),
            html.Td(marks.outside_words(shared_words.officer(one.officer))),
            html.Td(reveal_words.TAKEN if one.what == REVEAL else one.what),
            html.Td(reveal_words.taken_post(one.filter) if one.what == REVEAL else one.filter),
            html.Td(marks.moment(one.as_of, now)),
            html.Td(marks.outside_words(one.reason)),
        ]
    )
