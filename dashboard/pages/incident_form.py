"""Open an incident, or change what it watches for and how it is kept; close it, open it again."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html, no_update
from dash.exceptions import PreventUpdate

from dashboard import ids
from dashboard.access import SystemAct, check
from dashboard.browser_input import NotConfirmed, committed, fields, request_name, words
from dashboard.components import identity
from dashboard.components.act_dialog import answer_of
from dashboard.components.fields import error_summary
from dashboard.components.identity import asks_who, who_acts
from dashboard.forms.incident_fields import incident_from
from dashboard.paths import INCIDENTS, board_path, settings_path
from dashboard.services import Services
from dashboard.words import incidents as incidents_words
from models.domain import Incident, Officer, Retention
from models.errors import Refused
from models.people.checks import checked_reason

# {"incident", "draft", "closed", "initial"}: of which incident the form is, and what it said at first.
CONTEXT = "incident-context"
# What the browser calls this opening of the form, the same for each try.
REQUEST = "incident-request"
ERRORS = "incident-errors"
NOTE = "incident-note"
PUT_BACK = "incident-put-back"
SAVE = "incident-save"
SETTLE = "incident-settle"
NOT_SAVED = "The incident is not saved yet"
FIELDS = {
    "name": "incident-name",
    "purpose": "incident-purpose",
    "lawful_basis": "incident-basis",
    "terms": "incident-terms",
    "languages": "incident-languages",
    "accounts": "incident-accounts",
    "sources": "incident-sources",
    "area": "incident-area",
    "retention": "incident-retention",
    "reason": "incident-reason",
}


def page(services: Services, incident: Incident | None, beside: str) -> html.Div:
    """The form for an incident as it stands, or for a new one; `beside` is the one that the top bar names."""
    told = services.settings.incident
    said = {
        "name": incident.name if incident else "",
        "purpose": incident.purpose if incident else told.purpose,
        "lawful_basis": incident.lawful_basis if incident else told.lawful_basis,
        "terms": "\n".join(incident.watch.terms) if incident else "",
        "languages": ", ".join(incident.watch.languages) if incident else "",
        "accounts": "\n".join(incident.watch.accounts) if incident else "",
        "sources": list(incident.watch.sources) if incident else [],
        "area": (incident.watch.area or "") if incident else "",
        "retention": (incident.retention if incident else Retention.ROUTINE).value,
        "reason": "",
    }
    return layout(incident, said, [one.name for one in services.sources.states()], beside)


def layout(
    incident: Incident | None = None,
    said: dict[str, Any] | None = None,
    sources: Sequence[str] = (),
    beside: str = "",
) -> html.Div:
    said = said or {}
    named = incident.id if incident else ""
    context = {
        "incident": named,
        "draft": f"incident:{named}",
        "closed": incident is not None and incident.closed_at is not None,
        "initial": said,
    }
    return html.Div(
        [
            dcc.Store(id=CONTEXT, data=context),
            dcc.Store(id=REQUEST),
            dcc.Link("← Incidents", href=INCIDENTS, className="back"),
            html.H1(f"Settings of {incident.name}" if incident else "Open an incident"),
            html.P(id=PUT_BACK, className="quiet", role="status"),
            html.Div(id=ERRORS, className="error-summary", tabIndex="-1", role="alert"),
            html.Div(_fields(incident, said, sources), className="form"),
            html.P(id=NOTE, className="problem", role="alert"),
            html.Div(_buttons(incident), className="act-bar"),
            html.P("What you type is kept in this browser until it is saved.", className="quiet"),
        ],
        className="plain-page form-page",
        **{"data-incident": beside},
    )


def _fields(incident: Incident | None, said: dict[str, Any], sources: Sequence[str]) -> list:
    return [
        dmc.TextInput(
            id=FIELDS["name"],
            label="Name",
            description="For example: Northgate flood",
            value=said.get("name"),
            autoComplete="off",
        ),
        dmc.Textarea(
            id=FIELDS["purpose"],
            label="Purpose",
            description="What the posts are read for",
            value=said.get("purpose"),
            autosize=True,
            minRows=2,
            maxRows=6,
        ),
        dmc.TextInput(
            id=FIELDS["lawful_basis"], label="Lawful basis", value=said.get("lawful_basis"), autoComplete="off"
        ),
        html.H2("What it watches for"),
        html.P("A post reaches the incident by any one of these.", className="quiet"),
        dmc.Textarea(
            id=FIELDS["terms"],
            label="Watch terms, one a line",
            description=incidents_words.TERMS_HINT,
            value=said.get("terms"),
            autosize=True,
            minRows=4,
            maxRows=14,
            spellCheck=False,
        ),
        dmc.TextInput(
            id=FIELDS["languages"],
            label="Languages (optional)",
            description="Codes like en, cy, pl; empty: any. A post that does not say its language is kept.",
            value=said.get("languages"),
            autoComplete="off",
        ),
        dmc.Textarea(
            id=FIELDS["accounts"],
            label="Own accounts, one a line (optional)",
            description="Our channels as their platform names them: what they post counts as official.",
            value=said.get("accounts"),
            autosize=True,
            minRows=2,
            maxRows=8,
            spellCheck=False,
        ),
        _sources(said.get("sources", []), sources),
        dmc.Textarea(
            id=FIELDS["area"],
            label="Area (optional)",
            description="A GeoJSON Polygon or MultiPolygon: posts that carry a place inside it count.",
            value=said.get("area"),
            autosize=True,
            minRows=2,
            maxRows=8,
            spellCheck=False,
        ),
        html.H2("How long it is kept"),
        dmc.RadioGroup(
            [
                dmc.Radio(value=one.value, label=word, description=incidents_words.RETENTION_MEANINGS[one], size="sm")
                for one, word in incidents_words.RETENTIONS.items()
            ],
            id=FIELDS["retention"],
            label="Retention class",
            value=said.get("retention"),
            className="radio-list",
            description=incidents_words.RETENTION_YET,
        ),
        html.H2("For the record"),
        dmc.TextInput(
            id=FIELDS["reason"],
            label="Reason for this change" if incident else "Reason for opening it",
            description="Kept with your name and role in every version of the incident",
            value="",
            autoComplete="off",
        ),
    ]


def _sources(chosen: Sequence[str], configured: Sequence[str]) -> dmc.CheckboxGroup:
    offered = dict.fromkeys([*configured, *chosen])
    boxes = [
        dmc.Checkbox(value=name, label=name if name in configured else f"{name} (not configured now)", size="sm")
        for name in offered
    ]
    return dmc.CheckboxGroup(
        html.Div(boxes, className="box-list") if boxes else html.P(incidents_words.NO_SOURCES, className="quiet"),
        id=FIELDS["sources"],
        label="Whole sources (optional)",
        value=list(chosen),
        description="Every post of these reaches the incident, whatever it says.",
    )


def _buttons(incident: Incident | None) -> list:
    closed = incident is not None and incident.closed_at is not None
    settle = "Open it again" if closed else "Close the incident"
    return [
        html.Button(
            "Save" if incident else "Open the incident", id=SAVE, type="button", className="button button-main"
        ),
        html.Button(
            settle,
            id=SETTLE,
            type="button",
            className="button",
            hidden=incident is None,
            title="Only this is done: what else was changed on the form is not saved",
        ),
    ]


def register(app: Dash, services: Services) -> None:
    _register_save(app, services)
    _register_settle(app, services)
    _register_drafts(app)


def _register_save(app: Dash, services: Services) -> None:
    @app.callback(
        Output(ERRORS, "children"),
        *(Output(field, "error") for field in FIELDS.values()),
        Output(NOTE, "children"),
        Output(REQUEST, "data", allow_duplicate=True),
        Output(identity.DIALOG, "opened", allow_duplicate=True),
        Output(ids.URL, "pathname", allow_duplicate=True),
        Output(ids.FORM_SAVED, "data", allow_duplicate=True),
        Output(ids.ANNOUNCE, "children", allow_duplicate=True),
        Output(ids.ANSWER, "data", allow_duplicate=True),
        Input(SAVE, "n_clicks"),
        State(CONTEXT, "data"),
        State(REQUEST, "data"),
        State(ids.OFFICER, "data"),
        *(State(field, "value") for field in FIELDS.values()),
        prevent_initial_call=True,
    )
    def save(clicks, context, request, said, *values):
        if not clicks:
            # A button that has just come on the screen has not been pressed.
            raise PreventUpdate
        context, given = fields(context), dict(zip(FIELDS, values, strict=True))
        existing = services.incident(words(context.get("incident")))
        nothing_beside = [None] * len(FIELDS)
        try:
            officer, reason, name = _allowed(said), given.pop("reason"), request_name({"request": request})
            if existing is not None:
                # Only what was changed here: somebody else may have changed the rest meanwhile.
                initial = fields(context.get("initial"))
                given = {field: value for field, value in given.items() if value != initial.get(field)}
            asked, why = _asked(context, existing, given, reason, services.clock.now())
            made = committed(lambda: services.store.record_incident(asked, officer, why, request=name))
        except Refused as refused:
            beside = [refused.problems.get(field) for field in FIELDS]
            summary = error_summary(NOT_SAVED, refused.problems, FIELDS)
            return summary, *beside, None, no_update, asks_who(refused), *(no_update,) * 3, answer_of(SAVE)
        except NotConfirmed as problem:
            return None, *nothing_beside, str(problem), *(no_update,) * 5, answer_of(SAVE, known=False)
        if incident_from(given, made, services.clock.now()) == made:
            path, told = board_path(made.id), incidents_words.saved(made, new=existing is None)
            return None, *nothing_beside, None, no_update, no_update, path, _saved(context), told, answer_of(SAVE)
        # An earlier try is what stands: of a new incident it is shown, of a known one these words wait for a press.
        again = uuid.uuid4().hex if existing else no_update
        path = no_update if existing else settings_path(made.id)
        dropped = no_update if existing else _saved(context)
        told = incidents_words.SAVED_BEFORE
        return None, *nothing_beside, told, again, no_update, path, dropped, told, answer_of(SAVE)


def _register_settle(app: Dash, services: Services) -> None:
    @app.callback(
        Output(ERRORS, "children", allow_duplicate=True),
        Output(FIELDS["reason"], "error", allow_duplicate=True),
        Output(NOTE, "children", allow_duplicate=True),
        Output(identity.DIALOG, "opened", allow_duplicate=True),
        Output(ids.URL, "pathname", allow_duplicate=True),
        Output(ids.FORM_SAVED, "data", allow_duplicate=True),
        Output(ids.ANNOUNCE, "children", allow_duplicate=True),
        Output(ids.ANSWER, "data", allow_duplicate=True),
        Input(SETTLE, "n_clicks"),
        State(CONTEXT, "data"),
        State(REQUEST, "data"),
        State(ids.OFFICER, "data"),
        State(FIELDS["reason"], "value"),
        prevent_initial_call=True,
    )
    def settle(clicks, context, request, said, reason):
        if not clicks:
            raise PreventUpdate
        context = fields(context)
        existing = services.incident(words(context.get("incident")))
        try:
            officer = _allowed(said)
            if existing is None:
                raise Refused({"incident": "There is no such incident. Go to the incidents and choose it again."})
            why = checked_reason(words(reason))
            closes = {"closed": not context.get("closed")}
            asked = incident_from(closes, existing, services.clock.now())
            name = f"{words(request)}:settle" if words(request) else None
            made = committed(lambda: services.store.record_incident(asked, officer, why, request=name))
        except Refused as refused:
            summary = error_summary(NOT_SAVED, refused.problems, FIELDS)
            beside = refused.problems.get("reason")
            return summary, beside, None, asks_who(refused), *(no_update,) * 3, answer_of(SETTLE)
        except NotConfirmed as problem:
            return None, None, str(problem), *(no_update,) * 4, answer_of(SETTLE, known=False)
        told = incidents_words.settled(made)
        return None, None, None, no_update, INCIDENTS, _saved(context), told, answer_of(SETTLE)


def _register_drafts(app: Dash) -> None:
    values = [Output(field, "value") for field in FIELDS.values()]
    app.clientside_callback(
        ClientsideFunction("grapevineForms", "fillIncident"),
        *values,
        Output(REQUEST, "data"),
        Output(PUT_BACK, "children"),
        Input(CONTEXT, "data"),
        State(ids.FORM_DRAFTS, "data"),
    )
    app.clientside_callback(
        ClientsideFunction("grapevineForms", "keepIncident"),
        Output(ids.FORM_DRAFTS, "data"),
        *(Input(field, "value") for field in FIELDS.values()),
        State(CONTEXT, "data"),
        State(REQUEST, "data"),
        State(ids.FORM_DRAFTS, "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("grapevineForms", "focusErrors"),
        Output(ERRORS, "title"),
        Input(ERRORS, "children"),
        State(ERRORS, "id"),
        prevent_initial_call=True,
    )


def _allowed(said: Any) -> Officer:
    officer = who_acts(said)
    check(officer, SystemAct.KEEP_INCIDENT)
    return officer


def _asked(
    context: Mapping[str, Any],
    existing: Incident | None,
    given: dict[str, Any],
    reason: Any,
    now: datetime,
) -> tuple[Incident, str]:
    """The incident and the reason that the form says. Raises Refused with the problems of both."""
    if existing is None and context.get("incident"):
        raise Refused({"incident": "There is no such incident. Go to the incidents and choose it again."})
    problems: dict[str, str] = {}
    why, asked = "", None
    try:
        asked = incident_from(given, existing, now)
    except Refused as refused:
        problems |= refused.problems
    try:
        why = checked_reason(words(reason))
    except Refused as refused:
        problems |= refused.problems
    if problems or asked is None:
        raise Refused({field: problems[field] for field in (*FIELDS, *problems) if field in problems})
    return asked, why


def _saved(context: Mapping[str, Any]) -> dict[str, str]:
    """Which draft was saved; each message differs from the one before."""
    return {"draft": words(context.get("draft")), "number": uuid.uuid4().hex}
