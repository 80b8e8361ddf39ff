"""Circles placed side by side, one after the other, so that none that lies there is moved by those that come later.

The bubbles are laid out by this: posts within their flow, and flows on the plain. What comes next takes the free
place nearest to the middle. So a picture that grew post by post and one that is laid out afterwards are the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

# Rings to look for a free place on lie this share of a radius apart: finer ones pack closer and take longer.
RING_STEP = 0.25
# Radii within this factor of each other take turns on the same rings.
CLASS_FACTOR = 1.25
# The share of a radius that stays free round a post, and round a flow.
POST_GAP, GROUP_GAP = 0.04, 0.06
# A flow's place is this much larger than what it holds, so that it moves seldom as it grows.
ROOM_TO_GROW = 1.15
# Once they have grown together by this factor, all flows are laid out anew.
LAID_OUT_ANEW = 1.2
# How far the middle of the plain reaches to either side, of the square root of what it holds.
WIDENED = 0.6
CENTRE_STEPS = 128
_TURN = 2 * np.pi
_GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))


class Rings:
    """Circles round a middle; each takes the free place nearest to it, and stays there.

    The middle is the point (0, 0), or the line from (-half_length, 0) to (half_length, 0): what grows round a line is
    wider than high, as screens are.
    """

    def __init__(self, half_length: float = 0.0) -> None:
        self._half_length = half_length
        self._size = 0
        # x, y, radius, and how far from the middle.
        self._kept = np.zeros((16, 4))
        # By class of radius: nearer to the middle than this no place is free.
        self._nearest: dict[int, float] = {}

    def __len__(self) -> int:
        return self._size

    @property
    def circles(self) -> np.ndarray:
        """(n, 3): x, y and radius of each, in the order in which they came."""
        return self._kept[: self._size, :3].copy()

    def place(self, radius: float) -> tuple[float, float]:
        """Where one more circle goes; it is remembered."""
        of_class = int(np.floor(np.log(radius) / np.log(CLASS_FACTOR)))
        distance = self._nearest.get(of_class, 0.0)
        while (found := self._free_at(distance, radius)) is None:
            distance += radius * RING_STEP
        self._nearest[of_class] = distance
        if self._size == len(self._kept):
            self._kept = np.concatenate([self._kept, np.zeros_like(self._kept)])
        self._kept[self._size] = *found, radius, distance
        self._size += 1
        return found

    def remove(self, place: int) -> None:
        """Free the place of one circle; the others keep their numbers."""
        _, _, radius, distance = self._kept[place]
        self._kept[place, 2] = -np.inf
        inner = max(0.0, float(distance - radius))
        self._nearest = {of_class: min(nearest, inner) for of_class, nearest in self._nearest.items()}

    def _free_at(self, distance: float, radius: float) -> tuple[float, float] | None:
        """A place at this distance from the middle where a circle overlaps none; None where there is none."""
        kept = self._kept[: self._size]
        apart = kept[:, 2] + radius
        near = np.abs(kept[:, 3] - distance) < apart * (1 - 1e-9)
        x, y, apart = kept[near, 0], kept[near, 1], apart[near]
        half = self._half_length
        if distance == 0.0 and half == 0.0:
            return None if len(x) else (0.0, 0.0)
        if distance == 0.0:
            free = _gaps(*_taken_of_line(x, y, apart, half), 2 * half)
            return (min((place - half for gap in free for place in gap), key=abs), 0.0) if len(free) else None
        around = _TURN * distance + 4 * half
        free = _gaps(*self._taken(x, y, apart, distance), around)
        if not len(free):
            return None
        # Rings begin here and there, so that free places are not all taken on one side.
        beginning = (distance / radius * _GOLDEN_ANGLE / _TURN) % 1.0 * around
        later = free[free[:, 1] >= beginning]
        return self._on_ring(max(later[0, 0], beginning) if len(later) else free[0, 0], distance)

    def _taken(
        self, x: np.ndarray, y: np.ndarray, apart: np.ndarray, distance: float
    ) -> tuple[np.ndarray, np.ndarray]:
        """Which stretches of a ring lie nearer than `apart` to points; as `_on_ring` goes along it."""
        half = self._half_length
        if half == 0.0:
            return _taken_of_arc(x, y, apart, distance, -np.pi / 2, _TURN)
        turn = np.pi * distance
        pieces = (
            _taken_of_arc(x - half, y, apart, distance, -np.pi / 2, np.pi),
            _taken_of_line(-x, y - distance, apart, half),
            _taken_of_arc(x + half, y, apart, distance, np.pi / 2, np.pi),
            _taken_of_line(x, y + distance, apart, half),
        )
        begins = np.cumsum([0.0, turn, 2 * half, turn])
        starts = np.concatenate([start + begin for (start, _), begin in zip(pieces, begins, strict=True)])
        return starts, np.concatenate([end + begin for (_, end), begin in zip(pieces, begins, strict=True)])

    def _on_ring(self, along: float, distance: float) -> tuple[float, float]:
        """The place so far along a ring: from the lower right round the right end, and on over the top."""
        half, turn = self._half_length, np.pi * distance
        for middle, begins in ((half, -np.pi / 2), (-half, np.pi / 2)):
            if along <= turn:
                angle = begins + along / distance
                return float(middle + distance * np.cos(angle)), float(distance * np.sin(angle))
            along -= turn
            if along <= 2 * half:
                return (half - along, distance) if middle == half else (along - half, -distance)
            along -= 2 * half
        return half, -distance


def _taken_of_line(x: np.ndarray, y: np.ndarray, apart: np.ndarray, half: float) -> tuple[np.ndarray, np.ndarray]:
    """Which stretches of the line from (-half, 0) to (half, 0) lie nearer than `apart` to points; from its start."""
    reach = np.sqrt(np.maximum(apart**2 - y**2, 0.0))
    return np.clip(x - reach + half, 0, 2 * half), np.clip(x + reach + half, 0, 2 * half)


def _taken_of_arc(
    x: np.ndarray, y: np.ndarray, apart: np.ndarray, radius: float, begins: float, extent: float
) -> tuple[np.ndarray, np.ndarray]:
    """Which stretches of an arc round (0, 0), from the angle `begins` on, lie nearer than `apart` to points.

    By the law of cosines; a point that takes the start of the whole circle takes its end too.
    """
    away = np.hypot(x, y)
    with np.errstate(divide="ignore", invalid="ignore"):
        cosines = (radius**2 + away**2 - apart**2) / (2 * radius * away)
    cosines = np.where(away == 0.0, np.where(apart > radius, -1.0, 1.0), cosines)
    half_angles = np.arccos(np.clip(cosines, -1.0, 1.0))
    starts = (np.arctan2(y, x) - half_angles - begins) % _TURN
    starts = np.concatenate([starts, starts - _TURN])
    ends = starts + 2 * np.concatenate([half_angles, half_angles])
    return np.clip(starts, 0, extent) * radius, np.clip(ends, 0, extent) * radius


def _gaps(starts: np.ndarray, ends: np.ndarray, length: float) -> np.ndarray:
    """The stretches (n, 2) from 0 to `length` that are not taken."""
    slack = 1e-9 * max(1.0, length)
    taken = ends - starts > slack
    starts, ends = starts[taken], ends[taken]
    order = np.argsort(starts, kind="stable")
    reached = np.concatenate([[0.0], np.maximum.accumulate(ends[order])])
    begins = np.concatenate([starts[order], [length]])
    free = begins - reached > slack
    return np.stack([reached[free], begins[free]], 1)


@dataclass(slots=True)
class _Group:
    """One flow: its posts round a middle of their own, and its place on the plain."""

    posts: Rings = field(default_factory=Rings)
    # The middle of what it holds, in its own terms, as of when it took its place; and that place.
    middle: tuple[float, float] = (0.0, 0.0)
    number: int | None = None
    x: float = 0.0
    y: float = 0.0
    room: float = 0.0
    reach: float = 0.0


class Packing:
    """Posts in flows on a plain, added in order of arrival.

    A post never moves within its flow. A flow moves, as a whole, when it has outgrown its place. All flows move when
    together they have grown by a fifth since they were last laid out: then the largest goes to the middle.
    """

    def __init__(self) -> None:
        self._groups: list[_Group] = []
        self._of: list[int] = []
        self._number: list[int] = []
        self._plain = Rings()
        # What all flows took up when they were last laid out, and which have yet to take their place since, in order.
        self._laid_out = 0.0
        self._waiting: list[tuple[_Group, float]] = []

    def __len__(self) -> int:
        return len(self._of)

    def add(self, group: int, radius: float) -> None:
        """Add a post of this radius to a flow, by the flow's number; a new flow's is one more than the last."""
        if group == len(self._groups):
            self._groups.append(_Group())
        one = self._groups[group]
        self._of.append(group)
        self._number.append(len(one.posts))
        x, y = one.posts.place(radius * (1 + POST_GAP))
        reach = float(np.hypot(x - one.middle[0], y - one.middle[1])) + radius
        if reach > one.room:
            self._settle(one)
        else:
            one.reach = max(one.reach, reach)

    @property
    def posts(self) -> np.ndarray:
        """(n, 2): where each post is, from where the first of its flow is. What is there does not change."""
        circles = [one.posts.circles[:, :2] for one in self._groups]
        if not self._of:
            return np.zeros((0, 2))
        starts = np.cumsum([0, *(len(one) for one in circles)])
        return np.concatenate(circles)[starts[np.array(self._of)] + np.array(self._number)]

    @property
    def groups(self) -> np.ndarray:
        """(m, 5): the middle of each flow on the plain, the radius that holds its posts, and where its first is."""
        self._place_waiting()
        rows = [(one.x, one.y, one.reach, one.x - one.middle[0], one.y - one.middle[1]) for one in self._groups]
        return np.array(rows).reshape(-1, 5)

    def _settle(self, one: _Group) -> None:
        """Let a flow have a place that is large enough."""
        circles = one.posts.circles
        circles[:, 2] /= 1 + POST_GAP
        one.middle, one.reach = enclosing(circles)
        one.room = one.reach * (ROOM_TO_GROW if len(circles) > 1 else 1.0)
        area = sum(other.room**2 for other in self._groups)
        if area > LAID_OUT_ANEW * self._laid_out:
            # Whatever waited is laid out with the others: a picture that is read at its end is laid out once.
            self._plain, self._laid_out = Rings(WIDENED * float(np.sqrt(area))), area
            self._waiting = [(other, other.room) for other in sorted(self._groups, key=lambda group: -group.room)]
            for other in self._groups:
                other.number = None
        else:
            self._waiting.append((one, one.room))

    def _place_waiting(self) -> None:
        for one, room in self._waiting:
            if one.number is not None:
                self._plain.remove(one.number)
            one.number = len(self._plain)
            one.x, one.y = self._plain.place(room * (1 + GROUP_GAP))
        self._waiting = []


def enclosing(circles: np.ndarray) -> tuple[tuple[float, float], float]:
    """A circle that holds circles (n, 3) of x, y, radius: its middle, and its radius, near the least there is.

    By ever smaller steps towards what is farthest (Bădoiu and Clarkson 2003).
    """
    middle = circles[np.argmax(circles[:, 2]), :2].copy()
    best, least = middle, np.inf
    for step in range(1, CENTRE_STEPS + 1):
        towards = circles[:, :2] - middle
        lengths = np.hypot(*towards.T)
        reach = lengths + circles[:, 2]
        farthest = int(np.argmax(reach))
        if reach[farthest] < least:
            best, least = middle.copy(), float(reach[farthest])
        if lengths[farthest] == 0:
            break
        # Towards the far side of what is farthest, from the near side of the circle so far.
        gone = towards[farthest] / lengths[farthest] * reach[farthest]
        middle = middle + gone / (step + 1)
    return (float(best[0]), float(best[1])), least


def radii_of(followers: Sequence[int | None], *, least: int, unknown: int) -> np.ndarray:
    """Radii (n,) of circles whose areas are as their followers; unknown ones get that of `unknown`."""
    known = np.array([unknown if one is None else max(one, least) for one in followers], float)
    return np.sqrt(known)
