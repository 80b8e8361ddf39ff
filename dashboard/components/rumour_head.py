"""The head of a rumour's page: its claim and figures and what may be done, or where it went."""

from dash import dcc, html

from dashboard.components import marks, rearrange_form
from dashboard.components.act_bar import act_bar
from dashboard.paths import at, board_path, bubbles_path, rumour_path
from dashboard.services import Moment
from dashboard.signed_in import person
from dashboard.views.board import BoardRow
from dashboard.views.ranking import handed_to
from dashboard.views.rumour import MergedAway, RumourPage
from dashboard.words import assign as assign_words
from dashboard.words import rumour as rumour_words
from dashboard.words import shared as shared_words


def head(page: RumourPage, incident: str, moment: Moment) -> list:
    row, facts = page.row, rumour_words.facts(page.row, moment.now)
    return [
        html.Div(
            [
                _back(incident, moment),
                html.H1([marks.state(row.state), *marks.claim(row.claim)], className="rumour-claim"),
            ],
            className="rumour-title",
        ),
        html.Dl([html.Div([html.Dt(name), html.Dd(value)]) for name, value in facts], className="fact-list"),
        _handed(row, moment),
        _bar(row, incident, moment),
    ]


def _handed(row: BoardRow, moment: Moment) -> html.P | None:
    """By whom whoever asks was given the rumour, and the note for them, until they take it."""
    asks = person()
    given = handed_to(row, asks.user.id) if asks and moment.as_of is None else None
    if given is None:
        return None
    return html.P(marks.outside_words(assign_words.handed_line(given.by, given.note)), className="handed-to-you")


def _bar(row: BoardRow, incident: str, moment: Moment) -> html.Div:
    """What may be done; of the past there is only the picture to look at."""
    picture = dcc.Link(
        rumour_words.BUBBLES, href=at(bubbles_path(incident, row.id), moment.as_of), className="button"
    )
    if moment.as_of is not None:
        return html.Div(picture, className="act-bar")
    return act_bar(row, incident, picture)


def _back(incident: str, moment: Moment) -> dcc.Link:
    return dcc.Link(rumour_words.BACK, href=at(board_path(incident), moment.as_of), className="back")


def rearranged(about: RumourPage | MergedAway, rumour: str, moment: Moment) -> html.P | None:
    """What was just rearranged, with the way back: of the past there is none."""
    if moment.as_of is not None:
        return None
    return rearrange_form.rearranged_line(about.decisions, about.rearranged, rumour, moment.now)


def merged_away(gone: MergedAway, incident: str, rumour: str, moment: Moment) -> list:
    other = dcc.Link(marks.claim(gone.claim), href=at(rumour_path(incident, gone.merged_into), moment.as_of))
    return [
        html.Div(
            [
                _back(incident, moment),
                html.H1(rumour_words.MERGED_AWAY),
            ],
            className="rumour-title",
        ),
        html.P([rumour_words.MERGED_INTO, other]),
        rearranged(gone, rumour, moment),
    ]


def not_on_board(incident: str, moment: Moment) -> list:
    link = dcc.Link(shared_words.TO_THE_BOARD, href=at(board_path(incident), moment.as_of))
    why = rumour_words.NOT_ON_BOARD_WHY if moment.as_of is None else rumour_words.NOT_ON_BOARD_THEN_WHY
    return [html.H1(rumour_words.NOT_ON_BOARD), html.P([f"{why} ", link])]
