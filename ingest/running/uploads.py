"""Files on their way in from a browser, piece by piece, each in a folder of its own below the data folder.

Nothing stays: a file is deleted once it was imported or given up, and all of them when Grapevine starts.
"""

import hashlib
import shutil
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from ingest import formats
from models.domain.acts import Officer
from models.errors import Refused

# Files that wait, between choosing and importing, at a time.
MOST_WAITING = 8
# One that nobody has gone on with for so long is given up.
LONGEST_WAIT_SECONDS = 3_600.0
# What must stay free on the disk beside the file.
LEAST_FREE_BYTES = 200_000_000
LONGEST_NAME_BYTES, ENDING_BYTES = 150, 30
GONE = "This file is no longer here. Choose it again."


@dataclass
class Upload:
    """One file: what of it is here. `digest` is that of the whole, once it is."""

    id: str
    incident: str
    officer: Officer
    path: Path
    size_bytes: int
    received_bytes: int = 0
    touched_at: float = field(default_factory=time.monotonic)
    hashing: Any = field(default_factory=hashlib.sha256, repr=False)

    @property
    def digest(self) -> str:
        return self.hashing.hexdigest()


class Uploads:
    """The files that wait. Safe to call from any thread. Empties `folder` when it is made."""

    def __init__(self, folder: Path, largest_bytes: int):
        self._folder = folder
        self._largest_bytes = largest_bytes
        self._waiting: dict[str, Upload] = {}
        self._lock = threading.Lock()
        shutil.rmtree(folder, ignore_errors=True)

    def begin(self, name: str, size_bytes: int, incident: str, officer: Officer) -> str:
        """Make room for a file; the name of its upload. Raises Refused where it is none that can be read."""
        name = stored_name(name)
        if not formats.is_known(name):
            raise Refused({"file": f"This file cannot be read as posts. Known endings: {formats.KNOWN}."})
        if size_bytes < 1:
            raise Refused({"file": "This file is empty. Choose another."})
        if size_bytes > self._largest_bytes:
            has, most = (f"{size / 1e6:,.0f} MB" for size in (size_bytes, self._largest_bytes))
            way_out = "Split it, or let an administrator raise [imports] largest_file_megabytes."
            raise Refused({"file": f"This file has {has}, and at most {most} may be imported. {way_out}"})
        with self._lock:
            self._give_up_idle(incident, officer)
            if len(self._waiting) >= MOST_WAITING:
                raise Refused({"file": "Too many files are being imported at this moment. Try again in an hour."})
            upload = Upload(token_urlsafe(16), incident, officer, Path(), size_bytes)
            folder = self._folder / upload.id
            try:
                folder.mkdir(parents=True, mode=0o700)
                free = shutil.disk_usage(folder).free
            except OSError as error:
                raise _no_room(error) from error
            if free < size_bytes + LEAST_FREE_BYTES:
                folder.rmdir()
                raise Refused({"file": "There is not enough room on the server's disk for this file."})
            upload.path = folder / name
            self._waiting[upload.id] = upload
            return upload.id

    def receive(self, upload: str, at: int, piece: bytes) -> int:
        """Take the bytes that stand at `at`; how many are here. The same piece again changes nothing.

        Raises Refused for a piece that does not fit.
        """
        with self._lock:
            one = self._one(upload)
            if 0 <= at <= at + len(piece) <= one.received_bytes:
                return one.received_bytes
            if at != one.received_bytes or at + len(piece) > one.size_bytes:
                raise Refused({"file": "The file arrived in disorder. Choose it again."})
            try:
                with one.path.open("ab") as file:
                    # What a piece left behind that did not arrive whole is written over.
                    file.truncate(at)
                    file.write(piece)
            except OSError as error:
                raise _no_room(error) from error
            one.hashing.update(piece)
            one.received_bytes += len(piece)
            one.touched_at = time.monotonic()
            return one.received_bytes

    def incident_of(self, upload: str) -> str | None:
        """The incident that a file is for; None where there is no such file."""
        with self._lock:
            one = self._waiting.get(upload)
            return one.incident if one else None

    def whole(self, upload: str) -> Upload:
        """A file that has arrived whole. Raises Refused."""
        with self._lock:
            one = self._one(upload)
            if one.received_bytes < one.size_bytes:
                raise Refused({"file": "This file has not arrived whole. Choose it again."})
            one.touched_at = time.monotonic()
            return one

    def drop(self, upload: str) -> None:
        """Delete a file; where there is none, nothing happens."""
        with self._lock:
            self._drop(upload)

    def take_out(self, upload: str) -> None:
        """Let a file go on without waiting: who took it deletes it by `delete`."""
        with self._lock:
            self._waiting.pop(upload, None)

    def _one(self, upload: str) -> Upload:
        if upload not in self._waiting:
            raise Refused({"file": GONE})
        return self._waiting[upload]

    def _drop(self, upload: str) -> None:
        one = self._waiting.pop(upload, None)
        if one is not None:
            delete(one)

    def _give_up_idle(self, incident: str, officer: Officer) -> None:
        """Those that nobody goes on with, and the one that this officer chose before for the same incident."""
        longest = time.monotonic() - LONGEST_WAIT_SECONDS
        for one in list(self._waiting.values()):
            if one.touched_at < longest or (one.incident, one.officer) == (incident, officer):
                self._drop(one.id)


def delete(upload: Upload) -> None:
    shutil.rmtree(upload.path.parent, ignore_errors=True)


def stored_name(name: str) -> str:
    """The name under which a file is kept: no folder, nothing that cannot be seen, not too long.

    >>> stored_name("C:\\\\exports\\\\../posts\\u202e.csv"), stored_name("..")
    ('posts.csv', '')
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(character for character in last if character.isprintable()).strip().lstrip(".")
    written = shown.encode("utf-8", "ignore")
    if len(written) > LONGEST_NAME_BYTES:
        # Its end says what it is.
        written = written[: LONGEST_NAME_BYTES - ENDING_BYTES] + written[-ENDING_BYTES:]
    return written.decode("utf-8", "ignore")


def _no_room(error: OSError) -> Refused:
    return Refused({"file": f"The file cannot be kept on the server ({error.strerror}). Tell the administrator."})
