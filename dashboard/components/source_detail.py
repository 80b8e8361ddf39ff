"""One source in full: its dead letters, its gaps and its log of events."""

from collections.abc import Sequence
from datetime import datetime

from dash import html

from dashboard.access import SystemAct
from dashboard.components import marks
from dashboard.components.source_table import act_button
from dashboard.views.sources import LETTERS_SHOWN, SourceDetail
from dashboard.words import sources as sources_words
from dashboard.words.masking import masked_record
from models.domain.posts import DeadLetter
from models.domain.sources import HealthEvent, SourceGap

LONGEST_PAYLOAD = 4000


def source_detail(one: SourceDetail, now: datetime) -> list:
    name = one.row.state.name
    return [
        html.H3(sources_words.letters(name)),
        _letters(one.letters, now),
        html.H3(sources_words.GAPS),
        gap_list(one.row.gaps, now),
        html.H3(sources_words.EVENT_LOG),
        event_list(one.events, now),
    ]


def _letters(letters: Sequence[DeadLetter], now: datetime) -> html.Ul | html.P:
    if not letters:
        return html.P(sources_words.NO_LETTERS, className="quiet")
    shown = [html.Li(_letter(letter, now), className="letter", key=letter.id) for letter in letters]
    if len(letters) == LETTERS_SHOWN:
        shown.append(html.Li(sources_words.latest_letters(LETTERS_SHOWN), className="quiet"))
    return html.Ul(shown, className="letters")


def _letter(letter: DeadLetter, now: datetime) -> list:
    payload = masked_record(letter.payload)
    cut = "…" if len(payload) > LONGEST_PAYLOAD else ""
    return [
        html.Div(
            [
                marks.moment(letter.arrived_at, now),
                html.Strong(letter.reason),
                html.Span(sources_words.position(letter.position), className="quiet"),
                html.Span(className="grow"),
                act_button(SystemAct.REPLAY_LETTER, letter.source, letter.id),
                act_button(SystemAct.DISCARD_LETTER, letter.source, letter.id),
            ],
            className="letter-head",
        ),
        html.Details(
            [
                html.Summary(sources_words.SHOW_LETTER),
                html.Pre(html.Bdi(payload[:LONGEST_PAYLOAD] + cut), className="payload", tabIndex="0"),
            ]
        ),
    ]


def gap_list(gaps: Sequence[SourceGap], now: datetime) -> html.Ul | html.P:
    if not gaps:
        return html.P(sources_words.NO_GAPS, className="quiet")
    return html.Ul([html.Li(sources_words.gap(gap, now)) for gap in gaps], className="events")


def event_list(events: Sequence[HealthEvent], now: datetime) -> html.Ol | html.P:
    if not events:
        return html.P(sources_words.NO_EVENTS, className="quiet")
    return html.Ol([html.Li(sources_words.event(one, now)) for one in events], className="events")
