"""A polite and wary reader of web addresses, for the sources that poll.

The other side may be slow, endless, broken or hostile: one answer has a limit of bytes (before and after unpacking),
of redirects, and of seconds over the whole of it, however slowly it drips. What passes by itself is tried again at
once a few times; a server that says when to come back is obeyed.
"""

import asyncio
import ssl
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import httpx
import stamina

from ingest.net.private_network import PeerCheck, PrivateAddress, PrivateNetworkGuard, leads_to_private
from ingest.times import http_moment, iso_moment
from models.clock import Clock
from models.errors import SourceFailed, SourceUnreachable

MOST_BYTES = 5_000_000
ANSWER_SECONDS = 30.0
MOST_REDIRECTS = 5
ATTEMPTS = 3
# What a server asks to wait beyond this is told to the caller instead of slept through.
LONGEST_WAIT_SECONDS = 5.0
# A server that asks for more than a day is obeyed for a day.
LONGEST_RETRY_AFTER_SECONDS = 86_400.0

_HEADERS = {"User-Agent": "Grapevine (rumour tracking for emergency services)", "Accept-Encoding": "gzip"}
_PERMANENT = (301, 308)
_REDIRECTS = (*_PERMANENT, 302, 303, 307)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: any status but 429 and 5xx. `moved_to` is set where every redirect on the way was permanent."""

    status: int
    headers: httpx.Headers
    body: bytes
    url: str
    moved_to: str | None = None


class _Passing(SourceUnreachable):
    """Unreachable in a way that another try in the same breath may mend."""


class Http:
    """Reads addresses one at a time, each over a connection of its own.

    Two clients for one source share a `guard`, so that both know what its configured name led to at first.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        most_bytes: int = MOST_BYTES,
        answer_seconds: float = ANSWER_SECONDS,
        guard: PrivateNetworkGuard | None = None,
    ):
        self.guard = guard or PrivateNetworkGuard()
        self._clock = clock
        self._most_bytes = most_bytes
        self._answer_seconds = answer_seconds

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        follows: Callable[[httpx.URL], bool] | None = None,
        configured: str | None = None,
    ) -> Answer:
        """The answer of `url`. A redirect is followed only where `follows` agrees to its address; without `follows`
        it is returned as the answer.

        `configured` is the address in config.toml that led to `url`, by default `url` itself. A request enters this
        computer's own network only where that address lies there. Blocks for `answer_seconds` an attempt. Raises
        SourceUnreachable.
        """
        for attempt in stamina.retry_context(on=_back_off, attempts=ATTEMPTS, wait_initial=0.2, wait_jitter=0.2):
            with attempt:
                return asyncio.run(
                    self.attempt(url, params=params, headers=headers, follows=follows, configured=configured)
                )
        raise AssertionError("retry_context ends by an answer or an error")

    async def attempt(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        follows: Callable[[httpx.URL], bool] | None = None,
        configured: str | None = None,
    ) -> Answer:
        """As `get`, once, for a caller with an event loop of its own."""
        try:
            start = httpx.URL(url, params=params) if params else httpx.URL(url)
            origin = httpx.URL(configured or url)
        except httpx.InvalidURL:
            raise SourceUnreachable("not an address: check it in config.toml.") from None
        where = shown(start)
        try:
            # One limit over everything: a limit for each read would let a byte a second go on for ever.
            async with (
                asyncio.timeout(self._answer_seconds),
                httpx.AsyncClient(headers=_HEADERS, verify=_trusted(), timeout=self._answer_seconds) as client,
            ):
                may_enter = await self.guard.may_enter(origin)
                return await self._along(client, start, dict(headers or {}), follows, may_enter)
        except (TimeoutError, httpx.TimeoutException):
            raise SourceUnreachable(
                f"{where}: no whole answer within {self._answer_seconds:g} s. It is asked again."
            ) from None
        except PrivateAddress as error:
            raise SourceUnreachable(
                f"{where}: {error.host[:100]} leads into this computer's own network, which it may not. "
                "Check the address."
            ) from None
        except (httpx.InvalidURL, ValueError):
            # A host that is no name is a ValueError of the codec for names, and first when it is looked up.
            raise SourceUnreachable(f"{where}: is or sends on to what is no address. It is asked again.") from None
        except httpx.ConnectError as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise SourceUnreachable(f"{where}: its certificate is not trusted. Check the address.") from None
            raise _Passing(f"{where}: cannot be reached. It is asked again.") from None
        except (httpx.HTTPError, zlib.error) as error:
            raise _Passing(f"{where}: the answer was cut off ({type(error).__name__}). It is asked again.") from None

    async def _along(
        self,
        client: httpx.AsyncClient,
        url: httpx.URL,
        headers: dict[str, str],
        follows: Callable[[httpx.URL], bool] | None,
        may_enter: bool,
    ) -> Answer:
        check = PeerCheck()
        extensions = {} if may_enter else {"trace": check}
        here, permanent = url, True
        for _ in range(MOST_REDIRECTS + 1):
            # Behind a proxy only this look-up stands in a stranger's way.
            if not may_enter and await leads_to_private(here):
                raise PrivateAddress(here.host)
            check.expects(here)
            async with client.stream("GET", here, headers=headers, extensions=extensions) as response:
                if not (may_enter or check.connected):
                    raise SourceFailed(
                        "this version of httpx reports no connections. Install what pyproject.toml says."
                    )
                target = response.headers.get("location")
                if follows is None or response.status_code not in _REDIRECTS or target is None:
                    self._refuse_a_busy_server(response)
                    body = await self._body(response)
                    moved_to = str(here) if permanent and here != url else None
                    return Answer(response.status_code, response.headers, body, str(here), moved_to)
                permanent = permanent and response.status_code in _PERMANENT
            onward = here.join(target)
            if onward.scheme not in ("http", "https") or (here.scheme, onward.scheme) == ("https", "http"):
                raise SourceUnreachable(f"{shown(url)}: sends on to an unsafe address. It is asked again.")
            if not follows(onward):
                raise SourceUnreachable(
                    f"{shown(url)}: sends on to {onward.host[:100]}, which it may not. It is asked again."
                )
            here = onward
        raise SourceUnreachable(f"{shown(url)}: more than {MOST_REDIRECTS} redirects. It is asked again.")

    def _refuse_a_busy_server(self, response: httpx.Response) -> None:
        status = response.status_code
        if status == 429 or status >= 500:
            raise _Passing(
                f"{shown(response.url)}: answered {status}. It is asked again.",
                retry_after_seconds=retry_after_seconds(response.headers, self._clock.now()),
            )

    async def _body(self, response: httpx.Response) -> bytes:
        """The body, unpacked; never more of it in memory than the limit."""
        too_large = SourceUnreachable(
            f"{shown(response.url)}: larger than {self._most_bytes / 1e6:g} MB and not read. Check the address."
        )
        stated = response.headers.get("content-length", "")
        if stated.isascii() and stated.isdigit() and (len(stated) > 15 or int(stated) > self._most_bytes):
            raise too_large
        packing = response.headers.get("content-encoding", "identity").strip().lower()
        if packing not in ("identity", "gzip", "x-gzip", "deflate", ""):
            raise SourceUnreachable(f"{shown(response.url)}: packed as {packing[:20]!r}. Check the address.")
        unpacking = None if packing in ("identity", "") else zlib.decompressobj(wbits=47)
        body = bytearray()
        async for piece in response.aiter_raw():
            room = self._most_bytes + 1 - len(body)
            body += piece[:room] if unpacking is None else unpacking.decompress(piece, room)
            if len(body) > self._most_bytes:
                raise too_large
        if unpacking is not None and body and not unpacking.eof:
            raise zlib.error("ended early")
        return bytes(body)


def retry_after_seconds(headers: Mapping[str, str], now: datetime) -> float | None:
    """How long a server asks to be left alone: Retry-After in seconds or as a date, else X-RateLimit-Reset."""
    retry_after = headers.get("retry-after", "").strip()
    if retry_after.isascii() and retry_after.isdigit():
        return min(float(retry_after[:9]), LONGEST_RETRY_AFTER_SECONDS)
    until = http_moment(retry_after) or iso_moment(headers.get("x-ratelimit-reset", ""))
    return None if until is None else min(max((until - now).total_seconds(), 0.0), LONGEST_RETRY_AFTER_SECONDS)


def shown(url: httpx.URL | str) -> str:
    """An address for a person to read, without what may be secret in it: no user, no query."""
    try:
        whole = httpx.URL(url)
    except httpx.InvalidURL:
        return "an address that cannot be read"
    return f"{whole.netloc.decode('ascii', 'replace')}{whole.path}"[:200]


def joined(base: str, address: str) -> str | None:
    """The whole web address, or None for what no browser should be sent to."""
    try:
        url = httpx.URL(base).join(address) if address else None
        # Only when its host is asked for does it turn out to be no name.
        return str(url) if url is not None and url.scheme in ("http", "https") and url.host else None
    except (httpx.InvalidURL, ValueError):
        return None


def without_query(address: str) -> str:
    """An address without its query, which may be a key and is never stored with a post."""
    return address.partition("?")[0]


def _back_off(error: Exception) -> bool | float:
    if not isinstance(error, _Passing):
        return False
    wait_seconds = error.retry_after_seconds
    if wait_seconds is None:
        return True
    return wait_seconds if wait_seconds <= LONGEST_WAIT_SECONDS else False


@cache
def _trusted() -> ssl.SSLContext:
    # Reading the list of authorities takes longer than most answers do.
    return httpx.create_ssl_context()
