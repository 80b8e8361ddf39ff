"""Times as people in a British control room read and type them: Europe/London, 24 hours."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
UNKNOWN = "time unknown"
Toward = Literal["past", "future"]
# A watch may be a little ahead of this computer's clock: the time on it has passed all the same.
LEEWAY = timedelta(minutes=2)
# A time alone that lies further back than this is a slip more often than yesterday's: it is taken as today's.
FURTHEST_BACK = timedelta(hours=12)
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})")
_ZONE = re.compile(r"(?i)\s*(BST|GMT)$")
_WITH_DATE = ("%d %b %Y %H:%M", "%d %B %Y %H:%M", "%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M")
_HOW = "Enter a time such as 21 Nov 2026, 14:05, or just 14:05."


class NotATime(ValueError):
    """What was typed cannot be read as a time; the message says how to write one."""


def local(moment: datetime) -> datetime:
    """In London; at the edges of the calendar, which London's time would lead out of, as it is."""
    try:
        return moment.astimezone(LONDON)
    except OverflowError:
        return moment


def exact(moment: datetime | None) -> str:
    """21 Nov 2026, 14:05, with BST or GMT in the hour that the clocks show twice"""
    return f"{day(moment)}, {hour_and_minute(moment)}" if moment else UNKNOWN


def day(moment: datetime) -> str:
    """21 Nov 2026"""
    return f"{local(moment):%-d %b %Y}"


def hour_and_minute(moment: datetime) -> str:
    """14:05, with BST or GMT in the hour that the clocks show twice"""
    then = local(moment)
    return f"{then:%H:%M}" if len(_instants(then.replace(tzinfo=None, fold=0))) == 1 else f"{then:%H:%M %Z}"


def short(moment: datetime | None, now: datetime) -> str:
    """14:05 today, 20 Nov, 14:05 on another day, with the year where it is another."""
    if moment is None:
        return UNKNOWN
    then, today = local(moment), local(now)
    if then.date() == today.date():
        return hour_and_minute(moment)
    return f"{then:%-d %b, }{hour_and_minute(moment)}" if then.year == today.year else exact(moment)


def ago(moment: datetime | None, now: datetime) -> str:
    """just now, 4 min ago, 3 h ago, 2 days ago"""
    if moment is None:
        return UNKNOWN
    passed = span(now - moment)
    return "just now" if passed == "under a minute" else f"{passed} ago"


def span(length: timedelta) -> str:
    """under a minute, 4 min, 3 h 20 min, 2 days"""
    minutes = int(length.total_seconds()) // 60
    if minutes < 1:
        return "under a minute"
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 6 and rest:
        return f"{hours} h {rest} min"
    return f"{hours} h" if hours < 48 else f"{hours // 24} days"


def typed(text: str, now: datetime, *, toward: Toward = "past") -> datetime:
    """The moment somebody typed, in UTC. Raises NotATime.

    A time alone is the last such time, or with `toward` "future" the next. In the hour that the clocks show twice,
    "BST" or "GMT" behind it says which; without it is the latest that has passed, or the first to come.
    """
    words = " ".join(text.replace(",", " ").split())
    named_zone = _ZONE.search(words)
    zone = named_zone.group(1).upper() if named_zone else None
    words = words[: named_zone.start()] if named_zone else words
    naive, alone = _naive(words, local(now).date())
    instants = _named(_instants(naive), zone)
    if not alone:
        return _chosen(instants, now, toward)
    day = timedelta(days=1)
    around = [at for near in (naive - day, naive, naive + day) for at in _instants(near)]
    found = _chosen(_named(around, zone), now, toward)
    slip = toward == "past" and now - found > FURTHEST_BACK and local(found).date() != local(now).date()
    return _chosen(instants, now, toward) if slip else found


def _naive(words: str, today: date) -> tuple[datetime, bool]:
    """What a clock showed, and whether the time stood alone and the day is today's for want of another."""
    alone = _TIME.fullmatch(words)
    try:
        if alone:
            return datetime.combine(today, time(int(alone.group(1)), int(alone.group(2)))), True
    except ValueError:
        raise NotATime(_HOW) from None
    for form in _WITH_DATE:
        try:
            return datetime.strptime(words, form), False  # noqa: DTZ007 - the zone is put on later
        except ValueError:
            continue
    raise NotATime(_HOW)


def _instants(naive: datetime) -> list[datetime]:
    """The moments at which a London clock shows this, in UTC: two in the autumn hour, none in the spring one."""
    moments = {naive.replace(tzinfo=LONDON, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(at for at in moments if at.astimezone(LONDON).replace(tzinfo=None, fold=0) == naive)


def _named(instants: list[datetime], zone: str | None) -> list[datetime]:
    """Those at which the clocks had the name that was typed. Raises NotATime where none is left."""
    if not instants:
        raise NotATime("This time did not exist: the clocks went forward. Check the time.")
    kept = [at for at in instants if zone in {None, local(at).tzname()}]
    if not kept:
        raise NotATime(f"The clocks did not show {zone} then. Leave it out, or check the date.")
    return kept


def _chosen(instants: list[datetime], now: datetime, toward: Toward) -> datetime:
    """The nearest in that direction; where none lies there, the nearest there is."""
    if toward == "past":
        return max((at for at in instants if at <= now + LEEWAY), default=min(instants))
    return min((at for at in instants if at > now), default=max(instants))
