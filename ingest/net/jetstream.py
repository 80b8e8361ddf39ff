"""Follows a Jetstream (v2) host over a socket that reconnects: every event, in order, with its place in the stream.

websockets makes the connections and makes them again; atproto's parser reads the frames.
"""

import asyncio
import json
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import aclosing
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from ingest.net.jetstream_events import (
    FIRST_TIME_CURSOR,
    SHOWN_CHARACTERS,
    Malformed,
    Place,
    moment_of,
    seq_of,
    shown,
)
from ingest.net.jetstream_frames import LARGEST_FRAME_BYTES, EndedByHost, Frames, Undecodable
from ingest.running.stream import Event, Put
from ingest.source import Item, Missed, Reconnected, Unreadable
from models.clock import Clock
from models.errors import SourceFailed, SourceUnreachable

CAUGHT_UP = timedelta(seconds=10)
# Between attempts to connect it waits 1, 2, 4 and 8 seconds; after one failure more the worker takes over.
FIRST_DELAY_SECONDS = 1.0
MOST_FAILURES = 5
# After so long without anything from a host the connection is made anew.
SILENCE_SECONDS = 60.0
_METHOD = "network.bsky.jetstream.subscribeEvents"
_SUBPROTOCOL = "xrpc.v1.json"
_BUSY = (408, 425, 429)
_INFO = f"{_METHOD}#info"

# Makes an item of an event, or None of one that is not followed. The text is the position of the event.
ItemOf = Callable[[Any, str], Item | None]


async def follow(
    host: str, collections: Sequence[str], place: Place | None, item_of: ItemOf, clock: Clock, put: Put
) -> None:
    """Put every event after `place`, or from now on, until cancelled.

    Where the host no longer keeps the events after `place`, put Missed and continue with the oldest that it has.
    Raises SourceUnreachable and SourceFailed.
    """
    start_at = place and place.cursor_at(host)
    gap = None
    while True:
        tail = Tail(host, collections, start_at, item_of, clock, put, place=place, gap=gap)
        try:
            return await tail.follow()
        except _CursorTooOld:
            gap = _too_old(host)
        except _UnknownNumber:
            pass
        # By time a host starts with the oldest event it has. If it refused even that, start with the present.
        refused = tail.place is place and (start_at or 0) >= FIRST_TIME_CURSOR
        place = tail.place
        start_at = None if place is None or refused else place.time_cursor


class _CursorTooOld(Exception):
    """The host no longer keeps the events after the cursor."""


class _UnknownNumber(Exception):
    """The host has not reached this number: it belongs to another count."""


class _DictionaryRefused(Exception):
    """The host no longer uses the dictionary that it gave us."""


class Tail:
    """The end of a host's stream, over one connection after another.

    `place` is the place of the last event; `connected` is whether there has ever been a connection.
    """

    def __init__(
        self,
        host: str,
        collections: Sequence[str],
        start_at: int | None,
        item_of: ItemOf,
        clock: Clock,
        put: Put,
        *,
        place: Place | None = None,
        gap: str | None = None,
    ):
        self.place = place
        self.connected = False
        self._host = host
        self._collections = list(collections)
        self._start_at = start_at
        self._item_of = item_of
        self._clock = clock
        self._put = put
        self._gap = gap
        self._frames = Frames(host, clock)
        # The number of the last event. A cursor is inclusive, so this event comes once more.
        self._seq = start_at if start_at is not None and start_at < FIRST_TIME_CURSOR else None
        self._lost: str | None = None
        self._failures = 0
        self._delays = _delays_seconds()
        self._caught_up = False

    async def follow(self) -> None:
        """Put every event until cancelled. Raises as the module's `follow`, and for a cursor that is refused."""
        while True:
            try:
                await self._frames.fetch_dictionary()
                await self._follow_one_connection()
            except _DictionaryRefused:
                self._frames.dictionary_was_refused()
                # The machines of one host may refuse each other's dictionaries again and again.
                await asyncio.sleep(next(self._delays))
            except EndedByHost as error:
                if error.error != "ConsumerTooSlow":
                    raise SourceUnreachable(f"ended the stream ({error}). Retrying.", host=self._host) from error
                await self._connection_lost(error)
            except (ConnectionClosed, TimeoutError) as error:
                await self._connection_lost(error)

    async def _follow_one_connection(self) -> None:
        """Connect, with retries where they may help, and read until the connection is lost."""
        connections = connect(
            self._address(),
            subprotocols=[_SUBPROTOCOL],
            max_size=LARGEST_FRAME_BYTES,
            close_timeout=0.1,
            process_exception=self._why_not_connected,
            reconnect_delays=lambda: self._delays,
        )
        async with aclosing(aiter(connections)) as reconnecting:
            connection = await anext(reconnecting)
            await self._connection_made()
            await self._read(connection)

    def _address(self) -> str:
        params = {
            "collections": self._collections,
            "kinds": ["commit", "account"],
            "cursor": self._start_at if self._seq is None else self._seq,
            "zstdDictionary": self._frames.dictionary_id,
        }
        known = {name: value for name, value in params.items() if value is not None}
        return f"{self._host}/xrpc/{_METHOD}?{urlencode(known, doseq=True)}"

    async def _connection_made(self) -> None:
        self.connected = True
        if self._lost is not None and self._start_at is None and self._seq is None:
            self._gap = self._lost  # no event had come yet to continue from
        elif self._lost is not None:
            await self._hand_over(Reconnected(self._lost))
        self._lost = None

    async def _connection_lost(self, error: Exception) -> None:
        """Wait before the next connection. Raises SourceUnreachable after one failure too many."""
        self._lost = self._lost or _why(error)
        self._count_failure(error)
        self._caught_up = False
        await self._hand_over()
        await asyncio.sleep(next(self._delays))

    def _why_not_connected(self, error: Exception) -> Exception | None:
        """None if the library should try again, or the error to raise instead."""
        if isinstance(error, InvalidStatus) and error.response.status_code < 500:
            return self._why_refused(error)
        if not isinstance(error, OSError | TimeoutError | InvalidHandshake):
            return error
        try:
            self._count_failure(error)
        except SourceUnreachable as too_many:
            return too_many
        self._lost = self._lost or _why(error)
        return None

    def _why_refused(self, refusal: InvalidStatus) -> Exception:
        status, headers = refusal.response.status_code, refusal.response.headers
        if status in _BUSY:
            wait_seconds = _seconds(headers.get("Retry-After"))
            return SourceUnreachable(
                f"busy ({_why(refusal)}). Retrying.",
                host=self._host,
                status=status,
                retry_after_seconds=wait_seconds,
            )
        code = _error_code(refusal.response.body)
        if code == "CursorTooOld":
            return _CursorTooOld(self._host)
        if code == "UnknownZstdDictionary" and self._frames.dictionary_id is not None:
            return _DictionaryRefused(self._host)
        advice = "Name a Jetstream v2 host in [sources.bluesky] hosts."
        return SourceFailed(f"refused the subscription ({_why(refusal)}). {advice}", host=self._host, status=status)

    def _count_failure(self, error: Exception) -> None:
        self._failures += 1
        if not self.connected or self._failures == MOST_FAILURES:
            problem = f"no connection ({_why(error)}). Check the network."
            raise SourceUnreachable(problem, host=self._host) from error

    async def _read(self, connection: ClientConnection) -> None:
        while True:
            async with asyncio.timeout(SILENCE_SECONDS):
                raw = await connection.recv()
            try:
                payload = self._frames.payload(raw)
            except Undecodable:
                seen = raw[:SHOWN_CHARACTERS]
                seen = seen if isinstance(seen, str) else seen.decode("utf-8", "replace")
                await self._hand_over(Unreadable("not a Jetstream frame", seen, self._cursor_text))
            else:
                await self._take(payload)

    async def _take(self, payload: dict[str, Any]) -> None:
        if payload.get("$type") == _INFO:
            return self._handle_notice(payload.get("name"))
        try:
            place = Place(seq_of(payload), moment_of(payload), self._host)
        except Malformed as malformed:
            return await self._hand_over(Unreadable(str(malformed), shown(payload), self._cursor_text))
        if self._seq is not None and place.seq <= self._seq:
            return
        items: list[Item] = []
        if self._gap is not None:
            items.append(Missed(self.place and self.place.moment, place.moment, self._gap))
        item = self._item_of(payload, str(place))
        if item is not None:
            items.append(item)
        self._gap, self._failures, self._delays = None, 0, _delays_seconds()
        self.place, self._seq = place, place.seq
        self._caught_up = self._clock.now() - place.moment <= CAUGHT_UP
        await self._hand_over(*items)

    def _handle_notice(self, notice: Any) -> None:
        """Act on a notice, which comes before the first event if the host could not use the cursor."""
        by_number = self._start_at is not None and self._start_at < FIRST_TIME_CURSOR
        if notice == "OutdatedCursor":
            self._gap = _too_old(self._host)
        elif notice == "FutureCursor" and by_number and self.place is not None:
            raise _UnknownNumber(notice)

    async def _hand_over(self, *items: Item) -> None:
        await self._put(Event(items, self._cursor_text, self._caught_up))

    @property
    def _cursor_text(self) -> str:
        return "" if self.place is None else str(self.place)


def _too_old(host: str) -> str:
    return f"{host} no longer keeps posts this old"


def _seconds(retry_after: str | None) -> float | None:
    return float(retry_after) if retry_after is not None and retry_after.isdecimal() else None


def _delays_seconds() -> Iterator[float]:
    """Waits between attempts to connect, twice as long each time; not all clients of a host come back at once."""
    delay = FIRST_DELAY_SECONDS
    while True:
        yield delay * random.uniform(0.5, 1.5)
        delay *= 2


def _why(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:200].removesuffix(": ")


def _error_code(body: bytes | None) -> str | None:
    """The code of an XRPC error, such as "CursorTooOld"."""
    try:
        error = json.loads(body or b"")
    except ValueError:
        return None
    return error.get("error") if isinstance(error, dict) else None
