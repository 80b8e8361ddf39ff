"""Where a table's header is, and the names under which its columns are known, in any case and spelling."""

import re
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import takewhile
from typing import Any

# Field of the interchange form → the names that people and tools give its column, the likeliest first.
NAMES = {
    "id": "id, post id, tweet id, status id, message id, comment id, video id, id str, tweet id str, mention id, "
    "item id, unique id, content id, uri",
    "text": "text, full text, tweet text, post text, message text, post body text, raw content, tweet, message, "
    "body, content, caption, comment, comment text, hit sentence, snippet, description",
    "created_at": "created at, parsed created at, datetime, date time, timestamp, date, time, created, "
    "created time, creation time, create time, date created, published at, published, publish date, date published, "
    "posted at, post date, posted, post created, local time",
    # What a table calls a screen name is the handle; its "user name" is then the name that is shown.
    "author": "author, user screen name, screen name, username, author username, from user name, from user, "
    "handle, user, account, from, sender, author name, account name, channel name, name, user id, author id",
    "author_followers": "author followers, followers, followers count, follower count, user followers, "
    "user followers count, author followers count, from user followercount",
    "url": "url, link, permalink, post url, tweet url, post link, tweet link, twitter url, permanent link",
    "lang": "lang, language, langs, languages, language code, language guess",
    "reply_to": "reply to, in reply to, in reply to id, in reply to status id, in reply to status id str, "
    "in reply to tweet id, replied to, replied to id, parent id, parent",
    "root": "root, conversation id, thread id",
    "repost_of": "repost of, retweet of, retweeted id, retweet id, retweeted status id, retweeted tweet id",
    "quote_of": "quote of, quoted id, quoted status id, quoted tweet id",
    "reposts": "reposts, repost count, reposts count, retweets, retweet count, shares, share count",
    "edited_at": "edited at",
    "latitude": "latitude, lat",
    "longitude": "longitude, lng, lon, long",
    "collection": "collection",
    "kind": "kind",
}


@lru_cache(4_096)
def plain_name(name: str) -> str:
    """A column's name without case, spaces and signs.

    >>> plain_name("\\ufeffCreated_At "), plain_name("referenced_tweets.retweeted.id")
    ('createdat', 'referencedtweetsretweetedid')
    """
    return "".join(character for character in name.casefold() if character.isalnum())


def header_shape(header: Sequence[str]) -> str:
    """What two tables share whose headers have the same names in the same order, whatever their case and signs.

    >>> header_shape(["Tweet ID", "Full Text"]) == header_shape(["tweet_id", "full text"])
    True
    """
    return blake2b("\x1f".join(map(plain_name, header)).encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()


# "Date (UTC)", "created_utc", "postDateGMT", "Time (GMT+1)", "sent BST".
_ZONE_IN_NAME = re.compile(
    r"(?:(?<![A-Za-z])(?:utc|gmt|bst|UTC|Utc|GMT|Gmt|BST)|(?<=[a-z])(?:UTC|Utc|GMT|Gmt))(?![A-Za-z])"
    r"(?:\s*([+-])0?([0-9]{1,2})(?::?00)?)?"
)
_IN_BRACKETS = re.compile(r"[(\[{][^()\[\]{}]*[)\]}]")
_MOST_HOURS_EAST, _MOST_HOURS_WEST = 14, 12


def zone_in(name: str) -> str | None:
    """The time zone that the name of a column states; None where it states none.

    >>> zone_in("created_utc"), zone_in("Date (GMT)"), zone_in("Time (UTC+2)"), zone_in("Sent, BST"), zone_in("Date")
    ('UTC', 'UTC', 'Etc/GMT-2', 'Europe/London', None)
    """
    found = _ZONE_IN_NAME.search(name)
    if found is None:
        return None
    sign, hours = found[1], int(found[2] or 0)
    if not hours:
        return "Europe/London" if found[0].casefold() == "bst" else "UTC"
    if hours > (_MOST_HOURS_EAST if sign == "+" else _MOST_HOURS_WEST):
        return None
    # These names count hours west of Greenwich.
    return f"Etc/GMT{'-' if sign == '+' else '+'}{hours}"


@lru_cache(4_096)
def known_name(name: str) -> str:
    """A column's plain name; where that is not known, without a unit in brackets and a time zone.

    >>> known_name("Date (UTC)"), known_name("Author [handle]"), known_name("Likes (n)")
    ('date', 'author', 'likesn')
    """
    plain = plain_name(name)
    if plain in HEADER_NAMES:
        return plain
    bare = plain_name(_ZONE_IN_NAME.sub("", _IN_BRACKETS.sub("", name)))
    return bare if bare in HEADER_NAMES else plain


FIELD_OF = {plain_name(name): field for field, names in reversed(NAMES.items()) for name in names.split(", ")}
# Its place in the list says which of several columns is used for a field.
RANK_OF = {plain_name(name): rank for names in NAMES.values() for rank, name in enumerate(names.split(", "))}
# Further names that only show where a header is; `exports` adds its own.
HEADER_NAMES = set(FIELD_OF) | {"threadid", "unixtimestamp", "subject", "title"}


def known_names(cells: Sequence[Any], named: Sequence[str] = ()) -> int:
    """How many cells are names of columns, by themselves or because a person named them."""
    wanted = {plain_name(name) for name in named}
    names = [cell for cell in cells if isinstance(cell, str) and len(cell) < 100]
    known, plain = {known_name(name) for name in names}, {plain_name(name) for name in names}
    return len(known & HEADER_NAMES) + 10 * len(plain & wanted)


def header_place(rows: Sequence[Sequence[Any]], named: Sequence[str] = ()) -> int:
    """The place of the header among the first rows: the first that has the most names.

    Where next to no name is known it is the first row that is as wide as most, below what stands above a table.
    """
    counts = [known_names(cells, named) for cells in rows]
    most = max(counts, default=0)
    if most >= 2 or (named and most):
        return counts.index(most)
    widths = [len(cells) - sum(1 for _ in takewhile(lambda cell: cell is None, reversed(cells))) for cells in rows]
    usual = max(widths, key=widths.count, default=0)
    if most and widths[counts.index(most)] == usual:
        return counts.index(most)
    return widths.index(usual) if usual > 1 and not most else 0
