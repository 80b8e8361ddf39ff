"""`grapevine export` and `grapevine report`: take something out of an incident, and record who did and why."""

import getpass
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from dashboard.commands.data_folder import open_store, owner_of
from dashboard.commands.options import Config, settings_from
from dashboard.commands.terminal import console
from models.clock import SystemClock
from models.errors import InputError, StoreError, StoreOwned

# Between two pieces of a file that the server makes.
ANSWER_SECONDS = 120.0

Name = Annotated[str, typer.Argument(help="The name of the incident, or its id.")]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", help="As known at this moment, such as 2026-11-20T21:40:00Z. Default: now."),
]
By = Annotated[
    str, typer.Option("--by", help="Who takes it, recorded as asserted. Default: the user of this computer.")
]
Role = Annotated[str, typer.Option("--role", help="duty, comms, analyst or administrator.")]
Why = Annotated[str, typer.Option("--reason", help="The reason, for the record.")]


def export(
    name: Name,
    out: Annotated[Path, typer.Option("--out", help="The file to write.")],
    format: Annotated[
        str, typer.Option("--format", help="csv, parquet or interchange (each in a zip file), png or svg.")
    ] = "csv",
    rumour: Annotated[str | None, typer.Option(help="Only this rumour, by its id.")] = None,
    unmasked: Annotated[bool, typer.Option("--unmasked", help="Keep handles, links and post ids.")] = False,
    as_of: AsOf = None,
    by: By = "",
    role: Role = "administrator",
    reason: Why = "",
    config: Config = None,
) -> None:
    """Write posts, rumours, corrections and decisions of an incident to a file, or its charts. It is recorded."""
    asked = {"incident": name, "format": format, "rumour": rumour, "unmasked": unmasked, "as_of": as_of}
    _take(config, out, asked, by, role, reason)


def report(
    name: Name,
    out: Annotated[Path, typer.Option("--out", help="The file to write: .html or .pdf.")],
    as_of: AsOf = None,
    by: By = "",
    role: Role = "administrator",
    reason: Why = "",
    config: Config = None,
) -> None:
    """Write the report of an incident as one page, HTML or PDF. It is recorded."""
    ending = out.suffix.removeprefix(".").lower()
    if ending not in ("html", "pdf"):
        raise InputError(f"{out}: a report is .html or .pdf. Choose another name.")
    _take(config, out, {"incident": name, "report": True, "format": ending, "as_of": as_of}, by, role, reason)


def _take(config: Path | None, out: Path, asked: dict[str, Any], by: str, role: str, reason: str) -> None:
    """Ask for a file and write it: whole, or not at all."""
    settings, _ = settings_from(config)
    if not out.parent.is_dir():
        raise InputError(f"{out.parent}: this folder does not exist. Create it, or choose another.")
    officer = {"name": by or getpass.getuser(), "role": role}
    asked |= {"officer": officer, "reason": reason, "request": secrets.token_hex(8)}
    try:
        with _from_store(settings.data_dir, asked) as chunks:
            written = _write(out, chunks)
    except StoreOwned:
        owner = owner_of(settings.data_dir)
        if owner is None:
            raise
        with _from_server(owner, asked) as chunks:
            written = _write(out, chunks)
    console.print(f"{out}: {written:,} bytes. Who took it, and why, is recorded.")


@contextmanager
def _from_store(folder: Path, asked: dict[str, Any]) -> Iterator[Iterable[bytes]]:
    # Opened first: where a server has the database, its parts need not be loaded here.
    clock = SystemClock()
    store = open_store(folder, clock)
    try:
        from dashboard.http.taking import take_asked

        status, taken = take_asked(store, clock, asked)
        if isinstance(taken, dict):
            raise _problem(status, taken)
        yield taken.chunks
    finally:
        store.close()


@contextmanager
def _from_server(owner: dict[str, Any], asked: dict[str, Any]) -> Iterator[Iterable[bytes]]:
    import httpx

    try:
        with httpx.stream(
            "POST",
            f"{owner['address']}command/take",
            json=asked,
            headers={"Authorization": f"Bearer {owner['token']}"},
            timeout=ANSWER_SECONDS,
            trust_env=False,
        ) as answer:
            if answer.status_code != 200:
                answer.read()
                raise _problem(answer.status_code, answer.json())
            yield answer.iter_bytes()
    except (httpx.HTTPError, ValueError, KeyError) as error:
        raise StoreError(
            f"{owner['address']}: the server of this database did not answer ({type(error).__name__}). Try again."
        ) from error


def _problem(status: int, answer: dict[str, Any]) -> Exception:
    problems = answer.get("problems", {})
    if status == 422:
        return InputError(" ".join(problems.values()))
    return StoreError(f"The server answered {status}: {problems}. Check its log.")


def _write(out: Path, chunks: Iterable[bytes]) -> int:
    """Write beside the target and rename; how many bytes."""
    partial = out.with_name(f".{out.name}.partial")
    try:
        # For its owner only: it may hold posts.
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            for chunk in chunks:
                file.write(chunk)
            written = file.tell()
        os.replace(partial, out)
    except OSError as error:
        raise InputError(f"{out}: cannot be written ({error.strerror}). Choose another file.") from error
    finally:
        partial.unlink(missing_ok=True)
    return written
