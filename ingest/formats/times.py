"""The ways in which files write a moment → ISO 8601, as the interchange form has it."""

import math
import re
from datetime import UTC, datetime
from typing import Any

_MONTHS = {name: number for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}
# "Sun Oct 12 17:25:19 +0000 2014": X's first interface and its account archive.
_X_TIME = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([0-9]{2}) ([0-9:]{8}) ([+-][0-9]{4}) ([0-9]{4})")
_SECONDS = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,9})?")
_MILLISECONDS = re.compile(r"[0-9]{13}")


def iso_time(value: Any) -> Any:
    """`value` as ISO 8601 in UTC; what is not understood comes back as it is, for a dead letter to show.

    Understood besides ISO: X's old form, and seconds or milliseconds since 1970, as a number or as text.
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
        return iso_of_seconds(float(value))
    if _MILLISECONDS.fullmatch(value):
        return iso_of_seconds(int(value) / 1_000)
    return value


def iso_of_seconds(seconds: float) -> str:
    """Seconds since 1970, of at most ten digits, as ISO 8601."""
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def moment(value: Any) -> datetime | None:
    """The aware time in UTC that `value` writes in any of these ways, or None."""
    written = iso_time(value)
    try:
        read = datetime.fromisoformat(written) if isinstance(written, str) else None
        return None if read is None else (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
