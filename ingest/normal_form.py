"""An interchange record → a Post, or the reason why it cannot be one. Bad input is normal here.

Repaired and flagged: a future date (set to the time of arrival), a post that answers itself or a circle of answers
(link cut), NUL characters (removed), half a surrogate pair (replaced). A record that cannot be read becomes a dead
letter: no object, no id, a wrong type, a date before 2000. Gold labels are dropped unread.
"""

import hmac
from collections import OrderedDict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from ingest.times import EARLIEST, iso_moment
from models.clock import Clock, in_utc
from models.domain import Kind, Post
from models.text import storable

# Circles of answers are searched for among this many latest replies.
LINKS_REMEMBERED = 100_000
# The longest circle to search for. A longer one does no harm, since threads are not followed.
LONGEST_CIRCLE = 1_000

_TEXT_FIELDS = ("collection", "lang", "reply_to", "root", "repost_of", "quote_of", "url")
_LARGEST_COUNT = 2**53


class Unfit(ValueError):
    """A record that cannot be a post. The message is the dead letter's reason."""


class NormalForm:
    """Reads the records of one source, in order. `author_key` makes the keyed hash of authors.

    `official` handles are matched before hashing, in any case, with or without a leading "@". A post without a time
    gets its time of arrival and a flag if the source is `live`; in a file an absent time stays unknown.
    """

    def __init__(self, source: str, author_key: bytes, official: Collection[str] = (), *, live: bool = False):
        self._source = source
        self._live = live
        self._author_key = author_key
        self._official = frozenset(_handle(name) for name in official)
        self._answered: OrderedDict[str, str] = OrderedDict()

    def read(self, record: Any, clock: Clock) -> Post:
        """`record` as a post that arrives now by `clock`. Raises Unfit with the reason."""
        if not isinstance(record, dict):
            raise Unfit("not a JSON object")
        flags: list[str] = []
        post_id = _required_id(record)
        text = _text(record, "text", flags) or ""
        links = {name: _text(record, name, flags) for name in _TEXT_FIELDS}
        stated_at = self.stated_at(record)
        arrived_at = clock.arrival(stated_at)
        created_at = stated_at
        if stated_at is not None and stated_at > arrived_at:
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
        return Post(
            id=post_id,
            source=_text(record, "source", flags) or self._source,
            kind=_kind(record, links),
            text=text,
            arrived_at=arrived_at,
            created_at=created_at,
            stated_at=stated_at,
            author=None if author is None else self.pseudonym(author),
            author_followers=_count(record, "author_followers"),
            edited_at=_no_later_than(arrived_at, _time(record.get("edited_at"), "edited_at")),
            latitude=latitude,
            longitude=longitude,
            official=author is not None and _handle(author) in self._official,
            reposts=_count(record, "reposts"),
            flags=tuple(dict.fromkeys(flags)),
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


def _mended(value: str, flags: list[str]) -> str:
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
    try:
        return Kind(value)
    except ValueError:
        raise Unfit("wrong type: kind") from None


def _coordinates(record: dict[str, Any]) -> tuple[float | None, float | None]:
    """Latitude and longitude in degrees, or neither."""
    degrees = tuple(record.get(name) for name in ("latitude", "longitude"))
    if None in degrees:
        return None, None
    for name, value, most in zip(("latitude", "longitude"), degrees, (90, 180), strict=True):
        if not isinstance(value, int | float) or isinstance(value, bool) or not -most <= value <= most:
            raise Unfit(f"wrong type: {name}")
    return float(degrees[0]), float(degrees[1])


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
