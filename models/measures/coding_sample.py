"""Which flows people code, so that the model's error can be estimated from a few of them.

The sample is stratified (Cochran 1977, chapter 5): by the label that the model gave, since a plain sample of an
incident that is mostly comment would hold hardly a denial, and within it by the size of the rumour where a label has
flows in rumours of either size, since the model may do otherwise in a rumour of a few flows than in one of hundreds.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.domain.rumours import Stance

# A rumour of so many flows is large.
LARGE_RUMOUR_FLOWS = 20
# The variance within a stratum is known from two flows on.
FEWEST_A_STRATUM = 2


@dataclass(frozen=True, slots=True)
class FrameFlow:
    """A flow that may be drawn: the post whose words are its rumour's claim, the model's label, its rumour's size."""

    flow: str
    rumour: str
    claim: str
    label: Stance
    rumour_flows: int

    @property
    def stratum(self) -> str:
        return f"{self.label.value}, {'large' if self.rumour_flows >= LARGE_RUMOUR_FLOWS else 'small'} rumour"


@dataclass(frozen=True, slots=True)
class SampledFlow:
    """A flow that was drawn, with what the estimates weigh it by: its stratum's size and its chance to be drawn.

    `place` is where it stands among the flows that are coded, from 0; `label` is the model's at the draw.
    """

    flow: str
    rumour: str
    claim: str
    place: int
    stratum: str
    stratum_flows: int
    inclusion: float
    label: Stance


def draw(frame: Sequence[FrameFlow], size: int, seed: int) -> list[SampledFlow]:
    """`size` flows of the frame, or all where it holds fewer, in the order in which they are coded.

    The same frame, in any order, and the same seed give the same sample. The order is shuffled, so that it tells
    nothing of what the model said.
    """
    strata = defaultdict(list)
    for one in sorted(frame, key=lambda one: (one.flow, one.rumour)):
        strata[one.stratum].append(one)
    sizes = shares({name: len(flows) for name, flows in strata.items()}, min(size, len(frame)))
    random = np.random.default_rng(seed)
    drawn = [
        (strata[name][place], len(strata[name]), sizes[name])
        for name in sorted(strata)
        for place in sorted(random.choice(len(strata[name]), sizes[name], replace=False))
    ]
    return [
        SampledFlow(
            flow=one.flow,
            rumour=one.rumour,
            claim=one.claim,
            place=place,
            stratum=one.stratum,
            stratum_flows=of_all,
            inclusion=taken / of_all,
            label=one.label,
        )
        for place, (one, of_all, taken) in enumerate(drawn[at] for at in random.permutation(len(drawn)))
    ]


def shares(flows: Mapping[str, int], size: int) -> dict[str, int]:
    """How many of `size` flows each stratum gives, by how many it has: as their square roots (Bankier 1988).

    So a rare label is known nearly as well as a common one. Each gives two at least, as far as there are so many.

    >>> shares({"comment": 900, "deny": 100}, 40)
    {'comment': 30, 'deny': 10}
    >>> shares({"comment": 900, "deny": 3}, 40)
    {'comment': 38, 'deny': 2}
    """
    given = {name: min(FEWEST_A_STRATUM, count) for name, count in sorted(flows.items())}
    # What is too few for all: the largest strata come first.
    while sum(given.values()) > size:
        smallest = min((name for name in given if given[name]), key=lambda name: (flows[name], name))
        given[smallest] -= 1
    # One by one to the stratum that is furthest below its share (D'Hondt), until all are given.
    while sum(given.values()) < size:
        open_strata = [name for name in given if given[name] < flows[name]]
        given[max(open_strata, key=lambda name: (math.sqrt(flows[name]) / (given[name] + 1), name))] += 1
    return {name: given[name] for name in flows}
