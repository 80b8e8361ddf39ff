"""Words of the import of a file: choosing it, looking at it, reading it, and what became of it."""

import re
from datetime import datetime
from zoneinfo import available_timezones

from dashboard.words.local_time import exact, short
from dashboard.words.playhead import to_the_second
from dashboard.words.reading import without_options
from dashboard.words.shared import counted, officer
from models.domain.imports import Import, ImportEnd, Look, Progress, SeenRow, Takes
from models.domain.incidents import Incident
from models.text import shortened

CHOOSE = "1. Choose a file"
FILE_HINT = (
    "Tables (.csv, .tsv, .xlsx, .parquet), JSON (.jsonl, .json) and archives of X, also in .zip or .gz. Exports of "
    "4CAT, twarc-csv, Brandwatch, Meltwater, Communalytic, Junkipedia and DMI-TCAT are known by their columns. "
    "Nothing is read into the incident before you have seen how."
)
CLOSED = "This incident is closed. Open it again in its settings before you import a file."
CHECK = "2. Check how it is read"
COLUMNS = "Which column is what"
MORE_FIELDS = "More fields"
ZONE = "Time zone of times that state none"
PREVIEW = "The first rows as they will be read"
NOTICED = "What was found on the way"
NO_ROWS = "No row can be shown."
READ = "3. Read it into the incident"
TAKES = "Which posts to keep"
TAKES_OPTIONS = {
    Takes.ALL: ("All posts of the file", "The file was made for this incident."),
    Takes.WATCHED: ("Only those that the incident watches for", "The others are counted and not stored."),
}
REASON = "Reason for importing it"
REASON_HINT = "Where the file comes from and who asked for it. Kept with your name."
START = "Import"
CANCEL = "Cancel the import"
CANCEL_UPLOAD = "Cancel"
SENDING = "Sending the file"
UNDER_WAY = "Import under way"
LOG = "Files imported into this incident"
NOTHING_IMPORTED = "No file has been imported into this incident yet."
BACK = "Back to the review"
STARTED = "The import has begun."
CANCELLING = "Cancelling: the rows under way are saved first."
NO_SUCH_REQUEST = "This cannot be done. Reload the page."
FAILED = "This did not work. Try again, or tell the administrator."
NOT_LOOKED_AT = "This file cannot be looked at. Save it in another form, or tell the administrator."
NO_FILE = "Choose a file first."
TOLD = "What was told on reading it"
PREVIEW_HEADS = ("Row", "Time in London", "Author", "Post", "Read as")
KNOWN_AUTHOR = "@…"
NO_AUTHOR = "unknown"
NO_TIME = "none"
UNREAD = "cannot be read"
# The fields of a post, the ones that matter most first; the rest is shown on asking.
FIELDS = {
    "text": "Text",
    "created_at": "Time",
    "author": "Author",
    "id": "Id of the post",
    "url": "Link to the post",
    "repost_of": "Repost of (id)",
    "reply_to": "Reply to (id)",
    "quote_of": "Quote of (id)",
}
MORE = {
    "root": "First post of the thread (id)",
    "kind": "Kind of post",
    "lang": "Language",
    "author_followers": "Followers of the author",
    "reposts": "Number of reposts",
    "edited_at": "Time of the edit",
    "latitude": "Latitude",
    "longitude": "Longitude",
    "collection": "Collection",
}
NOT_IN_FILE = "— not in this file"
NONE_FOUND = "— none found"
ENDS = {
    ImportEnd.DONE: "read to its end",
    ImportEnd.CANCELLED: "cancelled",
    ImportEnd.FAILED: "failed",
    ImportEnd.BROKEN_OFF: "broken off, since Grapevine was stopped",
}
AGAIN = "Import the same file again to add what is missing: what is here already counts as seen before."
# What the browser says by itself. "{}" are megabytes or a name.
BROWSER = {
    "sending": "Sending {name}: {sent} of {size} MB",
    "reading": "Looking at {name}…",
    "waiting": "The server does not answer. Sending goes on when it does.",
    "dropped": "Cancelled. Nothing was kept.",
    "broken": "The file did not arrive. Choose it again.",
}
# What the table of the columns shows already.
_SHOWN_ELSEWHERE = re.compile(
    r": (?:columns read|columns not read|read as [-A-Z0-9]+|read as an export of|separated by|lines above the header)"
)
_COLUMNS_LISTED, _COLUMN_SHOWN = 100, 60
_WRONG_TYPE = "wrong type: "
_FIRST_ZONES = ("Europe/London", "UTC")


def heading(incident: Incident) -> str:
    return f"Import a file into {incident.name}"


def zones() -> list[str]:
    """Every time zone, the likeliest first."""
    return [*_FIRST_ZONES, *sorted(available_timezones() - set(_FIRST_ZONES))]


def largest(megabytes: int) -> str:
    return f"At most {megabytes:,} MB."


def as_found(columns: str) -> str:
    """Full Text: found by its name"""
    return f"{columns} (found)" if columns else NONE_FOUND


def size(size_bytes: int) -> str:
    """1.2 MB"""
    return f"{size_bytes / 1e6:,.1f} MB" if size_bytes >= 100_000 else f"{size_bytes / 1e3:,.1f} kB"


def facts(look: Look, now: datetime) -> list[tuple[str, str]]:
    """What the file was found to be: pairs of a name and what is to be said."""
    found = [("File", f"{look.file}, {size(look.size_bytes)}")]
    if look.seen is None:
        return [*found, ("Read as", look.form)] if look.form else found
    if look.seen.known_as:
        known = f"export of {look.seen.known_as}, by its published column names; never checked against a real export"
    else:
        known = "table, by the names of its columns"
    found += [("Read as", known), ("Written as", look.seen.form)]
    if look.seen.lines_above:
        found.append(("Above the header", f"{counted(look.seen.lines_above, 'line')}, not read"))
    if look.remembered is not None:
        found.append(("Mapping", remembered(look.remembered, now)))
    return found


def remembered(one: Import, now: datetime) -> str:
    """as J. Officer (analyst, asserted) confirmed it on 20 Nov, 14:05 for posts.csv"""
    return f"as {officer(one.officer)} confirmed it for {one.file}, {short(one.started_at, now)}; same header"


def not_read(look: Look) -> str:
    """Columns not read: a, b, c and 9 more"""
    if look.seen is None or not look.seen.unread:
        return ""
    more = len(look.seen.unread) - _COLUMNS_LISTED
    named = ", ".join(shortened(name, _COLUMN_SHOWN) for name in look.seen.unread[:_COLUMNS_LISTED])
    return f"Columns not read: {named}" + (f" and {more:,} more" if more > 0 else "")


def only_first(columns: int) -> str:
    return f"Only the first {columns:,} columns can be chosen. Delete those that are not needed, to choose another."


def noticed(look: Look) -> list[str]:
    """What was told on reading the beginning, without what stands elsewhere on the page."""
    return [
        without_options(line).removeprefix(f"{look.file}: ")
        for line in look.told
        if not _SHOWN_ELSEWHERE.search(line)
    ]


def cannot_be_read(problem: str) -> str:
    """cannot be read: Time; cannot be read: more cells than the header"""
    field = problem.removeprefix(_WRONG_TYPE)
    named = FIELDS.get(field) or MORE.get(field) or problem
    return f"{UNREAD}: {named}"


def row_time(row: SeenRow) -> str:
    return exact(row.created_at) if row.created_at else NO_TIME


def read_as(row: SeenRow) -> str:
    """reply to a post; post, date doubted"""
    kind = f"{row.kind}, with the id of the other post" if row.answers else row.kind
    return ", ".join([kind, *row.notes])


def share(one: Progress) -> int:
    """Per cent of the file."""
    return min(100, round(100 * one.bytes_read / max(1, one.of.size_bytes)))


def how_far(one: Progress) -> str:
    """42% of the file, 12,000 rows, 8,300 rows a second"""
    rate = f", {one.items / one.seconds:,.0f} rows a second" if one.seconds >= 1 else ""
    return f"{share(one)}% of the file, {counted(one.items, 'row')}{rate}"


def under_way(one: Progress, incident: str | None) -> str:
    """posts.csv, by J. Officer (analyst, asserted); into another incident"""
    into = f"; into {incident}" if incident else ""
    return f"{one.of.file}, by {officer(one.of.officer)}{into}"


def ended(one: Import) -> str:
    """cancelled by J. Officer (analyst), after 12,000 rows and 42% of the file"""
    return f"{ENDS[one.ended]} {one.detail}".strip() if one.ended else ""


def whose(one: Import, now: datetime) -> str:
    """14:05, by J. Officer (analyst, asserted): asked for by silver"""
    return f"{short(one.started_at, now)}, by {officer(one.officer)}: {one.reason}"


def kept_what(one: Import) -> str:
    """1.2 MB; all posts of the file"""
    return f"{size(one.size_bytes)}; {TAKES_OPTIONS[one.takes][0].lower()}"


def taken_by_a_command(file: str, by: str, confirmed_for: str, at: datetime) -> str:
    """posts.csv: columns as A. Nalyst (analyst, asserted) confirmed them for day1.csv, 20 Nov 2026, 14:05"""
    confirmed = f"{by} confirmed them for {confirmed_for}, {exact(at)}"
    return f"{file}: columns and zone as {confirmed} (the same header; --columns says otherwise)"


def not_asked(why: str) -> str:
    return f"What was confirmed on the screen for such a table could not be asked: {why}"


def label(one: Import) -> str:
    """posts.csv, 20 Nov 2026, 14:05 and 9 s"""
    return f"{one.file}, {to_the_second(one.started_at)}" if one.started_at else one.file


def heard(one: Import, account: str) -> str:
    """What a screen reader hears at the end: posts.csv, read to its end. 1,204 read: 37 kept"""
    return f"{one.file}: {ended(one)}. {account}."
