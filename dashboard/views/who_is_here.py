"""Who is at each rumour of an incident: who shows it, and who has which part of it in hand.

Every poll asks, so that it is put together only when somebody came or went, and once a second.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from models.clock import Clock
from models.domain.acts import Officer
from models.people.presence import Presence
from models.people.soft_locks import Hold, Part, SoftLocks
from models.store import Store

SECONDS_BETWEEN_READS = 1.0


@dataclass(frozen=True, slots=True)
class AtRumour:
    """Somebody at a rumour, and what of it they have in hand: nothing where they look."""

    who: Officer
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Here:
    """Who is at which rumour. The same `stamp` means that nothing has changed; it is "" where nobody is anywhere."""

    stamp: str
    at: Mapping[str, tuple[AtRumour, ...]]

    def others(self, rumour: str, me: str | None) -> tuple[AtRumour, ...]:
        """Who is at a rumour, but for the user who asks."""
        return tuple(one for one in self.at.get(rumour, ()) if one.who.user != me)


NOBODY = Here("", {})


@dataclass(frozen=True, slots=True)
class _Read:
    here: Here
    changes: tuple[int, int]
    due_at: float


class WhoIsHere:
    """Safe to call from any thread. `clock` tells true time."""

    def __init__(
        self,
        clock: Clock,
        presence: Presence,
        locks: SoftLocks,
        *,
        seconds: Callable[[], float] = time.monotonic,
    ):
        self.now = clock.now
        self.presence = presence
        self.locks = locks
        self._seconds = seconds
        self._number = 0
        self._reads: dict[str, _Read] = {}
        self._lock = threading.Lock()

    def at(self, incident: str) -> Here:
        with self._lock:
            before, changes = self._reads.get(incident), (self.presence.changes, self.locks.changes)
            if before is not None and before.changes == changes and self._seconds() < before.due_at:
                return before.here
            here, found = before.here if before else NOBODY, self._together(incident)
            if here.at != found:
                self._number += 1
                here = Here(str(self._number), found) if found else NOBODY
            self._reads[incident] = _Read(here, changes, self._seconds() + SECONDS_BETWEEN_READS)
            return here

    def _together(self, incident: str) -> dict[str, tuple[AtRumour, ...]]:
        now = self.now()
        here, held = self.presence.here(incident, now), self.locks.held(incident, now)
        return {rumour: _at_rumour(here.get(rumour, ()), held.get(rumour, ())) for rumour in sorted({*here, *held})}


def nobody_yet(store: Store, clock: Clock, *, locks_expire_after: timedelta) -> WhoIsHere:
    """Who is here when a server starts. With a session goes whatever is known by it."""

    def is_live(session: str) -> bool:
        return store.sessions.live(session) is not None

    return WhoIsHere(clock, Presence(is_live), SoftLocks(is_live, expires_after=locks_expire_after))


def _at_rumour(here: Sequence[Officer], held: Sequence[tuple[Part, Hold]]) -> tuple[AtRumour, ...]:
    """Those who look, with what they have in hand; then those who have something in hand and look at another page."""
    parts: dict[str | None, list[Part]] = {who.user: [] for who in here}
    people = {who.user: who for who in here}
    for part, hold in held:
        people.setdefault(hold.who.user, hold.who)
        parts.setdefault(hold.who.user, []).append(part)
    return tuple(AtRumour(people[user], tuple(mine)) for user, mine in parts.items())
