"""Sources and health: is anything missing?"""

from collections.abc import Callable
from hashlib import blake2b
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, Patch, State, dcc, html, no_update
from dash.exceptions import PreventUpdate

from dashboard import ids
from dashboard.access import SystemAct, acting
from dashboard.browser_input import NotConfirmed, committed, fields, log_in_one_line, one_of, words
from dashboard.components import audit_parts
from dashboard.components.source_account import source_account
from dashboard.components.source_detail import source_detail
from dashboard.components.source_table import source_table
from dashboard.components.top_bar import BAR, bar_now, pausable
from dashboard.forms import drawing, permission
from dashboard.services import Services
from dashboard.views.sources import SourceRow, read_account, read_source, read_sources
from dashboard.words import sources as sources_words
from dashboard.words.shared import CLOSE
from models.domain.acts import Officer
from models.domain.audit import AuditedLook
from models.errors import GrapevineError, Refused

CONTEXT = "sources-context"
TABLE = "sources-table"
# What the table was drawn from: while it stays the same nothing is sent.
DRAWN = "sources-drawn"
# {"act", "source", "letter", "at"}, from a button.
REQUEST = "source-request"
# What came of the last act on each source: name → {"text", "level"}.
RESULTS = "source-results"
CHOSEN = "source-chosen"
MORE = "source-more"
MORE_TITLE = "source-more-title"
MORE_BODY = "source-more-body"
MORE_DRAWN = "source-more-drawn"
# Apart from the body, which holds buttons: these figures change with every batch.
MORE_ACCOUNT = "source-account"
# Holds the form, and says which source it is about.
PERMISSION = "source-permission"
RULE = "source-rule"


def layout(incident_id: str = "") -> html.Div:
    """`incident_id` is the one that the top bar names: sources belong to none."""
    return html.Div(
        [
            *(dcc.Store(id=name) for name in (CONTEXT, DRAWN, REQUEST, CHOSEN, MORE_DRAWN)),
            dcc.Store(id=RESULTS, data={}),
            dcc.Interval(id=ids.SOURCES_TICK, interval=3000),
            html.H1(sources_words.HEADING),
            html.Section(html.Div(id=TABLE), className="panel", **{"aria-label": sources_words.TABLE_LABEL}),
            html.Section(
                [
                    html.Div(
                        [
                            html.H2(id=MORE_TITLE, tabIndex="-1"),
                            html.Span(className="grow"),
                            html.Button(CLOSE, type="button", className="button", **{"data-source-open": ""}),
                        ],
                        className="section-head",
                    ),
                    html.Div(
                        [html.P(id=RULE, className="source-rule"), drawing.draw(permission.FORM)],
                        id=PERMISSION,
                        className="permission",
                        hidden=True,
                    ),
                    html.Div(id=MORE_ACCOUNT, className="source-account"),
                    html.Div(id=MORE_BODY),
                ],
                id=MORE,
                className="panel",
                hidden=True,
                **{"aria-labelledby": MORE_TITLE},
            ),
        ],
        className="plain-page",
        **{"data-page": "sources", "data-incident": incident_id},
    )


def register(app: Dash, services: Services) -> None:
    _register_table(app, services)
    _register_acts(app, services)
    pausable(app, ids.SOURCES_TICK, CONTEXT)


# What shows one source in full.
_MORE = {
    "hidden": Output(MORE, "hidden"),
    "title": Output(MORE_TITLE, "children"),
    "no_permission": Output(PERMISSION, "hidden"),
    "source": Output(PERMISSION, "data-source"),
    "rule": Output(RULE, "children"),
    "body": Output(MORE_BODY, "children"),
    "drawn": Output(MORE_DRAWN, "data"),
}


def _register_table(app: Dash, services: Services) -> None:
    @app.callback(
        output={"table": Output(TABLE, "children"), "drawn": Output(DRAWN, "data"), "bar": BAR},
        inputs=[
            Input(ids.SOURCES_TICK, "n_intervals"),
            Input(RESULTS, "data"),
            State(DRAWN, "data"),
            State(ids.SOURCES_SHOWN, "data"),
        ],
        prevent_initial_call="initial_duplicate",
    )
    def poll(tick, results, drawn, sources_shown):
        now, results = services.clock.now(), fields(results)
        rows = read_sources(services.store, services.sources.states(), now)
        unentered = services.entering.unentered()
        key = _key(rows, results, unentered, f"{now:%Y%m%d%H%M}")
        return {
            "table": no_update
            if key == drawn
            else [audit_parts.unentered(unentered), source_table(rows, results, now)],
            "drawn": no_update if key == drawn else key,
            "bar": bar_now(services, sources_shown),
        }

    @app.callback(
        output=_MORE,
        inputs=[Input(CHOSEN, "data"), Input(DRAWN, "data"), State(MORE_DRAWN, "data")],
    )
    def show_more(chosen, table_drawn, drawn):
        now, nothing = services.clock.now(), dict.fromkeys(_MORE, no_update)
        row = _row_of(services, words(chosen))
        if row is None:
            return {**nothing, "hidden": True, "no_permission": True, "body": None, "drawn": None}
        detail = read_source(services.store, row)
        key = _key(row.state.name, row.state.restriction, row.permission, row.gaps, detail.letters, detail.events)
        if detail.letters:
            services.looked(AuditedLook.LETTERS, None, row.state.name, redrawn=drawn is not None)
        if key == drawn:
            return nothing
        return {
            "hidden": False,
            "title": sources_words.more_on(row.state.name),
            "no_permission": row.state.restriction is None,
            "source": row.state.name,
            "rule": row.state.restriction,
            "body": source_detail(detail, now),
            "drawn": key,
        }

    @app.callback(
        Output(MORE_ACCOUNT, "children"),
        Input(CHOSEN, "data"),
        Input(ids.SOURCES_TICK, "n_intervals"),
    )
    def show_account(chosen, tick):
        row = _row_of(services, words(chosen))
        return (
            None
            if row is None
            else source_account(read_account(services.store, row.state.name), services.clock.now())
        )


def _register_acts(app: Dash, services: Services) -> None:
    @app.callback(
        Output(RESULTS, "data"),
        Output(ids.ANNOUNCE, "children", allow_duplicate=True),
        Input(REQUEST, "data"),
        prevent_initial_call=True,
    )
    def act(request):
        if request is None:
            raise PreventUpdate
        request = fields(request)
        name, kind = words(request.get("source")), one_of(SystemAct, request.get("act"))
        letter = words(request.get("letter"))
        result = _result(lambda by: _do(services, kind, name, letter, by), kind)
        return _beside(name, result), sources_words.result(name, result["text"])

    app.clientside_callback(ClientsideFunction("sources", "remember"), [], Input(RESULTS, "data"))
    app.clientside_callback(ClientsideFunction("sources", "more_drawn"), [], Input(MORE_DRAWN, "data"))


def _beside(name: str, result: dict[str, str]) -> Patch:
    """The result put beside those of the other sources: two may be tested at once."""
    results = Patch()
    results[name] = result
    return results


def _result(do: Callable[[Officer], str], kind: SystemAct | None) -> dict[str, str]:
    """What came of an act, for its row."""
    try:
        if kind is None:
            raise Refused({"act": sources_words.NO_SUCH_ACT})
        text, level = do(acting(kind)), "fine"
    except (GrapevineError, NotConfirmed) as problem:
        text, level = str(problem), "wrong"
    except Exception as error:  # noqa: BLE001 - whoever pressed the button must see that it failed
        log_in_one_line("an act on a source failed", error)
        text, level = sources_words.ACT_FAILED, "wrong"
    return {"text": text, "level": level}


def _do(services: Services, kind: SystemAct, name: str, letter: str, officer: Officer) -> str:
    match kind:
        case SystemAct.START_SOURCE:
            services.sources.start(name, officer)
        case SystemAct.STOP_SOURCE:
            services.sources.stop(name, officer)
        case SystemAct.TEST_SOURCE:
            return services.sources.test(name)
        case SystemAct.REPLAY_LETTER:
            return services.sources.replay_dead_letter(letter, officer)
        case SystemAct.DISCARD_LETTER:
            why = f"by {officer.signature}"
            if not committed(lambda: services.store.sources.discard_letter(letter, why, officer)):
                return sources_words.NO_LETTER
        case _:
            raise Refused({"act": sources_words.NO_SUCH_ACT})
    return sources_words.DONE[kind]


def _row_of(services: Services, name: str) -> SourceRow | None:
    states = [one for one in services.sources.states() if one.name == name]
    return next(iter(read_sources(services.store, states, services.clock.now())), None)


def _key(*drawn_from: Any) -> str:
    return blake2b(repr(drawn_from).encode("utf-8", "replace"), digest_size=8).hexdigest()
