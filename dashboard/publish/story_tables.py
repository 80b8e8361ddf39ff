"""The tables of an export that look back: the clock of each rumour, and the story of the incident."""

from collections.abc import Mapping

import pyarrow as pa

from dashboard.publish.selection import Selection
from dashboard.publish.table import TEXT, TIME, WHOLE, Row, Table
from dashboard.views.board import BoardRow
from dashboard.views.compare import minutes_to
from dashboard.views.lives import RumourLife, read_lives
from dashboard.views.story import Entry, read_story
from dashboard.words import gaps as gaps_words
from dashboard.words import story as story_words
from dashboard.words.masking import masked_whole
from models.store import Store
from models.text import harmless

_CLOCKS: Mapping[str, pa.DataType] = {
    "rumour": TEXT,
    "claim": TEXT,
    "first_seen_at": TIME,
    "first_query_at": TIME,
    "first_denial_at": TIME,
    "first_correction_at": TIME,
    "denials_overtake_at": TIME,
    "dormant_at": TIME,
    "dormant_unknown_because": TEXT,
    "minutes_to_first_denial": WHOLE,
    "minutes_to_first_correction": WHOLE,
}
_STORY: Mapping[str, pa.DataType] = {
    "kind": TEXT,
    "at": TIME,
    "until": TIME,
    "rumour": TEXT,
    "claim": TEXT,
    "words": TEXT,
    "figures": TEXT,
}


def looking_back(store: Store, selection: Selection, rows: Mapping[str, BoardRow]) -> tuple[Table, Table]:
    """Both, as their screens show them; `rows` are the rumours on the board at that moment, or the one chosen."""
    incident, now = selection.incident.id, selection.as_of
    lives = read_lives(store, incident, now, rows=rows, as_of=now).rumours
    return (
        Table("clocks", _CLOCKS, [[_clock(one, selection) for one in lives]]),
        Table("story", _STORY, [_story(store, selection)]),
    )


def _clock(one: RumourLife, selection: Selection) -> Row:
    life = one.life
    unknown = life.dormant_unknown
    return {
        "rumour": selection.name("rumour", one.row.id),
        "claim": one.row.claim,
        "first_seen_at": life.first_seen,
        "first_query_at": life.first_query,
        "first_denial_at": life.first_denial,
        "first_correction_at": life.first_correction,
        "denials_overtake_at": life.denials_overtake,
        "dormant_at": life.dormant,
        "dormant_unknown_because": gaps_words.unknown(unknown, selection.as_of) if unknown else None,
        "minutes_to_first_denial": minutes_to(life.first_seen, life.first_denial),
        "minutes_to_first_correction": minutes_to(life.first_seen, life.first_correction),
    }


def _story(store: Store, selection: Selection) -> list[Row]:
    """Of one rumour, what is about it."""
    story = read_story(store, selection.incident.id, selection.as_of, as_of=selection.as_of)
    told = story_words.entries(story, selection.as_of) if story else []
    return [_entry(one, selection) for one in told if selection.rumour in (None, one.rumour)]


def _entry(one: Entry, selection: Selection) -> Row:
    """An officer's reason may quote a handle."""
    drove = (f"{flow.words} ({story_words.flow_figures(flow)})" for flow in one.flows)
    return {
        "kind": one.kind.value,
        "at": one.at,
        "until": one.until,
        "rumour": selection.name("rumour", one.rumour),
        "claim": one.claim,
        "words": (masked_whole if selection.mask else harmless)(one.words),
        "figures": "; ".join([one.figures, *drove] if one.figures else drove) or None,
    }
