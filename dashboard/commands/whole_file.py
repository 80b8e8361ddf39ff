"""Files that commands write: whole or not there, and for their owner only, since they hold posts."""

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from models.errors import InputError


def check_folder(out: Path) -> None:
    """Raises InputError where the folder of `out` does not exist: said before the work, not after it."""
    if not out.parent.is_dir():
        raise InputError(f"{out.parent}: this folder does not exist. Create it, or choose another.")


def write_whole(out: Path, pieces: Iterable[bytes]) -> int:
    """Write beside the target and rename; how many bytes. Raises InputError where the file cannot be written."""
    partial = out.with_name(f".{out.name}.partial")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            for piece in pieces:
                file.write(piece)
            written = file.tell()
        os.replace(partial, out)
    except OSError as error:
        raise InputError(f"{out}: cannot be written ({error.strerror}). Choose another file.") from error
    finally:
        partial.unlink(missing_ok=True)
    return written


def json_lines(records: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """Each record as a line of JSON."""
    for record in records:
        yield f"{json.dumps(record, ensure_ascii=False)}\n".encode()
