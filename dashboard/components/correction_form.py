"""Log a correction that was given: a drawer beside the rumour, so that the posts stay in view while writing."""

from datetime import datetime

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, State, html, no_update

from dashboard import ids, wording
from dashboard.access import check, officer_from
from dashboard.local_time import NotATime, typed
from dashboard.services import Services
from models.acts import checked_draft
from models.domain import Act, Verdict
from models.errors import GrapevineError, Refused
from models.store.protocol import CorrectionDraft

PANEL = "correction-drawer"
CLAIM = "correction-claim"
ERRORS = "correction-errors"
SAVE = "correction-save"
CLOSE = "correction-close"
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
                [html.H2("Log a correction that was given", id="correction-title"),
                 html.Button("Close", id=CLOSE, type="button", className="button button-quiet", title="Esc")],
                className="drawer-head",
            ),
            html.P(id=CLAIM, className="dialog-claim"),
            html.Div(id=ERRORS, className="error-summary", tabIndex="-1", role="alert"),
            dmc.RadioGroup(
                [dmc.Radio(value=verdict.value, label=word, description=wording.VERDICT_MEANINGS[verdict], size="sm")
                 for verdict, word in wording.VERDICTS.items()],
                id=FIELDS["verdict"], label="What does the correction say of the claim?", className="radio-list",
            ),
            dmc.Textarea(id=FIELDS["wording"], label="What was said, word for word", autosize=True, minRows=3,
                         maxRows=8, spellCheck=True),
            dmc.TextInput(id=FIELDS["channel"], label="Where it was said",
                          description="For example: force account on X, local radio, door to door"),
            dmc.TextInput(id=FIELDS["authority"], label="On whose authority",
                          description="For example: Environment Agency flood duty manager"),
            dmc.TextInput(id=FIELDS["evidence_url"], label="Link to evidence (optional)", autoComplete="off"),
            dmc.TextInput(id=FIELDS["issued_at"], label="When it was given (Europe/London)",
                          description="Like 21 Nov 2026, 14:05, or 14:05 for today", autoComplete="off"),
            dmc.TextInput(id=FIELDS["review_by"], label="Look at it again by (optional)",
                          description="Written the same way", autoComplete="off"),
            html.Div(
                [html.Button("Log this correction", id=SAVE, type="button", className="button button-main"),
                 html.Span("What you type is kept in this browser until it is logged.", className="quiet")],
                className="act-bar",
            ),
        ],
        id=PANEL,
        className="drawer",
        role="dialog",
        hidden=True,
        **{"aria-labelledby": "correction-title"},
    )  # fmt: skip


def draft_from(rumour: str, said: dict[str, str | None], now: datetime) -> CorrectionDraft:
    """The draft that the form's words say. Raises Refused with every problem at once, by field."""
    problems: dict[str, str] = {}
    if said["verdict"] not in set(Verdict):
        problems["verdict"] = "Choose what the correction says of the claim."
    issued_at = _moment(said["issued_at"], now, "issued_at", problems)
    review_by = _moment(said["review_by"], now, "review_by", problems) if _words(said["review_by"]) else None
    draft = CorrectionDraft(
        rumour=rumour,
        # Where a field is wrong a stand-in takes its place, so that the others are checked in the same go.
        verdict=Verdict.NOT_ESTABLISHED if "verdict" in problems else Verdict(said["verdict"]),
        wording=_words(said["wording"]),
        channel=_words(said["channel"]),
        authority=_words(said["authority"]),
        evidence_url=_words(said["evidence_url"]) or None,
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


def _moment(text: str | None, now: datetime, field: str, problems: dict[str, str]) -> datetime | None:
    try:
        return typed(_words(text), now)
    except NotATime as error:
        problems[field] = str(error)
        return None


def _words(text: str | None) -> str:
    return (text or "").strip()


def error_summary(problems: dict[str, str]) -> list:
    links = [
        html.Li(
            html.A(problem, href=f"#{FIELDS[field]}", **{"data-field": FIELDS[field]}) if field in FIELDS else problem
        )
        for field, problem in problems.items()
    ]
    return [html.H3("The correction is not logged yet"), html.Ul(links)]


def register(app: Dash, services: Services) -> None:
    @app.callback(
        Output(ERRORS, "children"),
        *(Output(field, "error") for field in FIELDS.values()),
        Output(ids.DRAWER, "data", allow_duplicate=True),
        Output(ids.ACTED, "data", allow_duplicate=True),
        Output(ids.ANNOUNCE, "children", allow_duplicate=True),
        Input(SAVE, "n_clicks"),
        State(ids.DRAWER, "data"),
        State(ids.OFFICER, "data"),
        *(State(field, "value") for field in FIELDS.values()),
        running=[(Output(SAVE, "disabled"), True, False)],
        prevent_initial_call=True,
    )
    def save(clicks, request, said, *values):
        now = services.clock.now()
        try:
            officer = officer_from(said)
            check(officer, Act.CORRECT)
            draft = draft_from(request["rumour"], dict(zip(FIELDS, values, strict=True)), now)
            correction = services.store.record_correction(request["incident"], draft, officer).result()
        except Refused as refused:
            beside = [refused.problems.get(field) for field in FIELDS]
            return error_summary(refused.problems), *beside, no_update, no_update, no_update
        except GrapevineError as error:
            return error_summary({"store": str(error)}), *(None for _ in FIELDS), no_update, no_update, no_update
        services.keeper.latest(request["incident"], fresh=True)
        acted = {"incident": request["incident"], "rumour": draft.rumour, "act": Act.CORRECT.value,
                 "correction": correction.id}  # fmt: skip
        said_so = wording.logged(Act.CORRECT, request.get("claim", ""))
        return None, *(None for _ in FIELDS), None, acted, said_so

    app.clientside_callback(
        ClientsideFunction("grapevine", "show_drawer"),
        Output(PANEL, "hidden"),
        Output(CLAIM, "children"),
        *(Output(field, "value") for field in FIELDS.values()),
        Output(ERRORS, "children", allow_duplicate=True),
        *(Output(field, "error", allow_duplicate=True) for field in FIELDS.values()),
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
    app.clientside_callback(
        ClientsideFunction("grapevine", "close_drawer"),
        Output(ids.DRAWER, "data", allow_duplicate=True),
        Input(CLOSE, "n_clicks"),
        prevent_initial_call=True,
    )
    # The focus goes to the summary as soon as there is one.
    app.clientside_callback(
        ClientsideFunction("grapevine", "focus_errors"), Output(ERRORS, "title"), Input(ERRORS, "children"),
        prevent_initial_call=True,
    )  # fmt: skip
