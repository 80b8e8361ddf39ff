"""What stands around every page: stores, top bar, dialogs, the drawer, and the line for screen readers."""

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html

from dashboard import ids
from dashboard.components import leaving, playhead, top_bar, you
from dashboard.forms import drawing, sending
from dashboard.forms.every_form import EVERYWHERE, FORMS
from dashboard.forms.form import Shape
from dashboard.services import Services
from dashboard.words import forms as words
from dashboard.words import frame as frame_words
from dashboard.words.shared import CLOSE

PROVIDER = "mantine"
KEYS = "keys-dialog"
DISCONNECTED = "disconnected"


def shell() -> dmc.MantineProvider:
    return dmc.MantineProvider(
        [
            dcc.Location(id=ids.URL, refresh="callback-nav"),
            dcc.Store(id=ids.THEME, storage_type="local"),
            *(dcc.Store(id=name) for name in (ids.ACTED, ids.LIVE, ids.LOOKING, ids.SOURCES_SHOWN, playhead.ASKED)),
            *(store for form in FORMS for store in drawing.stores(form)),
            dcc.Store(id=ids.PAUSED, data=False),
            dcc.Interval(id=ids.PULSE, interval=2000, disabled=True),
            html.A(frame_words.SKIP, href="#main", className="skip"),
            top_bar.top_bar(),
            html.P(id=DISCONNECTED, className="banner", role="alert", hidden=True),
            html.Div(id=ids.PLAYHEAD),
            # A drawer stands over the page, never over the top bar and the banner.
            html.Div(
                [
                    html.Main(id="main", tabIndex="-1", children=html.Div(id=ids.CONTENT)),
                    *(drawing.draw(form) for form in EVERYWHERE if form.shape is Shape.DRAWER),
                ],
                className="stage",
            ),
            *(drawing.draw(form) for form in EVERYWHERE if form.shape is Shape.DIALOG),
            _keys_dialog(),
            you.dialog(),
            leaving.dialog(),
            html.P(id=ids.ANNOUNCE, className="announce", role="status"),
        ],
        id=PROVIDER,
        defaultColorScheme="auto",
        theme={"primaryColor": "blue", "defaultRadius": 6, "fontFamily": "var(--font)"},
    )


def _keys_dialog() -> html.Dialog:
    rows = [html.Tr([html.Th(html.Kbd(key), scope="row"), html.Td(what)]) for key, what in frame_words.KEYS]
    close = html.Button(
        CLOSE, type="button", className="button button-quiet", title=words.ESC, **{"data-close-dialog": ""}
    )
    return html.Dialog(
        [
            html.Div([html.H2(frame_words.KEYS_TITLE, id="keys-title"), close], className="form-head"),
            html.Table(html.Tbody(rows), className="keys-table"),
        ],
        id=KEYS,
        className="dialog",
        **{"aria-labelledby": "keys-title"},
    )


def register(app: Dash, services: Services) -> None:
    sending.register(app, services)
    playhead.register(app, services)

    @app.callback(
        output=top_bar.BAR,
        inputs=[Input(ids.PULSE, "n_intervals"), State(ids.SOURCES_SHOWN, "data")],
        prevent_initial_call=True,
    )
    def beat(tick, sources_shown):
        return top_bar.bar_now(services, sources_shown)

    def clientside(space: str, name: str, output: Output | list, *given: Input | State, initial: bool = True) -> None:
        """`assets/SPACE.js` does it, also when the page is drawn unless it is not `initial`."""
        app.clientside_callback(ClientsideFunction(space, name), output, *given, prevent_initial_call=not initial)

    clientside(
        "theme",
        "next",
        Output(ids.THEME, "data"),
        Input(top_bar.THEME_BUTTON, "n_clicks"),
        State(ids.THEME, "data"),
        initial=False,
    )
    clientside("theme", "use", Output(PROVIDER, "forceColorScheme"), Input(ids.THEME, "data"))
    clientside(
        "pages",
        "toggle_pause",
        Output(ids.PAUSED, "data"),
        Input(top_bar.PAUSE_BUTTON, "n_clicks"),
        State(ids.PAUSED, "data"),
        initial=False,
    )
    clientside("pages", "name_pause", Output(top_bar.PAUSE_BUTTON, "children"), Input(ids.PAUSED, "data"))
    clientside("pages", "show_act", [], Input(ids.ACTED, "data"))
    # The clock and the data age tick in the browser between two answers of the server.
    clientside("live", "take", [], Input(ids.LIVE, "data"))
