"""The coding desk: people label a sample of flows blind, an analyst settles differences, and what came of it."""

from collections.abc import Sequence
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html, no_update
from dash.exceptions import PreventUpdate

from dashboard import ids
from dashboard.access import SystemAct, acting, may, named
from dashboard.components import coding_desk, coding_results
from dashboard.components.top_bar import BAR, bar_now, pausable
from dashboard.forms import coding, coding_acts, drawing
from dashboard.paths import Page, at, part_path
from dashboard.services import Moment, Services, page_context
from dashboard.views.coding import (
    Card,
    DisputeCard,
    OwnCard,
    count_waiting,
    has_finished,
    has_place,
    open_round,
    read_deck,
    read_disputes,
    read_results,
)
from dashboard.words import coding as coding_words
from dashboard.words import shared as shared_words
from models.domain.acts import Officer
from models.domain.audit import AuditedLook
from models.domain.incidents import Incident
from models.errors import Refused
from models.store.coding_messages import RoundState

CONTEXT = "coding-context"
# What the desk and the results were drawn for.
DRAWN = "coding-drawn"
DESK_CHANGED = "coding-desk-changed"
RESULTS_CHANGED = "coding-results-changed"
DESK = "coding-desk"
START = "coding-next"
RESULTS = "coding-results"
DECK = "coding-deck"
# What the browser sends of labels, and the answer.
SENT = "coding-sent"
ANSWER = "coding-answer"


def layout(incident: Incident | None = None, moment: Moment | None = None) -> html.Div:
    named, as_of = incident.id if incident else "", moment.as_of if moment else None
    return html.Div(
        [
            dcc.Store(id=CONTEXT, data=page_context(named, as_of)),
            *(dcc.Store(id=name) for name in (DESK_CHANGED, RESULTS_CHANGED, DECK, SENT, ANSWER, ids.CODING_ACTED)),
            dcc.Interval(id=ids.CODING_TICK, interval=2000, disabled=as_of is not None),
            html.Div(
                [
                    dcc.Link(coding_words.BACK, href=at(part_path(named, Page.REVIEW), as_of), className="back"),
                    html.H1(coding_words.HEADING),
                ],
                className="rumour-title",
            ),
            html.P(coding_words.INTRO, className="quiet coding-intro"),
            html.Div(id=DESK),
            html.Div(id=RESULTS, className="coding-results"),
            html.Div(id=START),
            drawing.draw(coding.END),
        ],
        className="plain-page coding-page",
        **{"data-page": "coding", "data-incident": named},
    )


def newest_result(services: Services, incident: str, moment: Moment) -> str:
    """What the newest coded round shows, in a line for the review; "" before there is one."""
    found = read_results(services.store, incident, moment.as_of)
    return f"{coding_words.model_line(found[0])} {coding_words.alpha_line(found[0].alpha)}" if found else ""


def register(app: Dash, services: Services) -> None:
    _register_live(app, services)
    _register_desk(app, services)
    _register_acts(app, services)


def _register_live(app: Dash, services: Services) -> None:
    @app.callback(
        output={
            "desk": Output(DESK_CHANGED, "data"),
            "results": Output(RESULTS_CHANGED, "data"),
            "bar": BAR,
        },
        inputs=[
            Input(ids.CODING_TICK, "n_intervals"),
            Input(ids.CODING_ACTED, "data"),
            State(CONTEXT, "data"),
            State(DESK_CHANGED, "data"),
            State(RESULTS_CHANGED, "data"),
            State(ids.SOURCES_SHOWN, "data"),
        ],
        prevent_initial_call="initial_duplicate",
    )
    def poll(tick, acted, context, desk_drawn, results_drawn, sources_shown):
        incident, moment = services.about(context)
        if moment.as_of is not None:
            raise PreventUpdate
        services.still_looks(AuditedLook.CODING, incident)
        rounds = services.store.codings.rounds(incident)
        desk, results = _stamps(rounds, services, incident, _coder(services, incident))
        return {
            "desk": no_update if desk == desk_drawn else desk,
            "results": no_update if results == results_drawn else results,
            "bar": bar_now(services, sources_shown),
        }

    pausable(app, ids.CODING_TICK, CONTEXT)


def _register_desk(app: Dash, services: Services) -> None:
    @app.callback(
        Output(DESK, "children"),
        Output(START, "children"),
        Output(DECK, "data"),
        Input(DESK_CHANGED, "data"),
        State(CONTEXT, "data"),
    )
    def draw_desk(changed, context):
        incident, moment = services.about(context)
        if moment.as_of is not None:
            return html.P(coding_words.PAST, className="panel"), None, None
        states, officer = services.store.codings.rounds(incident), _coder(services, incident)
        going_on = open_round(states)
        if going_on is not None:
            parts, deck = _coding(services, incident, going_on)
            if deck is not None:
                services.looked(AuditedLook.CODING, incident, redrawn=True)
            return parts, None, deck
        parts, deck = _settling(services, incident, officer)
        if deck is not None:
            services.looked(AuditedLook.CODING, incident, redrawn=True)
        return parts, _start_form(incident, another=bool(states)), deck

    @app.callback(Output(RESULTS, "children"), Input(RESULTS_CHANGED, "data"), State(CONTEXT, "data"))
    def draw_results(changed, context):
        incident, moment = services.about(context)
        return coding_results.results(read_results(services.store, incident, moment.as_of))

    app.clientside_callback(ClientsideFunction("coding", "take"), [], Input(DECK, "data"))


def _register_acts(app: Dash, services: Services) -> None:
    @app.callback(
        Output(ANSWER, "data"),
        Input(SENT, "data"),
        prevent_initial_call=True,
    )
    def take(message):
        if message is None:
            raise PreventUpdate
        return coding_acts.answer_to(services, message)

    app.clientside_callback(
        ClientsideFunction("coding", "hear"), [], Input(ANSWER, "data"), prevent_initial_call=True
    )


def _stamps(states: Sequence[RoundState], services: Services, incident: str, officer: Officer) -> tuple[list, list]:
    """What the desk and the results depend on: a change of either is drawn, and nothing else.

    The labels of others are no part of it: a coder's desk stays as it is while they code.
    """
    going_on = open_round(states)
    finished = bool(going_on and has_finished(going_on, officer))
    desk = [
        len(states),
        going_on.round.id if going_on else None,
        len(going_on.finished) if going_on and finished else finished,
    ]
    coded = [one.round.id for one in states if one.coded_at]
    settled = [
        sum(flow.settled is not None for flow in services.store.codings.outcomes(incident, one)) for one in coded[-1:]
    ]
    return desk, [len(coded), *settled]


def _settling(services: Services, incident: str, officer: Officer) -> tuple[list, dict[str, Any] | None]:
    """The differences that this officer may settle, or that there are some for others."""
    if may(SystemAct.SETTLE_CODING, services.incident(incident)):
        found = read_disputes(services.store, incident, services.store.codings.disputes(incident, officer))
        if found:
            desk = coding_desk.desk(coding_words.SETTLE_HEADING, settles=True)
            return [desk], _deck(incident, officer, "settle", [_dispute(one) for one in found])
    waiting = count_waiting(services.store, incident)
    return [html.P(coding_words.waiting_line(waiting), className="panel")] if waiting else [], None


def _start_form(incident: str, *, another: bool) -> html.Section | html.Details:
    """Folded where there was a round: what came of it is what people come for then."""
    form = drawing.draw(coding.START, about={"incident": incident}, initial={})
    if another:
        return html.Details([html.Summary(coding_words.START_ANOTHER), form], className="panel form-page")
    return html.Section(
        [html.H2(coding_words.START_TITLE), form],
        className="panel form-page",
        **{"aria-label": coding_words.START_TITLE},
    )


def _coding(services: Services, incident: str, state: RoundState) -> tuple[list, dict[str, Any] | None]:
    line = _round_line(state)
    try:
        officer = acting(SystemAct.CODE, services.incident(incident))
    except Refused as refused:
        return [html.P(str(refused), className="panel"), line], None
    if has_finished(state, officer):
        return [html.P(coding_words.wait(state), className="panel"), line], None
    if not has_place(state, officer):
        return [html.P(coding_words.full(state), className="panel"), line], None
    cards = [_own(state, one) for one in read_deck(services.store, incident, state.round.id, officer)]
    blind = html.P(coding_words.STAY_BLIND, className="coding-blind")
    desk = coding_desk.desk(coding_words.CODE_HEADING, settles=False)
    return [blind, desk, line], _deck(incident, officer, "code", cards)


def _round_line(state: RoundState) -> html.Div:
    end = html.Button(
        coding_words.END_TITLE,
        type="button",
        className="button button-quiet",
        **{"data-opens": "coding-end", "data-round": state.round.id},
    )
    return html.Div(
        [html.Span(coding_words.round_line(state), className="quiet"), html.Span(className="grow"), end],
        className="act-bar",
    )


def _deck(incident: str, officer: Officer, mode: str, cards: list[dict[str, Any]]) -> dict[str, Any]:
    return {"incident": incident, "coder": officer.user or officer.name, "mode": mode, "cards": cards}


def _own(state: RoundState, one: OwnCard) -> dict[str, Any]:
    label = one.label.value if one.label else None
    return {**_card(one.card), "round": state.round.id, "label": label, "done": one.done}


def _dispute(one: DisputeCard) -> dict[str, Any]:
    said = [
        [name, label.value if label else "none", shared_words.STANCES[label] if label else coding_words.SKIPPED]
        for name, label in one.labels
    ]
    return {**_card(one.card), "round": one.round, "label": None, "done": False, "said": said}


def _card(card: Card) -> dict[str, Any]:
    answered = card.answered
    if answered is not None and not card.answered_here:
        answered = coding_words.ANSWERED_AWAY
    return {
        "flow": card.flow,
        "claim": card.claim,
        "text": card.text,
        "answered": answered,
        "facts": coding_words.facts(card),
    }


def _coder(services: Services, incident: str) -> Officer:
    """Who is at the desk, in whatever role."""
    return named(services.incident(incident))
