"""Binds the provider's answer to the browser that asked, and takes each answer once.

The browser's signed cookie holds the state of its attempts. The nonce and the PKCE verifier are made of it with the
server's key: so no cookie and no address tells them, and the server keeps nothing for somebody who never comes back.
"""

import base64
import hmac
from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from models.clock import utc_time
from models.sign_in.links import new_token
from models.sign_in.once import Once
from models.sign_in.sealing import key_for

# A person may have to look for their second factor.
LASTS = timedelta(minutes=15)
# Several pages of one browser may ask to sign in at once.
MOST_OF_A_BROWSER = 3
# A page that is longer than that is not gone back to: the cookie has 4 KB.
LONGEST_NEXT = 400
_IN_COOKIE = "at_provider"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to sign in at the provider: where it goes then, and what the provider is to prove it by."""

    state: str
    next: str
    nonce: str
    verifier: str


class Attempts:
    """`secret` is the key of the data folder."""

    def __init__(self, secret: bytes):
        self._keys = {use: key_for(f"provider {use}", secret) for use in ("nonce", "verifier")}
        # An older cookie, sent again, still holds what was used.
        self._used = Once(LASTS)

    def begin(self, cookie: MutableMapping[str, Any], going_to: str, now: datetime) -> Attempt:
        """A new attempt of the browser with this cookie."""
        state, going_to = new_token(), going_to if len(going_to) <= LONGEST_NEXT else "/"
        under_way = [one for one in _listed(cookie) if now < utc_time(one["until"])]
        begun = {"state": state, "next": going_to, "until": (now + LASTS).isoformat()}
        cookie[_IN_COOKIE] = [*under_way, begun][-MOST_OF_A_BROWSER:]
        return self._attempt(begun)

    def is_begun(self, cookie: MutableMapping[str, Any], state: str) -> bool:
        """Whether the browser with this cookie waits for an answer with this state."""
        return any(_same(one["state"], state) for one in _listed(cookie))

    def take(self, cookie: MutableMapping[str, Any], state: str, now: datetime) -> Attempt | None:
        """The attempt that an answer belongs to, once; None where this browser did not begin it, or too long ago."""
        begun = next((one for one in _listed(cookie) if _same(one["state"], state)), None)
        if begun is None:
            return None
        cookie[_IN_COOKIE] = [one for one in _listed(cookie) if one is not begun]
        if now >= utc_time(begun["until"]) or not self._used.is_first(state, now):
            return None
        return self._attempt(begun)

    def _attempt(self, begun: dict[str, str]) -> Attempt:
        return Attempt(begun["state"], begun["next"], self._made("nonce", begun), self._made("verifier", begun))

    def _made(self, use: str, begun: dict[str, str]) -> str:
        digest = hmac.digest(self._keys[use], begun["state"].encode(), "sha256")
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _listed(cookie: MutableMapping[str, Any]) -> list[dict[str, str]]:
    # Signed by us: what stands there has the form that `begin` gave it.
    return cookie.get(_IN_COOKIE, [])


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode("utf-8", "replace"))
