"""Slows down guessing of passwords in such a way that nobody can lock somebody else out (OWASP's "device cookies").

A browser that signed in as somebody before carries a signed cookie for that name, and its wrong passwords are counted
for that browser alone. All browsers without one share one counter a name. So whoever guesses from elsewhere closes
the door for browsers that never signed in as this person, and for no other. An officer on a new device gets in
meanwhile by a new one-time link (`grapevine user link NAME`): the cookie that is set with it has its own counter.

An attempt counts as wrong from its beginning until it was right, so that a hundred at once are no hundred guesses.
"""

import hmac
import secrets
import threading
from collections import OrderedDict, deque
from datetime import datetime, timedelta
from hashlib import blake2b

from models.people.users import sign_in_key
from models.sign_in.sealing import key_for

MOST_WRONG = 10
WITHIN = timedelta(minutes=15)
LOCKED_FOR = timedelta(minutes=15)
# Of a few hundred bytes each. Pushing one out takes as many sign-ins, each of which costs the time of a hash.
MOST_COUNTERS = 20_000
_NONCE_BYTES = 16


class Lockout:
    """What was wrong lately, in memory. Names that nobody has count like all others."""

    def __init__(self, key: bytes, *, most_counters: int = MOST_COUNTERS):
        self._key = key_for("device cookies", key)
        self._most_counters = most_counters
        self._counters: OrderedDict[bytes, deque[datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, name: str, cookie: str | None, now: datetime) -> datetime | None:
        """Count an attempt to sign in, before its password is looked at; where it may not be made: until when."""
        with self._lock:
            tries = self._counter(self._which(name, cookie))
            # The last of too many began the lock. What is tried meanwhile does not make it longer.
            if len(tries) >= MOST_WRONG and now < tries[-1] + LOCKED_FOR:
                return tries[-1] + LOCKED_FOR
            while tries and tries[0] <= now - WITHIN:
                tries.popleft()
            tries.append(now)
            return None

    def was_right(self, name: str, cookie: str | None) -> str:
        """Take back what `begin` counted; the cookie that this browser carries for this name from now on.

        Earlier wrong ones of other browsers stay counted: they may be somebody else's.
        """
        which = self._which(name, cookie)
        with self._lock:
            tries = self._counters.get(which)
            if tries:
                tries.pop()
        return self.cookie_for(name)

    def knows(self, name: str, cookie: str | None) -> bool:
        """Whether this browser signed in, or used a one-time link, by this name before."""
        nonce, _, signature = (cookie or "")[:200].partition(".")
        return hmac.compare_digest(self._signature(name, nonce).encode(), signature.encode("utf-8", "replace"))

    def cookie_for(self, name: str) -> str:
        """What a browser carries that signed in, or used a one-time link, by this name."""
        nonce = secrets.token_hex(_NONCE_BYTES)
        return f"{nonce}.{self._signature(name, nonce)}"

    def _which(self, name: str, cookie: str | None) -> bytes:
        """The counter of this browser for this name: its own, or the one of all that never signed in so."""
        if self.knows(name, cookie):
            return _digest(f"device {cookie.partition('.')[0]}")
        return _digest(f"name {_same(name)}")

    def _signature(self, name: str, nonce: str) -> str:
        return hmac.digest(
            self._key, f"{nonce} {device_cookie_name(name)}".encode("utf-8", "replace"), "sha256"
        ).hex()

    def _counter(self, which: bytes) -> deque[datetime]:
        tries = self._counters.setdefault(which, deque(maxlen=MOST_WRONG))
        self._counters.move_to_end(which)
        while len(self._counters) > self._most_counters:
            self._counters.popitem(last=False)
        return tries


def device_cookie_name(name: str) -> str:
    """What the cookie of a name is called: at a desk that several people share each has one, and none is in words."""
    return f"device-{_digest(_same(name)).hex()}"


def _same(name: str) -> str:
    return sign_in_key(name) or name


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()
