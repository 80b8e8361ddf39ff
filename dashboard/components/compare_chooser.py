"""What is compared: which rumours, which incidents beside them, and by the clock or by age."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.paths import Compared, pair
from dashboard.views.compare import ComparedIncident
from dashboard.views.lives import RumourLife
from dashboard.words import compare as compare_words

RUMOURS = "compare-rumours"
BESIDE = "compare-beside"
BY = "compare-by"
BY_CLOCK, BY_AGE = "clock", "age"
# More lines than this cannot be told apart.
MOST_RUMOURS = 6
MOST_BESIDE = 4
SHOWN_UNASKED = 3


def chooser(compared: Compared, choices: Sequence[dict[str, Any]], others: Sequence[dict[str, str]]) -> html.Section:
    return html.Section(
        [
            html.H2(compare_words.CHOOSE, className="unseen"),
            dmc.MultiSelect(
                id=RUMOURS,
                label=compare_words.RUMOURS,
                description=compare_words.choose_hint(MOST_RUMOURS),
                nothingFoundMessage=compare_words.NOTHING_FOUND,
                data=list(choices),
                value=[pair(*one) for one in compared.rumours[:MOST_RUMOURS]],
                maxValues=MOST_RUMOURS,
                searchable=True,
                clearable=True,
                className="compare-choice",
            ),
            html.Div(
                dmc.MultiSelect(
                    id=BESIDE,
                    label=compare_words.BESIDE,
                    description=compare_words.beside_hint(MOST_BESIDE),
                    nothingFoundMessage=compare_words.NO_INCIDENT_FOUND,
                    data=list(others),
                    value=[one for one in compared.beside if any(one == other["value"] for other in others)],
                    maxValues=MOST_BESIDE,
                    searchable=True,
                    clearable=True,
                ),
                className="compare-choice",
                hidden=not others,
            ),
            dmc.SegmentedControl(
                id=BY,
                data=[
                    {"value": BY_CLOCK, "label": compare_words.BY_CLOCK},
                    {"value": BY_AGE, "label": compare_words.BY_AGE},
                ],
                value=BY_AGE if compared.by_age else BY_CLOCK,
                className="tabs",
                **{"aria-label": compare_words.BY_LABEL},
            ),
        ],
        className="panel compare-chooser",
        **{"aria-label": compare_words.CHOOSE},
    )


def choices_of(incidents: Sequence[ComparedIncident]) -> list[dict[str, Any]]:
    """The rumours to choose from, under the names of their incidents."""
    return [
        {
            "group": one.incident.name,
            "items": [
                {"value": pair(one.incident.id, life.row.id), "label": compare_words.option(life.row)}
                for life in one.rumours
            ],
        }
        for one in incidents
    ]


def chosen_of(
    incidents: Sequence[ComparedIncident], asked: Sequence[tuple[str, str] | None]
) -> tuple[tuple[str, RumourLife], ...]:
    """The rumours that were asked for and are there; where none is, the three largest of the first incident."""
    known = {(one.incident.id, life.row.id): life for one in incidents for life in one.rumours}
    found = tuple((which[0], known[which]) for which in dict.fromkeys(asked) if which in known)
    return found or tuple((incidents[0].incident.id, life) for life in incidents[0].rumours[:SHOWN_UNASKED])
