"""Ctrl-C on a running Grapevine: it ends in time whatever it is at, in order, and leaves nothing behind."""

import os
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path

from dashboard.commands import serving
from ingest.running import schedule
from models.judgement import child_process
from models.store.duckdb import engine
from tests.journeys.server import Server, free_port, is_alive
from tests.waiting import PATIENCE_SECONDS, until

A_DATABASE_THAT_NEVER_CLOSES = """
import sys, threading
from dashboard import commands
from dashboard.commands import serving
from models.store.duckdb.store import DuckDBStore
serving.STOPPING_SECONDS = 1
DuckDBStore.close = lambda self: threading.Event().wait()
sys.argv = ["grapevine", "demo", "--no-browser", "--port", sys.argv[1]]
commands.main()
"""


def test_the_times_that_a_stop_grants_stay_within_five_seconds():
    database = engine.INTERRUPTIONS * engine.INTERRUPTED_SECONDS
    assert serving.ANSWERING_SECONDS + child_process.ENDING_SECONDS + schedule.LEAVING_SECONDS + database < 5


def test_a_demo_that_is_judging_ends_in_order_at_ctrl_c(tmp_path: Path):
    server = Server(tmp_path, "demo", "--speed", "3600").start()
    until(lambda: server.health()["posts_judged"], "the first posts to be judged")
    processes = server.processes()
    health = server.health()
    assert health["posts_judged"] < health["posts_read"], "there was nothing left to judge: raise the speed"
    assert server.stop() == 0
    until(lambda: not any(map(is_alive, processes)), "every process to be gone")
    assert says_what_is_saved(server)


def test_pages_that_keep_asking_do_not_disturb_the_end(tmp_path: Path):
    server = Server(tmp_path, "demo", "--speed", "60").start()
    with ThreadPoolExecutor(8) as pages:
        asking = [pages.submit(_ask_until_it_ends, server) for _ in range(8)]
        until(lambda: server.health()["posts_read"], "the first posts")
        assert server.stop() == 0
        assert all(asked.result() for asked in asking), "a page got no answer while the server ran"
    assert says_what_is_saved(server)


def test_what_never_closes_is_left_and_the_process_ends_saying_what_each_thread_was_at(tmp_path: Path):
    process = subprocess.Popen(
        [sys.executable, "-c", A_DATABASE_THAT_NEVER_CLOSES, str(free_port())],
        env={**os.environ, "GRAPEVINE_DATA_DIR": str(tmp_path / "data")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert any("The board is at" in line for line in process.stdout)
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 1, said
    assert "Everything acknowledged is saved" in said
    assert "most recent call first" in said


def says_what_is_saved(server: Server) -> bool:
    """Whether the last lines are that all is saved and what became of what was read, and nothing follows."""
    *_, saved, account = server.said().splitlines()
    return saved == "Stopping. Everything acknowledged is saved." and re.match(r"[\d,]+ read: ", account) is not None


def _ask_until_it_ends(server: Server) -> int:
    answers = 0
    with suppress(OSError, HTTPException):
        while server.health():
            answers += 1
    return answers
