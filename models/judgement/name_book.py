"""Which names the flows of one incident hold, and whether two flows name different places or people.

A name that many flows hold is what the incident is about, and tells no claims apart. Names that stand together in
several flows are of one matter ("Hallett's" and "Marlow Street"), so they do not clash.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from itertools import chain, combinations
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix

from models.text.names import names_of

# A name that a larger share of the flows holds tells no claims apart; with few flows every name may be a claim's own.
MOST_FLOWS_WITH = 0.2
FLOWS_TO_TELL = 20
# Once two flows wrote it with a capital, or hold two names together, it is no chance.
LEAST_FLOWS = 2


class NameClashes(NamedTuple):
    """Which flows hold names that tell claims apart (n,), and which of these name different things (n, n)."""

    named: np.ndarray
    clashes: np.ndarray


class NameBook:
    """The names in the flows of one incident, in order of arrival.

    >>> book = NameBook()
    >>> for text in ("Asda in Aldersey is on fire", "Odeon is on fire", "Fire at Asda in Aldersey now"):
    ...     book.learn(book.names_in(text))
    >>> asda, odeon, aldersey = map(book.names_in, ("the asda is burning", "Odeon is burning", "Aldersey is burning"))
    >>> book.clash(asda, odeon), book.clash(asda, aldersey)
    (True, False)
    """

    def __init__(self):
        self._flows = 0
        self._flows_with: Counter[str] = Counter()
        self._flows_with_both: Counter[tuple[str, str]] = Counter()
        self._together: dict[str, set[str]] = {}

    def __contains__(self, name: str) -> bool:
        """Whether several flows hold this name."""
        return self._flows_with.get(name, 0) >= LEAST_FLOWS

    def names_in(self, text: str) -> frozenset[str]:
        """The names in a text; those that the incident knows count in small letters too. Changes nothing."""
        return names_of(text, known=self)

    def learn(self, names: Collection[str]) -> None:
        """Count the names of one more flow."""
        self._flows += 1
        self._flows_with.update(names)
        for pair in combinations(sorted(names), 2):
            self._flows_with_both[pair] += 1
            if self._flows_with_both[pair] == LEAST_FLOWS:
                one, other = pair
                self._together.setdefault(one, set()).add(other)
                self._together.setdefault(other, set()).add(one)

    def telling(self, names: Collection[str]) -> frozenset[str]:
        """Those of the names that may tell one claim from another."""
        most = MOST_FLOWS_WITH * max(FLOWS_TO_TELL, self._flows)
        return frozenset(name for name in names if self._flows_with.get(name, 0) <= most)

    def of_one_matter(self, names: Collection[str]) -> frozenset[str]:
        """The names that do not clash with any of these: they themselves, and what stands together with them."""
        telling = self.telling(names)
        return telling.union(*(self._together.get(name, ()) for name in telling))

    def clash(self, one: Collection[str], other: Collection[str]) -> bool:
        """Whether two flows name different things: each has names that tell claims apart, none goes with the other's.

        >>> book = NameBook()
        >>> book.clash({"asda"}, {"odeon"}), book.clash({"asda"}, {}), book.clash({"asda"}, {"asda"})
        (True, False, False)
        """
        named = self.telling(other)
        return bool(named) and bool(self.telling(one)) and named.isdisjoint(self.of_one_matter(one))

    def clashes_among(self, flows: Sequence[frozenset[str]]) -> NameClashes:
        """Which of these flows clash with which, by their names."""
        # Many flows hold the same names, most of them none: what is found of some is found once.
        telling = {names: sorted(self.telling(names)) for names in set(flows)}
        rows = [telling[names] for names in flows]
        columns = {name: place for place, name in enumerate(dict.fromkeys(chain.from_iterable(rows)))}
        held = _incidence(rows, columns)
        matter = {names: sorted(self.of_one_matter(row) & columns.keys()) for names, row in telling.items()}
        wide = _incidence([matter[names] for names in flows], columns)
        named = np.array([bool(row) for row in rows], bool)
        return NameClashes(named, named[:, None] & named[None] & ((wide @ held.T).toarray() == 0))


def _incidence(rows: Sequence[Sequence[str]], columns: dict[str, int]) -> csr_matrix:
    at = np.fromiter((columns[name] for name in chain.from_iterable(rows)), np.int64)
    ends = np.cumsum([0, *map(len, rows)])
    return csr_matrix((np.ones(len(at)), at, ends), shape=(len(rows), max(1, len(columns))))
