"""The incidents: what is being worked on, and what was."""

from dash import dcc, html

from dashboard.access import standing
from dashboard.paths import NEW_INCIDENT, Page, at, board_path, part_path, rooted
from dashboard.services import Moment, Services
from dashboard.words import incidents as incidents_words
from dashboard.words import services as services_words
from dashboard.words.shared import EXERCISE
from models.domain.incidents import Incident


def layout(services: Services, moment: Moment, incident_id: str) -> html.Div:
    """Open ones first, the newest on top; `incident_id` is the one that the top bar names."""
    incidents = services.incidents(moment.as_of)
    # Whatever it was at that moment, it is shared as it is now.
    shared = {one.id: services_words.shared_by(one, standing(one)) for one in services.incidents()}
    ordered = sorted(incidents, key=lambda one: one.opened_at, reverse=True)
    ordered.sort(key=lambda one: one.closed_at is not None)
    return html.Div(
        [
            html.Div(
                [
                    html.H1(incidents_words.HEADING),
                    html.Span(className="grow"),
                    dcc.Link(incidents_words.OPEN_INCIDENT, href=rooted(NEW_INCIDENT), className="button button-main")
                    if moment.as_of is None
                    else None,
                ],
                className="section-head",
            ),
            html.Ul([_entry(one, moment, shared[one.id]) for one in ordered], className="incidents")
            if ordered
            else html.P(incidents_words.no_incidents(then=moment.as_of is not None), className="empty"),
        ],
        className="plain-page",
        **{"data-incident": incident_id},
    )


def _entry(one: Incident, moment: Moment, shared: str) -> html.Li:
    return html.Li(
        [
            html.Div(
                [
                    html.H2(dcc.Link(one.name, href=at(board_path(one.id), moment.as_of))),
                    html.Span(EXERCISE, className="exercise") if one.exercise else None,
                    html.Span(
                        incidents_words.CLOSED if one.closed_at else incidents_words.OPEN,
                        className="chip" if one.closed_at else "chip chip-assessing",
                    ),
                    html.Span(shared, className="shared-by") if shared else None,
                    html.Span(incidents_words.opened_closed(one, moment.now), className="quiet"),
                    html.Span(className="grow"),
                    dcc.Link(
                        [incidents_words.IMPORT, html.Span(incidents_words.import_into(one), className="unseen")],
                        href=part_path(one.id, Page.IMPORT),
                        className="button",
                    )
                    if one.closed_at is None and moment.as_of is None
                    else None,
                    dcc.Link(
                        [incidents_words.SETTINGS, html.Span(incidents_words.settings_of(one), className="unseen")],
                        href=at(part_path(one.id, Page.SETTINGS), moment.as_of),
                        className="button",
                    ),
                ],
                className="section-head",
            ),
            html.P(incidents_words.watch_line(one)),
            html.P(services_words.services_line(one), className="quiet"),
            html.P(incidents_words.purpose_line(one), className="quiet"),
            html.P(incidents_words.retention_line(one), className="quiet"),
        ],
        className="panel incident",
    )
