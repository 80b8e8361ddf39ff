"""Times as machines write them → moments in UTC, for every file format and source.

What people type is another question: `dashboard/words/local_time.py` answers it.
"""

import math
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from models.clock import in_utc, iso_utc, utc_time

# Nothing that Grapevine reads is older: a date before it is a mistake.
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)

_MONTHS = {name: number for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}
# "Sun Oct 12 17:25:19 +0000 2014": X's first interface and its account archive.
_X_TIME = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([0-9]{2}) ([0-9:]{8}) ([+-][0-9]{4}) ([0-9]{4})")
_SECONDS = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,9})?")
# How many of them make a second, by their number of digits: milliseconds, microseconds, nanoseconds.
_PARTS_OF_SECONDS = {13: 1_000, 16: 1_000_000, 19: 1_000_000_000}


def moment(value: Any) -> datetime | None:
    """The moment that `value` writes in any of the ways of `iso_time`, in UTC; None for anything else.

    >>> moment("Sun Oct 12 17:25:19 +0000 2014") == moment(1413134719) == moment("2014-10-12T18:25:19+01:00")
    True
    """
    return iso_moment(iso_time(value))


def iso_moment(value: Any) -> datetime | None:
    """The moment that `value` writes in ISO 8601, in UTC; None for anything else."""
    try:
        return utc_time(value) if isinstance(value, str) else None
    except ValueError:
        return None


def as_written(value: str) -> datetime | None:
    """What `value` writes in ISO 8601, without a zone where it states none; None for anything else.

    >>> as_written("2026-11-20 13:05"), as_written("20/11/2026")
    (datetime.datetime(2026, 11, 20, 13, 5), None)
    """
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def http_moment(value: str) -> datetime | None:
    """The moment that an HTTP header writes as a date, in UTC; None for anything else.

    >>> http_moment("Fri, 20 Nov 2026 12:00:00 GMT").isoformat()
    '2026-11-20T12:00:00+00:00'
    """
    try:
        return in_utc(parsedate_to_datetime(value))
    except (ValueError, OverflowError):
        return None


def iso_time(value: Any) -> Any:
    """`value` as ISO 8601 in UTC; what is not understood comes back as it is, for a dead letter to show.

    Understood besides ISO: X's old form, and seconds since 1970 or thousandths, millionths, billionths of
    them, as a number or as text.

    >>> iso_time("1413134719"), iso_time("yesterday")
    ('2014-10-12T17:25:19Z', 'yesterday')
    """
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        value = str(value) if isinstance(value, int) else f"{value:.6f}"
    if not isinstance(value, str):
        return value
    if found := _X_TIME.fullmatch(value):
        month, day, clock, zone, year = found.groups()
        if month in _MONTHS:
            return f"{year}-{_MONTHS[month]:02}-{day}T{clock}" + ("Z" if zone == "+0000" else zone)
    if _SECONDS.fullmatch(value):
        return _iso_of_seconds(float(value))
    if len(value) in _PARTS_OF_SECONDS and value.isascii() and value.isdecimal():
        return _iso_of_seconds(int(value) / _PARTS_OF_SECONDS[len(value)])
    return value


def _iso_of_seconds(seconds: float) -> str:
    """Seconds since 1970, of at most ten digits, as ISO 8601."""
    return iso_utc(datetime.fromtimestamp(seconds, UTC))
