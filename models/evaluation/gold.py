"""Labelled files: what people decided of posts, and the same posts without it.

The judge gets files that `without_gold` wrote; only training and evaluation read labels. Files label in different
ways; what a label means is decided here, for training and evaluation alike.
"""

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from models.clock import utc_time
from models.errors import InputError

GOLD = "gold"
NO_COLLECTION = "no collection"
ANSWERING = ("reply", "quote")
FREE_STANDING = ("post", "quote")
# The stance of a post that a search brought up and that says nothing of the rumour.
UNRELATED = "unrelated"
_RUMOUREVAL = "rumoureval/"


@dataclass(frozen=True, slots=True)
class LabelledPost:
    """A post with its gold labels; None where people were not asked.

    `moment` is stream time: the latest of the times stated in its event up to and with this post, None before any;
    `created_at` is the time that the post itself states. `thread` is the id of the post that opens its thread, its
    own for a source post. `official`: whether an official account wrote it.
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
    kind: str | None = None
    official: bool = False
    is_reply: bool = False
    repost_of: str | None = None
    created_at: datetime | None = None

    @property
    def is_free_standing(self) -> bool:
        """Whether it is a post or a quote that answers nobody and copies nobody."""
        return self.kind in FREE_STANDING and not self.is_reply


# Labels of CrisisLexT26.
UNINFORMATIVE = frozenset({"Not related", "Not applicable", "Related - but not informative"})


def is_source(record: Mapping[str, Any]) -> bool:
    """Whether a post opens a thread of its own: as labelled, or by its kind where nobody labelled that."""
    return bool(record.get(GOLD, {}).get("is_source", record.get("kind") in FREE_STANDING))


def story_of(record: Mapping[str, Any]) -> str | None:
    """The rumour that a post belongs to, in the words people gave it; None for what belongs to none.

    What is labelled no rumour, or unrelated to the one that was searched for, has none, whatever else is stated.
    """
    gold = record.get(GOLD, {})
    return (gold.get("story") or None) if gold.get("is_rumour", True) and gold.get("stance") != UNRELATED else None


def is_rumour(record: Mapping[str, Any]) -> bool | None:
    """Whether a post belongs to a rumour: as labelled, or by its story or stance; None where nobody was asked.

    What people found to inform nobody of a crisis is chatter or sympathy, and belongs to none.
    """
    gold = record.get(GOLD, {})
    if gold.get("is_rumour") is not None:
        return bool(gold["is_rumour"])
    if gold.get("informativeness") in UNINFORMATIVE:
        return False
    return True if story_of(record) is not None else (False if gold.get("stance") == UNRELATED else None)


def event_of(record: Mapping[str, Any]) -> str:
    """The incident that a labelled post, or a post beside a claim, is about: one name in all files.

    RumourEval's posts are posts of the PHEME events of the same name.
    """
    return event_name(record.get("collection") or str(record.get("claim_id") or "").split("/")[0])


def event_name(collection: str) -> str:
    """The incident that a collection of labelled posts is of."""
    return collection.removeprefix(_RUMOUREVAL)


def read_gold(file: Path) -> dict[str, list[LabelledPost]]:
    """The labelled posts of each event in file order. Raises InputError where no post has labels.

    A second post of the same id is a retry and left out, as the pipeline does.
    """
    events: dict[str, list[LabelledPost]] = {}
    seen: set[str] = set()
    latest: dict[str, datetime] = {}
    for record in read_records(file):
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
        for record in read_records(file):
            if event in (None, record.get("collection") or NO_COLLECTION):
                record.pop(GOLD, None)
                stripped.write(json.dumps(record, ensure_ascii=False) + "\n")


def read_records(file: Path) -> Iterator[dict[str, Any]]:
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
    except (ValueError, EOFError, zlib.error) as error:
        raise InputError(f"{file}, line {read:,}: {error}. Labels are read from JSON lines only.") from error


def _labelled(record: dict[str, Any], event: str, moment: datetime | None) -> LabelledPost:
    gold = record[GOLD]
    opens = is_source(record)
    return LabelledPost(
        id=record["id"],
        event=event,
        text=record.get("text") or "",
        author=record.get("author"),
        moment=moment,
        thread=record["id"] if opens else record.get("root") or record.get("reply_to") or record["id"],
        answers=record.get("kind") in ANSWERING or any(record.get(link) for link in ("reply_to", "quote_of")),
        is_source=opens,
        is_rumour=gold.get("is_rumour"),
        story=story_of(record),
        stance=gold.get("stance") if gold.get("stance") != UNRELATED else None,
        kind=record.get("kind"),
        official=bool(gold.get("official")),
        is_reply=bool(record.get("reply_to")),
        repost_of=record.get("repost_of"),
        created_at=_time(record.get("created_at")),
    )


def _time(stated: object) -> datetime | None:
    """What is stated, in UTC; None where it cannot be read: the pipeline refuses that post."""
    try:
        return utc_time(stated) if isinstance(stated, str) else None
    except ValueError:
        return None
