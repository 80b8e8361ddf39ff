"""Passwords of local users: what makes a good one, its argon2id hash, and the check of what was typed.

As NIST SP 800-63B asks: length and how hard it is to guess count; no rules of composition, no change at set times.
"""

import base64
import secrets
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from models.errors import Refused
from models.text import compatible, storable

SHORTEST, LONGEST = 12, 128
# zxcvbn's own limit: its time grows with the square of the length.
JUDGED_LENGTH = 72
# Of 0 to 4: "safely unguessable: moderate protection from offline slow-hash scenario".
LEAST_SCORE = 3

# Argon2id as OWASP recommends it: 19 MiB, two passes, one lane. RFC 9106's choice for little memory (64 MiB, three
# passes) takes eight times as long, and at a change of shift a whole control room signs in.
TIME_COST, MEMORY_KIB, LANES = 2, 19_456, 1
SALT_BYTES, HASH_BYTES = 16, 32
# One core of two stays free for the screens, whoever sends passwords.
AT_ONCE = 1
WAIT_SECONDS = 5.0

BUSY = "Many people are signing in at the moment. Wait a few seconds, then try again."


class Passwords:
    """Hashes and checks passwords, at most so many at once. Who waits longer than `wait_seconds` is Refused."""

    def __init__(self, *, at_once: int = AT_ONCE, wait_seconds: float = WAIT_SECONDS):
        self._hasher = PasswordHasher(TIME_COST, MEMORY_KIB, LANES, HASH_BYTES, SALT_BYTES)
        self._turns = threading.BoundedSemaphore(at_once)
        self._wait_seconds = wait_seconds
        self._nobodys = _nobodys_hash()

    def hashed(self, password: str) -> str:
        """What to keep of a password."""
        with self._turn():
            return self._hasher.hash(_prepared(password))

    def fits(self, kept: str | None, typed: str) -> bool:
        """Whether a hash is that of what was typed.

        Takes as long where there is no hash, so that nobody learns from the time which names exist.
        """
        with self._turn():
            try:
                right = self._hasher.verify(kept or self._nobodys, _prepared(typed))
            except (VerificationError, InvalidHashError):
                return False
        return right and kept is not None and len(typed) <= LONGEST

    def is_outdated(self, kept: str) -> bool:
        """Whether a hash was made with other parameters: make it anew when its password was typed next."""
        return self._hasher.check_needs_rehash(kept)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=self._wait_seconds):
            raise Refused({"form": BUSY})
        try:
            yield
        finally:
            self._turns.release()


def check_new_password(password: str, about: Collection[str]) -> None:
    """Raises Refused where a password is too short, too long or easily guessed.

    `about` is what everybody knows of its person: their name, sign-in name and service.
    """
    if len(password) < SHORTEST:
        problem = f"Enter at least {SHORTEST} characters: these are {len(password)}. Four unrelated words do well."
    elif len(password) > LONGEST:
        problem = f"Enter at most {LONGEST} characters: these are {len(password)}."
    else:
        problem = _weakness(password, about)
    if problem:
        raise Refused({"password": problem})


def _weakness(password: str, about: Collection[str]) -> str | None:
    # Imported here: its dictionaries take memory that only those need who choose a password.
    from zxcvbn import zxcvbn

    known = {"grapevine", *about, *(part for text in about for part in text.split())}
    judged = zxcvbn(_prepared(password)[:JUDGED_LENGTH], sorted(known))
    if judged["score"] >= LEAST_SCORE:
        return None
    why = judged["feedback"]["warning"]
    return " ".join(
        ["This password is easily guessed.", *([why.rstrip(".") + "."] if why else []), "Try four unrelated words."]
    )


def _prepared(typed: str) -> str:
    """What is hashed: keyboards write one letter in several ways. Cut, since anybody may send megabytes."""
    return compatible(storable(typed[: LONGEST + 1]))


def _nobodys_hash() -> str:
    """A hash with our parameters that no password has, without the work of making one."""
    salt, digest = (
        base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (SALT_BYTES, HASH_BYTES)
    )
    return f"$argon2id$v=19$m={MEMORY_KIB},t={TIME_COST},p={LANES}${salt}${digest}"
