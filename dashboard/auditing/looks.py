"""Who looks at what is entered in the audit: once a person, thing and ten minutes, and never in the way of a page.

The law wants a log that can be relied on, and an emergency wants the page. So a page with masked posts is shown while
its entry is on the way. What cannot be entered waits here and is tried again; what is lost is counted, is told on the
screens and at /health, and is entered as missing as soon as anything can be. What leaves the house or shows an
author, an export or a reveal, is never handed out before it is entered: that is done by their forms.
"""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dashboard.browser_input import log_in_one_line
from dashboard.words import audit as audit_words
from models.clock import Clock
from models.domain.audit import AuditedLook, AuditKind, AuditNote
from models.errors import Refused
from models.store import Store

# By this name whoever stops the server finds the looks at its app.
LOOKS = "grapevine-looks"
# So long a look is the same consultation.
ONE_LOOK_SECONDS = 600.0
# Words that nobody typed on for so long were searched for.
SETTLED_SECONDS = 2.0
FINISHING_SECONDS = 2.0
# More than 150 people open in ten minutes. The oldest makes room, and would be entered once more.
MOST_LOOKS = 20_000
MOST_WAITING = 20_000
MANY_WAITING = 1_000
MOST_AT_ONCE = 200
_SEARCHES = (AuditedLook.SEARCH, AuditedLook.TRY_TERMS)


@dataclass(frozen=True, slots=True)
class Unentered:
    """How many consultations wait to be entered, how many were lost since the start, and since when."""

    waiting: int = 0
    lost: int = 0
    since: datetime | None = None

    def __bool__(self) -> bool:
        return bool(self.waiting or self.lost)


class Entering:
    """Hands notes to the store's writer and waits for none of them. Safe to call from any thread.

    What is noted while the writer is at some goes with the next ones, in one transaction: however many look at once,
    an act never finds more than that one before it.
    """

    def __init__(self, store: Store, clock: Clock):
        self._store = store
        self._clock = clock
        self._lock = threading.Condition()
        self._waiting: deque[AuditNote] = deque()
        self._under_way = False
        self._failing = False
        # After a refusal notes go one by one, so many, until the one that is refused is found.
        self._one_by_one = 0
        # Lost since the start; of those, how many no entry tells of yet, and of how many one is on its way.
        self._lost = self._untold = self._being_told = 0
        self._since: datetime | None = None

    def enter(self, note: AuditNote) -> None:
        """It happened now, whenever it is entered."""
        note = replace(note, at=self._clock.now())
        with self._lock:
            self._waiting.append(note)
        self._hand_over()
        with self._lock:
            if len(self._waiting) > MOST_WAITING:
                self._waiting.popleft()
                self._lose(1)

    def unentered(self) -> Unentered:
        """What waits only because the writer is at others is no fault, unless many do."""
        with self._lock:
            is_held_up = self._failing or len(self._waiting) > MANY_WAITING
            waiting = len(self._waiting) if is_held_up else 0
            since = self._since or (self._waiting[0].at if waiting else None)
            return Unentered(waiting, self._lost, since)

    def finish(self, seconds: float) -> None:
        """Wait until all that can be entered is: before the store closes. No longer than so many seconds."""
        with self._lock:
            self._lock.wait_for(lambda: not self._under_way and (self._failing or not self._waiting), seconds)

    def _hand_over(self) -> None:
        """The next ones, unless some are under way: whoever is told of those hands over what came meanwhile."""
        with self._lock:
            if self._under_way or not self._waiting:
                return
            self._under_way = True
            notes = self._next_ones()
        try:
            entered: Future[Any] = self._store.audit.note_all(notes)
        except Exception as error:  # noqa: BLE001 - whatever it is, the page is shown and the note kept
            entered = Future()
            entered.set_exception(error)
        entered.add_done_callback(lambda done: self._answered(notes, done.exception()))

    def _answered(self, notes: list[AuditNote], error: BaseException | None) -> None:
        with self._lock:
            self._under_way = False
            if error is None:
                self._failing, self._being_told = False, 0
                self._since = self._since if self._lost else None
            else:
                self._put_back(notes, error)
            self._lock.notify_all()
        if error is not None:
            log_in_one_line("consultations could not be entered in the audit", error)
        if error is None or isinstance(error, Refused):
            self._hand_over()

    def _put_back(self, notes: list[AuditNote], error: BaseException) -> None:
        looks = [one for one in notes if one.what != AuditedLook.MISSED]
        self._untold, self._being_told = self._untold + self._being_told, 0
        if isinstance(error, Refused) and len(looks) <= 1:
            # It would be refused again.
            self._lose(len(looks))
            return
        if isinstance(error, Refused):
            self._one_by_one = len(looks)
        else:
            # Tried again with the next look: here nobody knows when the disk has room again.
            self._failing = True
            self._since = self._since or self._clock.now()
        self._waiting.extendleft(reversed(looks))

    def _lose(self, notes: int) -> None:
        self._since = self._since or self._clock.now()
        self._lost += notes
        self._untold += notes

    def _next_ones(self) -> list[AuditNote]:
        most = 1 if self._one_by_one else MOST_AT_ONCE
        self._one_by_one = max(0, self._one_by_one - 1)
        notes = [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]
        if self._untold:
            reason = audit_words.missed(self._untold, self._since)
            notes.insert(0, AuditNote(AuditKind.CONSULTATION, AuditedLook.MISSED, None, reason=reason))
            self._being_told, self._untold = self._untold, 0
        return notes


@dataclass(slots=True)
class _Look:
    """When a look was entered, and when its page asked for it last: both in seconds of `Looks`."""

    entered: float
    asked: float


def _start_timer(seconds: float, then: Callable[[], None]) -> Callable[[], None]:
    timer = threading.Timer(seconds, then)
    timer.daemon = True
    timer.start()
    return timer.cancel


class Looks:
    """Which looks are new, and which only an open page that is drawn again. Safe to call from any thread."""

    def __init__(
        self,
        entering: Entering,
        seconds: Callable[[], float] = time.monotonic,
        later: Callable[[float, Callable[[], None]], Callable[[], None]] = _start_timer,
    ):
        self._entering = entering
        self._seconds = seconds
        self._later = later
        self._lock = threading.Lock()
        self._looks: OrderedDict[Hashable, _Look] = OrderedDict()
        # By whose it is: what tells it from what was typed before, its timer, and the note.
        self._typing: dict[Hashable, tuple[object, Callable[[], None], AuditNote]] = {}

    def opened(self, note: AuditNote) -> None:
        """Somebody opened it: entered unless it was within ten minutes."""
        if self._is_new(note, lambda look: look.entered):
            self._entering.enter(note)

    def redrawn(self, note: AuditNote) -> None:
        """A page in view draws it again: entered only where nobody knows of that page."""
        if self._is_new(note, lambda look: look.asked):
            self._entering.enter(note)

    def still_open(self, what: str, user: str, incident: str | None, subject: str | None) -> None:
        """A page in view asks whether there is anything new: what it shows stays the same look."""
        now = self._seconds()
        with self._lock:
            for reason in (False, True):
                if look := self._looks.get((user, what, incident, subject, reason)):
                    look.asked = now

    def typed(self, typist: Hashable, note: AuditNote) -> None:
        """Somebody searches for the words in the note's reason; entered once they are not typed on."""
        token = object()
        with self._lock:
            if before := self._typing.pop(typist, None):
                before[1]()
            if note.reason:
                cancel = self._later(SETTLED_SECONDS, lambda: self._settled(typist, token, note))
                self._typing[typist] = (token, cancel, note)

    def finish(self) -> None:
        """The server stops: what was typed last was searched for, and all is entered that can be."""
        with self._lock:
            typed = list(self._typing.values())
            self._typing.clear()
        for _, cancel, note in typed:
            cancel()
            self.opened(note)
        self._entering.finish(FINISHING_SECONDS)

    def _settled(self, typist: Hashable, token: object, note: AuditNote) -> None:
        with self._lock:
            if typist not in self._typing or self._typing[typist][0] is not token:
                return
            del self._typing[typist]
        self.opened(note)

    def _is_new(self, note: AuditNote, last: Callable[[_Look], float]) -> bool:
        key, now = _key(note), self._seconds()
        with self._lock:
            look = self._looks.get(key)
            if look is not None and now - last(look) < ONE_LOOK_SECONDS:
                look.asked = now
                return False
            self._looks[key] = _Look(now, now)
            self._looks.move_to_end(key)
            while len(self._looks) > MOST_LOOKS:
                self._looks.popitem(last=False)
            return True


def _key(note: AuditNote) -> Hashable:
    """What makes two looks the same. Words that are searched for differ; moments of the past do not."""
    more = note.reason if note.what in _SEARCHES else note.reason is not None
    return (note.officer.user if note.officer else None, note.what, note.incident, note.subject, more)
