"""Run one source: read a batch → save posts and cursor in one transaction → acknowledge."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from ingest.normal_form import NormalForm, Unfit
from ingest.source import Batch, Source, Unreadable, Upsert
from models.clock import Clock, ReplayClock
from models.domain import DeadLetter, Post, SourceState
from models.errors import GrapevineError
from models.store.protocol import Arrival, ArrivedPost, Saved, Store

log = logging.getLogger(__name__)

SHOWN_CHARACTERS = 2_000

# Which incidents a post reaches, and why: incident id → words.
Match = Callable[[Post], Mapping[str, str]]


class Worker:
    """Brings the posts of one source into the store until its end, a fault, or `stop`."""

    def __init__(
        self, source: Source, store: Store, normal_form: NormalForm, match: Match, clock: Clock, *, name: str
    ):
        self._source = source
        self._store = store
        self._normal_form = normal_form
        self._match = match
        self._clock = clock
        self.name = name
        self.state = SourceState(name, "waiting", healthy=True)

    def run(self, stop: threading.Event) -> None:
        """Returns when the source is at its end or stopped; a fault is told by `state`, never raised."""
        self.state = replace(self.state, word="reading")
        try:
            for batch in self._source.batches(self._store.cursor(self.name)):
                if stop.is_set():
                    break
                self.save(batch)
        except GrapevineError as error:
            log.error("source %s stopped: %s", self.name, error)
            self.state = replace(self.state, word="stopped", healthy=False, fault=str(error))
            return
        except Exception as error:  # a silence that looks healthy would be the worst
            log.exception("source %s stopped", self.name)
            fault = f"stopped by {type(error).__name__}: {error}. The log tells more; start Grapevine again."
            self.state = replace(self.state, word="stopped", healthy=False, fault=fault)
            return
        self.state = replace(self.state, word="stopped" if stop.is_set() else "finished")

    def save(self, batch: Batch) -> Saved:
        """One batch, committed: only then may it be acknowledged."""
        posts: list[ArrivedPost] = []
        letters: list[DeadLetter] = []
        for item in batch.items:
            if isinstance(item, Unreadable):
                letters.append(self._dead_letter(item.position, item.reason, item.payload))
                continue
            try:
                post = self._normal_form.read(item.record, self._clock)
            except Unfit as unfit:
                letters.append(self._dead_letter(item.position, str(unfit), repr(item.record)))
            else:
                posts.append(ArrivedPost(post, self._match(post)))
        cursor = (self.name, batch.cursor) if batch.cursor else None
        saved = self._store.save_arrival(Arrival(posts, letters, cursor)).result()
        times = [one.post.created_at for one in posts if one.post.created_at is not None]
        self.state = replace(
            self.state,
            read=self.state.read + saved.new,
            last_post_at=max([*times, *([self.state.last_post_at] if self.state.last_post_at else [])], default=None),
        )
        return saved

    def _dead_letter(self, position: str, reason: str, payload: str) -> DeadLetter:
        shown = payload[:SHOWN_CHARACTERS].replace("\x00", "").encode("utf-8", "replace").decode()
        return DeadLetter(self.name, position, reason, shown, self._clock.now())


class Paced:
    """A source whose items come when a replay's clock shows their time, as if live."""

    def __init__(self, source: Source, clock: ReplayClock, stop: threading.Event):
        self.name = source.name
        self._source = source
        self._clock = clock
        self._stop = stop

    def batches(self, cursor: str | None) -> Iterator[Batch]:
        for batch in self._source.batches(cursor):
            due: list[Upsert | Unreadable] = []
            for item in batch.items:
                wait = self._clock.wall_seconds_until(moment) if (moment := stated_time(item)) else 0.0
                if wait and due:
                    yield Batch(due, due[-1].position)
                    due = []
                if self._stop.wait(wait):
                    return
                due.append(item)
            yield Batch(due, batch.cursor, last=batch.last)
        # What comes after the last post passes as slowly as it does for whoever watches.
        self._clock.run_at(1.0)


def stated_time(item: Upsert | Unreadable) -> datetime | None:
    """The time an item says it is of, or None where it says none that can be read."""
    if isinstance(item, Unreadable):
        return None
    try:
        return NormalForm.stated_at(item.record)
    except Unfit:
        return None


def first_stated_time(source: Source, *, latest: datetime) -> datetime | None:
    """The first time in a source that is not of the future: where a replay's clock starts."""
    for batch in source.batches(None):
        for item in batch.items:
            moment = stated_time(item)
            if moment is not None and moment <= latest:
                return moment
    return None
