"""A person's own archive from X: the folder or .zip that X sends on request.

Only their posts are read (data/tweets.js and its parts); messages, likes, contacts and deleted posts are not opened.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.formats.containers import members
from ingest.formats.json_text import json_values
from ingest.formats.reading import Reading
from ingest.formats.x_api import XPosts
from ingest.formats.x_posts import inner
from ingest.source import Unreadable
from models.errors import InputError

_POSTS = re.compile(r"(?:^|/)tweets?(?:[-_]part[0-9]{1,3})?\.js(?:\.gz)?$")
_OWNER = re.compile(r"(?:^|/)account\.js$")


def is_posts(name: str) -> bool:
    """Whether a member of an archive contains its owner's posts."""
    return _POSTS.search(name) is not None


def read(path: Path, reading: Reading) -> Iterator[tuple[int, int, list[Any]]]:
    """Number of the member, number of the item, its records and notices. Raises InputError if there are no posts."""
    read_one = XPosts(reading, _owner(path))
    member = -1
    for member, (_, stream) in enumerate(members(path, is_posts, reading.meter)):
        for number, value in json_values(stream):
            yield member, number, [value] if isinstance(value, Unreadable) else read_one(value)
    if member < 0:
        problem = "contains no data/tweets.js. Name the .zip that X sent, or leave format empty."
        raise InputError(problem, path=path)


def _owner(path: Path) -> str | None:
    """The account of the archive. Its posts do not name it."""
    for _, stream in members(path, lambda name: _OWNER.search(name) is not None):
        for _, value in json_values(stream):
            username = inner(value, "account").get("username") if isinstance(value, dict) else None
            if isinstance(username, str):
                return username
    return None
