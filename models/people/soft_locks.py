"""Who has which part of a rumour in hand, so that two people do not write the same answer without knowing.

A lock is a courtesy: it expires, whoever else needs the rumour goes on all the same and says why, and what two people
do at the same moment is safe without it. Locks are in this server's memory only: after a restart nobody holds one.
Locks expire by the true clock, whatever time the screens show.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from models.domain.acts import Officer

# A form that was not heard of for so long no longer holds anything.
EXPIRES_AFTER = timedelta(minutes=2)
# Locks, and forms whose lock was broken; beyond that the oldest are forgotten.
MOST_KEPT = 2_000


class Part(StrEnum):
    """What of a rumour somebody has in hand."""

    CORRECTION = "correction"
    FLOWS = "flows"
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Edited:
    incident: str
    rumour: str
    part: Part


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening of a form: whose, in which session, and the name of the request that it will be saved by."""

    who: Officer
    session: str
    request: str


@dataclass(frozen=True, slots=True)
class Hold:
    """Who has it in hand, since when as the screens' clock says."""

    who: Officer
    since: datetime


@dataclass(frozen=True, slots=True)
class Broken:
    """Who went on in somebody's place, when as the screens' clock says, and why."""

    by: Officer
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a form stands: another holds what it edits, or broke its lock. Neither: it may be saved."""

    held: Hold | None = None
    broken: Broken | None = None

    @property
    def is_clear(self) -> bool:
        return self.held is None and self.broken is None


@dataclass(slots=True)
class _Held:
    hold: Hold
    # When each form of the holder was heard of last.
    signs: dict[Opening, datetime] = field(default_factory=dict)


class SoftLocks:
    """Safe to call from any thread. `is_live` says whether a session has not ended: with it its locks go."""

    def __init__(
        self, is_live: Callable[[str], bool], *, expires_after: timedelta = EXPIRES_AFTER, most: int = MOST_KEPT
    ):
        self._is_live = is_live
        self._expires_after = expires_after
        self._most = most
        self._held: OrderedDict[Edited, _Held] = OrderedDict()
        self._broken: OrderedDict[tuple[Edited, str | None, str], Broken] = OrderedDict()
        self._lock = threading.Lock()
        # Grows with every change but those that time alone makes.
        self.changes = 0

    def open(self, edited: Edited, opening: Opening, now: datetime, shown_at: datetime) -> Standing:
        """A form is open: it takes the lock where nobody has it, and keeps it. Call it again and again."""
        with self._lock:
            standing = self._standing(edited, opening, now)
            if standing.is_clear:
                self._take(edited, opening, now, shown_at)
            return standing

    def standing(self, edited: Edited, opening: Opening, now: datetime) -> Standing:
        """Whether a form may be saved; nothing is taken."""
        with self._lock:
            return self._standing(edited, opening, now)

    def go_on(self, edited: Edited, opening: Opening, reason: str, now: datetime, shown_at: datetime) -> None:
        """Take the lock, whoever holds it or broke it: their forms are told by whom, and why."""
        with self._lock:
            self._broken.pop(_name(edited, opening), None)
            held = self._of_another(edited, opening, now)
            if held is not None:
                for one in held.signs:
                    self._broken[_name(edited, one)] = Broken(opening.who, shown_at, reason)
                while len(self._broken) > self._most:
                    self._broken.popitem(last=False)
                del self._held[edited]
            self._take(edited, opening, now, shown_at)

    def leave(self, edited: Edited, opening: Opening) -> None:
        """A form was saved or closed."""
        with self._lock:
            self._broken.pop(_name(edited, opening), None)
            held = self._held.get(edited)
            if held is not None and held.signs.pop(opening, None) is not None and not held.signs:
                del self._held[edited]
                self.changes += 1

    def held(self, incident: str, now: datetime) -> Mapping[str, tuple[tuple[Part, Hold], ...]]:
        """What is in whose hands, by rumour."""
        with self._lock:
            found: dict[str, list[tuple[Part, Hold]]] = {}
            for edited, held in self._held.items():
                if edited.incident == incident and self._is_alive(held, now):
                    found.setdefault(edited.rumour, []).append((edited.part, held.hold))
        return {rumour: tuple(parts) for rumour, parts in found.items()}

    def _standing(self, edited: Edited, opening: Opening, now: datetime) -> Standing:
        broken = self._broken.get(_name(edited, opening))
        if broken is not None:
            return Standing(broken=broken)
        other = self._of_another(edited, opening, now)
        return Standing(held=other.hold if other else None)

    def _of_another(self, edited: Edited, opening: Opening, now: datetime) -> _Held | None:
        held = self._held.get(edited)
        if held is None or held.hold.who.user == opening.who.user or not self._is_alive(held, now):
            return None
        return held

    def _take(self, edited: Edited, opening: Opening, now: datetime, shown_at: datetime) -> None:
        held = self._held.pop(edited, None)
        if held is None or held.hold.who.user != opening.who.user or not self._is_alive(held, now):
            held = _Held(Hold(opening.who, shown_at))
            self.changes += 1
        held.signs = {one: at for one, at in held.signs.items() if now - at < self._expires_after}
        held.signs[opening] = now
        self._held[edited] = held
        while len(self._held) > self._most:
            self._held.popitem(last=False)

    def _is_alive(self, held: _Held, now: datetime) -> bool:
        return any(now - at < self._expires_after and self._is_live(one.session) for one, at in held.signs.items())


def _name(edited: Edited, opening: Opening) -> tuple[Edited, str | None, str]:
    """A form whose lock was broken, in whichever session it is saved."""
    return edited, opening.who.user, opening.request
