"""A Jetstream (v2) host followed with the library's client: every event, in order, with the place it stood at.

A cursor is "SEQ MICROSECONDS HOST" of the last event. The number is exact, but each host counts by itself and forgets
after some days; the time finds the place again at another host, and tells since when events are missed.
"""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from atproto_jetstream import AsyncJetstreamClient
from atproto_jetstream.exceptions import (
    JetstreamConsumerTooSlowError,
    JetstreamCursorTooOldError,
    JetstreamDecodingError,
    JetstreamError,
)
from atproto_jetstream.models import ErrorFrame, parse_frame
from websockets.exceptions import InvalidStatus

from ingest.running.stream import Event, Put
from ingest.source import Item, Missed, Reconnected, Unreadable
from ingest.times import EARLIEST, iso_moment
from models.clock import Clock
from models.errors import SourceFailed, SourceUnreachable

CAUGHT_UP = timedelta(seconds=10)
# Hosts see the same event at slightly different times.
ANOTHER_HOST = timedelta(minutes=1)
# The client waits 1, 2, 4, 8 … seconds between its attempts: so many make half a minute without a connection.
MOST_FAILURES = 5
SHOWN_CHARACTERS = 2_000
_BUSY = (408, 425, 429)
# A cursor from here on is a time in microseconds, below it a number.
_FIRST_TIME_CURSOR = 10**15
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INFO = "network.bsky.jetstream.subscribeEvents#info"

# What an event says, or None for one that is not followed; the text is its position.
ItemOf = Callable[[Any, str], Item | None]


class Malformed(ValueError):
    """Why an event cannot be read; the message is the dead letter's reason."""


@dataclass(frozen=True, slots=True)
class Place:
    """An event's place in the stream of one host: its number there, and when the host saw it."""

    seq: int
    moment: datetime
    host: str

    def __str__(self) -> str:
        return f"{self.seq} {_microseconds(self.moment)} {self.host}"

    @classmethod
    def read(cls, cursor: str) -> "Place":
        seq, microseconds, host = cursor.split(" ")
        return cls(int(seq), _EPOCH + timedelta(microseconds=int(microseconds)), host)

    def to_go_on_from(self, host: str) -> int:
        """The number, or at another host the time, a little earlier: what comes twice does no harm."""
        return self.seq if self.host == host else self.time_cursor

    @property
    def time_cursor(self) -> int:
        return _microseconds(self.moment - ANOTHER_HOST)


async def follow(
    host: str, collections: Sequence[str], place: Place | None, item_of: ItemOf, clock: Clock, put: Put
) -> None:
    """Put everything that comes after `place`, or from now on, until cancelled.

    Puts Missed where the host no longer keeps what came after `place`, and goes on from the oldest it has. Raises
    SourceUnreachable and SourceFailed.
    """
    start_at = place and place.to_go_on_from(host)
    gap = None
    while True:
        tail = Tail(host, collections, start_at, item_of, clock, put, place=place, gap=gap)
        try:
            return await tail.follow()
        except JetstreamCursorTooOldError:
            gap = _too_old(host)
        except _UnknownNumber:
            pass
        # By time a host begins with the oldest it has; where even that was refused, only the present is left.
        refused = tail.place is place and (start_at or 0) >= _FIRST_TIME_CURSOR
        place = tail.place
        start_at = None if place is None or refused else place.time_cursor


class _UnknownNumber(JetstreamError):
    """The host has not counted so far: the number is of another count."""


class Tail(AsyncJetstreamClient):
    """The library's client, reconnections and all, but with every event as it came.

    By itself it drops what it cannot decode, ends for good at a payload that does not fit its models and at a polite
    goodbye, prints what a callback raises, and tells nobody that the connection was lost. `place` is the last event;
    `connected` whether there ever was a connection.
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
        params = {"collections": list(collections), "kinds": ["commit", "account"]}
        super().__init__(params if start_at is None else {**params, "cursor": start_at}, base_uri=f"{host}/xrpc")
        self.place = place
        self.connected = False
        self._host = host
        self._start_at = start_at
        self._item_of = item_of
        self._clock = clock
        self._put = put
        self._gap = gap
        self._lost: str | None = None
        self._failures = 0
        self._caught_up = False
        if start_at is not None and start_at < _FIRST_TIME_CURSOR:
            self._cursor = start_at  # inclusive on the wire: that event comes once more

    async def follow(self) -> None:
        """Put every event until cancelled. Raises as the module's `follow`, or what says that the cursor is bad."""
        await self.start(self._process_frame)

    def _decode_frame(self, raw_frame: str | bytes) -> dict[str, Any] | Unreadable:
        try:
            if self._compression is not None and isinstance(raw_frame, bytes):
                raw_frame = self._compression.decompress(raw_frame)
            frame = parse_frame(raw_frame)
        except JetstreamDecodingError:
            seen = raw_frame[:SHOWN_CHARACTERS]
            return Unreadable(
                "not a Jetstream frame",
                seen if isinstance(seen, str) else seen.decode("utf-8", "replace"),
                self._cursor_text,
            )
        if isinstance(frame, ErrorFrame):
            error_type = JetstreamConsumerTooSlowError if frame.error == "ConsumerTooSlow" else JetstreamError
            raise error_type(str(frame.error))
        return frame.payload

    async def _process_frame(self, frame: dict[str, Any] | Unreadable) -> None:
        if isinstance(frame, Unreadable):
            return await self._tell(frame)
        if frame.get("$type") == _INFO:
            return self._heed(frame.get("name"))
        try:
            place = Place(_seq(frame), moment_of(frame), self._host)
        except Malformed as malformed:
            return await self._tell(Unreadable(str(malformed), shown(frame), self._cursor_text))
        if self._cursor is not None and place.seq <= self._cursor:
            return
        items: list[Item] = []
        if self._gap is not None:
            items.append(Missed(self.place and self.place.moment, place.moment, self._gap))
        item = self._item_of(frame, str(place))
        if item is not None:
            items.append(item)
        self._gap, self._failures, self.place = None, 0, place
        self._caught_up = self._clock.now() - place.moment <= CAUGHT_UP
        self._track_cursor(place.seq)
        await self._tell(*items)

    def _heed(self, notice: Any) -> None:
        """A notice comes before the first event, where the cursor could not be honoured."""
        by_number = self._start_at is not None and self._start_at < _FIRST_TIME_CURSOR
        if notice == "OutdatedCursor":
            self._gap = _too_old(self._host)
        elif notice == "FutureCursor" and by_number and self.place is not None:
            raise _UnknownNumber(notice)

    async def _tell(self, *items: Item) -> None:
        await self._put(Event(items, self._cursor_text, self._caught_up))

    async def _before_connect(self) -> None:
        if self._lost is not None:
            self._caught_up = False
            await self._tell()
        await super()._before_connect()

    @asynccontextmanager
    async def _get_async_client(self) -> AsyncIterator[Any]:
        async with super()._get_async_client() as connection:
            self.connected = True
            if self._lost is not None and self._start_at is None and self._cursor is None:
                self._gap = self._lost  # nothing had come yet that could be gone on from
            elif self._lost is not None:
                await self._tell(Reconnected(self._lost))
            self._lost = None
            yield connection

    def _handle_websocket_error_or_stop(self, exception: Exception) -> bool:
        """False, for another attempt by the client itself, unless that would be one too many or of no use."""
        why = " ".join(f"{type(exception).__name__}: {exception}".split())[:200].removesuffix(": ")
        if isinstance(exception, InvalidStatus) and exception.response.status_code in _BUSY:
            wait = _seconds(exception.response.headers.get("Retry-After"))
            raise SourceUnreachable(f"{self._host}: busy ({why}).", retry_after_seconds=wait) from exception
        try:
            # Whether the library would stop here is no matter: it does so at a goodbye, which a restart says too.
            super()._handle_websocket_error_or_stop(exception)
        except (JetstreamCursorTooOldError, _UnknownNumber):
            raise
        except JetstreamError as error:
            if isinstance(exception, InvalidStatus):
                advice = "Name a Jetstream v2 host in [sources.bluesky] hosts."
                raise SourceFailed(f"{self._host}: refused the subscription ({why}). {advice}") from exception
            if error is exception:
                raise SourceUnreachable(f"{self._host}: ended the stream ({why}).") from exception
            raise exception from None
        if isinstance(exception, InvalidStatus) and exception.response.status_code < 500:
            return False  # only the way its frames are packed has changed: the client asks again how
        self._failures += 1
        if not self.connected or self._failures == MOST_FAILURES:
            raise SourceUnreachable(f"{self._host}: no connection ({why}). Check the network.") from exception
        self._lost = self._lost or why
        return False

    @property
    def _cursor_text(self) -> str:
        return "" if self.place is None else str(self.place)


def moment_of(event: dict[str, Any]) -> datetime:
    """When the host saw the event: that is what its time cursors go by. Raises Malformed."""
    moment = time_of(event.get("witnessedAt")) or time_of(event.get("time"))
    if moment is None:
        raise Malformed("wrong type: time")
    return moment


def time_of(value: Any) -> datetime | None:
    """An aware time in UTC, or None for what is none, or is of before 2000."""
    moment = iso_moment(value)
    return moment if moment is not None and moment >= EARLIEST else None


def shown(event: Any) -> str:
    """What a dead letter keeps of an event."""
    return json.dumps(event, ensure_ascii=False)[:SHOWN_CHARACTERS]


def _seq(event: dict[str, Any]) -> int:
    seq = event.get("seq")
    if not isinstance(seq, int) or isinstance(seq, bool) or not 0 <= seq < _FIRST_TIME_CURSOR:
        raise Malformed("wrong type: seq")
    return seq


def _too_old(host: str) -> str:
    return f"{host} no longer keeps what is so old"


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _seconds(retry_after: str | None) -> float | None:
    return float(retry_after) if retry_after is not None and retry_after.isdecimal() else None
