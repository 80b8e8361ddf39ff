"""Take, park, dismiss, close, reopen: a small dialog that asks why, and the callback that decides."""

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, html, no_update

from dashboard import ids, wording
from dashboard.access import check, officer_from
from dashboard.components import identity, marks
from dashboard.services import Services
from models.domain import Act
from models.errors import GrapevineError, Refused

DIALOG = "reason-dialog"
BODY = "reason-body"
REASON = "reason-text"
PROBLEM = "reason-problem"
CONFIRM = "reason-confirm"


def act_dialog() -> dmc.Modal:
    return dmc.Modal(
        [
            html.Div(id=BODY),
            dmc.TextInput(id=REASON, label="Why", autoComplete="off", **{"data-autofocus": True}),
            html.P(id=PROBLEM, className="problem", role="alert"),
            html.Div(
                [html.Button("Log it", id=CONFIRM, type="button", className="button button-main"),
                 html.Span("Enter logs it, Esc leaves it.", className="quiet")],
                className="act-bar",
            ),
        ],
        id=DIALOG,
        opened=False,
        centered=True,
        closeButtonProps={"aria-label": "Close"},
    )  # fmt: skip


def _body(act: Act, claim: str) -> list:
    chips = [
        html.Button(reason, type="button", className="suggestion", **{"data-reason": reason})
        for reason in wording.SUGGESTED_REASONS[act]
    ]
    return [
        html.P(marks.claim(claim), className="dialog-claim"),
        html.P(wording.ACT_MEANINGS[act], className="quiet"),
        html.Div(chips, className="suggestions", role="group", **{"aria-label": "Suggested reasons"}),
    ]


def register(app: Dash, services: Services) -> None:
    @app.callback(
        Output(identity.DIALOG, "opened", allow_duplicate=True),
        Output(DIALOG, "opened"),
        Output(DIALOG, "title"),
        Output(BODY, "children"),
        Output(REASON, "value"),
        Output(PROBLEM, "children"),
        Output(ids.DRAWER, "data"),
        Input(ids.ACT_REQUEST, "data"),
        State(ids.OFFICER, "data"),
        prevent_initial_call=True,
    )
    def open_act(request, said):
        if not request or request.get("act") not in set(Act):
            return (no_update,) * 7
        try:
            officer_from(said)
        except Refused:
            return True, *(no_update,) * 6
        act = Act(request["act"])
        if act is Act.CORRECT:
            return *(no_update,) * 6, request
        return no_update, True, wording.ACT_TITLES[act], _body(act, request["claim"]), "", None, no_update

    @app.callback(
        Output(DIALOG, "opened", allow_duplicate=True),
        Output(PROBLEM, "children", allow_duplicate=True),
        Output(ids.ACTED, "data"),
        Output(ids.ANNOUNCE, "children"),
        Input(CONFIRM, "n_clicks"),
        Input(REASON, "n_submit"),
        State(ids.ACT_REQUEST, "data"),
        State(REASON, "value"),
        State(ids.OFFICER, "data"),
        running=[(Output(CONFIRM, "disabled"), True, False)],
        prevent_initial_call=True,
    )
    def decide(clicks, submits, request, reason, said):
        try:
            officer, act = officer_from(said), Act(request["act"])
            check(officer, act)
            incident, rumour = request["incident"], request["rumour"]
            decision = services.store.decide(incident, rumour, act, officer, reason or "").result()
        except GrapevineError as error:
            return no_update, str(error), no_update, no_update
        services.keeper.latest(incident, fresh=True)
        acted = {"incident": incident, "rumour": rumour, "act": act.value, "number": decision.number}
        return False, None, acted, wording.logged(act, request.get("claim", ""))
