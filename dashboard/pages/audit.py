"""The audit: who did and saw what? For information managers, with filters in the address."""

from typing import Any

from dash import Dash, Input, Output, State, ctx, dcc, html, no_update
from dash.exceptions import PreventUpdate

from dashboard import ids
from dashboard.access import SystemAct, acting, may
from dashboard.browser_input import one_of
from dashboard.browser_input import words as words_of
from dashboard.components import audit_parts as parts
from dashboard.forms import drawing, take_audit
from dashboard.services import Moment, Services
from dashboard.views.audit import (
    LONGEST_ASKED,
    AuditChoices,
    AuditPage,
    AuditQuestion,
    question_in,
    read_choices,
    read_page,
    search_of,
    seen,
)
from dashboard.words import audit_screen as words
from dashboard.words.local_time import NotATime, typed
from models.domain.audit import AuditedLook, AuditEntry, AuditFilter, AuditKind, AuditNote
from models.errors import Refused

CHECK = "audit-check"
SAID = "audit-said"
TICK = "audit-tick"


def layout() -> html.Div:
    """What the page holds that answers."""
    return html.Div([parts.filters(AuditFilter(), AuditChoices((), (), (), False)), *_check([], running=False)])


def page(services: Services, moment: Moment, incident_id: str, search: str) -> html.Div:
    """What the address asks for; to who may not see it, who may. `incident_id` is that which the top bar names.

    That somebody looks is entered, once in ten minutes.
    """
    question = question_in(search)
    try:
        which = seen(services.store, question.which)
        officer = acting(SystemAct.SEE_AUDIT, services.incident(which.incident))
    except Refused as refused:
        return html.Div(
            [html.H1(words.HEADING), *(html.P(one) for one in refused.problems.values())], className="message"
        )
    services.looks.opened(AuditNote(AuditKind.CONSULTATION, AuditedLook.AUDIT, officer))
    question = AuditQuestion(which, question.before)
    found, choices = read_page(services.store, question), read_choices(services.store, which)
    running = services.audit_checks.running()
    said = parts.checked(running, services.audit_checks.last())
    return html.Div(
        [
            html.H1(words.HEADING),
            html.P(words.WHAT_IT_IS, className="quiet"),
            parts.unentered(services.entering.unentered()),
            *(_check(said, running=running is not None) if may(SystemAct.SEE_AUDIT) else ()),
            parts.filters(which, choices),
            _listed(services, found, question),
            drawing.draw(take_audit.FORM),
        ],
        className="plain-page audit",
        **{"data-page": "audit", "data-incident": incident_id},
    )


def _check(said: list, *, running: bool) -> list:
    return [
        dcc.Interval(id=TICK, interval=1000, disabled=not running),
        html.Section(
            [
                html.Div(
                    [
                        html.H2(words.CHECK_TITLE),
                        html.Span(words.CHECK_MEANS, className="quiet"),
                        html.Span(className="grow"),
                        html.Button(words.CHECK, id=CHECK, type="button", className="button"),
                    ],
                    className="section-head",
                ),
                html.Div(said, id=SAID, role="status"),
            ],
            className="panel",
            **{"aria-label": words.CHECK_TITLE},
        ),
    ]


def _listed(services: Services, found: AuditPage, question: AuditQuestion) -> html.Section:
    store = services.store
    mine = {one.id for one in services.incidents()}
    people = {one.note.subject: user.name for one in found.entries if (user := _user(services, one)) is not None}

    def claim_of(incident: str, rumour: str) -> str | None:
        row = services.keeper.latest(incident).rows.get(rumour) if incident in mine else None
        return row.claim if row else None

    return parts.entries(
        found,
        question,
        lambda one: parts.subject_of(one, claim_of, people),
        {one.id: one.name for one in store.incidents.all()},
    )


def _user(services: Services, one: AuditEntry) -> Any:
    is_about_somebody = one.note.kind in (AuditKind.SIGN_IN, AuditKind.USER) and one.note.subject
    return services.store.users.get(one.note.subject) if is_about_somebody else None


def register(app: Dash, services: Services) -> None:
    @app.callback(
        Output(ids.URL, "search", allow_duplicate=True),
        Output(parts.PROBLEM, "children"),
        inputs={
            "clicks": Input(parts.SHOW, "n_clicks"),
            "entered": [Input(parts.FROM, "n_submit"), Input(parts.UNTIL, "n_submit")],
            "times": [State(parts.FROM, "value"), State(parts.UNTIL, "value")],
            "chosen": [
                State(parts.INCIDENT, "value"),
                State(parts.OFFICER, "value"),
                State(parts.KIND, "value"),
                State(parts.WHAT, "value"),
            ],
        },
        prevent_initial_call=True,
    )
    def ask(clicks, entered, times, chosen):
        now = services.clock.now()
        try:
            since, until = (
                typed(text, now) if (text := words_of(one)[:LONGEST_ASKED].strip()) else None for one in times
            )
        except NotATime as problem:
            return no_update, str(problem)
        if since is not None and until is not None and until <= since:
            return no_update, words.WRONG_ORDER
        incident, who, kind, what = (words_of(one) or None for one in chosen)
        which = AuditFilter(since, until, incident, who, one_of(AuditKind, kind), what)
        return search_of(AuditQuestion(which)), None

    @app.callback(
        Output(SAID, "children"),
        Output(TICK, "disabled"),
        Input(CHECK, "n_clicks"),
        Input(TICK, "n_intervals"),
        prevent_initial_call=True,
    )
    def check(clicks, ticks):
        try:
            officer = acting(SystemAct.SEE_AUDIT)
        except Refused as refused:
            return [html.P(one, className="problem") for one in refused.problems.values()], True
        if ctx.triggered_id == CHECK:
            if not clicks:
                raise PreventUpdate
            services.audit_checks.start(officer)
        running = services.audit_checks.running()
        return parts.checked(running, services.audit_checks.last()), running is None
