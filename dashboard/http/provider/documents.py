"""The provider's addresses and keys, read from it and kept for an hour; and whether it answers at all."""

import logging
import re
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from joserfc.jwk import KeySet

from dashboard.http.provider.asking import NoAnswer, ask
from models.provider_settings import is_safe_address
from models.sign_in.id_tokens import signing_keys

log = logging.getLogger(__name__)

KEPT_FOR = timedelta(hours=1)
# Whoever sends tokens with made-up keys does not make us ask for keys more often.
KEYS_AT_MOST_EVERY = timedelta(seconds=10)
ASKED_AGAIN_AFTER = timedelta(seconds=10)
# The other threads answer those who are signed in, however slow the provider is.
AT_ONCE = 6
WAIT_SECONDS = 5.0
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_USEFUL = ("userinfo_endpoint", "end_session_endpoint")
_ERROR = re.compile(r"[a-z_]{1,60}")


class ProviderAway(Exception):
    """The provider did not answer, or not so that it can be read. What was so before stays so."""


class ProviderRefuses(Exception):
    """The provider does not do what it is asked; `error` is its word for why (RFC 6749, 5.2), or the status."""

    def __init__(self, error: str):
        super().__init__(error)
        self.error = error


@dataclass(frozen=True, slots=True)
class _Kept:
    value: Any
    at: datetime


class Documents:
    """What the provider publishes of itself. `now` tells true time. Any thread may ask."""

    def __init__(self, issuer: str, now: Callable[[], datetime]):
        # Since when it has not answered; None while all is well. The sign-in page reads it, and waits for nobody.
        self.away_since: datetime | None = None
        self._issuer = issuer
        self._now = now
        self._lock = threading.Lock()
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._metadata: _Kept | None = None
        self._keys: _Kept | None = None
        self._tried_at: datetime | None = None

    def metadata(self) -> Mapping[str, Any]:
        """The provider's addresses, as OpenID Connect Discovery names them.

        Raises ProviderAway, without asking, where it was asked in vain a moment ago.
        """
        with self._lock:
            now = self._now()
            # Nobody is sent to a provider that was away a moment ago before it answers again.
            if self.away_since is None and self._metadata is not None and now - self._metadata.at < KEPT_FOR:
                return self._metadata.value
            if self._tried_at is not None and now - self._tried_at < ASKED_AGAIN_AFTER:
                raise ProviderAway("a moment ago")
            self._tried_at = now
            self._metadata = _Kept(self._discovered(), now)
            return self._metadata.value

    def known(self) -> Mapping[str, Any]:
        """The provider's addresses as far as they are known: nobody waits."""
        return self._metadata.value if self._metadata is not None else {}

    def look(self) -> None:
        """In the background: read the addresses anew, and see whether the provider answers."""
        with suppress(ProviderAway):
            self._metadata = _Kept(self._discovered(), self._now())

    def keys(self, *, anew: bool = False) -> KeySet:
        """The keys that it signs with. `anew`: those that are kept will not do, unless they were read just now."""
        address = self.metadata()["jwks_uri"]
        with self._lock:
            kept = self._keys
            if kept is not None and self._now() - kept.at < (KEYS_AT_MOST_EVERY if anew else KEPT_FOR):
                return kept.value
            self._keys = _Kept(signing_keys(self._published(address)), self._now())
            return self._keys.value

    def asked(self, method: str, address: str, **more: Any) -> Any:
        """What the provider says at one of its addresses. Raises ProviderAway and ProviderRefuses."""
        if not self._turns.acquire(timeout=WAIT_SECONDS):
            raise ProviderAway("too many ask")
        try:
            answer = ask(method, address, **more)
        except NoAnswer as error:
            raise self._away(str(error)) from None
        finally:
            self._turns.release()
        if answer.status != 200 and not 400 <= answer.status < 500:
            raise self._away(f"answered {answer.status}")
        if self.away_since is not None:
            log.warning("the sign-in provider answers again")
            self.away_since = None
        if answer.status != 200:
            raise ProviderRefuses(error_in(answer.said) or str(answer.status))
        return answer.said

    def _discovered(self) -> dict[str, Any]:
        issuer = self._issuer
        found = self._published(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if not isinstance(found, dict) or found.get("issuer") != issuer:
            raise self._away("its discovery document names another issuer than config.toml")
        unsafe = [one for one in _NEEDED if not is_safe_address(found.get(one), like=issuer)]
        unsafe += [one for one in _USEFUL if one in found and not is_safe_address(found[one], like=issuer)]
        if unsafe:
            raise self._away(f"its discovery document has no safe address for {unsafe[0]}")
        return found

    def _published(self, address: str) -> Any:
        try:
            return self.asked("GET", address)
        except ProviderRefuses as refused:
            raise self._away(f"answered {refused.error}") from None

    def _away(self, why: str) -> ProviderAway:
        if self.away_since is None:
            log.warning("the sign-in provider cannot be asked: %s", why)
            self.away_since = self._now()
        return ProviderAway(why)


def error_in(said: Any) -> str | None:
    """The error's name, where it is one: what a stranger wrote is shown nowhere."""
    error = said.get("error") if isinstance(said, Mapping) else None
    return error if isinstance(error, str) and _ERROR.fullmatch(error) else None
