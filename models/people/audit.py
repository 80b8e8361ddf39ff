"""The hash chain of an incident's decisions: who changes, drops or reorders one breaks every later link.

Each link is taken over the previous link and a *salted* digest of the fields, so that free text can be erased by
law (keep the digest, drop text and salt) without breaking the chain.
"""

import secrets
from hashlib import blake2b

FIRST_LINK = "0" * 32


def new_salt() -> str:
    return secrets.token_hex(16)


def next_link(previous: str, salt: str, fields: tuple[object, ...]) -> str:
    """The link (32 hex digits) that follows `previous` for these fields, in their order."""
    digest = blake2b(repr(fields).encode(), key=bytes.fromhex(salt), digest_size=16).hexdigest()
    return blake2b(f"{previous}{digest}".encode(), digest_size=16).hexdigest()
