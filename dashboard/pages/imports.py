"""Reading a file into an incident: choose it, check how it is read, read it, and see what became of it."""

from dataclasses import replace
from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, dcc, html, no_update
from dash.exceptions import PreventUpdate

from dashboard import ids
from dashboard.access import SystemAct, acting
from dashboard.browser_input import NotConfirmed, fields, log_in_one_line, one_of, words
from dashboard.components import import_log, import_look, import_steps
from dashboard.components.import_look import COLUMN, ZONE
from dashboard.components.import_steps import PROBLEM
from dashboard.paths import Page, part_path
from dashboard.services import Services, page_context
from dashboard.views.imports import read_imported
from dashboard.views.notes import files_for
from dashboard.words import imports as import_words
from dashboard.words import reading as reading_words
from models.domain.imports import SOURCE, Look, Progress, TableReading, Takes
from models.domain.incidents import Incident
from models.errors import GrapevineError, Refused
from models.limits import LONGEST_NAME
from models.measures.reading_account import account_of

CONTEXT = "import-context"
# {"upload"} of a file that has arrived whole; {"begun": True} once it is being read, {} where it was given up.
UPLOAD = "import-upload"
# {"act": "start" or "cancel", "reason", "takes", "import", "at"}, from a button.
REQUEST = "import-request"
CHECK = "import-check"
CHECK_TITLE = "import-check-title"
FACTS = "import-facts"
CHOOSERS = "import-choosers"
PREVIEW = "import-preview"
CONFIRM = "import-confirm"
NOW = "import-now"
LOG = "import-log"
LOG_TITLE = "import-log-title"
DRAWN = "import-drawn"
START, CANCEL = "start", "cancel"
# What the selects show while no file is here: they are always on the page, since the acts read them.
NOTHING = Look("", 0, TableReading({}, "Europe/London"))


def layout(incident: Incident | None = None, megabytes: int = 0) -> html.Div:
    name = incident.id if incident else ""
    is_closed = incident is not None and incident.closed_at is not None
    return html.Div(
        [
            dcc.Store(id=CONTEXT, data=page_context(name, None)),
            *(dcc.Store(id=store) for store in (UPLOAD, REQUEST, DRAWN)),
            dcc.Interval(id=ids.IMPORT_TICK, interval=1000),
            dcc.Link(import_words.BACK, href=part_path(name, Page.REVIEW), className="back"),
            html.H1(import_words.heading(incident) if incident else ""),
            html.P(import_words.CLOSED, className="panel") if is_closed else import_steps.choose(megabytes),
            html.Section(
                [
                    html.H2(import_words.CHECK, id=CHECK_TITLE, tabIndex="-1"),
                    html.Div(id=FACTS),
                    html.Div(import_look.choosers(NOTHING), id=CHOOSERS),
                    html.H3(import_words.PREVIEW),
                    html.Div(id=PREVIEW),
                ],
                id=CHECK,
                className="panel",
                hidden=True,
            ),
            html.Section(import_steps.confirm(), id=CONFIRM, className="panel import-confirm", hidden=True),
            html.Section(
                [html.H2(import_words.LOG, id=LOG_TITLE, tabIndex="-1"), html.Div(id=NOW), html.Div(id=LOG)],
                className="panel",
            ),
        ],
        className="plain-page import-page",
        **{"data-page": "import", "data-incident": name},
    )


def register(app: Dash, services: Services) -> None:
    _register_look(app, services)
    _register_acts(app, services)
    _register_progress(app, services)


def _register_look(app: Dash, services: Services) -> None:
    @app.callback(
        Output(CHECK, "hidden"),
        Output(CONFIRM, "hidden"),
        Output(FACTS, "children"),
        Output(CHOOSERS, "children"),
        Input(UPLOAD, "data"),
    )
    def look_at_once(upload):
        name = words(fields(upload).get("upload"))
        if not name:
            return True, True, None, import_look.choosers(NOTHING)
        look = _looked(services, name)
        if look.problem is not None and not look.size_bytes:
            problem = html.P(look.problem, className="problem", role="alert")
            return False, True, problem, import_look.choosers(NOTHING)
        return (
            False,
            False,
            import_look.facts(look, services.clock.now()),
            import_look.choosers(look),
        )

    app.clientside_callback(
        ClientsideFunction("imports", "shown"), [], Input(FACTS, "children"), State(UPLOAD, "data")
    )
    app.clientside_callback(ClientsideFunction("imports", "refused"), [], Input(PROBLEM, "children"))

    @app.callback(
        Output(PREVIEW, "children"),
        Input({COLUMN: ALL}, "value"),
        Input(ZONE, "value"),
        State({COLUMN: ALL}, "id"),
        State(UPLOAD, "data"),
    )
    def look_again(values, zone, columns, upload):
        name = words(fields(upload).get("upload"))
        if not name:
            raise PreventUpdate
        return import_look.preview(_looked(services, name, _table(columns, values, zone)))


def _looked(services: Services, name: str, table: TableReading | None = None) -> Look:
    """A look at a file, or NOTHING with why there is none."""
    try:
        look = services.imports.look(name, table)
        # How such a table was read for an incident that is not shown is told to nobody, and used all the same.
        is_shown = look.remembered is None or services.knows(look.remembered.incident)
        return look if is_shown else replace(look, remembered=None)
    except Refused as refused:
        return replace(NOTHING, problem=" ".join(refused.problems.values()))
    except Exception as error:  # noqa: BLE001 - whoever chose the file must see that it cannot be looked at
        log_in_one_line("a file could not be looked at", error)
        return replace(NOTHING, problem=import_words.NOT_LOOKED_AT)


def _table(columns: Any, values: Any, zone: Any) -> TableReading:
    """How the selects say that the file is to be read."""
    names = [words(fields(one).get(COLUMN)) for one in columns or ()]
    chosen = dict(zip(names, [words(value) for value in values or ()], strict=False))
    return TableReading(import_look.chosen_columns(chosen), words(zone)[:LONGEST_NAME])


def _register_acts(app: Dash, services: Services) -> None:
    @app.callback(
        Output(UPLOAD, "data"),
        Output(PROBLEM, "children"),
        Output(ids.ANNOUNCE, "children", allow_duplicate=True),
        Input(REQUEST, "data"),
        State({COLUMN: ALL}, "id"),
        State({COLUMN: ALL}, "value"),
        State(ZONE, "value"),
        State(UPLOAD, "data"),
        State(CONTEXT, "data"),
        prevent_initial_call=True,
    )
    def act(request, columns, values, zone, upload, context):
        if request is None:
            raise PreventUpdate
        request, (incident, _) = fields(request), services.about(context)
        try:
            officer = acting(SystemAct.IMPORT, services.incident(incident))
            if request.get("act") == CANCEL:
                running = _progress(services)
                if running is not None:
                    officer = acting(SystemAct.IMPORT, services.incident(running.of.incident))
                services.imports.cancel(words(request.get("import")) if running else "", officer)
                return no_update, None, import_words.CANCELLING
            if request.get("act") != START:
                raise Refused({"act": import_words.NO_SUCH_REQUEST})
            services.imports.start(
                _required(fields(upload).get("upload")),
                incident,
                _table(columns, values, zone),
                one_of(Takes, request.get("takes")) or Takes.ALL,
                officer,
                words(request.get("reason")),
            )
        except Refused as refused:
            problem = " ".join(refused.problems.values())
        except (GrapevineError, NotConfirmed) as error:
            problem = str(error)
        except Exception as error:  # noqa: BLE001 - whoever pressed the button must see that it failed
            log_in_one_line("an import could not begin", error)
            problem = import_words.FAILED
        else:
            return {"begun": True}, None, import_words.STARTED
        return no_update, problem, no_update


def _progress(services: Services) -> Progress | None:
    """The import under way, where whoever asks may see the incident that it goes into."""
    progress = services.imports.progress()
    return progress if progress and services.knows(progress.of.incident) else None


def _required(upload: Any) -> str:
    if not words(upload):
        raise Refused({"file": import_words.NO_FILE})
    return words(upload)


def _register_progress(app: Dash, services: Services) -> None:
    @app.callback(
        Output(NOW, "children"),
        Output(LOG, "children"),
        Output(DRAWN, "data"),
        Output(ids.ANNOUNCE, "children", allow_duplicate=True),
        Input(ids.IMPORT_TICK, "n_intervals"),
        Input(UPLOAD, "data"),
        State(CONTEXT, "data"),
        State(DRAWN, "data"),
        prevent_initial_call="initial_duplicate",
    )
    def poll(tick, upload, context, drawn):
        incident, moment = services.about(context)
        progress = _progress(services)
        latest = next((one.id for one in services.store.imports.of(incident) if one.ended is not None), None)
        # Which import is under way, and which one ended last: what was drawn is drawn anew when either is another.
        key = [progress.of.id if progress else None, latest]
        if progress is None and drawn == key:
            raise PreventUpdate
        # The accounts of all files are read only then, and not each second.
        files = read_imported(services.store, incident) if drawn != key else ()
        heard = no_update
        if files and isinstance(drawn, list) and drawn[:1] == [latest] != drawn[1:]:
            heard = import_words.heard(files[0].one, reading_words.in_one_sentence(files[0].account))
        return (
            None if progress is None else _under_way(services, progress, incident),
            no_update
            if drawn == key
            else import_log.imported(files_for(services.reader(incident), files), moment.now),
            key,
            heard,
        )


def _under_way(services: Services, progress: Progress, incident: str) -> html.Div:
    counts = services.store.sources.reading_counts(source=SOURCE)
    other = services.incident(progress.of.incident) if progress.of.incident != incident else None
    return import_log.under_way(
        progress,
        account_of(count for count in counts if count.file == progress.of.id),
        elsewhere=other.name if other else None,
    )
