"""What stands around every page: stores, top bar, dialogs, the drawer, and the line for screen readers."""

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html

from dashboard import ids
from dashboard.components import act_dialog, correction_form, identity, sighting_form, top_bar
from dashboard.services import Services
from dashboard.words import frame as frame_words
from dashboard.words.shared import CLOSE

PROVIDER = "mantine"
KEYS = "keys-dialog"
DISCONNECTED = "disconnected"


def shell() -> dmc.MantineProvider:
    return dmc.MantineProvider(
        [
            dcc.Location(id=ids.URL, refresh="callback-nav"),
            dcc.Store(id=ids.OFFICER, storage_type="local"),
            dcc.Store(id=ids.THEME, storage_type="local"),
            dcc.Store(id=ids.DRAFTS, storage_type="local"),
            dcc.Store(id=ids.FORM_DRAFTS, storage_type="local"),
            *(
                dcc.Store(id=name)
                for name in (
                    ids.ACT_REQUEST,
                    ids.ACTED,
                    ids.ANSWER,
                    ids.DRAWER,
                    ids.SIGHTING,
                    ids.FORM_SAVED,
                    ids.LIVE,
                    ids.SOURCES_SHOWN,
                )
            ),
            dcc.Store(id=ids.PAUSED, data=False),
            dcc.Interval(id=ids.PULSE, interval=2000, disabled=True),
            html.A(frame_words.SKIP, href="#main", className="skip"),
            top_bar.top_bar(),
            html.P(id=DISCONNECTED, className="banner", role="alert", hidden=True),
            # The drawer stands over the page, never over the top bar and the banner.
            html.Div(
                [
                    html.Main(id="main", tabIndex="-1", children=html.Div(id=ids.CONTENT)),
                    correction_form.correction_drawer(),
                    sighting_form.sighting_drawer(),
                ],
                className="stage",
            ),
            identity.identity_dialog(),
            act_dialog.act_dialog(),
            _keys_dialog(),
            html.P(id=ids.ANNOUNCE, className="announce", role="status"),
        ],
        id=PROVIDER,
        defaultColorScheme="auto",
        theme={"primaryColor": "blue", "defaultRadius": 6, "fontFamily": "var(--font)"},
    )


def _keys_dialog() -> dmc.Modal:
    rows = [html.Tr([html.Th(html.Kbd(key), scope="row"), html.Td(what)]) for key, what in frame_words.KEYS]
    return dmc.Modal(
        html.Table(html.Tbody(rows), className="keys-table"),
        id=KEYS,
        title=frame_words.KEYS_TITLE,
        opened=False,
        centered=True,
        closeButtonProps={"aria-label": CLOSE},
    )


def register(app: Dash, services: Services) -> None:
    identity.register(app)
    act_dialog.register(app, services)
    correction_form.register(app, services)
    sighting_form.register(app, services)

    @app.callback(
        Output(ids.LIVE, "data", allow_duplicate=True),
        Output(ids.SOURCES, "children", allow_duplicate=True),
        Output(ids.SOURCES_SHOWN, "data", allow_duplicate=True),
        Input(ids.PULSE, "n_intervals"),
        State(ids.SOURCES_SHOWN, "data"),
        prevent_initial_call=True,
    )
    def beat(tick, shown):
        return top_bar.live_now(services), *top_bar.sources_now(services, shown)

    def clientside(name: str, output: Output, *given: Input | State, initial: bool = False) -> None:
        app.clientside_callback(
            ClientsideFunction("grapevine", name), output, *given, prevent_initial_call=not initial
        )

    clientside("open_keys", Output(KEYS, "opened"), Input(top_bar.KEYS_BUTTON, "n_clicks"))
    clientside(
        "next_theme", Output(ids.THEME, "data"), Input(top_bar.THEME_BUTTON, "n_clicks"), State(ids.THEME, "data")
    )
    clientside("use_theme", Output(PROVIDER, "forceColorScheme"), Input(ids.THEME, "data"), initial=True)
    clientside(
        "toggle_pause", Output(ids.PAUSED, "data"), Input(top_bar.PAUSE_BUTTON, "n_clicks"), State(ids.PAUSED, "data")
    )
    clientside("name_pause", Output(top_bar.PAUSE_BUTTON, "children"), Input(ids.PAUSED, "data"), initial=True)
    app.clientside_callback(
        ClientsideFunction("grapevineForms", "drop"),
        Output(ids.FORM_DRAFTS, "data", allow_duplicate=True),
        Input(ids.FORM_SAVED, "data"),
        State(ids.FORM_DRAFTS, "data"),
        prevent_initial_call=True,
    )
    clientside("show_act", Output("main", "title"), Input(ids.ACTED, "data"))
    clientside("hear_answer", Output(act_dialog.CONFIRM, "title"), Input(ids.ANSWER, "data"))
    # The clock and the data age tick in the browser between two answers of the server.
    clientside("take_live", Output(top_bar.CLOCK, "title"), Input(ids.LIVE, "data"))
