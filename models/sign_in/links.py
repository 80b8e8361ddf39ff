"""Tokens that only their holder knows: of sessions and of one-time links. What is kept of one is its digest."""

import secrets
from datetime import timedelta
from hashlib import blake2b

# The link that sets an account up: long enough to reach somebody on the next shift.
SET_UP_LASTS = timedelta(hours=24)


def new_token() -> str:
    """256 random bits, to be put in an address or a cookie."""
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """What is kept of a token. Anything may be given; only a token finds something.

    >>> digest_of("a token") == digest_of("a token"), len(digest_of("a token"))
    (True, 64)
    """
    return blake2b(token.encode("utf-8", "replace"), digest_size=32).hexdigest()


def set_up_path(token: str) -> str:
    """Where the holder of a one-time link sets the password, on whichever address serves Grapevine."""
    return f"/set-up?token={token}"
