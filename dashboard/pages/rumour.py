"""One rumour: how did it start, who carries it, is it dying, what have we said?"""

import secrets
from datetime import datetime
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html, no_update
from dash.exceptions import PreventUpdate

from dashboard import ids
from dashboard.browser_input import fields, one_of, words
from dashboard.components import also_here, rearrange_form, reveal, rumour_head, rumour_parts, same_claim, taking
from dashboard.components.top_bar import BAR, bar_now, pausable
from dashboard.figures.spread import spread_figure
from dashboard.figures.style import CONFIG
from dashboard.forms import drawing, rearrange, refuse
from dashboard.forms import reveal as reveal_form
from dashboard.services import Moment, Services, page_context
from dashboard.views.notes import log_for
from dashboard.views.ranking import Window
from dashboard.views.rumour import RumourPage, RumourTab, read_merged_away
from dashboard.views.snapshot import redraw_stamp
from dashboard.views.spread import series_for
from dashboard.words import board as board_words
from dashboard.words import chart as chart_words
from dashboard.words import rumour as rumour_words
from dashboard.words.local_time import hour_and_minute
from models.domain.audit import AuditedLook

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
_FORMS = (rearrange.UNDO, rearrange.FORM, refuse.FORM, reveal_form.FORM)


def layout(incident_id: str = "", rumour_id: str = "", as_of: datetime | None = None) -> html.Div:
    """As known at `as_of`, and nothing can be done to it; None: as it is, and live."""
    past, page = as_of is not None, secrets.token_urlsafe(9)
    return html.Div(
        [
            dcc.Store(id=CONTEXT, data=page_context(incident_id, as_of, rumour=rumour_id, page=page)),
            dcc.Store(id=TOKEN),
            dcc.Store(id=CHANGED),
            dcc.Store(id=DRAWN),
            dcc.Store(id=ids.RUMOUR_ACTED),
            dcc.Interval(id=ids.RUMOUR_TICK, interval=2000, disabled=past),
            html.Div(id=HEAD, className="rumour-head"),
            also_here.layout(),
            html.Div(id=LIFE),
            html.Div(id=SAME_CLAIM),
            html.Div([_main(incident_id, rumour_id, as_of), _side()], id=SPLIT, className="rumour-split"),
            *([] if past else [drawing.draw(form) for form in _FORMS]),
            *([] if past else [reveal.dialog()]),
        ],
        className="rumour",
        **{"data-page": "rumour", "data-incident": incident_id, "data-view": page},
    )


def _main(incident_id: str, rumour_id: str, as_of: datetime | None) -> html.Div:
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
                    taking.export_bar(incident_id, as_of, rumour=rumour_id),
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
                            dmc.TabsPanel(
                                rearrange_form.flow_chooser(rumour_id, choosing=as_of is None),
                                value=RumourTab.FLOWS.value,
                            ),
                            dmc.TabsPanel([reveal.said(), html.Div(id=POSTS)], value=RumourTab.POSTS.value),
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
        page, incident, moment = _read(services, context, redrawn=True)
        now, as_of = moment.now, moment.as_of
        if page is None:
            rumour = _rumour(context)
            gone = read_merged_away(services.store, incident, rumour, as_of=as_of)
            gone = gone and log_for(services.reader(incident), gone)
            head = (
                rumour_head.merged_away(gone, incident, rumour, moment)
                if gone
                else rumour_head.not_on_board(incident, moment)
            )
            return {**dict.fromkeys(_DRAWN_LIVE), "head": head, "more_hidden": True, "split_hidden": True}
        before = fields(drawn).get("posts")
        new = page.row.posts - before if isinstance(before, int) else 0
        more = rumour_words.more_posts(new, words(fields(drawn).get("since")))
        return {
            "head": rumour_head.head(page, incident, moment),
            "rearranged": rumour_head.rearranged(page, page.row.id, moment),
            "life": rumour_parts.life_clock(page.life, now),
            "same_claim": same_claim.panel(page.same_claim, incident, page.row.id, moment),
            "corrections": rumour_parts.correction_list(page.corrections, now),
            "decisions": rumour_parts.decision_list(
                page.decisions, now, of=page.row.id, known=page.rearranged, undoing=as_of is None
            ),
            "more_hidden": more is None,
            "more": more,
            "split_hidden": False,
        }

    @app.callback(
        output={
            "token": Output(TOKEN, "data"),
            "changed": Output(CHANGED, "data"),
            "bar": BAR,
            "here": also_here.OUTPUTS,
        },
        inputs=[
            Input(ids.RUMOUR_TICK, "n_intervals"),
            Input(ids.RUMOUR_ACTED, "data"),
            State(CONTEXT, "data"),
            State(TOKEN, "data"),
            State(CHANGED, "data"),
            State(ids.SOURCES_SHOWN, "data"),
            State(also_here.SHOWN, "data"),
            State(ids.LOOKING, "data"),
        ],
        prevent_initial_call="initial_duplicate",
    )
    def poll(tick, acted, context, token, drawn_for, sources_shown, here_shown, looking):
        incident, moment = services.about(context)
        if moment.as_of is not None:
            raise PreventUpdate
        rumour, snapshot = _rumour(context), services.keeper.latest(incident)
        services.still_looks(AuditedLook.RUMOUR, incident, rumour)
        row = snapshot.rows.get(rumour)
        if row is not None and looking is not False:
            also_here.note_that_it_is_shown(services, incident, row, words(fields(context).get("page")))
        here = also_here.news(services, incident, rumour, here_shown)
        bar = bar_now(services, sources_shown, snapshot)
        if snapshot.token == token:
            return {"token": no_update, "changed": no_update, "bar": bar, "here": here}
        changes = services.keeper.changes_since(incident, words(token))
        touched = rumour in changes.changed | changes.gone
        stamp = redraw_stamp(snapshot, changed=touched, before=words(drawn_for) or None)
        return {"token": snapshot.token, "changed": stamp or no_update, "bar": bar, "here": here}

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
        page, _, moment = _read(services, context, redrawn=True)
        if page is None:
            raise PreventUpdate
        now = moment.now
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
        page, _, moment = _read(services, context, redrawn=False)
        if page is None:
            raise PreventUpdate
        now = moment.now
        drawn = {"posts": page.row.posts, "since": hour_and_minute(now)}
        flows = rumour_parts.flow_list(page.flows, now, choosing=moment.as_of is None)
        return flows, rumour_parts.post_list(page.posts, now, revealing=moment.as_of is None), drawn


def _rumour(context: Any) -> str:
    """The rumour that the page is about; it may not be on the board."""
    return words(fields(context).get("rumour"))


def _read(services: Services, context: Any, *, redrawn: bool) -> tuple[RumourPage | None, str, Moment]:
    """What there is to show of the rumour, with its incident and the moment shown; the audit enters the look."""
    incident, moment = services.about(context)
    page = services.page(incident, _rumour(context), moment)
    if page is not None:
        services.looked(AuditedLook.RUMOUR, incident, page.row.id, moment.as_of, redrawn=redrawn)
    return page, incident, moment
