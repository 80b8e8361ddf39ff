"""Whether the audit's chain follows: asked by a person on the screen or by a command, and said in plain words."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from dashboard.browser_input import log_in_one_line
from dashboard.words import audit as audit_words
from models.clock import Clock
from models.domain.acts import Officer
from models.domain.audit import AuditedLook, AuditFilter, AuditKind, AuditNote
from models.limits import LONGEST_TEXT
from models.store import Store

# Longer than any commit takes.
ENTERING_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Found:
    """Whether the chain follows, in sentences."""

    follows: bool
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """A check that is over: what it found, when, and by whom. `by` is None where nobody knows."""

    says: tuple[str, ...]
    at: datetime | None
    by: Officer | None


@dataclass(frozen=True, slots=True)
class Checking:
    """A check under way: up to which entry all follow, of how many, and by whom it was asked for."""

    number: int
    of: int
    by: Officer


def check(store: Store, seconds: float | None = None, go_on: Callable[[int], bool] | None = None) -> Found:
    """What there is to say of the chain; of its beginning where it takes longer than so many `seconds`."""
    reached, until = 0, None if seconds is None else time.monotonic() + seconds
    stopped = False

    def further(number: int) -> bool:
        nonlocal reached, stopped
        reached = number
        stopped = (until is not None and time.monotonic() > until) or (go_on is not None and not go_on(number))
        return not stopped

    faults = store.audit.verify(further)
    head = store.audit.head()
    if faults:
        told = [audit_words.fault(one) for one in faults]
        return Found(False, (audit_words.found(len(faults), head), *told, audit_words.WHAT_TO_DO))
    if stopped and seconds is not None and head is not None and reached < head.number:
        return Found(True, (audit_words.follows_so_far(reached, head, seconds),))
    return Found(True, (audit_words.follows(head),))


class AuditChecks:
    """Checks the chain in a thread of its own, one check at a time, and enters what it found."""

    def __init__(self, store: Store, clock: Clock):
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._running: Checking | None = None
        self._last: Checked | None = None

    def start(self, by: Officer) -> None:
        """Check now; where a check is under way it will do."""
        with self._lock:
            if self._running is not None:
                return
            head = self._store.audit.head()
            self._running = Checking(0, head.number if head else 0, by)
        threading.Thread(target=self._check, args=(by,), name="audit-check", daemon=True).start()

    def running(self) -> Checking | None:
        with self._lock:
            return self._running

    def last(self) -> Checked | None:
        """The last check that is over; after a restart what the audit itself says of it."""
        with self._lock:
            last = self._last
        if last is not None:
            return last
        for entry in self._store.audit.entries(AuditFilter(what=AuditedLook.CHECK_AUDIT), limit=1):
            return Checked((entry.note.reason or "",), entry.note.at, entry.note.officer)
        return None

    def _check(self, by: Officer) -> None:
        try:
            says = check(self._store, go_on=self._reached).says
        except Exception as error:  # noqa: BLE001 - whoever pressed the button must see that it failed
            log_in_one_line("the audit could not be checked", error)
            says = (audit_words.NOT_CHECKED,)
        said = " ".join(says)[:LONGEST_TEXT]
        note = AuditNote(AuditKind.CONSULTATION, AuditedLook.CHECK_AUDIT, by, reason=said, at=self._clock.now())
        try:
            self._store.audit.note(note).result(timeout=ENTERING_SECONDS)
        except Exception as error:  # noqa: BLE001 - what was found is said all the same
            log_in_one_line("a check of the audit could not be entered", error)
            says = (*says, audit_words.NOT_ENTERED)
        with self._lock:
            self._last = Checked(says, note.at, by)
            self._running = None

    def _reached(self, number: int) -> bool:
        with self._lock:
            if self._running is not None:
                self._running = Checking(number, max(self._running.of, number), self._running.by)
        return True
