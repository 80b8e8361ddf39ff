"""One rumour: how did it start, who carries it, is it dying, what have we said?"""

from datetime import datetime, timedelta
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html, no_update
from dash.exceptions import PreventUpdate

from dashboard import ids
from dashboard.browser_input import fields, one_of, words
from dashboard.components import marks, rearrange_form, rumour_parts, same_claim
from dashboard.components.detail import floor
from dashboard.components.top_bar import BAR, bar_now, pausable
from dashboard.figures.spread import interval_for, spread_figure
from dashboard.figures.style import CONFIG
from dashboard.forms import drawing, rearrange, refuse
from dashboard.paths import board_path, bubbles_path, rumour_path
from dashboard.services import Services
from dashboard.views.board import Window
from dashboard.views.rumour import MergedAway, RumourPage, RumourTab, read_merged_away
from dashboard.views.snapshot import redraw_stamp
from dashboard.words import board as board_words
from dashboard.words import chart as chart_words
from dashboard.words import rumour as rumour_words
from dashboard.words import shared as shared_words
from dashboard.words.local_time import local
from models.measures.spread import SpreadSeries, spread_series

CONTEXT = "rumour-context"
TOKEN = "rumour-token"
CHANGED = "rumour-changed"
HEAD = "rumour-head"
SPLIT = "rumour-split"
LIFE = "rumour-life"
SAME_CLAIM = "rumour-same-claim"
CHART = "rumour-chart"
# Unseen until there is something to draw: empty axes would look like a rumour without posts.
CHART_HOLDER = "rumour-chart-holder"
RANGE = "rumour-range"
SUMMARY = "rumour-summary"
TABLE = "rumour-table"
POSTS = "rumour-posts"
SHOW = "rumour-show"
# How many posts the lists were drawn with, and when.
DRAWN = "rumour-drawn"
CORRECTIONS = "rumour-corrections"
DECISIONS = "rumour-decisions"
SHORTEST_RANGE = timedelta(minutes=30)


def layout(incident_id: str = "", rumour_id: str = "") -> html.Div:
    return html.Div(
        [
            dcc.Store(id=CONTEXT, data={"incident": incident_id, "rumour": rumour_id}),
            dcc.Store(id=TOKEN),
            dcc.Store(id=CHANGED),
            dcc.Store(id=DRAWN),
            dcc.Store(id=ids.RUMOUR_ACTED),
            dcc.Interval(id=ids.RUMOUR_TICK, interval=2000),
            html.Div(id=HEAD, className="rumour-head"),
            drawing.draw(rearrange.UNDO),
            html.Div(id=LIFE),
            html.Div(id=SAME_CLAIM),
            html.Div([_main(rumour_id), _side()], id=SPLIT, className="rumour-split"),
            drawing.draw(rearrange.FORM),
            drawing.draw(refuse.FORM),
        ],
        className="rumour",
        **{"data-page": "rumour", "data-incident": incident_id},
    )


def _main(rumour_id: str) -> html.Div:
    options = [{"value": window.value, "label": word} for window, word in board_words.WINDOWS.items()]
    return html.Div(
        [
            html.Section(
                [
                    html.Div(
                        [
                            html.H2(rumour_words.SPREAD),
                            html.Span(className="grow"),
                            dmc.SegmentedControl(
                                id=RANGE,
                                data=options,
                                value=Window.ALL.value,
                                className="tabs",
                                **{"aria-label": rumour_words.WINDOW_LABEL},
                            ),
                        ],
                        className="section-head",
                    ),
                    html.Div(
                        dcc.Graph(id=CHART, config=CONFIG, responsive=True, style={"height": 300}),
                        id=CHART_HOLDER,
                        style={"visibility": "hidden"},
                    ),
                    html.P(id=SUMMARY, className="quiet"),
                    html.Details([html.Summary(rumour_words.TABLE), html.Div(id=TABLE, className="table-holder")]),
                ],
                className="panel",
                **{"aria-label": rumour_words.SPREAD_LABEL},
            ),
            html.Section(
                [
                    dmc.Tabs(
                        [
                            dmc.TabsList(
                                [dmc.TabsTab(word, value=tab.value) for tab, word in rumour_words.TABS.items()]
                            ),
                            html.Button(id=SHOW, type="button", className="show-waiting", hidden=True),
                            dmc.TabsPanel(rearrange_form.flow_chooser(rumour_id), value=RumourTab.FLOWS.value),
                            dmc.TabsPanel(html.Div(id=POSTS), value=RumourTab.POSTS.value),
                        ],
                        value=RumourTab.FLOWS.value,
                    ),
                ],
                className="panel",
                **{"aria-label": rumour_words.POSTS_LABEL},
            ),
        ],
        className="rumour-main",
    )


def _side() -> html.Div:
    return html.Div(
        [
            _side_panel(rumour_words.CORRECTIONS, CORRECTIONS),
            _side_panel(rumour_words.DECISIONS, DECISIONS),
        ],
        className="rumour-side",
    )


def _side_panel(heading: str, content: str) -> html.Section:
    return html.Section([html.H2(heading), html.Div(id=content)], className="panel", **{"aria-label": heading})


def register(app: Dash, services: Services) -> None:
    _register_live(app, services)
    _register_chart(app, services)
    _register_lists(app, services)


# What is drawn anew as the rumour changes, all but the chart and the lists.
_DRAWN_LIVE = {
    "head": Output(HEAD, "children"),
    "rearranged": Output(rearrange_form.LINE, "children"),
    "life": Output(LIFE, "children"),
    "same_claim": Output(SAME_CLAIM, "children"),
    "corrections": Output(CORRECTIONS, "children"),
    "decisions": Output(DECISIONS, "children"),
    "more_hidden": Output(SHOW, "hidden"),
    "more": Output(SHOW, "children"),
    "split_hidden": Output(SPLIT, "hidden"),
}


def _register_live(app: Dash, services: Services) -> None:
    @app.callback(
        output=_DRAWN_LIVE,
        inputs=[Input(CHANGED, "data"), Input(DRAWN, "data"), State(CONTEXT, "data")],
    )
    def show(changed, drawn, context):
        page, now = _read(services, context)
        if page is None:
            gone = read_merged_away(services.store, *_about(services, context))
            head = _merged_away(gone, context, now) if gone else _not_on_board(context)
            return {**dict.fromkeys(_DRAWN_LIVE), "head": head, "more_hidden": True, "split_hidden": True}
        before = fields(drawn).get("posts")
        new = page.row.posts - before if isinstance(before, int) else 0
        more = rumour_words.more_posts(new, words(fields(drawn).get("since")))
        return {
            "head": _head(page, context["incident"], now),
            "rearranged": _rearranged(page, page.row.id, now),
            "life": rumour_parts.life_clock(page.life, now),
            "same_claim": same_claim.panel(page.same_claim, context["incident"], page.row.id, now),
            "corrections": rumour_parts.correction_list(page.corrections, now),
            "decisions": rumour_parts.decision_list(page.decisions, now, of=page.row.id, known=page.rearranged),
            "more_hidden": more is None,
            "more": more,
            "split_hidden": False,
        }

    @app.callback(
        output={"token": Output(TOKEN, "data"), "changed": Output(CHANGED, "data"), "bar": BAR},
        inputs=[
            Input(ids.RUMOUR_TICK, "n_intervals"),
            Input(ids.RUMOUR_ACTED, "data"),
            State(CONTEXT, "data"),
            State(TOKEN, "data"),
            State(CHANGED, "data"),
            State(ids.SOURCES_SHOWN, "data"),
        ],
        prevent_initial_call="initial_duplicate",
    )
    def poll(tick, acted, context, token, drawn_for, sources_shown):
        incident, rumour = _about(services, context)
        snapshot = services.keeper.latest(incident)
        bar = bar_now(services, sources_shown, snapshot)
        if snapshot.token == token:
            return {"token": no_update, "changed": no_update, "bar": bar}
        changes = services.keeper.changes_since(incident, words(token))
        touched = rumour in changes.changed | changes.gone
        stamp = redraw_stamp(snapshot, changed=touched, before=words(drawn_for) or None)
        return {"token": snapshot.token, "changed": stamp or no_update, "bar": bar}

    pausable(app, ids.RUMOUR_TICK, CONTEXT)


def _register_chart(app: Dash, services: Services) -> None:
    @app.callback(
        Output(CHART, "figure"),
        Output(CHART_HOLDER, "style"),
        Output(SUMMARY, "children"),
        Output(TABLE, "children"),
        Input(CHANGED, "data"),
        Input(RANGE, "value"),
        State(CONTEXT, "data"),
    )
    def draw(changed, window, context):
        page, now = _read(services, context)
        if page is None:
            raise PreventUpdate
        window = one_of(Window, window) or Window.ALL
        series = series_for(page, window, now)
        empty = chart_words.nothing_shown(page.row, window.length, now)
        figure = spread_figure(series, page.corrections, page.decisions, now=now, gaps=page.gaps, empty=empty)
        summary = rumour_parts.spread_words(series, page, empty=empty)
        missing = rumour_parts.missing_words(series, page, now)
        return figure, {}, f"{summary} {missing}".strip(), rumour_parts.spread_table(series, page.gaps, now)


def _register_lists(app: Dash, services: Services) -> None:
    @app.callback(
        Output(rearrange_form.FLOWS, "children"),
        Output(POSTS, "children"),
        Output(DRAWN, "data"),
        Input(CONTEXT, "data"),
        Input(SHOW, "n_clicks"),
        Input(ids.RUMOUR_ACTED, "data"),
    )
    def fill(context, clicks, acted):
        page, now = _read(services, context)
        if page is None:
            raise PreventUpdate
        drawn = {"posts": page.row.posts, "since": f"{local(now):%H:%M}"}
        flows = rumour_parts.flow_list(page.flows, now, choosing=True)
        return flows, rumour_parts.post_list(page.posts, now), drawn


def series_for(page: RumourPage, window: Window, now: datetime) -> SpreadSeries:
    """The rumour's posts in the chosen time; all of it from its first post to its last, or to now if that is near."""
    if window.length is None:
        first, last = page.row.first_at or now, page.row.last_at or now
        acted = [one.issued_at for one in page.corrections] + [one.decided_at for one in page.decisions]
        end = max(last, *acted, first)
        end = now if now - end < max(SHORTEST_RANGE, (end - first) / 4) else end
        start = min(first, end - SHORTEST_RANGE)
    else:
        start, end = now - window.length, now
    interval = interval_for(end - start)
    return spread_series(
        page.minutes, start=floor(start, interval), end=end + timedelta(seconds=1), interval=interval
    )


def _about(services: Services, context: Any) -> tuple[str, str]:
    """The incident, which there is, and the rumour, which may not be on its board."""
    incident, rumour = (words(fields(context).get(name)) for name in ("incident", "rumour"))
    if not services.knows(incident):
        raise PreventUpdate
    return incident, rumour


def _read(services: Services, context: Any) -> tuple[RumourPage | None, datetime]:
    incident, rumour = _about(services, context)
    return services.keeper.page(incident, rumour), services.clock.now()


def _head(page: RumourPage, incident: str, now: datetime) -> list:
    row, facts = page.row, rumour_words.facts(page.row, now)
    return [
        html.Div(
            [
                dcc.Link(rumour_words.BACK, href=board_path(incident), className="back"),
                html.H1([marks.state(row.state), *marks.claim(row.claim)], className="rumour-claim"),
            ],
            className="rumour-title",
        ),
        html.Dl([html.Div([html.Dt(name), html.Dd(value)]) for name, value in facts], className="fact-list"),
        rumour_parts.act_bar(
            row, incident, dcc.Link(rumour_words.BUBBLES, href=bubbles_path(incident, row.id), className="button")
        ),
    ]


def _rearranged(about: RumourPage | MergedAway, rumour: str, now: datetime) -> html.P | None:
    return rearrange_form.rearranged_line(about.decisions, about.rearranged, rumour, now)


def _merged_away(gone: MergedAway, context: dict, now: datetime) -> list:
    incident = context["incident"]
    other = dcc.Link(marks.claim(gone.claim), href=rumour_path(incident, gone.merged_into))
    return [
        html.Div(
            [
                dcc.Link(rumour_words.BACK, href=board_path(incident), className="back"),
                html.H1(rumour_words.MERGED_AWAY),
            ],
            className="rumour-title",
        ),
        html.P([rumour_words.MERGED_INTO, other]),
        _rearranged(gone, context["rumour"], now),
    ]


def _not_on_board(context: dict) -> list:
    board = board_path(context["incident"])
    link = dcc.Link(shared_words.TO_THE_BOARD, href=board)
    return [html.H1(rumour_words.NOT_ON_BOARD), html.P([f"{rumour_words.NOT_ON_BOARD_WHY} ", link])]
