"""The simulated incident: six hours of a flood in Northgate, a city that does not exist, with known truth.

It trains staff and tests the system, through the same pipeline as live posts. The texts are in `script`; how each
person types them is in `typists`. `evening` and `reposts` simulate time, attention and copying: statements come in
waves, attention has a heavy tail, reposts branch and fade, and after an official denial fewer people repeat what it
denies. `gold` is for scoring only; the pipeline never reads it.
"""

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from ingest.exercise import script
from ingest.exercise.drafts import SCRIPT_MINUTES, Draft
from ingest.exercise.evening import Evening

COLLECTION = "EXERCISE Northgate flood"
OFFICIAL_ACCOUNTS: tuple[str, ...] = tuple(p["handle"] for p in script.read_texts("people")["official"])


def exercise(*, seed: int = 1, start: datetime, hours: float = 6.0) -> list[dict]:
    """The exercise's posts as interchange records with gold, in order of `created_at`.

    seed: the same seed gives the same records. start: aware datetime of the first minute. hours: how much of the
    six-hour script is played, 0 < hours <= 6; a shorter exercise is the beginning of a longer one. There are no
    repost counts: every repost is a record of its own.
    """
    if start.tzinfo is None:
        raise ValueError("exercise(start=…): the time has no zone. Give an aware datetime, e.g. tzinfo=UTC.")
    if not 0 < hours <= SCRIPT_MINUTES / 60:
        raise ValueError(f"exercise(hours={hours}): the script lasts six hours. Give 0 < hours <= 6.")
    rng = np.random.default_rng(seed)
    drafts = Evening(rng, start.astimezone(UTC)).play()
    # Posts of the same second are shuffled: the order in which drafts were made would reveal their gold.
    lot = rng.permutation(len(drafts))
    order = sorted(range(len(drafts)), key=lambda i: (_second(drafts[i]), lot[i]))
    shown = [drafts[i] for i in order if drafts[i].minute < hours * 60]
    ids = {draft: f"exercise:{n:06d}" for n, draft in enumerate(shown, start=1)}
    return [_record(draft, ids, start.astimezone(UTC)) for draft in shown]


def write_exercise(path: Path, *, seed: int = 1, start: datetime, hours: float = 6.0) -> None:
    """Write the exercise as JSON lines, gzip'd for `….gz`. The same arguments give the same bytes.

    The file is written beside `path` and renamed, so that a reader of the old file can finish it.
    """
    records = exercise(seed=seed, start=start, hours=hours)
    content = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()
    partial = path.with_name(f"{path.name}.partial")
    partial.write_bytes(gzip.compress(content, mtime=0) if path.name.endswith(".gz") else content)
    partial.replace(path)


def _second(draft: Draft) -> int:
    return int(draft.minute * 60)


def _record(draft: Draft, ids: dict[Draft, str], start: datetime) -> dict:
    """The interchange form, without unknown fields."""
    number = ids[draft].removeprefix("exercise:")
    links = {
        "reply_to": draft.parent,
        "root": draft.root,
        "repost_of": draft.original,
        "quote_of": draft.quoted,
    }
    record = {
        "id": ids[draft],
        "source": "exercise",
        "collection": COLLECTION,
        "kind": draft.kind,
        "created_at": (start + timedelta(seconds=_second(draft))).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "author": draft.author.handle,
        "author_followers": draft.author.followers,
        "text": draft.text,
        "lang": draft.lang,
        **{name: ids[other] for name, other in links.items() if other is not None},
        "url": f"https://example.org/exercise/{number}",
        "gold": {
            "event": COLLECTION,
            "is_source": draft.kind in ("post", "quote"),
            "is_rumour": draft.rumour is not None,
            "story": draft.rumour and draft.rumour.title,
            "veracity": draft.rumour and draft.rumour.veracity,
            "stance": draft.stance,
        },
    }
    return {name: value for name, value in record.items() if value is not None}
