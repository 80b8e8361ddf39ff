"""`judge` and `replay` with a table: what a person says about its columns and zone, and what they are told."""

import json
from contextlib import closing

import pytest

from dashboard.commands.data_folder import open_store
from dashboard.commands.options import archive_from
from dashboard.commands.remembered import columns_and_zone
from dashboard.commands.replay import folder_name
from ingest.sources.archive import Archive
from models.clock import SystemClock
from models.config import Settings
from models.domain.imports import TableReading
from tests.builders import an_import, an_incident
from tests.dashboard.test_commands import run_in

TABLE = """Report;Floods

Nr;Wann;Wer;Wording
1;20/07/2026 09:00;ann;The dam above Northgate has burst, they say
2;20/07/2026 09:01;bob;Is it true that the dam has burst?
"""
NAMED = ["--columns", "id=Nr", "--columns", "created_at=Wann", "--columns", "author=Wer", "--columns", "text=wording"]


def test_judge_reads_a_table_as_a_person_says_and_tells_what_it_found(tmp_path):
    (tmp_path / "posts.csv").write_text(TABLE)
    ran = run_in(tmp_path, "judge", "posts.csv", *NAMED, "--zone", "Europe/Paris", "--out", "out.jsonl")
    assert ran.returncode == 0, ran.stderr
    ids = [json.loads(line)["id"].rpartition(":")[2] for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert ids == ["1", "2"]
    told = ran.stderr.splitlines()
    for line in (
        "posts.csv: separated by semicolons",
        "posts.csv: lines above the header, not read: 1",
        "posts.csv: dates are read with the day first (20/11/2026)",
        "posts.csv: times without a zone are read as Europe/Paris (--zone)",
    ):
        assert line in told


def test_columns_that_cannot_be_told_end_judge_with_the_way_out(tmp_path):
    (tmp_path / "posts.csv").write_text("Nr,Wording\n1,The dam has burst\n")
    ran = run_in(tmp_path, "judge", "posts.csv", "--out", "out.jsonl")
    assert ran.returncode != 0
    assert "Name them, such as --columns id=Number" in ran.stderr
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize("command", [["judge", "--out", "out.jsonl"], ["replay", "--no-browser"]])
@pytest.mark.parametrize(
    ("option", "says"),
    [
        (["--columns", "text"], "--columns: write FIELD=COLUMN"),
        (["--columns", "texts=Body"], 'Did you mean "text"?'),
        (["--zone", "Europe/Londn"], 'Did you mean "Europe/London"?'),
    ],
)
def test_options_that_cannot_be_followed_say_why_in_one_line(tmp_path, command, option, says):
    (tmp_path / "posts.csv").write_text("id,text\n1,x\n")
    name, *more = command
    ran = run_in(tmp_path, name, "posts.csv", *more, *option)
    assert (ran.returncode != 0, ran.stderr.count("\n")) == (True, 1)
    assert says in ran.stderr


def test_a_file_that_is_read_another_way_is_replayed_into_a_database_of_its_own(tmp_path):
    file = tmp_path / "posts.csv"
    file.write_text("id,text\n1,x\n")

    def folder(columns=None, zone="Europe/London") -> str:
        return folder_name(file, None, archive_from(file, None, columns, zone).read_as)

    assert folder() == folder_name(file, None)
    assert len({folder(), folder(zone="UTC"), folder(["text=id"]), folder(["author=id"])}) == 4


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setenv("GRAPEVINE_DATA_DIR", str(tmp_path / "data"))
    return Settings()


def confirm(folder, table, columns, zone="Europe/Paris"):
    """Read a table on the screen, with a mapping."""
    with closing(open_store(folder, SystemClock())) as store:
        incident = store.incidents.open(an_incident()).result()
        (folder / "day1.csv").write_text(table)
        archive = Archive([folder / "day1.csv"], columns=columns)
        next(archive.batches(None))
        mapping = TableReading(columns, zone)
        store.imports.begin(an_import(incident.id, table=mapping, shape=archive.tables[0].shape)).result()


def test_a_table_is_read_as_somebody_confirmed_it_on_the_screen_and_the_terminal_says_so(tmp_path, settings, capsys):
    file = tmp_path / "day2.csv"
    file.write_text(TABLE)
    assert columns_and_zone(file, None, "Europe/London", settings) == (None, "Europe/London")
    confirm(tmp_path / "data", TABLE, {"text": "Wording", "id": "Nr"})
    said = ["text=Wording", "id=Nr"]
    assert columns_and_zone(file, None, "Europe/London", settings) == (said, "Europe/Paris")
    assert "day2.csv: columns and zone as J. Officer (duty officer, asserted) confirmed" in capsys.readouterr().err
    assert [archive_from(file, None, said, "Europe/Paris").read_as] == ["id=Nr\ntext=Wording\nEurope/Paris"]


def test_what_is_said_on_the_command_line_goes_first_and_another_header_is_another_table(tmp_path, settings):
    confirm(tmp_path / "data", TABLE, {"text": "Wording"})
    file = tmp_path / "day2.csv"
    file.write_text(TABLE)
    assert columns_and_zone(file, ["text=Wer"], "Europe/London", settings) == (["text=Wer"], "Europe/London")
    assert columns_and_zone(file, None, "UTC", settings) == (None, "UTC")
    file.write_text("Nr;Wann;Wording;Wer\n1;x;y;z\n")
    assert columns_and_zone(file, None, "Europe/London", settings) == (None, "Europe/London")
