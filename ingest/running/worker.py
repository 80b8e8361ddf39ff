"""Run one source: read a batch → save posts and cursor in one transaction → acknowledge."""

import logging
import random
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from ingest.matching import Match
from ingest.normal_form import NormalForm, Unfit
from ingest.running.health import SourceHealth
from ingest.running.push import SavedTogether
from ingest.running.sorting import Sorting
from ingest.source import Batch, Pushed, Source, Upsert
from ingest.word_counts import WordCounts
from models.clock import Clock
from models.domain.reading import Reading
from models.domain.sources import HealthEvent, SourcePhase, SourceState
from models.errors import GrapevineError, SourceUnreachable, StoreError, without_its_text
from models.store import Store
from models.store.messages import Arrival, Saved

log = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0
LONGEST_PATIENCE_SECONDS = 3_600.0
# How long stopping a source waits for its pass to end. A pass that takes longer saves nothing.
LONGEST_PASS_SECONDS = 5.0
# An unchanged cursor is saved again this often, to show that the source was being read.
SIGN_OF_LIFE = timedelta(seconds=30)
# A source that was not read for longer than this has a gap.
LONGEST_BLINK = timedelta(minutes=2)


def recheck_cursor(source: str) -> str:
    """The name of the cursor up to which a source's posts were looked up again."""
    return f"recheck:{source}"


class Worker:
    """Saves what one source brings. One thread at a time runs it; any thread may read `state`."""

    def __init__(
        self,
        source: Source,
        store: Store,
        normal_form: NormalForm,
        match: Match,
        clock: Clock,
        *,
        name: str,
        word_counts: WordCounts | None = None,
        place: str = "",
    ):
        self.name = name
        self.source = source
        # Of a source whose posts are matched by watch terms. `place` stands before the places of dead letters.
        self.word_counts = word_counts
        self._store = store
        self._normal_form = normal_form
        self._match = match
        self._clock = clock
        self._health = SourceHealth(name, clock, live=source.live, restriction=source.restriction)
        self._sorting = Sorting(name, normal_form, self._health, clock, place)
        self._saved_cursor: str | None = None
        self._saved_at: datetime | None = None
        self._pause_seconds = FIRST_PAUSE_SECONDS
        self._not_before: datetime | None = None
        self._gave_up = False
        # Whether this pass continues from a saved cursor.
        self._resumed = True
        # Locked during a pass: stopping a source waits for it.
        self._passing = threading.Lock()
        self._together = SavedTogether(self.save)

    @property
    def state(self) -> SourceState:
        return self._health.state()

    def run(self, stop: threading.Event) -> None:
        """Read until the end, a lasting fault or `stop`; retry other faults. `state` shows how it goes."""
        if self._saved_at is None:
            self.begin()
        while not stop.is_set():
            # A stream that was left in its last pass is not read a second time beside it.
            with self._passing:
                pause = self._pass(stop)
            if pause is None:
                return
            stop.wait(pause)

    def poll(self, stop: threading.Event) -> None:
        """One pass of a poller, unless its server asked us to wait or it has failed for good."""
        with self._passing:
            self._poll(stop)

    def _poll(self, stop: threading.Event) -> None:
        if stop.is_set() or self._gave_up or (self._not_before and self._clock.now() < self._not_before):
            return
        if self._saved_at is None:
            self.begin()
        pause = self._pass(stop)
        self._not_before = self._clock.now() + timedelta(seconds=pause) if pause else None

    def recheck(self, posts: Sequence[tuple[int, str]], stop: threading.Event) -> None:
        """Look up posts, given as (seq, id), at their platform: what is gone or changed there goes or changes here.

        A post that cannot be looked up now waits for the next round and does not stop the others.
        """
        for seq, post in posts:
            if stop.is_set():
                return
            try:
                items = list(self.source.recheck([post]))
                if not stop.is_set():
                    self.save(Batch(items, f"{seq}"), cursor=recheck_cursor(self.name))
            except GrapevineError as error:
                if stop.is_set():
                    return
                log.warning("source %s: a post could not be looked up: %s", self.name, error)
                if not isinstance(error, SourceUnreachable) or error.retry_after_seconds:
                    return

    def read_again(self, item: Upsert) -> str | None:
        """Save one item that could not be read before. Returns what is still wrong with it, or None."""
        try:
            post = self._normal_form.read(item.record, self._clock)
        except Unfit as unfit:
            return str(unfit)
        matched = self._match([post])
        reading = Reading(self.name, 1, passed_over=matched.passed_over)
        arrival = Arrival(
            matched.kept, reading=reading, letter_of=lambda post, reason: self._sorting.letter_of(item, reason)
        )
        return next(iter(self._store.posts.add(arrival).result().clashes), None)

    def listen(self) -> None:
        """Start to accept messages. What was not accepted before is left to the sender's retries."""
        try:
            self.source.test()
        except GrapevineError as error:
            self._give_up(str(error))
            return
        self._take_up_gaps()
        left_at = self._store.sources.cursor_saved_at(self.name)
        if left_at is not None and self._clock.now() - left_at > LONGEST_BLINK:
            self._note(self._health.left(left_at, "Grapevine was not reading it"))
        self._note([*self._health.still_away(), *self._health.back()])
        self._health.is_now(SourcePhase.LISTENING)

    def take(self, headers: Mapping[str, str], body: bytes) -> int:
        """Save one pushed message and return its number of items. Raises Rejected, StoreError. From any thread."""
        with self.source.receive(headers, body, self._clock.now()) as batch:
            self._together.save(batch)
        return len(batch.items)

    def rest(self, since: datetime, why: str) -> None:
        """Record that the source is no longer read, and since when."""
        self._take_up_gaps()
        self._note(self._health.left(since, why, at_once=True))
        self._health.is_now(SourcePhase.STOPPED, healthy=not self.source.live, running=False, fault=f"{why}.")
        self._saved_at = None

    def watch(self) -> None:
        """Called now and then: records an absence that has lasted, and that a pushed source is listening."""
        if self.word_counts is not None:
            self.word_counts.forget(self._clock.now())
        self._note(self._health.still_away())
        if isinstance(self.source, Pushed) and self.state.running:
            self._store.posts.add(Arrival(cursor=(self.name, "listening"))).result()

    def refuse(self, fault: str) -> None:
        """Show why it may not run."""
        self._health.is_now(SourcePhase.NOT_PERMITTED, healthy=False, running=False, fault=fault)

    def finish(self) -> None:
        """Wait for the current pass of a poller."""
        if self._passing.acquire(timeout=LONGEST_PASS_SECONDS):
            self._passing.release()

    def save(self, batch: Batch, *, cursor: str | None = None) -> Saved:
        """Commit one batch; only then may it be acknowledged. `cursor` names the cursor to move, if not its own."""
        found = self._sorting.sort(batch.items)
        if batch.caught_up:
            self._health.noted(batch.notice)
        if batch.caught_up or (batch.last and self.source.live):
            # Without a saved cursor it began now: earlier posts cannot be read any more.
            found.health += self._health.caught_up() if self._resumed else self._health.back()
        place = (cursor or self.name, batch.cursor) if batch.cursor and self._is_due(batch.cursor) else None
        saved = Saved(0, 0, 0)
        if found.read or found.health or place:
            matched = self._match(found.posts)
            passed_over = found.passed_over + Counter(matched.passed_over)
            reading = Reading(self.name, found.read, batch.file, passed_over, batch.told)
            arrival = Arrival(
                matched.kept,
                found.letters,
                place,
                found.removals,
                found.health,
                reading,
                self._sorting.letters(found),
            )
            saved = self._store.posts.add(arrival).result()
            if cursor is None:
                self._saved_cursor, self._saved_at = batch.cursor, self._clock.now()
        newest = max((post.created_at for post in found.posts if post.created_at is not None), default=None)
        self._health.brought(len(batch.items), saved, newest)
        return saved

    def begin(self) -> None:
        """Continue where this source was left. The time between is a gap until the source has caught up."""
        self._gave_up, self._not_before, self._pause_seconds = False, None, FIRST_PAUSE_SECONDS
        self._saved_at = self._clock.now()
        self._take_up_gaps()
        left_at = self._store.sources.cursor_saved_at(self.name)
        if left_at is not None and self._saved_at - left_at > LONGEST_BLINK:
            self._note(self._health.left(left_at, "Grapevine was not reading it"))
        self._health.is_now(SourcePhase.CONNECTING if self.source.live else SourcePhase.READING)

    def _take_up_gaps(self) -> None:
        self._health.took_up(
            gap for gap in self._store.sources.gaps() if gap.source == self.name and gap.until is None
        )

    def _pass(self, stop: threading.Event) -> float | None:
        """Read on from the committed cursor. Returns the seconds until the next pass, or None if there is none.

        Saves nothing once `stop` is set, and ignores what the source raises then.
        """
        try:
            self._read_on(stop)
        except Exception as error:  # noqa: BLE001 - a source that has stopped must not look healthy
            return None if stop.is_set() else self._pause_after(error)
        if stop.is_set():
            return None
        if self.source.every_seconds is None:
            self._health.is_now(SourcePhase.FINISHED, running=False)
            return None
        return 0.0

    def _read_on(self, stop: threading.Event) -> None:
        cursor = self._store.sources.cursor(self.name)
        self._resumed = cursor is not None
        for batch in self.source.batches(cursor):
            if stop.is_set():
                return
            self.save(batch)
            # A stream without a connection yields empty batches too: they do not show that it works.
            if batch.items or batch.last or batch.caught_up or batch.cursor not in ("", cursor):
                self._health.answered(caught_up=batch.last or batch.caught_up)
                self._pause_seconds = FIRST_PAUSE_SECONDS
                cursor = batch.cursor

    def _pause_after(self, error: Exception) -> float | None:
        """Record why a pass failed. Returns the seconds until the next pass, or None if it has failed for good."""
        if isinstance(error, SourceUnreachable | StoreError):
            if str(error) != self.state.fault:
                log.warning("source %s does not answer: %s", self.name, error)
            self._note(self._health.failed(str(error)))
            asked = min(getattr(error, "retry_after_seconds", None) or 0.0, LONGEST_PATIENCE_SECONDS)
            pause = max(asked, self._pause_seconds * random.uniform(0.5, 1.0))
            self._pause_seconds = min(2 * self._pause_seconds, LONGEST_PAUSE_SECONDS)
            return pause
        if isinstance(error, GrapevineError):
            log.error("source %s stopped: %s", self.name, error)
            self._give_up(str(error))
            return None
        log.error("source %s stopped: %s", self.name, without_its_text(error))
        self._give_up(f"stopped by {type(error).__name__}. See the log, then start it again.")
        return None

    def _give_up(self, fault: str) -> None:
        self._gave_up = True
        self._note(self._health.gave_up(fault))

    def _note(self, events: list[HealthEvent]) -> None:
        if not events:
            return
        try:
            self._store.sources.add_health(events).result()
        except GrapevineError as error:
            log.error("source %s: its health could not be saved: %s", self.name, error)

    def _is_due(self, cursor: str) -> bool:
        return (
            cursor != self._saved_cursor
            or self._saved_at is None
            or self._clock.now() - self._saved_at >= SIGN_OF_LIFE
        )
