"""The pieces of a comparison: the tables of clocks and of incidents, what lines draw as figures, the small charts."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from dash import dcc, html

from dashboard.components import marks
from dashboard.figures.compare import small_figure
from dashboard.figures.compare_axis import Line, Scale, known_places
from dashboard.figures.style import CONFIG
from dashboard.paths import Page, at, part_path, rumour_path
from dashboard.views.compare import ComparedIncident
from dashboard.views.lives import RumourLife
from dashboard.words import chart as chart_words
from dashboard.words import compare as compare_words
from dashboard.words.local_time import short

# A small chart only shows a shape: what it says by numbers stands in the table of clocks.
STILL = {**CONFIG, "staticPlot": True}


def rumour_line(one: RumourLife, its_letter: str, now: datetime) -> Line:
    """The line of a rumour that has dated posts."""
    return Line(
        letter=its_letter,
        name=one.row.claim,
        minutes=one.minutes,
        until=now,
        denied_at=one.life.first_denial,
        answered_at=tuple(answer.at for answer in one.answers),
    )


def incident_lines(incidents: Sequence[ComparedIncident], now: datetime) -> list[Line]:
    return [
        Line(letter=letter(place), name=one.incident.name, minutes=one.volume, until=one.incident.closed_at or now)
        for place, one in enumerate(incidents)
        if one.volume
    ]


def letter(place: int) -> str:
    """A, B, C…"""
    return chr(ord("A") + place)


def clock_table(
    chosen: Sequence[tuple[str, RumourLife]],
    others: Sequence[RumourLife],
    incident: str,
    as_of: datetime | None,
    now: datetime,
) -> html.Table:
    """The clocks of the chosen rumours, each with its incident and its letter, and below them of others."""
    lettered = [_clock_row(one, of, letter(place), as_of, now) for place, (of, one) in enumerate(chosen)]
    rest = [_clock_row(one, incident, "", as_of, now) for one in others]
    return _table(compare_words.CLOCKS_CAPTION, compare_words.CLOCK_HEADS, [*lettered, *rest])


def _clock_row(one: RumourLife, incident: str, its_letter: str, as_of: datetime | None, now: datetime) -> html.Tr:
    link = dcc.Link(marks.claim(one.row.claim), href=at(rumour_path(incident, one.row.id), as_of))
    name = [html.Strong(f"{its_letter} ", className="letter"), link] if its_letter else link
    return html.Tr(
        [html.Th(name, scope="row"), *(html.Td(cell) for cell in compare_words.clock_cells(one, now))],
        className="chosen" if its_letter else None,
    )


def incident_table(incidents: Sequence[ComparedIncident], as_of: datetime | None, now: datetime) -> html.Table:
    rows = [
        html.Tr(
            [
                html.Th(
                    [
                        html.Strong(f"{letter(place)} ", className="letter"),
                        dcc.Link(one.incident.name, href=at(part_path(one.incident.id, Page.STORY), as_of)),
                    ],
                    scope="row",
                ),
                *(html.Td(cell) for cell in compare_words.incident_cells(one, now)),
            ]
        )
        for place, one in enumerate(incidents)
    ]
    return _table(compare_words.INCIDENTS_CAPTION, compare_words.INCIDENT_HEADS, rows)


def lines_table(lines: Sequence[Line], scale: Scale | None, now: datetime) -> html.Table | None:
    """The posts behind the lines, by interval; a cell of which nothing is known is empty."""
    if scale is None:
        return None
    series = [scale.series(one) for one in lines]
    known = [set(known_places(line, one)) for line, one in zip(lines, series, strict=True)]
    rows = []
    for place in range(len(series[0].starts)):
        cells = [f"{one.totals[place]:,}" if place in of else "" for one, of in zip(series, known, strict=True)]
        if any(cell not in {"", "0"} for cell in cells):
            start = series[0].starts[place]
            name = (
                compare_words.age_row((start - series[0].starts[0]) / timedelta(minutes=1))
                if scale.by_age
                else short(start, now)
            )
            rows.append(html.Tr([html.Th(name, scope="row"), *(html.Td(cell) for cell in cells)]))
    heads = (compare_words.AGED if scale.by_age else compare_words.FROM, *(one.letter for one in lines))
    return _table(chart_words.per(scale.interval), heads, rows)


def cards(
    shown: Sequence[RumourLife],
    scale: Scale | None,
    tallest: int | None,
    incident: str,
    as_of: datetime | None,
    now: datetime,
) -> list[html.Li]:
    """A small chart each, up to `tallest` posts or, where that is None, its own. Without dated posts it says so."""
    return [
        html.Li(
            [
                dcc.Link(
                    marks.claim(one.row.claim),
                    href=at(rumour_path(incident, one.row.id), as_of),
                    className="card-claim",
                ),
                html.P(compare_words.card_facts(one, now), className="facts-line"),
                dcc.Graph(
                    id={"compare-small": one.row.id},
                    figure=small_figure(rumour_line(one, "", now), scale, tallest),
                    config=STILL,
                    responsive=True,
                    style={"height": 96},
                )
                if scale is not None and one.minutes
                else html.P(compare_words.NO_POSTS, className="quiet"),
            ],
            className="compare-card",
        )
        for one in shown
    ]


def _table(caption: str, heads: Sequence[str], rows: Sequence[html.Tr]) -> html.Table:
    head = html.Tr([html.Th(name, scope="col") for name in heads])
    return html.Table(
        [html.Caption(caption), html.Thead(head), html.Tbody(list(rows))], className="figures-table compare-table"
    )
