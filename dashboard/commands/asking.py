"""Asks the database of a data folder, or the running server that owns it: the same question has the same answer."""

import getpass
import json
import secrets
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.commands.data_folder import open_store, owner_of
from models.clock import Clock, SystemClock
from models.errors import InputError, StoreError, StoreOwned

if TYPE_CHECKING:
    from models.store import Store

Asked = dict[str, Any]
# An HTTP status, and the answer: JSON, or the pieces of a file.
Answered = tuple[int, Any]
AnswerFromStore = Callable[["Store", Clock, Asked], Answered]


def signed(by: str, role: str, reason: str) -> Asked:
    """Who asks and why, and a name that no other request has."""
    officer = {"name": by or getpass.getuser(), "role": role}
    return {"officer": officer, "reason": reason, "request": secrets.token_hex(8)}


@contextmanager
def answer_to(
    asked: Asked, folder: Path, question: str, from_store: AnswerFromStore, answer_seconds: float
) -> Iterator[Any]:
    """The answer to what is `asked`, by `from_store` or by the server at /command/QUESTION.

    The server may be silent for `answer_seconds` at a time. Raises InputError where what is asked is refused,
    StoreError where there is no answer.
    """
    clock = SystemClock()
    try:
        # Opened first: where a server has the database, the parts that answer need not be loaded here.
        store = open_store(folder, clock)
    except StoreOwned:
        # Only now: what an earlier server left behind after a crash is an address that anybody may have by now.
        owner = owner_of(folder)
        if owner is None:
            raise
        answered = _from_server(owner, question, asked, answer_seconds)
    else:
        answered = _from_store(store, clock, from_store, asked)
    with answered as (status, answer):
        if status == 422:
            raise InputError(" ".join(answer["problems"].values()))
        if status != 200:
            raise StoreError(f"The server answered {status}: {answer.get('problems', {})}. Check its log.")
        yield answer


@contextmanager
def _from_store(store: "Store", clock: Clock, from_store: AnswerFromStore, asked: Asked) -> Iterator[Answered]:
    try:
        yield from_store(store, clock, asked)
    finally:
        store.close()


def _only(certificate: str | None) -> ssl.SSLContext | bool:
    """Trusts the server that has this very certificate: it is asked by its address, which no certificate names."""
    if certificate is None:
        return True
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname = False
    trusting.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    trusting.load_verify_locations(certificate)
    return trusting


@contextmanager
def _from_server(owner: dict[str, Any], question: str, asked: Asked, answer_seconds: float) -> Iterator[Answered]:
    import httpx

    try:
        with httpx.stream(
            "POST",
            f"{owner['address']}command/{question}",
            json=asked,
            # The name by which this computer may ask, whatever address the server listens at.
            headers={"Authorization": f"Bearer {owner['token']}", "Host": "localhost"},
            timeout=answer_seconds,
            # A proxy of the environment is not asked for what this computer answers itself.
            trust_env=False,
            verify=_only(owner.get("certificate")),
        ) as answer:
            if answer.status_code == 200 and answer.headers.get("Content-Type") != "application/json":
                yield 200, answer.iter_bytes()
            else:
                answer.read()
                yield answer.status_code, answer.json()
    except (httpx.HTTPError, json.JSONDecodeError, OSError) as error:
        raise StoreError(
            f"{owner['address']}: the server of this database did not answer ({type(error).__name__}). Try again."
        ) from error
