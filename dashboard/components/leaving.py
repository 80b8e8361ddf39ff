"""Links to other sites, marked as such, and the dialog that names the site first. `leaving.js` opens it."""

from dash import html

from dashboard.words import leaving as words

DIALOG = "leaving"


def link(label: str, address: str) -> html.A | html.Span:
    """A link to another site, with its host; words alone where the address is none that a browser should open."""
    site = words.site_of(address)
    if site is None:
        return html.Span([f"{label}: ", html.Bdi(address)])
    return html.A(
        [f"{label}: ", html.Bdi(site), *mark()],
        href=words.link_to(address),
        target="_blank",
        rel="noopener noreferrer nofollow",
        className="leaves",
    )


def mark() -> list[html.Span]:
    """What says of a link that it leads to another site, to the eye and to a screen reader."""
    return [
        html.Span(f" {words.MARK}", title=words.OPENS_ANOTHER, **{"aria-hidden": "true"}),
        html.Span(f" ({words.OPENS_ANOTHER})", className="unseen"),
    ]


def dialog() -> html.Dialog:
    title, told = f"{DIALOG}-title", f"{DIALOG}-told"
    return html.Dialog(
        [
            html.H2(words.TITLE, id=title),
            html.Div(
                [
                    html.P([words.LEADS_TO, html.Strong(html.Bdi(**{"data-leaving-site": ""}))]),
                    html.P(words.PUNYCODE, className="problem", hidden=True, **{"data-leaving-punycode": ""}),
                    html.P(words.NOT_CHECKED, className="quiet"),
                ],
                id=told,
            ),
            html.Div(
                [
                    html.Button(
                        words.STAY, type="button", className="button button-main", **{"data-leaving-stay": ""}
                    ),
                    # Its address is written by the browser each time the dialog is opened.
                    html.A(
                        className="button",
                        target="_blank",
                        rel="noopener noreferrer nofollow",
                        **{"data-leaving-go": ""},
                    ),
                ],
                className="act-bar",
            ),
        ],
        id=DIALOG,
        className="dialog",
        **{"aria-labelledby": title, "aria-describedby": told},
    )
