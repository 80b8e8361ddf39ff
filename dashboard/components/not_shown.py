"""What stands in place of a page about an incident that somebody may not see: the same where there is no such one."""

from dash import dcc, html, set_props

from dashboard import ids
from dashboard.browser_input import log_in_one_line
from dashboard.components import top_bar
from dashboard.paths import INCIDENTS, rooted
from dashboard.services import NotShown
from dashboard.words import frame as frame_words
from dashboard.words import services as words


def layout() -> html.Div:
    link = dcc.Link(frame_words.ALL_INCIDENTS, href=rooted(INCIDENTS), className="button")
    return html.Div(
        [html.H1(words.NOT_SHOWN), html.P(words.NOT_SHOWN_WHY), html.P(link, className="act-bar")],
        className="message",
    )


def instead_of(error: Exception) -> None:
    """What becomes of a callback that failed. An open page gives way once its incident is not shown any more."""
    if not isinstance(error, NotShown):
        log_in_one_line("a screen could not be drawn", error)
        return
    set_props(ids.CONTENT, {"children": layout()})
    set_props(top_bar.INCIDENT_BAR, {"children": None})
    set_props("places", {"children": top_bar.places(None, None)})
    set_props(ids.ANNOUNCE, {"children": words.NOT_SHOWN})
    # The page that kept the top bar live is gone.
    set_props(ids.PULSE, {"disabled": False})
