"""The Reading the Riots picture: a bubble a post in the circle of its flow, laid out once for all who look.

For one rumour the circles are its flows; for a whole incident they are its rumours. `PictureKeeper` lays a picture
out by the posts in order of arrival, so that it is the same however it came about, and carries it on as posts arrive.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from dashboard.views.flows import opening_words, stance_and_coder
from dashboard.words import bubbles as bubble_words
from dashboard.words.masking import masked
from models.domain.ids import stable_id
from models.measures.bubbles import STANCES, BubbleFlow, Picture
from models.measures.history import NO_TIME, UNKNOWN, Arrangement
from models.measures.packing import Packing, radii_of
from models.store import Store
from models.text import shortened

# More circles than this cannot be told apart, and take a browser too long: the smallest voices are left out.
MOST_CIRCLES = 4_000
# Authors of fewer followers get a circle of so many, that it can be seen; of how many unknown ones, nobody knows.
LEAST_FOLLOWERS, UNKNOWN_FOLLOWERS = 150, 300
# In steps, so that a picture that grows past the bound is laid out anew seldom.
_FOLLOWERS_LEFT_OUT = (0, *(250 * 2**step for step in range(30)))
LONGEST_WORDING = 140
PICTURES_KEPT = 32
_SECOND = 1_000_000
LEAST_OPEN_SECONDS = 1_800


@dataclass(slots=True)
class _Laid:
    """How posts were laid out, and by what: the same rows of (number, group, radius) are the same layout."""

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
    arrangement = store.views.history(incident).at(as_of)
    posts, history = arrangement.posts, arrangement.history
    mine = np.flatnonzero(np.isin(arrangement.rumour, _rumours(arrangement, rumour)))
    dated = mine[posts.created_at[mine] != NO_TIME]
    following = np.where(posts.followers[dated] == UNKNOWN, UNKNOWN_FOLLOWERS, posts.followers[dated])
    least = _least_followers(following)
    drawn = dated[following >= least]
    groups = (
        history.rumour_names(arrangement.rumour[drawn]) if rumour is None else history.flow_names(posts.flow[drawn])
    )
    followers = [None if one == UNKNOWN else one for one in posts.followers[drawn].tolist()]
    laid = _carried_on(before, list(zip(posts.seq[drawn].tolist(), groups, followers, strict=True)))
    # Flows in the order in which the first post of each is drawn.
    flows, first, flow_of = np.unique(posts.flow[drawn], return_index=True, return_inverse=True)
    order = np.argsort(first)
    removed = {row["seq"] for row in store.views.rows("changed_posts", **moment) if row["removed"]}
    words = opening_words(store, arrangement, mine[np.isin(posts.flow[mine], flows)], removed, moment)
    picture = Picture(
        layout=laid.name,
        offsets=laid.packing.posts,
        radii=np.array(laid.radii),
        times=posts.created_at[drawn] / _SECOND,
        groups=np.array(laid.groups, int),
        flow_of=np.argsort(order)[flow_of],
        followers=tuple(followers),
        is_official=~arrangement.is_vote[drawn],
        circles=laid.packing.groups,
        group_ids=tuple(laid.numbers),
        flows=tuple(
            _flow(arrangement, int(flows[one]), words.get(int(flows[one])), laid.groups[first[one]]) for one in order
        ),
        minutes=_minutes(arrangement, dated[arrangement.is_vote[dated]]),
        posts=len(mine),
        undated=len(mine) - len(dated),
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


def _rumours(arrangement: Arrangement, rumour: str | None) -> list[int]:
    """The numbers of one rumour, or of all that ever went on the board."""
    if rumour is None:
        return list(arrangement.surfaced_at())
    number = arrangement.history.number_of(rumour)
    return [] if number is None else [number]


def _carried_on(before: _Laid | None, drawn: Sequence[tuple[int, str, int | None]]) -> _Laid:
    """The layout of posts, each given by its number, its group and its followers.

    That of the first of them is carried on where it fits.
    """
    radii = radii_of([followers for *_, followers in drawn], least=LEAST_FOLLOWERS, unknown=UNKNOWN_FOLLOWERS)
    rows = [(seq, group, radius) for (seq, group, _), radius in zip(drawn, radii.tolist(), strict=True)]
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


def _least_followers(following: np.ndarray) -> int:
    """The least following of a post that is drawn, so that there are no more than MOST_CIRCLES."""
    counted = np.sort(following)
    for least in _FOLLOWERS_LEFT_OUT:
        if len(counted) - np.searchsorted(counted, least) <= MOST_CIRCLES:
            return least
    return _FOLLOWERS_LEFT_OUT[-1]


def _flow(arrangement: Arrangement, flow: int, words: str | None, group: int) -> BubbleFlow:
    stance, coder = stance_and_coder(arrangement, flow)
    return BubbleFlow(
        id=arrangement.history.flows[flow].as_py(),
        group=group,
        text=shortened(bubble_words.wording(masked(words)), LONGEST_WORDING),
        stance=stance,
        coded_by=coder,
    )


def _minutes(arrangement: Arrangement, votes: np.ndarray) -> dict[int, list[int]]:
    """Votes by minute since 1970: how many of each of STANCES."""
    # Of what nobody has coded the place is -1: the last.
    stance = arrangement.stance_of_flow[arrangement.posts.flow[votes]] % len(STANCES)
    cells, posts = np.unique(
        arrangement.posts.created_at[votes] // (60 * _SECOND) * len(STANCES) + stance, return_counts=True
    )
    minutes: dict[int, list[int]] = {}
    for cell, count in zip(cells.tolist(), posts.tolist(), strict=True):
        minutes.setdefault(cell // len(STANCES), [0] * len(STANCES))[cell % len(STANCES)] = count
    return minutes
