"""What a person should know about how their files were read: a line each, at the end of `judge` and `replay`."""

from collections import Counter
from typing import NamedTuple

from models.domain.reading import FileFact, Mark

# A packed file of very many parts would have more to tell than anybody reads, or a page shows.
MOST_FACTS_OF_A_FILE = 1_000
FURTHER = "further remarks, not listed"


class _Fact(NamedTuple):
    """`file` is the one that a person named, `place` what is told of: itself, or a part of it."""

    file: str
    place: str
    words: str


class Told:
    """Lines in the order in which they were first needed, each with its file, some with a count.

    >>> told = Told()
    >>> told.once("day1.csv", "separated by semicolons")
    >>> told.count("day1.csv", "rows with fewer cells than the header")
    >>> told.count("day1.csv", "rows with fewer cells than the header")
    >>> told.lines()
    ['day1.csv: separated by semicolons', 'day1.csv: rows with fewer cells than the header: 2']
    """

    def __init__(self) -> None:
        self._counted: Counter[_Fact] = Counter()
        # Each fact with what it marks the file for; None in it: nothing. Those that are counted stand in `_counted`.
        self._facts: dict[_Fact, Mark | None] = {}
        self._news: dict[_Fact, None] = {}
        self._of_file: Counter[str] = Counter()
        self._file = ""

    def begin(self, file: str) -> None:
        """From now on it is told of this file, or parts of it."""
        self._file = file

    def once(self, place: str, words: str) -> None:
        fact = _Fact(self._file, place, words)
        if fact in self._facts:
            return
        if self._has_enough():
            self._count(_Fact(self._file, self._file, FURTHER), None)
        else:
            self._add(fact, None)

    def count(self, place: str, words: str, mark: Mark | None = None) -> None:
        fact = _Fact(self._file, place, words)
        if fact not in self._facts and mark is None and self._has_enough():
            fact = _Fact(self._file, self._file, FURTHER)
        self._count(fact, mark)

    def _has_enough(self) -> bool:
        return self._of_file[self._file] >= MOST_FACTS_OF_A_FILE

    def _add(self, fact: _Fact, mark: Mark | None) -> None:
        if fact not in self._facts:
            self._facts[fact] = mark
            self._of_file[fact.file] += 1
        self._news[fact] = None

    def _count(self, fact: _Fact, mark: Mark | None) -> None:
        self._add(fact, mark)
        self._counted[fact] += 1

    def lines(self) -> list[str]:
        return [
            f"{fact.place}: {fact.words}" + (f": {self._counted[fact]:,}" if fact in self._counted else "")
            for fact in self._facts
        ]

    def news(self, file: str) -> tuple[FileFact, ...]:
        """What was told of a file since this was last asked, each with its whole count."""
        found = [fact for fact in self._news if fact.file == file]
        for fact in found:
            del self._news[fact]
        return tuple(FileFact(fact.place, fact.words, self._counted.get(fact), self._facts[fact]) for fact in found)
