"""Counts of the words of what a source brought in the last ten minutes, so that watch terms can be tried.

Posts that no incident is entitled to may not be kept, so nothing of any of them is: no text, no author, no id. Kept
is how many posts of a minute and a language held a word, under a digest of the word, not the word, with a key that
each start of Grapevine makes anew: words cannot be listed, only asked for. After ten minutes they are dropped.

Counting costs a few times what looking for terms does, so of a source that brings very many posts only the first of
each minute are counted. An estimate for all is then made from their share.
"""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from models.domain.incidents import Watch
from models.domain.trials import TermTrial, Trial
from models.text.languages import is_wanted, languages_of
from models.text.term_counts import PostsWith, countable, estimate

WINDOW = timedelta(minutes=10)
# Of each minute so many posts are counted, until so many things were: 8 bytes each.
MOST_POSTS_A_MINUTE = 1_000
MOST_THINGS_A_MINUTE = 100_000
# A longer text is not counted: it would take the room of a hundred posts.
LONGEST_COUNTED = 20_000


@dataclass(frozen=True, slots=True)
class Countable:
    """What is counted of a post: the language it states, its text as it is searched, and whether it gives a place."""

    lang: str | None
    searched: str
    has_place: bool


@dataclass(slots=True)
class _Minute:
    began_at: datetime
    read: int = 0
    counted: int = 0
    with_place: int = 0
    things: int = 0
    # By the languages that posts state: digests, each once for a post that held the thing.
    digests: dict[str, list[np.ndarray]] = field(default_factory=dict)


class WordCounts:
    """What one source brought lately, in numbers. Any thread may use it."""

    def __init__(self) -> None:
        self._minutes: list[_Minute] = []
        self._lock = threading.Lock()

    def room(self, now: datetime) -> int:
        """How many more posts of this minute are counted."""
        with self._lock:
            minute = self._minutes[-1] if self._minutes else None
            if minute is None or minute.began_at != _minute_of(now):
                return MOST_POSTS_A_MINUTE
            return MOST_POSTS_A_MINUTE - minute.counted if minute.things < MOST_THINGS_A_MINUTE else 0

    def add(self, now: datetime, read: int, posts: Sequence[Countable]) -> None:
        """Take down that so many posts were read at `now`, and count these of them."""
        held: dict[str, list[int]] = {}
        counted = [post for post in posts if len(post.searched) <= LONGEST_COUNTED]
        for post in counted:
            language = ",".join(sorted(languages_of(post.lang)))
            held.setdefault(language, []).extend(map(hash, countable(post.searched)))
        with self._lock:
            minute = self._minute(now)
            minute.read += read
            minute.counted += len(counted)
            minute.with_place += sum(post.has_place for post in counted)
            for language, digests in held.items():
                minute.things += len(digests)
                minute.digests.setdefault(language, []).append(np.array(digests, np.int64))

    def forget(self, now: datetime) -> None:
        """Drop what is older than ten minutes. Called now and then, since a source may bring nothing for hours."""
        with self._lock:
            self._minutes = [one for one in self._minutes if now - one.began_at < WINDOW]

    def trial(self, source: str, watch: Watch, now: datetime) -> Trial:
        """What each term of a watch, in its languages, would have matched of the posts of the last ten minutes."""
        self.forget(now)
        with self._lock:
            minutes = list(self._minutes)
            arrays = [
                one
                for minute in minutes
                for language, some in minute.digests.items()
                if is_wanted(language or None, watch.languages)
                for one in some
            ]
        posts_with = _summed(arrays)
        counted = sum(minute.counted for minute in minutes)
        found = {term: estimate(term, posts_with) for term in watch.terms} if counted else {}
        return Trial(
            source=source,
            since=minutes[0].began_at if minutes else None,
            read=sum(minute.read for minute in minutes),
            counted=counted,
            with_place=sum(minute.with_place for minute in minutes),
            terms=tuple(
                TermTrial(term, None if one is None else min(one.posts, counted), one is None or one.at_most)
                for term, one in found.items()
            ),
        )

    def _minute(self, now: datetime) -> _Minute:
        began_at = _minute_of(now)
        if not self._minutes or self._minutes[-1].began_at != began_at:
            self._minutes = [one for one in self._minutes if now - one.began_at < WINDOW]
            self._minutes.append(_Minute(began_at))
        return self._minutes[-1]


def _minute_of(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _summed(arrays: Sequence[np.ndarray]) -> PostsWith:
    """How many posts held given things, by the digests of all that posts held."""
    digests, posts = np.unique(np.concatenate([*arrays, np.empty(0, np.int64)]), return_counts=True)

    def posts_with(things: Iterable[str]) -> int:
        asked = np.array([hash(thing) for thing in things], np.int64)
        if not len(digests) or not len(asked):
            return 0
        at = np.minimum(np.searchsorted(digests, asked), len(digests) - 1)
        return int(posts[at][digests[at] == asked].sum())

    return posts_with
