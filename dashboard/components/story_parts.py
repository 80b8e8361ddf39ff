"""The pieces of an incident's story in words: what drove its peaks, its list, and the figures behind its timeline."""

from collections.abc import Collection, Sequence
from datetime import datetime

from dash import dcc, html

from dashboard.components import marks
from dashboard.figures.story import Timeline
from dashboard.figures.story_lanes import Mark, RumourLane
from dashboard.paths import at, rumour_path
from dashboard.views.lives import Answer, RumourLife
from dashboard.views.story import Entry, EntryKind, PeakFlow, Story
from dashboard.words import board as board_words
from dashboard.words import rumour as rumour_words
from dashboard.words import story as story_words
from dashboard.words.local_time import short
from models.measures.intervals import floor
from models.measures.spread import spread_series

ENTRIES_SHOWN = 400
# More lanes than this cannot be taken in at once.
MOST_RUMOURS = 20


def timeline(story: Story) -> Timeline:
    """What the timeline draws of a story: its dated parts, and the largest rumours in the order of the story."""
    dated = [one for one in story.rumours if one.row.first_at is not None]
    largest = sorted(dated, key=lambda one: -one.row.posts)[:MOST_RUMOURS]
    return Timeline(
        volume=story.volume,
        peaks=tuple((one.since, one.until) for one in story.peaks),
        gaps=story.gaps,
        officials=tuple(Mark(one.at, one.words) for one in story.officials if one.at is not None),
        answers=_answers(story.answers),
        decisions=tuple(Mark(one.decided_at, story_words.decision(one)) for one in story.decisions),
        rumours=tuple(_lane(one) for one in dated if one in largest),
    )


def _lane(one: RumourLife) -> RumourLane:
    row = one.row
    return RumourLane(
        row.claim, story_words.rumour_lane(row), row.first_at, row.last_at, one.minutes, _answers(one.answers)
    )


def _answers(answers: Sequence[Answer]) -> tuple[Mark, ...]:
    return tuple(Mark(one.at, story_words.answer(one)) for one in answers)


def peaks(story: Story, now: datetime) -> list:
    """Each peak with the flows that drove it, and how peaks are found."""
    if not story.peaks:
        return [html.P(story_words.NO_PEAKS, className="quiet"), _how_found(story)]
    shown = [
        html.Li(
            [
                html.H3(story_words.peak_title(number, one, now)),
                html.P(story_words.peak_figures(one, story.interval, now), className="quiet"),
                _flows(one.flows),
            ],
            className="story-peak",
        )
        for number, one in enumerate(story.peaks, start=1)
    ]
    return [html.Ol(shown, className="story-peaks"), _how_found(story)]


def _how_found(story: Story) -> html.P:
    return html.P(story_words.how_found(story), className="quiet")


def _flows(flows: tuple[PeakFlow, ...]) -> html.Ol:
    return html.Ol([html.Li(_flow(one), className="post") for one in flows], className="posts")


def _flow(one: PeakFlow) -> list:
    official = html.Span(rumour_words.OFFICIAL, className="official", title=rumour_words.OFFICIAL_MEANS)
    return [
        html.Div(
            [
                marks.stance(one.stance, one.coded_by),
                html.Span(story_words.flow_figures(one)),
                official if one.official else None,
            ],
            className="post-line",
        ),
        marks.outside_words(one.words, "post-text"),
        html.P(marks.outside_words(story_words.of_rumour(one.claim)), className="post-whence"),
    ]


def entry_list(
    story: Story, kinds: Collection[EntryKind], incident: str, as_of: datetime | None, now: datetime
) -> list:
    """The story in order of time, of these kinds."""
    chosen = [one for one in story_words.entries(story, now) if one.kind in kinds]
    if not chosen:
        return [html.P(story_words.NOTHING_CHOSEN, className="quiet")]
    shown = [html.Li(_entry(one, incident, as_of, now), className="entry") for one in chosen[:ENTRIES_SHOWN]]
    left = len(chosen) - len(shown)
    more = [html.P(story_words.more(left), className="quiet")] if left else []
    return [html.Ol(shown, className="entries"), *more]


def _entry(one: Entry, incident: str, as_of: datetime | None, now: datetime) -> list:
    claim = marks.claim(one.claim) if one.claim is not None else None
    if claim and one.rumour:
        claim = dcc.Link(claim, href=at(rumour_path(incident, one.rumour), as_of))
    return [
        html.Div(
            [
                marks.moment(one.at, now),
                html.Span(story_words.ONE_OF[one.kind], className=f"chip entry-{one.kind.value}"),
            ],
            className="post-line",
        ),
        html.P(claim) if claim else None,
        html.P(marks.outside_words(one.words, "post-text")),
        html.P(one.figures, className="post-whence") if one.figures else None,
        html.Ol([html.Li(marks.outside_words(flow.words)) for flow in one.flows], className="entry-flows")
        if one.flows
        else None,
    ]


def tables(story: Story, now: datetime) -> list[html.Table]:
    """What the timeline draws, as figures: the rumours, and all posts by interval."""
    return [_rumours(story, now), _volume(story, now)]


def _rumours(story: Story, now: datetime) -> html.Table:
    names = (
        story_words.CLAIM_HEAD,
        story_words.FIRST,
        story_words.LAST,
        story_words.POSTS,
        story_words.PEOPLE,
    )
    rows = [
        html.Tr(
            [
                html.Th(marks.outside_words(one.row.claim), scope="row"),
                html.Td(short(one.row.first_at, now)),
                html.Td(short(one.row.last_at, now)),
                html.Td(board_words.posts_figure(one.row)),
                html.Td(f"{one.row.people:,}"),
            ]
        )
        for one in story.rumours
    ]
    return _table(story_words.claims_table(), names, rows)


def _volume(story: Story, now: datetime) -> html.Table:
    start = floor(story.start, story.interval)
    series = spread_series(story.volume, start=start, end=story.end, interval=story.interval)
    rows = [
        html.Tr([html.Th(short(start, now), scope="row"), html.Td(f"{posts:,}")])
        for start, posts in zip(series.starts, series.totals, strict=True)
        if posts
    ]
    return _table(story_words.volume_table(story.interval), (story_words.FROM, story_words.POSTS), rows)


def _table(caption: str, names: tuple[str, ...], rows: list[html.Tr]) -> html.Table:
    head = html.Tr([html.Th(name, scope="col") for name in names])
    return html.Table(
        [html.Caption(caption), html.Thead(head), html.Tbody(rows)], className="figures-table story-table"
    )
