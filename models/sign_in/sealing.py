"""Secrets that must be read again, sealed before they are stored: who has the database alone cannot read them.

One key in the data folder; what each use needs is derived from it, so that no use tells anything of another.
"""

import base64
import binascii
import secrets
from hashlib import blake2b

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from models.errors import StoreError

KEY_BYTES = 32
NONCE_BYTES = 12
VERSION = "1:"


def key_for(use: str, key: bytes) -> bytes:
    """The key of one use, such as "device cookies"; `use` has at most 64 bytes.

    >>> key_for("one", b"k" * 32) == key_for("another", b"k" * 32)
    False
    """
    return blake2b(use.encode(), digest_size=KEY_BYTES, key=key).digest()


class Seal:
    """Seals the second factors' secrets with AES-GCM. What is sealed for one user opens for no other."""

    def __init__(self, key: bytes):
        self._cipher = AESGCM(key_for("second factors", key))

    def sealed(self, secret: str, user: str) -> str:
        nonce = secrets.token_bytes(NONCE_BYTES)
        hidden = self._cipher.encrypt(nonce, secret.encode(), user.encode())
        return VERSION + base64.urlsafe_b64encode(nonce + hidden).decode()

    def opened(self, sealed: str, user: str) -> str:
        """The secret. Raises StoreError where this is not what was sealed for this user with this key."""
        try:
            if not sealed.startswith(VERSION):
                raise ValueError
            whole = base64.b64decode(sealed.removeprefix(VERSION), altchars=b"-_", validate=True)
            return self._cipher.decrypt(whole[:NONCE_BYTES], whole[NONCE_BYTES:], user.encode()).decode()
        except (ValueError, binascii.Error, InvalidTag):
            raise StoreError(
                "A second factor cannot be read: the key in the data folder is not the one that it was sealed with. "
                "Restore the key from a backup, or give the person a new link with `grapevine user link`."
            ) from None
