"""The parts of the audit's screen: its filters, the check of its chain, and its entries."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard.auditing.checking import Checked, Checking
from dashboard.auditing.looks import Unentered
from dashboard.components import marks, taking
from dashboard.components.native_select import NativeSelect
from dashboard.paths import AUDIT, rooted, rumour_path
from dashboard.views.audit import AuditChoices, AuditPage, AuditQuestion, search_of
from dashboard.words import audit_screen as words
from dashboard.words.local_time import exact
from models.domain.acts import Act
from models.domain.audit import AuditedAct, AuditedLook, AuditEntry, AuditFilter, AuditKind

FROM = "audit-from"
UNTIL = "audit-until"
INCIDENT = "audit-incident"
OFFICER = "audit-officer"
KIND = "audit-kind"
WHAT = "audit-what"
SHOW = "audit-show"
PROBLEM = "audit-problem"
# An entry of what happened longer before was held up.
HELD_UP = timedelta(minutes=1)
_OF_SOURCES = frozenset(
    {
        AuditedAct.PERMIT_SOURCE,
        AuditedAct.START_SOURCE,
        AuditedAct.STOP_SOURCE,
        AuditedAct.DISCARD_LETTER,
        AuditedLook.LETTERS,
    }
)


def unentered(one: Unentered) -> html.P | None:
    """What a person should know where consultations could not be entered."""
    if not one:
        return None
    return html.P(words.unentered(one.waiting, one.lost, one.since), className="panel problem", role="alert")


def filters(which: AuditFilter, choices: AuditChoices) -> html.Section:
    every = [{"value": "", "label": words.EVERY}]
    incidents = every if choices.every_incident else []
    incidents = [*incidents, *({"value": one.id, "label": one.name} for one in choices.incidents)]
    kinds = [{"value": kind.value, "label": word} for kind, word in words.KINDS.items()]
    whats = {said: words.what(kind, said) for kind, said in choices.whats}
    whats = [{"value": said, "label": word} for said, word in sorted(whats.items(), key=lambda one: one[1])]
    people = [{"value": one.who, "label": one.name} for one in choices.people]
    return html.Section(
        [
            html.H2(words.FILTERS),
            html.Div(
                [
                    _time(FROM, words.FROM, which.since),
                    _time(UNTIL, words.UNTIL, which.until),
                    _chooser(INCIDENT, words.INCIDENT, which.incident, incidents),
                    _chooser(OFFICER, words.OFFICER, which.who, every + people),
                    _chooser(KIND, words.KIND, which.kind and which.kind.value, every + kinds),
                    _chooser(WHAT, words.WHAT, which.what, every + whats),
                ],
                className="audit-filters",
            ),
            html.Div(
                [
                    html.Button(words.SHOW, id=SHOW, type="button", className="button button-main"),
                    dcc.Link(words.SHOW_ALL, href=rooted(AUDIT), className="button"),
                    html.Span(id=PROBLEM, className="problem", role="alert"),
                ],
                className="act-bar",
            ),
        ],
        className="panel",
        **{"aria-label": words.FILTERS},
    )


def _time(named: str, label: str, moment: datetime | None) -> html.Div:
    hint = f"{named}-hint"
    return html.Div(
        [
            html.Label(label, htmlFor=named),
            dmc.TextInput(id=named, value=exact(moment) if moment else "", size="sm", **{"aria-describedby": hint}),
            html.P(words.TIME_HINT, id=hint, className="hint"),
        ],
        className="field",
    )


def _chooser(named: str, label: str, value: str | None, options: Sequence[Mapping[str, str]]) -> NativeSelect:
    if value and value not in {one["value"] for one in options}:
        # An address may ask for what no entry names.
        options = [*options, {"value": value, "label": value}]
    return NativeSelect(id=named, label=label, value=value or "", options=list(options), className="field")


def checked(running: Checking | None, last: Checked | None) -> list:
    """How a check goes, or what the last one found."""
    if running is not None:
        return [html.P(words.under_way(running.number, running.of))]
    if last is None:
        return [html.P(words.NEVER_CHECKED, className="quiet")]
    return [
        html.Ul([html.Li(marks.outside_words(line)) for line in last.says], className="audit-said"),
        html.P(words.last_checked(last.at, last.by), className="quiet"),
    ]


def entries(
    page: AuditPage, question: AuditQuestion, of: Callable[[AuditEntry], Any], names: Mapping[str, str]
) -> html.Section:
    """The entries of a page. `of` says what an entry is about; `names` are those of incidents by their ids."""
    if not page.entries:
        listed: list = [html.P(words.NONE, className="empty")]
    else:
        head = html.Tr([html.Th(name, scope="col") for name in words.HEADS])
        rows = [_row(one, of(one), names) for one in page.entries]
        listed = [
            html.P(words.shown(len(rows), page.entries[0].number, page.entries[-1].number), className="quiet"),
            html.Div(
                html.Table([html.Thead(head), html.Tbody(rows)], className="figures-table audit-table"),
                className="scrolls-sideways",
                tabIndex="0",
                role="region",
                **{"aria-label": words.LIST},
            ),
        ]
    return html.Section(
        [html.H2(words.LIST), *listed, _onward(page, question)], className="panel", **{"aria-label": words.LIST}
    )


def _onward(page: AuditPage, question: AuditQuestion) -> html.Div:
    """The ways to other pages, and out of the house."""
    which = question.which

    def link(word: str, before: int | None) -> dcc.Link:
        return dcc.Link(word, href=f"{rooted(AUDIT)}{search_of(AuditQuestion(which, before))}", className="button")

    about = {"data-incident": which.incident or "", "data-filters": search_of(AuditQuestion(which))}
    take = html.Button(words.TAKE_OUT, type="button", className="button", **{"data-opens": "take-audit", **about})
    return html.Div(
        [
            link(words.NEWEST, None) if question.before is not None else None,
            link(words.OLDER, page.older) if page.older is not None else None,
            html.Span(className="grow"),
            take,
            taking.note(),
        ],
        className="act-bar",
    )


def _row(one: AuditEntry, of: Any, names: Mapping[str, str]) -> html.Tr:
    note = one.note
    happened = note.at or one.entered_at
    held_up = one.entered_at - happened > HELD_UP
    later = html.Div(words.entered_later(one.entered_at), className="quiet") if held_up else None
    incident = names.get(note.incident, note.incident) if note.incident else ""
    reason = "" if one.reason_digest is None else words.ERASED
    if note.reason is not None:
        reason = words.reason(note.kind, note.reason)
    return html.Tr(
        [
            html.Th(f"{one.number:,}", scope="row"),
            html.Td([html.Time(words.when(happened), dateTime=happened.isoformat(), className="time"), later]),
            html.Td(marks.outside_words(words.who(note.officer))),
            html.Td(words.what(note.kind, note.what)),
            html.Td(of),
            html.Td(marks.outside_words(incident)),
            html.Td(marks.outside_words(reason)),
        ]
    )


def subject_of(one: AuditEntry, claim_of: Callable[[str, str], str | None], people: Mapping[str, str]) -> Any:
    """What an entry is about, as the screens call it. Ids of posts say who wrote them: those are never shown.

    `claim_of` gives the claim of a rumour by its incident and id, `people` the name of a user by their id.
    """
    note = one.note
    if note.subject is None:
        return None
    if note.kind in (AuditKind.SIGN_IN, AuditKind.USER):
        return marks.outside_words(people.get(note.subject, ""))
    if note.kind is AuditKind.ERASURE:
        return words.entry_of(note.subject)
    if note.what in _OF_SOURCES:
        return marks.outside_words(note.subject)
    if note.what == Act.CORRECT:
        return words.A_CORRECTION
    if note.incident is not None and (note.what == AuditedLook.RUMOUR or note.what in set(Act)):
        claim = claim_of(note.incident, note.subject)
        if claim is None:
            return words.NOT_ON_BOARD
        return dcc.Link(marks.claim(claim), href=rumour_path(note.incident, note.subject))
    return None
