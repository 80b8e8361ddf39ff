"""Labelled posts to learn from: files in the interchange form with `gold`, read here and in evaluation only.

What a label means is decided in `models.evaluation.gold`, for all files and for scoring as well.
"""

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from models.errors import InputError
from models.evaluation.gold import event_name, event_of, is_source, story_of


def records(files: Iterable[Path], *, leave_out: Iterable[str] = ()) -> Iterator[Mapping[str, Any]]:
    """Every record of the files, but for those of events left out. Raises InputError where one cannot be read.

    An event has one name in all files: what RumourEval holds of a PHEME event is left out with it.
    """
    skipped = frozenset(map(event_name, leave_out))
    for file in files:
        opener = gzip.open if file.suffix == ".gz" else open
        try:
            with opener(file, "rt", encoding="utf-8") as lines:
                number = 0
                for line in lines:
                    number += 1
                    record = json.loads(line)
                    if not skipped or event_of(record) not in skipped:
                        yield record
        except (OSError, EOFError, zlib.error) as error:
            why = getattr(error, "strerror", None) or error
            raise InputError(f"{file}: cannot be read ({why}).") from error
        except ValueError as error:
            raise InputError(f"{file}, line {number}: not JSON ({error}).") from error


def events(files: Iterable[Path], *, leave_out: Iterable[str] = ()) -> dict[str, list[Mapping[str, Any]]]:
    """The source posts of each event that has something to tell apart, in order of time, without events left out.

    That is two rumours, or one and posts of none.
    """
    found: dict[str, list[Mapping[str, Any]]] = {}
    for record in records(files, leave_out=leave_out):
        if is_source(record):
            found.setdefault(record["collection"], []).append(record)
    return {event: posts for event, posts in found.items() if len({story_of(post) for post in posts}) > 1}
