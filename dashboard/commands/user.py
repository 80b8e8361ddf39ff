"""`grapevine user`: who may sign in. Asks the running server where there is one, and helps in where none can."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from dashboard.commands.asking import Answered, Asked, answer_to, signed
from dashboard.commands.options import By, Config, Reason, settings_from
from dashboard.commands.terminal import console, out
from models.clock import Clock

if TYPE_CHECKING:
    from models.store import Store

ANSWER_SECONDS = 15.0

app = typer.Typer(help="Add, change, block and list those who may sign in, and their sessions.", no_args_is_help=True)

Who = Annotated[str, typer.Argument(metavar="NAME", help="The sign-in name, the name or the id of a person.")]
SignInName = typer.Option("--sign-in", help="What the person types to sign in, such as j.officer.")
ServiceName = typer.Option("--service", help="The service that the person works for.")
Incident = Annotated[
    str | None, typer.Option("--incident", help="The roles hold in this incident only. Default: in every incident.")
]
ROLES_HELP = (
    "viewer, duty, comms, approver, analyst, information-manager, administrator; several with commas between them."
)
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="The name of the person, as the log is to show it.")],
    sign_in: Annotated[str, SignInName],
    service: Annotated[str, ServiceName],
    role: Annotated[str, typer.Option("--role", help=ROLES_HELP)],
    incident: Incident = None,
    by: By = "",
    reason: Reason = "added",
    config: Config = None,
) -> None:
    """Add a person, and print the one-time link by which they choose their password."""
    fields = {"name": name, "sign_in_name": sign_in, "service": service, "roles": _roles(role), "incident": incident}
    _print_link(_do(config, "add", by, reason, fields=fields))


@app.command()
def change(
    name: Who,
    rename: Annotated[str | None, typer.Option(help="A new name.")] = None,
    sign_in: Annotated[str | None, SignInName] = None,
    service: Annotated[str | None, ServiceName] = None,
    role: Annotated[
        str | None,
        typer.Option("--role", help=f"Replaces the roles for one service. {ROLES_HELP} '' takes all away."),
    ] = None,
    for_: Annotated[str | None, typer.Option("--for", help="The service of --role. Default: their own.")] = None,
    incident: Incident = None,
    by: By = "",
    reason: Reason = "changed",
    config: Config = None,
) -> None:
    """Change a person. Options left out stay as they are; roles for other services and incidents do too."""
    given = {
        "name": rename,
        "sign_in_name": sign_in,
        "service": service,
        "roles": None if role is None else _roles(role),
        "for": for_,
        "incident": incident,
    }
    fields = {field: value for field, value in given.items() if value is not None}
    _print_user(_do(config, "change", by, reason, user=name, fields=fields))


@app.command()
def block(name: Who, by: By = "", reason: Reason = "blocked", config: Config = None) -> None:
    """Block a person: their sessions end at once, and they cannot sign in."""
    _print_user(_do(config, "block", by, reason, user=name))


@app.command()
def unblock(name: Who, by: By = "", reason: Reason = "unblocked", config: Config = None) -> None:
    """Let a blocked person sign in again."""
    _print_user(_do(config, "unblock", by, reason, user=name))


@app.command()
def link(name: Who, by: By = "", reason: Reason = "new link", config: Config = None) -> None:
    """Print a new one-time link. The password, the second factor and all sessions of the person end."""
    _print_link(_do(config, "link", by, reason, user=name))


@app.command("sign-out")
def sign_out(name: Who, by: By = "", reason: Reason = "signed out", config: Config = None) -> None:
    """End all sessions of a person at once. They may sign in again."""
    answer = _do(config, "sign-out", by, reason, user=name)
    console.print(f"{_of(answer)['name']}: {answer['ended']} session(s) ended.")


@app.command()
def sessions(name: Who, as_json: AsJson = False, config: Config = None) -> None:
    """List the sessions of a person, the latest first."""
    found = _ask(config, {"do": "sessions", "user": name})["sessions"]
    if as_json:
        out.print_json(json.dumps(found))
        return
    table = Table("device", "signed in", "last seen", "ended")
    for one in found:
        table.add_row(one["device"], one["started_at"], one["seen_at"], one["ended"] or "live")
    out.print(table if found else "No sessions.")


@app.command("list")
def list_(as_json: AsJson = False, config: Config = None) -> None:
    """List those who may sign in, by service and name."""
    users = _ask(config, {"do": "list"})["users"]
    if as_json:
        out.print_json(json.dumps(users))
        return
    table = Table("name", "sign-in name", "service", "roles", "state")
    for one in users:
        table.add_row(one["name"], one["sign_in_name"], one["service"], _held(one), _state(one))
    out.print(table if users else "Nobody yet. `grapevine user add` adds the first administrator.")


def _roles(typed: str) -> list[str]:
    return [one for one in (part.strip() for part in typed.split(",")) if one]


def _held(user: dict[str, Any]) -> str:
    """The roles of a person in words, with the service where it is not their own."""
    return ", ".join(
        one["role"]
        + (f" for {one['service']}" if one["service"] != user["service"] else "")
        + (f" in {one['incident']}" if one["incident"] else "")
        for one in user["roles"]
    )


def _state(user: dict[str, Any]) -> str:
    if user["blocked"]:
        return "blocked"
    if not user["set_up"]:
        return "not set up"
    return f"{user['sessions']} session(s)" if user["sessions"] else "may sign in"


def _print_user(answer: dict[str, Any]) -> None:
    user = _of(answer)
    roles = _held(user) or "no role"
    console.print(f"{user['name']} ({user['sign_in_name']}, {user['service']}): {roles}; {_state(user)}.")


def _print_link(answer: dict[str, Any]) -> None:
    """The link alone on stdout, so that it can be handed on; what to do with it on stderr."""
    _print_user(answer)
    where = "" if "://" in answer["link"] else " Put the address of your server before it."
    console.print(f"This link sets the password, once, until {answer['until']}. Hand it to that person only.{where}")
    out.print(answer["link"])


def _of(answer: dict[str, Any]) -> dict[str, Any]:
    (user,) = answer["users"]
    return user


def _do(config: Path | None, act: str, by: str, reason: str, **asked: Any) -> dict[str, Any]:
    return _ask(config, {"do": act, **asked, **signed(by, "administrator", reason)})


def _ask(config: Path | None, asked: Asked) -> dict[str, Any]:
    settings, _ = settings_from(config)
    with answer_to(asked, settings.data_dir, "user", _from_store, ANSWER_SECONDS) as answer:
        return answer


def _from_store(store: "Store", clock: Clock, asked: Asked) -> Answered:
    from dashboard.http.user_api import user_asked

    return user_asked(store, clock, asked)
