"""The line on a rumour's page that says who else is here, fed by the page's own polls."""

from typing import Any

from dash import Output, dcc, html, no_update

from dashboard.access import named
from dashboard.browser_input import words
from dashboard.services import Services
from dashboard.signed_in import required
from dashboard.views.board import BoardRow
from dashboard.views.ranking import handed_to
from dashboard.words import who_is_here as here_words
from models.people.presence import View

HERE = "rumour-here"
# The stamp of what is shown of it.
SHOWN = "rumour-here-shown"
OUTPUTS = {"says": Output(HERE, "children"), "shown": Output(SHOWN, "data")}


def layout() -> html.Div:
    line = html.P(id=HERE, className="also-here", role="status", **{"aria-label": here_words.HERE_LABEL})
    return html.Div([dcc.Store(id=SHOWN), line])


def note_that_it_is_shown(services: Services, incident: str, row: BoardRow, page: str) -> None:
    """Whoever asks looks at the rumour, and has opened it if it was handed to them."""
    me, here = required(), services.who_is_here
    who = named(services.incident(incident))
    here.presence.seen(View.called(me.session.id, page), incident, row.id, who, here.now())
    if given := handed_to(row, me.user.id):
        services.opened.add(incident, given.number)


def news(services: Services, incident: str, rumour: str, shown: Any) -> dict[str, Any]:
    """For OUTPUTS: who else is here, where that has changed."""
    here = services.who_is_here.at(incident)
    if here.stamp == words(shown):
        return dict.fromkeys(OUTPUTS, no_update)
    return {"says": here_words.also_here(here.others(rumour, required().user.id)), "shown": here.stamp}
