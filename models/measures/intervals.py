"""Intervals of a time axis: of a round length, and where they begin on a British control room's clock.

An interval of an hour or less begins where the clock shows a multiple of it, whatever the zone, as London is whole
hours from UTC. A longer one begins at a multiple since midnight, or at midnight itself: over the two nights in which
the clocks change it is an hour longer or shorter than its name says.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

# More intervals than a screen can show as bars with room to point at.
MOST_INTERVALS = 60

_LONDON = ZoneInfo("Europe/London")
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
# Those between an hour and a day divide the day.
_ROUND_MINUTES = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 720, 1440)


def interval_for(length: timedelta) -> timedelta:
    """The shortest interval of a round length that divides `length` into at most sixty.

    >>> interval_for(timedelta(hours=6)), interval_for(timedelta(days=90))
    (datetime.timedelta(seconds=600), datetime.timedelta(days=2))
    """
    for minutes in _ROUND_MINUTES:
        if length <= MOST_INTERVALS * timedelta(minutes=minutes):
            return timedelta(minutes=minutes)
    return timedelta(days=-(-length // (MOST_INTERVALS * _DAY)))


def floor(moment: datetime, interval: timedelta) -> datetime:
    """The start of the interval that holds `moment`, which knows its zone.

    >>> floor(datetime(2026, 7, 1, 13, 30, tzinfo=UTC), timedelta(hours=12)).isoformat()
    '2026-07-01T11:00:00+00:00'
    """
    if interval <= _HOUR:
        seconds = interval.total_seconds()
        return datetime.fromtimestamp(moment.timestamp() // seconds * seconds, tz=moment.tzinfo)
    clock = moment.astimezone(_LONDON).replace(tzinfo=None, fold=0)
    midnight = clock.replace(hour=0, minute=0, second=0, microsecond=0)
    if interval < _DAY:
        return _instant(midnight + (clock - midnight) // interval * interval)
    # Of several days, the same ones whatever the chart shows.
    return _instant(midnight - timedelta(days=(midnight.date() - date.min).days % interval.days))


def edges(start: datetime, end: datetime, interval: timedelta, *, by_clock: bool = True) -> tuple[datetime, ...]:
    """Where the intervals from `start` begin, up to the one that reaches `end`; at last where that ends.

    `start` is where one begins. Not `by_clock`, all are of one length, as where the age of something is told.
    """
    found = [start]
    while found[-1] < end or len(found) == 1:
        found.append(_after(found[-1], interval) if by_clock and interval > _HOUR else found[-1] + interval)
    return tuple(found)


def _after(start: datetime, interval: timedelta) -> datetime:
    clock = start.astimezone(_LONDON).replace(tzinfo=None, fold=0)
    return _instant(clock + interval)


def _instant(clock: datetime) -> datetime:
    """When a London clock shows this. No interval begins in an hour that it shows twice, or not at all."""
    return clock.replace(tzinfo=_LONDON).astimezone(UTC)
