"""How far a reading has come: all of a file at its end, whatever its kind, and never more on the way."""

import gzip
import zipfile

import openpyxl
import pyarrow as pa
import pyarrow.parquet
import pytest

from ingest.sources import archive
from ingest.sources.archive import Archive

ROWS = [(f"{number}", f"the dam has burst {number} {hash(number) % 97}") for number in range(4_000)]
TEXT = "id,text\n" + "".join(f"{number},{text}\n" for number, text in ROWS)


def as_text(path):
    path.write_text(TEXT)


def as_gzip(path):
    path.write_bytes(gzip.compress(TEXT.encode()))


def as_zip(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(3):
            packed.writestr(f"day{number}.csv", TEXT)


def as_workbook(path):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in (("id", "text"), *ROWS):
        sheet.append(row)
    book.save(path)


def as_parquet(path):
    ids, texts = zip(*ROWS, strict=True)
    pyarrow.parquet.write_table(pa.table({"id": ids, "text": texts}), path, row_group_size=500)


KINDS = {"csv": as_text, "csv.gz": as_gzip, "zip": as_zip, "xlsx": as_workbook, "parquet": as_parquet}


@pytest.mark.parametrize("ending", KINDS)
def test_all_of_a_file_has_been_read_at_its_end_and_never_more(ending, tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "BATCH_ITEMS", 100)
    path = tmp_path / f"posts.{ending}"
    KINDS[ending](path)
    reading = Archive([path])
    on_the_way = [reading.bytes_read for _ in reading.batches(None)]
    assert len(on_the_way) >= 40
    assert on_the_way == sorted(on_the_way)
    # To a block of 64 kB.
    assert path.stat().st_size <= on_the_way[-1] < path.stat().st_size + 2**16
