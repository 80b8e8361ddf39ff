"""What watch terms would have matched of the posts that a source brought lately, without any post being kept."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TermTrial:
    """A term would have matched about, or `at_most`, so many of the posts that were counted; None: cannot be told."""

    term: str
    posts: int | None
    at_most: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """Watch terms tried on what a source has brought since a moment, at most ten minutes ago; None: on nothing.

    It brought `read` posts. Of these `counted` were counted, and `with_place` of the counted ones gave a place.
    """

    source: str
    since: datetime | None = None
    read: int = 0
    counted: int = 0
    with_place: int = 0
    terms: tuple[TermTrial, ...] = ()

    def share(self, posts: int) -> float:
        """That many of the counted posts as a share of them."""
        return posts / self.counted

    def of_all(self, posts: int) -> int:
        """How many of all that were read that many of the counted ones stand for."""
        return round(posts * self.read / self.counted)

    def at_most_together(self, *, with_places: bool) -> int | None:
        """The most counted posts that the terms can have matched, each post once; None where one cannot be told.

        `with_places`: posts that gave a place may match by it.
        """
        told = [one.posts for one in self.terms]
        if None in told:
            return None
        return min(self.counted, sum(told) + with_places * self.with_place)

    def at_least_together(self) -> int:
        """About the fewest that they can have matched."""
        return max((one.posts for one in self.terms if not one.at_most), default=0)
