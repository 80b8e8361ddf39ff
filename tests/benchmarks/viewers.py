"""What 150 people who watch the board cost the server; of several versions of Grapevine, one after the other.

    python tests/benchmarks/viewers.py [--viewers 150] [--seconds 60] [--rounds 3] [CHECKOUT …]

Each CHECKOUT (this one, where none is named) is a folder with a version of Grapevine, which this Python can run. Its
exercise is played fast until its board is full, and then at ten times real speed. A real browser opens the board and
shows what it asks for; then so many viewers, each signed in for themself where that version has sign-in, ask as the
browser does: the poll at the board's own pace, with what they were answered last, and the rest where an answer calls
for it. Prints how long an answer took, the processor time of the server and, apart, that of the viewers, for each
version and round; and the medians over the rounds, as ratios to the first version.
"""

import argparse
import asyncio
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import httpx
from playwright.sync_api import Browser, Request, sync_playwright

from tests.journeys.server import descendants, free_port
from tests.journeys.steps import choose_person, is_at_sign_in
from tests.waiting import PATIENCE_SECONDS

STARTS = "from dashboard.commands import main; main()"
CALLBACKS = "/_dash-update-component"
POLL_SECONDS = 2.0
# The exercise is played so fast, for so long, until its board is full; then its board changes every few seconds.
FILLING_SPEED, FILLING_SECONDS = 300.0, 40.0
WATCHED_SPEED, WATCHED_SECONDS = 10.0, 40.0
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
CHROMIUM = "/usr/bin/chromium"


@dataclass
class Measured:
    """A round: milliseconds an answer, how many answers by status, and processor seconds a minute."""

    answered: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    server_cpu: float = 0.0
    viewers_cpu: float = 0.0

    def line(self) -> str:
        p50, p95 = (statistics.quantiles(self.answered, n=100)[at] for at in (49, 94))
        errors = sum(count for status, count in self.statuses.items() if status not in (200, 204))
        return (
            f"{len(self.answered):,} answers, {errors} errors: p50 {p50:.1f} ms, p95 {p95:.1f} ms; "
            f"processor a minute: server {self.server_cpu:.1f} s, viewers {self.viewers_cpu:.1f} s"
        )


@contextmanager
def running(checkout: Path, folder: Path, speed: float) -> Iterator[tuple[str, int]]:
    """The exercise of a version, from where it was stopped; its address and the id of its process."""
    port = free_port()
    environment = {**os.environ, "PYTHONPATH": str(checkout), "GRAPEVINE_DATA_DIR": str(folder)}
    command = [sys.executable, "-c", STARTS, "demo", "--no-browser", "--port", str(port), "--speed", str(speed)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    address, began = f"http://127.0.0.1:{port}", time.monotonic()
    try:
        while True:
            try:
                httpx.get(f"{address}/health", timeout=5)
                break
            except httpx.TransportError:
                assert process.poll() is None, (folder / "log").read_text()
                assert time.monotonic() - began < PATIENCE_SECONDS
                time.sleep(0.2)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_SECONDS)


@dataclass(frozen=True)
class Asks:
    """What a browser with the open board asks for: its polls, and what it asks after an answer that calls for it."""

    polls: list[dict[str, Any]]
    after: list[dict[str, Any]]


def asks_of(browser: Browser, address: str) -> Asks:
    page, asked = browser.new_page(), {}
    page.on("request", lambda request: note(request, asked))
    page.goto(address)
    if is_at_sign_in(page):
        choose_person(page)
    page.locator(".ag-row").first.wait_for(timeout=PATIENCE_SECONDS * 1000)
    # Those of the page as it opens are asked once.
    page.wait_for_timeout(3_000)
    asked.clear()
    page.wait_for_timeout(WATCHED_SECONDS * 1000)
    page.close()
    polls = [one for one in asked.values() if one["changedPropIds"][0].endswith(".n_intervals")]
    after = [one for one in asked.values() if one not in polls]
    assert polls, "the board asks for nothing"
    assert after, "no answer changed the board"
    return Asks(polls, after)


def note(request: Request, asked: dict[str, dict[str, Any]]) -> None:
    if CALLBACKS in request.url:
        one = json.loads(request.post_data)
        asked[one["output"]] = one


class Viewer:
    """One who watches. Knows what the browser would have on its page: the answers of before."""

    def __init__(self, address: str):
        self.client = httpx.AsyncClient(base_url=address, timeout=30, follow_redirects=True)
        self._headers: dict[str, str] = {}
        self._known: dict[str, Any] = {}

    async def sign_in(self) -> None:
        page = await self.client.get("/")
        if "/sign-in" in str(page.url):
            hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
            person = re.search(r'name="person" value="([^"]+)"', page.text).group(1)
            page = await self.client.post("/sign-in", data={**hidden, "person": person})
            page = await self.client.get("/")
        assert page.status_code == 200
        assert "/sign-in" not in str(page.url)
        if token := self.client.cookies.get("grapevine-csrf"):
            self._headers = {"X-CSRFToken": token}

    async def look(self, asks: Asks, measured: Measured) -> None:
        """One poll, and what its answer calls for."""
        changed: set[str] = set()
        for asked in asks.polls:
            changed |= await self.ask(asked, measured)
        for asked in asks.after:
            if changed.intersection(asked["changedPropIds"]):
                changed |= await self.ask(asked, measured)

    async def ask(self, asked: dict[str, Any], measured: Measured) -> set[str]:
        """Send it with what is known from before; what the answer changed on the page."""
        body = {**asked, "inputs": self._filled(asked["inputs"]), "state": self._filled(asked.get("state", []))}
        began = time.perf_counter()
        answer = await self.client.post(CALLBACKS, json=body, headers=self._headers)
        measured.answered.append((time.perf_counter() - began) * 1000)
        measured.statuses[answer.status_code] += 1
        if answer.status_code != 200:
            return set()
        told = answer.json()["response"].items()
        changed = {f"{one}.{name}": value for one, properties in told for name, value in properties.items()}
        self._known |= changed
        return changed.keys()

    def _filled(self, given: list[Any]) -> list[Any]:
        return [
            one
            if isinstance(one, list)
            else {**one, "value": self._known.get(f"{one['id']}.{one['property']}", one.get("value"))}
            for one in given
        ]


async def watch(address: str, asks: Asks, viewers: int, seconds: float, server: int) -> Measured:
    people = [Viewer(address) for _ in range(viewers)]
    for one in people:
        await one.sign_in()
    # The first answers are large, for every viewer at once: that is opening the board, not watching it.
    for one in people:
        await one.look(asks, Measured())
    measured = Measured()
    before, own_before, began = cpu_seconds(server), own_cpu_seconds(), time.monotonic()

    async def watches(one: Viewer, place: int) -> None:
        due = began + POLL_SECONDS * place / viewers
        while due < began + seconds:
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            await one.look(asks, measured)
            due += POLL_SECONDS

    await asyncio.gather(*(watches(one, place) for place, one in enumerate(people)))
    await asyncio.sleep(max(0.0, began + seconds - time.monotonic()))
    minutes = (time.monotonic() - began) / 60
    measured.server_cpu = (cpu_seconds(server) - before) / minutes
    measured.viewers_cpu = (own_cpu_seconds() - own_before) / minutes
    for one in people:
        await one.client.aclose()
    return measured


def cpu_seconds(pid: int) -> float:
    """Processor time of a process and all below it, since they began."""
    total = 0
    for one in (pid, *descendants(pid)):
        fields = Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS_A_SECOND


def own_cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def measure(checkout: Path, folder: Path, viewers: int, seconds: float) -> Measured:
    """A round of one version; what the server needs when nobody watches is taken off."""
    with running(checkout, folder, FILLING_SPEED):
        time.sleep(FILLING_SECONDS)
    with running(checkout, folder, WATCHED_SPEED) as (address, pid):
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            asks = asks_of(browser, address)
            browser.close()
        nobody = asyncio.run(watch(address, asks, 0, seconds, pid))
        measured = asyncio.run(watch(address, asks, viewers, seconds, pid))
    measured.server_cpu -= nobody.server_cpu
    return measured


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--viewers", type=int, default=150)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("checkouts", nargs="*", type=Path, default=[Path(__file__).parents[2]])
    asked = parser.parse_args()
    rounds: dict[Path, list[Measured]] = {one: [] for one in asked.checkouts}
    for number in range(asked.rounds):
        for checkout in asked.checkouts:
            with tempfile.TemporaryDirectory() as folder:
                measured = measure(checkout.resolve(), Path(folder), asked.viewers, asked.seconds)
                rounds[checkout].append(measured)
                print(f"{checkout.name}, round {number + 1}: {measured.line()}", flush=True)
    first = _median(rounds[asked.checkouts[0]])
    for checkout, found in rounds.items():
        median = _median(found)
        print(f"{checkout.name}: server {median:.1f} s a minute for the viewers, ratio {median / first:.2f}")


def _median(rounds: list[Measured]) -> float:
    return statistics.median(one.server_cpu for one in rounds)


if __name__ == "__main__":
    main()
