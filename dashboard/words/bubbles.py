"""Every sentence of the bubbles: the picture, its controls, and the list that says the same in words."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from dashboard.views.board import BoardRow
from dashboard.words.local_time import exact, short
from dashboard.words.shared import MARKS, NOT_CODED, counted, person
from models.domain.acts import Annotation
from models.domain.corrections import Correction
from models.domain.incidents import Incident
from models.measures.bubbles import STANCES, Picture

OF_INCIDENT = "All rumours of {}"
TO_RUMOUR = "Back to the rumour"
TO_REVIEW = "Back to the review"
PICTURE_LABEL = "The picture. Arrow keys choose a flow."
PLAYHEAD = "The moment shown"
PLAY, PAUSE = "Play", "Pause"
BACK, FORWARD = "Back", "Forward"
SPEED = "Speed"
SPEED_UNIT = "min a second"
HALF_LIFE = "Fades by half in"
MINUTES = "min"
CLOSER, FARTHER, WHOLE = "Closer", "Farther", "All"
NOW = "Now"
MOMENT_LIST = "At this moment"
STANCE = "Stance"
SO_FAR = "So far"
LOUDEST = "Loudest now"
LEGEND_TITLE = "What the circles mean"
NOT_ON_BOARD = "This rumour is not on the board"
PIN = "Pin a caption"
CAPTIONS = "Captions"
TAKE_AWAY = "Take away"
SAVE = "Save"
SAVE_TITLE = "Save the bubbles"
SAVE_KIND = "What to save"
CHOOSE_KIND = "Choose what to save."
NO_PICTURE_SHOWN = "The picture is not drawn yet. Close this, and try again when you see it."
NOT_TAKEN = "Nothing has been saved yet"
SAVES = {"png": "Bubbles, picture as PNG", "svg": "Bubbles, picture as SVG", "gif": "Bubbles, short film as GIF"}
EMPTY = "No post of a rumour on the board has a time yet, so there is nothing to draw."
LEGEND = (
    "A circle is a post, and its area the followers of its author. The circle round posts is {}. "
    "Posts fade with time, and a circle shrinks as its posts fade."
)
A_FLOW = "a flow, a post and its copies, in the colour of its stance"
A_RUMOUR = "a rumour"
UNKNOWN = "Dashed: it is not known how many follow."
OFFICIAL = "A double ring: an official post or its copy, which is no vote."
SMALLEST = "Accounts of fewer than 150 followers are drawn as if they had 150."
_SPOKEN_TO = re.compile(r"^(?:[.\s]*@…[\s,:;.]*)+")

# What the browser makes its own sentences of.
BROWSER: Mapping[str, str] = {
    "play": PLAY,
    "pause": PAUSE,
    "posts": "posts",
    "post": "post",
    "latest": "Last {minutes} min",
    "quiet": "All that was said has faded.",
    "followers": "{number} followers",
    "unknown": "unknown following",
    "official": "official",
    "codedBy": "coded by {who}",
    "model": "model",
    "more": "and {number} more",
}


def stance_words() -> list[list[str]]:
    """The name and mark of each stance, in the order of STANCES."""
    return [[stance.value if stance else NOT_CODED, MARKS[stance]] for stance in STANCES]


def heading_of(rows: Mapping[str, BoardRow], incident: Incident, rumour: str | None) -> str:
    """The claim of a rumour on the board, or that the picture is of all of an incident's rumours."""
    if rumour is None:
        return OF_INCIDENT.format(incident.name)
    return rows[rumour].claim if rumour in rows else NOT_ON_BOARD


def wording(text: str) -> str:
    """A flow's wording as its caption: whom a reply speaks to is not what it says.

    >>> wording(".@… @…: is it true?"), wording("@…")
    ('is it true?', '@…')
    """
    return _SPOKEN_TO.sub("", text) or text


def legend(of_rumour: bool) -> str:
    return LEGEND.format(A_FLOW if of_rumour else A_RUMOUR)


def left_out(picture: Picture) -> str:
    """What of the posts is not drawn, and why; empty where all are."""
    parts = []
    if picture.left_out:
        parts.append(
            f"{counted(picture.left_out, 'post')} of accounts with fewer than {picture.least_followers:,} followers "
            f"{'is' if picture.left_out == 1 else 'are'} not drawn, but counted in the strip"
        )
    if picture.undated:
        parts.append(
            f"{counted(picture.undated, 'post')} without a time {'is' if picture.undated == 1 else 'are'} not drawn"
        )
    return f"{'; '.join(parts).capitalize()}." if parts else ""


def correction_mark(one: Correction, now: datetime) -> str:
    return f"Correction issued {short(one.issued_at, now)}: {one.wording}"


def caption_mark(one: Annotation) -> str:
    return f"{one.text} — {person(one.pinned_by)}"


def take_away_label(text: str) -> str:
    return f"Take the caption “{text}” away"


def below_still(incident: Incident, picture: Picture, half_life: timedelta, now: datetime) -> str:
    """The line below a picture that is saved: of what, as known when, how it was drawn, and what is left out."""
    minutes = round(half_life / timedelta(minutes=1))
    parts = [
        f"Grapevine, {incident.name}, as known {exact(now)}",
        f"Circle: a post, area: followers; fades by half in {minutes:,} minutes",
        "Handles masked; stances by the model unless people coded them",
        left_out(picture).rstrip("."),
    ]
    return ". ".join(part for part in parts if part) + "."


def filter_of(rumour: str | None, shown: datetime, whole: bool) -> str:
    """What a picture that was saved shows, for the record."""
    part = "the whole incident" if rumour is None else f"rumour {rumour}"
    return f"{part}, from its start to its end" if whole else f"{part}, at {exact(shown)}"
