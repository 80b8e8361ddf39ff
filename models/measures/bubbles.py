"""The picture of bubbles as numbers: what of it is where, and how it stands at a moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from models.domain.rumours import Stance

STANCES = (*Stance, None)
# As on the screen: a fainter post is gone, and a circle whose posts have gone keeps this share of its size.
FAINTEST, LEAST_SCALE = 0.04, 0.1
# A ring may go beyond the place that was laid out for it by a little of what is kept free round each.
ROOM = 1.01


@dataclass(frozen=True, slots=True)
class BubbleFlow:
    """A post and its copies, in the words that opened it; `coded_by` is a person's name, None for the model."""

    id: str
    group: int
    text: str
    stance: Stance | None
    coded_by: str | None


@dataclass(frozen=True, slots=True)
class Picture:
    """What bubbles are drawn from: arrays have a row a drawn post, in order of arrival.

    `circles` (m, 5) are x, y and radius of what holds them, and x and y of its first post; `offsets` (n, 2) are from
    there; all in square roots of followers. `times` (n,) are seconds since 1970. `minutes` counts all posts of the
    public by minute and place in STANCES, drawn or not; what officials post and its copies are no votes, and
    `is_official`. `least_followers`: authors of fewer are left out. `layout`
    names what the first posts were laid out from: while it is the same, earlier rows are the same, but for `circles`.
    """

    layout: str
    offsets: np.ndarray
    radii: np.ndarray
    times: np.ndarray
    groups: np.ndarray
    flow_of: np.ndarray
    followers: tuple[int | None, ...]
    is_official: np.ndarray
    circles: np.ndarray
    group_ids: tuple[str, ...]
    flows: tuple[BubbleFlow, ...]
    minutes: Mapping[int, Sequence[int]]
    posts: int
    undated: int
    left_out: int
    least_followers: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a picture stands at a moment.

    Of each circle (m,) its scale, the middle (m, 2) and the reach of the ring round the posts that have arrived, both
    before they are scaled round the middle of the circle, and its loudest flow (-1: none) with how loud that is; of
    each post that is shown (k,) its place in the picture and its strength, from 0 to 1.
    """

    scales: np.ndarray
    rings: np.ndarray
    reaches: np.ndarray
    loudness: np.ndarray
    loudest: np.ndarray
    shown: np.ndarray
    strengths: np.ndarray


def standing(picture: Picture, moment: datetime, half_life: timedelta) -> Standing:
    """As `assets/bubbles_picture.js` works it out: a post's strength halves with each half-life.

    A circle is scaled by the root of how much of its posts' area is left.
    """
    age = moment.timestamp() - picture.times
    there = np.flatnonzero(age >= 0)
    strength = 2.0 ** (-age[there] / half_life.total_seconds())
    group, area = picture.groups[there], picture.radii[there] ** 2
    count = len(picture.circles)
    whole = np.bincount(group, area, count)
    left = np.bincount(group, area * strength, count)
    scales = np.where(whole > 0, np.maximum(LEAST_SCALE, np.sqrt(left / np.maximum(whole, 1e-9))), 0.0)
    rings, reaches = _rings(picture, there)
    votes = ~picture.is_official[there]
    of_flow = np.bincount(picture.flow_of[there][votes], (area * strength)[votes], len(picture.flows))
    loudest, loudness = np.full(count, -1), np.zeros(count)
    for flow, loud in enumerate(of_flow):
        at = picture.flows[flow].group
        if loud > loudness[at]:
            loudest[at], loudness[at] = flow, loud
    bright = strength >= FAINTEST
    return Standing(scales, rings, reaches, loudness, loudest, there[bright], strength[bright])


def _rings(picture: Picture, there: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The middle (m, 2) and the reach (m,) of the ring round those posts of each circle that are `there`.

    A ring swells by no more than a post that arrives outside of it asks for (Ritter, "An efficient bounding sphere",
    1990), and stays in the place that was laid out for it.
    """
    group, radius = picture.groups[there], picture.radii[there]
    places = picture.circles[group, 3:] + picture.offsets[there]
    middles = picture.circles[:, :2]
    rings, grown = middles.copy(), np.zeros(len(middles))
    for one in np.argsort(picture.times[there], kind="stable"):
        at, r = group[one], radius[one]
        way = places[one] - rings[at]
        far = np.hypot(*way)
        if grown[at] and far + r <= grown[at]:
            continue
        swelled = (far + grown[at] + r) / 2 if grown[at] and far + grown[at] > r else r
        rings[at] += way * (1.0 if swelled == r else (swelled - grown[at]) / far)
        grown[at] = swelled
    reaches, from_middle = np.zeros(len(middles)), np.zeros(len(middles))
    np.maximum.at(reaches, group, np.hypot(*(places - rings[group]).T) + radius)
    np.maximum.at(from_middle, group, np.hypot(*(places - middles[group]).T) + radius)
    beyond = np.hypot(*(rings - middles).T) + reaches - from_middle
    room = np.maximum(0.0, picture.circles[:, 2] * ROOM - from_middle)
    share = np.where(beyond > 0, np.minimum(1.0, room / np.where(beyond > 0, beyond, 1.0)), 1.0)
    return middles + (rings - middles) * share[:, None], from_middle + (reaches - from_middle) * share


def strip_bars(picture: Picture, start: float, end: float, most: int) -> tuple[np.ndarray, np.ndarray]:
    """The volume below the picture, from `start` to `end` in seconds since 1970: at most `most` bars (k).

    The edges of the bars (k + 1,) in seconds, and posts (k, stances) in the order of STANCES. A bar is so many whole
    minutes, since posts are counted by the minute: a finer one would leave gaps that no source left.
    """
    first = int(start // 60)
    minutes = int(end // 60) - first + 1
    each = -(-minutes // most)
    bars = -(-minutes // each)
    posts = np.zeros((bars, len(STANCES)))
    for minute, counts in picture.minutes.items():
        posts[min(bars - 1, max(0, (minute - first) // each))] += counts
    return 60.0 * (first + each * np.arange(bars + 1)), posts
