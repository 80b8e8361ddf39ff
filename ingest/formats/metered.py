"""Files that count which of their bytes were read, so that a person sees how far a reading has come."""

import io
from pathlib import Path
from typing import IO

_BUFFER_BYTES = 1 << 15
_BLOCK_BYTES = 1 << 16


class Meter:
    """How much of a file was read, in blocks of 64 kB: what is read twice, as in a packed file, counts once."""

    def __init__(self) -> None:
        self._blocks: set[int] = set()

    @property
    def bytes_read(self) -> int:
        return len(self._blocks) * _BLOCK_BYTES

    def count(self, at: int, count: int) -> None:
        """That `count` bytes from `at` on were read."""
        if count:
            self._blocks.update(range(at // _BLOCK_BYTES, (at + count - 1) // _BLOCK_BYTES + 1))


def opened(path: Path, meter: Meter) -> IO[bytes]:
    """The file, open for reading, counted by `meter`."""
    return io.BufferedReader(_Counted(path, meter), _BUFFER_BYTES)


class _Counted(io.FileIO):
    def __init__(self, path: Path, meter: Meter):
        super().__init__(path, "rb")
        self._meter = meter

    def readinto(self, buffer: memoryview) -> int:
        at = self.tell()
        count = super().readinto(buffer)
        self._meter.count(at, count or 0)
        return count

    def readall(self) -> bytes:
        at = self.tell()
        found = super().readall()
        self._meter.count(at, len(found))
        return found
