"""Words of the comparison: what is compared, on which axis, the table of clocks and that of incidents."""

from datetime import datetime, timedelta

from dashboard.views.board import BoardRow
from dashboard.views.compare import ComparedIncident, minutes_to
from dashboard.views.lives import RumourLife
from dashboard.words import board as board_words
from dashboard.words import gaps as gaps_words
from dashboard.words import rumour as rumour_words
from dashboard.words.local_time import UNKNOWN, short, span
from dashboard.words.shared import DASH, claim, counted
from models.domain.incidents import Incident

CHOOSE = "What to compare"
RUMOURS = "Rumours"
BESIDE = "Other incidents beside this one"
NOTHING_FOUND = "No rumour has these words"
NO_INCIDENT_FOUND = "No incident has this name"
BY_LABEL = "The axis of time"
BY_CLOCK = "Clock time"
BY_AGE = "Age"
ON_ONE_AXIS = "On one axis"
CLOCKS = "Their clocks"
ALL_RUMOURS = "All rumours of this incident"
INCIDENTS = "Incidents side by side"
CHOOSE_INCIDENTS = "Choose other incidents above to see them beside this one."
SCALE_LABEL = "The scale of the small charts"
SAME_SCALE = "Same scale"
OWN_SCALE = "Own scale"
TABLE = "Show the figures as a table"
FROM = "From"
AGED = "Age from"
DENIAL = "▼ first denial"
CORRECTION = "✓ correction"
CORRECTED = "✓"
AGE = {False: "Minutes since its first post", True: "Hours since its first post"}
NO_POSTS = "No dated posts to draw"
CLOCK_HEADS = (
    "Claim",
    *rumour_words.LIFE,
    "Minutes to first denial",
    "Minutes to first correction",
    "Posts",
    "People",
    "Reach",
)
INCIDENT_HEADS = (
    "Incident",
    "First post",
    "Posts read",
    "Rumours on the board",
    "Answered",
    "Median minutes to first denial",
    "Median minutes to first correction",
)
CLOCKS_CAPTION = "Minutes are counted from the rumour's first post."
INCIDENTS_CAPTION = "A median is of the rumours that were denied, or corrected: in brackets stands how many they are."


def heading(incident: Incident) -> str:
    return f"Compare rumours of {incident.name}"


def choose_hint(most: int) -> str:
    return f"Up to {most}. With none chosen, the three largest are compared. The address holds the choice."


def beside_hint(most: int) -> str:
    return f"Up to {most}. Their rumours can then be chosen too."


def option(row: BoardRow) -> str:
    """A rumour in the list to choose from."""
    return f"{claim(row.claim)} · {board_words.posts(row)}"


def nothing_yet(rumours: int) -> str:
    on_board = "one rumour" if rumours else "no rumour"
    return f"Nothing to compare yet: {on_board} is on the board."


def line_name(letter: str, name: str) -> str:
    return f"{letter} {name}"


def age(minutes: float) -> str:
    """At 1 h 20 min"""
    return f"at {span(timedelta(minutes=minutes))}" if minutes >= 1 else "at the start"


def age_row(minutes: float) -> str:
    """1 h 20 min: the age from which an interval counts"""
    return span(timedelta(minutes=minutes)) if minutes >= 1 else "0 min"


def posts_at(letter: str, posts: int, when: str) -> str:
    return f"{letter}: {counted(posts, 'post')}, {when}"


def lettered(letter: str, text: str) -> str:
    return f"{letter} {claim(text)}"


def card_facts(one: RumourLife, now: datetime) -> str:
    """554 posts · answered: false, first at 21:10"""
    return f"{board_words.posts(one.row)} · {board_words.answer_state(one.row, now)}"


def left_out(rumours: int, largest: int) -> str:
    """Which rumours are not among the small charts; empty where all are."""
    if not rumours:
        return ""
    return f"{counted(rumours, 'smaller rumour')} not drawn, with at most {counted(largest, 'post')} each."


def axes(tallest: int | None, interval: timedelta) -> str:
    """How high the small charts are; None: each as its own posts ask for."""
    if tallest is None:
        return f"Largest first, each on a scale of its own: the number at its top is posts per {span(interval)}."
    return f"Largest first, all on the same axes: up to {counted(tallest, 'post')} per {span(interval)}."


def clock_cells(one: RumourLife, now: datetime) -> tuple[str, ...]:
    """The row of a rumour in the table of clocks, after its claim."""
    life, row = one.life, one.row
    not_yet = rumour_words.NOT_YET
    dormant = gaps_words.unknown(life.dormant_unknown, now) if life.dormant_unknown else not_yet
    moments = (
        (life.first_seen, UNKNOWN),
        (life.first_query, not_yet),
        (life.first_denial, not_yet),
        (life.first_correction, not_yet),
        (life.denials_overtake, not_yet),
        (life.dormant, dormant),
    )
    return (
        *(short(at, now) if at else instead for at, instead in moments),
        minutes(life.first_seen, life.first_denial),
        minutes(life.first_seen, life.first_correction),
        board_words.posts_figure(row),
        f"{row.people:,}",
        board_words.reach_figure(row),
    )


def minutes(first: datetime | None, moment: datetime | None) -> str:
    """13; before the first post; unknown where the first post has no time; — where it has not come"""
    if moment is None:
        return DASH
    passed = minutes_to(first, moment)
    if passed is None:
        return "unknown"
    return f"{passed:,}" if moment >= first else "before the first post"


def incident_cells(one: ComparedIncident, now: datetime) -> tuple[str, ...]:
    """The row of an incident in the table of incidents, after its name."""
    denied = sum(life.life.first_denial is not None for life in one.rumours)
    return (
        short(one.volume[0].at, now) if one.volume else UNKNOWN,
        f"{one.posts_read:,}",
        f"{len(one.rumours):,}",
        f"{one.answered:,} of {len(one.rumours):,}",
        _median(one.median_minutes_to_denial, denied),
        _median(one.median_minutes_to_correction, one.answered),
    )


def _median(minutes_in_the_middle: float | None, of: int) -> str:
    """42 (of 3); — where there is none"""
    return DASH if minutes_in_the_middle is None else f"{minutes_in_the_middle:,.0f} (of {of:,})"


def line_summary(
    letter: str, posts: int, first: datetime, last: datetime, denied_at: datetime | None, answers: int, now: datetime
) -> str:
    """A line in one sentence, for those who do not see it."""
    marks = f", first denial {short(denied_at, now)}" if denied_at else ""
    marks += f", {counted(answers, 'correction')}" if answers else ""
    return f"{letter}: {counted(posts, 'dated post')} from {short(first, now)} to {short(last, now)}{marks}."
