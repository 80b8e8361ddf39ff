"""The members of a file or folder, one after another, each a stream of bytes. Nothing is written to disk.

A plain file is one member. The members of a folder are its files by name, those of a .zip or .tar[.gz] its files in
order. A file that expands too far (a zip bomb) is stopped while it is read, whatever its header states.
"""

import gzip
import io
import os
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from ingest.formats.metered import Meter, opened
from models.errors import InputError

# Text of posts packs 5 to 50 times smaller; hardly any honest file packs 200 times smaller.
MOST_EXPANSION = 200
ALWAYS_ALLOWED_BYTES = 64_000_000
MOST_MEMBERS = 500_000
_GZIP = b"\x1f\x8b"
_LARGEST_TAR_HEADER_BYTES = 1_000_000
# Headers that tarfile reads into memory whole, before it returns a member.
_TAR_HEADERS = (
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
)

# Exceptions that are the fault of a damaged or hostile file.
DAMAGE = (
    EOFError,
    OSError,
    zlib.error,
    zipfile.BadZipFile,
    tarfile.TarError,
    # zipfile raises these for a member that is encrypted or packed in an unknown way.
    RuntimeError,
    NotImplementedError,
)

Wanted = Callable[[str], bool]


class ExpandsTooFar(OSError):
    """A packed file gave more than any honest one contains."""


def is_junk(name: str) -> bool:
    """Whether a member is one that operating systems leave in archives: resource forks, folder views."""
    return any(part.startswith("._") or part in (".DS_Store", "__MACOSX") for part in PurePosixPath(name).parts)


def members(
    path: Path, wanted: Wanted = lambda name: True, meter: Meter | None = None
) -> Iterator[tuple[str, IO[bytes]]]:
    """Name and stream of every member that is `wanted`. Read each stream before you take the next.

    `meter` counts what is read of the file.

    Raises InputError for too many members, and any of DAMAGE.
    """
    found = _opened(path, lambda name: not is_junk(name) and wanted(name), meter or Meter())
    for count, (name, stream) in enumerate(found, start=1):
        if count > MOST_MEMBERS:
            raise InputError(f"contains more than {MOST_MEMBERS:,} files. Split it.", path=path)
        with stream:
            yield name, stream


def damage_of(error: BaseException) -> str:
    """A dead letter's reason for one of DAMAGE."""
    if isinstance(error, ExpandsTooFar):
        return "expands too far"
    return f"file cut off or damaged ({type(error).__name__})"


def is_tar(name: str) -> bool:
    return name.lower().endswith((".tar", ".tar.gz", ".tgz"))


def _without_gz(name: str) -> str:
    """posts.csv, for posts.csv.gz and POSTS.CSV.GZ alike, in its own case"""
    return name[: -len(".gz")] if _is_gz(name) else name


def _is_gz(name: str) -> bool:
    return name.lower().endswith(".gz")


def _opened(path: Path, wanted: Wanted, meter: Meter) -> Iterator[tuple[str, IO[bytes]]]:
    if path.is_dir():
        return _folder(path, wanted, meter)
    if path.name.lower().endswith(".zip"):
        return _zip(path, wanted, meter)
    if is_tar(path.name):
        return _tar(path, wanted, meter)
    return _plain(path, wanted, meter)


def _plain(path: Path, wanted: Wanted, meter: Meter) -> Iterator[tuple[str, IO[bytes]]]:
    if not wanted(path.name):
        return
    stream = opened(path, meter)
    if stream.peek(2)[:2] == _GZIP:
        yield _without_gz(path.name), _unpacked(stream, path.stat().st_size)
    else:
        yield path.name, stream


def _folder(path: Path, wanted: Wanted, meter: Meter) -> Iterator[tuple[str, IO[bytes]]]:
    # Full names, since the folders above may contain the name of the event.
    for folder, inner, names in os.walk(path.resolve()):
        inner.sort()
        for name in sorted(names):
            whole = Path(folder, name)
            if wanted(whole.as_posix()) and whole.is_file():
                for _, stream in _plain(whole, lambda name: True, meter):
                    yield _without_gz(whole.as_posix()), stream


def _zip(path: Path, wanted: Wanted, meter: Meter) -> Iterator[tuple[str, IO[bytes]]]:
    with opened(path, meter) as packed, zipfile.ZipFile(packed) as archive:
        for info in archive.infolist():
            if info.is_dir() or not wanted(info.filename):
                continue
            stream: IO[bytes] = _bounded(archive.open(info), info.compress_size)
            if _is_gz(info.filename):
                stream = _unpacked(stream, info.compress_size)
            yield _without_gz(info.filename), stream


def _tar(path: Path, wanted: Wanted, meter: Meter) -> Iterator[tuple[str, IO[bytes]]]:
    with opened(path, meter) as packed:
        plain = packed if path.name.lower().endswith(".tar") else _unpacked(packed, path.stat().st_size)
        with tarfile.open(fileobj=plain, mode="r|", tarinfo=_BoundedHeader) as archive:
            for info in archive:
                # tarfile keeps every header that it has read; in a stream none is needed again.
                archive.members.clear()
                # A sparse file states bytes that are not in the archive.
                if not info.isreg() or info.issparse() or not wanted(info.name):
                    continue
                stream = _bounded(archive.extractfile(info), info.size)
                if _is_gz(info.name):
                    stream = _unpacked(stream, info.size)
                yield _without_gz(info.name), stream


class _BoundedHeader(tarfile.TarInfo):
    """A member's header. One with an overlong name or attributes is refused before they are read into memory."""

    @classmethod
    def frombuf(cls, buf: bytes, encoding: str, errors: str) -> tarfile.TarInfo:
        info = super().frombuf(buf, encoding, errors)
        if info.type in _TAR_HEADERS and info.size > _LARGEST_TAR_HEADER_BYTES:
            raise ExpandsTooFar("tar header")
        return info


def _unpacked(packed: IO[bytes], packed_bytes: int) -> IO[bytes]:
    return _bounded(gzip.GzipFile(fileobj=packed, mode="rb"), packed_bytes)


def _bounded(stream: IO[bytes], packed_bytes: int) -> IO[bytes]:
    return io.BufferedReader(_Bounded(stream, packed_bytes), 1 << 17)


class _Bounded(io.RawIOBase):
    def __init__(self, stream: IO[bytes], packed_bytes: int):
        self._stream = stream
        self._left = max(ALWAYS_ALLOWED_BYTES, MOST_EXPANSION * packed_bytes)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:
        # read1 returns what is there: of a file that is cut off, everything up to the cut.
        piece = self._stream.read1(len(buffer))
        self._left -= len(piece)
        if self._left < 0:
            raise ExpandsTooFar("packed file")
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._stream.close()
        super().close()
