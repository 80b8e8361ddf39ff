"""Files on their way in: piece by piece, within a limit, and gone when nobody needs them any more."""

import shutil
from hashlib import sha256

import pytest

from ingest.running import uploads as uploads_module
from ingest.running.uploads import MOST_WAITING, Uploads, stored_name
from models.domain.acts import Officer
from models.errors import Refused
from tests.builders import OFFICER

TEXT = b"id,text\n1,the dam has burst\n"
SIZE = len(TEXT)


@pytest.fixture
def uploads(tmp_path):
    return Uploads(tmp_path / "uploads", 1_000)


def begin(uploads, size=SIZE, name="posts.csv", incident="flood", officer=OFFICER):
    return uploads.begin(name, size, incident, officer)


def test_pieces_in_order_make_the_file_and_one_sent_twice_changes_nothing(uploads):
    upload = begin(uploads)
    assert uploads.receive(upload, 0, TEXT[:10]) == 10
    assert uploads.receive(upload, 0, TEXT[:10]) == 10
    assert uploads.receive(upload, 10, TEXT[10:]) == len(TEXT)
    whole = uploads.whole(upload)
    assert whole.path.read_bytes() == TEXT
    assert whole.digest == sha256(TEXT).hexdigest()
    assert whole.path.parent.stat().st_mode & 0o077 == 0


def test_what_a_piece_left_behind_that_did_not_arrive_whole_is_written_over(uploads):
    upload = begin(uploads)
    uploads.receive(upload, 0, TEXT[:10])
    with uploads._one(upload).path.open("ab") as file:
        file.write(b"half of a piece")
    uploads.receive(upload, 10, TEXT[10:])
    assert uploads.whole(upload).path.read_bytes() == TEXT


@pytest.mark.parametrize(("at", "piece"), [(5, TEXT[5:]), (0, TEXT + b"more"), (-3, TEXT)])
def test_a_piece_that_does_not_fit_is_refused(uploads, at, piece):
    with pytest.raises(Refused, match="in disorder"):
        uploads.receive(begin(uploads), at, piece)


def test_a_file_that_has_not_arrived_whole_cannot_be_read(uploads):
    upload = begin(uploads)
    uploads.receive(upload, 0, TEXT[:10])
    with pytest.raises(Refused, match="not arrived whole"):
        uploads.whole(upload)


@pytest.mark.parametrize(
    ("size", "name", "why"),
    [
        (1_001, "posts.csv", "at most 0 MB may be imported"),
        (0, "posts.csv", "is empty"),
        (10, "posts.docx", "cannot be read as posts. Known endings: .jsonl"),
        (10, "../..", "cannot be read as posts"),
    ],
)
def test_what_cannot_be_imported_is_refused_before_it_is_sent(uploads, size, name, why):
    with pytest.raises(Refused, match=why):
        begin(uploads, size, name)


def test_a_disk_that_is_nearly_full_takes_no_file(uploads, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(1, 1, 1_000))
    with pytest.raises(Refused, match="not enough room"):
        begin(uploads)


def test_another_file_of_the_same_officer_takes_the_place_of_the_one_before(uploads):
    first, second = begin(uploads), begin(uploads)
    with pytest.raises(Refused, match="no longer here"):
        uploads.receive(first, 0, TEXT)
    assert uploads.receive(second, 0, TEXT) == len(TEXT)


def test_many_files_at_once_are_refused_until_one_has_been_idle_for_long(uploads, monkeypatch):
    for number in range(MOST_WAITING):
        begin(uploads, officer=Officer(f"officer {number}", "analyst"))
    with pytest.raises(Refused, match="Too many files"):
        begin(uploads)
    monkeypatch.setattr(uploads_module, "LONGEST_WAIT_SECONDS", -1.0)
    assert begin(uploads)


def test_a_file_that_is_dropped_is_gone_and_all_are_at_the_next_start(uploads, tmp_path):
    upload, other = begin(uploads), begin(uploads, incident="fire")
    uploads.receive(other, 0, TEXT)
    uploads.drop(upload)
    uploads.drop(upload)
    assert len(list((tmp_path / "uploads").iterdir())) == 1
    Uploads(tmp_path / "uploads", 1_000)
    assert not (tmp_path / "uploads").exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("/etc/passwd", "passwd"),
        ("...hidden.csv", "hidden.csv"),
        ("Bericht März.CSV", "Bericht März.CSV"),
        ("a" * 500 + ".jsonl.gz", "a" * 141 + ".jsonl.gz"),
        ("é" * 500 + ".csv", "é" * 73 + ".csv"),
        ("2026.11.20 all that was said of the dam in Northgate, by day.csv",) * 2,
    ],
)
def test_a_name_is_kept_without_its_folder_and_short_enough(given, kept):
    assert stored_name(given) == kept
