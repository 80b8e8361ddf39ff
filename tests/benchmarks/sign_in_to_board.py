"""How long it takes from pressing "Sign in" to a board that can be used, for a local person with a password.

    python tests/benchmarks/sign_in_to_board.py [RUMOURS [TIMES]]

A Grapevine with RUMOURS (300) of ten posts each runs in a process of its own. TIMES (10) a new browser that knows
nothing of it opens its page, and somebody signs in. The board is usable once rows stand in it and one is chosen.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from playwright.sync_api import Browser, Page, sync_playwright

from dashboard.words import sign_in as words
from models.clock import SystemClock
from models.store.duckdb.store import DuckDBStore
from tests.builders import a_post
from tests.dashboard.world import judge, opened
from tests.journeys.server import PASSWORD, Server
from tests.waiting import PATIENCE_SECONDS

RUMOURS, TIMES, POSTS_A_RUMOUR = 300, 10, 10
ROLE = "duty"


def a_night(folder: Path, rumours: int) -> None:
    """An incident with so many rumours on its board, in a data folder."""
    store = DuckDBStore(folder, SystemClock())
    try:
        incident = opened(store)
        for number in range(rumours):
            posts = [
                a_post(f"House {number} has burst, says neighbour {one}", id=f"{number}:{one}", minute=number % 50)
                for one in range(POSTS_A_RUMOUR)
            ]
            judge(store, incident, posts, rumour=f"rumour-{number}")
    finally:
        store.close()


def seconds_to_board(browser: Browser, server: Server) -> float:
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    context.set_default_timeout(PATIENCE_SECONDS * 1000)
    page = context.new_page()
    page.goto(server.address)
    page.get_by_label(words.SIGN_IN_NAME, exact=True).fill(ROLE)
    page.get_by_label(words.PASSWORD, exact=True).fill(PASSWORD)
    began = time.perf_counter()
    page.get_by_role("button", name=words.SIGN_IN, exact=True).click()
    choose_a_rumour(page)
    taken = time.perf_counter() - began
    context.close()
    return taken


def choose_a_rumour(page: Page) -> None:
    page.locator(".ag-row").first.click()
    page.locator("#detail-head h2").first.wait_for()


def main() -> None:
    rumours = int(sys.argv[1]) if len(sys.argv) > 1 else RUMOURS
    times = int(sys.argv[2]) if len(sys.argv) > 2 else TIMES
    with tempfile.TemporaryDirectory() as folder:
        a_night(Path(folder) / "data", rumours)
        server = Server(Path(folder), "run").start()
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
                server.sign_in(browser.new_context(), ROLE)
                took = [seconds_to_board(browser, server) for _ in range(times)]
        finally:
            server.stop()
    print(f"{rumours} rumours, {times} sign-ins: median {statistics.median(took):.2f} s, longest {max(took):.2f} s")


if __name__ == "__main__":
    main()
