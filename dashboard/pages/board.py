"""The board: what is being said now, and what needs me?"""

from datetime import datetime
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html, no_update
from dash.exceptions import PreventUpdate

from dashboard import ids
from dashboard.browser_input import fields
from dashboard.browser_input import words as words_of
from dashboard.components import board_filters, detail, handed, official_shelf, waiting_list
from dashboard.components.board_grid import board_grid, changed_rows, grid_rows
from dashboard.components.top_bar import BAR, bar_now, pausable
from dashboard.services import Services, page_context
from dashboard.signed_in import required
from dashboard.views.families import only, together
from dashboard.views.ranking import Choice, Tab, chosen, counts
from dashboard.views.snapshot import Snapshot, redraw_stamp
from dashboard.words import board as board_words
from dashboard.words import who_is_here as here_words
from dashboard.words.local_time import hour_and_minute
from models.domain.audit import AuditedLook

CONTEXT = "board-context"
GRID = "board-grid"
SHOW = "board-show"
NOTICE = "board-notice"
EMPTY = "board-empty"
# What this viewer's list holds, and since when: {"since", "families"}. A family is the ids under one
# heading, or the one of a row that stands alone.
SHOWN = "board-shown"
TOKEN = "board-token"
CHOSEN = "board-chosen"
# What was chosen before the page was loaded anew, from this tab's session.
CHOSEN_BEFORE = "board-chosen-before"
CHOSEN_CHANGED = "board-chosen-changed"
FILL = "board-fill"
# Who is at which rumour, for the marks in the rows.
PRESENT = "board-present"


def layout(
    incident_id: str = "", incident_name: str = "", as_of: datetime | None = None, tab: Tab = Tab.OPEN
) -> html.Div:
    """As known at `as_of`; None: as it is, and live."""
    return html.Div(
        [
            dcc.Store(id=CONTEXT, data=page_context(incident_id, as_of)),
            dcc.Store(id=SHOWN),
            dcc.Store(id=TOKEN),
            dcc.Store(id=CHOSEN),
            dcc.Store(id=CHOSEN_BEFORE),
            dcc.Store(id=CHOSEN_CHANGED),
            dcc.Store(id=FILL),
            dcc.Store(id=PRESENT),
            dcc.Store(id=ids.BOARD_ACTED),
            dcc.Interval(id=ids.BOARD_TICK, interval=2000, disabled=as_of is not None),
            html.H1(board_words.heading(incident_name), className="unseen"),
            board_filters.layout(tab),
            html.Div(
                [
                    html.Section(
                        [
                            html.Div(
                                [
                                    html.Button(id=SHOW, type="button", className="show-waiting", hidden=True),
                                    html.Span(id=NOTICE, className="quiet"),
                                    html.Span(className="grow"),
                                    _log_sighting() if as_of is None else None,
                                ],
                                className="notice-line",
                            ),
                            handed.layout(),
                            waiting_list.layout(),
                            html.P(id=EMPTY, className="empty", hidden=True),
                            html.Div(board_grid(GRID), className="grid-holder"),
                            official_shelf.layout(),
                        ],
                        className="list",
                        **{"aria-label": board_words.LIST_LABEL},
                    ),
                    detail.layout(),
                ],
                className="board-split",
            ),
        ],
        className="board",
        **{"data-page": "board", "data-incident": incident_id},
    )


def _log_sighting() -> html.Button:
    return html.Button(
        [board_words.LOG_SIGHTING, html.Kbd("s", **{"aria-hidden": "true"})],
        type="button",
        className="button",
        **{"data-opens": "sighting"},
    )


def register(app: Dash, services: Services) -> None:
    _register_list(app, services)
    _register_poll(app, services)
    handed.register(app, services, token=TOKEN, context=CONTEXT)
    waiting_list.register(app, services, token=TOKEN, context=CONTEXT)
    official_shelf.register(app, services, token=TOKEN, context=CONTEXT)
    detail.register(app, services, chosen=CHOSEN, changed=CHOSEN_CHANGED, context=CONTEXT)

    app.clientside_callback(
        ClientsideFunction("grid", "chosen_row"),
        Output(CHOSEN, "data"),
        Input(GRID, "selectedRows"),
        Input(SHOWN, "data"),
        State(CHOSEN, "data"),
        State(CONTEXT, "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("grid", "show_present"), [], Input(PRESENT, "data"), prevent_initial_call=True
    )
    app.clientside_callback(
        ClientsideFunction("board_address", "keep_list"),
        [],
        Input(board_filters.TABS, "value"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("grid", "chosen_before"), Output(CHOSEN_BEFORE, "data"), Input(CONTEXT, "data")
    )
    pausable(app, ids.BOARD_TICK, CONTEXT)


def _register_list(app: Dash, services: Services) -> None:
    @app.callback(
        output={
            "rows": Output(GRID, "rowData"),
            "selected": Output(GRID, "selectedRows"),
            "shown": Output(SHOWN, "data"),
            "token": Output(TOKEN, "data"),
            "tabs": Output(board_filters.TABS, "data"),
            "waiting_hidden": Output(SHOW, "hidden"),
            "waiting": Output(SHOW, "children"),
            "notice": Output(NOTICE, "children"),
            "empty": Output(EMPTY, "children"),
            "empty_hidden": Output(EMPTY, "hidden"),
        },
        inputs={
            "context": Input(CONTEXT, "data"),
            "controls": board_filters.controls(Input),
            "clicks": Input(SHOW, "n_clicks"),
            "fill": Input(FILL, "data"),
            "chosen_before": Input(CHOSEN_BEFORE, "data"),
            "chosen_id": State(CHOSEN, "data"),
        },
    )
    def draw_list(context, controls, clicks, fill, chosen_before, chosen_id):
        incident, moment = services.about(context)
        snapshot, now = services.board(incident, moment), moment.now
        me = required()
        choice = board_filters.choice(**controls, me=me.user.id)
        note = services.note_of(AuditedLook.SEARCH, incident, reason=choice.words.strip() or None)
        services.looks.typed((me.session.id, incident), note)
        families = together(chosen(snapshot.rows.values(), choice, now), snapshot.alike)
        names = [row.id for family in families for row in family]
        keep = next((one for one in (chosen_id, chosen_before) if one in names), next(iter(names), None))
        shown = {"since": hour_and_minute(now), "families": [[row.id for row in family] for family in families]}
        empty = None if names else _empty(services, snapshot, now)
        return {
            "rows": grid_rows(
                families, snapshot.alike, incident, now, me=me.user.id, read_only=moment.as_of is not None
            ),
            "selected": {"ids": [keep] if keep else []},
            "shown": shown,
            "token": snapshot.token,
            "tabs": board_filters.tab_options(counts(list(snapshot.rows.values()), choice, now)),
            "waiting_hidden": True,
            "waiting": None,
            "notice": board_words.ranked(choice.rank, shown["since"]) if names else None,
            "empty": empty,
            "empty_hidden": empty is None,
        }


# What a poll may change of the list: rows in place, the counts, and what waits behind the line.
_CHANGES = {
    "transaction": Output(GRID, "rowTransaction"),
    "token": Output(TOKEN, "data", allow_duplicate=True),
    "tabs": Output(board_filters.TABS, "data", allow_duplicate=True),
    "waiting_hidden": Output(SHOW, "hidden", allow_duplicate=True),
    "waiting": Output(SHOW, "children", allow_duplicate=True),
    "empty": Output(EMPTY, "children", allow_duplicate=True),
    "fill": Output(FILL, "data"),
    "chosen_changed": Output(CHOSEN_CHANGED, "data"),
}


def _register_poll(app: Dash, services: Services) -> None:
    @app.callback(
        output={"changes": _CHANGES, "bar": BAR, "present": Output(PRESENT, "data")},
        inputs={
            "tick": Input(ids.BOARD_TICK, "n_intervals"),
            "acted": Input(ids.BOARD_ACTED, "data"),
            "context": State(CONTEXT, "data"),
            "shown": State(SHOWN, "data"),
            "token": State(TOKEN, "data"),
            "chosen_id": State(CHOSEN, "data"),
            "drawn_for": State(CHOSEN_CHANGED, "data"),
            "controls": board_filters.controls(State),
            "sources_shown": State(ids.SOURCES_SHOWN, "data"),
            "present": State(PRESENT, "data"),
        },
        prevent_initial_call="initial_duplicate",
    )
    def poll(tick, acted, context, shown, token, chosen_id, drawn_for, controls, sources_shown, present):
        incident, moment = services.about(context)
        if moment.as_of is not None:
            raise PreventUpdate
        snapshot = services.keeper.latest(incident)
        services.still_looks(AuditedLook.RUMOUR, incident, words_of(chosen_id))
        changes = dict.fromkeys(_CHANGES, no_update)
        if shown is not None and snapshot.token != token:
            since, families = words_of(fields(shown).get("since")), _families(fields(shown).get("families"))
            choice = board_filters.choice(**controls, me=required().user.id)
            given = (since, families, words_of(token), words_of(chosen_id), words_of(drawn_for) or None)
            changes = _what_changed(services, snapshot, incident, *given, choice)
        here = _present(services, incident, fields(present).get("stamp"))
        return {"changes": changes, "bar": bar_now(services, sources_shown, snapshot), "present": here}


def _present(services: Services, incident: str, shown: Any) -> Any:
    """What the rows say of who else is at their rumours, where that has changed."""
    here, me = services.who_is_here.at(incident), required().user.id
    if here.stamp == words_of(shown):
        return no_update
    at = {rumour: others for rumour in here.at if (others := here.others(rumour, me))}
    told = {
        rumour: {"mark": here_words.mark(others), "means": here_words.mark_meaning(others)}
        for rumour, others in at.items()
    }
    return {"stamp": here.stamp, "rumours": told}


def _what_changed(
    services: Services,
    snapshot: Snapshot,
    incident: str,
    since: str,
    shown: list[list[str]],
    token: str,
    chosen_id: str,
    drawn_for: str | None,
    choice: Choice,
) -> dict[str, Any]:
    """For the outputs _CHANGES: what changed since `token` in the list that is `shown`, family by family."""
    now, here = services.clock.now(), {name for family in shown for name in family}
    changes = services.keeper.changes_since(incident, token)
    families = together(chosen(snapshot.rows.values(), choice, now), snapshot.alike)
    wanted = [[row.id for row in family] for family in families]
    listed = {name for family in wanted for name in family}
    new = listed - here
    updates = changed_rows(
        shown, changes.changed | changes.gone, snapshot.rows, snapshot.alike, incident, now, me=choice.me
    )
    words = board_words.waiting(len(new), only(here, wanted) != only(listed, shown), since)
    # New rumours stand out; a mere change of order is shown quietly.
    waiting = html.Span(words, className="waiting-new" if new else "waiting-order") if words else None
    stamp = redraw_stamp(snapshot, changed=chosen_id in changes.changed, before=drawn_for)
    return {
        "transaction": {"update": updates, "async": False} if updates else no_update,
        "token": snapshot.token,
        "tabs": board_filters.tab_options(counts(list(snapshot.rows.values()), choice, now)),
        "waiting_hidden": waiting is None,
        "waiting": waiting,
        "empty": no_update if here else _empty(services, snapshot, now),
        # Nobody is reading an empty list: its first rumours need not wait.
        "fill": snapshot.token if new and not here else no_update,
        "chosen_changed": stamp or no_update,
    }


def _empty(services: Services, snapshot: Snapshot, now: datetime) -> str:
    sources = bool(services.sources.states())
    return board_words.empty_board(snapshot.header, bool(snapshot.rows), now, any_sources=sources)


def _families(value: Any) -> list[list[str]]:
    families = value if isinstance(value, list) else []
    return [[words_of(name) for name in names] for names in families if isinstance(names, list) and names]
