"""What came of the rounds of coding: how far people agree, and how often the model says what they say."""

from collections.abc import Sequence

from dash import html

from dashboard.components import marks
from dashboard.views.coding import RoundResult
from dashboard.words import coding as words
from models.domain.rumours import Stance
from models.measures.agreement import Agreement


def results(found: Sequence[RoundResult]) -> list:
    """The newest round in full, the earlier ones in a line each."""
    if not found:
        return [html.P(words.NOTHING_YET, className="quiet")]
    newest, *earlier = found
    parts = [_result(newest)]
    if earlier:
        rows = [
            html.Li(
                [
                    html.Strong(words.round_line(one.state)),
                    " ",
                    words.model_line(one),
                    " ",
                    words.alpha_line(one.alpha),
                ]
            )
            for one in earlier
        ]
        parts.append(html.Details([html.Summary(words.EARLIER), html.Ul(rows, className="coding-earlier")]))
    return parts


def _result(found: RoundResult) -> html.Section:
    started = found.state.round
    return html.Section(
        [
            html.H2(words.results(found)),
            html.P(words.model_line(found), className="coding-headline"),
            html.P(words.alpha_line(found.alpha)),
            html.P(words.made_up(found), className="quiet"),
            html.Div(
                _table(found),
                className="table-holder coding-table-holder",
                tabIndex="0",
                role="region",
                **{"aria-label": words.TABLE_CAPTION},
            ),
            html.Details(
                [
                    html.Summary(words.METHOD),
                    html.P(words.sample_method(found)),
                    html.P(words.METHOD_MODEL),
                    html.P(words.METHOD_ALPHA),
                    html.P(words.by(started.started_by, started.started_at), className="quiet"),
                ],
                className="coding-method",
            ),
        ],
        className="panel",
        **{"aria-label": words.results(found)},
    )


def _table(found: RoundResult) -> html.Table:
    head = html.Thead(html.Tr([html.Th(name, scope="col") for name in words.COLUMNS]))
    settled = sum(found.settled.values())
    whole = _row(words.ALL_STANCES, settled, words.recall(found.model), found.alpha)
    rows = [
        _row(
            marks.stance_name(stance),
            found.settled[stance],
            words.recall(found.recalls[stance]),
            found.alphas[stance],
        )
        for stance in Stance
    ]
    return html.Table(
        [html.Caption(words.TABLE_CAPTION), head, html.Tbody([*rows, whole])], className="figures-table coding-table"
    )


def _row(name: object, people_say: int, model_finds: str, agreement: Agreement) -> html.Tr:
    undefined = words.UNDEFINED_WHY if agreement.alpha is None else None
    return html.Tr(
        [
            html.Th(name, scope="row"),
            html.Td(f"{people_say:,}"),
            html.Td(model_finds),
            html.Td(words.alpha(agreement), title=undefined),
            html.Td(f"{agreement.flows:,}"),
        ]
    )
