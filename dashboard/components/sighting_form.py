"""Log a sighting: what somebody heard, on the telephone, by radio or in the street, written down as a post."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, State, html, no_update

from dashboard import ids
from dashboard.access import SystemAct, check
from dashboard.browser_input import NotConfirmed, committed, fields, one_of, request_name, words
from dashboard.components import identity
from dashboard.components.act_dialog import answer_of
from dashboard.components.fields import error_summary
from dashboard.components.identity import asks_who, who_acts
from dashboard.services import Services
from dashboard.words import incidents as incidents_words
from dashboard.words.local_time import NotATime, typed
from dashboard.words.masking import masked
from models.domain import HeardBy, SightingDraft
from models.errors import Refused
from models.people.checks import checked_sighting

PANEL = "sighting-drawer"
ERRORS = "sighting-errors"
NOTE = "sighting-note"
SAVE = "sighting-save"
CLOSE = "sighting-close"
NOT_LOGGED = "The sighting is not logged yet"
FIELDS = {
    "text": "sighting-text",
    "heard_by": "sighting-heard-by",
    "heard_at": "sighting-heard-at",
    "place": "sighting-place",
    "reliability": "sighting-reliability",
}


def sighting_drawer() -> html.Section:
    return html.Section(
        [
            html.Div(
                [
                    html.H2("Log a sighting", id="sighting-title"),
                    html.Button("Close", id=CLOSE, type="button", className="button button-quiet", title="Esc"),
                ],
                className="drawer-head",
            ),
            html.P(
                "What somebody told you becomes a post of this incident. Leave out the names of private persons.",
                className="quiet",
            ),
            html.Div(id=ERRORS, className="error-summary", tabIndex="-1", role="alert"),
            dmc.Textarea(
                id=FIELDS["text"],
                label="What was heard",
                description="As near to the words as you can",
                autosize=True,
                minRows=3,
                maxRows=8,
                spellCheck=True,
            ),
            dmc.RadioGroup(
                [dmc.Radio(value=one.value, label=word, size="sm") for one, word in incidents_words.HEARD_BY.items()],
                id=FIELDS["heard_by"],
                label="How it was heard",
                className="radio-list",
            ),
            dmc.TextInput(
                id=FIELDS["heard_at"],
                label="When (Europe/London)",
                description="Like 21 Nov 2026, 14:05; 14:05 alone is the last 14:05",
                autoComplete="off",
            ),
            dmc.TextInput(
                id=FIELDS["place"],
                label="Where (optional)",
                description="For example: Market Street",
                autoComplete="off",
            ),
            dmc.TextInput(
                id=FIELDS["reliability"],
                label="How reliable the source is",
                description="In your own words. For example: a constable at the scene; a caller, not known",
                autoComplete="off",
            ),
            html.P(id=NOTE, className="problem", role="alert"),
            html.Div(
                [
                    html.Button("Log this sighting", id=SAVE, type="button", className="button button-main"),
                    html.Span("It is logged as taken by you.", className="quiet"),
                ],
                className="act-bar",
            ),
        ],
        id=PANEL,
        className="drawer",
        role="dialog",
        hidden=True,
        **{"aria-labelledby": "sighting-title"},
    )


def sighting_from(said: Mapping[str, Any], now: datetime) -> SightingDraft:
    """The draft that the form's words say. Raises Refused with every problem at once, by field."""
    problems: dict[str, str] = {}
    filled = {field: words(said.get(field)).strip() for field in FIELDS}
    heard_by = one_of(HeardBy, filled["heard_by"])
    if heard_by is None:
        problems["heard_by"] = "Choose how it was heard."
    heard_at = now
    try:
        heard_at = typed(filled["heard_at"], now)
    except NotATime as error:
        problems["heard_at"] = str(error)
    draft = SightingDraft(
        text=filled["text"],
        # Where a field is wrong a stand-in takes its place, so that the others are checked in the same go.
        heard_by=heard_by or HeardBy.OTHER,
        heard_at=heard_at,
        reliability=filled["reliability"],
        place=filled["place"],
    )
    try:
        checked = checked_sighting(draft, now=now)
    except Refused as refused:
        problems = {**refused.problems, **problems}
    if problems:
        raise Refused({field: problems[field] for field in FIELDS if field in problems})
    return checked


def register(app: Dash, services: Services) -> None:
    @app.callback(
        Output(ERRORS, "children"),
        *(Output(field, "error") for field in FIELDS.values()),
        Output(NOTE, "children"),
        Output(identity.DIALOG, "opened", allow_duplicate=True),
        Output(ids.SIGHTING, "data"),
        Output(ids.FORM_SAVED, "data"),
        Output(ids.ANNOUNCE, "children", allow_duplicate=True),
        Output(ids.ANSWER, "data", allow_duplicate=True),
        Input(SAVE, "n_clicks"),
        State(ids.SIGHTING, "data"),
        State(ids.OFFICER, "data"),
        *(State(field, "value") for field in FIELDS.values()),
        prevent_initial_call=True,
    )
    def save(clicks, request, said, *values):
        request, now = fields(request), services.clock.now()
        incident, answer = words(request.get("incident")), answer_of(SAVE)
        nothing_beside = [None] * len(FIELDS)
        try:
            officer = who_acts(said)
            check(officer, SystemAct.LOG_SIGHTING)
            services.check_incident(incident)
            draft = sighting_from(dict(zip(FIELDS, values, strict=True)), now)
            name = request_name(request)
            sighting = committed(lambda: services.store.record_sighting(incident, draft, officer, request=name))
        except Refused as refused:
            beside = [refused.problems.get(field) for field in FIELDS]
            summary = error_summary(NOT_LOGGED, refused.problems, FIELDS)
            return summary, *beside, None, asks_who(refused), *(no_update,) * 3, answer
        except NotConfirmed as problem:
            return None, *nothing_beside, str(problem), *(no_update,) * 4, answer_of(SAVE, known=False)
        if sighting.draft != draft:
            again = {**request, "request": uuid.uuid4().hex, "note": incidents_words.HEARD_BEFORE}
            return None, *nothing_beside, no_update, no_update, again, *(no_update,) * 2, answer
        saved = {"draft": words(request.get("draft")), "number": uuid.uuid4().hex}
        told = f"Logged: a sighting. {masked(sighting.draft.text)}"
        return None, *nothing_beside, None, no_update, None, saved, told, answer

    app.clientside_callback(
        ClientsideFunction("grapevineForms", "showSighting"),
        Output(PANEL, "hidden"),
        *(Output(field, "value") for field in FIELDS.values()),
        Output(ERRORS, "children", allow_duplicate=True),
        *(Output(field, "error", allow_duplicate=True) for field in FIELDS.values()),
        Output(NOTE, "children", allow_duplicate=True),
        Input(ids.SIGHTING, "data"),
        State(ids.FORM_DRAFTS, "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("grapevineForms", "keepSighting"),
        Output(ids.FORM_DRAFTS, "data", allow_duplicate=True),
        *(Input(field, "value") for field in FIELDS.values()),
        State(ids.SIGHTING, "data"),
        State(ids.FORM_DRAFTS, "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("grapevine", "close_drawer"),
        Output(ids.SIGHTING, "data", allow_duplicate=True),
        Input(CLOSE, "n_clicks"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("grapevineForms", "focusErrors"),
        Output(ERRORS, "title"),
        Input(ERRORS, "children"),
        State(ERRORS, "id"),
        prevent_initial_call=True,
    )
