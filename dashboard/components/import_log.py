"""How far an import has come, and the files that were imported before, each with its account."""

from collections.abc import Sequence
from datetime import datetime

from dash import html

from dashboard.components import marks
from dashboard.views.imports import ImportedFile
from dashboard.words import imports as words
from dashboard.words import reading as reading_words
from models.domain.imports import ImportEnd, Progress
from models.domain.reading import Outcome
from models.measures.reading_account import Account


def under_way(one: Progress, account: Account, *, elsewhere: str | None) -> html.Div:
    """The bar, the account so far, and the button that ends it. `elsewhere` names another incident it goes into."""
    bar = html.Progress(value=str(words.share(one)), max="100", **{"aria-label": words.UNDER_WAY})
    cancel = html.Button(
        words.CANCEL,
        type="button",
        className="button",
        **{"data-import-cancel": one.of.id, "aria-disabled": str(one.cancelling).lower()},
    )
    return html.Div(
        [
            html.H3(words.UNDER_WAY),
            html.P(marks.outside_words(words.under_way(one, elsewhere))),
            html.Div([bar, html.Span(words.how_far(one))], className="import-bar"),
            html.P(reading_words.in_one_sentence(account)),
            html.P(words.CANCELLING, className="quiet") if one.cancelling else None,
            html.P(cancel, className="act-bar"),
        ],
        className="import-now",
    )


def imported(files: Sequence[ImportedFile], now: datetime) -> html.Ul | html.P:
    if not files:
        return html.P(words.NOTHING_IMPORTED, className="quiet")
    return html.Ul([_file(one, now, whole=place == 0) for place, one in enumerate(files)], className="import-log")


def _file(found: ImportedFile, now: datetime, *, whole: bool) -> html.Li:
    """`whole`: what was told is open to be read."""
    one, account = found.one, found.account
    is_cut = one.ended is not ImportEnd.DONE
    fault = reading_words.unaccounted(account)
    reasons = [
        f"{reading_words.OUTCOMES[outcome].capitalize()}: {why}."
        for outcome in (Outcome.PASSED_OVER, Outcome.DEAD)
        if (why := reading_words.why_of(account, outcome))
    ]
    told = html.Ul([html.Li(marks.outside_words(reading_words.fact(fact, one.file))) for fact in found.told])
    return html.Li(
        [
            html.H3([marks.outside_words(one.file), html.Span(f" · {words.ended(one)}", className="quiet")]),
            html.P(marks.outside_words(words.whose(one, now))),
            html.P(words.kept_what(one), className="quiet"),
            html.P(f"{reading_words.in_one_sentence(account)}.", className="import-account"),
            *(html.P(line) for line in reasons),
            html.P(fault, className="source-fault") if fault else None,
            html.P(words.AGAIN, className="import-again") if is_cut else None,
            html.Details([html.Summary(words.TOLD), told], open=whole) if found.told else None,
        ]
    )
