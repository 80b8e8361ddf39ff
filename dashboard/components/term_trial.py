"""Beneath the watch terms of an incident's form: the button that tries them, and what they would have matched."""

from collections.abc import Sequence

from dash import dcc, html

from dashboard.components.marks import outside_words
from dashboard.words import trials as words
from models.domain.incidents import Watch
from models.domain.sources import SourceState
from models.domain.trials import Trial

ASKED = "trial-asked"
FOUND = "trial-found"
KEY = "y"


def layout() -> html.Div:
    """`assets/trials.js` sends what the form says of terms, languages, sources and area."""
    button = html.Button(
        [words.TRY, html.Kbd(KEY, **{"aria-hidden": "true"})],
        type="button",
        className="button",
        **{"data-tries": "", "aria-describedby": "trial-hint", "aria-keyshortcuts": KEY},
    )
    return html.Div(
        [
            dcc.Store(id=ASKED),
            html.Div([button, html.Span(words.TRY_HINT, id="trial-hint", className="hint")], className="act-bar"),
            html.Div(id=FOUND, className="trial", role="status"),
        ],
        className="field",
    )


def problem(what: str) -> html.P:
    return html.P(what, className="problem")


def result(trials: Sequence[Trial], watch: Watch, sources: Sequence[SourceState]) -> list:
    """What each term, and all together, would have matched of each source, and what is odd or cannot be told."""
    told = [one for one in trials if one.counted]
    shown = [
        html.H3(words.HEADING),
        _table(told, watch) if told else None if trials else html.P(words.NO_SOURCE),
        _list(list(words.warnings(told, watch)) if told else [], "trial-warnings"),
        _list(list(words.not_told(trials, watch, sources)), "trial-notes"),
        html.P(f"{words.ANSWERS} {words.ABOUT}", className="hint") if told else None,
    ]
    return [part for part in shown if part is not None]


def _table(trials: Sequence[Trial], watch: Watch) -> html.Div:
    head = [html.Th(words.TERM, scope="col"), *(html.Th(words.column(one), scope="col") for one in trials)]
    rows = [
        html.Tr(
            [
                html.Th(outside_words(term), scope="row"),
                *(html.Td(words.found(trial, trial.terms[place])) for trial in trials),
            ]
        )
        for place, term in enumerate(watch.terms)
    ]
    together = [html.Th(words.TOGETHER, scope="row"), *(html.Td(words.together(one, watch)) for one in trials)]
    parts = [
        html.Caption(words.caption(trials)),
        html.Thead(html.Tr(head)),
        html.Tbody([*rows, html.Tr(together, className="trial-together")]),
    ]
    # With many sources it is wider than a narrow screen, and is scrolled by the keyboard too.
    return html.Div(
        html.Table(parts, className="figures-table"),
        className="scrolls-sideways",
        tabIndex="0",
        role="region",
        **{"aria-label": words.HEADING},
    )


def _list(lines: list[str], class_name: str) -> html.Ul | None:
    return html.Ul([html.Li(outside_words(line)) for line in lines], className=class_name) if lines else None
