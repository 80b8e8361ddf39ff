"""Who may use what: every route, callback and command of the server, with what it takes to use it.

`python -m tests.dashboard.access_table` prints it for every role. The doors are taken from the app itself: one that
has no line here is a failure in test_access_table.py, which also tries each door as each role.
"""

import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dash import Dash
from typer import Typer

from dashboard.access import MAY, PARTNERS_MAY, SystemAct
from dashboard.commands import app as grapevine
from dashboard.forms import coding_acts
from dashboard.forms.export import UNMASKED
from dashboard.http import command_api
from models.domain.acts import Act
from models.domain.incidents import Standing
from models.domain.users import Role
from models.store.duckdb.store import DuckDBStore
from tests.builders import a_clock
from tests.dashboard.world import an_app

# What it takes, where that is no act of access.MAY.
ANYBODY = "anybody"
READS = "reads"
# A signature, a one-time ticket or the secret name of an upload: what it is asked with is the permission.
PROOF = "its own proof"
SIGNED_IN_PROOF = "a ticket of one's own"
OWNER = "whoever can read the data folder"

Needs = Act | SystemAct | str
TOKEN = "the token of a test"


@dataclass(frozen=True)
class Line:
    """What a door needs, when it is asked for with `sent`; `variant` tells it from other lines of the same door.

    `beyond`: it is about no incident, so that who owns one makes no difference.
    """

    needs: Needs
    sent: Any = None
    variant: str = ""
    beyond: bool = False


def _form(
    needs: Needs, variant: str = "", press: str = "save", about: Any = (), values: Any = (), *, beyond: bool = False
) -> Line:
    """A form that says nothing more than what decides who may send it."""
    sent = {"press": press, "request": "one", "about": dict(about), "values": dict(values), "changed": []}
    return Line(needs, sent, variant, beyond)


ROUTES: Mapping[str, tuple[Line, ...]] = {
    "GET /": (Line(READS),),
    "GET /<path:path>": (Line(READS),),
    "GET /_dash-layout": (Line(READS),),
    "GET /_dash-dependencies": (Line(READS),),
    "GET /_reload-hash": (Line(READS),),
    "GET /_favicon.ico": (Line(READS),),
    "GET /static/<path:filename>": (Line(READS),),
    "GET /assets/<path:filename>": (Line(ANYBODY),),
    "GET /_dash-component-suites/<string:package_name>/<path:fingerprinted_path>": (Line(ANYBODY),),
    "GET /plain.js": (Line(ANYBODY),),
    "GET /health": (Line(ANYBODY),),
    "GET /healthz": (Line(ANYBODY),),
    "GET /readyz": (Line(ANYBODY),),
    "GET /sign-in": (Line(ANYBODY),),
    "POST /sign-in": (Line(ANYBODY),),
    "GET /sign-in/code": (Line(ANYBODY),),
    "POST /sign-in/code": (Line(ANYBODY),),
    "GET /set-up": (Line(ANYBODY),),
    "POST /set-up": (Line(ANYBODY),),
    "GET /sign-in/provider": (Line(ANYBODY),),
    "GET /sign-in/provider/back": (Line(ANYBODY),),
    # What the provider has signed.
    "POST /sign-out/provider": (Line(PROOF),),
    "POST /sign-out": (Line(READS),),
    "POST /here": (Line(READS),),
    "POST /left": (Line(READS),),
    "POST /in-hand": tuple(
        Line(needs, {"form": form, "do": "keep", "about": {"rumour": "dam"}, "request": "one"}, form)
        for form, needs in (
            ("correction", Act.CORRECT),
            ("rearrange", Act.MERGE),
            ("refuse", Act.REFUSE),
            ("act", Act.TAKE),
            ("assign", Act.ASSIGN),
            ("hand-over", Act.ASSIGN),
        )
    ),
    "GET /account": (Line(READS),),
    "POST /account/end-session": (Line(READS),),
    "POST /account/password": (Line(READS),),
    "POST /account/second-factor": (Line(READS),),
    # Each callback asks for itself: see CALLBACKS.
    "POST /_dash-update-component": (Line(READS),),
    "POST /download": (Line(SIGNED_IN_PROOF),),
    "POST /reveal": (Line(SIGNED_IN_PROOF),),
    "POST /import/begin": (Line(SystemAct.IMPORT, {"name": "x", "size": 1}),),
    "POST /import/piece": (Line(SIGNED_IN_PROOF),),
    "POST /import/drop": (Line(SIGNED_IN_PROOF),),
    "POST /in/<sender>": (Line(PROOF),),
    # Each command asks for itself: see COMMANDS.
    **{
        f"POST /command/{one}": (Line(PROOF),)
        for one in ("incident", "take", "audit", "labels", "mapping", "user")
    },
}  # fmt: skip

# By the first of what a callback listens to, and the first of what it answers with.
CALLBACKS: Mapping[str, tuple[Line, ...]] = {
    "correction-sent → correction-answer": (_form(Act.CORRECT),),
    "sighting-sent → sighting-answer": (_form(SystemAct.LOG_SIGHTING),),
    "act-sent → act-answer": tuple(
        _form(act, act.value, about={"act": act.value})
        for act in (Act.TAKE, Act.PARK, Act.DISMISS, Act.CLOSE, Act.REOPEN)
    ),
    "assign-sent → assign-answer": (_form(Act.ASSIGN),),
    "hand-over-sent → hand-over-answer": (_form(Act.ASSIGN),),
    "export-sent → export-answer": (
        _form(SystemAct.EXPORT, "masked", values={"format": "csv"}),
        _form(SystemAct.EXPORT_UNMASKED, "with handles", values={"format": "csv", "handles": [UNMASKED]}),
        _form(SystemAct.REPORT, "picture", values={"format": "png"}),
    ),
    "rearrange-sent → rearrange-answer": tuple(
        _form(act, act.value, values={"act": act.value}) for act in (Act.MERGE, Act.SPLIT, Act.MOVE)
    ),
    "undo-sent → undo-answer": (_form(Act.UNDO),),
    "refuse-sent → refuse-answer": (_form(Act.REFUSE),),
    "reveal-sent → reveal-answer": (_form(SystemAct.REVEAL),),
    "caption-sent → caption-answer": (_form(SystemAct.PIN_CAPTION),),
    "caption-away-sent → caption-away-answer": (_form(SystemAct.PIN_CAPTION),),
    "save-bubbles-sent → save-bubbles-answer": (_form(SystemAct.REPORT),),
    "opening-sent → opening-answer": (_form(SystemAct.KEEP_INCIDENT, beyond=True),),
    "incident-sent → incident-answer": (_form(SystemAct.KEEP_INCIDENT),),
    "permission-sent → permission-answer": (_form(SystemAct.PERMIT_SOURCE, beyond=True),),
    "report-sent → report-answer": (_form(SystemAct.REPORT),),
    "coding-start-sent → coding-start-answer": (_form(SystemAct.START_CODING),),
    "coding-end-sent → coding-end-answer": (_form(SystemAct.END_CODING),),
    "coding-sent → coding-answer": tuple(
        Line(needs, {"number": "1", "acts": [{"act": act.value, "request": "one"}]}, act.value)
        for act, needs in coding_acts._MAY.items()
    ),
    "import-request → import-upload": (
        Line(SystemAct.IMPORT, {"act": "start", "reason": "x"}, "start"),
        Line(SystemAct.IMPORT, {"act": "cancel"}, "cancel"),
    ),
    "source-request → source-results": tuple(
        Line(act, {"act": act.value, "source": "tipline"}, act.value, beyond=True)
        for act in (
            SystemAct.START_SOURCE, SystemAct.STOP_SOURCE, SystemAct.TEST_SOURCE, SystemAct.REPLAY_LETTER,
            SystemAct.DISCARD_LETTER,
        )
    ),
    "trial-asked → trial-found": (Line(SystemAct.TRY_TERMS, {"values": {"terms": "dam"}}, beyond=True),),
    **dict.fromkeys(
        (
            "rearrange-opened → rearrange-offers",
            "assign-opened → assign-offers",
            "hand-over-opened → hand-over-offers",
            "playhead-asked → url",
            "pulse → live",
            "board-context → board-grid",
            "board-tick → board-grid",
            "board-token → board-wait",
            "board-token → board-handed",
            "board-token → board-official",
            "board-chosen → detail-head",
            "rumour-changed → rumour-head",
            "rumour-tick → rumour-token",
            "rumour-changed → rumour-chart",
            "rumour-context → rearrange-flows",
            "bubbles-tick → bubbles-data",
            "compare-tick → compare-token",
            "compare-changed → compare-rumours",
            "story-tick → story-token",
            "story-window → story-shift",
            "story-earlier → story-shift",
            "story-later → story-shift",
            "story-changed → story-empty",
            "story-changed → story-list",
            "coding-tick → coding-desk-changed",
            "coding-desk-changed → coding-desk",
            "coding-results-changed → coding-results",
            "review-context → review-taken",
            "report-context → report-preview",
            "import-upload → import-check",
            '{"import-column":["ALL"]} → import-preview',
            "import-tick → import-now",
            "sources-tick → sources-table",
            "audit-show → url",
            "source-chosen → source-more",
            "source-chosen → source-account",
        ),
        (Line(READS),),
    ),
    "url → content": (Line(READS), Line(SystemAct.SEE_AUDIT, "/audit", "the audit", beyond=True)),
    "audit-check → audit-said": (Line(SystemAct.SEE_AUDIT, 1, beyond=True),),
    "take-audit-sent → take-audit-answer": (_form(SystemAct.EXPORT_AUDIT),),
}  # fmt: skip

# What a command asks of the server; it says the role of who gives it.
COMMANDS: Mapping[str, tuple[Line, ...]] = {
    **dict.fromkeys(("demo", "run", "replay", "judge", "evaluate", "train", "doctor"), (Line(OWNER),)),
    "export": (
        Line(SystemAct.EXPORT, ("take", {"format": "csv", "reason": "x"}), "masked"),
        Line(SystemAct.EXPORT_UNMASKED, ("take", {"format": "csv", "unmasked": True, "reason": "x"}), "with handles"),
        Line(SystemAct.REPORT, ("take", {"format": "png", "reason": "x"}), "picture"),
    ),
    "report": (Line(SystemAct.REPORT, ("take", {"report": True, "reason": "x"})),),
    "labels": (Line(SystemAct.TAKE_LABELS, ("labels", {"reason": "x"})),),
    "incident list": (Line(OWNER, ("incident", {})),),
    **dict.fromkeys(
        ("incident open", "incident change", "incident close", "incident reopen"),
        (Line(SystemAct.KEEP_INCIDENT, ("incident", {"reason": "x", "fields": {"name": "x"}})),),
    ),
    "audit verify": (Line(OWNER, ("audit", {"verify": True})),),
    "audit export": (Line(SystemAct.EXPORT_AUDIT, ("audit", {"format": "csv", "user": "x", "reason": "x"})),),
    "user list": (Line(OWNER, ("user", {"do": "list"})),),
    "user sessions": (Line(OWNER, ("user", {"do": "sessions", "user": "nobody"})),),
    **{
        f"user {one}": (Line(SystemAct.KEEP_USERS, ("user", {"do": one, "user": "nobody", "reason": "x"})),)
        for one in ("add", "change", "block", "unblock", "link", "sign-out")
    },
}


@dataclass(frozen=True)
class Door:
    """One way into the server. `key` is what the app calls it."""

    kind: str
    name: str
    key: str
    lines: tuple[Line, ...] = field(default=())


def doors(app: Dash) -> Iterator[Door]:
    """Every door of the app and of the command line, with its lines; with none, where it was forgotten here."""
    # The first request has Dash set the last of them up.
    app.server.test_client().get("/sign-in", base_url="http://127.0.0.1")
    for rule in app.server.url_map.iter_rules():
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            name = f"{method} {rule.rule}"
            yield Door("route", name, rule.rule, ROUTES.get(name, ()))
    for key, one in app.callback_map.items():
        # What runs in the browser asks the server nothing.
        if one.get("callback") is not None:
            name = f"{one['inputs'][0]['id']} → {_first_answer(key)}"
            yield Door("callback", name, key, CALLBACKS.get(name, ()))
    for name in sorted(_commands(grapevine)):
        yield Door("command", name, name, COMMANDS.get(name, ()))


def _first_answer(key: str) -> str:
    return key.strip(".").split("...")[0].partition("@")[0].rpartition(".")[0]


def _commands(typer: Typer, above: str = "") -> Iterator[str]:
    for one in typer.registered_commands:
        yield f"{above}{one.name or one.callback.__name__.strip('_').replace('_', '-')}"
    for group in typer.registered_groups:
        yield from _commands(group.typer_instance, f"{above}{group.name} ")


def allowed(line: Line, role: Role | None, standing: Standing = Standing.OWNS) -> bool:
    """Whether somebody with this one role, for a service of that standing in the incident, may use a door.

    No role: a stranger, or a command without the server's token.
    """
    needs = line.needs
    if needs in (ANYBODY, PROOF):
        return True
    if role is None:
        return False
    if needs in (READS, SIGNED_IN_PROOF, OWNER):
        return True
    there = line.beyond or standing is Standing.OWNS or (standing is Standing.ACTS and needs in PARTNERS_MAY)
    return there and role in MAY[needs]


def app_of(store: DuckDBStore) -> Dash:
    """The whole server: with the door of the commands."""
    app = an_app(store)
    command_api.register(app, store, store.engine.clock, TOKEN)
    return app


_SAYS = {True: "yes", False: "no", None: "-"}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = DuckDBStore(Path(folder), a_clock())
        try:
            found = list(doors(app_of(store)))
        finally:
            store.close()
    out = sys.stdout
    partners = [(role, standing) for standing in (Standing.ACTS, Standing.SEES) for role in Role]
    named = [f"{role} of a service that {standing}" for role, standing in partners]
    out.write("\t".join(["kind", "door", "needs", "stranger", *Role, *named]) + "\n")
    for door in found:
        for line in door.lines:
            name = f"{door.name} ({line.variant})" if line.variant else door.name
            may = [allowed(line, role) for role in (None, *Role)]
            # A command says no service: it is given by whoever can read the data folder.
            may += [None if door.kind == "command" else allowed(line, *one) for one in partners]
            out.write("\t".join([door.kind, name, str(line.needs), *(_SAYS[one] for one in may)]) + "\n")


if __name__ == "__main__":
    main()
