"""X's notices besides posts: deletes, removed accounts, errors and others, in the forms of all its interfaces.

There are three forms: `{"delete": …}` in streams of the first interface, `{"data": {"delete": …}}` in those of the
second, and `{"id", "action": "delete", "reason"}` in the batch compliance files, which are read as notices of posts.
"""

import re
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import Any

from ingest.formats.json_text import shown_value
from ingest.formats.x_posts import first_of, inner, post_id
from ingest.source import AccountRemoved, Delete, Unreadable
from ingest.times import moment

ACCOUNTS_REMEMBERED = 200_000

_USERNAME = re.compile(r"[A-Za-z0-9_]{1,50}")

Notice = Delete | AccountRemoved | Unreadable

_POST_GONE = ("delete", "drop")
_ACCOUNT_GONE = {
    "user_delete": "account removed at its source",
    "user_suspend": "account suspended at its source",
    "user_protect": "account made private at its source",
}
# Notices that change nothing here: they become dead letters, counted by name.
_OTHERS = (
    "undrop",
    "withheld",
    "tweet_edit",
    "status_withheld",
    "user_withheld",
    "user_undelete",
    "user_unsuspend",
    "user_unprotect",
    "user_profile_modification",
    "scrub_geo",
    "limit",
    "disconnect",
    "warning",
)
_BATCH_REASONS = ("deleted", "deactivated", "suspended", "protected")


class Accounts:
    """The usernames of X's account numbers: a post contains both, a removal only the number."""

    def __init__(self) -> None:
        self._names: OrderedDict[str, str] = OrderedDict()
        self._read_earlier: Callable[[Accounts], None] | None = None

    def read_earlier(self, read: Callable[["Accounts"], None]) -> None:
        """`read` reads the files of an earlier run again. It is called once, for the first unknown number."""
        self._read_earlier = read

    def remember(self, user: dict[str, Any], name: Any) -> None:
        number = first_of(user, "id_str", "id")
        if isinstance(name, str) and _USERNAME.fullmatch(name) and isinstance(number, int | str):
            self._names[str(number)] = name
            if len(self._names) > ACCOUNTS_REMEMBERED:
                self._names.popitem(last=False)

    def remembered(self, number: Any) -> str | None:
        """The name, if it has been read by now."""
        return self._names.get(str(number))

    def name_of(self, number: Any) -> str | None:
        if self.remembered(number) is None and self._read_earlier is not None:
            read_earlier, self._read_earlier = self._read_earlier, None
            read_earlier(self)
        return self.remembered(number)


def notice_of(value: dict[str, Any], accounts: Accounts) -> Notice | None:
    """The item of a notice, or None if `value` is no notice."""
    if is_batch_line(value):
        return _batch_line(value)
    name = named(value)
    if name is None:
        return None
    notice = inner(value, name)
    if name in _POST_GONE:
        number = first_of(first_of(notice, "status", "tweet") or {}, "id_str", "id") if _about_post(notice) else None
        return Delete(post_id(number), "") if _is_number(number) else unreadable("no id", value)
    if name in _ACCOUNT_GONE:
        return _account_gone(_ACCOUNT_GONE[name], notice, value, accounts)
    return unreadable(f"notice, no post: {name}", value)


def named(value: dict[str, Any]) -> str | None:
    """The name of a notice, which is an object under one of the known names, or None if `value` is no notice."""
    return next((name for name in (*_POST_GONE, *_ACCOUNT_GONE, *_OTHERS) if isinstance(value.get(name), dict)), None)


def is_batch_line(value: dict[str, Any]) -> bool:
    return isinstance(value.get("action"), str) and "id" in value and "text" not in value


def error_of(error: Any) -> Notice:
    """One of the errors in an answer.

    A post that was requested by its id and is not found is gone. One that is only referred to may be hidden from this
    reader alone, and a mentioned account may be back tomorrow: these delete nothing.
    """
    if not isinstance(error, dict):
        return unreadable("error in X's answer: other", error)
    what = str(error.get("type", "")).rpartition("/")[2]
    asked_for = error.get("resource_type") == "tweet" and error.get("parameter") in ("id", "ids")
    number = first_of(error, "resource_id", "value")
    if what == "resource-not-found" and asked_for and _is_number(number):
        return Delete(post_id(number), "", reason="no longer found at its source")
    problem = {"resource-not-found": "not found", "not-authorized-for-resource": "not authorised"}.get(what, "other")
    return unreadable(f"error in X's answer: {problem}", error)


def unreadable(reason: str, value: Any) -> Unreadable:
    return Unreadable(reason, shown_value(value), "")


def _batch_line(value: dict[str, Any]) -> Notice:
    if value["action"] != "delete" or value.get("reason") == "scrub_geo":
        return unreadable("notice, no post: other compliance action", value)
    if not _is_number(value["id"]):
        return unreadable("no id", value)
    reason = value.get("reason") if value.get("reason") in _BATCH_REASONS else "deleted"
    return Delete(post_id(value["id"]), "", reason=f"{reason} at its source")


def _account_gone(reason: str, notice: dict[str, Any], value: dict[str, Any], accounts: Accounts) -> Notice:
    number = first_of(inner(notice, "user") or notice, "id_str", "id", "user_id_str", "user_id")
    author = accounts.name_of(number)
    happened_at = _happened_at(notice)
    if author is None:
        return unreadable("account removed, but none of its posts was read", value)
    if happened_at is None:
        return unreadable("no time", value)
    return AccountRemoved(author, "", happened_at, reason=reason)


def _happened_at(notice: dict[str, Any]) -> datetime | None:
    return moment(first_of(notice, "event_at", "timestamp_ms"))


def _about_post(notice: dict[str, Any]) -> bool:
    return isinstance(first_of(notice, "status", "tweet"), dict)


def _is_number(value: Any) -> bool:
    """Whether a post can have this number. No other text may decide what is deleted."""
    return (
        isinstance(value, int | str) and not isinstance(value, bool) and str(value).isascii() and str(value).isdigit()
    )
