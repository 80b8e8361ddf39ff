"""Times as tables write them → moments in UTC. What has no zone is taken in the zone of the file.

Understood: ISO 8601, 20/11/2026 (day first, unless the file shows that months come first), "20 Nov 2026 9:00 am",
seconds and milliseconds since 1970, and the serial days of Excel (46346.375).

In the hour that comes twice, on the night on which the clocks go back, a time is taken as the first of the two. A
time that the clocks leave out in spring is taken as if they had not gone forward. Both are counted and told.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from ingest.formats.told import Told
from ingest.times import as_written, iso_time
from ingest.written_times import written_moment
from models.clock import iso_utc

_NUMERIC = re.compile(r"([0-9]{1,2})([/.\-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?:[ T,]+(\S.*))?")
_CLOCK = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?:[:.]([0-9]{2})(?:[.,]([0-9]{1,6}))?)?\s*([AaPp])?\.?[Mm]?\.?")
# 20261120, 202611202105 and 20261120210533.
_RUN_TOGETHER = (8, 12, 14)
_PLAIN_NUMBER = re.compile(r"[0-9]{1,16}(?:[.,][0-9]{1,12})?")
# 1 January 2000 and 2100, in Excel's days.
_FIRST_SERIAL, _LAST_SERIAL = 36_526, 73_051
_SERIAL_DAY_0 = datetime(1899, 12, 30, tzinfo=UTC).replace(tzinfo=None)
_LONGEST_TIME = 100


class TableTimes:
    """Reads the times of one table. `sample` are some of them, which show whether the month comes first."""

    def __init__(self, zone: str, sample: Iterable[Any], file: str, told: Told):
        self._zone: tzinfo = UTC if zone == "UTC" else ZoneInfo(zone)
        self._zone_name = zone
        self._file = file
        self._told = told
        self._month_first = _month_first(sample)

    def read(self, value: Any) -> Any:
        """The moment as ISO 8601 in UTC; what is not understood comes back as it is, for a dead letter to show."""
        if isinstance(value, str):
            # What most tables have needs no work: whoever reads the record checks it.
            if value[-1:] == "Z" and value[10:11] == "T":
                return value
            return self._of_text(value.strip())
        if isinstance(value, datetime):
            return value if value.tzinfo is not None else self._in_utc(value)
        if isinstance(value, date):
            return self._midnight(datetime.combine(value, time()))
        if isinstance(value, int | float) and not isinstance(value, bool) and _FIRST_SERIAL <= value < _LAST_SERIAL:
            return self._of_serial(float(value))
        return iso_time(value)

    def _of_text(self, text: str) -> Any:
        if len(text) > _LONGEST_TIME or not text:
            return text
        if _PLAIN_NUMBER.fullmatch(text):
            return self._of_number(text)
        if (moment := as_written(text)) is not None:
            if moment.tzinfo is not None:
                return text
            return self._midnight(moment) if len(text) <= 10 else self._in_utc(moment)
        if found := _NUMERIC.fullmatch(text):
            return self._of_figures(text, found)
        if (known := iso_time(text)) != text:
            return known
        written = written_moment(text)
        if written is None:
            return text
        if written.tzinfo is not None:
            return iso_utc(written)
        return self._in_utc(written)

    def _of_number(self, text: str) -> Any:
        if text.isdecimal() and text.startswith(("19", "20")) and len(text) in _RUN_TOGETHER:
            apart = f"{text[:4]}-{text[4:6]}-{text[6:8]} {_clock_of(text[8:])}".strip()
            read = self._of_text(apart)
            return text if read == apart else read
        number = float(text.replace(",", "."))
        return self._of_serial(number) if _FIRST_SERIAL <= number < _LAST_SERIAL else iso_time(text.replace(",", "."))

    def _of_serial(self, days: float) -> str:
        self._told.once(self._file, "times are Excel's serial days")
        moment = _SERIAL_DAY_0 + timedelta(seconds=round(days * 86_400))
        return self._in_utc(moment)

    def _of_figures(self, text: str, found: re.Match[str]) -> Any:
        first, sign, second, year, clock = found.groups()
        # 11-20-2026 and 11/20/2026 are American forms; with full stops the day always comes first.
        month_first = self._month_first and sign != "."
        day, month = (second, first) if month_first else (first, second)
        at = _clock_time(clock)
        try:
            on = date(int(year) + (2_000 if len(year) == 2 else 0), int(month), int(day))
        except ValueError:
            return text
        # A clock time with its zone: "21:05 BST", "21:05 +0100".
        moment = datetime.combine(on, at) if at is not None else written_moment(f"{on:%d %B %Y} {clock}")
        if moment is None:
            return text
        order = "the month first (11/20/2026)" if month_first else "the day first (20/11/2026)"
        self._told.once(self._file, f"dates are read with {order}")
        if moment.tzinfo is not None:
            return iso_utc(moment)
        return self._in_utc(moment) if clock else self._midnight(moment)

    def _midnight(self, moment: datetime) -> str:
        self._told.count(self._file, "dates without a time of day, taken as midnight")
        return self._in_utc(moment)

    def _in_utc(self, moment: datetime) -> str:
        if self._zone is UTC:
            return iso_utc(moment)
        self._told.once(self._file, f"times without a zone are read as {self._zone_name} (--zone)")
        first, second = (moment.replace(tzinfo=self._zone, fold=fold) for fold in (0, 1))
        if first.utcoffset() != second.utcoffset():
            comes_twice = first.utcoffset() > second.utcoffset()
            self._told.count(
                self._file,
                "times in the hour that comes twice when the clocks go back, taken as the first of the two"
                if comes_twice
                else "times that the clocks left out in spring, so that the zone may be another",
            )
        return iso_utc(first.astimezone(UTC))


def looks_like_time(value: Any) -> bool:
    """Whether a cell holds what a table writes as a time."""
    if not isinstance(value, str):
        return isinstance(value, date)
    text = value.strip()
    if not 8 <= len(text) <= _LONGEST_TIME or not text[:1].isalnum():
        return False
    if _PLAIN_NUMBER.fullmatch(text):
        return float(text.replace(",", ".")) >= _FIRST_SERIAL
    if _NUMERIC.fullmatch(text):
        return True
    return as_written(text) is not None or iso_time(text) != text or written_moment(text) is not None


def _month_first(sample: Iterable[Any]) -> bool:
    """Whether dates in figures have the month first: some can only be read so, and none only the other way."""
    months_first = days_first = 0
    for value in sample:
        found = _NUMERIC.fullmatch(value.strip()) if isinstance(value, str) else None
        if found and found[2] != ".":
            months_first += int(found[3]) > 12
            days_first += int(found[1]) > 12
    return months_first > 0 and days_first == 0


def _clock_of(figures: str) -> str:
    return ":".join(figures[place : place + 2] for place in range(0, len(figures), 2))


def _clock_time(text: str | None) -> time | None:
    """The time of day in figures, of 24 hours or with am and pm; midnight for none; None for anything else."""
    if text is None:
        return time()
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute, second, part, half = found.groups()
    hours = int(hour) % 12 + 12 * (half in "Pp") if half else int(hour)
    try:
        return time(hours, int(minute), int(second or 0), int((part or "0").ljust(6, "0")))
    except ValueError:
        return None
