"""Merge, split and move: a drawer beside the flows, so that they stay in view, and the line that takes it back."""

from collections.abc import Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Any

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html, no_update
from dash.exceptions import PreventUpdate

from dashboard import ids
from dashboard.access import check
from dashboard.browser_input import NotConfirmed, committed, fields, one_of, request_name, words
from dashboard.components import identity, marks
from dashboard.components.act_dialog import answer_of
from dashboard.components.fields import error_summary
from dashboard.components.identity import asks_who, who_acts
from dashboard.services import Services
from dashboard.views.board import SETTLED
from dashboard.views.rumour import Flow, Rearranged
from dashboard.words import acts as acts_words
from dashboard.words import rearrange as rearrange_words
from dashboard.words import rumour as rumour_words
from models.domain import Act, Decision, Officer
from models.errors import Refused
from models.people.acts import REARRANGING
from models.people.checks import written

# A rearrangement asked for, and an undoing: `rearrange.js` puts them here once it is known who acts.
REQUEST = "rearrange"
UNDO_REQUEST = "rearrange-undo"
CHOSEN = "rearrange-flows"
COUNT = "rearrange-count"
OPEN = "rearrange-open"
LINE = "rearrange-line"
PANEL = "rearrange-drawer"
CLAIM = "rearrange-claim"
ERRORS = "rearrange-errors"
NOTE = "rearrange-note"
SAVE = "rearrange-save"
CLOSE = "rearrange-close"
UNDO_NOTE = "rearrange-undo-note"
FIELDS = {"act": "rearrange-act", "into": "rearrange-into", "reason": "rearrange-reason"}
# A group of boxes has no element of its own id: what holds it has one, for the focus.
ACT_FIELD = "rearrange-act-field"
FLOWS_FIELD = "rearrange-flows-field"
LINKED = {**FIELDS, "act": ACT_FIELD, "flows": FLOWS_FIELD}
ACTS = (Act.SPLIT, Act.MOVE, Act.MERGE)


def stores() -> list[dcc.Store]:
    return [dcc.Store(id=REQUEST), dcc.Store(id=UNDO_REQUEST)]


def flow_chooser(rumour: str) -> html.Div:
    """The flows of the rumour's page, each with a tick box, and the button that opens the form."""
    return html.Div(
        [
            html.Div(
                [
                    html.Span(rearrange_words.chosen(0), id=COUNT, className="quiet", role="status"),
                    html.Button(
                        rearrange_words.OPEN,
                        id=OPEN,
                        type="button",
                        className="button",
                        **{"data-rearrange": rumour, "aria-haspopup": "dialog"},
                    ),
                ],
                className="rearrange-bar",
            ),
            html.Div(id=LINE),
            dmc.CheckboxGroup(id=CHOSEN, value=[], children=[], **{"aria-label": "The flows of this rumour"}),
        ],
        id=FLOWS_FIELD,
    )


def tick_box(flow: Flow) -> dmc.Checkbox:
    return dmc.Checkbox(value=flow.id, size="sm", **{"aria-label": rearrange_words.choose(flow.text)})


def rearrange_drawer() -> html.Section:
    return html.Section(
        [
            html.Div(
                [
                    html.H2(rearrange_words.TITLE, id="rearrange-title"),
                    html.Button("Close", id=CLOSE, type="button", className="button button-quiet", title="Esc"),
                ],
                className="drawer-head",
            ),
            html.P(id=CLAIM, className="dialog-claim"),
            html.Div(id=ERRORS, className="error-summary", tabIndex="-1", role="alert"),
            html.Div(
                dmc.RadioGroup(
                    [
                        dmc.Radio(
                            value=act.value,
                            label=acts_words.ACT_TITLES[act],
                            description=acts_words.ACT_MEANINGS[act],
                            size="sm",
                        )
                        for act in ACTS
                    ],
                    id=FIELDS["act"],
                    label=rearrange_words.WHAT,
                    className="radio-list",
                ),
                id=ACT_FIELD,
            ),
            dmc.Select(
                id=FIELDS["into"],
                label=rearrange_words.INTO,
                description=rearrange_words.INTO_WHY,
                data=[],
                searchable=True,
                clearable=False,
                nothingFoundMessage="No rumour says so",
            ),
            dmc.TextInput(
                id=FIELDS["reason"],
                label=rearrange_words.WHY,
                autoComplete="off",
                description=rearrange_words.WHY_LIKE,
            ),
            html.P(id=NOTE, className="problem", role="alert"),
            html.Div(
                [
                    html.Button("Log it", id=SAVE, type="button", className="button button-main"),
                    html.Span(rearrange_words.KEPT, className="quiet"),
                ],
                className="act-bar",
            ),
        ],
        id=PANEL,
        className="drawer",
        role="dialog",
        hidden=True,
        **{"aria-labelledby": "rearrange-title"},
    )


def undo_problem() -> html.P:
    """Why something could not be undone, wherever on the page it was asked for."""
    return html.P(id=UNDO_NOTE, className="problem undo-problem", role="alert")


def undo_button(number: int) -> html.Button:
    return html.Button(
        rearrange_words.UNDO,
        type="button",
        className="button button-quiet",
        **{"data-undo": str(number), "aria-label": f"{rearrange_words.UNDO} decision {number}"},
    )


def undoable(one: Decision, known: Sequence[Rearranged]) -> bool:
    return any(each.number == one.number and not each.undone for each in known)


def rearranged_line(
    decisions: Sequence[Decision], known: Sequence[Rearranged], rumour: str, now: datetime
) -> html.P | None:
    """What was just rearranged, with the way back, as long as nothing else was decided since."""
    latest = decisions[0] if decisions else None
    if latest is None or not undoable(latest, known):
        return None
    said = rumour_words.decision(latest, now, rearrange_words.done(latest, rumour, known))
    return html.P([marks.outside_words(said), " ", undo_button(latest.number)], className="rearranged")


def register(app: Dash, services: Services) -> None:
    _register_form(app, services)
    _register_save(app, services)
    _register_undo(app, services)


def _register_form(app: Dash, services: Services) -> None:
    @app.callback(Output(COUNT, "children"), Input(CHOSEN, "value"))
    def count(chosen):
        return rearrange_words.chosen(len(_flows(chosen)))

    @app.callback(
        Output(PANEL, "hidden"),
        Output(CLAIM, "children"),
        *(Output(field, "value") for field in FIELDS.values()),
        Output(FIELDS["into"], "data"),
        Output(ERRORS, "children"),
        *(Output(field, "error") for field in FIELDS.values()),
        Output(NOTE, "children"),
        Input(REQUEST, "data"),
        State(CHOSEN, "value"),
        prevent_initial_call=True,
    )
    def fill(request, chosen):
        request = fields(request)
        incident, rumour = words(request.get("incident")), words(request.get("rumour"))
        rows = services.keeper.latest(incident).rows if services.knows(incident) else {}
        if rumour not in rows:
            return True, *(no_update,) * 10
        act = Act.SPLIT if _flows(chosen) else Act.MERGE
        nothing_wrong = (None,) * (len(FIELDS) + 2)
        return False, marks.claim(rows[rumour].claim), act.value, None, "", _others(rows, rumour), *nothing_wrong

    app.clientside_callback(
        ClientsideFunction("grapevineRearrange", "close"),
        Output(PANEL, "hidden", allow_duplicate=True),
        Output(REQUEST, "data"),
        Input(CLOSE, "n_clicks"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("grapevineRearrange", "focus"),
        Output(PANEL, "title"),
        Input(PANEL, "hidden"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("grapevineForms", "focusErrors"),
        Output(ERRORS, "title"),
        Input(ERRORS, "children"),
        State(ERRORS, "id"),
        prevent_initial_call=True,
    )


def _register_save(app: Dash, services: Services) -> None:
    @app.callback(
        Output(ERRORS, "children", allow_duplicate=True),
        *(Output(field, "error", allow_duplicate=True) for field in FIELDS.values()),
        Output(NOTE, "children", allow_duplicate=True),
        Output(identity.DIALOG, "opened", allow_duplicate=True),
        Output(REQUEST, "data", allow_duplicate=True),
        Output(CHOSEN, "value"),
        Output(ids.ACTED, "data", allow_duplicate=True),
        Output(ids.ANNOUNCE, "children", allow_duplicate=True),
        Output(ids.ANSWER, "data", allow_duplicate=True),
        Input(SAVE, "n_clicks"),
        State(REQUEST, "data"),
        State(CHOSEN, "value"),
        State(ids.OFFICER, "data"),
        *(State(field, "value") for field in FIELDS.values()),
        prevent_initial_call=True,
    )
    def save(clicks, request, chosen, said, *values):
        if not clicks:
            # A page that is put on the screen calls what writes beyond it.
            raise PreventUpdate
        request, flows = fields(request), _flows(chosen)
        incident, rumour = words(request.get("incident")), words(request.get("rumour"))
        filled = {field: words(value) for field, value in zip(FIELDS, values, strict=True)}
        answer, nothing_beside = answer_of(SAVE), [None] * len(FIELDS)
        try:
            officer, act = who_acts(said), _act(filled["act"])
            check(officer, act)
            services.check_incident(incident)
            decision = committed(
                lambda: _rearrange(services, incident, rumour, act, flows, filled, officer, request_name(request))
            )
        except Refused as refused:
            beside = [refused.problems.get(field) for field in FIELDS]
            summary = error_summary(rearrange_words.NOT_LOGGED, refused.problems, LINKED)
            return summary, *beside, None, asks_who(refused), *(no_update,) * 4, answer
        except NotConfirmed as problem:
            return None, *nothing_beside, str(problem), *(no_update,) * 5, answer_of(SAVE, known=False)
        services.show_at_once(incident)
        told = _told(services, decision, len(flows))
        if decision.reason != written(filled["reason"]):
            told = f"{acts_words.LOGGED_BEFORE} {decision.reason}"
        return None, *nothing_beside, None, no_update, None, [], _acted(decision), told, answer


def _register_undo(app: Dash, services: Services) -> None:
    @app.callback(
        Output(UNDO_NOTE, "children"),
        Output(identity.DIALOG, "opened", allow_duplicate=True),
        Output(ids.ACTED, "data", allow_duplicate=True),
        Output(ids.ANNOUNCE, "children", allow_duplicate=True),
        Input(UNDO_REQUEST, "data"),
        State(ids.OFFICER, "data"),
        prevent_initial_call=True,
    )
    def undo(request, said):
        if request is None:
            raise PreventUpdate
        request = fields(request)
        incident, number = words(request.get("incident")), words(request.get("number"))
        try:
            officer = who_acts(said)
            check(officer, Act.UNDO)
            services.check_incident(incident)
            # An act is undone once, so that every try at it is the same request.
            decision = committed(
                lambda: services.store.undo(
                    incident,
                    int(number) if number.isascii() and number.isdigit() else 0,
                    officer,
                    rearrange_words.UNDO_REASON,
                    request=f"undo {number}",
                )
            )
        except (Refused, NotConfirmed) as problem:
            opened = asks_who(problem) if isinstance(problem, Refused) else no_update
            return str(problem), opened, no_update, no_update
        services.show_at_once(incident)
        return None, no_update, _acted(decision), _told(services, decision, 0)

    # The button that was pressed is gone from the screen by then.
    app.clientside_callback(
        ClientsideFunction("grapevineRearrange", "undone"),
        Output(UNDO_NOTE, "title"),
        Input(ids.ACTED, "data"),
        prevent_initial_call=True,
    )


def _rearrange(
    services: Services,
    incident: str,
    rumour: str,
    act: Act,
    flows: list[str],
    filled: dict[str, str],
    officer: Officer,
    request: str | None,
) -> Future[Decision]:
    store, into, reason = services.store, filled["into"], filled["reason"]
    if act is Act.SPLIT:
        return store.split_rumour(incident, rumour, flows, officer, reason, request=request)
    if not into:
        raise Refused({"into": rearrange_words.CHOOSE_INTO})
    if act is Act.MOVE:
        return store.move_flows(incident, rumour, flows, into, officer, reason, request=request)
    return store.merge_rumours(incident, rumour, into, officer, reason, request=request)


def _told(services: Services, decision: Decision, flows: int) -> str:
    row = services.keeper.latest(decision.incident).rows.get(decision.into)
    return rearrange_words.logged(decision.act, flows, row.claim if row else None)


def _act(said: str) -> Act:
    act = one_of(Act, said)
    if act not in REARRANGING:
        raise Refused({"act": rearrange_words.CHOOSE_WHAT})
    return act


def _flows(chosen: Any) -> list[str]:
    """The ids of the flows that are ticked."""
    return [words(one) for one in chosen] if isinstance(chosen, list) else []


def _others(rows: Any, rumour: str) -> list[dict[str, str]]:
    """What may be chosen as the other rumour: those that are open first, each with its size."""
    others = sorted(
        (row for row in rows.values() if row.id != rumour), key=lambda row: (row.state in SETTLED, -row.posts)
    )
    return [{"value": row.id, "label": rearrange_words.option(row.claim, row.posts)} for row in others]


def _acted(decision: Decision) -> dict[str, Any]:
    return {
        "incident": decision.incident,
        "rumour": decision.rumour,
        "act": decision.act.value,
        "number": decision.number,
    }
