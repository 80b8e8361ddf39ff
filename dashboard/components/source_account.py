"""What became of all that a source brought: in one sentence, by reason, by hour and by file."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from dash import html

from dashboard.components import marks
from dashboard.views.sources import SourceAccount
from dashboard.words import imports as import_words
from dashboard.words import reading as words
from dashboard.words.local_time import short
from models.domain.reading import Mark
from models.measures.reading_account import Account


def source_account(one: SourceAccount, now: datetime) -> list:
    heading = html.H3(words.HEADING)
    if not one.whole.read:
        return [heading, html.P(words.NOTHING, className="quiet")]
    fault = words.unaccounted(one.whole)
    hours = [(short(hour, now), account) for hour, account in one.hours.items()]
    files = [(_file(_named(file, one), one.marks.get(file, {})), account) for file, account in one.files.items()]
    return [
        heading,
        html.P(words.in_one_sentence(one.whole)),
        html.P(fault, className="source-fault") if fault else None,
        html.P(words.MEANING, className="quiet"),
        html.Div(
            [
                _reasons(one.whole),
                _table(words.HOURS_TABLE, words.HOUR, hours),
                _table(words.FILES_TABLE, words.FILE, files) if files else None,
            ],
            className="accounts",
            tabIndex="0",
            role="region",
            **{"aria-label": words.HEADING},
        ),
        *(html.P(words.MARK_MEANS[kind], className="quiet") for kind in sorted(set().union(*one.marks.values()))),
        *(_told(one, file) for file in one.told),
    ]


def _named(file: str, one: SourceAccount) -> str:
    """A file by its name; one that somebody handed in by its name and time, since there may be several of it."""
    imported = one.imports.get(file)
    return import_words.label(imported) if imported else file


def _told(one: SourceAccount, file: str) -> html.Details:
    """What a person should know about how a file was read."""
    imported = one.imports.get(file)
    lines = [words.fact(fact, imported.file if imported else file) for fact in one.told[file]]
    told = html.Ul([html.Li(marks.outside_words(line)) for line in lines])
    return html.Details([html.Summary(marks.outside_words(words.told(_named(file, one)))), told], className="told")


def _file(name: str, found: Mapping[Mark, int]) -> list:
    """A file's name, and what it is marked for."""
    chips = [html.Span(words.mark(kind, items), className="chip") for kind, items in found.items()]
    return [marks.outside_words(name), *(part for chip in chips for part in (" ", chip))]


def _reasons(account: Account) -> html.Table | None:
    if not account.why:
        return None
    rows = [
        html.Tr(
            [
                html.Th(words.outcome_and_reason(outcome, rule, detail), scope="row"),
                html.Td(f"{items:,}"),
            ]
        )
        for outcome, rule, detail, items in account.why
    ]
    return _drawn(words.WHY_TABLE, (words.WHY, words.ITEMS), rows)


def _table(caption: str, name: str, accounts: Iterable[tuple[Any, Account]]) -> html.Table:
    rows = [
        html.Tr(
            [
                html.Th(of, scope="row"),
                html.Td(f"{one.read:,}"),
                *(html.Td(f"{items:,}") for items in one.became.values()),
            ]
        )
        for of, one in accounts
    ]
    return _drawn(caption, (name, *words.HEAD), rows)


def _drawn(caption: str, names: tuple[str, ...], rows: list[html.Tr]) -> html.Table:
    head = html.Tr([html.Th(name, scope="col") for name in names])
    return html.Table([html.Caption(caption), html.Thead(head), html.Tbody(rows)], className="figures-table")
