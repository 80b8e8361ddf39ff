"""Every sentence of the sources page."""

from datetime import datetime, timedelta

from dashboard.access import SystemAct
from dashboard.views.sources import SourceRow
from dashboard.words.gaps import span_of
from dashboard.words.local_time import short, span
from dashboard.words.shared import DASH, counted, officer
from models.domain import HealthEvent, HealthKind, Permission, SourceState

NO_SOURCE = (
    "No source is configured, so no post can come in: name one in config.toml under [sources] and start "
    "Grapevine again."
)
ACTS = {
    SystemAct.START_SOURCE: "Start",
    SystemAct.STOP_SOURCE: "Stop",
    SystemAct.TEST_SOURCE: "Test",
    SystemAct.REPLAY_LETTER: "Replay",
    SystemAct.DISCARD_LETTER: "Discard",
}
DONE = {
    SystemAct.START_SOURCE: "Started.",
    SystemAct.STOP_SOURCE: "Stopped: it finishes what is under way.",
    SystemAct.DISCARD_LETTER: "The dead letter is erased.",
    SystemAct.PERMIT_SOURCE: "The permission is recorded: the source may be started.",
}
PERMITTED_BEFORE = "An earlier try had been recorded already, with this reference:"
NO_LETTER = "This dead letter is not here any more."
EVENTS = {
    HealthKind.STARTED: "started",
    HealthKind.STOPPED: "stopped",
    HealthKind.ERROR: "error",
    HealthKind.RECONNECTED: "reconnected",
    HealthKind.DISCARDED: "dead letter discarded",
    HealthKind.GAP_OPENED: "gap opened",
    HealthKind.GAP_CLOSED: "gap closed",
    HealthKind.GAP_FILLED: "gap filled",
}
COLUMNS = ("Source", "Last post", "Lag", "Posts a minute", "Errors", "Reconnects", "Dead letters", "Gaps", "Actions")
COUNTED_SINCE = "Counts are since Grapevine was started; gaps are kept for good."


def lag(row: SourceRow) -> str:
    """under 1 s, 3 s, 4 min: how late the newest post arrived"""
    if row.lag is None:
        return DASH
    if row.lag < timedelta(seconds=1):
        return "under 1 s"
    return f"{int(row.lag.total_seconds())} s" if row.lag < timedelta(minutes=1) else span(row.lag)


def brought(state: SourceState) -> str:
    return f"{counted(state.read, 'item')} read, {state.kept:,} kept"


def gaps(row: SourceRow, now: datetime) -> str:
    """none; 2 gaps, the latest from 21:04 to 21:30"""
    if not row.gaps:
        return "none"
    latest = f"the latest {span_of(row.gaps[0], now)}"
    return latest.removeprefix("the latest ") if len(row.gaps) == 1 else f"{len(row.gaps)} gaps, {latest}"


def per_minute(row: SourceRow) -> str:
    """The small bars of the last hour for a screen reader."""
    counts = row.state.per_minute
    if not counts:
        return "not known"
    told = f"{counts[-1]:,} in this minute, {sum(counts):,} in the last {len(counts)} minutes"
    gone = sum(row.missing)
    return f"{told}; posts are missing in {counted(gone, 'minute')}" if gone else told


def event(one: HealthEvent, now: datetime) -> str:
    """21:04 error: the server did not answer"""
    return f"{short(one.happened_at, now)} {EVENTS[one.kind]}: {one.detail}"


def permission(one: Permission, now: datetime) -> str:
    return f"Permission recorded: {one.reference}, by {officer(one.recorded_by)}, {short(one.recorded_at, now)}."
