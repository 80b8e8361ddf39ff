"""The `grapevine` command: what it prints, writes and exits with."""

import gzip
import json
import os
import re
import socket
import subprocess
import sys
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path

import pytest

from dashboard.commands.replay import folder_name
from ingest.exercise.simulation import write_exercise
from models.clock import SystemClock
from models.domain.reading import Reading
from models.judgement.cpu import fastest_precision
from models.store.duckdb.store import DuckDBStore
from models.store.messages import Arrival
from tests.builders import NOON
from tests.waiting import PATIENCE_SECONDS

GRAPEVINE = Path(sys.executable).with_name("grapevine")
# Enough of a file for rumours to come on the board.
POSTS = 400


def run_in(folder: Path, *arguments: object, **environment: str) -> subprocess.CompletedProcess:
    """Run the command in a folder, with a data directory of its own there."""
    return subprocess.run(
        [GRAPEVINE, *map(str, arguments)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        # Only so that a command that hangs fails its test.
        timeout=10 * PATIENCE_SECONDS,
        env={**os.environ, "GRAPEVINE_DATA_DIR": str(folder / "data"), **environment},
    )


@pytest.fixture
def grapevine(tmp_path):
    """Runs the command in a folder and a data directory of its own."""
    return partial(run_in, tmp_path)


@pytest.fixture(scope="module")
def judge_folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("judge")


@pytest.fixture(scope="module")
def records(judge_folder) -> list[dict]:
    whole = judge_folder / "whole.jsonl"
    write_exercise(whole, seed=1, start=NOON, hours=1)
    records = [json.loads(line) for line in whole.read_text().splitlines()[:POSTS]]
    whole.unlink()
    return records


@pytest.fixture(scope="module")
def judged(judge_folder, records) -> subprocess.CompletedProcess:
    """What `judge` did with the beginning of the exercise and two lines that are no posts. Run once for all tests."""
    lines = [*map(json.dumps, records), '{"text": "no id"}', "not json"]
    (judge_folder / "exercise.jsonl").write_text("".join(f"{line}\n" for line in lines))
    (judge_folder / "tmp").mkdir()
    temporary = str(judge_folder / "tmp")
    ran = run_in(judge_folder, "judge", "exercise.jsonl", "--out", "out.jsonl", TMPDIR=temporary)
    assert ran.returncode == 0, ran.stderr
    return ran


def test_judge_leaves_nothing_behind_but_its_output(judged, judge_folder):
    assert sorted(path.name for path in judge_folder.iterdir()) == ["exercise.jsonl", "out.jsonl", "tmp"]
    assert list((judge_folder / "tmp").iterdir()) == []


def test_judge_writes_a_line_for_every_accepted_post_in_file_order(judged, judge_folder, records):
    lines = [json.loads(line) for line in (judge_folder / "out.jsonl").read_text().splitlines()]
    assert [line["id"] for line in lines] == [record["id"] for record in records]
    assert list(lines[0]) == [
        "id",
        "incident",
        "flow",
        "rumour_first",
        "rumour",
        "rumour_title",
        "rumour_likelihood",
        "stance",
        "stance_probabilities",
        "on_board_at",
    ]
    assert {line["incident"] for line in lines} == {"EXERCISE Northgate flood"}
    assert any(line["on_board_at"] for line in lines)
    languages, account, letters = judged.stderr.splitlines()[-3:]
    assert re.fullmatch(r"Languages detected where none is stated: English \d+.*", languages)
    assert account == f"{len(records) + 2:,} read: {len(records):,} kept, 2 dead letters."
    assert letters == "Dead letters: 2 (no id: 1; not JSON: 1)"


def test_judge_gives_the_same_bytes_again_without_the_gold_labels(judged, judge_folder, records, tmp_path):
    stripped = [{name: value for name, value in record.items() if name != "gold"} for record in records]
    assert stripped != records
    (tmp_path / "stripped.jsonl").write_text("".join(f"{json.dumps(record)}\n" for record in stripped))
    assert run_in(tmp_path, "judge", "stripped.jsonl", "--out", "again.jsonl").returncode == 0
    assert (tmp_path / "again.jsonl").read_bytes() == (judge_folder / "out.jsonl").read_bytes()


def test_judge_reads_real_posts(grapevine, shared_data, tmp_path):
    with gzip.open(shared_data / "rumoureval2019_dev.jsonl.gz", "rt", encoding="utf-8") as whole:
        (tmp_path / "real.jsonl").write_text("".join(islice(whole, POSTS)))
    ran = grapevine("judge", "real.jsonl", "--out", "out.jsonl")
    assert ran.returncode == 0, ran.stderr
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert len(lines) == POSTS
    assert all(abs(sum(line["stance_probabilities"].values()) - 1) < 0.001 for line in lines)


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ("[server]\nprot = 1", 'Did you mean "port"?'),
        ("[server]\nport = 'x'", "port should be integer"),
        ("[sources.archiv]\nfiles = ['x']", 'Did you mean "archive"?'),
        ("[sources.archive]\nfiles = ['absent.jsonl']", "absent.jsonl: no such file."),
    ],
)
def test_bad_configuration_is_one_line_and_exit_2(grapevine, tmp_path, config, says):
    (tmp_path / "config.toml").write_text(config)
    ran = grapevine("run", "--no-browser")
    assert ran.returncode == 2
    assert says in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def test_a_second_run_is_told_who_owns_the_database(grapevine, tmp_path):
    owner = DuckDBStore(tmp_path / "data", SystemClock())
    ran = grapevine("run", "--no-browser")
    owner.close()
    assert ran.returncode == 2
    assert "is using this database" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_port_that_is_taken_is_told(grapevine):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = grapevine("run", "--no-browser", "--port", port)
    assert ran.returncode == 2
    assert f"Port {port} is in use" in ran.stderr.splitlines()[-1]
    assert "Traceback" not in ran.stderr


def test_a_data_folder_that_is_none_is_told_in_one_line(grapevine, tmp_path):
    (tmp_path / "file").write_text("")
    for arguments in (["run", "--no-browser"], ["demo", "--no-browser"], ["doctor"]):
        ran = grapevine(*arguments, GRAPEVINE_DATA_DIR=str(tmp_path / "file"))
        assert ran.returncode == 1, arguments
        assert "Traceback" not in ran.stderr
        assert str(tmp_path / "file") in ran.stderr + ran.stdout


def test_files_of_the_same_name_are_replayed_into_databases_of_their_own(tmp_path):
    names = {
        folder_name(tmp_path / name, collection)
        for name in ("x/posts.jsonl", "y/posts.jsonl")
        for collection in (None, "a/b", "a_b", "../../b")
    }
    assert len(names) == 8
    assert not any("/" in name or ".." in name for name in names)


@pytest.mark.parametrize("subcommand", ["judge", "replay"])
def test_a_file_that_is_not_there_is_told(grapevine, tmp_path, subcommand):
    more = ["--out", tmp_path / "out"] if subcommand == "judge" else []
    ran = grapevine(subcommand, tmp_path / "absent.jsonl", *more)
    assert ran.returncode == 2
    assert ran.stderr == f"grapevine: {tmp_path / 'absent.jsonl'}: no such file.\n"


def test_doctor_tells_where_data_lies_and_what_is_wrong(grapevine, tmp_path):
    well = grapevine("doctor")
    assert well.returncode == 0
    assert str(tmp_path / "data") in well.stdout
    (tmp_path / "config.toml").write_text("[sources.blusky]\n")
    ill = grapevine("doctor")
    assert ill.returncode == 1
    assert "no such source" in ill.stdout


def test_doctor_tells_of_an_account_that_does_not_add_up(grapevine, tmp_path):
    store = DuckDBStore(tmp_path / "data", SystemClock())
    store.posts.add(Arrival(reading=Reading("feeds", 3))).result()
    store.close()
    ill = grapevine("doctor")
    assert ill.returncode == 1
    assert "3 items were read from feeds, but 0 are accounted for." in ill.stdout


def test_doctor_tells_in_which_precision_stances_are_read_here(grapevine):
    pytest.importorskip("torch")
    assert f"Stances are read in {fastest_precision()}: torch finds" in grapevine("doctor").stdout
    # As on a CPU that has nothing newer.
    held_back = grapevine("doctor", ATEN_CPU_CAPABILITY="avx2")
    assert "Stances are read in float32: torch finds no AMX" in held_back.stdout


def test_doctor_tells_in_one_line_of_a_torch_that_cannot_be_loaded(grapevine, tmp_path):
    (tmp_path / "torch").mkdir()
    (tmp_path / "torch" / "__init__.py").write_text("raise OSError('libgomp.so.1: no such file')")
    ran = grapevine("doctor", PYTHONPATH=f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}")
    assert ran.returncode == 1
    assert "Fault: torch cannot be loaded (libgomp.so.1: no such file)." in ran.stdout
    assert "Traceback" not in ran.stderr


def test_help_teaches(grapevine):
    told = grapevine("--help").stdout
    for word in ("demo", "run", "replay", "judge", "doctor", "EXERCISE"):
        assert word in told


def test_incidents_are_opened_changed_closed_and_listed(grapevine):
    opened = grapevine("incident", "open", "Northgate flood", "--watch", "dam", "--by", "A. Officer")
    assert "is open; posts reach it by the terms dam" in opened.stderr
    assert grapevine("incident", "change", "Northgate flood", "--source", "webhook").returncode == 0
    assert "is closed" in grapevine("incident", "close", "Northgate flood").stderr
    (told,) = json.loads(grapevine("incident", "list", "--json").stdout)
    assert (told["terms"], told["sources"], told["closed_at"] is not None) == (["dam"], ["webhook"], True)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("open", "x", "--watch", "the"), "would match nearly every post"),
        (("close", "nope"), "No incident is called “nope”"),
        (("open", "x", "--retention", "for ever"), "routine"),
    ],
)
def test_an_incident_that_cannot_be_is_refused_in_one_line(grapevine, arguments, says):
    ended = grapevine("incident", *arguments)
    assert ended.returncode == 2
    assert says in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_a_command_trusts_no_address_that_a_crashed_server_left_behind(grapevine, tmp_path):
    asked = []

    class Stranger(BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append(self.headers["Authorization"])

    stranger = ThreadingHTTPServer(("127.0.0.1", 0), Stranger)
    threading.Thread(target=stranger.serve_forever, daemon=True).start()
    owner = {"pid": 1, "address": f"http://127.0.0.1:{stranger.server_port}/", "token": "secret"}
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "owner.json").write_text(json.dumps(owner))
    ended = grapevine("incident", "open", "Northgate flood", "--watch", "dam")
    stranger.shutdown()
    assert (ended.returncode, asked) == (0, [])
    assert (tmp_path / "data" / "grapevine.duckdb").stat().st_mode & 0o077 == 0
