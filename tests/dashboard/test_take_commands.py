"""`grapevine export` and `grapevine report`, with a server and without."""

import zipfile
from functools import partial

import pytest

from dashboard.commands.data_folder import open_store
from models.clock import SystemClock
from tests.builders import a_post
from tests.dashboard.test_commands import run_in
from tests.dashboard.world import judge, opened


@pytest.fixture
def grapevine(tmp_path):
    """Runs the command beside a database with one rumour."""
    store = open_store(tmp_path / "data", SystemClock())
    judge(store, opened(store), [a_post("The dam has burst, says @dam_watch"), a_post("No")])
    store.close()
    return partial(run_in, tmp_path)


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
            "Choose what to take",
        ),
        (("export", "Northgate flood", "--out", "out.zip", "--reason", "x", "--as-of", "noon"), "Write the moment"),
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
