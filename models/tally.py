"""What a rumour looks like so far: counts that grow by one post at a time, at a cost that does not grow."""

import re
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from models.domain import Post, Stance
from models.plain import JUDGED_CHARACTERS

BURST_WINDOW = timedelta(minutes=10)
BURST_MEMORY = timedelta(minutes=70)

_HEDGE = re.compile(
    r"\b(?:apparently|allegedly|supposedly|reportedly|unconfirmed|rumou?rs?|hearing|heard (?:that|from)"
    r"|they'?re saying|people (?:are )?say(?:ing)?|someone said|my mate|a friend|not sure if"
    r"|may have|might have|possibly|believed to)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Tally:
    """The counts of one rumour. `add` takes its posts in order of arrival."""

    posts: int = 0
    official: int = 0
    hedged: int = 0
    with_link: int = 0
    authors: set[str] = field(default_factory=set)
    unnamed: int = 0
    by_stance: Counter[Stance] = field(default_factory=Counter)
    posts_with: Counter[str] = field(default_factory=Counter)
    latest: deque[datetime] = field(default_factory=deque)
    earlier: deque[datetime] = field(default_factory=deque)

    @property
    def people(self) -> int:
        """Distinct authors; a post without a known author counts as one person."""
        return len(self.authors) + self.unnamed

    def add(self, post: Post, stance: Stance, moment: datetime) -> None:
        """Count one post. `moment` is its stream time."""
        self.posts += 1
        self.official += post.official
        self.hedged += bool(_HEDGE.search(post.text[:JUDGED_CHARACTERS]))
        self.with_link += post.url is not None or "http" in post.text
        self.by_stance[stance] += 1
        if post.author is None:
            self.unnamed += 1
        else:
            self.authors.add(post.author)
        self.latest.append(moment)

    def burst(self, moment: datetime) -> float:
        """Posts in the last ten minutes over what ten minutes of the hour before brought; 1 is as usual.

        Moves the counts on to `moment`, which may not go back.
        """
        while self.latest and moment - self.latest[0] > BURST_WINDOW:
            self.earlier.append(self.latest.popleft())
        while self.earlier and moment - self.earlier[0] > BURST_MEMORY:
            self.earlier.popleft()
        usual = len(self.earlier) / ((BURST_MEMORY - BURST_WINDOW) / BURST_WINDOW)
        return (len(self.latest) + 1) / (usual + 1)
