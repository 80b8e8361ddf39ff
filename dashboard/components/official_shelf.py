"""The shelf under the board's list that tells what is officially said: warnings and official posts."""

from dash import Dash, Input, Output, State, dcc, html

from dashboard.components.marks import claim, outside_words
from dashboard.components.marks import moment as moment_mark
from dashboard.paths import at, rumour_path
from dashboard.services import Moment, Services
from dashboard.views.officially_said import OfficialPost
from dashboard.words import officially_said as words

SHELF = "board-official"
COUNT = "board-official-count"
LIST = "board-official-list"


def layout() -> html.Details:
    return html.Details(
        [html.Summary(id=COUNT), html.Ul(id=LIST, tabIndex="0")],
        id=SHELF,
        className="wait official-shelf",
        hidden=True,
    )


def register(app: Dash, services: Services, *, token: str, context: str) -> None:
    @app.callback(
        Output(SHELF, "hidden"),
        Output(COUNT, "children"),
        Output(LIST, "children"),
        Input(token, "data"),
        State(context, "data"),
        prevent_initial_call=True,
    )
    def draw_officially_said(token, context):
        incident, moment = services.about(context)
        said = services.board(incident, moment).officially_said
        listed = [_listed(one, incident, moment) for one in said.newest]
        if older := words.older(said):
            listed.append(html.Li(older, className="quiet"))
        heading = [f"{words.heading(said, moment.now)}: ", outside_words(words.beginning_of_newest(said))]
        return not said.newest, heading, listed


def _listed(one: OfficialPost, incident: str, moment: Moment) -> html.Li:
    about = []
    if one.reach is not None:
        about.append(html.Span(words.reach(one.reach)))
    if one.is_replaced:
        about.append(html.Span(words.REPLACED, className="chip"))
    head = [moment_mark(one.said_at, moment.now), html.Span(words.kind(one)), *about]
    answers = []
    if one.rumour is not None:
        link = dcc.Link(claim(one.claim), href=at(rumour_path(incident, one.rumour), moment.as_of))
        answers = [html.P([f"{words.ABOUT} ", link], className="official-about")]
    paragraphs = [html.P(outside_words(part)) for part in words.paragraphs(one)]
    return html.Li([html.Div(head, className="quiet official-head"), *paragraphs, *answers])
