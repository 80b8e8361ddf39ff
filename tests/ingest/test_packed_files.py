"""Packed files: members in order, bombs stopped, damage reported, and nothing written to disk."""

import gzip
import tarfile

import pytest

from ingest.formats import containers
from ingest.sources.archive import Archive
from models.errors import InputError
from tests.ingest.archives import a_tar, a_zip, items_of

# --- Packed files ---


@pytest.mark.parametrize(
    "make", [lambda path, files: a_zip(path / "p.zip", files), lambda path, files: a_tar(path / "p.tgz", files)]
)
def test_members_are_read_in_order_packed_again_or_not_and_nothing_is_written(tmp_path, make):
    files = {
        "../../evil.jsonl": b'{"id": "a:1"}\n{"id": "a:2"}\n',
        "__MACOSX/b.jsonl": b"junk",
        "a/._b.jsonl": b"junk",
        "readme.txt": b"no posts",
        "b.jsonl.gz": gzip.compress(b'{"id": "a:3"}\n'),
        "c.csv": b"id,text\na:4,x\n",
    }
    path = make(tmp_path, files)
    items = items_of(Archive([path]))
    assert [(item.record["id"], item.position) for item in items] == [
        ("a:1", "0:1"),
        ("a:2", "0:2"),
        ("a:3", "0:1/1"),
        ("a:4", "0:2/1"),
    ]
    assert items_of(Archive([path]), items[1].position) == items[2:]
    assert [found.name for found in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("name", ["P.ZIP", "P.TGZ", "P.TAR.GZ"])
def test_names_in_capitals_are_packed_files_too(tmp_path, name):
    files = {"A.JSONL.GZ": gzip.compress(b'{"id": "a:1"}\n'), "B.CSV": b"id,text\na:2,x\n"}
    path = (a_zip if name == "P.ZIP" else a_tar)(tmp_path / name, files)
    assert [item.record["id"] for item in items_of(Archive([path]))] == ["a:1", "a:2"]


def test_a_table_that_is_packed_alone_may_have_a_name_in_capitals(tmp_path):
    (tmp_path / "POSTS.CSV.GZ").write_bytes(gzip.compress(b"id,text\na:1,x\n"))
    assert [item.record["id"] for item in items_of(Archive([tmp_path / "POSTS.CSV.GZ"]))] == ["a:1"]


def test_a_bomb_is_stopped_and_the_next_member_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(containers, "ALWAYS_ALLOWED_BYTES", 100_000)
    files = {"bomb.jsonl": b"\n" * 3_000_000, "good.jsonl": b'{"id": "a:1"}\n'}
    bomb, good = items_of(Archive([a_zip(tmp_path / "p.zip", files)]))
    assert (bomb.reason, good.record["id"]) == ("expands too far", "a:1")
    packed_twice = {"bomb.jsonl.gz": gzip.compress(b"\n" * 3_000_000)}
    assert items_of(Archive([a_zip(tmp_path / "q.zip", packed_twice)]))[0].reason == "expands too far"
    assert items_of(Archive([a_tar(tmp_path / "p.tar.gz", files)]))[-1].reason == "expands too far"
    (tmp_path / "p.jsonl.gz").write_bytes(gzip.compress(b"\n" * 3_000_000))
    assert items_of(Archive([tmp_path / "p.jsonl.gz"]))[0].reason == "expands too far"


@pytest.mark.parametrize("header", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME])
def test_a_tar_header_that_asks_for_much_memory_is_not_obeyed(tmp_path, header):
    info = tarfile.TarInfo("././@PaxHeader")
    info.type, info.size = header, 8_000_000_000
    (tmp_path / "p.tar").write_bytes(info.tobuf() + b"0" * 10_000)
    (item,) = items_of(Archive([tmp_path / "p.tar"]))
    assert item.reason == "expands too far"


def test_a_member_that_is_damaged_is_reported_and_the_next_is_read(tmp_path):
    path = a_zip(tmp_path / "p.zip", {"a.jsonl": b'{"id": "a:1"}\n' * 3_000, "b.jsonl": b'{"id": "b:1"}\n'})
    content = bytearray(path.read_bytes())
    content[60] ^= 0xFF
    path.write_bytes(content)
    *_, damaged, good = items_of(Archive([path]))
    assert ("damaged" in damaged.reason, good.record["id"]) == (True, "b:1")


@pytest.mark.parametrize("name", ["p.zip", "p.tar.gz", "p.tar"])
def test_a_packed_file_that_is_none_is_reported_without_a_crash(tmp_path, name):
    (tmp_path / name).write_bytes(b"no archive at all")
    (item,) = items_of(Archive([tmp_path / name]))
    assert "damaged" in item.reason


def test_a_packed_file_without_posts_is_refused_in_words(tmp_path):
    with pytest.raises(InputError, match="contains no file of posts"):
        items_of(Archive([a_zip(tmp_path / "p.zip", {"readme.txt": b"hello"})]))
