"""A data folder: its database and who owns that, and the keys that are kept beside it."""

import json
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.clock import Clock
from models.errors import StoreError, StoreOwned

if TYPE_CHECKING:
    from models.store.duckdb.store import DuckDBStore

# Who owns the database, where it answers, and the token that commands of the same user show it.
OWNER = "owner.json"
AUTHOR_KEY = "author.key"
SIGN_IN_KEY = "sign-in.key"
KEY_BYTES = 32


def open_store(folder: Path, clock: Clock) -> "DuckDBStore":
    """The database of a folder, for its user only. Where another Grapevine has it, the error says which."""
    # Imported here: to ask who owns a database takes no database engine.
    from models.store.duckdb.store import DuckDBStore

    os.umask(0o077)
    try:
        return DuckDBStore(folder, clock)
    except StoreOwned as error:
        owner = owner_of(folder)
        if owner is None:
            raise
        raise StoreOwned(folder, owner["pid"], owner["address"]) from error


def set_aside(folder: Path, clock: Clock) -> None:
    """Move a folder's database out of the way, under a name that tells when: nothing is deleted."""
    # Opened first: a database that is in use stays where it is.
    open_store(folder, clock).close()
    folder.rename(folder.with_name(f"{folder.name}.until-{clock.now():%Y%m%dT%H%M%S}"))


def owner_of(folder: Path) -> dict[str, Any] | None:
    """What the Grapevine that owns this folder's database wrote about itself, or None."""
    try:
        return json.loads((folder / OWNER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def write_owner(folder: Path, address: str, token: str, certificate: str = "") -> None:
    """Note for the commands of this user that this process owns the database and answers at `address`.

    `certificate`: the file of the one that it shows; empty for plain http.
    """
    owner = {"pid": os.getpid(), "address": address, "token": token}
    if certificate:
        owner["certificate"] = str(Path(certificate).expanduser().absolute())
    _write_secret(folder / OWNER, json.dumps(owner).encode())


def forget_owner(folder: Path) -> None:
    with suppress(OSError):
        (folder / OWNER).unlink()


def author_key(folder: Path) -> bytes:
    """The key that authors are hashed with, made at first use; readable by its owner only."""
    return _key(folder / AUTHOR_KEY)


def sign_in_key(folder: Path) -> bytes:
    """The key that second factors are sealed with and device cookies are signed with, made at first use."""
    return _key(folder / SIGN_IN_KEY)


def _key(path: Path) -> bytes:
    if not path.exists():
        _write_secret(path, secrets.token_bytes(KEY_BYTES))
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise StoreError(f"{path}: this key does not have {KEY_BYTES} bytes. Restore it from a backup.")
    return key


def _write_secret(path: Path, secret: bytes) -> None:
    """Readable by its owner only, and whole or not there: half a key would hash the same authors to other names."""
    partial = path.with_name(f"{path.name}.partial")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, path)
