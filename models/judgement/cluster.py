"""Flows → rumours: each flow as it comes, and every ten minutes the latest flows as a whole.

`place` puts one flow into the rumour that it resembles most, or into none. Its resemblance to a rumour is a blend of
the rumour's nearest flow and the mean over its flows, between single and average linkage: by the nearest flow alone,
unlike claims would chain together.

`consolidate` groups the latest flows as a whole (`local_cut`). It corrects what could not be known when they came: it
merges rumours that are alike and splits those that are not one claim. Flows of the same rumour get a small bonus, so
that nothing moves without need. What people decided is a constraint.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from models.domain.acts import Constraints
from models.domain.ids import stable_id
from models.judgement.local_cut import least_together, locally_cut, settled
from models.judgement.name_book import NameBook
from models.judgement.resemblance import WINDOW_FLOWS, FlowWindow, ResemblanceWeights
from models.weights import checked

CONSOLIDATED_FLOWS = 2_000
DECIMALS = 5
SETTINGS_FILE = "settings.json"
# The resemblance of flows that people put together, and of flows that they keep apart: no other makes up for it.
ALWAYS, NEVER = 1e3, -1e9


@dataclass(frozen=True, slots=True)
class ClusterSettings:
    """How resemblance is measured, how much a flow needs to join a rumour, and what speaks for staying in it.

    `nearest_share` is the nearest flow's share in the resemblance to a rumour. A flow joins at `least_to_join`, or at
    `above_usual` more than two flows of the incident resemble each other on average, where that is less.
    """

    weights: ResemblanceWeights = field(default_factory=ResemblanceWeights)
    nearest_share: float = 0.4
    least_to_join: float = 0.46
    above_usual: float = 0.12
    staying_bonus: float = 0.04

    @classmethod
    def load(cls, folder: Path) -> "ClusterSettings":
        """From a weights folder. Raises WeightsRefused."""
        settings = json.loads((checked(folder, "clusters") / SETTINGS_FILE).read_text(encoding="utf-8"))
        return cls(ResemblanceWeights(**settings.pop("weights")), **settings)


@dataclass(frozen=True, slots=True)
class Nearest:
    """The rumour that a flow joins, None where none is near enough; its resemblance to the nearest, about 0 to 1."""

    rumour: str | None
    resemblance: float


@dataclass(frozen=True, slots=True)
class Regrouping:
    """What a consolidation changed.

    `moved`: flow → its rumour now; `merged`: rumour that ended → the one it was merged into; `split`: new rumour →
    the one it was split from.
    """

    moved: Mapping[str, str] = field(default_factory=dict)
    merged: Mapping[str, str] = field(default_factory=dict)
    split: Mapping[str, str] = field(default_factory=dict)


class OnlineClusterer:
    """The latest flows of one incident and their rumours. `place` asks, `learn` remembers, `consolidate` regroups.

    >>> clusterer = OnlineClusterer(2, ClusterSettings())
    >>> flow = np.array([1, 0], np.float32), ["dam", "burst"]
    >>> clusterer.place(*flow, hours=0.0)
    Nearest(rumour=None, resemblance=0.0)
    >>> clusterer.learn("flow 1", *flow, hours=0.0, rumour="the dam")
    >>> clusterer.place(*flow, hours=0.5).rumour
    'the dam'
    """

    def __init__(self, dimensions: int, settings: ClusterSettings, *, window_flows: int = WINDOW_FLOWS):
        self._settings = settings
        self._window = FlowWindow(dimensions, settings.weights, window_flows=window_flows)
        self._rumour_at = np.zeros(2 * window_flows, np.int64)
        self._rumours: list[str] = []
        self._number_of: dict[str, int] = {}
        self._used: set[str] = set()
        self._flows: list[str] = []
        self._name_book = NameBook()
        self._names: list[frozenset[str]] = []

    def place(self, vector: np.ndarray, words: Sequence[str], hours: float) -> Nearest:
        """Where a flow of this unit vector (d,), these content words and this time belongs. Changes nothing."""
        start, end = self._window.start, self._window.filled
        if start == end:
            return Nearest(None, 0.0)
        resemblance = self._window.resemblances(vector, words, hours)
        at, rumours = self._rumour_at[start:end], len(self._rumours)
        nearest = np.full(rumours, -1.0)
        np.maximum.at(nearest, at, resemblance)
        flows = np.bincount(at, minlength=rumours)
        mean = np.bincount(at, weights=resemblance, minlength=rumours) / np.maximum(flows, 1)
        share = self._settings.nearest_share
        score = np.round(np.where(flows > 0, share * nearest + (1 - share) * mean, -1.0), DECIMALS)
        # Among equals the rumour with the oldest flow: the numbers of rumours differ after a restart.
        best = int(at[(score[at] == score.max()).argmax()])
        near_enough = score[best] >= self._least_to_join()
        return Nearest(self._rumours[best] if near_enough else None, round(float(score[best]), DECIMALS))

    def _least_to_join(self) -> float:
        """Where flows are less alike than elsewhere, less is asked of one that joins."""
        asked = settled(self._window.usual, self._window.filled) + self._settings.above_usual
        return min(asked, self._settings.least_to_join)

    def learn(
        self, flow: str, vector: np.ndarray, words: Sequence[str], hours: float, rumour: str, text: str = ""
    ) -> None:
        """Remember that a flow belongs to `rumour`; `text` is read for the names that tell it from others."""
        self._used.add(rumour)
        if dropped := self._window.add(vector, words, hours):
            self._drop(dropped)
        self._rumour_at[self._window.filled - 1] = self._number(rumour)
        self._flows.append(flow)
        names = self._name_book.names_in(text)
        self._name_book.learn(names)
        self._names.append(names)

    def reserve(self, rumours: Iterable[str]) -> None:
        """Remember names of rumours, also of those that ended, so that no new rumour gets one of them."""
        self._used.update(rumours)

    @property
    def mean(self) -> np.ndarray:
        """The mean of the incident's vectors (d,) when the space was last fitted."""
        return self._window.mean

    def consolidate(self, incident: str, constraints: Constraints, shown: Collection[str]) -> Regrouping:
        """Group the latest flows as a whole, within what people decided; remember and return what changed.

        A group takes the name of a rumour that people acted on before one that is `shown` on the board, and that
        before any other. No flow leaves a rumour that people merged others into: for them it is one claim.
        """
        start = max(self._window.start, self._window.filled - CONSOLIDATED_FLOWS)
        if self._window.filled - start < 2:
            return Regrouping()
        flows = self._flows[start:]
        before = self._rumour_at[start : self._window.filled]
        old = [self._rumours[number] for number in before]
        pinned = self._pinned(flows, old, constraints)
        groups = self._grouped(self._window.matrix(CONSOLIDATED_FLOWS), before, pinned, constraints)
        named = self._named(incident, flows, groups, before, pinned, constraints.protected, shown)
        moved = {
            flow: now
            for flow, was, now, stays in zip(flows, old, named, pinned >= 0, strict=True)
            if was != now and not stays
        }
        return self._changed(start, flows, old, moved, constraints.protected)

    def _pinned(self, flows: Sequence[str], old: Sequence[str], constraints: Constraints) -> np.ndarray:
        """The number of the rumour that people put each flow into, -1 where the model decides: (n,)."""
        whole = set(constraints.merged.values())
        pins = constraints.pinned
        put = [was if was in whole else pins.get(flow, "") for flow, was in zip(flows, old, strict=True)]
        return np.array([self._number_of.get(rumour, -1) for rumour in put])

    def _grouped(
        self, resemblance: np.ndarray, before: np.ndarray, pinned: np.ndarray, constraints: Constraints
    ) -> np.ndarray:
        """The number of each flow's group: (n,)."""
        # Rounded, so that which of two equals is joined first does not hang on how a machine adds up.
        nearness = np.round((resemblance + resemblance.T) / 2, DECIMALS)
        floor = least_together(nearness)
        nearness += self._settings.staying_bonus * (before[:, None] == before[None])
        together = (pinned[:, None] == pinned[None]) & (pinned[:, None] >= 0)
        nearness[together] = ALWAYS
        nearness[self._kept_apart(before, constraints)] = NEVER
        names = self._name_book.clashes_among(self._names[-len(before) :])
        # What people put together is one claim for them, whatever it names.
        names.clashes[together] = False
        return locally_cut(nearness, floor, names)

    def _kept_apart(self, before: np.ndarray, constraints: Constraints) -> np.ndarray:
        """Which flows may not be joined, because people split their rumours or acted on both: (n, n)."""
        present, at = np.unique(before, return_inverse=True)
        names = [self._rumours[number] for number in present]
        protected = np.array([name in constraints.protected for name in names])
        apart = protected[:, None] & protected[None]
        np.fill_diagonal(apart, False)
        place_of = {name: place for place, name in enumerate(names)}
        for first, second in constraints.apart:
            if first in place_of and second in place_of:
                a, b = place_of[first], place_of[second]
                apart[a, b] = apart[b, a] = True
        return apart[np.ix_(at, at)]

    def _named(
        self,
        incident: str,
        flows: Sequence[str],
        groups: np.ndarray,
        before: np.ndarray,
        pinned: np.ndarray,
        protected: Collection[str],
        shown: Collection[str],
    ) -> list[str]:
        """The rumour of each flow: a group takes the name of the rumour that most of its flows come from.

        Names that people acted on or see on the board are given first, each to one group only.
        """
        shared = Counter(zip(groups.tolist(), before.tolist(), strict=True))
        oldest: dict[int, int] = {}
        for slot, number in enumerate(before.tolist()):
            oldest.setdefault(number, slot)

        def precedence(pair: tuple[int, int]) -> tuple:
            name = self._rumours[pair[1]]
            return (name not in protected, name not in shown, -shared[pair], oldest[pair[1]])

        name_of: dict[int, str] = {}
        taken: set[int] = set()
        for group, number in sorted(shared, key=precedence):
            if group not in name_of and number not in taken:
                name_of[group] = self._rumours[number]
                taken.add(number)
        for group, number in zip(groups.tolist(), pinned.tolist(), strict=True):
            if number >= 0:
                # A group around flows that people put into a rumour goes there, and becomes no rumour of its own.
                name_of.setdefault(group, self._rumours[number])
        for slot, group in enumerate(groups.tolist()):
            if group not in name_of:
                name_of[group] = self._new_name(incident, flows[slot])
        return [name_of[group] for group in groups.tolist()]

    def _new_name(self, incident: str, flow: str) -> str:
        """A name for flows that are split off, made from the oldest of them; no rumour ever had it."""
        name = stable_id("rumour", incident, flow)
        while name in self._used:
            name = stable_id("rumour", incident, flow, name)
        return name

    def _changed(
        self, start: int, flows: Sequence[str], old: Sequence[str], moved: dict[str, str], protected: Collection[str]
    ) -> Regrouping:
        """Remember the rumours of the flows that moved, and say what became of rumours."""
        left = {was for flow, was in zip(flows, old, strict=True) if flow not in moved}
        left.update(moved.values())
        heirs: dict[str, Counter[str]] = {}
        origins: dict[str, str] = {}
        for flow, was in zip(flows, old, strict=True):
            if flow in moved:
                heirs.setdefault(was, Counter())[moved[flow]] += 1
                origins.setdefault(moved[flow], was)
        merged = {
            was: heir.most_common(1)[0][0] for was, heir in heirs.items() if was not in left and was not in protected
        }
        split = {now: was for now, was in origins.items() if now not in self._number_of}
        self._used.update(split)
        for slot, flow in enumerate(flows, start):
            if flow in moved:
                self._rumour_at[slot] = self._number(moved[flow])
        for was, into in merged.items():
            # Its older flows, which were not regrouped, go along.
            earlier = self._rumour_at[:start]
            earlier[earlier == self._number_of[was]] = self._number(into)
        return Regrouping(moved, merged, split)

    def _number(self, rumour: str) -> int:
        if rumour not in self._number_of:
            self._number_of[rumour] = len(self._rumours)
            self._rumours.append(rumour)
        return self._number_of[rumour]

    def _drop(self, dropped: int) -> None:
        """Forget the oldest flows, and renumber the rumours of those that are left."""
        kept = self._rumour_at[dropped : dropped + len(self._flows) - dropped]
        left, numbers = np.unique(kept, return_inverse=True)
        self._rumours = [self._rumours[number] for number in left]
        self._number_of = {rumour: number for number, rumour in enumerate(self._rumours)}
        self._rumour_at[: len(kept)] = numbers
        self._flows = self._flows[dropped:]
        self._names = self._names[dropped:]
