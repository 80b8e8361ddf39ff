"""The story of an incident: its volume and what drove its peaks, and what was said, done and missed, and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from dashboard.views.board import BoardRow
from dashboard.views.lives import Answer, RumourLife, read_lives
from dashboard.words.masking import masked
from models.domain.acts import Act, Decision
from models.domain.rumours import Stance
from models.domain.sources import SourceGap
from models.measures.gaps import overlapping
from models.measures.intervals import floor, interval_for
from models.measures.peaks import peaks
from models.measures.spread import StanceMinute, spread_series
from models.people.acts import MODEL
from models.store import Store

FLOWS_A_PEAK = 3
SHORTEST_STORY = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class PeakFlow:
    """A flow with its figures within a peak. `claim` is that of its rumour, None where that is not on the board.

    `coded_by` is a person's name, or None where the model judged.
    """

    words: str
    rumour: str
    claim: str | None
    stance: Stance | None
    coded_by: str | None
    official: bool
    posts: int
    people: int
    reach: int | None
    reach_unknown: int


@dataclass(frozen=True, slots=True)
class StoryPeak:
    """Much more was posted from `since` to `until` than before and after; `posts` of the incident in that time.

    `tallest` posts came in the busiest interval, which opens at `summit`.
    """

    since: datetime
    until: datetime
    summit: datetime
    tallest: int
    posts: int
    flows: tuple[PeakFlow, ...]


@dataclass(frozen=True, slots=True)
class OfficialPost:
    """What an official account posted, with its copies, the people who posted them, and what they reached."""

    at: datetime | None
    words: str
    claim: str | None
    posts: int
    people: int | None
    reach: int | None
    reach_unknown: int


@dataclass(frozen=True, slots=True)
class Story:
    """All of an incident between `start` and `end`. `volume` holds the dated posts of each minute that had any.

    Peaks are found in posts by `interval`. The rumours stand in the order of their first posts, undated ones last;
    `claims` names each of them, and those that were merged away by the one that lives on.
    """

    start: datetime
    end: datetime
    interval: timedelta
    volume: tuple[StanceMinute, ...]
    peaks: tuple[StoryPeak, ...]
    rumours: tuple[RumourLife, ...]
    officials: tuple[OfficialPost, ...]
    answers: tuple[Answer, ...]
    decisions: tuple[Decision, ...]
    gaps: tuple[SourceGap, ...]
    claims: Mapping[str, str]


class EntryKind(StrEnum):
    PEAK = "peak"
    RUMOUR = "rumour"
    OFFICIAL = "official"
    CORRECTION = "correction"
    DECISION = "decision"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing of the story, in words. `claim` is that of the rumour it is about; `words` may be hostile text."""

    kind: EntryKind
    at: datetime | None
    until: datetime | None
    words: str
    rumour: str | None = None
    claim: str | None = None
    figures: str = ""
    flows: tuple[PeakFlow, ...] = ()


def read_story(
    store: Store,
    incident: str,
    now: datetime,
    *,
    rows: Mapping[str, BoardRow] | None = None,
    as_of: datetime | None = None,
) -> Story | None:
    """The story up to `now`, or None where no dated post has come yet. `rows` is the board if it is read already."""
    moment = {"incident": incident} | ({} if as_of is None else {"as_of": as_of})
    volume = tuple(
        StanceMinute(one["minute"], {None: one["posts"]}) for one in store.views.rows("incident_volume", **moment)
    )
    if not volume:
        return None
    lives = read_lives(store, incident, now, rows=rows, as_of=as_of)
    claims = {one.row.id: one.row.claim for one in lives.rumours}
    claims |= {gone: claims[lives_on] for gone, lives_on in lives.survivors.items() if lives_on in claims}
    decisions = [
        one
        for one in reversed(store.acts.decisions(incident, as_of=as_of))
        # A correction stands in the story as itself.
        if one.act is not Act.CORRECT
    ]
    officials = [_official(one, claims) for one in store.views.rows("official_posts", **moment)]
    acted = [one.at for one in lives.answers] + [one.decided_at for one in decisions]
    start, end = _span(volume, acted, now)
    interval = interval_for(end - start)
    return Story(
        start=start,
        end=end,
        interval=interval,
        volume=volume,
        peaks=_peaks(store, volume, floor(start, interval), end, interval, claims, moment),
        rumours=tuple(sorted(lives.rumours, key=lambda one: (one.row.first_at is None, one.row.first_at or now))),
        officials=tuple(sorted(officials, key=lambda one: (one.at is None, one.at or now))),
        answers=lives.answers,
        decisions=tuple(decisions),
        gaps=tuple(overlapping(lives.gaps, start, end, now)),
        claims=claims,
    )


def _span(volume: Sequence[StanceMinute], acted: Sequence[datetime], now: datetime) -> tuple[datetime, datetime]:
    """From the first post to the last post or act; to now where that is near."""
    first = min(volume[0].at, *acted) if acted else volume[0].at
    last = max(volume[-1].at + timedelta(minutes=1), *acted) if acted else volume[-1].at + timedelta(minutes=1)
    end = now if timedelta() < now - last < max(SHORTEST_STORY, (last - first) / 4) else last
    return min(first, end - SHORTEST_STORY), end


def _peaks(
    store: Store,
    volume: Sequence[StanceMinute],
    start: datetime,
    end: datetime,
    interval: timedelta,
    claims: Mapping[str, str],
    moment: dict[str, Any],
) -> tuple[StoryPeak, ...]:
    series = spread_series(volume, start=start, end=end, interval=interval)
    found = peaks(series.totals)
    if not found:
        return ()
    spans = [(series.starts[one.first], series.ends[one.last]) for one in found]
    flows: dict[datetime, list[PeakFlow]] = {since: [] for since, _ in spans}
    asked = {
        "since": tuple(since for since, _ in spans),
        "until": tuple(until for _, until in spans),
        "flows": FLOWS_A_PEAK,
    }
    for row in store.views.rows("widest_flows", **asked, **moment):
        flows[row["since"]].append(_flow(row, claims))
    return tuple(
        StoryPeak(
            since=since,
            until=until,
            summit=series.starts[one.summit],
            tallest=series.totals[one.summit],
            posts=sum(series.totals[one.first : one.last + 1]),
            flows=tuple(flows[since]),
        )
        for one, (since, until) in zip(found, spans, strict=True)
    )


def _flow(row: dict[str, Any], claims: Mapping[str, str]) -> PeakFlow:
    return PeakFlow(
        words=masked(row["text"]),
        rumour=row["rumour"],
        claim=claims.get(row["rumour"]),
        stance=Stance(row["stance"]) if row["stance"] else None,
        coded_by=row["stance_by"] if row["stance_by"] not in {None, MODEL} else None,
        official=row["official"],
        **{name: row[name] for name in ("posts", "people", "reach", "reach_unknown")},
    )


def _official(row: dict[str, Any], claims: Mapping[str, str]) -> OfficialPost:
    return OfficialPost(
        at=row["said_at"],
        words=masked(row["text"]),
        claim=claims.get(row["rumour"]),
        posts=row["posts"],
        people=row["people"],
        reach=row["reach"],
        reach_unknown=row["reach_unknown"],
    )
