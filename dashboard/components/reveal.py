"""The button that asks to reveal an author, and the dialog in which a post stands unmasked. `reveal.js` fills it."""

from dash import html

from dashboard.components.leaving import mark
from dashboard.words import reveal as words

DIALOG = "revealed"


def button(number: int) -> html.Button:
    """`number` is the post's place in the store: its id may name an account."""
    return html.Button(
        words.OPEN,
        type="button",
        className="button button-quiet reveal-button",
        title=words.OPEN_MEANS,
        **{"data-opens": "reveal", "data-post": str(number)},
    )


def dialog() -> html.Dialog:
    title = f"{DIALOG}-title"
    link = html.A(
        [html.Bdi(**{"data-revealed-site": ""}), *mark()],
        target="_blank",
        rel="noopener noreferrer nofollow",
        hidden=True,
        **{"data-revealed-link": ""},
    )
    return html.Dialog(
        [
            html.Div(
                [
                    html.H2(words.SHOWN_TITLE, id=title),
                    html.Span(
                        role="timer", className="countdown", **{"data-revealed-seconds": "", "aria-live": "off"}
                    ),
                ],
                className="form-head",
            ),
            html.Dl(
                [
                    html.Dt(words.TEXT),
                    html.Dd(html.Bdi(dir="auto", **{"data-revealed-text": ""}), className="revealed-text"),
                    html.Dt(words.ADDRESS),
                    html.Dd([html.Bdi(words.NO_ADDRESS, **{"data-revealed-address": ""}), " ", link]),
                    html.Dt(words.HANDLE),
                    html.Dd(words.NO_HANDLE),
                ],
                className="revealed",
            ),
            # What stands outside an open dialog is not read out.
            html.P(className="unseen", role="status", **{"data-revealed-told": "", "aria-live": "polite"}),
            html.Div(
                html.Button(words.HIDE, type="button", className="button button-main", **{"data-revealed-hide": ""}),
                className="act-bar",
            ),
        ],
        id=DIALOG,
        className="dialog",
        **{"aria-labelledby": title, "data-none": words.NO_ADDRESS},
    )


def said() -> html.P:
    """What is read out, and stands on the page, once nothing is shown any more."""
    return html.P(className="quiet", role="status", **{"data-revealed-said": "", "aria-live": "polite"})
