"""A tree of flows by their resemblance → groups, each cut off at the height that suits it.

No one height fits: where an incident is about one thing, flows of one claim resemble each other less than flows of
two claims do elsewhere. So a branch is kept whole or divided by its *excess of mass* (Campello, Moulavi and Sander
2013): what its flows gain in resemblance by standing together, summed up from where the branch begins to where each
flow leaves it. It is divided where the parts are worth clearly more than the whole.
"""

from collections.abc import Iterator

import numpy as np
from scipy.cluster.hierarchy import linkage
from scipy.spatial.distance import squareform

from models.judgement.name_book import NameClashes

# A part with fewer flows is no claim that divides another one: it may be a turn of phrase.
LEAST_FLOWS = 7
# The parts must be worth so much more than the whole.
WORTH_DIVIDING = 1.35
# Claims of fewer flows than that are told apart where so many flows are so much more alike than the two together.
LEAST_OF_SMALL_CLAIM = 3
FAR_MORE_ALIKE = 0.2
# The share of pairs that clash between two claims in the same words, and at most within one.
CLASH_BETWEEN, CLASH_WITHIN = 0.85, 0.1
# Flows that resemble each other less than two flows of the incident usually do make no claim together. No less than
# the first is asked, since chatter about nothing has little in common, and no more than the second: where an incident
# is about one claim, nearly all its flows are alike. The second is also asked while few flows are known, as if as
# many as FLOWS_TO_SETTLE had been seen that resemble each other so much.
LEAST_ASKED, MOST_ASKED = 0.25, 0.35
FLOWS_TO_SETTLE = 20
# Resemblance beyond this is that of the same words, which chain letters have, and says nothing about a claim.
SAME_WORDS = 0.75


def least_together(resemblance: np.ndarray) -> float:
    """How much flows must resemble each other to make one claim, for (n, n) with n of two or more."""
    flows = len(resemblance)
    usual = (resemblance.sum() - np.trace(resemblance)) / (flows * (flows - 1))
    return max(LEAST_ASKED, min(settled(float(usual), flows), MOST_ASKED))


def settled(usual: float, flows: int) -> float:
    """The usual resemblance of two flows, drawn toward MOST_ASKED while few are known."""
    return (flows * usual + FLOWS_TO_SETTLE * MOST_ASKED) / (flows + FLOWS_TO_SETTLE)


def locally_cut(resemblance: np.ndarray, floor: float, names: NameClashes) -> np.ndarray:
    """The number of each flow's group (n,), for a symmetric resemblance (n, n) with n of two or more.

    Groups are joined by average linkage (Sokal and Michener 1958), and never below `floor`. Minus infinity is not
    allowed: flows that may not be together have a large negative resemblance. `names` tell which flows name different
    things: "Asda on fire" and "Odeon on fire" are alike and two claims.
    """
    tree = _Tree(resemblance, names)
    groups = np.empty(len(resemblance), np.int64)
    for number, branch in enumerate(tree.kept_whole(floor)):
        groups[tree.flows_of(branch)] = number
    return groups


class _Tree:
    """Average linkage of flows. Branches are numbered as scipy does: first the flows, then each joint of two."""

    def __init__(self, resemblance: np.ndarray, names: NameClashes):
        self._flows = len(resemblance)
        top = float(resemblance.max()) + 1.0
        distance = top - resemblance
        np.fill_diagonal(distance, 0.0)
        joints = linkage(squareform(distance, checks=False), "average")
        self._parts = joints[:, :2].astype(np.int64).tolist()
        self._size = [1] * self._flows + joints[:, 3].astype(np.int64).tolist()
        # How alike the flows of a branch are where its two parts join.
        self._alike = [SAME_WORDS] * self._flows + np.minimum(top - joints[:, 2], SAME_WORDS).tolist()
        self._order = self._flows_in_order()
        # Summed up, so that those of a branch, whose flows stand side by side, are found at once.
        self._named = np.concatenate([[0], names.named[self._order].cumsum()])
        self._clashes = np.zeros((self._flows + 1, self._flows + 1), np.int32)
        self._clashes[1:, 1:] = names.clashes[np.ix_(self._order, self._order)].cumsum(0, dtype=np.int32).cumsum(1)
        self._weigh()

    def flows_of(self, branch: int) -> np.ndarray:
        """The places of a branch's flows."""
        return self._order[self._first[branch] : self._first[branch] + self._size[branch]]

    def kept_whole(self, floor: float) -> Iterator[int]:
        """The branches that are groups, from the root down."""
        waiting = [(self._root, floor)]
        while waiting:
            branch, begins = waiting.pop()
            if branch >= self._flows and self._alike[branch] < floor:
                waiting += [(part, floor) for part in reversed(self._parts_of(branch))]
            elif self._is_of_two_small_claims(branch) or self._names_different_things(branch):
                waiting += [(part, self._alike[branch]) for part in reversed(self._parts_of(branch))]
            elif not self._is_worth_dividing(branch, begins):
                yield branch
            else:
                fork = self._fork[branch]
                # What falls off before the fork is too small to divide the branch, and belongs to neither part.
                while branch != fork:
                    small, branch = sorted(self._parts_of(branch), key=self._size.__getitem__)
                    yield small
                waiting += [(part, self._alike[fork]) for part in reversed(self._parts_of(fork))]

    @property
    def _root(self) -> int:
        return len(self._size) - 1

    def _parts_of(self, branch: int) -> list[int]:
        return self._parts[branch - self._flows]

    def _flows_in_order(self) -> np.ndarray:
        """The flows such that each branch's stand side by side; `_first` is where those of each begin."""
        order: list[int] = []
        self._first = [0] * len(self._size)
        waiting = [self._root]
        while waiting:
            branch = waiting.pop()
            self._first[branch] = len(order)
            if branch < self._flows:
                order.append(branch)
            else:
                waiting += reversed(self._parts_of(branch))
        return np.array(order)

    def _weigh(self) -> None:
        """For each branch: the resemblance at which its flows leave it, summed up; its fork; the worth of its parts.

        A branch's fork is where it first divides into two parts that are both large enough.
        """
        branches = len(self._size)
        self._leaving = [0.0] * branches
        self._fork: list[int | None] = [None] * branches
        self._of_parts = [0.0] * branches
        for branch in range(branches):
            alike, size = self._alike[branch], self._size[branch]
            if branch < self._flows or size < LEAST_FLOWS:
                self._leaving[branch] = alike * size
                continue
            small, large = sorted(self._parts_of(branch), key=self._size.__getitem__)
            if self._size[small] >= LEAST_FLOWS:
                self._leaving[branch] = alike * size
                self._fork[branch] = branch
                self._of_parts[branch] = self._worth(small, alike) + self._worth(large, alike)
            elif self._size[large] >= LEAST_FLOWS:
                self._leaving[branch] = alike * self._size[small] + self._leaving[large]
                self._fork[branch] = self._fork[large]
            else:
                self._leaving[branch] = alike * size

    def _whole(self, branch: int, begins: float) -> float:
        """The excess of mass of a branch that begins at this resemblance."""
        return self._leaving[branch] - self._size[branch] * begins

    def _is_worth_dividing(self, branch: int, begins: float) -> bool:
        fork = self._fork[branch]
        return fork is not None and self._of_parts[fork] > WORTH_DIVIDING * self._whole(branch, begins)

    def _is_of_two_small_claims(self, branch: int) -> bool:
        """Whether a branch without a fork is of parts that are each far more alike than they are together."""
        if branch < self._flows or self._fork[branch] is not None:
            return False
        return all(
            self._size[part] >= LEAST_OF_SMALL_CLAIM
            and (self._alike[part] - self._alike[branch] >= FAR_MORE_ALIKE or self._is_of_two_small_claims(part))
            for part in self._parts_of(branch)
        )

    def _names_different_things(self, branch: int) -> bool:
        """Whether the parts of a branch clash with each other in nearly all pairs, and hardly within themselves.

        Flows that name nothing go with the others of their part, where most of these name something.
        """
        if branch < self._flows:
            return False
        one, other = self._parts_of(branch)
        return (
            all(self._names_in(part) >= max(LEAST_OF_SMALL_CLAIM, self._size[part] / 2) for part in (one, other))
            and self._share_that_clash(one, other) >= CLASH_BETWEEN
            and all(
                self._share_that_clash(part, part) <= CLASH_WITHIN or self._names_different_things(part)
                for part in (one, other)
            )
        )

    def _names_in(self, branch: int) -> int:
        """How many flows of a branch name something."""
        first = self._first[branch]
        return int(self._named[first + self._size[branch]] - self._named[first])

    def _share_that_clash(self, one: int, other: int) -> float:
        """The share of the pairs of two branches' flows that name different things, of those that both name any."""
        (a, b), (c, d) = ((self._first[branch], self._first[branch] + self._size[branch]) for branch in (one, other))
        summed = self._clashes
        clashing = summed[b, d] - summed[a, d] - summed[b, c] + summed[a, c]
        return float(clashing) / (self._names_in(one) * self._names_in(other))

    def _worth(self, branch: int, begins: float) -> float:
        """The worth of a branch, divided where that is better."""
        if self._is_worth_dividing(branch, begins):
            return self._of_parts[self._fork[branch]]
        return self._whole(branch, begins)
