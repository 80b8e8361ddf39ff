"""Words of the shelf under the board's list: what is officially said."""

from datetime import datetime

from dashboard.views.officially_said import OfficiallySaid, OfficialPost
from dashboard.words.local_time import short
from dashboard.words.masking import masked
from dashboard.words.shared import counted, people
from models.domain.posts import Kind
from models.measures.counts import FlowReach
from models.text import shortened

REPLACED = "replaced or ended by a later one"
ABOUT = "About"
LONGEST_BEGINNING = 90


def heading(said: OfficiallySaid, now: datetime) -> str:
    """Officially said: 3 warnings and 2 posts, the newest of 14:05"""
    numbers = [(said.warnings, "warning"), (said.posts, "post")]
    counts = " and ".join(counted(number, name) for number, name in numbers if number)
    newest = f", the newest of {short(said.newest[0].said_at, now)}" if said.newest else ""
    return f"Officially said: {counts}{newest}"


def beginning_of_newest(said: OfficiallySaid) -> str:
    """RED rain warning: danger to life. Area: Southport…"""
    return shortened(paragraphs(said.newest[0])[0], LONGEST_BEGINNING) if said.newest else ""


def paragraphs(one: OfficialPost) -> list[str]:
    """The paragraphs of what was said: of a warning one for each of its parts, the gravest first."""
    return [masked(part) for part in one.text.split("\n\n")] if one.text else [masked(None)]


def kind(one: OfficialPost) -> str:
    return "warning" if one.kind is Kind.ALERT else one.kind.value


def reach(one: FlowReach) -> str:
    """posted 4 times by 3 people, reach 8,100; followers of 1 person unknown"""
    told = f"posted {counted(one.posts, 'time')} by {people(one.people)}" if one.posts > 1 else ""
    known = f"reach {'unknown' if one.followers is None else f'{one.followers:,}'}"
    unknown = f"; followers of {people(one.followers_unknown)} unknown" if one.followers_unknown else ""
    return ", ".join(filter(None, [told, known])) + unknown


def older(said: OfficiallySaid) -> str | None:
    """What the shelf leaves out, or None."""
    left_out = said.warnings + said.posts - len(said.newest)
    return f"and {left_out:,} older" if left_out else None
