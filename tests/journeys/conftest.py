"""A real browser on a real server. Any Chromium serves: Playwright's own, else the system's."""

import os
import shutil
import signal
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import missing
from tests.journeys.server import Server
from tests.journeys.steps import DUTY_OFFICER, signing_in
from tests.waiting import PATIENCE_SECONDS

expect.set_options(timeout=60_000)


@pytest.fixture(scope="session")
def chromium(playwright) -> str:
    own = playwright.chromium.executable_path
    found = own if Path(own).exists() else shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        missing("no Chromium: `playwright install chromium` or your system's package `chromium` brings one")
    return found


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, chromium):
    # Chromium's sandbox cannot be had by root, as whom containers run.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": chromium, "args": sandbox}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "en-GB", "timezone_id": "Europe/London", "color_scheme": "dark"}


@pytest.fixture(scope="module")
def serve(tmp_path_factory) -> Iterator[Callable[..., Server]]:
    """Starts a Grapevine with the arguments given; each is stopped at the end."""
    started: list[Server] = []

    def start(*arguments: str) -> Server:
        server = Server(tmp_path_factory.mktemp("server"), *arguments).start()
        started.append(server)
        return server

    yield start
    for server in started:
        if server.stop() not in (0, -signal.SIGKILL):
            # The tests had what they asked of it; how it ended is for test_stopping, and must not go unread here.
            warnings.warn(f"a server did not end in order:\n{server.said()[-4_000:]}", stacklevel=1)


@pytest.fixture
def context(context):
    context.set_default_timeout(PATIENCE_SECONDS * 1_000)
    return context


@pytest.fixture
def page(page: Page, request: pytest.FixtureRequest) -> Page:
    """Signs in on its way as the duty officer of a replay, or as whom the marker `role` names."""
    marker = request.node.get_closest_marker("role")
    return signing_in(page, marker.args[0] if marker else DUTY_OFFICER)


@pytest.fixture
def complaints(page) -> list[str]:
    """What the browser's console complains of on this page: errors and refused content."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard
