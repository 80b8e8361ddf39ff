"""A real Bluesky PDS, run for the tests, and accounts on it that post through its real API."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from models.clock import SystemClock
from tests.conftest import missing
from tests.npm import CannotInstall, installed, node
from tests.waiting import PATIENCE_SECONDS

HERE = Path(__file__).parent
POST = "app.bsky.feed.post"
REPOST = "app.bsky.feed.repost"


@contextmanager
def a_pds() -> Iterator["Pds"]:
    """A server that runs while this is open (about 5 s to start). Skips where it cannot be installed."""
    try:
        folder, program = installed("bluesky-server"), node()
    except CannotInstall as error:
        missing(str(error))
    process = subprocess.Popen(
        [program, HERE / "server.mjs", folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        ready = process.stdout.readline()
        assert ready, f"the Bluesky server ended with {process.wait()} before it was ready"
        with httpx.Client(timeout=PATIENCE_SECONDS) as http:
            yield Pds(http=http, **json.loads(ready))
    finally:
        process.stdin.close()
        process.wait(timeout=PATIENCE_SECONDS)


_numbers = count(1)


@dataclass(frozen=True)
class Pds:
    url: str
    adminPassword: str  # as the server names it
    http: httpx.Client

    def account(self, name: str) -> "Account":
        """A new account; names may come again, handles do not."""
        handle = f"{name}{next(_numbers)}.test"
        made = self.call(
            "com.atproto.server.createAccount",
            {"handle": handle, "email": f"{handle}@example.test", "password": "a stand-in's password"},
        )
        return Account(self, made["did"], {"Authorization": f"Bearer {made['accessJwt']}"})

    def delete_account(self, account: "Account") -> None:
        self.call("com.atproto.admin.deleteAccount", {"did": account.did}, auth=("admin", self.adminPassword))

    def take_down(self, account: "Account") -> None:
        subject = {"$type": "com.atproto.admin.defs#repoRef", "did": account.did}
        body = {"subject": subject, "takedown": {"applied": True, "ref": "test"}}
        self.call("com.atproto.admin.updateSubjectStatus", body, auth=("admin", self.adminPassword))

    def call(self, method: str, body: dict[str, Any], **how: Any) -> Any:
        answer = self.http.post(f"{self.url}/xrpc/{method}", json=body, **how)
        assert answer.is_success, f"{method}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None


@dataclass(frozen=True)
class Account:
    """Its acts return what names a record: {"uri": …, "cid": …}."""

    pds: Pds
    did: str
    headers: dict[str, str] = field(repr=False)

    def post(self, text: str, **more: Any) -> dict[str, str]:
        """`more` are other fields of the record: langs, embed, createdAt."""
        return self._create(POST, {"text": text, **more})

    def reply(self, text: str, parent: dict[str, str], root: dict[str, str] | None = None) -> dict[str, str]:
        return self.post(text, reply={"parent": parent, "root": root or parent})

    def quote(self, text: str, quoted: dict[str, str]) -> dict[str, str]:
        return self.post(text, embed={"$type": "app.bsky.embed.record", "record": quoted})

    def repost(self, subject: dict[str, str]) -> dict[str, str]:
        return self._create(REPOST, {"subject": subject})

    def edit(self, post: dict[str, str], text: str) -> dict[str, str]:
        body = {**self._place_of(post), "record": _record(POST, {"text": text})}
        return _reference(self.pds.call("com.atproto.repo.putRecord", body, headers=self.headers))

    def delete(self, record: dict[str, str]) -> None:
        self.pds.call("com.atproto.repo.deleteRecord", self._place_of(record), headers=self.headers)

    def deactivate(self) -> None:
        self.pds.call("com.atproto.server.deactivateAccount", {}, headers=self.headers)

    def _create(self, collection: str, fields: dict[str, Any]) -> dict[str, str]:
        body = {"repo": self.did, "collection": collection, "record": _record(collection, fields)}
        return _reference(self.pds.call("com.atproto.repo.createRecord", body, headers=self.headers))

    def _place_of(self, record: dict[str, str]) -> dict[str, str]:
        collection, key = record["uri"].split("/")[-2:]
        return {"repo": self.did, "collection": collection, "rkey": key}


def _record(collection: str, fields: dict[str, Any]) -> dict[str, Any]:
    return {"$type": collection, "createdAt": SystemClock().now().isoformat(), **fields}


def _reference(made: dict[str, Any]) -> dict[str, str]:
    return {"uri": made["uri"], "cid": made["cid"]}
