"""The hash chain of an incident's decisions: changing, dropping or reordering one breaks every later link.

Each link is a hash of the previous link and of a salted digest of the decision's fields. So the law's erasure of free
text does not break the chain: the digest is kept, the text and its salt are dropped.
"""

import secrets
from hashlib import blake2b

FIRST_LINK = "0" * 32


def new_salt() -> str:
    return secrets.token_hex(16)


def next_link(previous: str, salt: str, fields: tuple[object, ...]) -> str:
    """The link (32 hex digits) that follows `previous` for these fields, in this order.

    >>> next_link(FIRST_LINK, "0" * 32, ("take", "checking"))
    '41e78389d506cc8fcb8c2eea04efee4a'
    """
    digest = blake2b(repr(fields).encode(), key=bytes.fromhex(salt), digest_size=16).hexdigest()
    return blake2b(f"{previous}{digest}".encode(), digest_size=16).hexdigest()
