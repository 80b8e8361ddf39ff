"""The page of a new incident, and that of an incident's settings: the form as it stands, or what stood then.

On both, watch terms can be tried before they are saved.
"""

from collections.abc import Sequence
from typing import Any

from dash import Dash, Input, Output, dcc, html
from dash.exceptions import PreventUpdate

from dashboard.access import SystemAct, acting
from dashboard.components import term_trial
from dashboard.components.marks import outside_words
from dashboard.forms import drawing, incident
from dashboard.forms.form import Form
from dashboard.forms.incident_fields import watch_from
from dashboard.paths import INCIDENTS, at, rooted
from dashboard.services import Moment, Services
from dashboard.words import forms as words
from dashboard.words import incidents as incidents_words
from dashboard.words import trials as trials_words
from models.domain.incidents import Incident
from models.errors import Refused


def layout() -> html.Div:
    """What both pages hold that answers."""
    return html.Div(term_trial.layout())


def register(app: Dash, services: Services) -> None:
    @app.callback(
        Output(term_trial.FOUND, "children"),
        Input(term_trial.ASKED, "data"),
        prevent_initial_call=True,
    )
    def try_terms(asked):
        if asked is None:
            raise PreventUpdate
        try:
            acting(SystemAct.TRY_TERMS)
            # Both forms ask the same of what is watched for.
            sent = incident.OPENING.read(asked, services.clock.now())
            watch = watch_from({**sent.texts, **sent.chosen})
        except Refused as refused:
            return [term_trial.problem(problem) for problem in refused.problems.values()]
        if not watch.terms:
            return term_trial.problem(trials_words.NO_TERMS)
        return term_trial.result(services.sources.try_terms(watch), watch, services.sources.states())


def new_incident(services: Services, beside: str) -> html.Div:
    """`beside` is the incident that the top bar names."""
    given = services.settings.incident
    initial = {"purpose": given.purpose, "lawful_basis": given.lawful_basis}
    return _page(words.INCIDENT_OPEN_TITLE, _form(incident.OPENING, initial, _configured(services)), beside)


def settings(services: Services, one: Incident, beside: str) -> html.Div:
    drawn = _form(
        incident.CHANGE,
        incident.values_of(one),
        _configured(services),
        about={"incident": one.id},
        # Of the two that close and reopen it, the one that does something.
        without=[incident.REOPEN if one.closed_at is None else incident.CLOSE],
    )
    return _page(words.settings_title(one.name), drawn, beside)


def settings_then(services: Services, one: Incident, moment: Moment) -> html.Div:
    """The settings as they were known at a moment of the past, and how they came to be so."""
    versions = services.store.incidents.versions(one.id, as_of=moment.as_of)
    watched = [html.Div([html.Dt(name), html.Dd(value)]) for name, value in incidents_words.watched_for(one)]
    log = [html.Li(outside_words(incidents_words.version(version, moment.now))) for version in versions]
    return html.Div(
        [
            dcc.Link(words.BACK_TO_INCIDENTS, href=at(rooted(INCIDENTS), moment.as_of), className="back"),
            html.H1(incidents_words.settings_then(one)),
            html.P(incidents_words.opened_closed(one, moment.now)),
            html.P(incidents_words.purpose_line(one)),
            html.P(incidents_words.retention_line(one)),
            html.H2(incidents_words.WATCHED_FOR),
            html.Dl(watched, className="settings-then"),
            html.H2(incidents_words.VERSIONS),
            html.Ol(log, className="events"),
        ],
        className="plain-page form-page",
        **{"data-incident": one.id},
    )


def _form(form: Form, initial: dict[str, Any], configured: Sequence[str], **more: Any) -> html.Div:
    options = {"sources": incident.source_options(configured, initial.get("sources", ()))}
    return drawing.draw(form, initial=initial, options=options, beneath={"terms": term_trial.layout()}, **more)


def _page(title: str, form: html.Div, beside: str) -> html.Div:
    return html.Div(
        [dcc.Link(words.BACK_TO_INCIDENTS, href=rooted(INCIDENTS), className="back"), html.H1(title), form],
        className="plain-page form-page",
        **{"data-incident": beside},
    )


def _configured(services: Services) -> list[str]:
    return [one.name for one in services.sources.states()]
