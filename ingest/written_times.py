"""Times with words in them, as people and careless programs write them → moments, aware where they state a zone."""

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil import parser as dateutil

from ingest.times import as_written

# Hours east of Greenwich. Of a name that several zones bear, the European or else the American one; IST is in none,
# since it stands for the time of Ireland, of India and of Israel alike.
_HOURS_EAST = {
    **dict.fromkeys(("UT", "UTC", "GMT", "Z", "WET"), 0.0),
    **dict.fromkeys(("BST", "WEST", "CET", "MET", "MEZ"), 1.0),
    **dict.fromkeys(("CEST", "MEST", "MESZ", "EET", "SAST"), 2.0),
    **dict.fromkeys(("EEST", "MSK", "TRT"), 3.0),
    **dict.fromkeys(("EDT", "AST"), -4.0),
    **dict.fromkeys(("EST", "CDT"), -5.0),
    **dict.fromkeys(("CST", "MDT"), -6.0),
    **dict.fromkeys(("MST", "PDT"), -7.0),
    **dict.fromkeys(("PST", "AKDT"), -8.0),
    **{"ADT": -3.0, "NDT": -2.5, "NST": -3.5, "AKST": -9.0, "HST": -10.0, "PKT": 5.0, "HKT": 8.0, "AWST": 8.0},
    **{"JST": 9.0, "KST": 9.0, "ACST": 9.5, "AEST": 10.0, "ACDT": 10.5, "AEDT": 11.0, "NZST": 12.0, "NZDT": 13.0},
}
# A text is a time only if it says year, month and day itself: two readings with other defaults then agree.
_TWO_DATES = tuple(as_written(day) for day in ("2000-01-01", "2001-12-28"))
_LONGEST_CHARACTERS = 100
_FROM_GREENWICH = re.compile(r"(?:GMT|UTC)\s?([+-])([0-9]{1,2})(?::?([0-9]{2}))?(?=$|\s|\))")
# "13:05 +0200 CEST", "13:05 +0200 (CEST)" and a browser's "13:05 GMT+0200 (Central European Summer Time)".
_ZONE_TWICE = re.compile(r"([+-][0-9]{2}:?[0-9]{2})\s*(?:[A-Za-z]{2,5}|\([^()]*\))$")
# "09:00 Europe/London", "09:00+01:00[Europe/London]".
_ZONE_OF_PLACE = re.compile(r"\s*\[?\b([A-Z][A-Za-z]+/[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_]+)?)\]?$")
_IN_BRACKETS = re.compile(r"\(([^()]*)\)$")


# The months as Welsh, French, German, Spanish, Italian, Portuguese, Dutch and Polish have them.
_MONTHS = {
    name: place
    for place, names in enumerate(
        (
            "jan january ionawr janvier janv januar januari enero ene gennaio gen janeiro stycznia",
            "feb february chwefror février févr fevrier februar februari febrero febbraio fevereiro fev lutego",
            "mar march mawrth mars märz mär marz maerz maart mrt marzo março marca",
            "apr april ebrill avril avr abril abr aprile kwietnia",
            "may mai mei mayo maggio mag maio maja",
            "jun june mehefin juin juni junio giugno giu junho czerwca",
            "jul july gorffennaf juillet juil juli julio luglio lug julho lipca",
            "aug august awst août aout augustus agosto ago sierpnia",
            "sep sept september medi septembre septiembre settembre set setembro września",
            "oct october hydref octobre oktober okt octubre ottobre ott outubro października",
            "nov november tachwedd novembre noviembre novembro listopada",
            "dec december rhagfyr décembre déc decembre dezember dez diciembre dic dicembre dezembro grudnia",
        )
    )
    for name in names.split()
}
_ENGLISH = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_DAY_MONTH_YEAR = re.compile(
    r"(?:^|[^\W\d_]+[.,]*\s+)([0-9]{1,2})(?:\.|er|st|nd|rd|th)?\s+(?:de\s+)?([^\W\d_]{3,12})\.?,?\s+(?:del?\s+)?([0-9]{4})\b"
)
# "9.05pm", "9:05 p.m.": whole hours need no point.
_HALF_OF_DAY = re.compile(r"\b([0-9]{1,2})(?:[.:]([0-9]{2}))?\s*([ap])\.?\s?m\b\.?", re.IGNORECASE)
_BEFORE_A_CLOCK = re.compile(r"\s+(?:at|à|a las|um|alle|às|om|o|am|·|-|–|\|)\s+(?=[0-9])", re.IGNORECASE)


@lru_cache(4_096)
def written_moment(text: str, *, day_first: bool = True) -> datetime | None:
    """The moment that a text writes, naive where it states no zone; None for no whole date or a zone not known.

    >>> written_moment("Sat, 18 Jul 2026 15:30:00 BST").isoformat()
    '2026-07-18T15:30:00+01:00'
    >>> written_moment("Sat Jul 18 2026 15:30:00 GMT+0100 (British Summer Time)").isoformat()
    '2026-07-18T15:30:00+01:00'
    """
    if len(text) > _LONGEST_CHARACTERS:
        return None
    if found := _ZONE_OF_PLACE.search(text.strip()):
        return _at_place(text.strip()[: found.start()], found[1], day_first)
    # dateutil takes "GMT+1" for an hour behind, as POSIX does; browsers and people mean an hour ahead.
    text = _FROM_GREENWICH.sub(lambda found: f"{found[1]}{found[2]:0>2}{found[3] or '00'}", text.strip())
    text = _IN_BRACKETS.sub(r"\1", _ZONE_TWICE.sub(r"\1", text))
    moment = _read(text, day_first)
    return moment if moment is not None or text == (plainer := _plainer(text)) else _read(plainer, day_first)


def _plainer(text: str) -> str:
    """A text as dateutil reads it: "ven. 20 nov. 2026 à 9h05" → "20 Nov 2026 9h05", "9.05pm · …" → "9:05pm …"."""
    text = _HALF_OF_DAY.sub(lambda found: f"{found[1]}:{found[2] or '00'}{found[3]}m", text)
    found = _DAY_MONTH_YEAR.search(text)
    month = _MONTHS.get(found[2].casefold()) if found else None
    if found and month is not None:
        text = f"{text[: found.start()]} {found[1]} {_ENGLISH[month]} {found[3]} {text[found.end() :]}"
    return _BEFORE_A_CLOCK.sub(" ", f"{text} ").replace("·", " ").strip()


def _read(text: str, day_first: bool) -> datetime | None:
    # What begins with the year goes on with the month.
    day_first = day_first and not re.match(r"[0-9]{4}", text)
    try:
        read = [dateutil.parse(text, default=default, dayfirst=day_first, tzinfos=_zone) for default in _TWO_DATES]
    except (ValueError, OverflowError, TypeError, AttributeError):
        return None
    return read[0] if read[0] == read[1] else None


def _at_place(text: str, place: str, day_first: bool) -> datetime | None:
    """A moment with the zone of a place after it, which an offset before it overrules."""
    written = as_written(text) or written_moment(text, day_first=day_first)
    if written is None or written.tzinfo is not None:
        return written
    try:
        return written.replace(tzinfo=ZoneInfo(place))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _zone(name: str | None, offset_seconds: int | None) -> timezone | None:
    """A zone by its name or offset. Raises ValueError for a name that is not in the table."""
    if offset_seconds is not None:
        return timezone(timedelta(seconds=offset_seconds)) if offset_seconds else UTC
    if name is None:
        return None
    if name.upper() not in _HOURS_EAST:
        raise ValueError("unknown zone")
    return timezone(timedelta(hours=_HOURS_EAST[name.upper()]))
