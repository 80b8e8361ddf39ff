"""Asks another server for JSON: so many bytes, so many seconds in all however slowly it drips, and no redirect."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from ssl import SSLContext, create_default_context
from typing import Any

import httpx

ANSWER_SECONDS = 8.0
MOST_BYTES = 500_000
_HEADERS = {
    "User-Agent": "Grapevine (rumour tracking for emergency services)",
    "Accept": "application/json",
    # What is packed may unpack to very much.
    "Accept-Encoding": "identity",
}


class NoAnswer(Exception):
    """There was none that can be read; str() says why, in a few words for the log."""


@dataclass(frozen=True, slots=True)
class JsonAnswer:
    """`said` is None where it was no JSON."""

    status: int
    said: Any


def ask(
    method: str, address: str, *, form: str | None = None, headers: Mapping[str, str] | None = None
) -> JsonAnswer:
    """What is answered; a redirect is an answer like any other. `form` is a form's body, already encoded.

    Raises NoAnswer; where the status says that something is wrong, what is said with it need not be JSON.
    Blocks for at most ANSWER_SECONDS.
    """
    sent = dict(_HEADERS) | dict(headers or {})
    if form is not None:
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    return asyncio.run(_asked(method, address, form, sent))


async def _asked(method: str, address: str, form: str | None, headers: dict[str, str]) -> JsonAnswer:
    try:
        # One limit over everything: a limit for each read would let a byte a second go on for ever.
        async with (
            asyncio.timeout(ANSWER_SECONDS),
            httpx.AsyncClient(verify=_trusted(), timeout=ANSWER_SECONDS, follow_redirects=False) as client,
            client.stream(method, address, content=form, headers=headers) as answer,
        ):
            said = _json(await _body(answer))
            if said is None and answer.status_code == HTTPStatus.OK:
                raise NoAnswer("no JSON")
            return JsonAnswer(answer.status_code, said)
    except (TimeoutError, httpx.TimeoutException):
        raise NoAnswer(f"no complete answer within {ANSWER_SECONDS:g} s") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        raise NoAnswer(type(error).__name__) from None


async def _body(answer: httpx.Response) -> bytes:
    if answer.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise NoAnswer("packed, which was not asked for")
    body = bytearray()
    async for piece in answer.aiter_raw():
        body += piece
        if len(body) > MOST_BYTES:
            raise NoAnswer(f"larger than {MOST_BYTES:,} bytes")
    return bytes(body)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


@cache
def _trusted() -> SSLContext:
    # The system's authorities: a service's own provider often has a certificate of the service's own.
    return create_default_context()
