"""Words of the sources page at a moment of the past."""

from datetime import UTC, datetime

from dashboard.views.sources import SourceThen
from dashboard.words.local_time import short
from dashboard.words.shared import counted

HEADING = "Sources: was anything missing?"
NOT_KEPT = (
    "Posts, gaps, permissions and the event log are shown as known then; what became of all that was read, as at the "
    "last whole hour. Whether a source was connected, how late its posts were and how many errors it had are not "
    "kept for the past. Nor are dead letters: some are gone by now."
)
NO_SOURCE = "No source had brought a post then, and nothing had happened to any."


def brought(one: SourceThen, now: datetime) -> str:
    """1,204 posts by then, 61 of them in the hour before; the newest of 21:39"""
    if not one.posts:
        return "no posts by then"
    newest = f"; the newest of {short(one.last_post_at, now)}" if one.last_post_at else ""
    return f"{counted(one.posts, 'post')} by then, {one.recent:,} of them in the hour before{newest}"


def counted_until(as_of: datetime) -> str:
    return f"This account is kept by the hour, so it stands as at {_whole_hour(as_of)}."


def nothing_read(as_of: datetime) -> str:
    return f"What was read is counted by the hour: nothing had been read by {_whole_hour(as_of)}."


def _whole_hour(moment: datetime) -> str:
    """The hour that had begun at a moment: London's clock is whole hours from UTC."""
    return short(moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0), moment)
