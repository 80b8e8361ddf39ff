"""Every export read back by a reader that knows nothing of Grapevine, and compared with what is stored."""

import csv
import io
import json
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from dashboard.publish.export import export
from dashboard.publish.selection import Format, Selection
from dashboard.publish.tables import posts
from ingest.normal_form import NormalForm
from ingest.sources.archive import Archive
from models.clock import utc_time
from tests.builders import a_clock
from tests.dashboard.publish.conftest import ANALYST, HOSTILE, LATER

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def exported(store, selection: Selection, format: Format) -> zipfile.ZipFile:
    made = export(store, selection, format, ANALYST, "debrief", LATER)
    return zipfile.ZipFile(io.BytesIO(b"".join(made.chunks)))


def stored(store, selection: Selection) -> list[dict[str, Any]]:
    return [dict(row) for batch in posts(store, selection) for row in batch]


def csv_rows(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    text = archive.read(name).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


@pytest.mark.parametrize("format", [Format.CSV, Format.PARQUET])
def test_a_zip_is_whole_and_says_what_it_holds(store, masked, format):
    archive = exported(store, masked, format)
    assert archive.testzip() is None
    names = {f"{table}.{format}" for table in ("posts", "rumours", "corrections", "decisions")}
    assert set(archive.namelist()) == names | {"about.txt"}


def test_every_cell_of_a_csv_is_what_is_stored_but_for_an_apostrophe_before_a_formula(store, whole):
    rows = csv_rows(exported(store, whole, Format.CSV), "posts.csv")
    kept = stored(store, whole)
    assert len(rows) == len(kept) == len(HOSTILE) + 5
    for row, one in zip(rows, kept, strict=True):
        text = one["text"] or ""
        assert row["text"] == (f"'{text}" if text.startswith(FORMULA) else text)
        assert row["id"] == one["id"]
        assert row["created_at"] == one["created_at"].isoformat().replace("+00:00", "Z")
        assert row["stance"] == (one["stance"] or "")
        assert row["author_followers"] == ("" if one["author_followers"] is None else str(one["author_followers"]))


def test_no_cell_of_a_csv_begins_a_formula(store, masked, whole):
    numbers = {"latitude", "longitude"}
    for selection in (masked, whole):
        archive = exported(store, selection, Format.CSV)
        for name in ("posts.csv", "rumours.csv", "corrections.csv", "decisions.csv"):
            for row in csv_rows(archive, name):
                assert [
                    cell for column, cell in row.items() if column not in numbers and cell.startswith(FORMULA)
                ] == []


def test_three_readers_of_csv_agree(store, whole, tmp_path):
    archive = exported(store, whole, Format.CSV)
    archive.extract("posts.csv", tmp_path)
    ours = [row["text"] for row in csv_rows(archive, "posts.csv")]
    options = pyarrow.csv.ParseOptions(newlines_in_values=True)
    table = pyarrow.csv.read_csv(tmp_path / "posts.csv", parse_options=options)
    assert table.column("text").to_pylist() == ours
    found = duckdb.sql(
        f"select text from read_csv('{tmp_path}/posts.csv', all_varchar=true, quote='\"', escape='\"')"
    )
    assert [text or "" for (text,) in found.fetchall()] == ours


def test_parquet_holds_what_is_stored_for_arrow_and_for_duckdb(store, whole, tmp_path):
    archive = exported(store, whole, Format.PARQUET)
    archive.extractall(tmp_path)
    kept = stored(store, whole)
    assert pq.read_table(tmp_path / "posts.parquet").to_pylist() == kept
    counted = duckdb.sql(f"select count(*), count(text), sum(author_followers) from '{tmp_path}/posts.parquet'")
    texts = sum(one["text"] is not None for one in kept)
    assert counted.fetchall() == [(len(kept), texts, 7)]


@pytest.mark.parametrize("table", ["posts", "rumours", "corrections", "decisions"])
def test_each_parquet_file_says_what_it_is(store, masked, table):
    archive = exported(store, masked, Format.PARQUET)
    about = json.loads(pq.read_schema(io.BytesIO(archive.read(f"{table}.parquet"))).metadata[b"grapevine"])
    assert (about["filter"], about["masked"], about["decisions"]) == ("the whole incident", True, 2)
    assert utc_time(about["as_of"]) == LATER
    assert len(about["chain_head"]) == 32


def test_the_interchange_form_is_read_back_as_the_posts_that_it_was_made_from(store, whole, tmp_path):
    read = read_back(export(store, whole, Format.INTERCHANGE, ANALYST, "debrief", LATER).chunks, tmp_path)
    kept = stored(store, whole)
    assert [one.id for one in read] == [one["id"] for one in kept]
    for post, one in zip(read, kept, strict=True):
        for name in ("text", "created_at", "reply_to", "author_followers", "latitude", "longitude", "kind", "source"):
            assert getattr(post, name) == (one[name] if name != "text" else one[name] or ""), name


def test_a_masked_interchange_file_is_read_back_too_and_answers_lead_to_what_they_answer(store, masked, tmp_path):
    read = read_back(export(store, masked, Format.INTERCHANGE, ANALYST, "debrief", LATER).chunks, tmp_path)
    (answer,) = [one for one in read if one.reply_to]
    assert answer.reply_to == next(one.id for one in read if one.text.startswith("The dam has burst"))
    assert (answer.latitude, answer.longitude) == (53.4, -1.5)


def read_back(chunks, folder: Path) -> list:
    """The posts of an exported file, as `judge` and `replay` read them."""
    file = folder / "export.zip"
    file.write_bytes(b"".join(chunks))
    clock, normal_form = a_clock(), NormalForm("export", b"key")
    return [normal_form.read(record, clock) for batch in Archive([file]).batches(None) for record in records(batch)]


def records(batch) -> list[Any]:
    return [item.record for item in batch.items]


def test_what_is_masked_names_nobody(store, masked):
    for format in (Format.CSV, Format.PARQUET, Format.INTERCHANGE):
        archive = exported(store, masked, format)
        for name in archive.namelist():
            content = archive.read(name)
            if name == "posts.csv":
                content = _without_flows(csv_rows(archive, name))
            elif name.endswith(".parquet"):
                content = _without_flows(pq.read_table(io.BytesIO(content)).to_pylist())
            assert b"dam_watch" not in content, name
            assert b"did:plc" not in content, name


def _without_flows(rows: list[dict[str, Any]]) -> bytes:
    """In these tests a flow is named as its first post; in life its name is a digest."""
    return repr([{name: value for name, value in row.items() if name != "flow"} for row in rows]).encode()


def test_the_words_of_an_erased_post_are_in_no_file(store, masked, whole):
    for selection in (masked, whole):
        for format in (Format.CSV, Format.INTERCHANGE):
            archive = exported(store, selection, format)
            assert not any(b"took back" in archive.read(name) for name in archive.namelist())
    (row,) = [row for row in csv_rows(exported(store, whole, Format.CSV), "posts.csv") if row["id"] == "gone:1"]
    assert (row["text"], row["removed"]) == ("", "true")


def test_an_export_of_one_rumour_holds_its_posts_only_and_says_so(store, incident):
    archive = exported(store, Selection(incident, LATER, rumour="dam"), Format.CSV)
    assert {row["rumour"] for row in csv_rows(archive, "posts.csv")} == {"dam"}
    assert [row["rumour"] for row in csv_rows(archive, "rumours.csv")] == ["dam"]
    assert "one rumour: Claim: The dam has burst" in archive.read("about.txt").decode()


def test_an_export_as_known_earlier_leaves_out_what_came_later(store, incident):
    before = store.acts.decisions(incident.id)[0].decided_at.replace(year=2025)
    archive = exported(store, Selection(incident, before), Format.CSV)
    assert csv_rows(archive, "posts.csv") == csv_rows(archive, "decisions.csv") == []


def test_times_are_utc_and_unknown_is_empty(store, masked):
    (row,) = [row for row in csv_rows(exported(store, masked, Format.CSV), "rumours.csv") if row["rumour"] == "evil"]
    assert row["first_denial_at"] == row["reach"] == ""
    assert datetime.fromisoformat(row["first_at"]).utcoffset().total_seconds() == 0
