"""Who am I: asked once, kept in this browser, recorded as asserted."""

from typing import Any

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, State, html, no_update

from dashboard import ids
from dashboard.access import officer_from
from dashboard.components.top_bar import WHO
from dashboard.words import acts as acts_words
from models.domain import Officer
from models.errors import Refused

DIALOG = "identity-dialog"
NAME = "identity-name"
ROLE = "identity-role"
SAVE = "identity-save"


def who_acts(said: Any) -> Officer:
    """Who sends a form. Raises Refused under "who" where they have not said so, for `asks_who` to ask them."""
    try:
        return officer_from(said)
    except Refused:
        raise Refused({"who": "Say who you are, then press the button again. Nothing is lost."}) from None


def asks_who(refused: Refused) -> Any:
    """Whether the dialog for name and role is to be opened: for Output(DIALOG, "opened")."""
    return True if "who" in refused.problems else no_update


def identity_dialog() -> dmc.Modal:
    return dmc.Modal(
        [
            html.P(
                "Every decision is logged with a name and a role. Until sign-in exists they are recorded as "
                "asserted: what you say here.",
                className="quiet",
            ),
            dmc.TextInput(id=NAME, label="Your name", autoComplete="name", **{"data-autofocus": True}),
            dmc.RadioGroup(
                [dmc.Radio(label=word, value=role.value, size="sm") for role, word in acts_words.ROLES.items()],
                id=ROLE,
                label="Your role",
                className="radio-list",
            ),
            html.Div(
                html.Button("Save", id=SAVE, type="button", className="button button-main"), className="act-bar"
            ),
        ],
        id=DIALOG,
        title="Who are you?",
        opened=False,
        centered=True,
        closeButtonProps={"aria-label": "Close"},
    )


def register(app: Dash) -> None:
    @app.callback(
        Output(ids.OFFICER, "data"),
        Output(DIALOG, "opened", allow_duplicate=True),
        Output(NAME, "error"),
        Output(ROLE, "error"),
        Input(SAVE, "n_clicks"),
        Input(NAME, "n_submit"),
        State(NAME, "value"),
        State(ROLE, "value"),
        prevent_initial_call=True,
    )
    def save(clicks, submits, name, role):
        try:
            officer = officer_from({"name": name, "role": role})
        except Refused as refused:
            return no_update, no_update, refused.problems.get("name"), refused.problems.get("role")
        return {"name": officer.name, "role": officer.role}, False, None, None

    app.clientside_callback(
        ClientsideFunction("grapevine", "show_officer"), Output(WHO, "children"), Input(ids.OFFICER, "data")
    )
    app.clientside_callback(
        ClientsideFunction("grapevine", "open_identity"),
        Output(DIALOG, "opened"),
        Output(NAME, "value"),
        Output(ROLE, "value"),
        Input(WHO, "n_clicks"),
        State(ids.OFFICER, "data"),
        prevent_initial_call=True,
    )
    # An act that waited for a name goes on once it is given.
    app.clientside_callback(
        ClientsideFunction("grapevine", "go_on"),
        Output(ids.ACT_REQUEST, "data", allow_duplicate=True),
        Input(ids.OFFICER, "data"),
        prevent_initial_call=True,
    )
