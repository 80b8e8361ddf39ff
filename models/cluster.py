"""Flows → rumours: online, each flow joins the rumour it resembles most or opens one; every few minutes, together.

`place` decides about one flow at once. Resemblance to a rumour blends its nearest flow with the mean of its flows,
between single and average linkage: nearest alone chains unlike claims together. `consolidate` looks at the latest
flows as a whole (average linkage, Sokal and Michener 1958) and so repairs what could not be seen when they came: it
joins near rumours and parts loose ones. Flows of one rumour count as nearer by a little, so that nothing moves
without need, and what people decided stands.
"""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from models.domain import Constraints, named_id
from models.resemblance import WINDOW_FLOWS, FlowWindow, ResemblanceWeights
from models.weights import checked

CONSOLIDATED_FLOWS = 2_000
SETTINGS_FILE = "settings.json"
# Farther than any resemblance can bring near: flows that people keep apart.
NEVER = 1e6


@dataclass(frozen=True, slots=True)
class ClusterSettings:
    """What resembles what, and how much is near enough to join a rumour, and to stay in one rumour afterwards."""

    weights: ResemblanceWeights = field(default_factory=ResemblanceWeights)
    nearest_share: float = 0.3
    least_to_join: float = 0.34
    least_together: float = 0.31
    staying_bonus: float = 0.05

    @classmethod
    def load(cls, folder: Path) -> "ClusterSettings":
        """From a weights folder. Raises WeightsRefused."""
        said = json.loads((checked(folder, "clusters") / SETTINGS_FILE).read_text(encoding="utf-8"))
        return cls(ResemblanceWeights(**said.pop("weights")), **said)


@dataclass(frozen=True, slots=True)
class Nearest:
    """The rumour a flow resembles most and how much (about 0 to 1); `rumour` is None where nothing is near enough."""

    rumour: str | None
    resemblance: float


@dataclass(frozen=True, slots=True)
class Regrouping:
    """What a consolidation changed: flow → its rumour now; rumour → the one it ended in; new one → its origin."""

    moved: Mapping[str, str] = field(default_factory=dict)
    merged: Mapping[str, str] = field(default_factory=dict)
    split: Mapping[str, str] = field(default_factory=dict)


class OnlineClusterer:
    """The latest flows of one incident and their rumours. `place` asks, `learn` remembers, `consolidate` regroups."""

    def __init__(self, dimensions: int, settings: ClusterSettings, *, window_flows: int = WINDOW_FLOWS):
        self._settings = settings
        self._window = FlowWindow(dimensions, settings.weights, window_flows=window_flows)
        self._rumour_at = np.zeros(2 * window_flows, np.int64)
        self._rumours: list[str] = []
        self._number_of: dict[str, int] = {}
        self._flows: list[str] = []

    def place(self, vector: np.ndarray, words: Sequence[str], hours: float) -> Nearest:
        """Where a flow with this unit vector (d,), these content words and this time belongs. Changes nothing."""
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
        score = np.where(flows > 0, share * nearest + (1 - share) * mean, -1.0)
        best = int(score.argmax())
        near_enough = score[best] >= self._settings.least_to_join
        return Nearest(self._rumours[best] if near_enough else None, round(float(score[best]), 6))

    def learn(self, flow: str, vector: np.ndarray, words: Sequence[str], hours: float, rumour: str) -> None:
        """Remember that a flow belongs to `rumour`."""
        if dropped := self._window.add(vector, words, hours):
            self._drop(dropped)
        self._rumour_at[self._window.filled - 1] = self._number(rumour)
        self._flows.append(flow)

    def idf(self, word: str) -> float:
        """How rare a word is in this incident so far."""
        return self._window.idf(word)

    def consolidate(self, incident: str, constraints: Constraints, shown: Collection[str]) -> Regrouping:
        """Group the latest flows anew, as a whole, within what people decided; remember and return what changed.

        A group goes on under a name that people hold or that is `shown` on the board, before any other.
        """
        start = max(self._window.start, self._window.filled - CONSOLIDATED_FLOWS)
        if self._window.filled - start < 2:
            return Regrouping()
        flows = self._flows[start:]
        before = self._rumour_at[start : self._window.filled]
        groups = self._grouped(self._window.matrix(CONSOLIDATED_FLOWS), flows, before, constraints)
        named = self._named(incident, flows, groups, before, constraints.held, shown)
        old = [self._rumours[number] for number in before]
        moved = {
            flow: now for flow, was, now in zip(flows, old, named, strict=True)
            if was != now and flow not in constraints.pinned
        }  # fmt: skip
        return self._changed(start, flows, old, moved, constraints.held)

    def _grouped(
        self, resemblance: np.ndarray, flows: Sequence[str], before: np.ndarray, constraints: Constraints
    ) -> np.ndarray:
        nearness = resemblance + self._settings.staying_bonus * (before[:, None] == before[None])
        top = float(nearness.max()) + 1.0
        distance = top - (nearness + nearness.T) / 2
        pinned = np.array([self._number_of.get(constraints.pinned.get(flow, ""), -1) for flow in flows])
        distance[(pinned[:, None] == pinned[None]) & (pinned[:, None] >= 0)] = 0.0
        for one, other in self._kept_apart(before, constraints):
            between = np.ix_(before == one, before == other)
            distance[between] = NEVER
            distance.T[between] = NEVER
        np.fill_diagonal(distance, 0.0)
        tree = linkage(squareform(distance, checks=False), "average")
        return fcluster(tree, top - self._settings.least_together, "distance")

    def _kept_apart(self, before: np.ndarray, constraints: Constraints) -> list[tuple[int, int]]:
        """Pairs of rumours, by number, that may not be joined: parted by people, or both held by them."""
        present = sorted({int(number) for number in before})
        names = {number: self._rumours[number] for number in present}
        held = [number for number in present if names[number] in constraints.held]
        apart = {
            tuple(sorted((self._number_of[a], self._number_of[b])))
            for a, b in constraints.apart
            if a in self._number_of and b in self._number_of
        }
        return sorted(apart | {(one, other) for one in held for other in held if one < other})

    def _named(
        self,
        incident: str,
        flows: Sequence[str],
        groups: np.ndarray,
        before: np.ndarray,
        held: Collection[str],
        shown: Collection[str],
    ) -> list[str]:
        """The rumour of each flow: a group goes on as the rumour most of it came from, what people see first."""
        shared = Counter(zip(groups.tolist(), before.tolist(), strict=True))
        oldest: dict[int, int] = {}
        for slot, number in enumerate(before.tolist()):
            oldest.setdefault(number, slot)

        def claim(pair: tuple[int, int]) -> tuple:
            name = self._rumours[pair[1]]
            return (name not in held, name not in shown, -shared[pair], oldest[pair[1]])

        name_of: dict[int, str] = {}
        taken: set[int] = set()
        for group, number in sorted(shared, key=claim):
            if group not in name_of and number not in taken:
                name_of[group] = self._rumours[number]
                taken.add(number)
        for slot, group in enumerate(groups.tolist()):
            if group not in name_of:
                name_of[group] = self._new_name(incident, flows[slot], set(name_of.values()))
        return [name_of[group] for group in groups.tolist()]

    def _new_name(self, incident: str, flow: str, used: Collection[str]) -> str:
        """A name for what was parted from a rumour, from its oldest flow: the same whenever that happens again."""
        name = named_id("rumour", incident, flow)
        while name in used or name in self._number_of:
            name = named_id("rumour", incident, flow, name)
        return name

    def _changed(
        self, start: int, flows: Sequence[str], old: Sequence[str], moved: dict[str, str], held: Collection[str]
    ) -> Regrouping:
        left = {was for flow, was in zip(flows, old, strict=True) if flow not in moved}
        left.update(moved.values())
        heirs: dict[str, Counter[str]] = {}
        origins: dict[str, str] = {}
        for flow, was in zip(flows, old, strict=True):
            if flow in moved:
                heirs.setdefault(was, Counter())[moved[flow]] += 1
                origins.setdefault(moved[flow], was)
        merged = {
            was: heir.most_common(1)[0][0] for was, heir in heirs.items() if was not in left and was not in held
        }
        split = {now: was for now, was in origins.items() if now not in self._number_of}
        for slot, flow in enumerate(flows, start):
            if flow in moved:
                self._rumour_at[slot] = self._number(moved[flow])
        for was, into in merged.items():
            # Its flows from before the latest ones go along.
            earlier = self._rumour_at[:start]
            earlier[earlier == self._number_of[was]] = self._number(into)
        return Regrouping(moved, merged, split)

    def _number(self, rumour: str) -> int:
        if rumour not in self._number_of:
            self._number_of[rumour] = len(self._rumours)
            self._rumours.append(rumour)
        return self._number_of[rumour]

    def _drop(self, dropped: int) -> None:
        """Forget the oldest flows; number the rumours that are left anew."""
        kept = self._rumour_at[dropped : dropped + len(self._flows) - dropped]
        left, numbers = np.unique(kept, return_inverse=True)
        self._rumours = [self._rumours[number] for number in left]
        self._number_of = {rumour: number for number, rumour in enumerate(self._rumours)}
        self._rumour_at[: len(kept)] = numbers
        self._flows = self._flows[dropped:]
