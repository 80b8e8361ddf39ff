"""The first and the last step of an import: choosing the file, and why it is read. `imports.js` finds the parts."""

from typing import Any

from dash import html

from dashboard.components.native_input import NativeInput
from dashboard.words import imports as words
from models.domain.imports import Takes

FILE = "import-file"
REASON = "import-reason"
# Why the import could not begin.
PROBLEM = "import-problem"


def choose(megabytes: int) -> html.Section:
    return html.Section(
        [
            html.H2(words.CHOOSE, id=f"{FILE}-title"),
            html.Div(
                [
                    html.Span(
                        f"{words.FILE_HINT} {words.largest(megabytes)}",
                        id=f"{FILE}-hint",
                        className="hint",
                    ),
                    NativeInput(
                        id=FILE,
                        type="file",
                        **{
                            "aria-labelledby": f"{FILE}-title",
                            "aria-describedby": f"{FILE}-hint",
                            "data-import-file": "",
                        },
                    ),
                ],
                className="field",
            ),
            html.Div(
                [
                    html.Progress(max="100", value="0", **{"aria-label": words.SENDING, "data-import-sent": ""}),
                    html.Span(role="status", **{"data-import-note": ""}),
                    html.Button(words.CANCEL_UPLOAD, type="button", className="button", **{"data-import-drop": ""}),
                ],
                className="import-bar",
                hidden=True,
                **{"data-import-sending": ""},
            ),
            html.P(className="problem", role="alert", **{"data-import-problem": ""}),
        ],
        className="panel",
    )


def confirm() -> list[Any]:
    return [
        html.H2(words.READ),
        html.Fieldset(
            [html.Legend(words.TAKES), html.Div([_choice(one) for one in Takes], className="choices")],
            className="field",
        ),
        html.Div(
            [
                html.Label(words.REASON, htmlFor=REASON),
                html.Span(words.REASON_HINT, id=f"{REASON}-hint", className="hint"),
                NativeInput(id=REASON, type="text", autoComplete="off", **{"aria-describedby": f"{REASON}-hint"}),
            ],
            className="field",
        ),
        html.P(id=PROBLEM, className="problem", role="alert"),
        html.P(
            html.Button(words.START, type="button", className="button button-main", **{"data-import-start": ""}),
            className="act-bar",
        ),
    ]


def _choice(one: Takes) -> html.Label:
    """One radio button; its hint describes it, but is no part of its name."""
    name, hint = words.TAKES_OPTIONS[one]
    label, described = f"import-takes-{one.value}-label", f"import-takes-{one.value}-hint"
    box = NativeInput(
        type="radio",
        name="import-takes",
        value=one.value,
        defaultChecked=one is Takes.ALL,
        **{"aria-labelledby": label, "aria-describedby": described, "data-import-takes": one.value},
    )
    return html.Label(
        [box, html.Span([html.Span(name, id=label), html.Span(hint, id=described, className="hint")])],
        className="choice",
    )
