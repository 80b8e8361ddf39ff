"""The place of an event in a Jetstream host's stream: its number, its time, and the cursor made of them.

A cursor is "SEQ MICROSECONDS HOST" of the last event. The number is exact, but each host counts by itself and forgets
after some days. The time finds the place again at another host, and says since when events are missing.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from ingest.times import EARLIEST, iso_moment

# Hosts see the same event at slightly different times.
ANOTHER_HOST = timedelta(minutes=1)
SHOWN_CHARACTERS = 2_000
# A cursor from here on is a time in microseconds, below it a number.
FIRST_TIME_CURSOR = 10**15
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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

    def cursor_at(self, host: str) -> int:
        """The number, or at another host the time, a little earlier: an event that comes twice does no harm."""
        return self.seq if self.host == host else self.time_cursor

    @property
    def time_cursor(self) -> int:
        return _microseconds(self.moment - ANOTHER_HOST)


def moment_of(event: dict[str, Any]) -> datetime:
    """When the host saw the event, the time that its cursors use. Raises Malformed."""
    moment = time_of(event.get("witnessedAt")) or time_of(event.get("time"))
    if moment is None:
        raise Malformed("wrong type: time")
    return moment


def time_of(value: Any) -> datetime | None:
    """An aware time in UTC, or None if `value` is no time or is before 2000."""
    moment = iso_moment(value)
    return moment if moment is not None and moment >= EARLIEST else None


def shown(event: Any) -> str:
    """What a dead letter keeps of an event."""
    return json.dumps(event, ensure_ascii=False)[:SHOWN_CHARACTERS]


def seq_of(event: dict[str, Any]) -> int:
    seq = event.get("seq")
    if not isinstance(seq, int) or isinstance(seq, bool) or not 0 <= seq < FIRST_TIME_CURSOR:
        raise Malformed("wrong type: seq")
    return seq


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)
