"""The Reading the Riots picture of a rumour, or of a whole incident, live and played again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html, no_update
from dash.exceptions import PreventUpdate

from dashboard import ids
from dashboard.browser_input import fields, words
from dashboard.components import marks
from dashboard.components.bubbles_data import picture_data
from dashboard.components.native_input import NativeInput
from dashboard.components.top_bar import BAR, bar_now, pausable
from dashboard.forms import caption, drawing
from dashboard.paths import Page, at, bubbles_path, part_path, rumour_path
from dashboard.services import Moment, Services
from dashboard.words import bubbles as bubble_words
from dashboard.words import shared as shared_words
from models.clock import utc_time
from models.domain import Annotation, Incident
from models.measures.bubbles import Picture

CONTEXT = "bubbles-context"
HEAD = "bubbles-head"
DATA = "bubbles-data"
HAVE = "bubbles-have"
LEFT_OUT = "bubbles-left-out"
CAPTIONS = "bubbles-captions"
EMPTY = "bubbles-empty"
STAGE = "bubbles-stage"
TICK = "bubbles-tick"
ACTED = "bubbles-acted"
DRAWN_FOR = "bubbles-drawn-for"
LEAST_OPEN_SECONDS = 1800


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
                [_controls(is_past=as_of is not None), _plain(rumour is not None), _strip()],
                id=STAGE,
                className="bubbles-stage",
            ),
            drawing.draw(caption.FORM),
            drawing.draw(caption.AWAY),
        ],
        className="bubbles",
        **{"data-page": "bubbles", "data-incident": incident_id, "data-rumour": rumour or ""},
    )


def _controls(*, is_past: bool) -> html.Div:
    pin = html.Button(
        [html.Span("⚑", **{"aria-hidden": "true"}), html.Span(bubble_words.PIN)],
        type="button",
        className="button",
        **{"data-opens": caption.FORM.name, "data-part": "pin", "data-moment": ""},
    )
    return html.Div(
        [
            _press("play", "►", bubble_words.PLAY, main=True),
            _press("back", "◄", bubble_words.BACK),
            _press("forward", "►", bubble_words.FORWARD),
            _press("now", "►❘", bubble_words.NOW),
            _number("speed", bubble_words.SPEED, bubble_words.SPEED_UNIT),
            _number("half-life", bubble_words.HALF_LIFE, bubble_words.MINUTES),
            html.Span(className="grow"),
            None if is_past else pin,
            html.Details(
                [
                    html.Summary(bubble_words.SAVE, className="button"),
                    html.Ul(
                        [
                            html.Li(html.A(name, href="#", download="", **{"data-saves": kind}))
                            for kind, name in bubble_words.SAVES.items()
                        ],
                        className="bubbles-saves panel",
                    ),
                ],
                className="bubbles-save",
            ),
            _press("closer", "+", bubble_words.CLOSER),
            _press("farther", "−", bubble_words.FARTHER),
            _press("whole", "○", bubble_words.WHOLE),
        ],
        className="bubbles-controls",
        role="group",
    )


def _press(press: str, sign: str, name: str, *, main: bool = False) -> html.Button:
    return html.Button(
        [html.Span(sign, **{"aria-hidden": "true"}), html.Span(name)],
        type="button",
        className="button button-main" if main else "button",
        **{"data-press": press, **({"data-part": "play"} if press == "play" else {})},
    )


def _number(part: str, name: str, unit: str) -> html.Label:
    return html.Label(
        [
            html.Span(name),
            NativeInput(type="number", min=1, max=100_000, className="bubbles-number", **{"data-part": part}),
            html.Span(unit),
        ],
        className="bubbles-setting",
    )


def _plain(of_rumour: bool) -> html.Div:
    legend = [
        html.Li(
            [html.Span(mark, className="mark", **{"aria-hidden": "true"}), f" {name}"], className=f"stance-{name}"
        )
        for name, mark in bubble_words.stance_words()
    ]
    return html.Div(
        [
            html.Div(
                [
                    html.Canvas(
                        className="bubbles-canvas",
                        role="img",
                        tabIndex="0",
                        **{"aria-label": bubble_words.PICTURE_LABEL, "data-part": "canvas"},
                    ),
                    html.Div(className="bubbles-tip", hidden=True, **{"data-part": "tip"}),
                    html.P(className="bubbles-caption", role="status", **{"data-part": "caption"}),
                ],
                className="bubbles-plain",
            ),
            html.Section(
                [
                    html.H2(
                        [f"{bubble_words.MOMENT_LIST} ", html.Span(**{"data-part": "moment"}, className="quiet")]
                    ),
                    html.Table(
                        [
                            html.Thead(
                                html.Tr(
                                    [
                                        html.Th(bubble_words.STANCE, scope="col"),
                                        html.Th(scope="col", **{"data-part": "latest"}),
                                        html.Th(bubble_words.SO_FAR, scope="col"),
                                    ]
                                )
                            ),
                            html.Tbody(),
                        ],
                        className="figures-table",
                    ),
                    html.H3(bubble_words.LOUDEST),
                    html.Ul(className="bubbles-loudest", **{"data-part": "loudest"}),
                    html.Div(id=CAPTIONS),
                    html.Details(
                        [
                            html.Summary(bubble_words.LEGEND_TITLE),
                            html.Ul(legend, className="bubbles-legend"),
                            html.P(bubble_words.legend(of_rumour)),
                            html.P(f"{bubble_words.UNKNOWN} {bubble_words.OFFICIAL} {bubble_words.SMALLEST}"),
                        ],
                        open=True,
                        className="quiet",
                    ),
                    html.P(id=LEFT_OUT, className="quiet"),
                ],
                className="panel bubbles-list",
                **{"data-part": "list", "aria-label": bubble_words.MOMENT_LIST},
            ),
        ],
        className="bubbles-split",
    )


def _strip() -> html.Div:
    return html.Div(
        [
            html.Canvas(className="bubbles-strip", **{"data-part": "strip", "aria-hidden": "true"}),
            NativeInput(
                type="range",
                className="bubbles-playhead",
                **{"aria-label": bubble_words.PLAYHEAD, "data-part": "playhead"},
            ),
        ],
        className="panel bubbles-time",
    )


def _captions(captions: Sequence[Annotation], moment: Moment) -> list:
    """The captions in order of time, each to be taken away unless this is the past."""
    if not captions:
        return []
    return [
        html.H3(bubble_words.CAPTIONS),
        html.Ul(
            [
                html.Li(
                    [
                        marks.moment(one.pinned_to, moment.now),
                        html.Span(one.text, className="outside grow"),
                        html.Span(shared_words.officer(one.pinned_by), className="quiet"),
                        None if moment.as_of else _away(one),
                    ]
                )
                for one in captions
            ],
            className="bubbles-pinned",
        ),
    ]


def _away(one: Annotation) -> html.Button:
    return html.Button(
        bubble_words.TAKE_AWAY,
        type="button",
        className="button button-quiet",
        **{
            "data-opens": caption.AWAY.name,
            "data-caption": one.id,
            "aria-label": bubble_words.take_away_label(one.text),
        },
    )


# What is drawn anew as posts arrive or people act.
_DRAWN = {
    "data": Output(DATA, "data"),
    "drawn_for": Output(DRAWN_FOR, "data"),
    "head": Output(HEAD, "children"),
    "left_out": Output(LEFT_OUT, "children"),
    "captions": Output(CAPTIONS, "children"),
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
        version = [services.store.views.version, f"{moment.now:%Y%m%d%H%M}"]
        if version == drawn_for and have is not None:
            return {**dict.fromkeys(_DRAWN, no_update), "bar": bar}
        picture = services.pictures.picture(incident.id, rumour, moment.as_of)
        is_empty = len(picture.times) == 0
        return {
            "data": no_update if is_empty else _data(services, picture, incident, rumour, moment, have),
            "drawn_for": version,
            "head": bubble_words.heading_of(services.keeper.latest(incident.id).rows, incident, rumour),
            "left_out": bubble_words.left_out(picture),
            "captions": _captions(services.store.annotations.of(incident.id, rumour, moment.as_of), moment),
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
    incident = services.incident(words(context.get("incident")))
    if incident is None:
        raise PreventUpdate
    try:
        as_of = utc_time(words(context.get("as_of"))) if context.get("as_of") else None
    except ValueError:
        raise PreventUpdate from None
    return incident, words(context.get("rumour")) or None, services.moment(as_of)


def marks_of(
    services: Services, incident: Incident, rumour: str | None, moment: Moment
) -> list[tuple[str, datetime, str]]:
    """What the strip marks as known then, each with its kind, its time and its words: corrections and captions."""
    corrections = [
        ("correction", one.issued_at, bubble_words.correction_mark(one, moment.now))
        for one in services.store.acts.corrections(incident.id, rumour)
        if moment.as_of is None or one.recorded_at <= moment.as_of
    ]
    captions = [
        ("caption", one.pinned_to, bubble_words.caption_mark(one))
        for one in services.store.annotations.of(incident.id, rumour, moment.as_of)
    ]
    return [*corrections, *captions]


def span_of(picture: Picture, moment: Moment) -> tuple[int, int]:
    """From when to when the picture reaches, in seconds since 1970; to now where something may still be added."""
    first = picture.times.min()
    last, now = max(picture.times.max(), first + 60), moment.now.timestamp()
    is_open = 0 <= now - last < max(LEAST_OPEN_SECONDS, (last - first) / 4)
    return int(first), int(now if is_open else last) + 1


def _data(
    services: Services, picture: Picture, incident: Incident, rumour: str | None, moment: Moment, have: Any
) -> dict[str, Any]:
    rows = services.keeper.latest(incident.id).rows
    of_rumours = rumour is None
    return {
        **picture_data(picture, have),
        "names": [rows[one].claim if one in rows else "" for one in picture.group_ids] if of_rumours else [],
        "links": [at(bubbles_path(incident.id, one), moment.as_of) for one in picture.group_ids]
        if of_rumours
        else [],
        "marks": [
            {"kind": kind, "at": when.timestamp(), "text": text}
            for kind, when, text in marks_of(services, incident, rumour, moment)
        ],
        "gaps": [
            [gap.since.timestamp(), (gap.until or moment.now).timestamp()]
            for gap in services.store.sources.gaps(moment.as_of)
        ],
        "span": span_of(picture, moment),
        "live": moment.as_of is None,
    }
