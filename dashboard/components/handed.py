"""What was handed to whoever looks at the board, above the list: until they take the rumour or open its page."""

from dash import Dash, Input, Output, State, dcc, html

from dashboard.components import marks
from dashboard.paths import rumour_path
from dashboard.services import Services
from dashboard.signed_in import required
from dashboard.views.ranking import SETTLED, handed_to
from dashboard.words import assign as words

HANDED = "board-handed"


def layout() -> html.Ul:
    return html.Ul(id=HANDED, className="handed", hidden=True, **{"aria-label": words.HANDED_LABEL})


def register(app: Dash, services: Services, *, token: str, context: str) -> None:
    @app.callback(
        Output(HANDED, "hidden"),
        Output(HANDED, "children"),
        Input(token, "data"),
        State(context, "data"),
        prevent_initial_call=True,
    )
    def draw_what_was_handed(token, context):
        incident, moment = services.about(context)
        me, listed = required().user.id, []
        rows = services.board(incident, moment).rows.values() if moment.as_of is None else ()
        for row in rows:
            given = handed_to(row, me)
            if given and row.state not in SETTLED and not services.opened.has(incident, given.number):
                line = marks.outside_words(words.handed_line(given.by, given.note))
                link = dcc.Link(marks.claim(row.claim), href=rumour_path(incident, row.id))
                listed.append(html.Li([line, link]))
        return not listed, listed
