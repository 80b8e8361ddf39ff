"""Ticks of a time axis: instants in UTC, at times that are round on a London clock, and labelled with what it shows.

An axis that is marked so has the autumn hour twice, one after the other, as BST and as GMT, and the spring hour not
at all; Plotly's own ticks and matplotlib's know no such hours.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from dashboard.words.local_time import LONDON, hour_and_minute, local

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# Between ticks, from close to far. A week begins on Monday; a longer one than a week is of whole months or years.
STEPS = (
    *(count * MINUTE for count in (1, 2, 5, 10, 15, 30)),
    *(count * HOUR for count in (1, 2, 3, 6, 12)),
    *(count * DAY for count in (1, 2, 7)),
)
MONTHS = (1, 3, 6, 12, 24, 60, 120)
DAYS_A_MONTH = 30.4


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of a time axis: its instant in UTC, its label, and what stands under it where it is new."""

    at: datetime
    text: str
    under: str


def ticks(start: datetime, end: datetime, most: int) -> list[Tick]:
    """The closest ticks from `start` to `end` of which there are about `most` at the most."""
    step, months = _step(end - start, most)
    if months:
        return [
            Tick(_midnight(day), f"{day:%b}" if months < 12 else f"{day:%Y}", f"{day:%Y}" if months < 12 else "")
            for day in _months(start, end, months)
        ]
    if step >= DAY:
        return [Tick(_midnight(day), f"{day:%-d %b}", f"{day:%Y}") for day in _days(start, end, step // DAY)]
    return [Tick(at, hour_and_minute(at), f"{local(at):%-d %b}") for at in _times(start, end, step)]


def labels(shown: list[Tick]) -> list[str]:
    """Each tick's label; the day or the year stands under the first and where it changes. Lines end in a newline."""
    before = [""] + [one.under for one in shown[:-1]]
    return [
        one.text if one.under == last else f"{one.text}\n{one.under}" for one, last in zip(shown, before, strict=True)
    ]


def _step(length: timedelta, most: int) -> tuple[timedelta, int]:
    """The length of a step, or how many months it has."""
    for step in STEPS:
        if length <= most * step:
            return step, 0
    months = length / (most * DAYS_A_MONTH * DAY)
    return timedelta(), next((count for count in MONTHS if months <= count), MONTHS[-1])


def _times(start: datetime, end: datetime, step: timedelta) -> Iterator[datetime]:
    """Where a London clock shows whole steps since midnight.

    It is whole hours from UTC, so that parts of an hour are the same.
    """
    stride = min(step, HOUR).total_seconds()
    second = -(-start.timestamp() // stride) * stride
    while second <= end.timestamp():
        at = datetime.fromtimestamp(second, UTC)
        if step <= HOUR or local(at).hour % (step // HOUR) == 0:
            yield at
        second += stride


def _days(start: datetime, end: datetime, every: int) -> Iterator[date]:
    """Every day, every second, or every Monday, whose midnight in London lies between the two."""
    day = local(start).date()
    while _midnight(day) <= end:
        if _midnight(day) >= start and (day.toordinal() - date(2001, 1, 1).toordinal()) % every == 0:
            yield day
        day += DAY


def _months(start: datetime, end: datetime, every: int) -> Iterator[date]:
    first = local(start).date()
    place = first.year * 12 + first.month - 1
    while _midnight(day := date(place // 12, place % 12 + 1, 1)) <= end:
        if place % every == 0 and _midnight(day) >= start:
            yield day
        place += 1


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)
