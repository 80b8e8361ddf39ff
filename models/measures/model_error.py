"""How often the model says what people say, estimated from a stratified sample of flows, with an interval.

Each flow stands for as many as its stratum holds for each one coded. A share is the combined ratio estimate of two
weighted sums, with its linearised variance (Cochran 1977, §6.11; Särndal, Swensson and Wretman 1992, §5.6). The
interval is Wilson's at the effective sample size, that at which a simple random sample would have this variance (Kish
1965; Korn and Graubard 1998; Franco et al. 2019 compare). There is no correction for a finite population: the model
goes on judging flows that nobody has drawn from.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from models.domain.rumours import Stance

# The normal quantile of a 95% interval.
Z_95 = 1.959963984540054
# Below these numbers of coded flows no share is given: its interval would span half of everything.
FEWEST_FLOWS = 30
FEWEST_OF_A_STANCE = 10
# What varies within a stratum is known from two flows on.
FEWEST_A_STRATUM = 2
# What may be taken together with flows to which the model gave another label, where hardly a flow of it is coded.
LARGEST_JOINED_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class DrawnFlow:
    """What the model and people said of one flow that was drawn, and how many flows its stratum holds.

    All flows of a stratum have the same label of the model. `people` is None where they have not settled it.
    """

    stratum: str
    stratum_flows: int
    model: Stance
    people: Stance | None


@dataclass(frozen=True, slots=True)
class Share:
    """An estimate, 0 to 1, with its 95% interval, resting on `flows` coded flows."""

    estimate: float
    low: float
    high: float
    flows: int


@dataclass(frozen=True, slots=True)
class TooFew:
    """No estimate: there are `flows` coded flows, and `needed` at least would be needed.

    `label`: of those to which the model gave this one; None: in all.
    """

    flows: int
    needed: int
    label: Stance | None = None


def model_agreement(drawn: Sequence[DrawnFlow]) -> Share | TooFew:
    """The share of the flows in which the model says what people say, from all flows that were drawn."""
    return _share(drawn, lambda one: True, FEWEST_FLOWS)


def model_recall(drawn: Sequence[DrawnFlow], stance: Stance) -> Share | TooFew:
    """Of the flows to which people give this stance, the share to which the model does too."""
    return _share(drawn, lambda one: one.people is stance, FEWEST_OF_A_STANCE)


def _share(drawn: Sequence[DrawnFlow], counts: Callable[[DrawnFlow], bool], needed: int) -> Share | TooFew:
    coded = [one for one in drawn if one.people is not None]
    found = sum(map(counts, coded))
    if found < needed:
        return TooFew(found, needed)
    joined = _joined(drawn)
    if isinstance(joined, TooFew):
        return joined
    sizes: Counter[str] = Counter()
    for stratum, flows in {one.stratum: one.stratum_flows for one in drawn}.items():
        sizes[joined[stratum]] += flows
    strata = defaultdict(list)
    for one in coded:
        strata[joined[one.stratum]].append((float(counts(one)), float(counts(one) and one.model is one.people)))
    weights = {name: sizes[name] / len(pairs) for name, pairs in strata.items()}
    total = sum(weights[name] * counted for name, pairs in strata.items() for counted, _ in pairs)
    estimate = sum(weights[name] * right for name, pairs in strata.items() for _, right in pairs) / total
    spreads = {
        name: _variance([right - estimate * counted for counted, right in pairs]) for name, pairs in strata.items()
    }
    variance = sum(sizes[name] ** 2 * spreads[name] / len(strata[name]) for name in strata) / total**2
    return Share(estimate, *wilson(estimate, _effective(estimate, variance, found)), found)


def _joined(drawn: Sequence[DrawnFlow]) -> dict[str, str] | TooFew:
    """What each stratum is taken together with (collapsed strata, Cochran 1977, §5A.12), itself for most.

    One of which hardly a flow is coded is taken with those of the same label. A label of which hardly a flow is coded
    is taken with the stratum that has the most, where it is rare; else nothing can be estimated.
    """
    sizes = {one.stratum: one.stratum_flows for one in drawn}
    label_of = {one.stratum: one.model for one in drawn}
    coded = Counter(one.stratum for one in drawn if one.people is not None)
    short = {label_of[name] for name in sizes if coded[name] < min(FEWEST_A_STRATUM, sizes[name])}
    joined = {name: label_of[name].value if label_of[name] in short else name for name in sizes}
    most = max(coded, key=lambda name: coded[name])
    for label in sorted(short):
        of_label = [name for name in sizes if label_of[name] is label]
        flows, there = sum(coded[name] for name in of_label), sum(sizes[name] for name in of_label)
        if flows >= min(FEWEST_A_STRATUM, there):
            continue
        if there > LARGEST_JOINED_SHARE * sum(sizes.values()):
            return TooFew(flows, FEWEST_A_STRATUM, label)
        joined |= dict.fromkeys(of_label, joined[most])
    return joined


def wilson(share: float, flows: float) -> tuple[float, float]:
    """The 95% interval of a share of so many flows (Wilson 1927).

    >>> tuple(round(end, 3) for end in wilson(0.7, 200))
    (0.633, 0.759)
    """
    spread = Z_95**2 / flows
    middle = share + spread / 2
    half = math.sqrt(spread * (share * (1 - share) + spread / 4))
    return max(0.0, (middle - half) / (1 + spread)), min(1.0, (middle + half) / (1 + spread))


def _effective(share: float, variance: float, flows: int) -> float:
    """The effective sample size: never more than the flows there are, and they where the sample shows no variance."""
    plain = share * (1 - share)
    return min(float(flows), plain / variance) if variance > 0 and plain > 0 else float(flows)


def _variance(values: Sequence[float]) -> float:
    """With the divisor n - 1; 0 of a stratum's only flow, which is all of it."""
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values) / (len(values) - 1) if len(values) > 1 else 0.0
