"""Mastodon: the hashtags and local timelines of instances that agreed to be read.

Only instances that config.toml lists, with who consented and when, are ever contacted. Each is a source of its own,
polled oldest first. Never stored: posts that are neither public nor unlisted, and those of accounts that ask machines
to keep out (`noindex` in the profile, #nobot or #noindex in the note; not `indexable`, which is off by default and so
expresses no wish).

An id is "mastodon:HOST:NUMBER" with the number that the status has at the polled instance. Replies refer to that
number, a deleted status can be looked up by it alone, and it contains no handle. A status seen on two instances has
two numbers. Its federated address, remembered while Grapevine runs, gives both the id under which it first came.

An author is "user@host", but "user@host (told by HOST)" if HOST reports another instance's account. HOST could report
anything, so such an author matches no official handle, and is a different person for each instance that reports it.

It is read with our own HTTP client, not a library for Mastodon: the answers need limits of bytes and seconds, and one
hostile status must not spoil the others of its page.
"""

import json
import os
import re
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from pydantic import Field

from ingest.markup import LONGEST_MARKUP_CHARACTERS, plain_text
from ingest.net.http import Answer, Http
from ingest.source import Batch, Delete, Item, Source, Unreadable, Upsert
from models.clock import Clock
from models.config import VARIABLE, Table
from models.errors import ConfigError, SourceFailed, SourceUnreachable

PAGE_STATUSES = 40
STATUSES_REMEMBERED = 50_000
SHOWN_CHARACTERS = 2_000
CLOCKS_DIFFER_SECONDS = 86_400.0
LOCAL = "local"

# Mastodon's snowflake, or the ULID of other software; both contain the time at which they were given.
_STATUS_NUMBER = re.compile(r"0|[1-9][0-9]{0,19}|[0-7][0-9A-HJKMNP-TV-Z]{25}")
_ULID_DIGITS = str.maketrans("ABCDEFGHJKMNPQRSTVWXYZ", "abcdefghijklmnopqrstuv")
_ASKS_TO_BE_LEFT_OUT = re.compile(r"#(?:nobots?|noindex)\b", re.IGNORECASE)
_KEPT = ("public", "unlisted")
_NO_AGE = (-1.0, 0, "")


class Instance(Table):
    """One instance that may be read. `consent` is who agreed, and when; nothing is read without it."""

    host: str = Field(pattern=r"^[A-Za-z0-9.-]+(:[0-9]{1,5})?$")
    consent: str = Field(pattern=r"\S")
    hashtags: list[str] = Field(default=[])
    public: bool = False
    token_env: str = Field(default="", pattern=f"{VARIABLE}|^$")


class MastodonSettings(Table):
    instances: list[Instance] = Field(min_length=1)
    every_seconds: float = Field(default=15, ge=5)
    # Whether posts are looked up again, since a poll shows no deletes and no edits.
    recheck: bool = True


def open_mastodon(settings: MastodonSettings, clock: Clock) -> list[Source]:
    """One source an instance. Raises ConfigError for an instance without anything to read."""
    federation = Federation()
    for instance in settings.instances:
        for hashtag in instance.hashtags:
            if not re.fullmatch(r"#?\w+", hashtag):
                problem = f"{instance.host}: {hashtag!r} is no hashtag. Use one word."
                raise ConfigError(problem, table="sources.mastodon")
        if not instance.hashtags and not instance.public:
            problem = f"{instance.host}: nothing to read. Name hashtags, or set public = true."
            raise ConfigError(problem, table="sources.mastodon")
    hosts = {instance.host: instance for instance in settings.instances}
    return [
        Mastodon(instance, hosts, federation, clock, every_seconds=settings.every_seconds, recheck=settings.recheck)
        for instance in hosts.values()
    ]


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
    if not isinstance(number, str) or not _STATUS_NUMBER.fullmatch(number):
        raise Unusable("wrong type: id")
    return f"mastodon:{host.lower()}:{number}"


class Mastodon:
    """The timelines of one instance. `hosts` are all instances that may be contacted."""

    live = True
    restriction = None

    def __init__(
        self,
        instance: Instance,
        hosts: dict[str, Instance],
        federation: Federation,
        clock: Clock,
        *,
        every_seconds: float,
        recheck: bool,
    ):
        self.name = f"mastodon:{instance.host}"
        self.every_seconds: float | None = every_seconds
        self._instance = instance
        self._hosts = {host.lower(): known for host, known in hosts.items()}
        self._federation = federation
        self._http = Http(clock)
        self._clock = clock
        self._rechecks = recheck
        tags = [tag.removeprefix("#").lower() for tag in instance.hashtags]
        self._timelines = [*dict.fromkeys(f"#{tag}" for tag in tags), *([LOCAL] if instance.public else [])]

    def batches(self, cursor: str | None) -> Iterator[Batch]:
        """What came since, one page a batch. A timeline read for the first time brings only its newest page."""
        newest = _parsed(cursor)
        for timeline in self._timelines:
            while True:
                seen = newest.get(timeline)
                page = self._page(timeline, PAGE_STATUSES, since=seen)
                # An instance that ignores `min_id` must not make this loop endless.
                ahead = [one for one in page if not _NO_AGE < _age(one) <= _age({"id": seen})]
                read = [status["id"] for status in ahead if _age(status) > _NO_AGE]
                # Continuing after a number from the future would skip all posts until then.
                latest = self._clock.now().timestamp() + CLOCKS_DIFFER_SECONDS
                numbers = [number for number in read if _given_at(number) <= latest]
                newest[timeline] = numbers[-1] if numbers else seen or "0"
                if read:
                    items = [item for status in ahead for item in self._items(status, self._instance.host, timeline)]
                    yield Batch(items, _cursor(newest))
                if seen is None or not numbers:
                    break
        yield Batch([], _cursor(newest), caught_up=True)

    def test(self) -> str:
        """Asks each timeline for one status, and saves none."""
        for timeline in self._timelines:
            self._page(timeline, 1)
        return f"{self._instance.host} answers: {', '.join(self._timelines)} can be read."

    def recheck(self, post_ids: Sequence[str]) -> Iterator[Item]:
        """Looks up posts one by one, except those of an instance that is no longer listed."""
        for post_id in post_ids if self._rechecks else ():
            platform, _, rest = post_id.partition(":")
            host, _, number = rest.rpartition(":")
            instance = self._hosts.get(host)
            if platform != "mastodon" or instance is None or not _STATUS_NUMBER.fullmatch(number):
                continue
            answer = self._get(instance, f"/api/v1/statuses/{number}")
            status = _json(answer, instance)
            if not isinstance(status, dict):
                raise SourceUnreachable("the answer is no post. Retrying.", host=host, status=answer.status)
            # A closed instance answers 404 to everything, but without Mastodon's "error".
            if answer.status in (404, 410) and "error" in status:
                yield Delete(post_id, post_id)
            elif answer.status != 200 or status.get("id") != number:
                problem = f"answered {answer.status} without the post. Retrying."
                raise SourceUnreachable(problem, host=host, status=answer.status)
            elif status.get("edited_at"):
                for item in [*self._items(status, host, post_id)][-1:]:
                    yield Upsert(item.record | {"id": post_id}, post_id) if isinstance(item, Upsert) else item

    def _items(self, status: Any, host: str, timeline: str) -> Iterator[Item]:
        return items_of_status(status, host, self._federation, timeline)

    def _page(self, timeline: str, limit: int, *, since: str | None = None) -> list[Any]:
        """A page of statuses, oldest first: the next after `since`, or the newest."""
        params = {"limit": str(limit)} | ({"min_id": since} if since is not None else {})
        if timeline == LOCAL:
            path, params["local"] = "/api/v1/timelines/public", "true"
        else:
            path = f"/api/v1/timelines/tag/{quote(timeline[1:], safe='')}"
        answer = self._get(self._instance, path, params)
        page = _json(self._readable(self._instance, answer), self._instance)
        if not isinstance(page, list):
            raise SourceUnreachable(f"the answer for {timeline} is no timeline. Retrying.", host=self._instance.host)
        return sorted(page, key=_age)

    def _get(self, instance: Instance, path: str, params: dict[str, str] | None = None) -> Answer:
        headers = {}
        if instance.token_env:
            token = os.environ.get(instance.token_env, "").strip()
            if not token.isascii() or not token.isprintable() or not token:
                raise SourceFailed(
                    f"no token in the environment variable {instance.token_env}. Set it.", host=instance.host
                )
            headers["Authorization"] = f"Bearer {token}"
        return self._http.get(f"{_scheme(instance.host)}://{instance.host}{path}", params=params, headers=headers)

    @staticmethod
    def _readable(instance: Instance, answer: Answer) -> Answer:
        """`answer` if its status is 200. Raises SourceFailed and SourceUnreachable for others."""
        if answer.status == 200:
            return answer
        host, status = instance.host, answer.status
        lasting = {
            401: "does not allow reading (401). Name a token with token_env.",
            403: "does not allow reading (403). Name a token with token_env.",
            422: "does not allow reading (422). Name a token with token_env.",
            404: "has no such timeline (404). Check that it is a Mastodon instance.",
            410: "gone for good (410). Remove it from config.toml.",
        }
        if 300 <= status < 400:
            raise SourceFailed(
                f"redirects ({status}). Give its new address in config.toml.", host=host, status=status
            )
        if status in lasting:
            raise SourceFailed(lasting[status], host=host, status=status)
        raise SourceUnreachable(f"answered {status}. Retrying.", host=host, status=status)


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
        yield from (Upsert(record, position) for record in records)


def _records(status: Any, host: str, federation: Federation) -> list[dict[str, Any]]:
    account = _object(status, "a status").get("account")
    reblog = status.get("reblog")
    before = [] if reblog is None else _records(_unnested(reblog), host, federation)
    post_id = federation.post_id(host, status)
    if status.get("visibility") not in _KEPT or _keeps_out(_object(account, "account")):
        return before
    if reblog is not None and not before:
        return []
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
    """The kind, text and links of a status that is no boost."""
    quoted = status.get("quote")
    # With a quotation, "RE: address" is only for readers that cannot show quotations.
    fallback = None if quoted is None else "quote-inline"
    parts = [_markup(status, "spoiler_text"), plain_text(_markup(status, "content"), without_class=fallback)]
    answered = status.get("in_reply_to_id")
    reply_to = None if answered is None else federation.linked(host, answered)
    quote_of = None if quoted is None else _quoted_id(_object(quoted, "quote"), host, federation)
    return {
        "kind": "reply" if reply_to else "quote" if quote_of else "post",
        "text": "\n\n".join(part.strip() for part in parts if part.strip()),
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


def _age(status: Any) -> tuple[float, int, str]:
    """The key that sorts the statuses of one instance by time: their numbers grow with it."""
    number = status.get("id") if isinstance(status, dict) else None
    if not isinstance(number, str) or not _STATUS_NUMBER.fullmatch(number):
        return _NO_AGE
    return (_given_at(number), len(number), number)


def _given_at(number: str) -> float:
    """When a status got its number, in seconds since 1970. For a plain count that is a time in 1970."""
    return (int(number) >> 16 if number.isdecimal() else int(number[:10].translate(_ULID_DIGITS), 32)) / 1_000


def _parsed(cursor: str | None) -> dict[str, str]:
    return dict(json.loads(cursor)) if cursor else {}


def _cursor(newest: dict[str, str]) -> str:
    return json.dumps(newest, separators=(",", ":"), ensure_ascii=False, sort_keys=True)


def _json(answer: Answer, instance: Instance) -> Any:
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        raise SourceUnreachable(
            "the answer is not JSON. Retrying.", host=instance.host, status=answer.status
        ) from None


def _scheme(host: str) -> str:
    """Plain HTTP for an instance on this computer, HTTPS for all others."""
    return "http" if host.partition(":")[0] in ("127.0.0.1", "localhost") else "https"
