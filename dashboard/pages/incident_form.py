"""The page of a new incident, and that of an incident's settings: the form as it stands, or what stood then.

On both, watch terms can be tried before they are saved.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import Dash, Input, Output, dcc, html
from dash.exceptions import PreventUpdate

from dashboard.access import SystemAct, acting, may, standing
from dashboard.components import term_trial
from dashboard.components.marks import outside_words
from dashboard.forms import drawing, incident
from dashboard.forms.form import Form, Option
from dashboard.forms.incident_fields import watch_from
from dashboard.paths import INCIDENTS, at, rooted
from dashboard.services import Moment, Services
from dashboard.views.notes import versions_for
from dashboard.words import forms as words
from dashboard.words import incidents as incidents_words
from dashboard.words import services as services_words
from dashboard.words import trials as trials_words
from models.domain.audit import AuditedLook
from models.domain.incidents import Incident, Standing
from models.errors import Refused

# Of the terms that somebody tries, the audit enters so many characters.
LONGEST_NOTED = 500


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
        searched = ", ".join(watch.terms)[:LONGEST_NOTED]
        services.looks.opened(services.note_of(AuditedLook.TRY_TERMS, None, reason=searched))
        return term_trial.result(services.sources.try_terms(watch), watch, services.sources.states())


def new_incident(services: Services, beside: str) -> html.Div:
    """`beside` is the incident that the top bar names."""
    given = services.settings.incident
    initial = {"purpose": given.purpose, "lawful_basis": given.lawful_basis}
    owner = acting(SystemAct.KEEP_INCIDENT).service if may(SystemAct.KEEP_INCIDENT) else ""
    options = _options(services, incident.partner_options(services.known_services(), owner), initial)
    form = _form(incident.OPENING, initial, options)
    return _page(words.INCIDENT_OPEN_TITLE, form, beside, services_words.opened_for(owner) if owner else "")


def settings(services: Services, one: Incident, beside: str) -> html.Div:
    if standing(one) is not Standing.OWNS:
        heading = words.settings_title(one.name)
        return _read_only(heading, words.WATCHES, one, services.moment(None), beside)
    initial, known = incident.values_of(one), services.known_services()
    options = _options(services, incident.partner_options(known, one.of_service, one), initial)
    drawn = _form(
        incident.CHANGE,
        initial,
        options | {"of_service": incident.owner_options(known, one)},
        about={"incident": one.id},
        # Of the two that close and reopen it, the one that does something.
        without=[incident.REOPEN if one.closed_at is None else incident.CLOSE],
    )
    return _page(words.settings_title(one.name), drawn, beside)


def settings_then(services: Services, one: Incident, moment: Moment) -> html.Div:
    """The settings as they were known at a moment of the past, and how they came to be so."""
    read = services.store.incidents.versions(one.id, as_of=moment.as_of)
    versions = versions_for(services.reader(one.id), read)
    log = [html.Li(outside_words(incidents_words.version(version, moment.now))) for version in versions]
    history = [html.H2(incidents_words.VERSIONS), html.Ol(log, className="events")]
    heading = incidents_words.settings_then(one)
    return _read_only(heading, incidents_words.WATCHED_FOR, one, moment, one.id, *history)


def _read_only(heading: str, watches: str, one: Incident, moment: Moment, beside: str, *more: Any) -> html.Div:
    """What an incident says, with nothing to change: of the past, or for whom it is shared with."""
    watched = [html.Div([html.Dt(name), html.Dd(value)]) for name, value in incidents_words.watched_for(one)]
    return html.Div(
        [
            dcc.Link(words.BACK_TO_INCIDENTS, href=at(rooted(INCIDENTS), moment.as_of), className="back"),
            html.H1(heading),
            html.P(services_words.services_line(one)),
            html.P(incidents_words.opened_closed(one, moment.now)),
            html.P(incidents_words.purpose_line(one)),
            html.P(incidents_words.retention_line(one)),
            html.H2(watches),
            html.Dl(watched, className="settings-then"),
            *more,
        ],
        className="plain-page form-page",
        **{"data-incident": beside},
    )


def _options(services: Services, partners: Sequence[Option], initial: dict[str, Any]) -> dict[str, Sequence[Option]]:
    configured = [one.name for one in services.sources.states()]
    return {
        "sources": incident.source_options(configured, initial.get("sources", ())),
        **dict.fromkeys(("acted_on_by", "seen_by"), partners),
    }


def _form(form: Form, initial: dict[str, Any], options: Mapping[str, Sequence[Option]], **more: Any) -> html.Div:
    return drawing.draw(form, initial=initial, options=options, beneath={"terms": term_trial.layout()}, **more)


def _page(title: str, form: html.Div, beside: str, told: str = "") -> html.Div:
    back = dcc.Link(words.BACK_TO_INCIDENTS, href=rooted(INCIDENTS), className="back")
    return html.Div(
        [back, html.H1(title), html.P(told) if told else None, form],
        className="plain-page form-page",
        **{"data-incident": beside},
    )
