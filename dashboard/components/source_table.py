"""The table of the sources: one row each, with what may be done. `sources.js` reads the data attributes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dash import html

from dashboard.access import SystemAct
from dashboard.browser_input import fields, words
from dashboard.components import marks
from dashboard.views.sources import SourceRow
from dashboard.words import reading as reading_words
from dashboard.words import sources as sources_words
from dashboard.words.shared import DASH
from models.domain.imports import SOURCE


def source_table(rows: Sequence[SourceRow], results: Mapping[str, Any], now: datetime) -> html.Table | html.P:
    """`results` holds what came of the last act on a source: name → {"text", "level"}."""
    if not rows:
        return html.P(sources_words.NO_SOURCE, className="empty")
    head = html.Tr([html.Th(name, scope="col", role="columnheader") for name in sources_words.COLUMNS], role="row")
    # The roles are written out: where the rows are shown as cards, the browser would forget them.
    return html.Table(
        [
            html.Caption(sources_words.COUNTED_SINCE),
            html.Thead(head, role="rowgroup"),
            html.Tbody([_row(row, fields(results.get(row.state.name)), now) for row in rows], role="rowgroup"),
        ],
        className="source-table",
        role="table",
    )


def _row(row: SourceRow, result: Mapping[str, Any], now: datetime) -> html.Tr:
    state = row.state
    cells = (
        marks.moment(state.last_post_at, now, relative=True) if state.last_post_at else DASH,
        sources_words.lag(row),
        _sparkline(row),
        f"{state.errors:,}",
        f"{state.reconnects:,}",
        f"{state.dead:,}",
        sources_words.gaps(row, now),
        _actions(row, result),
    )
    named = zip(sources_words.COLUMNS[1:], cells, strict=True)
    return html.Tr(
        [_name(row, now), *(html.Td(cell, role="cell", **{"data-label": name}) for name, cell in named)], role="row"
    )


def _name(row: SourceRow, now: datetime) -> html.Th:
    state = row.state
    lines = [
        html.Span(
            [
                html.Span(
                    "●" if state.healthy else "▲",
                    className=f"dot dot-{'fine' if state.healthy else 'wrong'}",
                    **{"aria-hidden": "true"},
                ),
                html.Span(state.name, className="source-name"),
                html.Span(sources_words.PHASES[state.phase], className="chip" if state.healthy else "chip chip-new"),
            ],
            className="source-head",
        ),
        html.Span(sources_words.brought(state), className="quiet"),
    ]
    if row.lately is not None and row.lately_from is not None:
        lines.append(html.Span(reading_words.since(row.lately, row.lately_from), className="quiet source-lately"))
    if state.fault:
        lines.append(html.Span(state.fault, className="source-fault"))
    if state.notice:
        lines.append(html.Span(state.notice, className="source-notice"))
    if state.restriction:
        lines.append(html.Span(state.restriction, className="source-rule"))
    if row.permission is not None:
        lines.append(html.Span(sources_words.permission(row.permission, now), className="quiet"))
    return html.Th(html.Div(lines, className="source-cell"), scope="row", role="rowheader")


def _sparkline(row: SourceRow) -> html.Span:
    counts = row.state.per_minute
    most = max(counts, default=0) or 1
    bars = [
        html.Span(
            className="minute minute-missing" if gone else "minute",
            style={} if gone else {"height": f"{max(4 if posts else 2, round(100 * posts / most))}%"},
        )
        for posts, gone in zip(counts, row.missing, strict=True)
    ]
    words_of_bars = sources_words.per_minute(row)
    return html.Span(
        [
            html.Span(bars, className="minutes", **{"aria-hidden": "true"}),
            html.Span(str(counts[-1]) if counts else DASH, className="minute-now", **{"aria-hidden": "true"}),
            html.Span(words_of_bars, className="unseen"),
        ],
        className="per-minute",
        title=words_of_bars,
    )


def _actions(row: SourceRow, result: Mapping[str, Any]) -> html.Div:
    name = row.state.name
    if not row.state.switchable and name != SOURCE:
        return html.Div()
    switch = SystemAct.STOP_SOURCE if row.state.running else SystemAct.START_SOURCE
    buttons = [act_button(act, name) for act in (switch, SystemAct.TEST_SOURCE)] if row.state.switchable else []
    needs_permission = row.state.restriction is not None and row.permission is None
    more = html.Button(
        sources_words.MORE_TO_PERMIT if needs_permission else sources_words.MORE,
        type="button",
        className="button",
        **{"data-source-open": name, "aria-label": sources_words.more_on(name)},
    )
    return html.Div(
        [
            html.Div([*buttons, more], className="act-bar"),
            # The line for screen readers repeats it: this one is drawn anew with its table, and would not be heard.
            html.P(
                words(result.get("text")),
                className="source-result wrong" if result.get("level") == "wrong" else "source-result",
            ),
        ]
    )


def act_button(act: SystemAct, source: str, letter: str | None = None) -> html.Button:
    about = {"data-source-act": act.value, "data-source": source, **({"data-letter": letter} if letter else {})}
    label = sources_words.act_label(act, source, letter)
    return html.Button(sources_words.ACTS[act], type="button", className="button", **about, **{"aria-label": label})
