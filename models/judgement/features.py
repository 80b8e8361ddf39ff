"""The counts of a rumour's posts that its likelihood is computed from. Adding a post costs the same at any size.

Cue words are counted separately in the posts that make a claim and in those that answer it. Questions and doubts are
the earliest signs of a rumour (Zhao, Resnick and Mei 2015); hedges are signs of hearsay, named authorities of news,
and sympathy of neither.

What officials post makes no claim and is no vote: neither their posts, nor copies of them, nor the answers under them
are counted. Who doubts an official denial does not doubt the rumour.
"""

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from models.domain.posts import Kind, Post
from models.text import plain
from models.text.cues import LIKELIHOOD_CUES
from models.text.marks import LINK_OR_HANDLE

BURST_WINDOW = timedelta(minutes=10)
BURST_MEMORY = timedelta(minutes=70)
# A group has grown fast once so many posts, and as many people, came within an hour.
FAST_POSTS = 25
FAST_WINDOW = timedelta(hours=1)

CUES = tuple(LIKELIHOOD_CUES)


class PostFeatures(NamedTuple):
    """What one post adds to a tally. `answers`: it replies to or quotes another post; `cues` in the order of CUES.

    `counts` is false for what officials post, for copies of it and for the answers under it.
    `reading` is the log-odds by its wording that the post is of a rumour; None for copies and answers, whose wording
    is not read.
    """

    flow: str
    author: str | None
    moment: datetime
    answers: bool
    counts: bool
    links: bool
    cues: tuple[bool, ...]
    reading: float | None

    @classmethod
    def of(
        cls, post: Post, flow: str, moment: datetime, reading: float | None = None, *, counts: bool = True
    ) -> "PostFeatures":
        """The features of a post; `moment` is its stream time."""
        text = plain(post.text)
        words = LINK_OR_HANDLE.sub(" ", text)
        return cls(
            flow,
            post.author,
            moment,
            post.kind is Kind.REPLY or post.reply_to is not None or post.quote_of is not None,
            counts,
            # Not its own address: every post of some platforms has one.
            "http" in text,
            tuple(cue.search(words) is not None for cue in LIKELIHOOD_CUES.values()),
            reading,
        )


@dataclass(slots=True)
class Tally:
    """The counts of one rumour's posts, which are added in order of arrival.

    >>> tally = Tally()
    >>> noon = datetime(2026, 11, 20, 12)
    >>> for author, answers in (("a", False), ("b", False), ("b", True), (None, True)):
    ...     tally.add(PostFeatures("flow", author, noon, answers, True, False, (False,) * len(CUES), None))
    >>> tally.posts, tally.claiming, tally.answers, tally.people
    (4, 2, 2, 3)
    """

    posts: int = 0
    answers: int = 0
    linked: int = 0
    read: int = 0
    readings: float = 0.0
    claims: Counter[str] = field(default_factory=Counter)
    replies: Counter[str] = field(default_factory=Counter)
    authors: set[str] = field(default_factory=set)
    unnamed: int = 0
    # When its first and its newest post were written, by stream time.
    first_at: datetime | None = None
    last_at: datetime | None = None
    grew_fast: bool = False
    last_hour: deque[datetime] = field(default_factory=deque)
    latest: deque[datetime] = field(default_factory=deque)
    earlier: deque[datetime] = field(default_factory=deque)

    @property
    def people(self) -> int:
        """Distinct authors; a post without a known author counts as one person."""
        return len(self.authors) + self.unnamed

    @property
    def claiming(self) -> int:
        """The number of posts that answer no other."""
        return self.posts - self.answers

    def add(self, post: PostFeatures) -> None:
        """Count one post, where it counts."""
        if not post.counts:
            return
        self.posts += 1
        self.answers += post.answers
        self.linked += post.links and not post.answers
        if post.reading is not None:
            self.read += 1
            self.readings += post.reading
        counts = self.replies if post.answers else self.claims
        counts.update(name for name, found in zip(CUES, post.cues, strict=True) if found)
        if post.author is None:
            self.unnamed += 1
        else:
            self.authors.add(post.author)
        self.latest.append(post.moment)
        self.first_at = min(self.first_at or post.moment, post.moment)
        self.last_at = max(self.last_at or post.moment, post.moment)
        self.last_hour.append(post.moment)
        while post.moment - self.last_hour[0] > FAST_WINDOW:
            self.last_hour.popleft()
        self.grew_fast = self.grew_fast or min(len(self.last_hour), self.people) >= FAST_POSTS

    @property
    def asking(self) -> float:
        """The share of posts that ask whether it is true."""
        return (self.claims["asks"] + self.replies["asks"]) / max(1, self.posts)

    def recent(self, moment: datetime) -> int:
        """How many posts came in the ten minutes before a moment. Forgets nothing."""
        return sum(moment - BURST_WINDOW <= at <= moment for at in self.latest)

    def burst(self, moment: datetime) -> float:
        """The posts of the last ten minutes over those of ten minutes in the hour before; 1 is as usual.

        Forgets the times that are too old for it, so `moment` may not go back.
        """
        self.forget_before(moment)
        usual = len(self.earlier) / ((BURST_MEMORY - BURST_WINDOW) / BURST_WINDOW)
        return (len(self.latest) + 1) / (usual + 1)

    def forget_before(self, moment: datetime) -> None:
        """Forget the times that are too old for a burst at this moment or later."""
        while self.latest and moment - self.latest[0] > BURST_WINDOW:
            self.earlier.append(self.latest.popleft())
        while self.earlier and moment - self.earlier[0] > BURST_MEMORY:
            self.earlier.popleft()
