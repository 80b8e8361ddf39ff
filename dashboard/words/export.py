"""Words of exports: what is asked, what a file says of itself, and who took what."""

from datetime import datetime

from dashboard.words.local_time import exact
from dashboard.words.shared import EXERCISE, claim
from models.clock import iso_utc

HEADING = "About this export from Grapevine"
INCIDENT = "Incident"
IS_EXERCISE = "An exercise"
FILTER = "What it holds"
AS_OF = "As known at"
MADE_AT = "Taken at"
MADE_BY = "Taken by"
REASON = "Reason given"
MASKED = "Masked"
POSTS_READ = "Posts that had reached the incident"
POSTS_JUDGED = "Posts judged by then"
DECISIONS_LOGGED = "Decisions logged by then"
CHAIN_HEAD = "Last link of the decisions' hash chain"
NO_DECISIONS = "no decision yet"
YES = "yes"
NO = "no"
MASKED_MEANS = (
    "yes: handles and what stands behind a link's host are left out of texts; posts, flows and authors are named by "
    "keyed hashes that hold within this export only; addresses are left out; places are rounded to a tenth of a "
    "degree. Corrections stand word for word, as they were given out"
)
UNMASKED_MEANS = "no: texts, links and ids stand as they came; authors are keyed hashes"
WHOLE_INCIDENT = "the whole incident"
LABELS = "labels of the coding desk"
STANCES_NOTE = (
    "A stance is what a post does toward its rumour's claim. “model” in stance_coded_by means that a model judged "
    "it; a name means that a person did. Grapevine never says whether a rumour is true."
)
UNKNOWN_NOTE = "An empty cell or an absent field means that something is not known. It never means zero."
REMOVED_NOTE = "A post that was removed at its source, or erased, keeps its row; its words are gone."
TIMES_NOTE = "All times are UTC, in ISO 8601."
CSV_NOTE = (
    "CSV as in RFC 4180, UTF-8 with a byte order mark. A text that begins with = + - @ or a tab, a line break or one "
    "of their wide forms has an apostrophe (') put before it, so that no spreadsheet runs it as a formula. Numbers "
    "are left as they are. Use the interchange form to read posts back into Grapevine."
)
PARQUET_NOTE = "Each Parquet file holds this note as JSON in its schema metadata, under the key grapevine."
INTERCHANGE_NOTE = (
    "posts.jsonl holds one JSON object a line in Grapevine's interchange form. `grapevine judge` and `grapevine "
    "replay` read this zip file as it is."
)
# The form.
OPEN_EXPORT = "Export…"
TITLE = "Export"
INTRO = "What you take is recorded with your name, your role and the reason."
FORMAT = "What to take"
_TABLES = "posts, rumours, their clocks, the story, corrections, decisions"
FORMATS = {
    "csv": ("Tables for a spreadsheet", "CSV files in a zip: posts, rumours, clocks, story, corrections, decisions"),
    "parquet": (
        "Tables for analysis",
        "Parquet files in a zip: posts, rumours, clocks, story, corrections, decisions",
    ),
    "interchange": ("Posts to read back into Grapevine", "JSON lines in a zip"),
    "png": ("Spread charts as PNG", "For a briefing or a web page"),
    "svg": ("Spread charts as SVG", "To print or enlarge"),
}
HANDLES = "Names and links"
UNMASKED = "Keep handles, whole links and post ids"
UNMASKED_HINT = "Only for administrators. Leave this empty unless your purpose needs it."
WHY = "Reason for taking it"
WHY_HINT = "Examples: debrief of 24 November; request by the inquiry, ref. 12/4"
TAKE = "Export"
NOT_TAKEN = "Nothing has been exported yet"
CHOOSE_FORMAT = "Choose what to take."
NO_SUCH_FORMAT = "Choose csv, parquet, interchange, png or svg."
EXPIRED = "This download was used or has expired. Go back to the page and export it again."
NO_SUCH_RUMOUR = "This rumour is not on the board as known at that moment. Go to the board and choose it again."
NO_SUCH_MOMENT = "This moment cannot be read. Reload the page and try again."
TAKEN_BEFORE = "Something else was already exported by this form. To export this as well, press the button again."
NO_TIME = "Write the moment as in 2026-11-20T21:40:00Z."
RECORDED = "Recorded. The file is on its way."
PREPARING = "Making the file…"
DOWNLOADED = "Handed to the browser: {name}"
NOT_DOWNLOADED = "The file did not arrive whole. Export it again."
WHAT_CAN_BE_TAKEN = (
    "Posts with their flow, rumour and stance; rumours with their clocks; the story; corrections and decisions; the "
    "spread charts. "
    "Analysts and administrators may take posts; everybody may take charts. Handles are masked."
)
# Who took what.
TAKEN = "Who exported what"
NOBODY = "Nothing has been exported yet."
TAKEN_HEADS = ("When", "Who", "What", "Of", "As known at", "Why")


def moment(at: datetime) -> str:
    """21 Nov 2026, 14:05 UK time (2026-11-21T14:05:00Z)"""
    return f"{exact(at)} UK time ({iso_utc(at)})"


def filter_of(rumour: str | None, title: str | None, *, masked: bool = False) -> str:
    """the whole incident; one rumour: Claim: The dam has burst (b3f…)

    Where it is masked the id, a digest of a post's, stays out.
    """
    if rumour is None:
        return WHOLE_INCIDENT
    said = f": {claim(title)}" if title else ""
    return f"one rumour{said}" if masked else f"one rumour{said} ({rumour})"


def known_at(when: str) -> str:
    return f"As known at {when} (UK time)"


def footer(incident: str, what: str, as_of: datetime, *, exercise: bool, made_at: datetime) -> str:
    mark = "" if incident.startswith(EXERCISE) or not exercise else f"{EXERCISE} "
    return f"{mark}{incident} · {what} · as known at {exact(as_of)} · made by Grapevine at {exact(made_at)} (UK time)"


def picture_title(incident: str, what: str) -> str:
    return f"{incident}: spread by stance, {what}"


def what(format_name: str, *, unmasked: bool) -> str:
    """What the record of consultations says was taken: csv; csv, unmasked"""
    return f"{format_name}, unmasked" if unmasked else format_name
