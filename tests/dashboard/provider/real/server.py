"""A real OpenID provider (npm's oidc-provider), run for the tests, and browsers that sign in there."""

import html
import json
import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

import httpx

from dashboard.signed_in import CSRF_COOKIE, CSRF_HEADER
from tests.conftest import missing
from tests.npm import CannotInstall, installed, node
from tests.waiting import PATIENCE_SECONDS

HERE = Path(__file__).parent
_FORM = re.compile(r'<form[^>]* action="([^"]+)"')
_FIELD = re.compile(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"')


class RealProvider:
    """A provider that lets Grapevine at `grapevine` sign people in. It can be stopped, and started again."""

    def __init__(self, grapevine: str, **how: Any):
        try:
            self._folder, self._program = installed("openid-provider"), node()
        except CannotInstall as error:
            missing(str(error))
        self._told = {"port": free_port(), "grapevine": grapevine, "groupsInIdToken": True, "secret": "", **how}
        self.issuer = f"http://127.0.0.1:{self._told['port']}"
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            [self._program, HERE / "provider.mjs", self._folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # It warns of what a test's provider may do: keys and grants in memory.
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._process.stdin.write(json.dumps(self._told) + "\n")
        self._process.stdin.flush()
        ready = self._process.stdout.readline()
        assert ready, f"the OpenID provider ended with {self._process.wait()} before it was ready"

    def stop(self) -> None:
        if self._process is not None:
            self._process.stdin.close()
            self._process.wait(timeout=PATIENCE_SECONDS)
            self._process = None

    def knows(self, subject: str, name: str, *groups: str) -> None:
        """Whom people can be there, and in which groups, from now on."""
        self._people({subject: {"name": name, "groups": groups}})

    def forgets(self, subject: str) -> None:
        self._people({subject: None})

    def _people(self, changed: Any) -> None:
        httpx.post(f"{self.issuer}/test/people", json=changed, timeout=PATIENCE_SECONDS).raise_for_status()


@contextmanager
def a_real_provider(grapevine: str, **how: Any) -> Iterator[RealProvider]:
    """A provider that runs while this is open (a second to start). Skips where it cannot be installed."""
    provider = RealProvider(grapevine, **how)
    provider.start()
    try:
        yield provider
    finally:
        provider.stop()


@dataclass
class Desk:
    """A browser without a screen, at Grapevine and at the provider."""

    grapevine: str
    http: httpx.Client = field(
        default_factory=lambda: httpx.Client(follow_redirects=True, timeout=PATIENCE_SECONDS), repr=False
    )

    def signs_in(self, person: str, page: str = "/sources") -> httpx.Response:
        """Press “Sign in with …” and choose a person there, unless somebody is signed in there; where it ends."""
        there = self.http.get(f"{self.grapevine}/sign-in/provider", params={"next": page})
        chosen = re.search(rf'href="([^"]+)">{person}</a>', there.text)
        return there if chosen is None else self.http.get(urljoin(str(there.url), html.unescape(chosen[1])))

    def is_signed_in(self) -> bool:
        return self.http.get(f"{self.grapevine}/account", follow_redirects=False).status_code == 200

    def signs_out(self) -> httpx.Response:
        """Press “Sign out”, and follow where it leads: the provider's page where one confirms."""
        self.http.get(f"{self.grapevine}/account")
        token = unquote(self.http.cookies[CSRF_COOKIE])
        left = self.http.post(f"{self.grapevine}/sign-out", headers={CSRF_HEADER: token})
        address = html.unescape(re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', left.text)[1])
        return self.http.get(address)

    def confirms(self, page: httpx.Response) -> httpx.Response:
        """Press “yes” on the provider's page that asks whether to sign out."""
        fields = {name: html.unescape(value) for name, value in _FIELD.findall(page.text)}
        return self.http.post(html.unescape(_FORM.search(page.text)[1]), data={**fields, "logout": "yes"})


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
