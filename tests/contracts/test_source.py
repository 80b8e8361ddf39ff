"""What every source must do: go on from any cursor without loss or duplicate. More sources join by one line."""

import csv
import gzip
import io
import json
import tarfile
import zipfile

import pyarrow as pa
import pyarrow.parquet
import pytest

from ingest.sources import archive
from ingest.sources.archive import Archive

RECORDS = [
    {
        "id": f"a:{n}",
        "text": f"Zażółć “{n}”, line\nbreak",
        "created_at": "2026-11-20T12:00:00Z",
        "author_followers": n,
    }
    for n in range(25)
]


def a_jsonl(folder):
    path = folder / "posts.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in RECORDS))
    return Archive([path])


def a_gzip(folder):
    path = folder / "posts.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(json.dumps(record) for record in RECORDS).encode()))
    return Archive([path])


def a_csv(folder):
    path = folder / "posts.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as stream:
        writer = csv.DictWriter(stream, RECORDS[0])
        writer.writeheader()
        writer.writerows(RECORDS)
    return Archive([path])


def a_parquet(folder):
    pa.parquet.write_table(pa.Table.from_pylist(RECORDS), folder / "posts.parquet")
    return Archive([folder / "posts.parquet"])


def two_files(folder):
    for name, records in (("1.jsonl", RECORDS[:10]), ("2.jsonl", RECORDS[10:])):
        (folder / name).write_text("".join(json.dumps(record) + "\n" for record in records))
    return Archive([folder / "1.jsonl", folder / "2.jsonl"])


def a_json_array(folder):
    (folder / "posts.json").write_text(json.dumps(RECORDS, indent=1))
    return Archive([folder / "posts.json"])


def a_mapped_csv(folder):
    a_csv(folder)
    return Archive([folder / "posts.csv"], columns={name: name for name in RECORDS[0]})


def members() -> dict[str, bytes]:
    packed = gzip.compress("\n".join(json.dumps(record) for record in RECORDS[10:]).encode())
    return {"1.json": json.dumps(RECORDS[:10]).encode(), "readme.txt": b"no posts", "2.jsonl.gz": packed}


def a_zip(folder):
    with zipfile.ZipFile(folder / "posts.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members().items():
            archive.writestr(name, content)
    return Archive([folder / "posts.zip"])


def a_tar(folder):
    with tarfile.open(folder / "posts.tar.gz", "w:gz") as archive:
        for name, content in members().items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return Archive([folder / "posts.tar.gz"])


def a_folder(folder):
    (folder / "posts").mkdir()
    for name, content in members().items():
        (folder / "posts" / name).write_bytes(content)
    return Archive([folder / "posts"])


ARCHIVES = [
    a_jsonl,
    a_gzip,
    a_csv,
    a_parquet,
    two_files,
    a_json_array,
    a_mapped_csv,
    a_zip,
    a_tar,
    a_folder,
]


@pytest.fixture(params=ARCHIVES)
def source(request, tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "BATCH_ITEMS", 4)
    return request.param(tmp_path)


def test_it_brings_every_item_once_and_in_order(source):
    assert [item.record for batch in source.batches(None) for item in batch.items] == RECORDS


def test_it_goes_on_from_any_cursor_without_loss_or_duplicate(source):
    batches = list(source.batches(None))
    for number, batch in enumerate(batches):
        rest = [item.record for later in source.batches(batch.cursor) for item in later.items]
        assert rest == [item.record for later in batches[number + 1 :] for item in later.items]


def test_every_item_is_a_place_to_go_on_from(source):
    items = [item for batch in source.batches(None) for item in batch.items]
    rest = [item.record for batch in source.batches(items[7].position) for item in batch.items]
    assert rest == RECORDS[8:]


def test_it_says_when_it_is_at_its_end(source):
    assert [batch.last for batch in source.batches(None)] == [False] * 6 + [True]


def test_at_its_end_it_stays_there(source):
    *_, last = source.batches(None)
    (again,) = source.batches(last.cursor)
    assert (again.items, again.cursor) == ([], last.cursor)
