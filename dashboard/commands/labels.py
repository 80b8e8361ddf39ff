"""`grapevine labels`: what people settled at the coding desk, as a file that `grapevine train stance` reads."""

import getpass
import json
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from dashboard.commands.data_folder import open_store, owner_of
from dashboard.commands.options import Config, settings_from
from dashboard.commands.terminal import console
from models.clock import SystemClock
from models.errors import InputError, StoreError, StoreOwned

ANSWER_SECONDS = 60.0


def labels(
    name: Annotated[str, typer.Argument(metavar="INCIDENT", help="The name of the incident, or its id.")],
    out: Annotated[Path, typer.Option("--out", help="The file to write: one JSON line for each post.")],
    by: Annotated[
        str, typer.Option("--by", help="Who takes it, recorded as asserted. Default: the user of this computer.")
    ] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why it is taken, for the record.")] = "training",
    config: Config = None,
) -> None:
    """Write the labels of the coding desk in the interchange form, to train the stance model with."""
    settings, _ = settings_from(config)
    if not out.parent.is_dir():
        raise InputError(f"{out.parent}: this folder does not exist. Create it, or choose another.")
    officer = {"name": by or getpass.getuser(), "role": "administrator"}
    posts = _ask(settings.data_dir, {"existing": name, "officer": officer, "reason": reason})
    _write(out, posts)
    labelled = sum("stance" in post["gold"] for post in posts)
    console.print(f"{labelled:,} labelled posts: {out}. Train on them with `grapevine train stance {out} --out DIR`.")


def _ask(folder: Path, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """The posts, from the database itself or from the server that owns it."""
    try:
        status, answer = _ask_store(folder, asked)
    except StoreOwned:
        owner = owner_of(folder)
        if owner is None:
            raise
        status, answer = _ask_server(owner, asked)
    if status == 422:
        raise InputError(" ".join(answer["problems"].values()))
    if status != 200:
        raise StoreError(f"The server answered {status}: {answer.get('problems', {})}. Check its log.")
    return answer["posts"]


def _ask_store(folder: Path, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    from dashboard.http.command_api import labels_asked

    clock = SystemClock()
    store = open_store(folder, clock)
    try:
        return labels_asked(store, clock, asked)
    finally:
        store.close()


def _ask_server(owner: dict[str, Any], asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """The server's answer. Raises StoreError where it does not give one."""
    import httpx

    try:
        answer = httpx.post(
            f"{owner['address']}command/labels",
            json=asked,
            headers={"Authorization": f"Bearer {owner['token']}"},
            timeout=ANSWER_SECONDS,
            trust_env=False,
        )
        return answer.status_code, answer.json()
    except (httpx.HTTPError, ValueError, KeyError) as error:
        raise StoreError(
            f"{owner['address']}: the server of this database did not answer ({type(error).__name__}). Try again."
        ) from error


def _write(out: Path, posts: list[dict[str, Any]]) -> None:
    """Write beside the target and rename: OUT is whole or not there. For its owner only, since it holds posts."""
    partial = out.with_name(f".{out.name}.partial")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            for post in posts:
                file.write(json.dumps(post, ensure_ascii=False) + "\n")
        os.replace(partial, out)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise InputError(f"{out}: cannot be written ({error.strerror}). Choose another file.") from error
