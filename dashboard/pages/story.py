"""The story of an incident: a timeline of rumours, official posts, corrections, decisions and gaps, and its peaks."""

from datetime import datetime
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html, no_update
from dash.exceptions import PreventUpdate

from dashboard import ids
from dashboard.browser_input import number, one_of
from dashboard.components import story_parts, taking
from dashboard.components.top_bar import BAR, bar_now, pausable
from dashboard.figures.story import height, timeline_figure
from dashboard.figures.style import CONFIG
from dashboard.services import Moment, Services
from dashboard.views.notes import log_for
from dashboard.views.ranking import Window
from dashboard.views.read_once import ReadOnce
from dashboard.views.story import EntryKind, Story, read_story
from dashboard.words import story as story_words
from models.domain.audit import AuditedLook
from models.domain.incidents import Incident

CONTEXT = "story-context"
TOKEN = "story-token"
CHANGED = "story-changed"
EMPTY = "story-empty"
BODY = "story-body"
CHART = "story-chart"
SUMMARY = "story-summary"
LEFT_OUT = "story-left-out"
WINDOW = "story-window"
EARLIER = "story-earlier"
LATER = "story-later"
SHIFT = "story-shift"
PEAKS = "story-peaks"
TABLES = "story-tables"
KINDS = "story-kinds"
LIST = "story-list"
# A whole story is drawn anew at every so many polls at most.
POLLS_A_DRAWING = 5
STORIES_KEPT = 16
# Longer than any incident: what a browser sends may be any number.
MOST_STEPS = 100_000


def layout(incident: Incident | None = None, moment: Moment | None = None) -> html.Div:
    as_of = moment.as_of if moment else None
    context = {"incident": incident.id if incident else "", "as_of": as_of.isoformat() if as_of else None}
    return html.Div(
        [
            dcc.Store(id=CONTEXT, data=context),
            dcc.Store(id=TOKEN),
            dcc.Store(id=CHANGED),
            dcc.Store(id=SHIFT, data=0),
            dcc.Store(id=ids.STORY_ACTED),
            dcc.Interval(id=ids.STORY_TICK, interval=2000),
            html.Div(
                [
                    html.H1(story_words.heading(incident) if incident else None, className="grow"),
                    taking.export_bar(context["incident"], as_of),
                ],
                className="rumour-title",
            ),
            html.P(id=EMPTY, className="empty", hidden=True),
            html.Div(
                [html.Div([_timeline(), _peaks()], className="story-main"), _in_words()],
                id=BODY,
                className="story-split",
                hidden=True,
            ),
        ],
        className="plain-page story",
        **{"data-page": "story", "data-incident": context["incident"]},
    )


def _timeline() -> html.Section:
    options = [{"value": window.value, "label": word} for window, word in story_words.WINDOWS.items()]
    window = dmc.SegmentedControl(
        id=WINDOW,
        data=options,
        value=Window.ALL.value,
        className="tabs",
        **{"aria-label": story_words.WINDOW_LABEL},
    )
    return html.Section(
        [
            html.Div(
                [
                    html.H2(story_words.TIMELINE),
                    html.Span(className="grow"),
                    html.Button(story_words.EARLIER, id=EARLIER, type="button", className="button"),
                    window,
                    html.Button(story_words.LATER, id=LATER, type="button", className="button"),
                ],
                className="section-head",
            ),
            dcc.Graph(id=CHART, config=CONFIG, responsive=True, style={"height": 400}),
            html.P(id=SUMMARY, className="quiet"),
            html.P(id=LEFT_OUT, className="quiet"),
            html.Details([html.Summary(story_words.TABLE), html.Div(id=TABLES, className="table-holder")]),
        ],
        className="panel",
        **{"aria-label": story_words.TIMELINE},
    )


def _peaks() -> html.Section:
    return html.Section(
        [html.H2(story_words.PEAKS), html.Div(id=PEAKS)], className="panel", **{"aria-label": story_words.PEAKS}
    )


def _in_words() -> html.Section:
    chips = [dmc.Chip(word, value=kind.value, size="xs") for kind, word in story_words.KINDS.items()]
    chosen = dmc.ChipGroup(chips, id=KINDS, multiple=True, value=[kind.value for kind in EntryKind])
    return html.Section(
        [
            html.H2(story_words.IN_WORDS),
            html.Div(chosen, className="chips", role="group", **{"aria-label": story_words.KINDS_LABEL}),
            html.Div(
                id=LIST,
                className="story-list-holder",
                tabIndex="0",
                role="region",
                **{"aria-label": story_words.IN_WORDS},
            ),
        ],
        className="panel story-words",
        **{"aria-label": story_words.IN_WORDS},
    )


def register(app: Dash, services: Services) -> None:
    _register_poll(app, services)
    _register_zoom(app)
    _register_drawing(app, services)


def _register_poll(app: Dash, services: Services) -> None:
    @app.callback(
        output={"token": Output(TOKEN, "data"), "changed": Output(CHANGED, "data"), "bar": BAR},
        inputs=[
            Input(ids.STORY_TICK, "n_intervals"),
            State(CONTEXT, "data"),
            State(TOKEN, "data"),
            State(ids.SOURCES_SHOWN, "data"),
        ],
        prevent_initial_call=True,
    )
    def poll(tick, context, token, sources_shown):
        incident, as_of = _about(services, context)
        services.still_looks(AuditedLook.STORY, incident)
        snapshot = services.keeper.latest(incident)
        bar = bar_now(services, sources_shown, snapshot)
        due = as_of is None and snapshot.token != token and number(tick) % POLLS_A_DRAWING == 0
        seen = snapshot.token if due else no_update
        return {"token": seen, "changed": seen, "bar": bar}

    pausable(app, ids.STORY_TICK, CONTEXT)


def _register_zoom(app: Dash) -> None:
    """Another length of time shows the latest; the buttons go half a length on."""

    @app.callback(Output(SHIFT, "data"), Input(WINDOW, "value"))
    def choose(window):
        return 0

    for button, steps in ((EARLIER, 1), (LATER, -1)):

        @app.callback(
            Output(SHIFT, "data", allow_duplicate=True),
            Input(button, "n_clicks"),
            State(SHIFT, "data"),
            prevent_initial_call=True,
        )
        def move(clicks, shift, steps=steps):
            return _shift(shift) + steps


_DRAWN = {
    "empty": Output(EMPTY, "children"),
    "empty_hidden": Output(EMPTY, "hidden"),
    "body_hidden": Output(BODY, "hidden"),
    "figure": Output(CHART, "figure"),
    "style": Output(CHART, "style"),
    "summary": Output(SUMMARY, "children"),
    "left_out": Output(LEFT_OUT, "children"),
    "peaks": Output(PEAKS, "children"),
    "tables": Output(TABLES, "children"),
    "no_earlier": Output(EARLIER, "disabled"),
    "no_later": Output(LATER, "disabled"),
}


def _register_drawing(app: Dash, services: Services) -> None:
    stories: ReadOnce = ReadOnce(STORIES_KEPT)

    def read(context: Any, *, redrawn: bool) -> tuple[Story | None, datetime]:
        """The story of the page in view, read once for all who look at it, with what this one may read."""
        incident, as_of = _about(services, context)
        services.looked(AuditedLook.STORY, incident, as_of=as_of, redrawn=redrawn)
        store, now = services.store, services.clock.now()
        if as_of is not None:
            key = (incident, as_of, store.views.version)
            story = stories.get(key, lambda: read_story(store, incident, as_of, as_of=as_of))
            return story and log_for(services.reader(incident), story), as_of
        snapshot = services.keeper.latest(incident)
        key = (incident, snapshot.token)
        story = stories.get(key, lambda: read_story(store, incident, now, rows=snapshot.rows))
        return story and log_for(services.reader(incident), story), now

    @app.callback(
        output=_DRAWN,
        inputs=[
            Input(CHANGED, "data"),
            Input(ids.STORY_ACTED, "data"),
            Input(SHIFT, "data"),
            State(WINDOW, "value"),
            State(CONTEXT, "data"),
        ],
    )
    def draw(changed, acted, shift, window, context):
        story, now = read(context, redrawn=changed is not None)
        if story is None:
            return {
                **dict.fromkeys(_DRAWN),
                "empty": story_words.NO_STORY,
                "empty_hidden": False,
                "body_hidden": True,
            }
        window, moved = one_of(Window, window) or Window.ALL, _shift(shift)
        start, end = shown_span(story, window, moved)
        drawn = story_parts.timeline(story)
        return {
            "empty": None,
            "empty_hidden": True,
            "body_hidden": False,
            "figure": timeline_figure(drawn, start, end, now=now, kept=f"{window} {moved}"),
            "style": {"height": height(drawn)},
            "summary": story_words.summary(story),
            "left_out": story_words.left_out(len(story.rumours) - len(drawn.rumours)),
            "peaks": story_parts.peaks(story, now),
            "tables": story_parts.tables(story, now),
            "no_earlier": start <= story.start,
            "no_later": end >= story.end,
        }

    @app.callback(
        Output(LIST, "children"),
        Input(CHANGED, "data"),
        Input(ids.STORY_ACTED, "data"),
        Input(KINDS, "value"),
        State(CONTEXT, "data"),
    )
    def tell(changed, acted, kinds, context):
        story, now = read(context, redrawn=changed is not None)
        if story is None:
            raise PreventUpdate
        asked = kinds if isinstance(kinds, list) else []
        chosen = {kind for kind in EntryKind if kind.value in asked}
        incident, as_of = _about(services, context)
        return story_parts.entry_list(story, chosen, incident, as_of, now)


def shown_span(story: Story, window: Window, moved: int) -> tuple[datetime, datetime]:
    """The part of a story that a length of time shows: the latest, or `moved` half lengths before it."""
    if window.length is None or window.length >= story.end - story.start:
        return story.start, story.end
    end = max(story.start + window.length, story.end - moved * window.length / 2)
    return end - window.length, min(end, story.end)


def _shift(value: Any) -> int:
    return min(max(value, 0), MOST_STEPS) if isinstance(value, int) else 0


def _about(services: Services, context: Any) -> tuple[str, datetime | None]:
    """The incident, which there is, and the moment of the past or None for the present."""
    incident, moment = services.about(context)
    return incident, moment.as_of
