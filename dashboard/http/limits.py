"""How often one may ask: guessing and flooding are slowed down, and nobody's flood shuts others out.

Polls are never counted: every screen asks every two seconds. All counters are in memory and few, whatever is sent.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from math import ceil
from typing import Any

from dash import Dash
from flask import Response, jsonify, request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from dashboard.browser_input import fields
from dashboard.http import command_api, downloads, webhook_endpoint
from dashboard.paths import ACCOUNT, FROM_PROVIDER, HERE, LEFT, PROVIDER_SAYS, SET_UP, SIGN_IN, SIGN_IN_CODE
from dashboard.signed_in import person
from dashboard.words import limits as limit_words
from models.clock import SystemClock

# Once there are so many counters, whoever comes new shares one.
MOST_COUNTERS = 5_000
EVERYBODY_ELSE = "everybody else"
# Each costs the time of a hash, or is a guess.
_PROOFS = frozenset({SIGN_IN, SIGN_IN_CODE, SET_UP, FROM_PROVIDER})
_PROOFS_OF_THE_SIGNED_IN = frozenset({f"{ACCOUNT}/password", f"{ACCOUNT}/second-factor"})
# That somebody is there, or left a page; and the pieces of a file, whose number its size bounds.
_UNCOUNTED = frozenset({HERE, LEFT, "/import/piece"})
CALLBACKS = "/_dash-update-component"


@dataclass(frozen=True, slots=True)
class Limit:
    """How many times a minute, and what it is called where refusals are counted."""

    name: str
    a_minute: int


SIGN_INS = Limit("sign-in", 20)
ALL_SIGN_INS = Limit("sign-in, all", 200)
TAKING_OUT = Limit("download", 30)
ACTS = Limit("acts and searches", 300)
PUSHES = Limit("webhook", 600)
SIGN_OUTS = Limit("sign-out at the provider", 600)


class RateLimits:
    """`expected` says whether who signs in has proven something before: their browser signed in before, their link
    is open, their password was right. Strangers share a limit, and cannot use up that of the expected.
    Where people sign in by `choosing` who they are there is nothing to guess, and no limit.
    """

    def __init__(self, expected: Callable[[], bool], *, choosing: bool):
        # Since the start; shown at /health.
        self.refused: Counter[str] = Counter()
        self._expected = expected
        self._choosing = choosing
        self._storage = MemoryStorage()
        self._limiter = SlidingWindowCounterRateLimiter(self._storage)

    def register(self, app: Dash) -> None:
        """Call once every callback is registered, after the guard and before the gate."""
        polled = polled_inputs(app.callback_map)

        @app.server.before_request
        def not_too_often() -> Response | None:
            # An answer of the provider comes by GET.
            if request.method != "POST" and request.path != FROM_PROVIDER:
                return None
            if request.path.startswith(command_api.BELOW) or request.path in _UNCOUNTED:
                return None
            for limit, key in self._counted(polled):
                seconds = self.wait(limit, key)
                if seconds:
                    return _refusal(seconds)
            return None

    def wait(self, limit: Limit, key: str) -> int:
        """Count a request; 0 where it is in order, else after how many seconds to ask again."""
        item = RateLimitItemPerMinute(limit.a_minute)
        is_new = self._limiter.get_window_stats(item, limit.name, key).remaining == limit.a_minute
        if is_new and len(self._storage.storage) >= MOST_COUNTERS:
            key = EVERYBODY_ELSE
        if self._limiter.hit(item, limit.name, key):
            return 0
        self.refused[limit.name] += 1
        # The library's own clock is the computer's, too.
        now = SystemClock().now().timestamp()
        return max(1, ceil(self._limiter.get_window_stats(item, limit.name, key).reset_time - now))

    def _counted(self, polled: frozenset[str]) -> list[tuple[Limit, str]]:
        """The limits that the request which is answered counts for, each with whose it is."""
        path, who = request.path, person()
        if path.startswith(webhook_endpoint.BELOW):
            # With the address, since the signature is looked at later: nobody else uses up a sender's limit.
            return [(PUSHES, f"{path.removeprefix(webhook_endpoint.BELOW)[:100]} {_whence()}")]
        if path == PROVIDER_SAYS:
            return [(SIGN_OUTS, _whence())]
        if path in _PROOFS:
            if self._choosing:
                return []
            if self._expected():
                return [(SIGN_INS, f"expected {path} {_whence()}")]
            return [(SIGN_INS, f"{path} {_whence()}"), (ALL_SIGN_INS, path)]
        if who is None or (path == CALLBACKS and _is_poll(polled)):
            return []
        if path in _PROOFS_OF_THE_SIGNED_IN:
            return [(SIGN_INS, who.session.id)]
        return [(TAKING_OUT if path == downloads.PATH else ACTS, who.session.id)]


def polled_inputs(callbacks: Mapping[str, Mapping[str, Any]]) -> frozenset[str]:
    """The properties that change by themselves while nobody touches a page: what clocks tick, and what follows."""
    polled = {key for one in callbacks.values() for key in _inputs(one) if key.endswith(".n_intervals")}
    while True:
        following = {
            output
            for name, one in callbacks.items()
            if polled.intersection(_inputs(one))
            for output in (part.partition("@")[0] for part in name.strip(".").split("..."))
            if "." in output
        }
        if following <= polled:
            return frozenset(polled)
        polled |= following


def _inputs(callback: Mapping[str, Any]) -> list[str]:
    return [f"{one['id']}.{one['property']}" for one in callback["inputs"]]


def _is_poll(polled: frozenset[str]) -> bool:
    """Whether a callback is called by itself: what set it off changes so, and is one of what it listens to."""
    asked = fields(request.get_json(silent=True))
    changed, inputs = asked.get("changedPropIds"), asked.get("inputs")
    if not isinstance(changed, list) or not changed or not isinstance(inputs, list):
        return False
    listens = {f"{fields(one).get('id')}.{fields(one).get('property')}" for one in inputs}
    return all(isinstance(one, str) and one in polled and one in listens for one in changed)


def _whence() -> str:
    """The address that asks; of version 6 the network, of which everybody has very many addresses."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "nowhere"
    return str(address if address.version == 4 else ip_network((address, 64), strict=False))


def _refusal(seconds: int) -> Response:
    sentence = limit_words.too_often(seconds)
    if request.path.startswith(webhook_endpoint.BELOW):
        answer = jsonify({"error": sentence})
    else:
        answer = Response(sentence, mimetype="text/plain")
    answer.status_code = 429
    answer.headers["Retry-After"] = str(seconds)
    return answer
