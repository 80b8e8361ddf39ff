"""Ctrl-C on a running Grapevine: it ends in time whatever it is at, in order, and leaves nothing behind."""

from pathlib import Path

from dashboard.commands import serving
from ingest.running import schedule
from models.judgement import child_process
from models.store.duckdb import engine
from tests.journeys.server import Server, is_alive
from tests.waiting import until


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
    *_, last_line = server.said().splitlines()
    assert last_line == "Stopping. Everything acknowledged is saved."
