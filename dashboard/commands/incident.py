"""`grapevine incident`: open, change, close and list incidents, in the running server where there is one."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from dashboard.commands.asking import Answered, Asked, answer_to, signed
from dashboard.commands.options import By, Config, Reason, settings_from
from dashboard.commands.terminal import console, out
from dashboard.words.services import partners
from models.clock import Clock

if TYPE_CHECKING:
    from models.store import Store

ANSWER_SECONDS = 15.0

app = typer.Typer(help="Open, change, close and list incidents.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The name of the incident, or its id.")]
Terms = Annotated[
    list[str] | None,
    typer.Option("--watch", help='A word, "a phrase", a #hashtag or a prefix* to watch for. Repeat for more.'),
]
Languages = Annotated[
    list[str] | None,
    typer.Option("--language", help="Only posts in this language (en, cy, pl …) or in none stated. Repeat for more."),
]
Accounts = Annotated[
    list[str] | None,
    typer.Option("--account", help="One of our own channels, as its platform names it. Repeat for more."),
]
Whole = Annotated[
    list[str] | None,
    typer.Option("--source", help="A source whose posts all reach the incident, such as webhook:tipline."),
]
Area = Annotated[
    Path | None, typer.Option("--area", help="A GeoJSON file with the area.", dir_okay=False, exists=True)
]
Purpose = Annotated[str | None, typer.Option(help="The purpose of reading the posts.")]
Basis = Annotated[str | None, typer.Option("--lawful-basis", help="The lawful basis.")]
Owner = Annotated[
    str | None,
    typer.Option("--service", help="The service that it belongs to. Of none, every service of this installation."),
]
Acts = Annotated[
    list[str] | None,
    typer.Option("--shared-to-act", help="A service that may act on its rumours. Repeat for more; empty for none."),
]
Sees = Annotated[
    list[str] | None,
    typer.Option("--shared-to-see", help="A service that may look. Repeat for more; empty for none."),
]
Retention = Annotated[str | None, typer.Option(help="routine, major or inquiry.")]


@app.command("open")
def open_(
    name: Name,
    watch: Terms = None,
    language: Languages = None,
    account: Accounts = None,
    source: Whole = None,
    area: Area = None,
    purpose: Purpose = None,
    lawful_basis: Basis = None,
    retention: Retention = None,
    service: Owner = None,
    shared_to_act: Acts = None,
    shared_to_see: Sees = None,
    by: By = "",
    reason: Reason = "opened",
    config: Config = None,
) -> None:
    """Open an incident, and set what it watches for."""
    settings, _ = settings_from(config)
    fields = _fields(
        name=name,
        terms=watch,
        languages=language,
        accounts=account,
        sources=source,
        area=area,
        retention=retention,
        of_service=service,
        acted_on_by=shared_to_act,
        seen_by=shared_to_see,
        purpose=purpose or settings.incident.purpose,
        lawful_basis=lawful_basis or settings.incident.lawful_basis,
    )
    _record(config, None, fields, by, reason)


@app.command()
def change(
    name: Name,
    rename: Annotated[str | None, typer.Option(help="A new name.")] = None,
    watch: Terms = None,
    language: Languages = None,
    account: Accounts = None,
    source: Whole = None,
    area: Area = None,
    purpose: Purpose = None,
    lawful_basis: Basis = None,
    retention: Retention = None,
    service: Owner = None,
    shared_to_act: Acts = None,
    shared_to_see: Sees = None,
    by: By = "",
    reason: Reason = "changed",
    config: Config = None,
) -> None:
    """Change an incident. Options left out stay as they are; a list given here replaces the old one."""
    fields = _fields(
        name=rename,
        terms=watch,
        languages=language,
        accounts=account,
        sources=source,
        area=area,
        retention=retention,
        of_service=service,
        acted_on_by=shared_to_act,
        seen_by=shared_to_see,
        purpose=purpose,
        lawful_basis=lawful_basis,
    )
    _record(config, name, fields, by, reason)


@app.command()
def close(name: Name, by: By = "", reason: Reason = "closed", config: Config = None) -> None:
    """Close an incident. No more posts reach it; its board stays."""
    _record(config, name, {"closed": True}, by, reason)


@app.command()
def reopen(name: Name, by: By = "", reason: Reason = "reopened", config: Config = None) -> None:
    """Reopen a closed incident."""
    _record(config, name, {"closed": False}, by, reason)


@app.command("list")
def list_(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False, config: Config = None
) -> None:
    """List the incidents, oldest first, with what brings posts to each."""
    incidents = _ask(config, {})
    if as_json:
        out.print_json(json.dumps(incidents))
        return
    table = Table("incident", "id", "state", "belongs to", "posts reach it by")
    for one in incidents:
        table.add_row(one["name"], one["id"], "closed" if one["closed_at"] else "open", _services(one), _watched(one))
    out.print(table if incidents else "No incident yet. `grapevine incident open NAME --watch WORD` opens one.")


def _fields(*, area: Path | None, **given: Any) -> dict[str, Any]:
    """What was given, as the form on screen sends it; what was not is left out."""
    fields = {name: value for name, value in given.items() if value is not None}
    if area is not None:
        fields["area"] = area.read_text(encoding="utf-8", errors="replace")
    return fields


def _record(config: Path | None, existing: str | None, fields: dict[str, Any], by: str, reason: str) -> None:
    (incident,) = _ask(config, {"existing": existing, "fields": fields, **signed(by, "administrator", reason)})
    state = "closed" if incident["closed_at"] else "open"
    owned = f" It belongs to {_services(incident)}." if incident["of_service"] else ""
    console.print(f"{incident['name']} ({incident['id']}) is {state}; posts reach it by {_watched(incident)}.{owned}")


def _watched(incident: dict[str, Any]) -> str:
    parts = [
        f"{what} {', '.join(incident[name])}"
        for name, what in (("terms", "the terms"), ("accounts", "our accounts"), ("sources", "posts from"))
        if incident[name]
    ]
    if incident["area"]:
        parts.append("its area")
    return "; ".join(parts) or "nothing yet (add --watch, --source or --area)"


def _services(incident: dict[str, Any]) -> str:
    """Northgate Police, with Northgate Fire (acts); every service"""
    shared = partners(incident["acted_on_by"], incident["seen_by"])
    is_shared = incident["acted_on_by"] or incident["seen_by"]
    return (incident["of_service"] or "every service") + (f", with {shared}" if is_shared else "")


def _ask(config: Path | None, asked: Asked) -> list[dict[str, Any]]:
    """The incidents in the answer."""
    settings, _ = settings_from(config)
    with answer_to(asked, settings.data_dir, "incident", _from_store, ANSWER_SECONDS) as answer:
        return answer["incidents"]


def _from_store(store: "Store", clock: Clock, asked: Asked) -> Answered:
    from dashboard.http.command_api import record_asked

    return record_asked(store, clock, asked)
