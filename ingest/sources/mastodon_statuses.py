"""A Mastodon status → the records of its post, and of the original where it is a boost; or why it is none.

Never stored: posts that are neither public nor unlisted, and those of accounts that ask machines to keep out
(`noindex` in the profile, #nobot or #noindex in the note; not `indexable`, which is off by default and so expresses
no wish).

An id is "mastodon:HOST:NUMBER" with the number that the status has at the polled instance. Replies refer to that
number, a deleted status can be looked up by it alone, and it contains no handle. A status seen on two instances has
two numbers. Its federated address, remembered while Grapevine runs, gives both the id under which it first came.

An author is "user@host", but "user@host (told by HOST)" if HOST reports another instance's account. HOST could report
anything, so such an author matches no official handle, and is a different person for each instance that reports it.
"""

import re
import threading
from collections import OrderedDict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ingest.markup import LONGEST_MARKUP_CHARACTERS, plain_text
from ingest.source import AccountRemoved, Delete, Item, PassedOver, Unreadable, Upsert
from ingest.sources.mastodon_parts import parts_of_status
from models.domain.reading import Passing, Reason

STATUSES_REMEMBERED = 50_000
SHOWN_CHARACTERS = 2_000

# Mastodon's snowflake, or the ULID of other software; both contain the time at which they were given.
STATUS_NUMBER = re.compile(r"0|[1-9][0-9]{0,19}|[0-7][0-9A-HJKMNP-TV-Z]{25}")
_ULID_DIGITS = str.maketrans("ABCDEFGHJKMNPQRSTVWXYZ", "abcdefghijklmnopqrstuv")
_ASKS_TO_BE_LEFT_OUT = re.compile(r"#(?:nobots?|noindex)\b", re.IGNORECASE)
_KEPT = ("public", "unlisted")
NO_AGE = (-1.0, 0, "")


class Unusable(ValueError):
    """A status that cannot be read. The message is the dead letter's reason."""


class Federation:
    """Gives a status one post id, however many instances show it. Remembers the latest statuses. Thread-safe."""

    def __init__(self) -> None:
        self._by_address: OrderedDict[str, str] = OrderedDict()
        self._by_number: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()

    def post_id(self, host: str, status: dict[str, Any]) -> str:
        """The id of a status: the one under which its address first came, else its own."""
        own = local_id(host, status.get("id"))
        address = status.get("uri")
        if not isinstance(address, str) or not address or len(address) > 2_000:
            return own
        with self._lock:
            post_id = self._by_address.setdefault(address, own)
            self._by_address.move_to_end(address)
            if post_id != own:
                self._by_number[own] = post_id
            for remembered in (self._by_address, self._by_number):
                while len(remembered) > STATUSES_REMEMBERED:
                    remembered.popitem(last=False)
        return post_id

    def linked(self, host: str, number: Any) -> str:
        """The id of the status with this number at `host`."""
        own = local_id(host, number)
        with self._lock:
            return self._by_number.get(own, own)


def local_id(host: str, number: Any) -> str:
    if number is None or number == "":
        raise Unusable("no id")
    if not isinstance(number, str) or not STATUS_NUMBER.fullmatch(number):
        raise Unusable("wrong type: id")
    return f"mastodon:{host.lower()}:{number}"


def items_of_status(status: Any, host: str, federation: Federation, timeline: str) -> Iterator[Item]:
    """The items of one status of `host`: the status, or for a boost the original and then the boost. Often none.

    `status` is as the API gives it; `timeline` is for its position. Never raises: bad input becomes Unreadable.
    """
    number = status.get("id") if isinstance(status, dict) else None
    position = f"{timeline}/{number if isinstance(number, str) else '?'}"[:200]
    try:
        records = _records(status, host, federation)
    except Unusable as unusable:
        yield Unreadable(str(unusable), repr(status)[:SHOWN_CHARACTERS], position)
    else:
        for one in records:
            yield PassedOver(one, position) if isinstance(one, Reason) else Upsert(one, position)


def withdrawn(status: dict[str, Any], post_id: str, host: str, now: datetime) -> list[Delete | AccountRemoved]:
    """What goes of a stored post that was looked up, since its author has withdrawn it; empty where nothing has.

    Whoever asks to be left out objects to what is kept of them already, too: all their posts go. The post itself is
    named beside its author, who is a different person for each instance that reports them. Never raises.
    """
    try:
        account = _object(status.get("account"), "account")
        if _keeps_out(account):
            reason = Passing.NO_CONSENT.value
            author = AccountRemoved(_author(account, host), post_id, now, reason=reason)
            return [Delete(post_id, post_id, reason=reason), author]
        *_, last = _records(status, host, Federation())
    except Unusable:
        # What cannot be read shows no wish.
        return []
    return [Delete(post_id, post_id, reason=last.rule.value)] if isinstance(last, Reason) else []


def _records(status: Any, host: str, federation: Federation) -> list[dict[str, Any] | Reason]:
    """The records of a status, or why one is passed over."""
    account = _object(status, "a status").get("account")
    reblog = status.get("reblog")
    before = [] if reblog is None else _records(_unnested(reblog), host, federation)
    post_id = federation.post_id(host, status)
    if status.get("visibility") not in _KEPT:
        return [*before, Reason(Passing.NOT_PUBLIC)]
    if _keeps_out(_object(account, "account")):
        return [*before, Reason(Passing.NO_CONSENT)]
    if before and isinstance(before[-1], Reason):
        return [*before, before[-1]]
    record = {
        "id": post_id,
        "created_at": status.get("created_at"),
        "edited_at": status.get("edited_at"),
        "author": _author(account, host),
        "author_followers": _followers(account),
        "lang": status.get("language"),
        "url": _web_address(status.get("url")),
    }
    if reblog is not None:
        record |= {"kind": "repost", "text": "", "repost_of": before[-1]["id"]}
    else:
        record |= _content(status, host, federation)
    return [*before, {name: value for name, value in record.items() if value is not None}]


def _content(status: dict[str, Any], host: str, federation: Federation) -> dict[str, Any]:
    """The kind, text, parts and links of a status that is no boost."""
    quoted = status.get("quote")
    # With a quotation, "RE: address" is only for readers that cannot show quotations.
    fallback = None if quoted is None else "quote-inline"
    text = plain_text(_markup(status, "content"), without_class=fallback)
    answered = status.get("in_reply_to_id")
    reply_to = None if answered is None else federation.linked(host, answered)
    quote_of = None if quoted is None else _quoted_id(_object(quoted, "quote"), host, federation)
    return {
        "kind": "reply" if reply_to else "quote" if quote_of else "post",
        "text": text.strip(),
        "parts": parts_of_status(status, text, warning=_markup(status, "spoiler_text")) or None,
        "reply_to": reply_to,
        "quote_of": quote_of,
        "reposts": status.get("reblogs_count"),
    }


def _quoted_id(quoted: dict[str, Any], host: str, federation: Federation) -> str | None:
    """The quoted post, or None if its author has not agreed, or no longer agrees."""
    if quoted.get("state") != "accepted":
        return None
    whole = quoted.get("quoted_status")
    if whole is not None:
        return federation.post_id(host, _object(whole, "quote"))
    number = quoted.get("quoted_status_id")
    return None if number is None else federation.linked(host, number)


def _keeps_out(account: dict[str, Any]) -> bool:
    note = account.get("note")
    asks = isinstance(note, str) and _ASKS_TO_BE_LEFT_OUT.search(plain_text(note))
    return account.get("noindex") is True or bool(asks)


def _author(account: dict[str, Any], host: str) -> str:
    """The whole handle. For an account of another instance it includes who reports it."""
    handle = account.get("acct")
    if not isinstance(handle, str) or not handle:
        raise Unusable("wrong type: account")
    own = host.partition(":")[0]
    whole = handle if "@" in handle else f"{handle}@{own}"
    return whole if whole.lower().endswith(f"@{own.lower()}") else f"{whole} (told by {own})"


def _followers(account: dict[str, Any]) -> Any:
    count = account.get("followers_count")
    # Some servers give -1 for an account that hides its count.
    return None if isinstance(count, int) and count < 0 else count


def _web_address(value: Any) -> Any:
    """`value`, or None if it is text that no browser opens as a page: people click on links."""
    return value if not isinstance(value, str) or value.startswith(("https://", "http://")) else None


def _markup(status: dict[str, Any], name: str) -> str:
    value = status.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Unusable(f"wrong type: {name}")
    if len(value) > LONGEST_MARKUP_CHARACTERS:
        raise Unusable("text too long")
    return value


def _object(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Unusable("not a JSON object" if name == "a status" else f"wrong type: {name}")
    return value


def _unnested(reblog: Any) -> dict[str, Any]:
    """The original of a boost. Mastodon has no boosts of boosts."""
    if _object(reblog, "reblog").get("reblog") is not None:
        raise Unusable("wrong type: reblog")
    return reblog


def age(status: Any) -> tuple[float, int, str]:
    """The key that sorts the statuses of one instance by time: their numbers grow with it."""
    number = status.get("id") if isinstance(status, dict) else None
    if not isinstance(number, str) or not STATUS_NUMBER.fullmatch(number):
        return NO_AGE
    return (given_at(number), len(number), number)


def given_at(number: str) -> float:
    """When a status got its number, in seconds since 1970. For a plain count that is a time in 1970."""
    return (int(number) >> 16 if number.isdecimal() else int(number[:10].translate(_ULID_DIGITS), 32)) / 1_000
