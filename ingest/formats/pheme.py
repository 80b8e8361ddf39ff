"""PHEME's original folders: EVENT/[rumours|non-rumours/]THREAD/{source-tweet(s),reactions}/NUMBER.json.

Posts of all threads come in the order of their numbers, which is the order of time, so that a replay is true to it.
Labels (annotation.json, and which of the two folders a thread is in) are never read.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.formats.containers import members
from ingest.formats.json_text import parsed, shown
from ingest.formats.metered import Meter
from ingest.formats.x_posts import record_of
from ingest.source import Unreadable
from models.errors import InputError
from models.limits import LARGEST_RECORD_BYTES

PLATFORM = "pheme"
# They are sorted in memory, about 2 kB each. PHEME's nine events have 105,000 posts.
MOST_POSTS = 500_000

_POST = re.compile(
    r"(?P<above>.*?)(?P<thread>[^/]+)/(?P<part>source-tweets?|reactions)/(?P<number>[0-9]{1,19})\.json$"
)
_NOTES = re.compile(r"[^/]+/[0-9]{1,19}/(?:annotation|structure)\.json$")
_EVENT = re.compile(r"(?P<event>[^/]+?)(?:-all-rnr-threads)?/(?:(?:non-)?rumours/)?$")


def is_post(name: str) -> bool:
    """Whether a member's name is one of PHEME's posts."""
    return _POST.search(name) is not None


def is_thread(name: str) -> bool:
    """Whether a member's name belongs to one of PHEME's threads: a post, or notes about it."""
    return is_post(name) or _NOTES.search(name) is not None


def read(path: Path, meter: Meter) -> Iterator[tuple[int, int, list[Any]]]:
    """Member 0, the post's place in order, and its record. Raises InputError for no posts or more than MOST_POSTS."""
    posts: list[tuple[int, Any]] = []
    for name, stream in members(path, is_post, meter):
        if len(posts) == MOST_POSTS:
            raise InputError(f"more than {MOST_POSTS:,} posts. Name its events one by one.", path=path)
        posts.append((int(_POST.search(name)["number"]), _record(name, stream.read(LARGEST_RECORD_BYTES + 1))))
    if not posts:
        problem = "contains none of PHEME's threads. Name the folder of an event, or leave format empty."
        raise InputError(problem, path=path)
    posts.sort(key=lambda post: post[0])
    for place, (_, record) in enumerate(posts, start=1):
        yield 0, place, [record]


def _record(name: str, text: bytes) -> Any:
    if len(text) > LARGEST_RECORD_BYTES:
        return Unreadable("over 1 MB", shown(text), "")
    status = parsed(text)
    if not isinstance(status, dict):
        return status
    place = _POST.search(name)
    record = record_of(status, platform=PLATFORM)
    event = _EVENT.search(place["above"])
    if event:
        record["collection"] = event["event"]
    if place["part"] == "reactions":
        # Some reactions do not name the post that they answer; their folder is their thread.
        record |= {"kind": "reply", "root": f"{PLATFORM}:{place['thread']}"}
    else:
        record["kind"] = "post"
    return record
