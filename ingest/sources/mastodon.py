"""Mastodon: the hashtags and local timelines of instances that agreed to be read.

Only instances that config.toml lists, with who consented and when, are ever contacted. Each is a source of its own,
polled oldest first. What becomes of a status is in `mastodon_statuses.py`.

It is read with our own HTTP client, not a library for Mastodon: the answers need limits of bytes and seconds, and one
hostile status must not spoil the others of its page.
"""

import json
import os
import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from pydantic import Field

from ingest.net.http import Answer, Http
from ingest.source import Batch, Delete, Item, Source, Upsert
from ingest.sources.mastodon_statuses import (
    NO_AGE,
    STATUS_NUMBER,
    Federation,
    age,
    given_at,
    items_of_status,
    withdrawn,
)
from models.clock import Clock
from models.config import VARIABLE, Table
from models.errors import ConfigError, SourceFailed, SourceUnreachable

PAGE_STATUSES = 40
CLOCKS_DIFFER_SECONDS = 86_400.0
LOCAL = "local"


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
                ahead = [one for one in page if not NO_AGE < age(one) <= age({"id": seen})]
                read = [status["id"] for status in ahead if age(status) > NO_AGE]
                # Continuing after a number from the future would skip all posts until then.
                latest = self._clock.now().timestamp() + CLOCKS_DIFFER_SECONDS
                numbers = [number for number in read if given_at(number) <= latest]
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
            if platform != "mastodon" or instance is None or not STATUS_NUMBER.fullmatch(number):
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
            elif gone := withdrawn(status, post_id, host, self._clock.now()):
                yield from gone
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
        return sorted(page, key=age)

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
