"""Times as people in a British control room read and type them: Europe/London, 24 hours."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
UNKNOWN = "time unknown"
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})")
_WITH_DATE = ("%d %b %Y %H:%M", "%d %B %Y %H:%M", "%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M")


class NotATime(ValueError):
    """What was typed cannot be read as a time; the message says how to write one."""


def local(moment: datetime) -> datetime:
    return moment.astimezone(LONDON)


def exact(moment: datetime | None) -> str:
    """21 Nov 2026, 14:05"""
    return f"{local(moment):%-d %b %Y, %H:%M}" if moment else UNKNOWN


def short(moment: datetime | None, now: datetime) -> str:
    """14:05 today, 20 Nov, 14:05 on another day, with the year where it is another."""
    if moment is None:
        return UNKNOWN
    then, today = local(moment), local(now)
    if then.date() == today.date():
        return f"{then:%H:%M}"
    return f"{then:%-d %b, %H:%M}" if then.year == today.year else exact(moment)


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


def typed(text: str, now: datetime) -> datetime:
    """The moment somebody typed, in UTC; a time alone means today. Raises NotATime."""
    text = " ".join(text.replace(",", " ").split())
    alone = _TIME.fullmatch(text)
    if alone:
        text = f"{local(now):%Y-%m-%d} {alone.group(1)}:{alone.group(2)}"
    for form in _WITH_DATE:
        try:
            naive = datetime.strptime(text, form)  # noqa: DTZ007 - the zone is put on below
        except ValueError:
            continue
        return _in_london(naive)
    raise NotATime("Write the time like 21 Nov 2026, 14:05, or 14:05 for today.")


def _in_london(naive: datetime) -> datetime:
    moment = naive.replace(tzinfo=LONDON).astimezone(UTC)
    if moment.astimezone(LONDON).replace(tzinfo=None) != naive:
        raise NotATime("The clocks went forward then: that time did not exist. Check the time.")
    return moment
