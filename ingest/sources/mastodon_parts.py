"""What a Mastodon status holds beside its text: a warning, pictures, a poll, a link card, a quotation, hashtags.

A part that is not as Mastodon's documentation says is left out: the text of its post counts all the same.
"""

from collections.abc import Iterator
from typing import Any

from ingest.markup import plain_text

_VIDEOS = frozenset({"video", "gifv", "audio"})


def parts_of_status(status: dict[str, Any], text: str, *, warning: str) -> dict[str, list[str]]:
    """The parts of a status whose own text is `text`, as the normal form has them. Never raises."""
    parts: dict[str, list[str]] = {"warning": [warning]} if warning.strip() else {}
    for kind, words in _parts(status, text):
        if words:
            parts.setdefault(kind, []).append(words)
    return parts


def _parts(status: dict[str, Any], text: str) -> Iterator[tuple[str, str]]:
    for media in _objects(status.get("media_attachments")):
        kind = "video" if media.get("type") in _VIDEOS else "picture"
        yield kind, _text(media, "description")
    poll = status.get("poll")
    if isinstance(poll, dict):
        options = [_text(option, "title") for option in _objects(poll.get("options"))]
        yield "poll", " · ".join(filter(None, options))
    card = status.get("card")
    if isinstance(card, dict):
        yield "link", ". ".join(filter(None, (_text(card, "title"), _text(card, "description"))))
    quoted = status.get("quote")
    whole = quoted.get("quoted_status") if isinstance(quoted, dict) and quoted.get("state") == "accepted" else None
    if isinstance(whole, dict):
        yield "quoted", plain_text(_text(whole, "content"))
    names = [_text(tag, "name") for tag in _objects(status.get("tags"))]
    unsaid = [f"#{name}" for name in names if name and f"#{name}".casefold() not in text.casefold()]
    yield "hashtags", " ".join(unsaid)


def _objects(values: Any) -> Iterator[dict[str, Any]]:
    return (value for value in (values if isinstance(values, list) else ()) if isinstance(value, dict))


def _text(of: dict[str, Any], name: str) -> str:
    value = of.get(name)
    return value if isinstance(value, str) else ""
