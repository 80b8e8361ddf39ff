"""What people's merges, splits and moves require of the model: the algebra of constraints.

Merging makes one rumour another name for the other. Splitting keeps two rumours apart, and so does every rumour that
the first was apart from. Undoing an act is as if it had never been. The model may part rumours that people have
parted from others: what it parts inherits that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from models.domain import Act, Constraints, Decision

Pair = tuple[str, str]


def constraints_of(number: int, decisions: Sequence[Decision], pinned: Mapping[str, str]) -> Constraints:
    """The constraints that follow from the decisions of an incident, oldest first.

    `number` is the incident's constraint number; `pinned` maps each flow that people placed to its rumour.
    """
    undone = {decision.undoes for decision in decisions}
    merged: dict[str, str] = {}
    apart: frozenset[Pair] = frozenset()
    for decision in decisions:
        if decision.number in undone:
            # What was split off ended again: its name now stands for the rumour it came from.
            if decision.act is Act.SPLIT:
                merged[decision.into] = decision.rumour
        elif decision.act is Act.MERGE:
            merged[decision.rumour] = decision.into
            apart = renamed(apart, decision.rumour, decision.into)
        elif decision.act is Act.SPLIT:
            inherited = apart_from(decision.rumour, apart)
            apart |= {pair(decision.into, other) for other in (decision.rumour, *inherited)}
    touched = {name for decision in decisions for name in (decision.rumour, decision.into) if name is not None}
    return Constraints(
        number=number,
        merged={name: survivor(name, merged) for name in merged},
        apart=apart,
        pinned=dict(pinned),
        protected=frozenset(survivor(name, merged) for name in touched),
    )


def pair(one: str, other: str) -> Pair:
    """Two rumours as one unordered pair.

    >>> pair("wolves", "dam")
    ('dam', 'wolves')
    """
    return (one, other) if one < other else (other, one)


def apart_from(rumour: str, pairs: Iterable[Pair]) -> set[str]:
    """The rumours that these pairs keep apart from one.

    >>> sorted(apart_from("dam", [("dam", "wolves"), ("bridge", "dam"), ("gas", "wolves")]))
    ['bridge', 'wolves']
    """
    return {one if other == rumour else other for one, other in pairs if rumour in (one, other)}


def renamed(pairs: Iterable[Pair], rumour: str, into: str) -> frozenset[Pair]:
    """The pairs after `rumour` was merged into another; the two are no longer apart from each other.

    >>> renamed([("dam", "wolves"), ("dam", "flood")], "dam", "flood")
    frozenset({('flood', 'wolves')})
    """
    new = [[into if name == rumour else name for name in names] for names in pairs]
    return frozenset(pair(one, other) for one, other in new if one != other)


def survivor(rumour: str, merged: Mapping[str, str]) -> str:
    """The rumour that one lives on in, after any number of merges.

    >>> survivor("a", {"a": "b", "b": "c"})
    'c'
    """
    while rumour in merged:
        rumour = merged[rumour]
    return rumour


def with_inherited(constraints: Constraints, parted: Mapping[str, tuple[str, Iterable[str]]]) -> Constraints:
    """The constraints with what rumours inherit that the model parted from those of people.

    `parted` maps each to the rumour it came from and those that people kept that one apart from at the time. What
    people have undone since keeps nothing apart any more.

    >>> people = Constraints(apart=frozenset({("dam", "wolves")}))
    >>> sorted(with_inherited(people, {"flood": ("dam", ["wolves", "gas"])}).apart)
    [('dam', 'wolves'), ('flood', 'wolves')]
    """
    apart = constraints.apart
    for rumour, (origin, others) in parted.items():
        apart |= {pair(rumour, other) for other in others if pair(origin, other) in apart}
    return replace(constraints, apart=apart)
