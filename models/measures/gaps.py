"""Gaps of the sources as the screens need them: silence in one is not calm, and nothing is called quiet across it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.domain import SourceGap
from models.measures.spread import dormant_since


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of a timeline in which posts of `sources` are missing, all of it or part; cut to what is shown."""

    sources: tuple[str, ...]
    since: datetime
    until: datetime


def end_of(gap: SourceGap, now: datetime) -> datetime:
    """When a gap ended; one that goes on reaches up to now and no further."""
    return max(gap.since, now if gap.until is None else gap.until)


def overlapping(gaps: Iterable[SourceGap], start: datetime, end: datetime, now: datetime) -> list[SourceGap]:
    """The gaps that lie in the time from `start` to `end`, at least in part."""
    return [gap for gap in gaps if gap.since < end and end_of(gap, now) > start]


def bands(gaps: Iterable[SourceGap], start: datetime, end: datetime, now: datetime) -> list[Band]:
    """The gaps in a shown time, those that overlap told as one."""
    found: list[Band] = []
    for gap in sorted(overlapping(gaps, start, end, now), key=lambda one: (one.since, one.source)):
        since, until = max(gap.since, start), min(end_of(gap, now), end)
        last = found[-1] if found else None
        if last is not None and since <= last.until:
            sources = tuple(dict.fromkeys((*last.sources, gap.source)))
            found[-1] = Band(sources, last.since, max(last.until, until))
        else:
            found.append(Band((gap.source,), since, until))
    return found


def missing_steps(gaps: Sequence[SourceGap], now: datetime, step: timedelta, steps: int) -> tuple[bool, ...]:
    """For each of the latest `steps` up to now, oldest first: whether posts of some source are missing in it."""
    first = now - steps * step
    return tuple(
        bool(overlapping(gaps, first + place * step, first + (place + 1) * step, now)) for place in range(steps)
    )


def dormant(
    last_post_at: datetime | None, gaps: Sequence[SourceGap], now: datetime
) -> tuple[datetime | None, SourceGap | None]:
    """When a rumour fell dormant, or the gap for which that is not known.

    The silence is counted anew from the end of a gap: before it nobody knows.
    """
    if dormant_since(last_post_at, now) is None:
        return None, None
    in_silence = overlapping(gaps, last_post_at, now, now)
    if not in_silence:
        return dormant_since(last_post_at, now), None
    latest = max(in_silence, key=lambda gap: end_of(gap, now))
    since = dormant_since(end_of(latest, now), now)
    return (since, None) if since is not None else (None, latest)
