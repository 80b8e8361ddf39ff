"""Sentences on the gaps of sources: of which time whose posts are missing."""

from collections.abc import Sequence
from datetime import datetime

from dashboard.words.local_time import short
from models.domain import SourceGap
from models.measures.gaps import end_of

MOST_GAPS_TOLD = 4
LONGEST_LABEL = 34


def no_posts_from(sources: Sequence[str]) -> str:
    """no posts from bluesky; no posts from bluesky, feeds and 2 more"""
    named = ", ".join(sources[:2])
    more = f" and {len(sources) - 2} more" if len(sources) > 2 else ""
    label = f"no posts from {named}{more}"
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"


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
    told = [f"from {gap.source} {span_of(gap, now)}" for gap in latest[:MOST_GAPS_TOLD]]
    if len(latest) > MOST_GAPS_TOLD:
        told.append(f"and in {len(latest) - MOST_GAPS_TOLD} more gaps")
    return f"Posts are missing: {'; '.join(told)}. Silence there is not calm."


def not_known(gap: SourceGap, now: datetime) -> str:
    """not known: gap since 21:04; not known: gap from 21:04 to 21:30"""
    return f"not known: gap {span_of(gap, now)}"
