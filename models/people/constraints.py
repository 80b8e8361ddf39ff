"""What people's merges, refusals, splits and moves require of the model: the algebra of constraints.

A merge makes one rumour another name for the other. A refusal to merge keeps two rumours apart. A split keeps the new
rumour apart from the one it came from, and from all that this one is apart from. An act that is undone counts for
nothing. Where the model splits a rumour, the new one inherits what people keep the first apart from.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from models.domain.acts import Act, Constraints, Decision

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
            # The rumour that was split off ended again: its name now stands for the one it came from.
            if decision.act is Act.SPLIT:
                merged[decision.into] = decision.rumour
        elif decision.act is Act.MERGE:
            merged[decision.rumour] = decision.into
            apart = renamed(apart, decision.rumour, decision.into)
        elif decision.act is Act.REFUSE:
            apart |= {pair(decision.rumour, decision.into)}
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


def with_inherited(constraints: Constraints, splits: Mapping[str, tuple[str, Iterable[str]]]) -> Constraints:
    """The constraints with what rumours inherit that the model split off.

    `splits` maps each of them to the rumour it came from and those that people kept that one apart from at the time.
    Where people have undone that since, the new one is no longer apart either.

    >>> people = Constraints(apart=frozenset({("dam", "wolves")}))
    >>> sorted(with_inherited(people, {"flood": ("dam", ["wolves", "gas"])}).apart)
    [('dam', 'wolves'), ('flood', 'wolves')]
    """
    apart = constraints.apart
    for rumour, (origin, others) in splits.items():
        apart |= {pair(rumour, other) for other in others if pair(origin, other) in apart}
    return replace(constraints, apart=apart)
