"""A real Grapevine in a process of its own, to browse, kill and start again."""

import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import APIResponse, BrowserContext

from tests.waiting import PATIENCE_SECONDS

PASSWORD = "heron quarry lantern seven"
GRAPEVINE = Path(sys.executable).with_name("grapevine")


class Server:
    """`grapevine ARGUMENTS` with its data in `folder`, at a port that was free.

    `trusting`: what trusts its certificate, where it has one.
    """

    def __init__(self, folder: Path, *arguments: str, trusting: ssl.SSLContext | None = None):
        self.folder = folder
        self.port = free_port()
        self.address = f"{'https' if trusting else 'http'}://127.0.0.1:{self.port}/"
        self._trusting = trusting
        self.ready_after_seconds = 0.0
        self.environment = {**os.environ, "GRAPEVINE_DATA_DIR": str(folder / "data")}
        self._arguments = [*map(str, arguments), "--no-browser", "--port", str(self.port)]
        self._process: subprocess.Popen | None = None
        # The sign-in names of those whom tests added, by their roles.
        self._people: dict[tuple[str, ...], str] = {}

    def start(self) -> "Server":
        """Start, and return once the page answers."""
        began = time.monotonic()
        self.log = (self.folder / "server.log").open("ab")
        self._process = subprocess.Popen(
            [GRAPEVINE, *self._arguments],
            cwd=self.folder,
            stdout=self.log,
            stderr=self.log,
            env=self.environment,
            # As in a terminal of its own: Ctrl-C reaches every process in it.
            start_new_session=True,
        )
        while time.monotonic() - began < PATIENCE_SECONDS:
            if self._process.poll() is not None:
                raise AssertionError(f"ended with {self._process.returncode}: {self.said()}")
            try:
                with urllib.request.urlopen(self.address, timeout=5, context=self._trusting):
                    self.ready_after_seconds = time.monotonic() - began
                    return self
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise AssertionError(f"not ready after {PATIENCE_SECONDS} s: {self.said()}")

    def kill(self) -> list[int]:
        """kill -9, as a power cut would; the ids of its child processes that go on without it."""
        children = descendants(self._process.pid)
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.wait()
        return self._survivors(children)

    def stop(self) -> int:
        """Ctrl-C, as a terminal sends it; the exit code."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGINT)
            self._process.wait(timeout=PATIENCE_SECONDS)
        self.log.close()
        return self._process.returncode

    def said(self) -> str:
        return (self.folder / "server.log").read_text(encoding="utf-8", errors="replace")

    def command(self, *arguments: str) -> str:
        """`grapevine ARGUMENTS` beside the running server, as an officer would type it; what it said."""
        ended = subprocess.run(
            [GRAPEVINE, *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout + ended.stderr

    def sign_in(self, context: BrowserContext, *roles: str) -> None:
        """Sign A. Tester, who has these roles, in at a browser: added by command, with a password by the link."""
        if roles not in self._people:
            self._people[roles] = name = "-".join(roles)
            said = self.command(
                *("user", "add", "A. Tester", "--sign-in", name, "--service", "Northgate Police"),
                *("--role", ",".join(roles)),
            )
            path = re.search(r"/(set-up\?token=\S+)", said).group(1)
            _send_form(context, f"{self.address}{path}", password=PASSWORD, again=PASSWORD)
        came_to = _send_form(context, f"{self.address}sign-in", name=self._people[roles], password=PASSWORD)
        assert came_to.url == self.address, came_to.text()

    def health(self) -> dict:
        """What it tells a monitor, well or not."""
        try:
            with urllib.request.urlopen(f"{self.address}health", timeout=10, context=self._trusting) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            return json.load(error)

    def processes(self) -> list[int]:
        """The process and all below it."""
        return [self._process.pid, *descendants(self._process.pid)]

    def _survivors(self, children: list[int]) -> list[int]:
        deadline = time.monotonic() + PATIENCE_SECONDS
        alive = children
        while alive and time.monotonic() < deadline:
            time.sleep(0.1)
            alive = [child for child in alive if is_alive(child)]
        return alive


def _send_form(context: BrowserContext, address: str, **typed: str) -> APIResponse:
    """Send the form of a page as the browser would, with what it hides; the page that follows."""
    page = context.request.get(address).text()
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    return context.request.post(address.partition("?")[0], form={**hidden, **typed})


def descendants(pid: int) -> list[int]:
    """All processes below one, by Linux's /proc."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue  # it ended while we looked
            parents[int(entry.name)] = int(fields[1])
    below = [child for child, parent in parents.items() if parent == pid]
    return below + [deeper for child in below for deeper in descendants(child)]


def resident_megabytes(pids: list[int]) -> float:
    """Memory of processes together, each page that they share counted in each."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        except OSError:
            continue  # it ended while we looked
        total += sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))
    return total / 1024


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that ended and that nobody asked for its exit code does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
