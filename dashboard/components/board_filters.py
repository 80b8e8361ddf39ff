"""What chooses and ranks the rumours of the board: tabs, rank, time window and words."""

from typing import Any

import dash_mantine_components as dmc
from dash import Input, State, html

from dashboard.browser_input import one_of
from dashboard.browser_input import words as words_of
from dashboard.views.ranking import Choice, Rank, Tab, Window
from dashboard.words import board as board_words

TABS = "board-tabs"
RANK = "board-rank"
WINDOW = "board-window"
WORDS = "board-words"
# Longer than anything that a claim could be found by.
LONGEST_FILTER = 200


def layout(tab: Tab = Tab.OPEN) -> html.Div:
    return html.Div(
        [
            dmc.SegmentedControl(
                id=TABS,
                data=tab_options({}),
                value=tab.value,
                className="tabs",
                **{"aria-label": board_words.TABS_LABEL},
            ),
            html.Span(className="grow"),
            _select(RANK, board_words.RANK_LABEL, board_words.RANKS, Rank.FASTEST, 120),
            _select(WINDOW, board_words.WINDOW_LABEL, board_words.WINDOWS, Window.ALL, 104),
            dmc.TextInput(
                id=WORDS,
                placeholder=board_words.FILTER,
                debounce=250,
                size="xs",
                w=96,
                className="words",
                **{"aria-label": board_words.FILTER_LABEL},
            ),
        ],
        className="filters",
    )


def _select(select_id: str, label: str, words: dict, value: Any, width: int) -> dmc.Select:
    data = [{"value": key.value, "label": word} for key, word in words.items()]
    return dmc.Select(
        id=select_id, data=data, value=value.value, allowDeselect=False, size="xs", w=width, **{"aria-label": label}
    )


def tab_options(found: dict[Tab, int]) -> list[dict[str, str]]:
    """The tabs, each with how many rumours it holds; without, where that is not known yet."""
    return [{"value": tab.value, "label": board_words.tab(tab, found.get(tab))} for tab in Tab]


def controls(kind: type[Input] | type[State]) -> dict[str, Input | State]:
    """What the controls are set to; the arguments of `choice`."""
    return {
        "tab": kind(TABS, "value"),
        "rank": kind(RANK, "value"),
        "window": kind(WINDOW, "value"),
        "words": kind(WORDS, "value"),
    }


def choice(tab: Any, rank: Any, window: Any, words: Any, *, me: str) -> Choice:
    """What the controls say to the user of that id; where one says nothing known, what it says at first."""
    return Choice(
        one_of(Tab, tab) or Tab.OPEN,
        one_of(Rank, rank) or Rank.FASTEST,
        one_of(Window, window) or Window.ALL,
        words_of(words)[:LONGEST_FILTER],
        me,
    )
