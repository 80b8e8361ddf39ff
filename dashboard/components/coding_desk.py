"""The coding desk on the screen: one flow with its context, four big keys, skip and back.

The page draws the frame; `assets/coding.js` fills it with one flow after another, so that the next is there at once.
"""

from dash import html

from dashboard.components.native_input import NativeInput
from dashboard.words import coding as words
from dashboard.words import shared as shared_words
from models.domain.rumours import Stance


def desk(heading: str, *, settles: bool) -> html.Section:
    """The frame. With `settles` it shows what the coders said, and asks why."""
    return html.Section(
        [
            html.Div(
                [
                    html.H2(heading, id="coding-desk-title"),
                    html.Span(className="grow"),
                    html.Progress(**{"data-desk-bar": "", "aria-labelledby": "coding-desk-title"}),
                    html.Span(className="coding-progress", **{"data-desk-progress": ""}),
                ],
                className="section-head",
            ),
            _card(settles=settles),
            html.P(className="problem", role="alert", **{"data-desk-problem": ""}),
            html.Div(
                [_key(stance) for stance in Stance],
                className="coding-keys",
                role="group",
                **{"aria-label": words.KEYS_LABEL, "data-desk-keys": ""},
            ),
            _reason() if settles else None,
            html.Div(
                [
                    _small(words.GO_BACK, words.BACK_KEY, "back"),
                    _small(words.LATER if settles else words.SKIP, words.SKIP_KEY, "skip"),
                    html.Span(className="grow"),
                    html.Span(role="status", className="quiet", **{"data-desk-saved": ""}),
                ],
                className="act-bar",
            ),
        ],
        className="panel coding-desk",
        **{"data-desk": "settle" if settles else "code", "aria-labelledby": "coding-desk-title"},
    )


def _card(*, settles: bool) -> html.Div:
    finish = html.Button(words.FINISH, type="button", className="button button-main", **{"data-desk-press": "finish"})
    return html.Div(
        [
            html.Div(
                [
                    _part(words.CLAIM, "claim", "coding-claim"),
                    html.Div(
                        [
                            html.H3(words.ANSWERED, className="quiet"),
                            html.Blockquote(html.Bdi(dir="auto", **{"data-card": "answered"})),
                        ],
                        **{"data-card-part": "answered"},
                    ),
                    _part(words.POST, "text", "coding-post"),
                    html.P(className="quiet", **{"data-card": "facts"}),
                    html.Div(
                        [
                            html.H3(words.SAID, className="quiet"),
                            html.Ul(className="coding-said", **{"data-card-said": ""}),
                        ]
                    )
                    if settles
                    else None,
                ],
                className="coding-card",
                **{"data-desk-card": "", "aria-live": "polite", "aria-atomic": "true"},
            ),
            html.Div(
                [
                    html.P(words.SETTLED_ALL if settles else words.FINISHED_ALL),
                    None if settles else finish,
                ],
                className="coding-done",
                hidden=True,
                **{"data-desk-done": ""},
            ),
        ],
        className="coding-stage",
    )


def _part(heading: str, name: str, class_name: str) -> html.Div:
    return html.Div(
        [
            html.H3(heading, className="quiet"),
            html.P(html.Bdi(dir="auto", **{"data-card": name}), className=class_name),
        ]
    )


def _key(stance: Stance) -> html.Button:
    return html.Button(
        [
            html.Span(shared_words.MARKS[stance], className="mark", **{"aria-hidden": "true"}),
            html.Span(
                [
                    html.Span(shared_words.STANCES[stance], className="coding-key-name"),
                    html.Span(words.MEANINGS[stance], className="quiet coding-key-meaning"),
                ],
                className="coding-key-words",
            ),
            html.Kbd(words.LABEL_KEYS[stance]),
        ],
        type="button",
        className=f"button coding-key stance-{stance.value}",
        **{"data-desk-label": stance.value, "aria-pressed": "false"},
    )


def _small(name: str, key: str, press: str) -> html.Button:
    return html.Button([name, html.Kbd(key)], type="button", className="button", **{"data-desk-press": press})


def _reason() -> html.Div:
    return html.Div(
        [
            html.Label(words.REASON, htmlFor="coding-reason"),
            NativeInput(id="coding-reason", type="text", autoComplete="off", **{"data-desk-reason": ""}),
        ],
        className="field coding-reason",
    )
