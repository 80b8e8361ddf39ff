"""Words of the sources page at a moment of the past."""

from datetime import datetime

from dashboard.views.sources import SourceThen
from dashboard.words.local_time import short
from dashboard.words.shared import counted

HEADING = "Sources: was anything missing?"
NOT_KEPT = (
    "Posts, gaps, permissions and the event log are shown as known then. Whether a source was connected, how late "
    "its posts were and how many errors it had are not kept for the past. Nor are dead letters: some are gone by now."
)
NO_SOURCE = "No source had brought a post then, and nothing had happened to any."


def brought(one: SourceThen, now: datetime) -> str:
    """1,204 posts by then, 61 of them in the hour before; the newest of 21:39"""
    if not one.posts:
        return "no posts by then"
    newest = f"; the newest of {short(one.last_post_at, now)}" if one.last_post_at else ""
    return f"{counted(one.posts, 'post')} by then, {one.recent:,} of them in the hour before{newest}"
