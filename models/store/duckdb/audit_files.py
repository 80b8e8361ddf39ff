"""What of the audit is kept beside the database: the key of its chain, and its last entry.

Whoever can write the database alone has neither: they cannot link entries, nor hide that some were cut off.
"""

import os
import secrets
from pathlib import Path

from models.domain.audit import AuditHead
from models.errors import StoreError
from models.people.audit import AUDIT_KEY_BYTES

KEY, HEAD = "audit.key", "audit.head"


def audit_key(folder: Path) -> bytes:
    """The key of the chain, made at first use; readable by its owner only."""
    path = folder / KEY
    if not path.exists():
        partial = path.with_name(f"{KEY}.partial")
        partial.unlink(missing_ok=True)
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(AUDIT_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        # Whole or not there: half a key would link nothing.
        os.replace(partial, path)
    key = path.read_bytes()
    if len(key) != AUDIT_KEY_BYTES:
        raise StoreError(f"{path}: this key does not have {AUDIT_KEY_BYTES} bytes. Restore it from a backup.")
    return key


class HeadFile:
    """The number and link of the last entry. Written after each commit: it may lag behind, and is never ahead."""

    def __init__(self, folder: Path):
        self._descriptor = os.open(folder / HEAD, os.O_RDWR | os.O_CREAT, 0o600)

    def read(self) -> AuditHead | None:
        number, _, link = os.pread(self._descriptor, 200, 0).decode("ascii", "replace").strip().partition(" ")
        return AuditHead(int(number), link) if number.isdecimal() and link else None

    def write(self, head: AuditHead) -> None:
        # Always of the same length, within one block of the disk: no crash leaves half of it.
        os.pwrite(self._descriptor, f"{head.number:020d} {head.link}\n".encode("ascii"), 0)

    def close(self) -> None:
        os.close(self._descriptor)
