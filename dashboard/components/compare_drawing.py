"""From what is compared to what the page shows of it: the rumours, all of the incident, and several incidents."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.components import compare_parts
from dashboard.components.compare_parts import incident_lines, letter, rumour_line
from dashboard.figures.compare import lines_figure
from dashboard.figures.compare_axis import Line, scale_for
from dashboard.views.compare import ComparedIncident
from dashboard.views.lives import RumourLife
from dashboard.words import compare as compare_words

MOST_CARDS = 24


@dataclass(frozen=True, slots=True)
class Shown:
    """What a viewer compares: the incidents that were read, and the rumours chosen, each with its incident."""

    incidents: tuple[ComparedIncident, ...]
    chosen: tuple[tuple[str, RumourLife], ...]
    by_age: bool
    own_scale: bool
    as_of: datetime | None
    now: datetime

    @property
    def incident(self) -> str:
        return self.incidents[0].incident.id


def rumours_drawn(shown: Shown) -> dict[str, Any]:
    """The rumours on one axis, their clocks, and all of the incident."""
    own = shown.incidents[0].rumours
    names = ("figure", "summary", "lines", "clocks", "cards", "cards_say")
    if sum(len(one.rumours) for one in shown.incidents) < 2:
        empty = compare_words.nothing_yet(len(own))
        return {**dict.fromkeys(names), "empty": empty, "empty_hidden": False, "body_hidden": True}
    lines = [rumour_line(one, letter(place), shown.now) for place, (_, one) in enumerate(shown.chosen) if one.minutes]
    scale = scale_for(lines, by_age=shown.by_age) if lines else None
    drawn, left = own[:MOST_CARDS], own[MOST_CARDS:]
    dated = [rumour_line(one, "", shown.now) for one in drawn if one.minutes]
    of_all = scale_for(dated, by_age=shown.by_age) if dated else None
    tallest = max((max(of_all.series(one).totals) for one in dated), default=1) if of_all else 1
    others = [one for one in drawn if all(one is not life for _, life in shown.chosen)]
    say = [compare_words.axes(None if shown.own_scale else tallest, of_all.interval)] if of_all else []
    say.append(compare_words.left_out(len(left), left[0].row.posts if left else 0))
    return {
        "empty": None,
        "empty_hidden": True,
        "body_hidden": False,
        "figure": lines_figure(lines, scale, now=shown.now, gaps=shown.incidents[0].gaps),
        "summary": " ".join(_summary(one, shown.now) for one in lines),
        "lines": compare_parts.lines_table(lines, scale, shown.now),
        "clocks": compare_parts.clock_table(shown.chosen, others, shown.incident, shown.as_of, shown.now),
        "cards": compare_parts.cards(
            drawn, of_all, None if shown.own_scale else tallest, shown.incident, shown.as_of, shown.now
        ),
        "cards_say": " ".join(say).strip(),
    }


def incidents_drawn(shown: Shown) -> dict[str, Any]:
    """The incidents side by side; nothing where there is one."""
    if len(shown.incidents) < 2:
        hidden = dict.fromkeys(("incidents_figure", "incidents_table"))
        return {**hidden, "incidents_hint": False, "incidents_hidden": True}
    lines = incident_lines(shown.incidents, shown.now)
    scale = scale_for(lines, by_age=shown.by_age) if lines else None
    return {
        "incidents_hint": True,
        "incidents_hidden": False,
        "incidents_figure": lines_figure(lines, scale, now=shown.now),
        "incidents_table": compare_parts.incident_table(shown.incidents, shown.as_of, shown.now),
    }


def _summary(line: Line, now: datetime) -> str:
    posts = sum(sum(minute.posts.values()) for minute in line.minutes)
    return compare_words.line_summary(
        line.letter, posts, line.first_at, line.minutes[-1].at, line.denied_at, len(line.answered_at), now
    )
