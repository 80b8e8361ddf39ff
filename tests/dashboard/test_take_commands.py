"""`grapevine export` and `grapevine report`, with a server and without."""

import threading
import zipfile
from functools import partial

import pytest
from waitress.server import create_server

from dashboard.commands.data_folder import open_store, write_owner
from dashboard.http import command_api
from models.clock import SystemClock
from tests.builders import a_post
from tests.dashboard.test_commands import run_in
from tests.dashboard.world import an_app, judge, opened


@pytest.fixture
def grapevine(tmp_path):
    """Runs the command beside a database with one rumour."""
    store = open_store(tmp_path / "data", SystemClock())
    judge(store, opened(store), [a_post("The dam has burst, says @dam_watch"), a_post("No")])
    store.close()
    return partial(run_in, tmp_path)


@pytest.fixture
def served(tmp_path):
    """Runs the command beside a server that owns the database; with what the server's record says."""
    clock, folder = SystemClock(), tmp_path / "data"
    store = open_store(folder, clock)
    incident = opened(store)
    judge(store, incident, [a_post("The dam has burst, says @dam_watch"), a_post("No")])
    app = an_app(store)
    command_api.register(app, store, clock, "token")
    server = create_server(app.server, host="127.0.0.1", port=0)
    threading.Thread(target=server.run, daemon=True).start()
    write_owner(folder, f"http://127.0.0.1:{server.effective_port}/", "token")
    yield partial(run_in, tmp_path), lambda: [one.what for one in store.consultations.of(incident.id)]
    server.close()
    store.close()


def recorded(tmp_path) -> list:
    store = open_store(tmp_path / "data", SystemClock())
    try:
        return [
            (one.what, one.officer.role, one.reason) for one in store.consultations.of(store.incidents.all()[0].id)
        ]
    finally:
        store.close()


def test_an_export_is_written_and_recorded(grapevine, tmp_path):
    ran = grapevine("export", "Northgate flood", "--out", "out.zip", "--reason", "debrief", "--role", "analyst")
    assert ran.returncode == 0, ran.stderr
    archive = zipfile.ZipFile(tmp_path / "out.zip")
    assert archive.read("posts.csv").count(b"\r\n") == 3
    assert b"dam_watch" not in archive.read("posts.csv")
    assert (tmp_path / "out.zip").stat().st_mode & 0o777 == 0o600
    assert recorded(tmp_path) == [("csv", "analyst", "debrief")]


@pytest.mark.parametrize(("name", "begins"), [("out.html", b"<!DOCTYPE html>"), ("out.pdf", b"%PDF-")])
def test_a_report_is_written_by_its_ending(grapevine, tmp_path, name, begins):
    ran = grapevine("report", "Northgate flood", "--out", name, "--reason", "debrief")
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / name).read_bytes().startswith(begins)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("export", "Southgate", "--out", "out.zip", "--reason", "x"), "No incident is called"),
        (("export", "Northgate flood", "--out", "out.zip"), "Enter a reason"),
        (
            ("export", "Northgate flood", "--out", "out.zip", "--reason", "x", "--format", "exe"),
            "Choose csv, parquet",
        ),
        (("export", "Northgate flood", "--out", "out.zip", "--reason", "x", "--as-of", "noon"), "Write the moment"),
        (
            ("export", "Northgate flood", "--out", "out.zip", "--reason", "x", "--as-of", "0001-01-01"),
            "Write the moment",
        ),
        (("export", "Northgate flood", "--out", "out.zip", "--reason", "x", "--role", "duty"), "cannot do this"),
        (("export", "Northgate flood", "--out", "no/out.zip", "--reason", "x"), "this folder does not exist"),
        (("report", "Northgate flood", "--out", "out.doc", "--reason", "x"), "is .html or .pdf"),
    ],
)
def test_what_cannot_be_taken_is_one_line_and_leaves_no_file(grapevine, tmp_path, arguments, said):
    ran = grapevine(*arguments)
    assert ran.returncode == 2
    assert said in ran.stderr
    assert len(ran.stderr.strip().splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir() if path.name not in ("data", "store")] == []
    assert recorded(tmp_path) == []


def test_a_server_that_owns_the_database_is_asked(served, tmp_path):
    grapevine, record = served
    for arguments in (
        ("export", "Northgate flood", "--out", "out.zip", "--reason", "debrief"),
        ("report", "Northgate flood", "--out", "out.html", "--reason", "debrief"),
        ("labels", "Northgate flood", "--out", "out.jsonl"),
    ):
        ran = grapevine(*arguments)
        assert ran.returncode == 0, ran.stderr
    assert zipfile.ZipFile(tmp_path / "out.zip").read("posts.csv").count(b"\r\n") == 3
    assert (tmp_path / "out.html").read_bytes().endswith(b"</html>")
    assert (tmp_path / "out.jsonl").read_bytes() == b""
    assert record() == ["labels of the coding desk", "report, html", "csv"]


def test_what_a_server_refuses_is_one_line_and_leaves_no_file(served, tmp_path):
    grapevine, record = served
    for command, out in (("export", "out.zip"), ("report", "out.html")):
        ran = grapevine(command, "Northgate flood", "--out", out, "--reason", "")
        assert (ran.returncode, len(ran.stderr.strip().splitlines())) == (2, 1)
        assert "Enter a reason" in ran.stderr
        assert not (tmp_path / out).exists()
    assert record() == []
