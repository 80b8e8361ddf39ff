"""Times as people and careless programs write them in feeds → moments in UTC.

A feed has habits: its numeric dates are all day first or all month first. A time without a zone is British time.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from ingest.times import as_written, iso_moment, iso_time
from ingest.written_times import written_moment

LONDON = ZoneInfo("Europe/London")

_LONGEST_CHARACTERS = 64
_LEAST_SECONDS_DIGITS = 9
_NUMERIC = re.compile(r"\s*(?:[A-Za-z]+,?\s+)?([0-9]{1,2})[/.-]([0-9]{1,2})[/.-](?:[0-9]{4}|[0-9]{2})(?![0-9])")


def writes_day_first(dates: Iterable[str], language: str) -> bool:
    """Whether the numeric dates of a feed begin with the day, as far as they show it; else as its language does.

    >>> writes_day_first(["05/11/2026 15:30", "11/25/2026 09:00"], "en-gb")
    False
    """
    pairs = [(int(found[1]), int(found[2])) for date in dates if (found := _NUMERIC.match(date))]
    day_first, month_first = any(first > 12 for first, _ in pairs), any(second > 12 for _, second in pairs)
    if day_first != month_first:
        return day_first
    return language.lower().replace("_", "-") != "en-us"


def feed_moment(text: str, *, day_first: bool = True) -> datetime | None:
    """The moment that a date in a feed writes, in UTC; None for one that cannot be read or whose zone is not known.

    >>> feed_moment("Sat, 18 Jul 2026 15:30:00 BST").isoformat()
    '2026-07-18T14:30:00+00:00'
    >>> feed_moment("05/11/2026 15:30").isoformat()
    '2026-11-05T15:30:00+00:00'
    """
    text = text.strip()
    if not text or len(text) > _LONGEST_CHARACTERS:
        return None
    if text.isdecimal() and len(text) >= _LEAST_SECONDS_DIGITS:
        # Seconds since 1970; as ISO 8601 "1795176000" would be a day of the year 1795.
        return iso_moment(iso_time(text))
    moment = as_written(text) or written_moment(text, day_first=day_first)
    if moment is None:
        return None
    return iso_moment((moment if moment.tzinfo else moment.replace(tzinfo=LONDON)).isoformat())
