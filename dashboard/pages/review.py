"""The review of an incident: what did we know, and when? The ways to look back on it."""

from dash import dcc, html

from dashboard.paths import Page, at, board_path, part_path
from dashboard.services import Moment, Services
from dashboard.words import review as review_words
from models.domain import Incident


def layout(services: Services, incident: Incident, moment: Moment) -> html.Div:
    return html.Div(
        [
            html.H1(review_words.heading(incident)),
            _known(services, incident, moment),
            html.Ul([_way(incident, page, moment) for page in review_words.WAYS], className="review-ways"),
        ],
        className="plain-page",
        **{"data-page": "review", "data-incident": incident.id},
    )


def _known(services: Services, incident: Incident, moment: Moment) -> html.Section:
    """How much was known at the moment shown, and the way to its board."""
    board = services.board(incident.id, moment)
    return html.Section(
        [
            html.H2(review_words.known(moment)),
            html.Ul([html.Li(line) for line in review_words.how_much(board)]),
            html.P(
                dcc.Link(
                    review_words.board(moment), href=at(board_path(incident.id), moment.as_of), className="button"
                )
            ),
        ],
        className="panel review-known",
    )


def _way(incident: Incident, page: Page, moment: Moment) -> html.Li:
    """One way to look back: where it leads, and what it answers."""
    name, answers = review_words.WAYS[page]
    return html.Li(
        [
            html.H2(dcc.Link(name, href=at(part_path(incident.id, page), moment.as_of))),
            html.P(answers, className="quiet"),
        ],
        className="panel",
    )
