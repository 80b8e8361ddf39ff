"""The top bar: incident, clock, data age, sources, who acts, theme and keys; and what keeps it live."""

from datetime import datetime
from typing import Any

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html, no_update

from dashboard import ids
from dashboard.paths import INCIDENTS, SOURCES, Page, board_path
from dashboard.services import Services
from dashboard.views.snapshot import Snapshot
from models.domain import Incident, SourceState

INCIDENT_BAR = "incident-bar"
INCIDENT_CHOICE = "incident-choice"
CLOCK = "clock"
DATA_AGE = "data-age"
WHO = "who"
THEME_BUTTON = "theme-button"
KEYS_BUTTON = "keys-button"
PAUSE_BUTTON = "pause-button"


def top_bar() -> html.Header:
    return html.Header(
        [
            html.Span("Grapevine", className="brand"),
            html.Nav(id="places", className="places", **{"aria-label": "Places"}),
            html.Div(id=INCIDENT_BAR, className="incident-bar"),
            html.Span(id=CLOCK, className="clock", role="timer", **{"aria-label": "The time here, Europe/London"}),
            html.Span("waiting for data", id=DATA_AGE, className="data-age", **{"data-level": "fine"}),
            html.Ul(id=ids.SOURCES, className="sources", **{"aria-label": "Sources"}),
            html.Span(className="grow"),
            html.Button("Pause live updates", id=PAUSE_BUTTON, type="button", className="button button-quiet"),
            html.Button("Who are you?", id=WHO, type="button", className="button button-quiet"),
            html.Button("Theme", id=THEME_BUTTON, type="button", className="button button-quiet"),
            html.Button(
                "?",
                id=KEYS_BUTTON,
                type="button",
                className="button button-quiet",
                title="Keys (?)",
                **{"aria-label": "Keys"},
            ),
        ],
        className="top-bar",
    )


# Under which place each page stands.
_STANDS_UNDER = {
    Page.BOARD: "Board",
    Page.SOURCES: "Sources",
    Page.INCIDENTS: "Incidents",
    Page.NEW_INCIDENT: "Incidents",
    Page.SETTINGS: "Incidents",
}


def places(incident: Incident | None, page: Page | None) -> list:
    """Where one can go; the board is that of the incident named beside it."""
    hrefs = {"Board": board_path(incident.id) if incident else "/", "Sources": SOURCES, "Incidents": INCIDENTS}
    here = _STANDS_UNDER.get(page)
    return [
        html.Span(dcc.Link(name, href=href, className="place"), **({"aria-current": "page"} if name == here else {}))
        for name, href in hrefs.items()
    ]


def incident_bar(incident: Incident, incidents: list[Incident]) -> list:
    """The incident's name, or a choice where there are several, and EXERCISE where it is one."""
    name: Any = html.Strong(incident.name, className="incident-name")
    if len(incidents) > 1:
        name = dmc.Select(
            id={"choice": INCIDENT_CHOICE},
            data=[{"value": one.id, "label": one.name} for one in incidents],
            value=incident.id,
            allowDeselect=False,
            size="xs",
            className="incident-choice",
            **{"aria-label": "Incident"},
        )
    return [name, html.Span("EXERCISE", className="exercise") if incident.exercise else None]


def pausable(app: Dash, tick: str, context: str) -> None:
    """A page that comes into view while updates are paused stays as it is drawn."""
    app.clientside_callback(
        ClientsideFunction("grapevine", "is_paused"),
        Output(tick, "disabled"),
        Input(context, "data"),
        State(ids.PAUSED, "data"),
    )


def live_now(services: Services, snapshot: Snapshot | None = None) -> dict[str, Any]:
    """What the browser's clock and data age run on, in milliseconds since 1970.

    Without a snapshot that of the newest open incident serves, if there is one.
    """
    if snapshot is None:
        newest = services.newest_open_incident()
        snapshot = services.keeper.latest(newest.id) if newest else None
    last = snapshot.header.last_known_at if snapshot else None
    return {"now": _milliseconds(services.clock.now()), "last": _milliseconds(last) if last else None}


def sources_now(services: Services, shown: list | None) -> tuple[Any, Any]:
    """The dots and what they stand for, or no update where nothing changed."""
    states = services.sources.states()
    key = [[one.name, one.word, one.healthy, one.fault] for one in states]
    return (no_update, no_update) if key == shown else ([_source(one) for one in states], key)


def _source(one: SourceState) -> html.Li:
    level = "fine" if one.healthy else "wrong"
    said = f"{one.name}: {one.word}" + (f". {one.fault}" if one.fault else "")
    return html.Li(
        [
            html.Span("●" if one.healthy else "▲", className=f"dot dot-{level}", **{"aria-hidden": "true"}),
            dcc.Link(f"{one.name} {one.word}", href=SOURCES),
        ],
        title=said,
    )


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
