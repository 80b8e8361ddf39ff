"""An interchange record → a Post, or the reason why it cannot be one. Bad input is normal here.

Repaired and flagged: a future date and a doubted one (set to the time of arrival), a post that answers itself or a
circle of answers (link cut), NUL characters (removed), half a surrogate pair (replaced). A record that cannot be read
becomes a dead letter: no object, no id, a wrong type, a date before 2000. Gold labels are dropped unread.
"""

import hmac
from collections import OrderedDict
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from ingest.source import Item, Upsert
from ingest.times import EARLIEST, iso_moment
from models.clock import Clock, in_utc
from models.domain.posts import LONGEST_DELAY, Kind, Post
from models.text import storable
from models.text.parts import PartKind, with_parts

# Circles of answers are searched for among this many latest replies.
LINKS_REMEMBERED = 100_000
# The longest circle to search for. A longer one does no harm, since threads are not followed.
LONGEST_CIRCLE = 1_000

_TEXT_FIELDS = ("collection", "lang", "reply_to", "root", "repost_of", "quote_of", "url")
_LARGEST_COUNT = 2**53
# Whoever publishes these hands out old ones too, with their true dates.
_PUBLISHED = (Kind.ARTICLE, Kind.ALERT)
_KINDS = {kind.value: kind for kind in Kind}
_PART_KINDS = {kind.name.lower(): kind for kind in PartKind}


class Unfit(ValueError):
    """A record that cannot be a post. The message is the dead letter's reason."""


class NormalForm:
    """Reads the records of one source, in order. `author_key` makes the keyed hash of authors.

    `official` handles are matched before hashing, in any case, with or without a leading "@". A post without a time
    gets its time of arrival and a flag if the source is `live`; in a file an absent time stays unknown. An alert is
    officially said by whoever issued it, unless it is `pushed`: a sender is no authority.
    """

    def __init__(
        self,
        source: str,
        author_key: bytes,
        official: Collection[str] = (),
        *,
        live: bool = False,
        pushed: bool = False,
    ):
        self._source = source
        self._live = live
        self._pushed = pushed
        self._author_key = author_key
        self._official = frozenset(_handle(name) for name in official)
        self._answered: OrderedDict[str, str] = OrderedDict()

    def read(self, record: Any, clock: Clock, *, date_doubted: bool = False) -> Post:
        """`record` as a post that arrives now by `clock`. Raises Unfit with the reason.

        A post with a doubted date is placed by its arrival. In a live source that itself tells which these are.
        """
        if not isinstance(record, dict):
            raise Unfit("not a JSON object")
        flags: list[str] = []
        post_id = _required_id(record)
        text = _text(record, "text", flags) or ""
        if record.get("parts") is not None:
            text = with_parts(text, _parts(record["parts"], flags))
        if isinstance(langs := record.get("lang"), list) and all(isinstance(lang, str) for lang in langs):
            # As several tools and Bluesky's own posts state it.
            record = {**record, "lang": ",".join(langs)}
        links = {name: _text(record, name, flags) if name in record else None for name in _TEXT_FIELDS}
        stated_at = self.stated_at(record)
        kind = _kind(record, links)
        if self._live and stated_at is not None and kind not in _PUBLISHED:
            date_doubted = clock.now() - stated_at > LONGEST_DELAY
        arrived_at = clock.arrival(None if date_doubted else stated_at)
        created_at = stated_at
        if date_doubted:
            created_at = arrived_at
            flags.append("date doubted")
        elif stated_at is not None and stated_at > arrived_at:
            created_at = arrived_at
            flags.append("future date")
        if stated_at is None and self._live:
            created_at = arrived_at
            flags.append("time of arrival")
        links["reply_to"] = self._uncircled(post_id, links["reply_to"], flags)
        for name in ("root", "repost_of", "quote_of"):
            if links[name] == post_id:
                links[name] = None
                flags.append("own link cut")
        author = _text(record, "author", flags)
        latitude, longitude = _coordinates(record)
        if flags:
            # Without a link that was cut it is another kind.
            kind = _kind(record, links)
        is_warning = kind is Kind.ALERT and not self._pushed
        return Post(
            id=post_id,
            source=_text(record, "source", flags) or self._source,
            kind=kind,
            text=text,
            arrived_at=arrived_at,
            created_at=created_at,
            stated_at=stated_at,
            author=None if author is None else self.pseudonym(author),
            author_followers=_count(record, "author_followers"),
            edited_at=_no_later_than(arrived_at, _time(record.get("edited_at"), "edited_at")),
            latitude=latitude,
            longitude=longitude,
            official=is_warning or (author is not None and _handle(author) in self._official),
            reposts=_count(record, "reposts"),
            flags=tuple(dict.fromkeys(flags)),
            outlines=_outlines(record),
            **links,
        )

    @staticmethod
    def stated_at(record: Any) -> datetime | None:
        """The time that a record states, or None. Raises Unfit if `record` is no record, or its time no time."""
        if not isinstance(record, dict):
            raise Unfit("not a JSON object")
        return _time(record.get("created_at"))

    def pseudonym(self, author: str) -> str:
        """The keyed hash that stands for an author wherever anything is kept."""
        return hmac.digest(self._author_key, _mended(author, []).encode(), "sha256").hex()[:24]

    def _uncircled(self, post_id: str, reply_to: str | None, flags: list[str]) -> str | None:
        """`reply_to`, or None if following the answers upwards from it leads back to this post."""
        above = reply_to
        seen: set[str] = set()
        while above is not None and above not in seen and len(seen) < LONGEST_CIRCLE:
            if above == post_id:
                flags.append("circular link cut")
                return None
            seen.add(above)
            above = self._answered.get(above)
        if reply_to is not None:
            self._answered[post_id] = reply_to
            if len(self._answered) > LINKS_REMEMBERED:
                self._answered.popitem(last=False)
        return reply_to


def stated_time(item: Item) -> datetime | None:
    """The time that an item states, or None if it states none that can be read."""
    if not isinstance(item, Upsert):
        return None
    try:
        return NormalForm.stated_at(item.record)
    except Unfit:
        return None


def believed_time(item: Item) -> datetime | None:
    """The time that an item states, or None if it states none that can be read and believed."""
    return None if isinstance(item, Upsert) and item.date_doubted else stated_time(item)


def _required_id(record: dict[str, Any]) -> str:
    value = record.get("id")
    if value is None or value == "":
        raise Unfit("no id")
    if not isinstance(value, str):
        raise Unfit("wrong type: id")
    return _mended(value, [])


def _text(record: dict[str, Any], name: str, flags: list[str]) -> str | None:
    value = record.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise Unfit(f"wrong type: {name}")
    return _mended(value, flags) or (None if name != "text" else "")


def _parts(parts: Any, flags: list[str]) -> Iterator[tuple[PartKind, str]]:
    """What a post holds beside its words: `parts` names kinds, each with a text or a list of texts."""
    if not isinstance(parts, dict) or not parts.keys() <= _PART_KINDS.keys():
        raise Unfit("wrong type: parts")
    for name, value in parts.items():
        for words in value if isinstance(value, list) else [value]:
            if not isinstance(words, str):
                raise Unfit("wrong type: parts")
            yield _PART_KINDS[name], _mended(words, flags)


def _mended(value: str, flags: list[str]) -> str:
    if value.isascii() and "\x00" not in value:
        return value
    kept = storable(value)
    if "\x00" in value:
        flags.append("NUL stripped")
    if kept != value.replace("\x00", ""):
        flags.append("broken characters replaced")
    return kept


def _count(record: dict[str, Any], name: str) -> int | None:
    value = record.get(name)
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LARGEST_COUNT:
        raise Unfit(f"wrong type: {name}")
    return value


def _kind(record: dict[str, Any], links: dict[str, str | None]) -> Kind:
    value = record.get("kind")
    if value is None:
        for name, kind in (("repost_of", Kind.REPOST), ("reply_to", Kind.REPLY), ("quote_of", Kind.QUOTE)):
            if links[name] is not None:
                return kind
        return Kind.POST
    kind = _KINDS.get(value) if isinstance(value, str) else None
    if kind is None:
        raise Unfit("wrong type: kind")
    return kind


def _coordinates(record: dict[str, Any]) -> tuple[float | None, float | None]:
    """Latitude and longitude in degrees, or neither."""
    degrees = record.get("latitude"), record.get("longitude")
    if None in degrees:
        return None, None
    for name, value, most in zip(("latitude", "longitude"), degrees, (90, 180), strict=True):
        if not isinstance(value, int | float) or isinstance(value, bool) or not -most <= value <= most:
            raise Unfit(f"wrong type: {name}")
    return float(degrees[0]), float(degrees[1])


def _outlines(record: dict[str, Any]) -> tuple[tuple[tuple[float, float], ...], ...]:
    value = record.get("outlines")
    if value is None:
        return ()
    try:
        corners = [[{"latitude": latitude, "longitude": longitude} for latitude, longitude in one] for one in value]
    except (TypeError, ValueError):
        raise Unfit("wrong type: outlines") from None
    read = [[place for corner in one if None not in (place := _coordinates(corner))] for one in corners]
    return tuple(tuple(one) for one in read if one)


def _no_later_than(arrived_at: datetime, moment: datetime | None) -> datetime | None:
    return None if moment is None else min(moment, arrived_at)


def _time(value: Any, name: str = "created_at") -> datetime | None:
    if value is None or value == "":
        return None
    moment = in_utc(value) if isinstance(value, datetime) else iso_moment(value)
    if moment is None:
        raise Unfit(f"wrong type: {name}")
    if moment < EARLIEST:
        raise Unfit("date before 2000")
    return moment


def _handle(name: str) -> str:
    return name.strip().removeprefix("@").casefold()
