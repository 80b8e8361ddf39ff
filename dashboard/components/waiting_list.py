"""The line above the board's list that tells how many rumours wait for room on the board, and lists them."""

from dash import Dash, Input, Output, State, html

from dashboard.components.marks import outside_words
from dashboard.services import Services
from dashboard.views.also_said import waiting
from dashboard.words import board as board_words

WAIT = "board-wait"
COUNT = "board-wait-count"
LIST = "board-wait-list"
MOST_LISTED = 20


def layout() -> html.Details:
    return html.Details([html.Summary(id=COUNT), html.Ul(id=LIST)], id=WAIT, className="wait", hidden=True)


def register(app: Dash, services: Services, *, token: str, context: str) -> None:
    @app.callback(
        Output(WAIT, "hidden"),
        Output(COUNT, "children"),
        Output(LIST, "children"),
        Input(token, "data"),
        State(context, "data"),
        prevent_initial_call=True,
    )
    def draw_what_waits(token, context):
        groups = waiting(services.board(*services.about(context)).also_said)
        listed = [
            html.Li([outside_words(group.claim), html.Span(board_words.also_said(group), className="quiet")])
            for group in groups[:MOST_LISTED]
        ]
        return not groups, board_words.wait_for_room(len(groups)), listed
