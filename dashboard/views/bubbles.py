"""The Reading the Riots picture: a bubble a post in the circle of its flow, laid out once for all who look.

For one rumour the circles are its flows; for a whole incident they are its rumours. `PictureKeeper` lays a picture
out by the posts in order of arrival, so that it is the same however it came about, and carries it on as posts arrive.
"""

import threading
from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np

from dashboard.words import bubbles as bubble_words
from dashboard.words.masking import masked
from models.domain import Stance, stable_id
from models.measures.bubbles import STANCES, BubbleFlow, Picture
from models.measures.packing import Packing, radii_of
from models.people.acts import MODEL
from models.store import Store

# More circles than this cannot be told apart, and take a browser too long: the smallest voices are left out.
MOST_CIRCLES = 4_000
# Authors of fewer followers get a circle of so many, that it can be seen; of how many unknown ones, nobody knows.
LEAST_FOLLOWERS, UNKNOWN_FOLLOWERS = 150, 300
# In steps, so that a picture that grows past the bound is laid out anew seldom.
_FOLLOWERS_LEFT_OUT = (0, *(250 * 2**step for step in range(30)))
LONGEST_WORDING = 140
PICTURES_KEPT = 32
LEAST_OPEN_SECONDS = 1_800


@dataclass(slots=True)
class _Laid:
    """How posts were laid out, and by what: the same rows of (place, group, radius) are the same layout."""

    name: str
    packing: Packing = field(default_factory=Packing)
    rows: list[tuple[int, str, float]] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)
    radii: list[float] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)


def read_picture(
    store: Store, incident: str, rumour: str | None, *, as_of: datetime | None = None, before: _Laid | None = None
) -> tuple[Picture, _Laid]:
    """The picture of a rumour, or of an incident, as known at a moment; `before` is carried on where it can be."""
    moment = {"incident": incident} | ({} if as_of is None else {"as_of": as_of})
    if rumour is None:
        rows, words = store.views.rows("bubbles", **moment), store.views.rows("bubble_flows", **moment)
    else:
        rows = store.views.rows("rumour_bubbles", **moment, rumour=rumour)
        words = store.views.rows("rumour_flows", **moment, rumour=rumour, limit=len(rows))
    by_flow = {row["flow"]: row for row in words}
    # Between the two readings a flow may have gone elsewhere.
    rows = [row for row in rows if row["flow"] in by_flow]
    dated = [row for row in rows if row["created_at"] is not None]
    least = _least_followers([row["followers"] for row in dated])
    drawn = [row for row in dated if _following(row) >= least]
    of_officials = {row["flow"] for row in rows if row["official"]}
    laid = _carried_on(before, drawn, of="flow" if rumour is not None else "rumour")
    flows: dict[str, int] = {}
    flow_of = [flows.setdefault(row["flow"], len(flows)) for row in drawn]
    group_of_flow = {}
    for row, group in zip(drawn, laid.groups, strict=True):
        group_of_flow.setdefault(row["flow"], group)
    picture = Picture(
        layout=laid.name,
        offsets=laid.packing.posts,
        radii=np.array(laid.radii),
        times=np.array([row["created_at"].timestamp() for row in drawn]),
        groups=np.array(laid.groups, int),
        flow_of=np.array(flow_of, int),
        followers=tuple(row["followers"] for row in drawn),
        is_official=np.array([row["flow"] in of_officials for row in drawn], bool),
        circles=laid.packing.groups,
        group_ids=tuple(laid.numbers),
        flows=tuple(_flow(by_flow[flow], group_of_flow[flow]) for flow in flows),
        minutes=_minutes([row for row in dated if row["flow"] not in of_officials], by_flow),
        posts=len(rows),
        undated=len(rows) - len(dated),
        left_out=len(dated) - len(drawn),
        least_followers=least,
    )
    return picture, laid


@dataclass(frozen=True, slots=True)
class StripMark:
    """What the strip marks at a moment: a correction or a caption, in words."""

    kind: str
    at: datetime
    text: str


def strip_marks(
    store: Store, incident: str, rumour: str | None, now: datetime, *, as_of: datetime | None = None
) -> list[StripMark]:
    """The corrections and captions of a rumour, or of an incident, as known at a moment."""
    corrections = [
        StripMark("correction", one.issued_at, bubble_words.correction_mark(one, now))
        for one in store.acts.corrections(incident, rumour, as_of=as_of)
    ]
    captions = store.annotations.of(incident, rumour, as_of)
    return [*corrections, *(StripMark("caption", one.pinned_to, bubble_words.caption_mark(one)) for one in captions)]


def span_of(picture: Picture, now: datetime) -> tuple[int, int]:
    """From when to when a picture reaches, in seconds since 1970; to now where something may still be added."""
    first = picture.times.min()
    last, present = max(picture.times.max(), first + 60), now.timestamp()
    is_open = 0 <= present - last < max(LEAST_OPEN_SECONDS, (last - first) / 4)
    return int(first), int(present if is_open else last) + 1


class PictureKeeper:
    """Lays out each picture once for all who look. Safe to call from any thread."""

    def __init__(self, store: Store):
        self._store = store
        self._kept: OrderedDict[tuple[str, str | None, datetime | None], _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def picture(self, incident: str, rumour: str | None, as_of: datetime | None = None) -> Picture:
        """The picture of a rumour, or of the whole incident where that is None, as known at a moment or now."""
        with self._lock:
            kept = self._kept.setdefault((incident, rumour, as_of), _Kept())
            self._kept.move_to_end((incident, rumour, as_of))
            while len(self._kept) > PICTURES_KEPT:
                self._kept.popitem(last=False)
        with kept.lock:
            # Of the past only what was erased since may change.
            version = self._store.views.version if as_of is None else self._store.posts.erased(incident)
            if kept.picture is None or kept.version != version:
                picture, laid = read_picture(self._store, incident, rumour, as_of=as_of, before=kept.laid)
                kept.picture, kept.laid, kept.version = picture, laid, version
            return kept.picture


@dataclass(slots=True)
class _Kept:
    lock: threading.Lock = field(default_factory=threading.Lock)
    picture: Picture | None = None
    laid: _Laid | None = None
    version: int = -1


def _carried_on(before: _Laid | None, drawn: Sequence[Mapping[str, Any]], of: str) -> _Laid:
    """The layout of these posts, by carrying on that of the first of them where it fits."""
    radii = radii_of([row["followers"] for row in drawn], least=LEAST_FOLLOWERS, unknown=UNKNOWN_FOLLOWERS)
    rows = [(row["place"], row[of], radius) for row, radius in zip(drawn, radii.tolist(), strict=True)]
    if before is None or before.rows != rows[: len(before.rows)]:
        before = _Laid(stable_id("bubbles", repr(rows)))
    for row in rows[len(before.rows) :]:
        _, group, radius = row
        number = before.numbers.setdefault(group, len(before.numbers))
        before.packing.add(number, radius)
        before.groups.append(number)
        before.radii.append(radius)
        before.rows.append(row)
    return before


def _following(row: Mapping[str, Any]) -> int:
    return UNKNOWN_FOLLOWERS if row["followers"] is None else row["followers"]


def _least_followers(followers: Sequence[int | None]) -> int:
    """The least following of a post that is drawn, so that there are no more than MOST_CIRCLES."""
    counted = np.sort([UNKNOWN_FOLLOWERS if one is None else one for one in followers])
    for least in _FOLLOWERS_LEFT_OUT:
        if len(counted) - np.searchsorted(counted, least) <= MOST_CIRCLES:
            return least
    return _FOLLOWERS_LEFT_OUT[-1]


def _flow(row: Mapping[str, Any], group: int) -> BubbleFlow:
    text = masked(row["text"])
    return BubbleFlow(
        id=row["flow"],
        group=group,
        text=text if len(text) <= LONGEST_WORDING else text[: LONGEST_WORDING - 1].rstrip() + "…",
        stance=Stance(row["stance"]) if row["stance"] else None,
        coded_by=row["stance_by"] if row["stance_by"] not in {None, MODEL} else None,
    )


def _minutes(votes: Sequence[Mapping[str, Any]], by_flow: Mapping[str, Mapping[str, Any]]) -> dict[int, list[int]]:
    """Posts by minute since 1970: how many of each of STANCES."""
    counted: Counter[tuple[int, int]] = Counter()
    for row in votes:
        stance = by_flow[row["flow"]]["stance"]
        counted[int(row["created_at"].timestamp() // 60), STANCES.index(Stance(stance) if stance else None)] += 1
    minutes: dict[int, list[int]] = {}
    for (minute, place), posts in sorted(counted.items()):
        minutes.setdefault(minute, [0] * len(STANCES))[place] = posts
    return minutes
