"""Take, park, dismiss, close, reopen: a small dialog that asks why, and the callback that decides."""

import secrets
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, html, no_update

from dashboard import ids
from dashboard.access import check, officer_from
from dashboard.browser_input import NotConfirmed, committed, fields, one_of, request_name, words
from dashboard.components import identity, marks
from dashboard.services import Services
from dashboard.words import acts as acts_words
from models.domain import Act
from models.errors import Refused
from models.people.checks import written

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
                [
                    html.Button("Log it", id=CONFIRM, type="button", className="button button-main"),
                    html.Span("Enter logs it, Esc leaves it.", className="quiet"),
                ],
                className="act-bar",
            ),
        ],
        id=DIALOG,
        opened=False,
        centered=True,
        closeButtonProps={"aria-label": "Close"},
    )


def _body(act: Act, claim: str) -> list:
    chips = [
        html.Button(reason, type="button", className="suggestion", **{"data-reason": reason})
        for reason in acts_words.SUGGESTED_REASONS[act]
    ]
    return [
        html.P(marks.claim(claim), className="dialog-claim"),
        html.P(acts_words.ACT_MEANINGS[act], className="quiet"),
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
        request = fields(request)
        act = one_of(Act, request.get("act"))
        if act is None:
            return (no_update,) * 7
        try:
            officer_from(said)
        except Refused:
            return True, *(no_update,) * 6
        if act is Act.CORRECT:
            return *(no_update,) * 6, request
        # A try without an answer comes back with its reason.
        body, reason = _body(act, words(request.get("claim"))), words(request.get("reason"))
        return no_update, True, acts_words.ACT_TITLES[act], body, reason, None, no_update

    @app.callback(
        Output(DIALOG, "opened", allow_duplicate=True),
        Output(PROBLEM, "children", allow_duplicate=True),
        Output(ids.ACTED, "data"),
        Output(ids.ANNOUNCE, "children"),
        Output(ids.ANSWER, "data"),
        Input(CONFIRM, "n_clicks"),
        Input(REASON, "n_submit"),
        State(ids.ACT_REQUEST, "data"),
        State(REASON, "value"),
        State(ids.OFFICER, "data"),
        prevent_initial_call=True,
    )
    def decide(clicks, submits, request, reason, said):
        request = fields(request)
        incident, rumour, why = words(request.get("incident")), words(request.get("rumour")), words(reason)
        try:
            officer, act = officer_from(said), one_of(Act, request.get("act"))
            if act not in acts_words.ACT_TITLES:
                raise Refused({"act": "There is no such act here. Close this and choose what to do again."})
            check(officer, act)
            services.check_incident(incident)
            decision = committed(
                lambda: services.store.decide(incident, rumour, act, officer, why, request=request_name(request))
            )
        except (Refused, NotConfirmed) as problem:
            answer = answer_of(CONFIRM, known=isinstance(problem, Refused))
            return no_update, str(problem), no_update, no_update, answer
        services.show_at_once(incident)
        acted = {"incident": incident, "rumour": rumour, "act": act.value, "number": decision.number}
        said_so = acts_words.logged(act, words(request.get("claim")))
        if decision.reason != written(why):
            said_so = f"{acts_words.LOGGED_BEFORE} {decision.reason}"
        return False, None, acted, said_so, answer_of(CONFIRM)


def answer_of(button: str, *, known: bool = True) -> dict[str, Any]:
    """That what a button sent has been answered; each answer differs from the one before.

    Where it is not `known` whether the act was logged, the browser keeps the request for another try.
    """
    return {"button": button, "known": known, "number": secrets.token_hex(4)}
