"""create_app(): the dashboard as one Dash application, and the way from an address to a page."""

from pathlib import Path

from dash import ALL, ClientsideFunction, Dash, Input, Output, dcc, html

from dashboard import health, ids
from dashboard.components import shell, top_bar
from dashboard.edge import log_in_one_line, words
from dashboard.guard import guard
from dashboard.pages import board, rumour
from dashboard.paths import place_of
from dashboard.services import Services, SourceControl
from dashboard.views.snapshot import SnapshotKeeper
from models.clock import Clock
from models.config import Settings
from models.store import Store

__all__ = ["SourceControl", "create_app"]

_INDEX = """<!DOCTYPE html>
<html lang="en-GB">
    <head>
        {%metas%}
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{%title%}</title>
        {%favicon%}
        {%css%}
    </head>
    <body>
        {%app_entry%}
        <footer>
            {%config%}
            {%scripts%}
            {%renderer%}
        </footer>
    </body>
</html>"""


def create_app(store: Store, settings: Settings, clock: Clock, sources: SourceControl) -> Dash:
    """The dashboard over `store`. `clock` is the time the screens show; serve `app.server` on loopback."""
    services = Services(store, settings, clock, sources, SnapshotKeeper(store, clock))
    app = Dash(
        "dashboard",
        assets_folder=str(Path(__file__).with_name("assets")),
        use_pages=False,
        pages_folder="",
        index_string=_INDEX,
        serve_locally=True,
        title="Grapevine",
        update_title=None,
        add_log_handler=False,
        on_error=lambda error: log_in_one_line("a screen could not be drawn", error),
    )
    app.layout = shell.shell()
    # Pages come by callback: Dash checks the callbacks against this instead.
    app.validation_layout = html.Div([shell.shell(), board.layout(), rumour.layout()])
    shell.register(app, services)
    board.register(app, services)
    rumour.register(app, services)
    _register_router(app, services)
    health.register(app, services)
    guard(app)
    return app


def _register_router(app: Dash, services: Services) -> None:
    @app.callback(
        Output(ids.CONTENT, "children"),
        Output("places", "children"),
        Output(top_bar.INCIDENT_BAR, "children"),
        Input(ids.URL, "pathname"),
    )
    def route(pathname):
        path = words(pathname) or "/"
        place = place_of(path)
        if place is None and path != "/":
            return _not_found(), None, None
        incident = services.incident(place.incident) if place else services.newest_open_incident()
        if incident is None:
            return _not_found() if place else _no_incident(), None, None
        on_board = place is None or place.rumour is None
        page = board.layout(incident.id, incident.name) if on_board else rumour.layout(incident.id, place.rumour)
        bar = top_bar.incident_bar(incident, services.store.incidents())
        return page, top_bar.places(incident, on_board=on_board), bar

    app.clientside_callback(
        ClientsideFunction("grapevine", "change_incident"),
        Output(ids.URL, "pathname"),
        Input({"choice": ALL}, "value"),
        prevent_initial_call=True,
    )


def _no_incident() -> html.Div:
    return html.Div(
        [
            html.H1("No incident is open"),
            html.P("Open one by naming it in config.toml under [incident] and starting Grapevine again."),
        ],
        className="message",
    )


def _not_found() -> html.Div:
    return html.Div(
        [
            html.H1("There is no such page"),
            html.P(["The address may be mistyped. ", dcc.Link("Go to the board", href="/")]),
        ],
        className="message",
    )
