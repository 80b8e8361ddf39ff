"""The interchange form: one record a post, in files, pushed messages, exports and labels to train on.

What is not known is left out. Labels and benchmark files have `gold` beside these fields, which no pipeline reads.
Exports have `lang_detected`, which is a guess: no reader takes it for what a source states.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from models.clock import iso_utc

FIELDS = (
    "id",
    "source",
    "collection",
    "kind",
    "created_at",
    "author",
    "author_followers",
    "text",
    "lang",
    "reply_to",
    "root",
    "repost_of",
    "quote_of",
    "reposts",
    "url",
    "edited_at",
    "latitude",
    "longitude",
)
_NOT_READ = ("lang_detected",)


def record(values: Mapping[str, Any]) -> dict[str, Any]:
    """The record of a post: its known fields, in the order of the form, times as text.

    >>> record({"text": "The dam has burst", "lang": None, "id": "1", "flow": "f"})
    {'id': '1', 'text': 'The dam has burst'}
    """
    known = {name: values[name] for name in (*FIELDS, *_NOT_READ) if values.get(name) is not None}
    return {name: iso_utc(value) if isinstance(value, datetime) else value for name, value in known.items()}
