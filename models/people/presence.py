"""Who looks at which rumour, in this server's memory only.

Who is here is no history: it is written nowhere, and after a restart nobody is here until their page asks again. It
follows from the polls that pages make anyway. Times are the true clock's, whatever time the screens show.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from models.domain.acts import Officer

# Pages poll every 2 seconds; a page that was not heard of for so long shows nothing to anybody.
GONE_AFTER = timedelta(seconds=45)
# Pages in all; beyond that whoever was not heard of for longest is forgotten.
MOST_VIEWS = 5_000


# Characters of a page's name; ours have twelve.
LONGEST_PAGE = 40


@dataclass(frozen=True, slots=True)
class View:
    """One page in one browser: the id of its session, and the name that the page was drawn with."""

    session: str
    page: str

    @classmethod
    def called(cls, session: str, page: str) -> "View":
        """The page that a browser calls so, cut short: it may send anything."""
        return cls(session, page[:LONGEST_PAGE])


@dataclass(frozen=True, slots=True)
class _Look:
    incident: str
    rumour: str
    who: Officer
    since: datetime
    seen_at: datetime


class Presence:
    """Safe to call from any thread. `is_live` says whether a session has not ended: with it all its pages go."""

    def __init__(self, is_live: Callable[[str], bool], *, gone_after: timedelta = GONE_AFTER, most: int = MOST_VIEWS):
        self._is_live = is_live
        self._gone_after = gone_after
        self._most = most
        # Whoever was not heard of for longest comes first.
        self._looks: OrderedDict[View, _Look] = OrderedDict()
        self._lock = threading.Lock()
        # Grows with every change but those that time alone makes.
        self.changes = 0

    def seen(self, view: View, incident: str, rumour: str, who: Officer, now: datetime) -> None:
        """A page shows a rumour to somebody."""
        with self._lock:
            before = self._looks.pop(view, None)
            if before is not None and (before.incident, before.rumour, before.who) == (incident, rumour, who):
                self._looks[view] = replace(before, seen_at=now)
                return
            self._looks[view] = _Look(incident, rumour, who, now, now)
            self.changes += 1
            while len(self._looks) > self._most or self._is_gone(next(iter(self._looks.values())), now):
                self._looks.popitem(last=False)

    def left(self, view: View) -> None:
        """A page was closed or covered, or went on to something else."""
        with self._lock:
            if self._looks.pop(view, None) is not None:
                self.changes += 1

    def here(self, incident: str, now: datetime) -> Mapping[str, tuple[Officer, ...]]:
        """Who looks at each rumour of an incident, each person once, whoever came first first."""
        with self._lock:
            looks = [
                (view.session, look)
                for view, look in self._looks.items()
                if look.incident == incident and not self._is_gone(look, now)
            ]
        found: dict[str, dict[str | None, Officer]] = {}
        for session, look in sorted(looks, key=lambda one: (one[1].since, one[1].who.name)):
            if self._is_live(session):
                found.setdefault(look.rumour, {}).setdefault(look.who.user, look.who)
        return {rumour: tuple(people.values()) for rumour, people in found.items()}

    def _is_gone(self, look: _Look, now: datetime) -> bool:
        return now - look.seen_at >= self._gone_after
