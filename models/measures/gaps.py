"""Gaps of the sources, as screens show them. A quiet period with a gap in it may be missing data."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.domain.sources import SourceGap
from models.measures.spread import dormant_since


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of a timeline, cut to what is shown, in part or all of which posts of `sources` are missing."""

    sources: tuple[str, ...]
    since: datetime
    until: datetime


def end_of(gap: SourceGap, now: datetime) -> datetime:
    """When a gap ended; one that goes on ends now."""
    return max(gap.since, now if gap.until is None else gap.until)


def overlapping(gaps: Iterable[SourceGap], start: datetime, end: datetime, now: datetime) -> list[SourceGap]:
    """The gaps that lie in the time from `start` to `end`, at least in part."""
    return [gap for gap in gaps if gap.since < end and end_of(gap, now) > start]


def bands(gaps: Iterable[SourceGap], start: datetime, end: datetime, now: datetime) -> list[Band]:
    """The gaps in the time from `start` to `end`; gaps that overlap are one band.

    >>> noon, hour = datetime(2026, 11, 20, 12), timedelta(hours=1)
    >>> feeds, bluesky = SourceGap("feeds", noon, noon + hour, "503"), SourceGap("bluesky", noon, None, "no network")
    >>> [(band.sources, band.until.hour) for band in bands([feeds, bluesky], noon, noon + 4 * hour, noon + 2 * hour)]
    [(('bluesky', 'feeds'), 14)]
    """
    found: list[Band] = []
    for gap in sorted(overlapping(gaps, start, end, now), key=lambda gap: (gap.since, gap.source)):
        since, until = max(gap.since, start), min(end_of(gap, now), end)
        last = found[-1] if found else None
        if last is not None and since <= last.until:
            sources = tuple(dict.fromkeys((*last.sources, gap.source)))
            found[-1] = Band(sources, last.since, max(last.until, until))
        else:
            found.append(Band((gap.source,), since, until))
    return found


def missing_steps(gaps: Sequence[SourceGap], now: datetime, step: timedelta, steps: int) -> tuple[bool, ...]:
    """Whether posts of some source are missing in each of the latest `steps` up to now, oldest first.

    >>> noon, hour = datetime(2026, 11, 20, 12), timedelta(hours=1)
    >>> missing_steps([SourceGap("feeds", noon - 3 * hour, noon - 2 * hour, "503")], noon, step=hour, steps=4)
    (False, True, False, False)
    """
    first = now - steps * step
    return tuple(
        bool(overlapping(gaps, first + place * step, first + (place + 1) * step, now)) for place in range(steps)
    )


def dormant(
    last_post_at: datetime | None, gaps: Sequence[SourceGap], now: datetime
) -> tuple[datetime | None, SourceGap | None]:
    """When a rumour fell dormant, or the gap because of which that is not known.

    The silence counts from the end of the latest gap, since posts may be missing before it.

    >>> noon, hour = datetime(2026, 11, 20, 12), timedelta(hours=1)
    >>> since, gap = dormant(noon, [], now=noon + 4 * hour)
    >>> since.hour, gap
    (15, None)
    >>> since, gap = dormant(noon, [SourceGap("feeds", noon + hour, None, "503")], now=noon + 4 * hour)
    >>> since, gap.source
    (None, 'feeds')
    """
    if dormant_since(last_post_at, now) is None:
        return None, None
    in_silence = overlapping(gaps, last_post_at, now, now)
    if not in_silence:
        return dormant_since(last_post_at, now), None
    latest = max(in_silence, key=lambda gap: end_of(gap, now))
    since = dormant_since(end_of(latest, now), now)
    return (since, None) if since is not None else (None, latest)
