"""The review of an incident: what did we know, and when? The ways to look back on it, and who took what out of it."""

from collections.abc import Mapping
from types import MappingProxyType

from dash import Dash, Input, Output, dcc, html

from dashboard.components import taking
from dashboard.forms import export
from dashboard.paths import Page, at, board_path, part_path
from dashboard.services import Moment, Services, page_context
from dashboard.views.notes import taken_for
from dashboard.words import export as export_words
from dashboard.words import review as review_words
from models.domain.incidents import Incident

CONTEXT = "review-context"
TAKEN = "review-taken"


def layout(
    services: Services | None = None,
    incident: Incident | None = None,
    moment: Moment | None = None,
    found: Mapping[Page, str] = MappingProxyType({}),
) -> html.Div:
    """`found` is what a way has shown already, in a sentence.

    Without an incident its bare parts, which Dash checks the callbacks against.
    """
    name, as_of = (incident.id, moment.as_of) if incident and moment else ("", None)
    return html.Div(
        [
            dcc.Store(id=CONTEXT, data=page_context(name, as_of)),
            html.H1(review_words.heading(incident) if incident else ""),
            _known(services, incident, moment) if incident else None,
            html.Ul(
                [_way(incident, page, moment, (found or {}).get(page)) for page in ways_at(moment)]
                if incident and moment
                else [],
                className="review-ways",
            ),
            html.Section(
                [
                    html.H2(export_words.TITLE),
                    html.P(export_words.WHAT_CAN_BE_TAKEN, className="quiet"),
                    taking.export_bar(name, as_of),
                ],
                className="panel",
            ),
            html.Section(
                [
                    html.H2(export_words.TAKEN),
                    html.Div(
                        id=TAKEN,
                        className="table-holder",
                        tabIndex="0",
                        role="region",
                        **{"aria-label": export_words.TAKEN},
                    ),
                ],
                className="panel",
            ),
        ],
        className="plain-page",
        **{"data-page": "review", "data-incident": name},
    )


def ways_at(moment: Moment) -> list[Page]:
    """Nothing is read into the past."""
    return [page for page in review_words.WAYS if moment.as_of is None or page is not Page.IMPORT]


def _known(services: Services, incident: Incident, moment: Moment) -> html.Section:
    """How much was known at the moment shown, and the way to its board."""
    board = services.board(incident.id, moment)
    return html.Section(
        [
            html.H2(review_words.known(moment.as_of)),
            html.Ul([html.Li(line) for line in review_words.how_much(board)]),
            html.P(
                dcc.Link(
                    review_words.board(moment.as_of),
                    href=at(board_path(incident.id), moment.as_of),
                    className="button",
                )
            ),
        ],
        className="panel review-known",
    )


def register(app: Dash, services: Services) -> None:
    @app.callback(Output(TAKEN, "children"), Input(CONTEXT, "data"), Input(export.FORM.answer_id, "data"))
    def show(context, answer):
        incident, moment = services.about(context)
        taken = taken_for(services.reader(incident), services.store.consultations.of(incident, moment.as_of))
        return taking.consultation_table(taken, moment.now)


def _way(incident: Incident, page: Page, moment: Moment, found: str | None) -> html.Li:
    """One way to look back: where it leads, what it answers, and what it has shown."""
    name, answers = review_words.WAYS[page]
    return html.Li(
        [
            html.H2(dcc.Link(name, href=at(part_path(incident.id, page), moment.as_of))),
            html.P(answers, className="quiet"),
            html.P(found, className="review-found") if found else None,
        ],
        className="panel",
    )
