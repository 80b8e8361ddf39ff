"""The pieces of the bubbles' page: the controls, the picture with the list beside it, the strip, and the captions."""

from collections.abc import Sequence
from datetime import datetime

from dash import html

from dashboard.components import marks, taking
from dashboard.components.native_input import NativeInput
from dashboard.forms import bubbles_file, caption
from dashboard.services import Moment
from dashboard.words import bubbles as bubble_words
from dashboard.words import shared as shared_words
from models.domain.acts import Annotation

LEFT_OUT = "bubbles-left-out"
CAPTIONS = "bubbles-captions"


def controls(as_of: datetime | None) -> html.Div:
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
            None if as_of else pin,
            html.Button(
                [html.Span("↓", **{"aria-hidden": "true"}), html.Span(bubble_words.SAVE)],
                type="button",
                className="button",
                **{
                    "data-opens": bubbles_file.FORM.name,
                    "data-part": "save",
                    "data-moment": "",
                    "data-half_life": "",
                    "data-as_of": as_of.isoformat() if as_of else "",
                },
            ),
            taking.note(),
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


def plain(of_rumour: bool) -> html.Div:
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


def strip() -> html.Div:
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


def caption_list(captions: Sequence[Annotation], moment: Moment) -> list:
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
