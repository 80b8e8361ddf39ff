"""From an address to the page that it shows, as things stood at its moment; or to what says why none is shown."""

from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, dcc, html, no_update

from dashboard import ids
from dashboard.browser_input import fields, one_of, words
from dashboard.components import not_shown, playhead, top_bar, you
from dashboard.pages import (
    audit,
    board,
    bubbles,
    coding,
    compare,
    imports,
    incident_form,
    incidents,
    report,
    review,
    rumour,
    sources_then,
    story,
)
from dashboard.pages import sources as sources_page
from dashboard.paths import (
    FRONT,
    INCIDENTS,
    NEW_INCIDENT,
    Page,
    Place,
    as_of_in,
    at,
    compared_in,
    list_in,
    place_of,
    rooted,
    unrooted,
)
from dashboard.services import Moment, Services
from dashboard.signed_in import required
from dashboard.views.audit import sees_audit
from dashboard.views.past import read_life
from dashboard.views.ranking import Tab
from dashboard.words import frame as frame_words
from dashboard.words import shared as shared_words
from models.domain.incidents import Incident

# The pages that keep the top bar live by their own polls.
_LIVE = frozenset({Page.BOARD, Page.RUMOUR, Page.BUBBLES, Page.COMPARE, Page.STORY, Page.CODING, Page.SOURCES})
PAGES = (
    *(board, rumour, bubbles, compare, story, coding),
    *(review, report, imports, sources_page, incident_form, audit),
)


def register(app: Dash, services: Services) -> None:
    @app.callback(
        output={
            "content": Output(ids.CONTENT, "children"),
            "places": Output("places", "children"),
            "bar": Output(top_bar.INCIDENT_BAR, "children"),
            "no_pulse": Output(ids.PULSE, "disabled"),
            "playhead": Output(ids.PLAYHEAD, "children"),
            "live": Output(ids.LIVE, "data"),
            "you": you.OUTPUTS,
        },
        inputs=[
            Input(ids.URL, "pathname"),
            Input(ids.URL, "search"),
            State(ids.PAUSED, "data"),
            State(ids.LIVE, "data"),
        ],
    )
    def route(pathname, search, paused, live):
        path = words(pathname) or rooted(FRONT)
        place = Place(Page.BOARD) if unrooted(path) == FRONT else place_of(path)
        try:
            moment = services.moment(as_of_in(words(search)))
        except ValueError:
            moment = services.moment(None)
            content, incident, keeps_live = _no_moment(path), _incident(services, place, moment), False
        else:
            content, incident, keeps_live = _shown(services, place, moment, words(search))
        past = moment.as_of is not None
        return {
            "content": content,
            "places": top_bar.places(
                incident, place.page if place else None, moment.as_of, audit=sees_audit(services.store)
            ),
            "bar": top_bar.incident_bar(services, incident, moment) if incident else None,
            "no_pulse": past or keeps_live or bool(paused),
            "playhead": _playhead(services, path, place, incident, moment),
            # The browser's clock runs by itself; it is told of a step into the past, in it and out of it.
            "live": top_bar.live_at(services, moment) if past or fields(live).get("past") else no_update,
            "you": you.shown(required()),
        }

    app.clientside_callback(
        ClientsideFunction("pages", "change_incident"),
        Output(ids.URL, "pathname"),
        Input({"choice": ALL}, "value"),
        prevent_initial_call=True,
    )


def _incident(services: Services, place: Place | None, moment: Moment) -> Incident | None:
    """The incident that an address names; of an address that names none, the newest that was open."""
    if place is None:
        return None
    if place.incident is None:
        return services.newest_open_incident(moment.as_of)
    return services.incident(place.incident, moment.as_of)


def _shown(
    services: Services, place: Place | None, moment: Moment, search: str
) -> tuple[html.Div, Incident | None, bool]:
    """What an address shows at a moment, of which incident, and whether it keeps the top bar live by itself."""
    incident = _incident(services, place, moment)
    if place is None or (place.incident is not None and incident is None):
        opened_later = place is not None and services.incident(place.incident) is not None
        if opened_later:
            return _opened_later(), None, False
        return (_not_found(moment) if place is None else not_shown.layout()), None, False
    page = _page(services, place, incident, moment, search)
    if page is None:
        return _no_incident(moment), incident, False
    return page, incident, moment.as_of is None and place.page in _LIVE


def _page(
    services: Services, place: Place, incident: Incident | None, moment: Moment, search: str
) -> html.Div | None:
    """What an address shows as it stood at a moment; None for the board where no incident is open."""
    named, past = incident.id if incident else "", moment.as_of is not None
    match place.page:
        case Page.SOURCES:
            return sources_then.layout(services, moment, named) if past else sources_page.layout(named)
        case Page.INCIDENTS:
            return incidents.layout(services, moment, named)
        case Page.NEW_INCIDENT:
            return _present_only() if past else incident_form.new_incident(services, named)
        case Page.AUDIT:
            return _present_only() if past else audit.page(services, moment, named, search)
        case Page.SETTINGS:
            if past:
                return incident_form.settings_then(services, incident, moment)
            return incident_form.settings(services, incident, named)
        case Page.REVIEW:
            found = {Page.CODING: coding.newest_result(services, named, moment)}
            return review.layout(services, incident, moment, found)
        case Page.BUBBLES:
            return bubbles.layout(incident, place.rumour, moment)
        case Page.COMPARE:
            return compare.page(services, incident, compared_in(search), moment)
        case Page.STORY:
            return story.layout(incident, moment)
        case Page.REPORT:
            return report.layout(incident, moment)
        case Page.CODING:
            return coding.layout(incident, moment)
        case Page.IMPORT:
            if past:
                return _present_only()
            return imports.layout(incident, services.settings.imports.largest_file_megabytes)
        case Page.RUMOUR:
            return rumour.layout(named, place.rumour, moment.as_of)
        case _:
            tab = one_of(Tab, list_in(search)) or Tab.OPEN
            return board.layout(incident.id, incident.name, moment.as_of, tab) if incident else None


def _playhead(
    services: Services, path: str, place: Place | None, incident: Incident | None, moment: Moment
) -> html.Section | None:
    """The line that says which moment is shown; on the review it chooses from the incident's whole life."""
    chooses = incident is not None and place is not None and place.page is Page.REVIEW
    life = read_life(services.store, incident.id) if chooses else None
    return playhead.layout(path, moment, services.clock.now(), life)


def _no_incident(moment: Moment) -> html.Div:
    if moment.as_of is not None:
        return _message(frame_words.NO_INCIDENT_THEN, frame_words.NO_INCIDENT_THEN_WHY)
    links = [
        dcc.Link(frame_words.OPEN_INCIDENT, href=rooted(NEW_INCIDENT), className="button button-main"),
        dcc.Link(frame_words.ALL_INCIDENTS, href=rooted(INCIDENTS), className="button"),
    ]
    return _message(frame_words.NO_INCIDENT, frame_words.NO_INCIDENT_WHY, html.P(links, className="act-bar"))


def _opened_later() -> html.Div:
    return _message(frame_words.OPENED_LATER, frame_words.OPENED_LATER_WHY)


def _present_only() -> html.Div:
    return _message(frame_words.PRESENT_ONLY, frame_words.PRESENT_ONLY_WHY)


def _no_moment(path: str) -> html.Div:
    return _message(
        frame_words.NO_MOMENT, [f"{frame_words.NO_MOMENT_WHY} ", dcc.Link(frame_words.TO_THE_PRESENT, href=path)]
    )


def _not_found(moment: Moment) -> html.Div:
    return _message(
        frame_words.NOT_FOUND,
        [
            f"{shared_words.ADDRESS_MISTYPED} ",
            dcc.Link(shared_words.TO_THE_BOARD, href=at(rooted(FRONT), moment.as_of)),
        ],
    )


def _message(heading: str, why: Any, *more: Any) -> html.Div:
    """What stands in for a page."""
    return html.Div([html.H1(heading), html.P(why), *more], className="message")
