"""Common to all of X's formats: numbers → ids, versions of an edited post, places; and posts of its first interface.

PHEME's files and X's account archive have the form of the first interface (v1.1) too.
"""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from ingest.times import iso_time

PLATFORM = "twitter"
# The fields of a record that lead to another post.
LINKS = ("reply_to", "root", "repost_of", "quote_of")

# X's numbers count milliseconds from here, above 22 bits of its own.
_FIRST_NUMBER_AT = datetime(2010, 11, 4, 1, 42, 54, 657_000, tzinfo=UTC)
_LARGEST_NUMBER = 2**63
# A repost contains the post that it repeats, which contains the one that it quotes. There are no more levels.
_DEEPEST = 3
VERSIONS_REMEMBERED = 100_000


def records_of(status: dict[str, Any], *, author: str | None = None, deepest: int = _DEEPEST) -> list[dict[str, Any]]:
    """The records of a post and, before it, of the posts inside it that it repeats or quotes.

    `author` is the owner of the account archive, whose posts do not name it.
    """
    inside = [inner(status, name) for name in ("retweeted_status", "quoted_status")] if deepest else []
    found = [record for one in inside if one for record in records_of(one, deepest=deepest - 1)]
    return [*found, record_of(status, author=author)]


def record_of(status: dict[str, Any], *, platform: str = PLATFORM, author: str | None = None) -> dict[str, Any]:
    """The interchange record of one post of the first interface. Values of a wrong type stay as they are."""
    user = inner(status, "user")
    number = first_of(status, "id_str", "id")
    versions = versions_of(status)
    repeated = inner(status, "retweeted_status")
    quoted = None if repeated else first_of(status, "quoted_status_id_str", "quoted_status_id")
    reply_to = first_of(status, "in_reply_to_status_id_str", "in_reply_to_status_id")
    longitude, latitude = point(status.get("coordinates"))
    text = first_of(inner(status, "extended_tweet"), "full_text")
    return known(
        id=post_id(versions[0] if versions else number, platform),
        kind=kind(repeated, reply_to, quoted),
        author=user.get("screen_name", author),
        author_followers=user.get("followers_count"),
        text=text if text is not None else first_of(status, "full_text", "text"),
        lang=status.get("lang"),
        reply_to=post_id(reply_to, platform),
        repost_of=post_id(first_of(repeated, "id_str", "id"), platform),
        quote_of=post_id(quoted, platform),
        # A repost's count is its original's.
        reposts=None if repeated else _count(status.get("retweet_count")),
        url=url_of(number),
        latitude=latitude,
        longitude=longitude,
        **times(number, versions, iso_time(status.get("created_at"))),
    )


class Versions:
    """The first version of each edited post whose versions were read, so that links to a later one find the post.

    >>> versions = Versions()
    >>> versions.remember(["twitter:1", "twitter:2"])
    >>> versions.first("twitter:2"), versions.first("twitter:9")
    ('twitter:1', 'twitter:9')
    """

    def __init__(self) -> None:
        self._first: OrderedDict[Any, Any] = OrderedDict()

    def remember(self, ids: Sequence[Any]) -> None:
        """`ids` are those of all versions of one post, the first one first."""
        first, *others = [one for one in ids if isinstance(one, str)] or [""]
        for later in others:
            self._first[later] = first
            if len(self._first) > VERSIONS_REMEMBERED:
                self._first.popitem(last=False)

    def first(self, post: Any) -> Any:
        """The id of the first version; any other value as it is."""
        return self._first.get(post, post) if isinstance(post, str) else post


def times(number: Any, versions: list[Any], stated_at: Any) -> dict[str, Any]:
    """`created_at`, and `edited_at` if this number is a later version. A post is as old as its first version."""
    if not versions or str(versions[0]) == str(number):
        return {"created_at": stated_at}
    return {"created_at": numbered_at(versions[0]), "edited_at": stated_at}


def post_id(number: Any, platform: str = PLATFORM) -> Any:
    """The id of the post with this number. A value that is no number or text is returned as it is."""
    if isinstance(number, bool) or not isinstance(number, int | str):
        return number
    return f"{platform}:{number}" if number != "" else None


def numbered_at(number: Any) -> str | None:
    """When a post was written, from its number."""
    if not str(number).isascii() or not str(number).isdecimal() or not 0 < int(number) < _LARGEST_NUMBER:
        return None
    moment = _FIRST_NUMBER_AT + timedelta(milliseconds=int(number) >> 22)
    # In whole seconds, as X writes it, so that all versions of a post have the same time.
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def url_of(number: Any) -> str | None:
    """The address of a post, which needs no account name."""
    return f"https://x.com/i/status/{number}" if str(number).isascii() and str(number).isdecimal() else None


def kind(repost_of: Any, reply_to: Any, quote_of: Any) -> str:
    if repost_of:
        return "repost"
    if reply_to:
        return "reply"
    return "quote" if quote_of else "post"


def point(value: Any) -> tuple[Any, Any]:
    """Longitude and latitude of a GeoJSON point, or two unknowns."""
    degrees = value.get("coordinates") if isinstance(value, dict) else None
    return (degrees[0], degrees[1]) if isinstance(degrees, list) and len(degrees) == 2 else (None, None)


def inner(value: dict[str, Any], name: str) -> dict[str, Any]:
    """The inner object of this name, or an empty one."""
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def first_of(value: dict[str, Any], *names: str) -> Any:
    """The first of these fields that has a value, or None."""
    return next((value[name] for name in names if value.get(name) is not None), None)


def known(**fields: Any) -> dict[str, Any]:
    """The fields of a record that are known."""
    return {name: value for name, value in fields.items() if value is not None}


def versions_of(status: dict[str, Any]) -> list[Any]:
    """The numbers of an edited post's versions, the first one first, or none if they are not given."""
    history = inner(status, "edit_history")
    if history.get("initial_tweet_id"):
        return [history["initial_tweet_id"]]
    edit_info = inner(status, "edit_info")
    if inner(edit_info, "edit").get("initialTweetId"):
        return [edit_info["edit"]["initialTweetId"]]
    numbers = inner(edit_info, "initial").get("editTweetIds")
    return numbers if isinstance(numbers, list) else []


def _count(value: Any) -> Any:
    """A count as a number: the account archive writes counts as text."""
    return (
        int(value) if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 16 else value
    )
