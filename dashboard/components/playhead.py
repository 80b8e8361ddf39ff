"""The one playhead of all pages: which moment they show, and how to go to another. `assets/playhead.js` moves it.

In the past it is the broad amber line on top of every page. On the review it stands in the present too, and has a
slider over the incident's life.
"""

from datetime import datetime
from math import ceil
from typing import Any

from dash import Dash, Input, Output, dcc, html, no_update
from dash.exceptions import PreventUpdate

from dashboard import ids
from dashboard.browser_input import fields
from dashboard.browser_input import words as words_of
from dashboard.components.native_input import NativeInput
from dashboard.paths import at, search_for
from dashboard.services import Moment, Services
from dashboard.views.past import Life
from dashboard.words import playhead as words
from dashboard.words.local_time import NotATime, exact, typed

# What was typed: {"text", "at"}. A store of the shell.
ASKED = "playhead-asked"
TIME = "playhead-time"
PROBLEM = "playhead-problem"
SLIDER = "playhead-slider"
SLIDER_STEP_SECONDS = 60


def layout(path: str, moment: Moment, present: datetime, life: Life | None = None) -> html.Section | None:
    """Above the page at `path`; nothing in the present without a `life` to choose from."""
    past = moment.as_of is not None
    if not past and life is None:
        return None
    return html.Section(
        [
            html.P(
                [
                    html.Strong(words.as_known_at(moment.as_of) if past else words.CHOOSE),
                    html.Span(words.READ_ONLY, className="playhead-rule") if past else None,
                ],
                className="playhead-words",
                role="status",
            ),
            html.Div([*_steps(path, moment, present), _typed(moment)], className="playhead-moves"),
            _slider(life, moment) if life is not None else None,
        ],
        className="playhead playhead-past" if past else "playhead",
        **{"aria-label": words.LABEL},
    )


def _steps(path: str, moment: Moment, present: datetime) -> list[dcc.Link]:
    """A link for each step that leads somewhere; in the past also the way to the present."""
    past = moment.as_of is not None
    links = [
        dcc.Link(
            said,
            href=at(path, moment.now + step if moment.now + step < present else None),
            title=words.step_title(step),
            className="button",
        )
        for step, said in words.STEPS.items()
        if past or moment.now + step < present
    ]
    return [*links, dcc.Link(words.TO_THE_PRESENT, href=path, className="button button-main")] if past else links


def _typed(moment: Moment) -> html.Form:
    return html.Form(
        [
            html.Label(words.TIME, htmlFor=TIME, className="unseen"),
            NativeInput(
                id=TIME,
                type="text",
                autoComplete="off",
                **{"aria-describedby": PROBLEM, "data-moment": exact(moment.now)},
            ),
            html.Button(words.SHOW, type="submit", className="button"),
            problem(),
        ],
        className="playhead-typed",
    )


def problem() -> html.Span:
    """What is wrong with the time that was typed."""
    return html.Span(id=PROBLEM, className="playhead-problem", role="alert")


def _slider(life: Life, moment: Moment) -> html.Div:
    """From the first to the last that is known of the incident, in seconds since 1970, in whole steps."""
    first = int(life.first_known_at.timestamp())
    steps = ceil((life.last_known_at.timestamp() - first) / SLIDER_STEP_SECONDS)
    last = first + SLIDER_STEP_SECONDS * max(steps, 1)
    here = min(max(int(moment.now.timestamp()), first), last)
    return html.Div(
        [
            html.Span(exact(life.first_known_at), className="quiet"),
            NativeInput(
                id=SLIDER,
                type="range",
                min=first,
                max=last,
                step=SLIDER_STEP_SECONDS,
                **{
                    "aria-label": words.SLIDER,
                    "data-moment": str(here),
                },
            ),
            html.Span(exact(life.last_known_at), className="quiet"),
            html.Output(className="playhead-at", htmlFor=SLIDER),
        ],
        className="playhead-life",
    )


def register(app: Dash, services: Services) -> None:
    @app.callback(
        Output(ids.URL, "search"),
        Output(PROBLEM, "children"),
        Input(ASKED, "data"),
        prevent_initial_call=True,
    )
    def go(asked: Any):
        if asked is None:
            raise PreventUpdate
        now = services.clock.now()
        try:
            moment = typed(words_of(fields(asked).get("text"))[:100], now)
        except NotATime as problem:
            return no_update, str(problem)
        return (no_update, words.NOT_YET) if moment >= now else (search_for(moment), None)
