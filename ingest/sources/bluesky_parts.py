"""What a Bluesky post holds beside its text: what pictures show, its link card, other hashtags, content warnings.

A part that is not as the lexicon says is left out: the text of its post counts all the same. What a quoted post says
is not in the record.
"""

from collections.abc import Iterator
from typing import Any

_EMBED = "app.bsky.embed."
_TAG = "app.bsky.richtext.facet#tag"


def parts_of_post(record: dict[str, Any], text: str) -> dict[str, list[str]]:
    """The parts of a post's record whose text is `text`, as the normal form has them. Never raises."""
    parts: dict[str, list[str]] = {}
    for kind, words in _parts(record, text):
        if words:
            parts.setdefault(kind, []).append(words)
    return parts


def _parts(record: dict[str, Any], text: str) -> Iterator[tuple[str, str]]:
    labels = record.get("labels")
    values = [_text(label, "val") for label in _objects(_field(labels, "values"))]
    yield "warning", ", ".join(value for value in values if value and not value.startswith("!"))
    embed = record.get("embed")
    if _field(embed, "$type") == f"{_EMBED}recordWithMedia":
        embed = _field(embed, "media")
    if isinstance(embed, dict):
        yield from _of_embed(embed)
    features = [feature for facet in _objects(record.get("facets")) for feature in _objects(facet.get("features"))]
    tags = [_text(one, "tag") for one in features if one.get("$type") == _TAG]
    tags += [tag for tag in record.get("tags") or () if isinstance(tag, str)] if _is_list(record, "tags") else []
    unsaid = dict.fromkeys(f"#{tag}" for tag in tags if tag and f"#{tag}".casefold() not in text.casefold())
    yield "hashtags", " ".join(unsaid)


def _of_embed(embed: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for image in _objects(embed.get("images")):
        yield "picture", _text(image, "alt")
    if embed.get("$type") == f"{_EMBED}video":
        yield "video", _text(embed, "alt")
    card = embed.get("external")
    if isinstance(card, dict):
        yield "link", ". ".join(filter(None, (_text(card, "title"), _text(card, "description"))))


def _is_list(record: dict[str, Any], name: str) -> bool:
    return isinstance(record.get(name), list)


def _field(of: Any, name: str) -> Any:
    return of.get(name) if isinstance(of, dict) else None


def _objects(values: Any) -> Iterator[dict[str, Any]]:
    return (value for value in (values if isinstance(values, list) else ()) if isinstance(value, dict))


def _text(of: dict[str, Any], name: str) -> str:
    value = of.get(name)
    return value if isinstance(value, str) else ""
