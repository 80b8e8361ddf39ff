"""Ids that the same parts always give."""

from hashlib import blake2b


def stable_id(*parts: str) -> str:
    """A short id that the same parts always give, on any machine and in any order of working (blake2b, 80 bits).

    >>> stable_id("flow", "incident 1", "post 1")
    '15f50cb573692135e022'
    """
    return blake2b("\x1f".join(parts).encode(), digest_size=10).hexdigest()
