"""The Reading the Riots picture of a rumour, or of a whole incident, live and played again."""

from datetime import UTC, datetime
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html, no_update
from dash.exceptions import PreventUpdate

from dashboard import ids
from dashboard.browser_input import fields, words
from dashboard.components import bubbles_parts
from dashboard.components.bubbles_data import picture_data
from dashboard.components.top_bar import BAR, bar_now, pausable
from dashboard.figures.axes import STILL_LEVELS, tick_levels
from dashboard.forms import bubbles_file, caption, drawing
from dashboard.paths import Page, at, bubbles_path, part_path, rumour_path
from dashboard.services import Moment, Services
from dashboard.views.bubbles import span_of, strip_marks
from dashboard.words import bubbles as bubble_words
from models.domain.audit import AuditedLook
from models.domain.incidents import Incident
from models.measures.bubbles import Picture

CONTEXT = "bubbles-context"
HEAD = "bubbles-head"
DATA = "bubbles-data"
HAVE = "bubbles-have"
EMPTY = "bubbles-empty"
STAGE = "bubbles-stage"
TICK = "bubbles-tick"
ACTED = "bubbles-acted"
DRAWN_FOR = "bubbles-drawn-for"


def layout(incident: Incident | None = None, rumour: str | None = None, moment: Moment | None = None) -> html.Div:
    incident_id = incident.id if incident else ""
    as_of = moment.as_of if moment else None
    context = {"incident": incident_id, "rumour": rumour, "as_of": as_of.isoformat() if as_of else None}
    if rumour is None:
        back = dcc.Link(bubble_words.TO_REVIEW, href=at(part_path(incident_id, Page.REVIEW), as_of), className="back")
    else:
        back = dcc.Link(bubble_words.TO_RUMOUR, href=at(rumour_path(incident_id, rumour), as_of), className="back")
    return html.Div(
        [
            *(dcc.Store(id=name) for name in (DATA, HAVE, DRAWN_FOR, ACTED)),
            dcc.Store(id=CONTEXT, data=context),
            dcc.Interval(id=TICK, interval=2000, max_intervals=1 if as_of else -1),
            html.Div([back, html.H1(id=HEAD)], className="rumour-title"),
            html.P(bubble_words.EMPTY, id=EMPTY, className="empty", hidden=True),
            html.Div(
                [
                    bubbles_parts.controls(as_of),
                    bubbles_parts.plain(rumour is not None),
                    bubbles_parts.strip(),
                ],
                id=STAGE,
                className="bubbles-stage",
            ),
            drawing.draw(caption.FORM),
            drawing.draw(caption.AWAY),
            drawing.draw(bubbles_file.FORM),
        ],
        className="bubbles",
        **{"data-page": "bubbles", "data-incident": incident_id, "data-rumour": rumour or ""},
    )


# What is drawn anew as posts arrive or people act.
_DRAWN = {
    "data": Output(DATA, "data"),
    "drawn_for": Output(DRAWN_FOR, "data"),
    "head": Output(HEAD, "children"),
    "left_out": Output(bubbles_parts.LEFT_OUT, "children"),
    "captions": Output(bubbles_parts.CAPTIONS, "children"),
    "empty_hidden": Output(EMPTY, "hidden"),
    "stage_hidden": Output(STAGE, "hidden"),
}


def register(app: Dash, services: Services) -> None:
    @app.callback(
        output={**_DRAWN, "bar": BAR},
        inputs=[
            Input(TICK, "n_intervals"),
            Input(ACTED, "data"),
            Input(CONTEXT, "data"),
            State(HAVE, "data"),
            State(DRAWN_FOR, "data"),
            State(ids.SOURCES_SHOWN, "data"),
        ],
        prevent_initial_call="initial_duplicate",
    )
    def poll(tick, acted, context, have, drawn_for, sources_shown):
        incident, rumour, moment = _about(services, context)
        bar = bar_now(services, sources_shown)
        look = AuditedLook.BUBBLES if rumour is None else AuditedLook.RUMOUR
        version = [services.store.views.version, f"{moment.now:%Y%m%d%H%M}"]
        if version == drawn_for and have is not None:
            services.still_looks(look, incident.id, rumour)
            return {**dict.fromkeys(_DRAWN, no_update), "bar": bar}
        picture = services.pictures.picture(incident.id, rumour, moment.as_of)
        captions = services.store.annotations.of(incident.id, rumour, moment.as_of)
        is_empty = len(picture.times) == 0
        if not is_empty:
            services.looked(look, incident.id, rumour, moment.as_of, redrawn=have is not None)
        return {
            "data": no_update if is_empty else _data(services, picture, incident, rumour, moment, have),
            "drawn_for": version,
            "head": bubble_words.heading_of(services.board(incident.id, moment).rows, incident, rumour),
            "left_out": bubble_words.left_out(picture),
            "captions": bubbles_parts.caption_list(captions, moment),
            "empty_hidden": not is_empty,
            "stage_hidden": is_empty,
            "bar": bar,
        }

    app.clientside_callback(
        ClientsideFunction("bubbles", "take"), Output(HAVE, "data"), Input(DATA, "data"), State(CONTEXT, "data")
    )
    pausable(app, TICK, CONTEXT)


def _about(services: Services, context: Any) -> tuple[Incident, str | None, Moment]:
    context = fields(context)
    _, moment = services.about(context)
    incident = services.incident(words(context.get("incident")), moment.as_of)
    if incident is None:
        raise PreventUpdate
    return incident, words(context.get("rumour")) or None, moment


def _data(
    services: Services, picture: Picture, incident: Incident, rumour: str | None, moment: Moment, have: Any
) -> dict[str, Any]:
    rows = services.board(incident.id, moment).rows
    of_rumours = rumour is None
    start, end = span_of(picture, moment.now)
    return {
        **picture_data(picture, have),
        "names": [rows[one].claim if one in rows else "" for one in picture.group_ids] if of_rumours else [],
        "links": [at(bubbles_path(incident.id, one), moment.as_of) for one in picture.group_ids]
        if of_rumours
        else [],
        "marks": [
            {"kind": one.kind, "at": one.at.timestamp(), "text": one.text}
            for one in strip_marks(services.store, incident.id, rumour, moment.now, as_of=moment.as_of)
        ],
        "gaps": [
            [gap.since.timestamp(), (gap.until or moment.now).timestamp()]
            for gap in services.store.sources.gaps(moment.as_of)
        ],
        "span": [start, end],
        **tick_levels(datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC), STILL_LEVELS),
    }
