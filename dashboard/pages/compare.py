"""Rumours beside one another on one axis, with their clocks; all rumours of an incident; several incidents."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html, no_update

from dashboard import ids
from dashboard.browser_input import number, words
from dashboard.components import taking
from dashboard.components.compare_chooser import (
    BESIDE,
    BY,
    BY_AGE,
    MOST_BESIDE,
    MOST_RUMOURS,
    RUMOURS,
    choices_of,
    chooser,
    chosen_of,
)
from dashboard.components.compare_drawing import Shown, incidents_drawn, rumours_drawn
from dashboard.components.top_bar import BAR, bar_now, pausable
from dashboard.figures.style import CONFIG
from dashboard.paths import Compared, compare_path, rumour_of
from dashboard.services import Moment, Services
from dashboard.views.compare import ComparedIncident, read_compared
from dashboard.views.read_once import ReadOnce
from dashboard.words import compare as compare_words
from models.domain.incidents import Incident

CONTEXT = "compare-context"
TOKEN = "compare-token"
CHANGED = "compare-changed"
ADDRESS = "compare-address"
EMPTY = "compare-empty"
BODY = "compare-body"
CHART = "compare-chart"
SUMMARY = "compare-summary"
LINES = "compare-lines"
CLOCKS = "compare-clocks"
CARDS = "compare-cards"
CARDS_SAY = "compare-cards-say"
SCALE = "compare-scale"
SAME_SCALE, OWN_SCALE = "same", "own"
INCIDENTS = "compare-incidents"
INCIDENTS_CHART = "compare-incidents-chart"
INCIDENTS_HOLDER = "compare-incidents-holder"
INCIDENTS_TABLE = "compare-incidents-table"
# All is drawn anew at every so many polls at most.
POLLS_A_DRAWING = 5
READINGS_KEPT = 32


def layout(
    incident: Incident | None = None,
    moment: Moment | None = None,
    compared: Compared = Compared(),  # noqa: B008 - it is frozen
    incidents: Sequence[Incident] = (),
    choices: Sequence[dict[str, Any]] = (),
) -> html.Div:
    as_of = moment.as_of if moment else None
    context = {"incident": incident.id if incident else "", "as_of": as_of.isoformat() if as_of else None}
    others = [{"value": one.id, "label": one.name} for one in incidents if incident and one.id != incident.id]
    return html.Div(
        [
            dcc.Store(id=CONTEXT, data=context),
            dcc.Store(id=TOKEN),
            dcc.Store(id=CHANGED),
            dcc.Store(id=ADDRESS),
            dcc.Store(id=ids.COMPARE_ACTED),
            dcc.Interval(id=ids.COMPARE_TICK, interval=2000),
            html.Div(
                [
                    html.H1(compare_words.heading(incident) if incident else None, className="grow"),
                    taking.export_bar(context["incident"], as_of),
                ],
                className="rumour-title",
            ),
            chooser(compared, choices, others),
            html.P(id=EMPTY, className="empty", hidden=True),
            html.Div([_lines(), _clocks(), _cards()], id=BODY, className="compare-body", hidden=True),
            _incidents(hidden=not others),
        ],
        className="plain-page compare",
        **{"data-page": "compare", "data-incident": context["incident"]},
    )


def _lines() -> html.Section:
    return _panel(
        compare_words.ON_ONE_AXIS,
        dcc.Graph(id=CHART, config=CONFIG, responsive=True, style={"height": 340}),
        html.P(id=SUMMARY, className="quiet"),
        html.Details([html.Summary(compare_words.TABLE), html.Div(id=LINES, className="table-holder")]),
    )


def _clocks() -> html.Section:
    return _panel(compare_words.CLOCKS, _scrolled(CLOCKS, compare_words.CLOCKS))


def _cards() -> html.Section:
    scale = dmc.SegmentedControl(
        id=SCALE,
        data=[
            {"value": SAME_SCALE, "label": compare_words.SAME_SCALE},
            {"value": OWN_SCALE, "label": compare_words.OWN_SCALE},
        ],
        value=SAME_SCALE,
        className="tabs",
        **{"aria-label": compare_words.SCALE_LABEL},
    )
    return _panel(
        compare_words.ALL_RUMOURS,
        scale,
        html.P(id=CARDS_SAY, className="quiet"),
        html.Ul(id=CARDS, className="compare-cards"),
    )


def _incidents(*, hidden: bool) -> html.Section:
    return html.Section(
        [
            html.H2(compare_words.INCIDENTS),
            html.P(compare_words.CHOOSE_INCIDENTS, id=INCIDENTS, className="quiet"),
            html.Div(
                [
                    dcc.Graph(id=INCIDENTS_CHART, config=CONFIG, responsive=True, style={"height": 260}),
                    _scrolled(INCIDENTS_TABLE, compare_words.INCIDENTS),
                ],
                id=INCIDENTS_HOLDER,
                hidden=True,
            ),
        ],
        className="panel",
        hidden=hidden,
        **{"aria-label": compare_words.INCIDENTS},
    )


def _panel(heading: str, *children: Any) -> html.Section:
    return html.Section([html.H2(heading), *children], className="panel", **{"aria-label": heading})


def _scrolled(holds: str, label: str) -> html.Div:
    return html.Div(id=holds, className="compare-table-holder", tabIndex="0", role="region", **{"aria-label": label})


def page(services: Services, incident: Incident, compared: Compared, moment: Moment) -> html.Div:
    """The page with what its address chose; the choices are there at once, or the chosen would stand by their ids."""
    incidents = services.incidents()
    beside = [one for one in incidents if one.id in compared.beside and one.id != incident.id][:MOST_BESIDE]
    read = [_read(services, one, moment.as_of, moment.now) for one in (incident, *beside)]
    return layout(incident, moment, compared, incidents, choices_of(read))


def _read(services: Services, incident: Incident, as_of: datetime | None, now: datetime) -> ComparedIncident:
    rows = services.keeper.latest(incident.id).rows if as_of is None else None
    return read_compared(services.store, incident, now, rows=rows, as_of=as_of)


def register(app: Dash, services: Services) -> None:
    _register_poll(app, services)
    _register_drawing(app, services)
    app.clientside_callback(
        ClientsideFunction("compare", "keep_address"), Input(ADDRESS, "data"), prevent_initial_call=True
    )


def _register_poll(app: Dash, services: Services) -> None:
    @app.callback(
        output={"token": Output(TOKEN, "data"), "changed": Output(CHANGED, "data"), "bar": BAR},
        inputs=[
            Input(ids.COMPARE_TICK, "n_intervals"),
            State(CONTEXT, "data"),
            State(BESIDE, "value"),
            State(TOKEN, "data"),
            State(ids.SOURCES_SHOWN, "data"),
        ],
        prevent_initial_call=True,
    )
    def poll(tick, context, beside, token, sources_shown):
        incident, as_of = _about(services, context)
        snapshot = services.keeper.latest(incident)
        bar = bar_now(services, sources_shown, snapshot)
        others = [services.keeper.latest(one.id).token for one in _beside(services, incident, beside)]
        stamp = " ".join([snapshot.token, *others])
        due = as_of is None and stamp != token and number(tick) % POLLS_A_DRAWING == 0
        return {"token": stamp if due else no_update, "changed": stamp if due else no_update, "bar": bar}

    pausable(app, ids.COMPARE_TICK, CONTEXT)


_DRAWN = {
    "choices": Output(RUMOURS, "data"),
    "address": Output(ADDRESS, "data"),
    "empty": Output(EMPTY, "children"),
    "empty_hidden": Output(EMPTY, "hidden"),
    "body_hidden": Output(BODY, "hidden"),
    "figure": Output(CHART, "figure"),
    "summary": Output(SUMMARY, "children"),
    "lines": Output(LINES, "children"),
    "clocks": Output(CLOCKS, "children"),
    "cards": Output(CARDS, "children"),
    "cards_say": Output(CARDS_SAY, "children"),
    "incidents_hint": Output(INCIDENTS, "hidden"),
    "incidents_hidden": Output(INCIDENTS_HOLDER, "hidden"),
    "incidents_figure": Output(INCIDENTS_CHART, "figure"),
    "incidents_table": Output(INCIDENTS_TABLE, "children"),
}


def _register_drawing(app: Dash, services: Services) -> None:
    readings: ReadOnce = ReadOnce(READINGS_KEPT)

    def read(incident: Incident, as_of: datetime | None, now: datetime) -> ComparedIncident:
        seen = services.store.views.version if as_of else services.keeper.latest(incident.id).token
        return readings.get((incident, as_of, seen), lambda: _read(services, incident, as_of, now))

    @app.callback(
        output=_DRAWN,
        inputs=[
            Input(CHANGED, "data"),
            Input(ids.COMPARE_ACTED, "data"),
            Input(RUMOURS, "value"),
            Input(BESIDE, "value"),
            Input(BY, "value"),
            Input(SCALE, "value"),
            State(RUMOURS, "data"),
            State(CONTEXT, "data"),
        ],
    )
    def show(changed, acted, rumours, beside, by, scale, choices, context):
        about, as_of = _about(services, context)
        now = as_of or services.clock.now()
        incidents = [services.incident(about), *_beside(services, about, beside)]
        compared = tuple(read(one, as_of, now) for one in incidents)
        asked = [rumour_of(words(one)) for one in rumours] if isinstance(rumours, list) else []
        chosen = chosen_of(compared, asked[:MOST_RUMOURS])
        shown = Shown(compared, chosen, by == BY_AGE, scale == OWN_SCALE, as_of, now)
        offered = choices_of(compared)
        address = compare_path(
            about,
            Compared(
                tuple((of, one.row.id) for of, one in chosen) if any(asked) else (),
                tuple(one.incident.id for one in compared[1:]),
                shown.by_age,
            ),
            as_of,
        )
        return {
            "choices": no_update if offered == choices else offered,
            "address": address,
            **rumours_drawn(shown),
            **incidents_drawn(shown),
        }


def _beside(services: Services, incident: str, beside: Any) -> list[Incident]:
    """The other incidents that were chosen, in that order."""
    asked = [words(one) for one in beside] if isinstance(beside, list) else []
    known = {one.id: one for one in services.incidents()}
    return [known[one] for one in dict.fromkeys(asked) if one in known and one != incident][:MOST_BESIDE]


def _about(services: Services, context: Any) -> tuple[str, datetime | None]:
    """The incident, which there is, and the moment of the past or None for the present."""
    incident, moment = services.about(context)
    return incident, moment.as_of
