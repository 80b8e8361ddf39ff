"""create_app(): the dashboard as one Dash application, and the way from an address to a page."""

from pathlib import Path

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, dcc, html

from dashboard import ids
from dashboard.browser_data import script
from dashboard.browser_input import log_in_one_line, words
from dashboard.components import shell, top_bar
from dashboard.http import bubbles_file, health, webhook_endpoint
from dashboard.http.guard import guard
from dashboard.pages import board, bubbles, incident_form, incidents, review, rumour
from dashboard.pages import sources as sources_page
from dashboard.paths import INCIDENTS, NEW_INCIDENT, Page, Place, as_of_in, place_of
from dashboard.services import Moment, Services, SourceControl
from dashboard.views.bubbles import PictureKeeper
from dashboard.views.snapshot import SnapshotKeeper
from dashboard.words import frame as frame_words
from dashboard.words import shared as shared_words
from models.clock import Clock
from models.config import Settings
from models.domain import Incident
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
        {%data%}
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


# The pages that keep the top bar live by their own polls.
_LIVE = frozenset({Page.BOARD, Page.RUMOUR, Page.BUBBLES, Page.SOURCES})
_PAGES = (board, rumour, bubbles, sources_page)


def create_app(store: Store, settings: Settings, clock: Clock, sources: SourceControl) -> Dash:
    """The dashboard over `store`. `clock` is the time the screens show; serve `app.server` on loopback."""
    services = Services(store, settings, clock, sources, SnapshotKeeper(store, clock), PictureKeeper(store))
    app = Dash(
        "dashboard",
        assets_folder=str(Path(__file__).with_name("assets")),
        use_pages=False,
        pages_folder="",
        index_string=_INDEX.replace("{%data%}", script()),
        serve_locally=True,
        title=frame_words.BRAND,
        update_title=None,
        add_log_handler=False,
        on_error=lambda error: log_in_one_line("a screen could not be drawn", error),
    )
    app.layout = shell.shell()
    # Pages come by callback: Dash checks the callbacks against this instead.
    app.validation_layout = html.Div([shell.shell(), *(page.layout() for page in _PAGES)])
    shell.register(app, services)
    for page in _PAGES:
        page.register(app, services)
    _register_router(app, services)
    health.register(app, services)
    bubbles_file.register(app, services)
    webhook_endpoint.register(app, services)
    guard(app)
    return app


def _register_router(app: Dash, services: Services) -> None:
    @app.callback(
        Output(ids.CONTENT, "children"),
        Output("places", "children"),
        Output(top_bar.INCIDENT_BAR, "children"),
        Output(ids.PULSE, "disabled"),
        Input(ids.URL, "pathname"),
        Input(ids.URL, "search"),
        State(ids.PAUSED, "data"),
    )
    def route(pathname, search, paused):
        path = words(pathname) or "/"
        place = Place(Page.BOARD) if path == "/" else place_of(path)
        incident = _incident(services, place)
        if place is None or (place.incident is not None and incident is None):
            return _not_found(), top_bar.places(None, None), None, bool(paused)
        try:
            moment = services.moment(as_of_in(words(search)))
        except ValueError:
            return _no_moment(path), top_bar.places(incident, place.page), None, bool(paused)
        page = _page(services, place, incident, moment)
        live = place.page in _LIVE and page is not None
        bar = top_bar.incident_bar(incident, services.store.incidents.all()) if incident else None
        content = _no_incident() if page is None else page
        return content, top_bar.places(incident, place.page), bar, live or bool(paused)

    app.clientside_callback(
        ClientsideFunction("pages", "change_incident"),
        Output(ids.URL, "pathname"),
        Input({"choice": ALL}, "value"),
        prevent_initial_call=True,
    )


def _incident(services: Services, place: Place | None) -> Incident | None:
    """The incident that an address names; of an address that names none, the newest that is open."""
    if place is None:
        return None
    return services.newest_open_incident() if place.incident is None else services.incident(place.incident)


def _page(services: Services, place: Place, incident: Incident | None, moment: Moment) -> html.Div | None:
    """What an address shows as it stood at a moment; None for the board where no incident is open."""
    named = incident.id if incident else ""
    match place.page:
        case Page.SOURCES:
            return sources_page.layout(named)
        case Page.INCIDENTS:
            return incidents.layout(services.store.incidents.all(), services.clock.now(), named)
        case Page.NEW_INCIDENT:
            return incident_form.new_incident(services, named)
        case Page.SETTINGS:
            return incident_form.settings(services, incident, named)
        case Page.REVIEW:
            return review.layout(incident, moment)
        case Page.BUBBLES:
            return bubbles.layout(incident, place.rumour, moment)
        case Page.RUMOUR:
            return rumour.layout(named, place.rumour)
        case _:
            return board.layout(incident.id, incident.name) if incident else None


def _no_incident() -> html.Div:
    return html.Div(
        [
            html.H1(frame_words.NO_INCIDENT),
            html.P(frame_words.NO_INCIDENT_WHY),
            html.P(
                [
                    dcc.Link(frame_words.OPEN_INCIDENT, href=NEW_INCIDENT, className="button button-main"),
                    dcc.Link(frame_words.ALL_INCIDENTS, href=INCIDENTS, className="button"),
                ],
                className="act-bar",
            ),
        ],
        className="message",
    )


def _no_moment(path: str) -> html.Div:
    return html.Div(
        [
            html.H1(frame_words.NO_MOMENT),
            html.P([f"{frame_words.NO_MOMENT_WHY} ", dcc.Link(frame_words.TO_THE_PRESENT, href=path)]),
        ],
        className="message",
    )


def _not_found() -> html.Div:
    return html.Div(
        [
            html.H1(frame_words.NOT_FOUND),
            html.P([f"{shared_words.ADDRESS_MISTYPED} ", dcc.Link(shared_words.TO_THE_BOARD, href="/")]),
        ],
        className="message",
    )
