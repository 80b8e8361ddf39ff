"""config.toml → frozen Settings, read once and passed down.

Looked up as `--config`, `./config.toml`, then the packaged default. What cannot be understood is a ConfigError of
one line that names the file, the table and the nearest valid name.
"""

import os
import tomllib
from pathlib import Path
from typing import Any, TypeVar, get_args

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from rapidfuzz import process

from models.errors import ConfigError
from models.provider_settings import ProviderSettings
from models.server_settings import ServerSettings

DATA_DIR_VARIABLE = "GRAPEVINE_DATA_DIR"
# How a key that ends in _env is written, so that a secret written there by mistake is refused.
VARIABLE = "^[A-Z][A-Z0-9_]*$"


class Table(BaseModel):
    """A table of config.toml: frozen, strict about types, and closed to names it does not know."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class DataSettings(Table):
    dir: str = ""


class IncidentSettings(Table):
    """What a new incident says unless whoever opens it says otherwise."""

    purpose: str = "Public safety: to see and answer rumours during an emergency"
    lawful_basis: str = "Public task (UK GDPR Article 6(1)(e))"


class AccountSettings(Table):
    official: list[str] = []


class PeopleSettings(Table):
    """People in posts. `authorising_officer`: whom to ask before an author is looked at again."""

    authorising_officer: str = ""


class BoardSettings(Table):
    alert_budget_per_hour: int = Field(default=5, ge=1)
    least_likelihood: float = Field(default=0.5, ge=0, le=1)
    large_group: int = Field(default=40, ge=3)


class SignInSettings(Table):
    """How long a session lasts, unused and at most; and the service's own sign-in, where there is one."""

    idle_minutes: int = Field(default=60, ge=5, le=24 * 60)
    at_most_hours: int = Field(default=13, ge=1, le=7 * 24)
    provider: ProviderSettings = ProviderSettings()


class ImportSettings(Table):
    """Files that people hand in on the screen."""

    largest_file_megabytes: int = Field(default=1_000, ge=1)


class Settings(Table):
    data: DataSettings = DataSettings()
    server: ServerSettings = ServerSettings()
    incident: IncidentSettings = IncidentSettings()
    accounts: AccountSettings = AccountSettings()
    people: PeopleSettings = PeopleSettings()
    sign_in: SignInSettings = SignInSettings()
    board: BoardSettings = BoardSettings()
    imports: ImportSettings = ImportSettings()
    # Each source reads its own table: see ingest/sources.
    sources: dict[str, dict[str, Any]] = {}

    @property
    def data_dir(self) -> Path:
        """The folder of the database, its key and its token; it need not exist yet."""
        named = os.environ.get(DATA_DIR_VARIABLE) or self.data.dir
        if not named:
            return Path(platformdirs.user_data_dir("grapevine"))
        try:
            return Path(named).expanduser()
        except RuntimeError as error:
            raise ConfigError(f"{named}: there is no such user's folder. Choose another in [data] dir.") from error


T = TypeVar("T", bound=Table)


def config_path(named: Path | None) -> Path:
    """The file in force: the one named, else ./config.toml, else the packaged default."""
    if named is not None:
        return named
    here = Path("config.toml")
    return here if here.exists() else packaged_config()


def packaged_config() -> Path:
    """The default that ships: inside the wheel, or at the top of a checkout."""
    inside = Path(__file__).with_name("config.toml")
    return inside if inside.is_file() else Path(__file__).parent.parent / "config.toml"


def read_settings(path: Path) -> Settings:
    """The settings that a file says. Raises ConfigError."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}). Choose another file with --config.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: this is not TOML: {error}.") from error
    return checked(Settings, table, where=path.name)


def checked(table_type: type[T], table: dict[str, Any], *, where: str, inside: tuple[str, ...] = ()) -> T:
    """`table` as a `table_type`. `inside` names the table it was found in. Raises ConfigError of one line."""
    try:
        return table_type.model_validate(table)
    except ValidationError as error:
        problems = error.errors(include_url=False)
        # A name that is misspelt is also a name that is missing: the misspelling is what to tell of.
        worst = min(problems, key=lambda problem: problem["type"] != "extra_forbidden")
        raise ConfigError(_one_line(table_type, worst, where, inside)) from None


def did_you_mean(name: str, known: list[str]) -> str:
    """A clause that lists the known names and offers the nearest."""
    listed = f" Known: {', '.join(known)}." if known else ""
    nearest = process.extractOne(name, known, score_cutoff=40)
    return listed + (f' Did you mean "{nearest[0]}"?' if nearest else "")


def _one_line(table_type: type[Table], problem: dict[str, Any], where: str, inside: tuple[str, ...]) -> str:
    location = [str(part) for part in problem["loc"]]
    table, key = (*inside, *location[:-1]), location[-1]
    place = f"{where} [{'.'.join(table)}]" if table else where
    if problem["type"] == "extra_forbidden":
        return f'{place}: no such key "{key}".{did_you_mean(key, _names_at(table_type, location[:-1]))}'
    if problem["type"] == "missing":
        return f"{place}: {key} is missing."
    if problem["type"] == "value_error":
        # A check of our own: its sentence says all. Where it is of a whole table, the key is the table's name.
        of_table = f"{where} [{'.'.join((*inside, *location))}]" if isinstance(problem["input"], dict) else place
        return f"{of_table}: {problem['ctx']['error']}"
    said = problem["msg"].removeprefix("Input should be ").removeprefix("a valid ")
    named = next((part for part in reversed(location) if not part.isdecimal()), key)
    if named.endswith("_env"):
        return f"{place}: {key} should be the name of an environment variable in capitals, not a secret itself."
    # An address may hold a password or a key, and so may what stands where tables with addresses should.
    may_hold_a_secret = named in ("url", "host", "hosts") or problem["type"] in ("model_type", "list_type")
    return f"{place}: {key} should be {said}" + ("." if may_hold_a_secret else f", not {problem['input']!r}.")


def _names_at(table_type: Any, location: list[str]) -> list[str]:
    """The keys that are known at a place, through tables and lists of tables."""
    for part in location:
        if part.isdecimal():
            (table_type,) = get_args(table_type)
        else:
            table_type = table_type.model_fields[part].annotation
    return list(table_type.model_fields)
