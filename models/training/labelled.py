"""Labelled posts to learn from: files in the interchange form with `gold`, read here and in evaluation only."""

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from models.errors import InputError


def records(files: Iterable[Path]) -> Iterator[Mapping[str, Any]]:
    """Every record of the files. Raises InputError where one cannot be read."""
    for file in files:
        opener = gzip.open if file.suffix == ".gz" else open
        try:
            with opener(file, "rt", encoding="utf-8") as lines:
                number = 0
                for line in lines:
                    number += 1
                    yield json.loads(line)
        except (OSError, EOFError, zlib.error) as error:
            why = getattr(error, "strerror", None) or error
            raise InputError(f"{file}: cannot be read ({why}).") from error
        except ValueError as error:
            raise InputError(f"{file}, line {number}: not JSON ({error}).") from error


def events(files: Iterable[Path], *, leave_out: Iterable[str] = ()) -> dict[str, list[Mapping[str, Any]]]:
    """The source posts of each event whose rumours were told apart, in order of time, without events left out."""
    skipped = frozenset(leave_out)
    found: dict[str, list[Mapping[str, Any]]] = {}
    for record in records(files):
        if record.get("gold", {}).get("is_source") and record["collection"] not in skipped:
            found.setdefault(record["collection"], []).append(record)
    return {
        event: posts
        for event, posts in found.items()
        if len({post["gold"].get("story") for post in posts if post["gold"].get("is_rumour")}) > 1
    }
