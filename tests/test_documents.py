"""What the README files name exists: commands, options, settings, keys, addresses, files and figures.

The other way round as well: every command, setting, key and address is documented.
"""

import re
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
from pydantic import BaseModel

from dashboard import paths
from dashboard.commands import app as commands
from dashboard.words.frame import KEYS
from ingest.formats import FORMATS
from ingest.sources import SOURCES
from models.config import DATA_DIR_VARIABLE, Settings
from models.evaluation import documented
from models.interchange import FIELDS
from tests.conftest import ROOT
from tests.dashboard.world import an_app

PAGES = (
    "README.md",
    "ingest/README.md",
    "dashboard/README.md",
    "dashboard/SERVER.md",
    "dashboard/SIGN_IN.md",
    "dashboard/THREATS.md",
    "models/evaluation/README.md",
)
LONGEST_README_BYTES = 9_000


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def code_of(page: str) -> list[str]:
    """What stands between backticks, and each line of what stands between fences."""
    text = text_of(page)
    fenced = re.findall(r"(?s)```\w*\n(.*?)```", text)
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"(?s)```.*?```", "", text))
    return [*spans, *(line for block in fenced for line in block.splitlines())]


def command_named(words: list[str]) -> Any:
    """The command that words like ["incident", "open", …] begin with; None where there is none."""
    command = typer.main.get_command(commands)
    for word in words:
        if hasattr(command, "commands"):
            command = command.commands.get(word)
    return command


def all_commands() -> set[str]:
    whole = typer.main.get_command(commands)
    return {
        name if not hasattr(command, "commands") else f"{name} {below}"
        for name, command in whole.commands.items()
        for below in (command.commands if hasattr(command, "commands") else [""])
    }


def test_the_readme_is_short():
    assert len(text_of("README.md").encode()) <= LONGEST_README_BYTES


@pytest.mark.parametrize("document", PAGES)
def test_every_command_and_option_that_is_named_exists(document):
    for code in code_of(document):
        for line in re.findall(r"\bgrapevine ([a-z].*)", code):
            command = command_named(line.split())
            assert command is not None, f"{document}: `{code}`"
            known = {name for option in command.params for name in option.opts}
            assert set(re.findall(r"(?<!\S)--[a-z-]+", line)) <= {*known, "--help"}, f"{document}: `{code}`"


def test_every_option_that_stands_alone_belongs_to_a_command():
    known = {
        option
        for name in all_commands()
        for parameter in command_named(name.split()).params
        for option in (*parameter.opts, *parameter.secondary_opts)
    }
    others = {"--help", "--extra-index-url"}  # every command's, and pip's
    for page in PAGES:
        alone = {code for code in code_of(page) if re.fullmatch(r"--[a-z-]+", code)}
        assert alone <= known | others, page


def test_every_command_is_documented():
    table = text_of("dashboard/README.md")
    groups = {"incident": "open", "user": "add", "audit": "verify"}
    documented_ones = {match.split(" ")[0] for match in re.findall(r"\| `grapevine ([^`]+)`", table)} - set(groups)
    for group, first in groups.items():
        row = re.search(rf"\| (`grapevine {group} {first}`.*?) \|", table).group(1)
        documented_ones |= {f"{group} {name.split()[-1]}" for name in re.findall(r"`([^`]+)`", row)}
    assert documented_ones == all_commands()


def settings_of(table: type[BaseModel], place: str) -> dict[str, Any]:
    """`[place] key` → the key's type, of a table and the tables in it."""
    found: dict[str, Any] = {}
    for key, field in table.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            found |= settings_of(field.annotation, f"{place}.{key}" if place else key)
        elif place:
            found[f"[{place}] {key}"] = field.annotation
    return found


def test_every_setting_is_documented_and_no_other():
    known = settings_of(Settings, "")
    for name, (module, settings_type, _) in SOURCES.items():
        known |= settings_of(getattr(import_module(module), settings_type), f"sources.{name}")
    rows = dict(re.findall(r"\| `(\[[a-z._]+\] \w+)` \| [^|]+ \| (.+) \|", text_of("ingest/README.md")))
    assert set(rows) == set(known)
    for key, annotation in known.items():
        of_each = [one for one in get_args(annotation) if isinstance(one, type) and issubclass(one, BaseModel)]
        for inner in of_each:
            named = set(re.findall(r"`(\w+)`", rows[key].split("(")[0]))
            assert named == set(inner.model_fields), f"{key} is a list of tables"


def test_sources_fields_and_formats_are_the_ones_that_are_read():
    page = text_of("ingest/README.md")
    assert set(re.findall(r"(?m)^\| `([a-z]+)` \|", page)) == set(SOURCES)
    assert re.search(r"`(id, source, [^`]+)`", page).group(1).split(", ") == list(FIELDS)
    assert set(re.findall(r"`(\w+)`", re.search(r"\[sources.archive\] format`(.*)", page).group(1))) == set(FORMATS)
    assert DATA_DIR_VARIABLE in page


def test_every_key_is_documented_and_no_other():
    keys = text_of("dashboard/README.md").split("## Keys")[1].split("##")[0]
    documented_ones = {key for row in re.findall(r"(?m)^\| (`.*?) \|", keys) for key in re.findall(r"`([^`]+)`", row)}
    shown = {key for keys, _ in KEYS for key in keys.replace(" or ", " ").split()}
    assert documented_ones == shown


def test_every_address_is_documented_and_no_other(store):
    page = text_of("dashboard/README.md")
    rows = re.findall(r"(?m)^\| ((?:`/[^`]*`(?:, )?)+) \|", page.split("## Addresses")[1].split("##")[0])
    documented_ones = {address for row in rows for address in re.findall(r"`([^`]+)`", row)}
    rules = {rule.rule for rule in an_app(store).server.url_map.iter_rules()}
    # The command API is registered by the server that owns the database.
    ours = {rule for rule in rules if not rule.startswith(("/_", "/assets", "/static"))} | {
        "/command/incident",
        "/command/take",
        "/command/labels",
        "/command/mapping",
        "/command/user",
        "/command/audit",
    }
    pages = {paths.SOURCES, paths.INCIDENTS, paths.NEW_INCIDENT, paths.AUDIT, paths.board_path("INCIDENT")}
    pages |= {
        *(paths.part_path("INCIDENT", part) for part in paths.PARTS),
        paths.rumour_path("INCIDENT", "RUMOUR"),
        paths.bubbles_path("INCIDENT", "RUMOUR"),
        "/",
    }
    served = {re.sub(r"<(?:[\w(), ]+:)?(\w+)>", lambda part: part[1].upper(), rule) for rule in ours} - {"/PATH"}
    assert documented_ones == served | pages


@pytest.mark.parametrize("document", PAGES)
def test_every_file_and_link_that_is_named_is_there(document):
    text = text_of(document)
    for link in re.findall(r"\]\((?!http)([^)#]+)\)", text):
        assert (ROOT / document).parent.joinpath(link).exists(), link
    for path in re.findall(r"`((?:models|ingest|dashboard|tests)/[\w./]+)`", text):
        assert (ROOT / path).exists(), path
    for path in re.findall(r"python (tests/[\w/]+\.py)", text):
        assert (ROOT / path).exists(), path
    for module in re.findall(r"python -m ([\w.]+)", text):
        assert module == "venv" or (ROOT / Path(*module.split("."))).with_suffix(".py").exists(), module


def test_the_tables_of_figures_are_those_of_the_results():
    page = text_of("models/evaluation/README.md")
    assert documented.written(page) == page


def test_a_figure_that_differs_from_its_results_is_noticed():
    page = text_of("models/evaluation/README.md")
    figure = re.search(r"(?m)^\| \*\*mixed, mean\*\* \| (0\.\d+)", page)[1]
    assert documented.written(page.replace(figure, "0.999", 1)) == page


def test_the_readmes_figures_are_those_of_the_tables():
    figures = re.findall(
        r"(?<![\d.])\.\d{3}\b|\b\d{2}%", text_of("README.md").split("## How good is it")[1].split("**What")[0]
    )
    assert len(figures) >= 5
    tables = "\n".join(documented.tables().values())
    for figure in figures:
        share = f"0.{figure[:2]}" if figure.endswith("%") else f"0{figure}"
        assert share in tables, figure
