"""What a look at a file shows: what it was found to be, which column is what, and its first rows as they are read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dash import html

from dashboard.components import marks
from dashboard.components.native_select import NativeSelect
from dashboard.words import imports as words
from dashboard.words.masking import masked, masked_record
from models.domain.imports import Look, SeenRow, TableReading

# What a select holds: as it was found, in no column, or in a column by its name.
FOUND, NOWHERE, NAMED = "=", "-", "c:"
COLUMN = "import-column"
ZONE = "import-zone"


# Of more columns, a browser that draws them for each field stands still. No known export has half as many.
MOST_COLUMNS = 300


def column_id(field: str) -> dict[str, str]:
    return {COLUMN: field}


def chosen_columns(chosen: Mapping[str, str]) -> dict[str, str]:
    """What a person said of the columns, from field → what its select holds: field → column, "" for none."""
    return {
        field: value.removeprefix(NAMED) if value.startswith(NAMED) else ""
        for field, value in chosen.items()
        if value.startswith(NAMED) or value == NOWHERE
    }


def facts(look: Look, now: datetime) -> html.Dl:
    return html.Dl(
        [html.Div([html.Dt(name), html.Dd(marks.outside_words(said))]) for name, said in words.facts(look, now)],
        className="import-facts",
    )


def choosers(look: Look) -> html.Div:
    """A select for each field of a post, and one for the zone; of a file that is no table, none of them is seen."""
    said = look.table
    first = [_chooser(field, label, look, said) for field, label in words.FIELDS.items()]
    more = [_chooser(field, label, look, said) for field, label in words.MORE.items()]
    zone = NativeSelect(
        id=ZONE,
        label=words.ZONE,
        options=[{"value": name, "label": name} for name in words.zones()],
        value=said.zone,
        className="field",
    )
    return html.Div(
        [
            html.H3(words.COLUMNS),
            html.P(words.only_first(MOST_COLUMNS), className="quiet") if len(_names(look)) > MOST_COLUMNS else None,
            html.Div([*first, zone], className="import-columns"),
            html.Details([html.Summary(words.MORE_FIELDS), html.Div(more, className="import-columns")]),
        ],
        hidden=look.seen is None,
    )


def _chooser(field: str, label: str, look: Look, said: TableReading) -> NativeSelect:
    header = _names(look)[:MOST_COLUMNS]
    found = look.found.get(field, "")
    options = [{"value": FOUND, "label": words.as_found(found)}]
    if found:
        options.append({"value": NOWHERE, "label": words.NOT_IN_FILE})
    options += [{"value": f"{NAMED}{name}", "label": name} for name in header if name != found]
    column = said.columns.get(field)
    value = FOUND if column is None else f"{NAMED}{column}" if column else NOWHERE
    if value not in {option["value"] for option in options}:
        # The same words in another spelling, as a person once confirmed them; or two columns, joined.
        options.append({"value": value, "label": column})
    return NativeSelect(id=column_id(field), label=label, options=options, value=value, className="field")


def _names(look: Look) -> list[str]:
    """The names in the header, each once."""
    return list(dict.fromkeys(name for name in look.seen.header if name)) if look.seen else []


def preview(look: Look) -> list[Any]:
    """The first rows as they will be read, why any cannot be, and what was found on the way."""
    noticed = words.noticed(look)
    left_out = words.not_read(look)
    return [
        html.P(look.problem, className="problem import-problem", role="alert") if look.problem else None,
        _rows(look) if look.rows else html.P(words.NO_ROWS, className="quiet"),
        html.P(marks.outside_words(left_out), className="quiet") if left_out else None,
        html.Div(
            [
                html.H3(words.NOTICED),
                html.Ul([html.Li(marks.outside_words(line)) for line in noticed], className="import-told"),
            ],
            hidden=not noticed,
        ),
    ]


def _rows(look: Look) -> html.Div:
    head = html.Tr([html.Th(name, scope="col") for name in words.PREVIEW_HEADS])
    return html.Div(
        html.Table(
            [
                html.Caption(words.PREVIEW, className="unseen"),
                html.Thead(head),
                html.Tbody([_row(row) for row in look.rows]),
            ],
            className="figures-table import-preview",
        ),
        className="table-holder",
        tabIndex="0",
        role="region",
        **{"aria-label": words.PREVIEW},
    )


def _row(row: SeenRow) -> html.Tr:
    if row.problem is not None:
        why = [html.Strong(words.cannot_be_read(row.problem))]
        why += [html.Br(), marks.outside_words(masked(masked_record(row.shown)))] if row.shown else []
        return html.Tr([html.Th(row.place, scope="row"), html.Td(why, colSpan=4)], className="import-unread")
    return html.Tr(
        [
            html.Th(row.place, scope="row"),
            html.Td(words.row_time(row), className="import-time"),
            html.Td(words.KNOWN_AUTHOR if row.has_author else words.NO_AUTHOR),
            html.Td(marks.outside_words(masked(row.text)), className="import-text"),
            html.Td(words.read_as(row)),
        ]
    )
