"""Log a correction that was given: a drawer beside the rumour, so that the posts stay in view while writing."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, State, html, no_update

from dashboard import ids
from dashboard.access import check, officer_from
from dashboard.browser_input import NotConfirmed, committed, fields, one_of, request_name, words
from dashboard.components.act_dialog import answer_of
from dashboard.components.fields import error_summary
from dashboard.services import Services
from dashboard.words import acts as acts_words
from dashboard.words import shared as shared_words
from dashboard.words.local_time import NotATime, Toward, typed
from models.domain import Act, Correction, CorrectionDraft, Verdict
from models.errors import Refused
from models.people.checks import checked_draft, written

PANEL = "correction-drawer"
CLAIM = "correction-claim"
ERRORS = "correction-errors"
# What was not answered, or was logged before.
NOTE = "correction-note"
SAVE = "correction-save"
CLOSE = "correction-close"
NOT_LOGGED = "The correction is not logged yet"
FIELDS = {
    "verdict": "correction-verdict",
    "wording": "correction-wording",
    "channel": "correction-channel",
    "authority": "correction-authority",
    "evidence_url": "correction-evidence",
    "issued_at": "correction-issued",
    "review_by": "correction-review",
}


def correction_drawer() -> html.Section:
    return html.Section(
        [
            html.Div(
                [
                    html.H2("Log a correction that was given", id="correction-title"),
                    html.Button("Close", id=CLOSE, type="button", className="button button-quiet", title="Esc"),
                ],
                className="drawer-head",
            ),
            html.P(id=CLAIM, className="dialog-claim"),
            html.Div(id=ERRORS, className="error-summary", tabIndex="-1", role="alert"),
            dmc.RadioGroup(
                [
                    dmc.Radio(
                        value=verdict.value, label=word, description=acts_words.VERDICT_MEANINGS[verdict], size="sm"
                    )
                    for verdict, word in shared_words.VERDICTS.items()
                ],
                id=FIELDS["verdict"],
                label="What does the correction say of the claim?",
                className="radio-list",
            ),
            dmc.Textarea(
                id=FIELDS["wording"],
                label="What was said, word for word",
                autosize=True,
                minRows=3,
                maxRows=8,
                spellCheck=True,
            ),
            dmc.TextInput(
                id=FIELDS["channel"],
                label="Where it was said",
                description="For example: force account on X, local radio, door to door",
            ),
            dmc.TextInput(
                id=FIELDS["authority"],
                label="On whose authority",
                description="For example: Environment Agency flood duty manager",
            ),
            dmc.TextInput(id=FIELDS["evidence_url"], label="Link to evidence (optional)", autoComplete="off"),
            dmc.TextInput(
                id=FIELDS["issued_at"],
                label="When it was given (Europe/London)",
                description="Like 21 Nov 2026, 14:05; 14:05 alone is the last 14:05",
                autoComplete="off",
            ),
            dmc.TextInput(
                id=FIELDS["review_by"],
                label="Look at it again by (optional)",
                description="Like 21 Nov 2026, 16:00; 16:00 alone is the next 16:00",
                autoComplete="off",
            ),
            html.P(id=NOTE, className="problem", role="alert"),
            html.Div(
                [
                    html.Button("Log this correction", id=SAVE, type="button", className="button button-main"),
                    html.Span("What you type is kept in this browser until it is logged.", className="quiet"),
                ],
                className="act-bar",
            ),
        ],
        id=PANEL,
        className="drawer",
        role="dialog",
        hidden=True,
        **{"aria-labelledby": "correction-title"},
    )


def draft_from(rumour: str, said: Mapping[str, Any], now: datetime) -> CorrectionDraft:
    """The draft that the form's words say. Raises Refused with every problem at once, by field."""
    problems: dict[str, str] = {}
    filled = {field: words(said.get(field)).strip() for field in FIELDS}
    verdict = one_of(Verdict, filled["verdict"])
    if verdict is None:
        problems["verdict"] = "Choose what the correction says of the claim."
    issued_at = _moment(filled["issued_at"], now, "past", "issued_at", problems)
    review_by = _moment(filled["review_by"], now, "future", "review_by", problems) if filled["review_by"] else None
    draft = CorrectionDraft(
        rumour=rumour,
        # Where a field is wrong a stand-in takes its place, so that the others are checked in the same go.
        verdict=verdict or Verdict.NOT_ESTABLISHED,
        wording=filled["wording"],
        channel=filled["channel"],
        authority=filled["authority"],
        evidence_url=filled["evidence_url"] or None,
        issued_at=issued_at or now,
        review_by=review_by,
    )
    try:
        checked = checked_draft(draft, now=now)
    except Refused as refused:
        problems = {**refused.problems, **problems}
    if problems:
        raise Refused({field: problems[field] for field in FIELDS if field in problems})
    return checked


def _moment(text: str, now: datetime, toward: Toward, field: str, problems: dict[str, str]) -> datetime | None:
    try:
        return typed(text, now, toward=toward)
    except NotATime as error:
        problems[field] = str(error)
        return None


def says_the_same(correction: Correction, draft: CorrectionDraft) -> bool:
    """Whether what stands in the log is what the form says; an earlier try may have said something else."""
    texts, others = ("wording", "channel", "authority", "evidence_url"), ("verdict", "issued_at", "review_by")
    return all(getattr(correction, name) == getattr(draft, name) for name in others) and all(
        # The log keeps texts tidied.
        written(getattr(correction, name) or "") == written(getattr(draft, name) or "")
        for name in texts
    )


def register(app: Dash, services: Services) -> None:
    @app.callback(
        Output(ERRORS, "children"),
        *(Output(field, "error") for field in FIELDS.values()),
        Output(ids.DRAWER, "data", allow_duplicate=True),
        Output(ids.ACTED, "data", allow_duplicate=True),
        Output(ids.ANNOUNCE, "children", allow_duplicate=True),
        Output(NOTE, "children"),
        Output(ids.ANSWER, "data", allow_duplicate=True),
        Input(SAVE, "n_clicks"),
        State(ids.DRAWER, "data"),
        State(ids.OFFICER, "data"),
        *(State(field, "value") for field in FIELDS.values()),
        prevent_initial_call=True,
    )
    def save(clicks, request, said, *values):
        request, now = fields(request), services.clock.now()
        incident, rumour = words(request.get("incident")), words(request.get("rumour"))
        unchanged, answer = (no_update,) * 3, answer_of(SAVE)
        nothing_beside = [None] * len(FIELDS)
        try:
            officer = officer_from(said)
            check(officer, Act.CORRECT)
            services.check_incident(incident)
            draft = draft_from(rumour, dict(zip(FIELDS, values, strict=True)), now)
            name = request_name(request)
            correction = committed(lambda: services.store.record_correction(incident, draft, officer, request=name))
        except Refused as refused:
            beside = [refused.problems.get(field) for field in FIELDS]
            return error_summary(NOT_LOGGED, refused.problems, FIELDS), *beside, *unchanged, None, answer
        except NotConfirmed as problem:
            return None, *nothing_beside, *unchanged, str(problem), answer_of(SAVE, known=False)
        services.show_at_once(incident)
        acted = {"incident": incident, "rumour": rumour, "act": Act.CORRECT.value, "correction": correction.id}
        if not says_the_same(correction, draft):
            again = {**request, "request": uuid.uuid4().hex, "note": acts_words.CORRECTED_BEFORE}
            return None, *nothing_beside, again, {**acted, "keep": True}, no_update, no_update, answer
        said_so = acts_words.logged(Act.CORRECT, words(request.get("claim")))
        return None, *nothing_beside, None, acted, said_so, None, answer

    app.clientside_callback(
        ClientsideFunction("grapevine", "show_drawer"),
        Output(PANEL, "hidden"),
        Output(CLAIM, "children"),
        *(Output(field, "value") for field in FIELDS.values()),
        Output(ERRORS, "children", allow_duplicate=True),
        *(Output(field, "error", allow_duplicate=True) for field in FIELDS.values()),
        Output(NOTE, "children", allow_duplicate=True),
        Input(ids.DRAWER, "data"),
        State(ids.DRAFTS, "data"),
        State(ids.LIVE, "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("grapevine", "keep_draft"),
        Output(ids.DRAFTS, "data"),
        *(Input(field, "value") for field in FIELDS.values()),
        State(ids.DRAWER, "data"),
        State(ids.DRAFTS, "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("grapevine", "drop_draft"),
        Output(ids.DRAFTS, "data", allow_duplicate=True),
        Input(ids.ACTED, "data"),
        State(ids.DRAFTS, "data"),
        prevent_initial_call=True,
    )
    # The button that opens the form says where unsent text waits.
    app.clientside_callback(
        ClientsideFunction("grapevine", "mark_unsent"), Output(CLAIM, "title"), Input(ids.DRAFTS, "data")
    )
    app.clientside_callback(
        ClientsideFunction("grapevine", "close_drawer"),
        Output(ids.DRAWER, "data", allow_duplicate=True),
        Input(CLOSE, "n_clicks"),
        prevent_initial_call=True,
    )
    # The focus goes to the summary as soon as there is one.
    app.clientside_callback(
        ClientsideFunction("grapevine", "focus_errors"),
        Output(ERRORS, "title"),
        Input(ERRORS, "children"),
        prevent_initial_call=True,
    )
