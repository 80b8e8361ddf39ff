"""A polite and careful HTTP client for the sources that poll.

A server may be slow, endless, broken or hostile. So one answer may have only so many bytes (packed and unpacked), so
many redirects, and so many seconds in all, however slowly it drips. A fault that may pass is retried a few times at
once; a server that says when to come back is obeyed.
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
# A longer wait that a server asks for is left to the caller.
LONGEST_WAIT_SECONDS = 5.0
# A server that asks for more than a day is obeyed for a day.
LONGEST_RETRY_AFTER_SECONDS = 86_400.0

_HEADERS = {"User-Agent": "Grapevine (rumour tracking for emergency services)", "Accept-Encoding": "gzip"}
_PERMANENT = (301, 308)
_REDIRECTS = (*_PERMANENT, 302, 303, 307)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of any status but 429 and 5xx. `moved_to` is the new address where every redirect was permanent."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    moved_to: str | None = None


class _MayPass(SourceUnreachable):
    """A fault that another attempt at once may mend."""


class Http:
    """Reads one address at a time, each over a connection of its own.

    Two clients of one source share a `guard`, so that both know where its configured name led at first.
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
        """The answer of `url`. A redirect is followed only where `follows` accepts its address; without `follows` the
        redirect itself is the answer.

        `configured` is the address in config.toml that led to `url`, by default `url` itself. A request enters this
        computer's own network only if that address lies there. Blocks for `answer_seconds` an attempt. Raises
        SourceUnreachable.
        """
        for attempt in stamina.retry_context(on=_back_off, attempts=ATTEMPTS, wait_initial=0.2, wait_jitter=0.2):
            with attempt:
                return asyncio.run(
                    self.attempt(url, params=params, headers=headers, follows=follows, configured=configured)
                )
        raise AssertionError("retry_context ends with an answer or an error")

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
            raise SourceUnreachable("This is not an address. Check it in config.toml.") from None
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
            problem = f"no complete answer within {self._answer_seconds:g} s. Retrying."
            raise SourceUnreachable(problem, host=where) from None
        except PrivateAddress as error:
            problem = f"{error.host[:100]} is an address in this computer's own network. Check the address."
            raise SourceUnreachable(problem, host=where) from None
        except (httpx.InvalidURL, ValueError):
            # A host that is no name is a ValueError of the codec for names, raised when it is looked up.
            raise SourceUnreachable("is not an address, or redirects to none. Retrying.", host=where) from None
        except httpx.ConnectError as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise SourceUnreachable("its certificate is not trusted. Check the address.", host=where) from None
            raise _MayPass("cannot be reached. Retrying.", host=where) from None
        except (httpx.HTTPError, zlib.error) as error:
            raise _MayPass(f"the answer was cut off ({type(error).__name__}). Retrying.", host=where) from None

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
            # A proxy makes the connection itself: there this look-up is the only check.
            if not may_enter and await leads_to_private(here):
                raise PrivateAddress(here.host)
            check.expects(here)
            async with client.stream("GET", here, headers=headers, extensions=extensions) as response:
                if not (may_enter or check.connected):
                    raise SourceFailed(
                        "httpx reports no connections to check. Install the version in pyproject.toml."
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
                raise SourceUnreachable("redirects to an unsafe address. Retrying.", host=shown(url))
            if not follows(onward):
                problem = f"redirects to {onward.host[:100]}, which is not allowed. Retrying."
                raise SourceUnreachable(problem, host=shown(url))
            here = onward
        raise SourceUnreachable(f"more than {MOST_REDIRECTS} redirects. Retrying.", host=shown(url))

    def _refuse_a_busy_server(self, response: httpx.Response) -> None:
        status = response.status_code
        if status == 429 or status >= 500:
            raise _MayPass(
                f"answered {status}. Retrying.",
                host=shown(response.url),
                status=status,
                retry_after_seconds=retry_after_seconds(response.headers, self._clock.now()),
            )

    async def _body(self, response: httpx.Response) -> bytes:
        """The body, unpacked. Never holds more of it in memory than the limit."""
        where = shown(response.url)
        too_large = SourceUnreachable(
            f"larger than {self._most_bytes / 1e6:g} MB and not read. Check the address.", host=where
        )
        stated = response.headers.get("content-length", "")
        if stated.isascii() and stated.isdigit() and (len(stated) > 15 or int(stated) > self._most_bytes):
            raise too_large
        packing = response.headers.get("content-encoding", "identity").strip().lower()
        if packing not in ("identity", "gzip", "x-gzip", "deflate", ""):
            raise SourceUnreachable(f"packed as {packing[:20]!r}, which is not read. Check the address.", host=where)
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
    """How long a server asks us to wait: Retry-After in seconds or as a date, else X-RateLimit-Reset."""
    retry_after = headers.get("retry-after", "").strip()
    if retry_after.isascii() and retry_after.isdigit():
        return min(float(retry_after[:9]), LONGEST_RETRY_AFTER_SECONDS)
    until = http_moment(retry_after) or iso_moment(headers.get("x-ratelimit-reset", ""))
    return None if until is None else min(max((until - now).total_seconds(), 0.0), LONGEST_RETRY_AFTER_SECONDS)


def shown(url: httpx.URL | str) -> str:
    """An address for people to read, without the parts that may be secret: the user and the query."""
    try:
        whole = httpx.URL(url)
    except httpx.InvalidURL:
        return "an address that cannot be read"
    return f"{whole.netloc.decode('ascii', 'replace')}{whole.path}"[:200]


def joined(base: str, address: str) -> str | None:
    """The whole web address, or None if it is no address that a browser should open."""
    try:
        url = httpx.URL(base).join(address) if address else None
        # A host that is no name raises only when it is asked for.
        return str(url) if url is not None and url.scheme in ("http", "https") and url.host else None
    except (httpx.InvalidURL, ValueError):
        return None


def without_query(address: str) -> str:
    """An address without its query: that may be a key, and is never stored with a post."""
    return address.partition("?")[0]


def _back_off(error: Exception) -> bool | float:
    if not isinstance(error, _MayPass):
        return False
    wait_seconds = error.retry_after_seconds
    if wait_seconds is None:
        return True
    return wait_seconds if wait_seconds <= LONGEST_WAIT_SECONDS else False


@cache
def _trusted() -> ssl.SSLContext:
    # Reading the list of authorities takes longer than most answers do.
    return httpx.create_ssl_context()
