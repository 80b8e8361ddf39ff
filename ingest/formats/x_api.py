"""X's posts from its interfaces: answers of v2, whole or flattened, v1.1 objects, and the account archive.

The id of a post is that of its first version. A later version is the same post with `edited_at`, and a link to any
version that was read by then leads to the first. Inside one answer posts come in the order of their numbers, which is
the order of time, so that a post comes before those that refer to it.
"""

from typing import Any

from ingest.formats.reading import Reading
from ingest.formats.x_notices import Notice, error_of, is_batch_line, named, notice_of, unreadable
from ingest.formats.x_posts import (
    LINKS,
    first_of,
    inner,
    kind,
    known,
    point,
    post_id,
    records_of,
    times,
    url_of,
    versions_of,
)
from ingest.source import Unreadable

_SECOND_ONLY = ("author_id", "edit_history_tweet_ids", "conversation_id", "referenced_tweets", "public_metrics")
_FIRST_ONLY = ("id_str", "in_reply_to_status_id_str", "full_text", "retweet_count", "extended_tweet")

Found = dict[str, Any] | Notice


def is_x(value: dict[str, Any]) -> bool:
    """Whether an object comes from X; the interchange form has none of these names."""
    return (
        _is_answer(value)
        or any(name in value for name in (*_FIRST_ONLY, *_SECOND_ONLY))
        or isinstance(value.get("tweet"), dict)
        or is_batch_line(value)
        or named(value) is not None
    )


class XPosts:
    """Reads one value after another. `reading` remembers accounts' numbers and posts' versions across them.

    `author` is the owner of the account archive, if that is known.
    """

    def __init__(self, reading: Reading, author: str | None = None):
        self._accounts = reading.accounts
        self._versions = reading.versions
        self._author = author

    def __call__(self, value: Any) -> list[Any]:
        """The records and notices of the value. One that is no object is returned as it is."""
        if isinstance(value, list):
            # An array may be on one line, but not inside another array.
            return [found for one in value for found in (self._read(one) if isinstance(one, dict) else [one])]
        return self._read(value) if isinstance(value, dict) else [value]

    def _read(self, value: dict[str, Any]) -> list[Any]:
        value = inner(value, "tweet") or value
        notice = notice_of(value, self._accounts)
        if notice is None and isinstance(value.get("data"), dict):
            notice = notice_of(value["data"], self._accounts) if "text" not in value["data"] else None
        if notice is not None:
            return [notice]
        if _is_answer(value):
            return self._answer(value)
        if any(name in value for name in _FIRST_ONLY) or not any(name in value for name in _SECOND_ONLY):
            self._remember_first(value)
            return [self._with_first_versions(record) for record in records_of(value, author=self._author)]
        return self._answer({"data": value})

    def _remember_first(self, status: dict[str, Any]) -> None:
        for one in (status, inner(status, "retweeted_status"), inner(status, "quoted_status")):
            self._accounts.remember(inner(one, "user"), inner(one, "user").get("screen_name"))
            if numbers := versions_of(one):
                self._versions.remember([post_id(number) for number in (*numbers, first_of(one, "id_str", "id"))])

    def _with_first_versions(self, record: dict[str, Any]) -> dict[str, Any]:
        return {name: self._versions.first(value) if name in LINKS else value for name, value in record.items()}

    def _answer(self, answer: dict[str, Any]) -> list[Any]:
        data = answer.get("data")
        asked_for = data if isinstance(data, list) else [data] if data else []
        includes = inner(answer, "includes")
        posts = [*_objects(includes.get("tweets")), *_unfolded(asked_for)]
        users = {str(user.get("id")): user for user in (*_objects(includes.get("users")), *_inner_users(posts))}
        for user in users.values():
            self._accounts.remember(user, user.get("username"))
        versions = {
            str(number): post["edit_history_tweet_ids"][0] for post in posts for number in _version_numbers(post)
        }
        for post in posts:
            self._versions.remember([post_id(number) for number in _version_numbers(post)])
        distinct = {str(post.get("id")): post for post in posts}
        found: list[Any] = [
            self._record(post, users, versions) for post in sorted(distinct.values(), key=_in_order_of_time)
        ]
        found += [unreadable("not a JSON object", one) for one in asked_for if not isinstance(one, dict)]
        return found + [error_of(error) for error in _listed(answer.get("errors"))]

    def _record(
        self, post: dict[str, Any], users: dict[str, dict[str, Any]], versions: dict[str, Any]
    ) -> dict[str, Any] | Unreadable:
        def id_of(number: Any) -> Any:
            return self._versions.first(post_id(versions.get(str(number), number)))

        number = post.get("id")
        links = {
            reference.get("type"): id_of(reference.get("id"))
            for reference in reversed(_objects(post.get("referenced_tweets")))
            if isinstance(reference.get("type"), str)
        }
        repost_of, reply_to, quote_of = (links.get(name) for name in ("retweeted", "replied_to", "quoted"))
        user = users.get(str(post.get("author_id")), {})
        root = id_of(post.get("conversation_id"))
        longitude, latitude = point(inner(post, "geo").get("coordinates"))
        history = [versions[str(number)]] if str(number) in versions else []
        return known(
            id=id_of(number),
            kind=kind(repost_of, reply_to, quote_of),
            author=user.get("username", self._accounts.remembered(post.get("author_id"))),
            author_followers=inner(user, "public_metrics").get("followers_count"),
            # A post of more than 280 characters is complete only in its note.
            text=first_of(inner(post, "note_tweet"), "text") or post.get("text"),
            lang=post.get("lang"),
            reply_to=reply_to,
            root=root if root != id_of(number) else None,
            repost_of=repost_of,
            quote_of=quote_of,
            # A repost's count is its original's.
            reposts=None if repost_of else inner(post, "public_metrics").get("retweet_count"),
            url=url_of(number),
            latitude=latitude,
            longitude=longitude,
            **times(number, history, post.get("created_at")),
        )


def _is_answer(value: dict[str, Any]) -> bool:
    return "text" not in value and (
        isinstance(value.get("data"), list | dict)
        or isinstance(value.get("errors"), list)
        or isinstance(value.get("includes"), dict)
        or isinstance(value.get("meta"), dict)
    )


def _unfolded(posts: list[Any]) -> list[dict[str, Any]]:
    """The posts, after those that flattened ones contain in their references."""
    referenced = [
        reference
        for post in _objects(posts)
        for reference in _objects(post.get("referenced_tweets"))
        if "text" in reference
    ]
    return [*referenced, *_objects(posts)]


def _inner_users(posts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The authors inside flattened posts."""
    return [user for post in posts for name in ("author", "author_user") if (user := inner(post, name))]


def _version_numbers(post: dict[str, Any]) -> list[Any]:
    numbers = post.get("edit_history_tweet_ids")
    return numbers if isinstance(numbers, list) and len(numbers) > 1 else []


def _in_order_of_time(post: dict[str, Any]) -> tuple[int, str]:
    number = str(post.get("id"))
    return len(number), number


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in _listed(value) if isinstance(one, dict)]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
