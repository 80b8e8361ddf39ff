"""Words of the sources page: its table, and one source in full."""

from datetime import datetime, timedelta

from dashboard.access import SystemAct
from dashboard.views.sources import SourceRow
from dashboard.words.gaps import span_of
from dashboard.words.local_time import short, span
from dashboard.words.shared import DASH, counted, officer
from models.domain.sources import HealthEvent, HealthKind, Permission, SourceGap, SourcePhase, SourceState

HEADING = "Sources: is anything missing?"
TABLE_LABEL = "Sources"
NO_SOURCE = (
    "No source is configured, so no posts can come in. Add one to config.toml under [sources] and restart Grapevine."
)
PHASES = {
    SourcePhase.WAITING: "waiting",
    SourcePhase.CONNECTING: "connecting",
    SourcePhase.CATCHING_UP: "catching up",
    SourcePhase.LIVE: "live",
    SourcePhase.READING: "reading",
    SourcePhase.LISTENING: "listening",
    SourcePhase.FAILING: "failing",
    SourcePhase.STOPPED: "stopped",
    SourcePhase.FINISHED: "finished",
    SourcePhase.NOT_PERMITTED: "needs permission",
}
ACTS = {
    SystemAct.START_SOURCE: "Start",
    SystemAct.STOP_SOURCE: "Stop",
    SystemAct.TEST_SOURCE: "Test",
    SystemAct.REPLAY_LETTER: "Replay",
    SystemAct.DISCARD_LETTER: "Discard",
}
MORE = "More"
MORE_TO_PERMIT = "Permission…"
DONE = {
    SystemAct.START_SOURCE: "Started.",
    SystemAct.STOP_SOURCE: "Stopped.",
    SystemAct.DISCARD_LETTER: "Dead letter discarded.",
    SystemAct.PERMIT_SOURCE: "Permission recorded. The source can be started now.",
}
PERMITTED_BEFORE = "This permission was recorded earlier, with this reference:"
NO_LETTER = "This dead letter no longer exists."
NO_SUCH_ACT = "This action does not exist. Reload the page."
ACT_FAILED = "This did not work. Try again, or tell the administrator."
NO_PERMISSION_NEEDED = "This source needs no permission. Reload the page."
REFERENCE = "Reference to the agreement that allows this use"
REFERENCE_HINT = "For example, the date and number of a letter. Kept with your name."
PERMIT = "Record the permission"
GAPS = "Gaps: times when posts are missing"
NO_GAPS = "No gaps are known."
EVENT_LOG = "Event log"
NO_EVENTS = "No events have been logged."
NO_LETTERS = "None."
SHOW_LETTER = "Show the item"
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
COUNTED_SINCE = "Counts start when Grapevine starts. Gaps are kept permanently."


def more_on(name: str) -> str:
    return f"More on {name}"


def act_label(act: SystemAct, source: str, letter: str | None) -> str:
    """Start feeds; Discard this dead letter: the name of a button for a screen reader."""
    return f"{ACTS[act]} {source if letter is None else 'this dead letter'}"


def result(name: str, text: str) -> str:
    """What a screen reader hears after an act."""
    return f"{name}: {text}"


def letters(name: str) -> str:
    return f"Dead letters: items from {name} that could not be read"


def latest_letters(number: int) -> str:
    return f"Only the latest {number} are shown."


def position(where: str) -> str:
    return f"at {where}"


def gap(one: SourceGap, now: datetime) -> str:
    """from 21:04 to 21:30: the server did not answer"""
    return f"{span_of(one, now)}: {one.why}"


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
        return "unknown"
    posts = f"{counts[-1]:,} in this minute, {sum(counts):,} in the last {len(counts)} minutes"
    gone = sum(row.missing)
    return f"{posts}; posts are missing in {counted(gone, 'minute')}" if gone else posts


def event(one: HealthEvent, now: datetime) -> str:
    """21:04 error: the server did not answer"""
    return f"{short(one.happened_at, now)} {EVENTS[one.kind]}: {one.detail}"


def permission(one: Permission, now: datetime) -> str:
    return f"Permission recorded: {one.reference}, by {officer(one.recorded_by)}, {short(one.recorded_at, now)}."
