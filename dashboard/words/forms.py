"""Every sentence of the forms: what each asks, and what it answers."""

from collections.abc import Iterable

from models.domain.sightings import HeardBy

# --- What all forms share ------------------------------------------------------------------------------------------
ESC = "Esc"
KEPT = "What you type is kept in this browser until it is saved."
PUT_BACK = "Your unsent text is back."
UNSENT = "unsent"
UNANSWERED = "Not saved yet: the server did not answer. Your text is kept. Try again: nothing is saved twice."
OPTIONAL = "optional"
# As models.limits.too_long says it, while somebody types.
TOO_LONG = "Shorten this to {limit} characters: it has {length}."
FIND = "Type to find"
NOTHING_FOUND = "No match"
TIME_HINTS = {
    "past": "Example: 21 Nov 2026, 14:05. Without a date, 14:05 means the last 14:05.",
    "future": "Example: 21 Nov 2026, 16:00. Without a date, 16:00 means the next 16:00.",
}

# --- Correction ----------------------------------------------------------------------------------------------------
CORRECTION_TITLE = "Log a correction that was issued"
CORRECTION_SAVE = "Log this correction"
CORRECTION_NOT_SAVED = "The correction is not logged yet"
VERDICT = "What does the correction say about the claim?"
CHOOSE_VERDICT = "Choose what the correction says about the claim."
WORDING = "What was said, word for word"
CHANNEL = "Where it was said"
CHANNEL_HINT = "Examples: force account on X, local radio, door to door"
AUTHORITY = "On whose authority"
AUTHORITY_HINT = "Example: Environment Agency flood duty manager"
EVIDENCE = "Link to evidence"
ISSUED_AT = "When it was issued (UK time)"
REVIEW_BY = "Review by (UK time)"
CORRECTED_BEFORE = (
    "An earlier version of this was already logged. To log this one as well, press the button again. "
    "Otherwise close the form."
)

# --- Sighting ------------------------------------------------------------------------------------------------------
SIGHTING_TITLE = "Log a sighting"
SIGHTING_INTRO = "What somebody told you becomes a post in this incident. Leave out private people's names."
SIGHTING_SAVE = "Log this sighting"
SIGHTING_NOT_SAVED = "The sighting is not logged yet"
SIGHTING_BESIDE = "It is logged under your name."
HEARD_TEXT = "What was heard"
HEARD_TEXT_HINT = "As near to the words as you can"
HEARD_BY_LABEL = "How it was heard"
HEARD_BY = {
    HeardBy.TELEPHONE: "By telephone",
    HeardBy.RADIO: "By radio",
    HeardBy.STREET: "In the street",
    HeardBy.OTHER: "Another way",
}
CHOOSE_HEARD_BY = "Choose how it was heard."
HEARD_AT = "When (UK time)"
PLACE = "Where"
PLACE_HINT = "Example: Market Street"
RELIABILITY = "How reliable the source is"
RELIABILITY_HINT = "In your own words. Examples: constable at the scene; unknown caller"
HEARD_BEFORE = (
    "An earlier version of this was already logged. To log this one as well, press the button again. "
    "Otherwise close the form."
)


def sighting_logged(text: str) -> str:
    return f"Logged: a sighting. {text}"


# --- Merge, split and move -----------------------------------------------------------------------------------------
REARRANGE_TITLE = "Merge, split or move"
REARRANGE_NOT_SAVED = "Nothing has been changed yet"
REARRANGE_SAVE = "Save"
REARRANGE_BESIDE = "You can undo this. The model will not override it."
REARRANGE_ACT = "What should happen?"
CHOOSE_REARRANGE_ACT = "Choose what should happen."
REARRANGE_INTO = "The other rumour"
REARRANGE_INTO_HINT = "For a merge or a move. Type part of its claim to find it."
CHOOSE_INTO = "Choose the other rumour."
REARRANGE_WHY = "Why"
REARRANGE_WHY_HINT = "Examples: a different claim; two wordings of the same claim"
UNDO_NOT_DONE = "This was not undone"

# --- Permission of a source ----------------------------------------------------------------------------------------
PERMISSION_NOT_SAVED = "The permission is not recorded yet"

# --- An incident ---------------------------------------------------------------------------------------------------
INCIDENT_OPEN_TITLE = "Open an incident"
INCIDENT_OPEN = "Open the incident"
INCIDENT_SAVE = "Save"
INCIDENT_CLOSE = "Close the incident"
INCIDENT_REOPEN = "Reopen the incident"
ONLY_THIS = "Other changes on this form are not saved by this button"
INCIDENT_NOT_SAVED = "The incident is not saved yet"
INCIDENT_NAME = "Name"
INCIDENT_NAME_HINT = "Example: Northgate flood"
PURPOSE = "Purpose"
PURPOSE_HINT = "Why the posts are read"
LAWFUL_BASIS = "Lawful basis"
WATCHES = "What it watches for"
WATCHES_INTRO = "A post that matches any one of these reaches the incident."
TERMS = "Watch terms, one per line"
TERMS_HINT = (
    "A word (tiger), a phrase (London Zoo), a #hashtag (#NorthgateFlood), or the start of a word (evacuat*). "
    "Capitals, accents, hyphens and plurals do not matter: burst dam also finds #BurstDam and burst-dams."
)
LANGUAGES = "Languages"
LANGUAGES_HINT = "Codes such as en, cy, pl. Empty means any. A post that states no language is kept."
ACCOUNTS = "Our own accounts, one per line"
ACCOUNTS_HINT = "Their names on each platform. Their posts count as official."
SOURCES = "Whole sources"
SOURCES_HINT = "Every post from these sources reaches the incident."
NO_SOURCES = "No source is configured. Add one to config.toml under [sources]."
AREA = "Area"
AREA_HINT = "A GeoJSON Polygon or MultiPolygon. A post with a location inside it reaches the incident."
RETENTION_HEADING = "How long posts are kept"
RETENTION = "Retention class"
RETENTION_HINT = "Decisions and corrections are kept longer. Posts are not yet deleted automatically."
RECORD_HEADING = "For the record"
OPENING_REASON = "Reason for opening it"
CHANGE_REASON = "Reason for this change"
REASON_HINT = "Kept with your name and role in the incident's history"
BACK_TO_INCIDENTS = "← Incidents"
NOT_TEXT = "Enter this as text."
NOT_TRUE_OR_FALSE = "Enter true or false."
NO_SUCH_INCIDENT = "There is no such incident. Go to Incidents and choose it again."
SAVED_BEFORE = "An earlier version of this was already saved. Check the form and save it again."


def choose_retention(classes: Iterable[str]) -> str:
    return f"Choose how long posts are kept: {', '.join(classes)}."


def not_configured(source: str) -> str:
    return f"{source} (not configured now)"


def settings_title(incident: str) -> str:
    return f"Settings: {incident}"


# --- Caption -------------------------------------------------------------------------------------------------------
CAPTION_TITLE = "Pin a caption to this moment"
CAPTION_INTRO = (
    "It stands on the strip, and over the picture when the playhead passes it, with your name. "
    "Every service that sees the incident reads it."
)
CAPTION_TEXT = "What happened"
CAPTION_SAVE = "Pin it"
CAPTION_NOT_SAVED = "The caption is not pinned yet"
CAPTION_PINNED = "Caption pinned."
CAPTION_AWAY = "Take this caption away"
CAPTION_AWAY_NOT_SAVED = "The caption still stands"
CAPTION_GONE = "Caption taken away."
NO_MOMENT_CHOSEN = "Choose a moment first: move the playhead."
