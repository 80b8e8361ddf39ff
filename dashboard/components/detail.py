"""The board's right side: always the chosen rumour."""

from datetime import datetime, timedelta

from dash import ClientsideFunction, Dash, Input, Output, State, ctx, dcc, html

from dashboard.browser_input import words
from dashboard.components import marks, rumour_parts
from dashboard.components.act_bar import act_bar
from dashboard.figures.spread import spread_figure
from dashboard.figures.style import CONFIG
from dashboard.paths import at, rumour_path
from dashboard.services import Moment, Services
from dashboard.views.rumour import RumourPage, read_merged_away
from dashboard.words import board as board_words
from dashboard.words import chart as chart_words
from dashboard.words import reasons as reasons_words
from dashboard.words import rumour as rumour_words
from models.domain.audit import AuditedLook
from models.measures.intervals import floor, interval_for
from models.measures.spread import SpreadSeries, spread_series

HEAD = "detail-head"
ACTS = "detail-acts"
CHART = "detail-chart"
# The chart waits here until the browser has drawn everything else: its library takes longest to load.
CHART_WAITING = "detail-chart-waiting"
CHART_PLACE = "detail-chart-place"
CHART_HEIGHT = 170
CHART_HOLDER = "detail-chart-holder"
CHART_WORDS = "detail-chart-words"
BODY = "detail-body"
SPAN = timedelta(hours=6)
FLOWS_HERE = 4


def layout() -> html.Aside:
    return html.Aside(
        [
            html.Div(
                [
                    html.Div(id=HEAD),
                    html.Div(
                        [
                            html.Div(id=CHART_PLACE, style={"minHeight": CHART_HEIGHT}),
                            html.P(id=CHART_WORDS),
                        ],
                        id=CHART_HOLDER,
                        hidden=True,
                    ),
                    html.Div(id=BODY),
                ],
                className="detail-scroll",
                tabIndex="0",
                role="region",
                **{"aria-label": board_words.CHOSEN_LABEL},
            ),
            html.Div(id=ACTS),
            dcc.Store(id=CHART_WAITING),
        ],
        className="detail",
        **{"aria-label": board_words.DETAIL_LABEL},
    )


_DRAWN = {
    "head": Output(HEAD, "children"),
    "acts": Output(ACTS, "children"),
    "chart": Output(CHART_WAITING, "data"),
    "no_chart": Output(CHART_HOLDER, "hidden"),
    "chart_words": Output(CHART_WORDS, "children"),
    "body": Output(BODY, "children"),
}


def register(app: Dash, services: Services, *, chosen: str, changed: str, context: str) -> None:
    @app.callback(
        output=_DRAWN,
        inputs=[Input(chosen, "data"), Input(changed, "data"), State(context, "data")],
    )
    def show(rumour, stamp, context):
        incident, moment = services.about(context)
        now = moment.now
        page, is_survivor = _page_or_survivors(services, incident, words(rumour), moment)
        if page is None:
            none = html.P(board_words.NONE_CHOSEN, className="empty")
            return {**dict.fromkeys(_DRAWN), "head": none, "no_chart": True}
        redrawn = ctx.triggered_id == changed
        services.looked(AuditedLook.RUMOUR, incident, page.row.id, moment.as_of, redrawn=redrawn)
        series = recent_series(page, now)
        empty = chart_words.nothing_shown(page.row, SPAN, now)
        figure = spread_figure(
            series, page.corrections, page.decisions, now=now, gaps=page.gaps, small=True, empty=empty
        )
        summary = html.Span(rumour_parts.spread_words(series, page, empty=empty), className="unseen")
        missing = html.Span(rumour_parts.missing_words(series, page, now), className="quiet")
        return {
            "head": [*([html.P(board_words.LIVES_ON, className="quiet")] if is_survivor else []), *_head(page, now)],
            "acts": _acts(page, incident, moment),
            "chart": dcc.Graph(
                id=CHART, figure=figure, config=CONFIG, responsive=True, style={"height": CHART_HEIGHT}
            ),
            "no_chart": False,
            "chart_words": [summary, missing],
            "body": _body(page, now),
        }

    app.clientside_callback(
        ClientsideFunction("charts", "after_the_rest"),
        Output(CHART_PLACE, "children"),
        Input(CHART_WAITING, "data"),
        prevent_initial_call=True,
    )


def _page_or_survivors(
    services: Services, incident: str, rumour: str, moment: Moment
) -> tuple[RumourPage | None, bool]:
    """What there is of the chosen rumour; of the one it lives on in, which is then told, where it was merged away."""
    page = services.page(incident, rumour, moment) if rumour else None
    if page is not None or not rumour:
        return page, False
    gone = read_merged_away(services.store, incident, rumour, as_of=moment.as_of)
    return (services.page(incident, gone.merged_into, moment), True) if gone else (None, False)


def recent_series(page: RumourPage, now: datetime) -> SpreadSeries:
    """The last six hours, or the rumour's whole life where that is shorter."""
    first = page.row.first_at or now
    start = max(now - SPAN, min(first, now - timedelta(minutes=30)))
    interval = interval_for(now - start)
    return spread_series(page.minutes, start=floor(start, interval), end=now, interval=interval)


def _head(page: RumourPage, now: datetime) -> list:
    row = page.row
    return [
        html.H2(marks.claim(row.claim), className="detail-claim"),
        html.P([marks.state(row.state), board_words.owner_and_answer(row, now)], className="state-line"),
        html.P(board_words.facts(row), className="facts"),
        html.P(board_words.growth(row, now), className="facts"),
    ]


def _acts(page: RumourPage, incident: str, moment: Moment) -> html.Div:
    """What may be done; of the past nothing but to open the page."""
    link = dcc.Link(
        board_words.OPEN_PAGE,
        href=at(rumour_path(incident, page.row.id), moment.as_of),
        className="button",
        title=board_words.OPEN_KEY,
    )
    if moment.as_of is not None:
        return html.Div(link, className="act-bar")
    return act_bar(page.row, incident, link)


def _body(page: RumourPage, now: datetime) -> list:
    row = page.row
    return [
        rumour_parts.life_clock(page.life, now),
        html.H3(board_words.WHY_HERE),
        html.P(
            board_words.likelihood(row.likelihood),
            className="likelihood",
            title=board_words.LIKELIHOOD_MEANS,
        ),
        html.Ul([html.Li(why) for why in reasons_words.why_here(row)], className="why"),
        html.H3(board_words.SAID_MOST),
        rumour_parts.flow_list(page.flows[:FLOWS_HERE], now),
        *_logged(page, now),
    ]


def _logged(page: RumourPage, now: datetime) -> list:
    """The corrections and decisions; nothing where there are none."""
    logged = []
    if page.corrections:
        logged += [html.H3(rumour_words.CORRECTIONS), rumour_parts.correction_list(page.corrections, now)]
    if page.decisions:
        logged += [html.H3(rumour_words.DECISIONS), rumour_parts.decision_list(page.decisions, now)]
    return logged
