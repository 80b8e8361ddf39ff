"""Words about gaps: which source's posts are missing, and from when to when."""

from collections.abc import Sequence
from datetime import datetime

from dashboard.words.local_time import short
from models.domain.sources import SourceGap
from models.measures.gaps import end_of
from models.text import shortened

MOST_GAPS_NAMED = 4
LONGEST_LABEL = 34


def no_posts_from(sources: Sequence[str]) -> str:
    """no posts from bluesky; no posts from bluesky, feeds and 2 more"""
    named = ", ".join(sources[:2])
    more = f" and {len(sources) - 2} more" if len(sources) > 2 else ""
    return shortened(f"no posts from {named}{more}", LONGEST_LABEL)


def span_of(gap: SourceGap, now: datetime) -> str:
    """from 21:04 to 21:30; since 21:04"""
    if gap.until is None:
        return f"since {short(gap.since, now)}"
    return f"from {short(gap.since, now)} to {short(end_of(gap, now), now)}"


def missing(gaps: Sequence[SourceGap], now: datetime) -> str:
    """Posts are missing: from bluesky since 21:04; from feeds from 20:10 to 20:15. Empty where none are."""
    if not gaps:
        return ""
    latest = sorted(gaps, key=lambda gap: gap.since, reverse=True)
    parts = [f"from {gap.source} {span_of(gap, now)}" for gap in latest[:MOST_GAPS_NAMED]]
    if len(latest) > MOST_GAPS_NAMED:
        parts.append(f"and in {len(latest) - MOST_GAPS_NAMED} more gaps")
    return f"Posts are missing: {'; '.join(parts)}. A quiet period may be missing data."


def unknown(gap: SourceGap, now: datetime) -> str:
    """unknown: posts missing since 21:04; unknown: posts missing from 21:04 to 21:30"""
    return f"unknown: posts missing {span_of(gap, now)}"
