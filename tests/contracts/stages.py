"""The stages on which every kind of source plays the same contract: a platform that the test commands.

Each is a source opened as config.toml opens it, with a server on this computer in front of it (its class says of
what kind). A stage has only the methods that its platform has an equivalent for: a feed knows no removed accounts,
and so no `remove_account`; a contract is played on the stages that have what it needs.
"""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from datetime import datetime, timedelta
from email.utils import format_datetime
from hashlib import blake2b
from typing import Any

from ingest.net import http, jetstream
from ingest.running import stream
from ingest.source import Source
from ingest.sources import archive, feeds, mastodon
from ingest.sources.bluesky import POST
from ingest.sources.webhook import Rejected
from models.errors import StoreError
from tests.builders import NOON
from tests.contracts.house import HandStop, Polled, Stage, WatchedWorker
from tests.ingest.bluesky_server.bridge import FIRST_SEQ, Bridge
from tests.ingest.feed_documents import an_item, rss
from tests.ingest.feed_server import FeedServer, Handler, serving
from tests.ingest.stand_in_mastodon import running
from tests.waiting import until

# Small, so that a few posts already come in several batches.
BATCH = 4


class BlueskyStage(Stage):
    """A stand-in for Jetstream that sends the test's own events, read by the real client."""

    kind = "bluesky"
    at: Bridge

    def server(self) -> Bridge:
        self.patch.setattr(stream, "BATCH_EVENTS", BATCH)
        self.patch.setattr(stream, "GATHERING_SECONDS", 0.05)
        self.patch.setattr(stream, "SILENCE_SECONDS", 0.1)
        self.patch.setattr(jetstream, "FIRST_DELAY_SECONDS", 0.02)
        return Bridge(None)

    def table(self) -> dict[str, Any]:
        return {"hosts": [self.at.address]}

    @property
    def beginning(self) -> str:
        return f"{FIRST_SEQ - 1} 1500000000000000 {self.at.address}"

    @property
    def asked(self) -> int:
        return len(self.at.asked)

    def start(self, worker: WatchedWorker, stop: HandStop) -> None:
        asked = self.asked
        self._thread = threading.Thread(target=worker.run, args=(stop,), daemon=True)
        self._thread.start()
        # Without a cursor it begins with now: it misses what is sent before it listens.
        until(lambda: self.asked > asked and self.at.listeners, "a connection")

    def offer(self, worker: WatchedWorker, stop: HandStop) -> None:
        looks = stop.looks
        # Where it pauses, it may look at the clock; a connection that stands is read by itself.
        until(lambda: not stop.pausing or stop.looks > looks + 1, "a look at the clock")

    def bring(self, worker: WatchedWorker, stop: HandStop) -> None:
        last = f"{self.at.last_seq} "
        until(lambda: worker.done_with.startswith(last), f"event {last}of the stream")

    def end(self) -> None:
        self._thread.join()

    def post(self, text: str, author: str = "ann") -> str:
        key = f"post{self.number()}"
        return self._commit(f"at://did:plc:{author}/{POST}/{key}", "create", text)

    def edit(self, post_id: str, text: str) -> None:
        self._commit(post_id, "update", text)

    def delete(self, post_id: str) -> None:
        self._commit(post_id, "delete", None)

    def remove_account(self, author: str) -> None:
        did = f"did:plc:{author}"
        account = {"did": did, "active": False, "status": "deleted"}
        self.at.send_event("account", {"did": did, "account": account}, at=self.clock.now())

    def nonsense(self) -> None:
        self._commit(f"at://did:plc:ann/{POST}/nonsense", "create", None)

    def go_away(self) -> None:
        self.at.close()

    def come_back(self) -> None:
        if self.at.refusal is None:
            self.at.open()
        self.at.refusal = None

    def ask_for_patience(self, seconds: int) -> None:
        self.at.refusal = (429, {"Retry-After": str(seconds)})
        self.at.drop()

    def _commit(self, post_id: str, operation: str, text: str | None) -> str:
        _, _, did, collection, key = post_id.split("/")
        body = {"did": did, "rev": "3r", "operation": operation, "collection": collection, "rkey": key, "cid": "c"}
        if text is not None:
            body["record"] = {"$type": POST, "text": text, "createdAt": self.clock.now().isoformat()}
        self.at.send_event("commit", body, at=self.clock.now())
        return post_id


class MastodonStage(Polled):
    """A stand-in instance over real HTTP. It tells of no change by itself: posts are asked after."""

    kind = "mastodon"
    secret = "a-token-that-nobody-may-read"
    beginning = '{"local":"0"}'
    rechecks = True

    def server(self) -> AbstractContextManager[Any]:
        self.patch.setattr(mastodon, "PAGE_STATUSES", BATCH)
        self.patch.setattr(http, "ATTEMPTS", 1)
        self.patch.setenv("GRAPEVINE_TEST_TOKEN", self.secret)
        self._changed, self._deleted = False, []
        return running()

    def table(self) -> dict[str, Any]:
        instance = {"host": self.at.host, "consent": "its administrator, 1 Nov 2026", "public": True}
        return {"instances": [{**instance, "token_env": "GRAPEVINE_TEST_TOKEN"}]}

    @property
    def asked(self) -> int:
        return len(self.at.asked)

    def bring(self, worker: WatchedWorker, stop: HandStop) -> None:
        super().bring(worker, stop)
        if self._changed:
            self.recheck(worker)

    def recheck(self, worker: WatchedWorker) -> None:
        """As the running Grapevine does every ten minutes."""
        self._changed = False
        worker.recheck(worker._store.posts.of_source(worker.name, 0, 100), threading.Event())

    def post(self, text: str, author: str = "ann", **changes: Any) -> str:
        at = self.clock.now().isoformat()
        status = self.at.post(text, created_at=at, account={"acct": author}, **changes)
        return f"mastodon:{self.at.host}:{status['id']}"

    def edit(self, post_id: str, text: str) -> None:
        minute = (self.clock.now() - NOON) / timedelta(minutes=1)
        self.at.edit(post_id.rpartition(":")[2], text, minute=minute)
        self._changed = True

    def delete(self, post_id: str) -> None:
        number = post_id.rpartition(":")[2]
        self._deleted += [status for status in self.at.statuses if status["id"] == number]
        self.at.delete(number)
        self._changed = True

    def remove_account(self, author: str) -> None:
        for status in [one for one in self.at.statuses if one["account"]["acct"] == author]:
            self.delete(status["id"])

    def tell_again(self) -> None:
        # As an instance does whose pages come from a cache that is behind.
        self.at.statuses += self._deleted

    def nonsense(self) -> None:
        self.post("the dam", spoiler_text=5)

    def go_away(self) -> None:
        self.at.faults = [(503, {}, b"")] * 1_000

    def come_back(self) -> None:
        self.at.faults = []

    def go_astray(self) -> None:
        """It answers as an instance does that is being closed, or is none any more."""
        self.at.faults = [(404, {}, b"{}")] * 1_000

    def ask_for_patience(self, seconds: int) -> None:
        self.at.fail(429, {"Retry-After": str(seconds)})

    def lock_out(self) -> None:
        self.at.fail(401)


class FeedsStage(Polled):
    """A real HTTP server with one RSS feed, whose address holds a key."""

    kind = "feeds"
    secret = "a-key-that-nobody-may-read"
    beginning = ""
    at: FeedServer

    def server(self) -> AbstractContextManager[FeedServer]:
        self.patch.setattr(feeds, "BATCH_ITEMS", BATCH)
        self.patch.setattr(http, "ATTEMPTS", 1)
        self._entries: dict[str, str] = {}
        self._fault: Callable[[Handler], None] | None = None
        return serving()

    def table(self) -> dict[str, Any]:
        return {"feeds": [{"name": "northgate", "url": self._url}]}

    def source(self) -> Source:
        self._publish()
        return super().source()

    @property
    def asked(self) -> int:
        return len(self.at.asked)

    def post(self, text: str) -> str:
        name = f"entry{self.number()}"
        # Reckoned here once more: a feed's ids may never change from one version of Grapevine to the next.
        digest = blake2b(f"{self._url} {name}".encode(), digest_size=12).hexdigest()
        return self._put(f"feed:127.0.0.1:{digest}", name, text, self.clock.now())

    def edit(self, post_id: str, text: str) -> None:
        entry = self._entries[post_id]
        start, end = entry.index("<title>") + len("<title>"), entry.index("</title>")
        self._entries[post_id] = entry[:start] + text + entry[end:]
        self._publish()

    def nonsense(self) -> None:
        self._put("nonsense", "nonsense", "the dam", datetime(1970, 1, 1, tzinfo=NOON.tzinfo))

    def go_away(self) -> None:
        self._fails(lambda handler: None)

    def come_back(self) -> None:
        self._fails(None)

    def ask_for_patience(self, seconds: int) -> None:
        self._fails(lambda handler: handler.say(429, Retry_After=str(seconds)))

    def lock_out(self) -> None:
        self._fails(lambda handler: handler.say(403))

    @property
    def _url(self) -> str:
        return f"{self.at.url()}?key={self.secret}"

    def _put(self, post_id: str, name: str, text: str, at: datetime) -> str:
        self._entries[post_id] = an_item(name, title=text, published=format_datetime(at))
        self._publish()
        return post_id

    def _fails(self, fault: Callable[[Handler], None] | None) -> None:
        self._fault = fault
        self._publish()

    def _publish(self) -> None:
        newest_first = reversed(list(self._entries.values()))
        self.at.answers["/feed"] = self._fault or rss(*newest_first)


class WebhookStage(Stage):
    """No server: a sender that signs its messages, and sends one again until it was taken."""

    kind = "webhook"
    secret = "whsec_" + base64.b64encode(b"thirty-two bytes of test secret!").decode()

    def server(self) -> AbstractContextManager[Any]:
        self.patch.setenv("GRAPEVINE_TEST_SECRET", self.secret)
        self._sent: list[tuple[str, bytes]] = []
        self._waiting: list[dict[str, Any] | int] = []
        self._to_send: list[tuple[str, bytes]] = []
        return ExitStack()

    def table(self) -> dict[str, Any]:
        return {"senders": [{"name": "tipline", "secret_env": "GRAPEVINE_TEST_SECRET"}]}

    def start(self, worker: WatchedWorker, stop: HandStop) -> None:
        worker.listen()

    def offer(self, worker: WatchedWorker, stop: HandStop) -> None:
        for start in range(0, len(self._waiting), BATCH):
            body = json.dumps(self._waiting[start : start + BATCH]).encode()
            self._to_send.append((f"msg_{self.number()}", body))
        self._waiting = []
        while self._to_send:
            message_id, body = self._to_send[0]
            with suppress(StoreError):
                worker.take(self.signed(message_id, body), body)
                self._sent.append(self._to_send.pop(0))
                continue
            return

    def signed(self, message_id: str, body: bytes, key: bytes | None = None) -> dict[str, str]:
        """The headers of a message, signed as the specification says and by no code of ours."""
        secret = key or base64.b64decode(self.secret.removeprefix("whsec_"))
        timestamp = int(self.clock.now().timestamp())
        digest = hmac.new(secret, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
        return {
            "webhook-id": message_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": "v1," + base64.b64encode(digest).decode(),
        }

    def tell_again(self) -> None:
        self._to_send, self._sent = [*self._sent, *self._to_send], []

    def post(self, text: str, author: str = "ann") -> str:
        return self._say(f"{self.number()}", text, author=author, created_at=self.clock.now().isoformat())

    def edit(self, post_id: str, text: str) -> None:
        self._say(post_id.removeprefix("webhook:tipline:"), text, edited_at=self.clock.now().isoformat())

    def delete(self, post_id: str) -> None:
        self._waiting.append({"delete": {"id": post_id.removeprefix("webhook:tipline:")}})

    def remove_account(self, author: str) -> None:
        removed = {"author": author, "happened_at": self.clock.now().isoformat()}
        self._waiting.append({"account_removed": removed})

    def nonsense(self) -> None:
        self._waiting.append(5)

    def lock_out(self) -> None:
        """The sender has another secret now."""
        self.signed = lambda message_id, body: WebhookStage.signed(self, message_id, body, b"x" * 32)

    def _say(self, number: str, text: str, **more: str) -> str:
        self._waiting.append({"id": number, "text": text, **more})
        return f"webhook:tipline:{number}"


class ArchiveStage(Stage):
    """No server and not live: a file of X's stream, second interface, that grows between one reading and the next."""

    kind = "archive"
    beginning = ""

    def server(self) -> AbstractContextManager[Any]:
        self.patch.setattr(archive, "BATCH_ITEMS", BATCH)
        self._path = self.folder / "stream.jsonl"
        self._path.write_text("")
        self._accounts: dict[str, str] = {}
        return ExitStack()

    def table(self) -> dict[str, Any]:
        return {"files": [str(self._path)], "format": "x_api"}

    def offer(self, worker: WatchedWorker, stop: HandStop) -> None:
        reading = threading.Thread(target=worker.run, args=(stop,), daemon=True)
        reading.start()
        # At its end, or at rest after a failure until the test's clock goes on.
        until(lambda: not reading.is_alive() or stop.pausing, "the end of the file")

    def post(self, text: str, author: str = "ann") -> str:
        number = str(1_000 + self.number())
        self._posted(number, text, author)
        return f"twitter:{number}"

    def edit(self, post_id: str, text: str) -> None:
        first, later = post_id.removeprefix("twitter:"), str(1_000 + self.number())
        self._posted(later, text, "ann", edit_history_tweet_ids=[first, later])

    def delete(self, post_id: str) -> None:
        tweet = {"id": post_id.removeprefix("twitter:")}
        self._append({"data": {"delete": {"tweet": tweet, "event_at": self.clock.now().isoformat()}}})

    def remove_account(self, author: str) -> None:
        notice = {"user": {"id": self._accounts[author]}, "event_at": self.clock.now().isoformat()}
        self._append({"data": {"user_delete": notice}})

    def nonsense(self) -> None:
        with self._path.open("a") as file:
            file.write('{"data": \n')

    def _posted(self, number: str, text: str, author: str, **more: Any) -> None:
        account = self._accounts.setdefault(author, str(len(self._accounts) + 70))
        post = {"id": number, "author_id": account, "text": text, "created_at": self.clock.now().isoformat(), **more}
        self._append({"data": post, "includes": {"users": [{"id": account, "username": author}]}})

    def _append(self, value: dict[str, Any]) -> None:
        with self._path.open("a") as file:
            file.write(json.dumps(value) + "\n")


STAGES = (BlueskyStage, MastodonStage, FeedsStage, WebhookStage, ArchiveStage)


def refused(act: Callable[[], Any]) -> str:
    """The answers to a sender whose messages were refused; empty if none was."""
    try:
        act()
    except Rejected as rejected:
        return str(rejected)
    return ""
