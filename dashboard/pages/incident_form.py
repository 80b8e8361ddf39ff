"""The page of a new incident, and that of an incident's settings: the form, as the incident stands."""

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from dashboard.forms import drawing, incident
from dashboard.forms.form import Form
from dashboard.paths import INCIDENTS
from dashboard.services import Services
from dashboard.words import forms as words
from models.domain import Incident


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


def _form(form: Form, initial: dict[str, Any], configured: Sequence[str], **more: Any) -> html.Div:
    options = {"sources": incident.source_options(configured, initial.get("sources", ()))}
    return drawing.draw(form, initial=initial, options=options, **more)


def _page(title: str, form: html.Div, beside: str) -> html.Div:
    return html.Div(
        [dcc.Link(words.BACK_TO_INCIDENTS, href=INCIDENTS, className="back"), html.H1(title), form],
        className="plain-page form-page",
        **{"data-incident": beside},
    )


def _configured(services: Services) -> list[str]:
    return [one.name for one in services.sources.states()]
