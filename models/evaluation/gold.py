"""Labelled files: what people decided of posts, and the same posts without it.

The judge gets files that `without_gold` wrote; only training and evaluation read labels.
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from models.clock import utc_time
from models.errors import InputError

GOLD = "gold"
NO_COLLECTION = "no collection"
ANSWERING = ("reply", "quote")


@dataclass(frozen=True, slots=True)
class LabelledPost:
    """A post with its gold labels; None where people were not asked.

    `moment` is stream time: the latest of the times stated in its event up to and with this post, None before any.
    `thread` is the id of the post that opens its thread, its own for a source post.
    """

    id: str
    event: str
    text: str
    author: str | None
    moment: datetime | None
    thread: str
    answers: bool
    is_source: bool
    is_rumour: bool | None
    story: str | None
    stance: str | None


def read_gold(file: Path) -> dict[str, list[LabelledPost]]:
    """The labelled posts of each event in file order. Raises InputError where no post has labels.

    A second post of the same id is a retry and left out, as the pipeline does.
    """
    events: dict[str, list[LabelledPost]] = {}
    seen: set[str] = set()
    latest: dict[str, datetime] = {}
    for record in _records(file):
        if not isinstance(record.get(GOLD), dict) or not isinstance(record.get("id"), str) or record["id"] in seen:
            continue
        seen.add(record["id"])
        event = record.get("collection") or NO_COLLECTION
        moment = _time(record.get("created_at"))
        if moment is not None:
            latest[event] = max(latest.get(event, moment), moment)
        events.setdefault(event, []).append(_labelled(record, event, latest.get(event)))
    if not events:
        raise InputError(f'{file}: no post has labels. Each line to be scored needs a "gold" object.')
    return events


def without_gold(file: Path, out: Path, event: str | None = None) -> None:
    """Write the posts of `file`, or of one of its events, to `out` (.jsonl) without their labels."""
    with out.open("w", encoding="utf-8") as stripped:
        for record in _records(file):
            if event in (None, record.get("collection") or NO_COLLECTION):
                record.pop(GOLD, None)
                stripped.write(json.dumps(record, ensure_ascii=False) + "\n")


def _records(file: Path) -> Iterator[dict[str, Any]]:
    opened = gzip.open if file.suffix == ".gz" else open
    read = 0
    try:
        with opened(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                read += 1
                record = json.loads(line)
                if not isinstance(record, dict):
                    raise ValueError("not a JSON object")
                yield record
    except OSError as error:
        raise InputError(
            f"{file}: cannot be read ({error.strerror or error}). Name a .jsonl or .jsonl.gz."
        ) from error
    except (ValueError, EOFError) as error:
        raise InputError(f"{file}, line {read:,}: {error}. Labels are read from JSON lines only.") from error


def _labelled(record: dict[str, Any], event: str, moment: datetime | None) -> LabelledPost:
    gold = record[GOLD]
    is_source = bool(gold.get("is_source"))
    return LabelledPost(
        id=record["id"],
        event=event,
        text=record.get("text") or "",
        author=record.get("author"),
        moment=moment,
        thread=record["id"] if is_source else record.get("root") or record.get("reply_to") or record["id"],
        answers=record.get("kind") in ANSWERING or any(record.get(link) for link in ("reply_to", "quote_of")),
        is_source=is_source,
        is_rumour=gold.get("is_rumour"),
        story=gold.get("story") or None,
        stance=gold.get("stance"),
    )


def _time(stated: object) -> datetime | None:
    """What is stated, in UTC; None where it cannot be read: the pipeline refuses that post."""
    try:
        return utc_time(stated) if isinstance(stated, str) else None
    except ValueError:
        return None
