"""The top bar: incident, clock, data age, sources, who acts, theme and keys; and what keeps it live."""

from datetime import datetime
from typing import Any

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html, no_update

from dashboard import ids
from dashboard.access import standing
from dashboard.paths import AUDIT, FRONT, INCIDENTS, SOURCES, Page, at, board_path, part_path, rooted
from dashboard.services import Moment, Services
from dashboard.views.snapshot import Snapshot
from dashboard.words import frame as frame_words
from dashboard.words import services as services_words
from dashboard.words import sign_in as sign_in_words
from dashboard.words.shared import EXERCISE
from dashboard.words.sources import PHASES
from models.domain.imports import SOURCE as IMPORTS
from models.domain.incidents import Incident
from models.domain.sources import SourcePhase, SourceState

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
            html.Span(frame_words.BRAND, className="brand"),
            html.Nav(id="places", className="places", **{"aria-label": frame_words.PLACES_LABEL}),
            html.Div(id=INCIDENT_BAR, className="incident-bar"),
            html.Span(id=CLOCK, className="clock", role="timer", **{"aria-label": frame_words.CLOCK}),
            html.Span(frame_words.WAITING, id=DATA_AGE, className="data-age", **{"data-level": "fine"}),
            html.Ul(id=ids.SOURCES, className="sources", **{"aria-label": frame_words.SOURCES}),
            html.Button(frame_words.PAUSE, id=PAUSE_BUTTON, type="button", className="button button-quiet"),
            html.Button(sign_in_words.YOU, id=WHO, type="button", className="button button-quiet"),
            html.Button(frame_words.THEME, id=THEME_BUTTON, type="button", className="button button-quiet"),
            html.Button(
                frame_words.KEYS_MARK,
                id=KEYS_BUTTON,
                type="button",
                className="button button-quiet",
                title=frame_words.KEYS_HINT,
                **{"aria-label": frame_words.KEYS_TITLE},
            ),
        ],
        className="top-bar",
    )


# Under which place each page stands.
_STANDS_UNDER = {
    Page.BOARD: Page.BOARD,
    Page.SOURCES: Page.SOURCES,
    Page.INCIDENTS: Page.INCIDENTS,
    Page.AUDIT: Page.AUDIT,
    Page.NEW_INCIDENT: Page.INCIDENTS,
    Page.SETTINGS: Page.INCIDENTS,
    **dict.fromkeys(
        (Page.REVIEW, Page.BUBBLES, Page.COMPARE, Page.STORY, Page.CODING, Page.REPORT, Page.IMPORT),
        Page.REVIEW,
    ),
}


def places(
    incident: Incident | None, page: Page | None, as_of: datetime | None = None, *, audit: bool = False
) -> list:
    """Where one can go, at the same moment; the board is that of the incident named beside it.

    To the `audit` goes who may see it, in the present.
    """
    hrefs = {
        Page.BOARD: board_path(incident.id) if incident else rooted(FRONT),
        **({Page.REVIEW: part_path(incident.id, Page.REVIEW)} if incident else {}),
        Page.SOURCES: rooted(SOURCES),
        Page.INCIDENTS: rooted(INCIDENTS),
        **({Page.AUDIT: rooted(AUDIT)} if audit and as_of is None else {}),
    }
    here = _STANDS_UNDER.get(page)
    return [
        html.Span(
            dcc.Link(frame_words.PLACES[place], href=at(href, as_of), className="place"),
            **({"aria-current": "page"} if place is here else {}),
        )
        for place, href in hrefs.items()
    ]


def incident_bar(services: Services, incident: Incident, moment: Moment) -> list:
    """EXERCISE where it is one, the name or a choice where there are several, and by whom it is shared."""
    incidents = services.incidents(moment.as_of)
    # It is called as it was at that moment; shared it is as it is now.
    now = services.incident(incident.id) or incident
    shared = services_words.shared_by(now, standing(now))
    name: Any = html.Strong(frame_words.incident_name(incident), className="incident-name", title=incident.name)
    if len(incidents) > 1:
        name = dmc.Select(
            id={"choice": INCIDENT_CHOICE},
            data=[{"value": one.id, "label": one.name} for one in incidents],
            value=incident.id,
            allowDeselect=False,
            size="xs",
            className="incident-choice",
            **{"aria-label": frame_words.INCIDENT},
        )
    return [
        html.Span(EXERCISE, className="exercise") if incident.exercise else None,
        name,
        html.Span(shared, className="shared-by", title=shared) if shared else None,
        # Where it stands, forms ask whether partners may read what is written.
        html.Span(hidden=True, **{"data-shared": ""}) if now.is_shared else None,
    ]


def pausable(app: Dash, tick: str, context: str) -> None:
    """A page that comes into view while updates are paused stays as it is drawn."""
    app.clientside_callback(
        ClientsideFunction("pages", "is_paused"),
        Output(tick, "disabled"),
        Input(context, "data"),
        State(ids.PAUSED, "data"),
    )


# What a source does as a rule: where there is little room its dot says so.
_USUAL = frozenset({SourcePhase.LIVE, SourcePhase.READING, SourcePhase.LISTENING})


# What keeps the bar live: every poll of a page has these among its outputs.
BAR = {
    "live": Output(ids.LIVE, "data", allow_duplicate=True),
    "sources": Output(ids.SOURCES, "children", allow_duplicate=True),
    "sources_shown": Output(ids.SOURCES_SHOWN, "data", allow_duplicate=True),
}


def bar_now(services: Services, sources_shown: list | None, snapshot: Snapshot | None = None) -> dict[str, Any]:
    """What the bar shows now, for the outputs BAR. Without a snapshot that of the newest open incident serves."""
    # Files that were imported are over: only one that is being read is a source of what comes in.
    states = [one for one in services.sources.states() if one.running or one.name != IMPORTS]
    key = [[one.name, one.phase, one.healthy, one.fault] for one in states]
    changed = key != sources_shown
    return {
        "live": _live(services, snapshot),
        "sources": [_source(one) for one in states] if changed else no_update,
        "sources_shown": key if changed else no_update,
    }


def live_at(services: Services, moment: Moment) -> dict[str, Any]:
    """What the browser's clock and data age run on at a moment: of the past they stand still."""
    if moment.as_of is None:
        return {**_live(services, None), "past": False}
    return {"now": _milliseconds(moment.as_of), "last": None, "speed": 1.0, "past": True}


def _live(services: Services, snapshot: Snapshot | None) -> dict[str, Any]:
    """What the browser's clock and data age run on: milliseconds since 1970, and this clock's speed."""
    if snapshot is None:
        newest = services.newest_open_incident()
        snapshot = services.keeper.latest(newest.id) if newest else None
    last = snapshot.header.last_known_at if snapshot else None
    return {
        "now": _milliseconds(services.clock.now()),
        "last": _milliseconds(last) if last else None,
        "speed": services.clock.speed or 1.0,
    }


def _source(one: SourceState) -> html.Li:
    level = "fine" if one.healthy else "wrong"
    phase = PHASES[one.phase]
    return html.Li(
        [
            html.Span("●" if one.healthy else "▲", className=f"dot dot-{level}", **{"aria-hidden": "true"}),
            dcc.Link(
                [one.name, html.Span(f" {phase}", className="usual" if one.phase in _USUAL else None)],
                href=rooted(SOURCES),
            ),
        ],
        title=frame_words.source_line(one, phase),
    )


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
