"""The report builder: which parts of the incident report to save, a preview of it, and HTML or PDF."""

from dash import Dash, Input, Output, dcc, html
from dash.exceptions import PreventUpdate

from dashboard.components import taking
from dashboard.forms import drawing, report
from dashboard.paths import Page, at, part_path
from dashboard.publish.report import report_html
from dashboard.publish.selection import Selection
from dashboard.services import Moment, Services, page_context
from dashboard.views.report import Section
from dashboard.words import report as report_words
from models.domain.acts import Officer
from models.domain.incidents import Incident

CONTEXT = "report-context"
PREVIEW = "report-preview"


def layout(incident: Incident | None = None, moment: Moment | None = None) -> html.Div:
    name, as_of = (incident.id, moment.as_of) if incident and moment else ("", None)
    about = {"incident": name, "as_of": as_of.isoformat() if as_of else ""}
    return html.Div(
        [
            dcc.Store(id=CONTEXT, data=page_context(name, as_of)),
            html.Div(
                [
                    dcc.Link(report_words.BACK, href=at(part_path(name, Page.REVIEW), as_of), className="back"),
                    html.H1(report_words.title(incident) if incident else ""),
                ],
                className="rumour-title",
            ),
            html.Div(
                [
                    html.Section(
                        [drawing.draw(report.FORM, about=about, initial=report.EVERYTHING), taking.note()],
                        className="panel report-form",
                    ),
                    html.Section(
                        [
                            html.H2(report_words.PREVIEW),
                            html.Div(
                                html.P(report_words.PREPARING, className="quiet"),
                                id=PREVIEW,
                                className="report-holder",
                            ),
                        ],
                        className="panel",
                    ),
                ],
                className="report-split",
            ),
        ],
        className="plain-page",
        **{"data-page": "report", "data-incident": name},
    )


def register(app: Dash, services: Services) -> None:
    @app.callback(Output(PREVIEW, "children"), Input(CONTEXT, "data"))
    def preview(context):
        name, moment = services.about(context)
        incident = services.incident(name, moment.as_of)
        if incident is None:
            raise PreventUpdate
        selection = Selection(incident, services.shown_as_of(moment.as_of), reader=services.reader(name))
        nobody = Officer(report_words.NOT_SAVED, "")
        page = report_html(services.store, selection, Section, nobody, "", services.clock.now())
        # No script of the report runs, whatever a post says; the page around it may hide its parts.
        return html.Iframe(
            srcDoc=page, sandbox="allow-same-origin", title=report_words.PREVIEW, className="report-preview"
        )
