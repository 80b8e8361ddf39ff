"""Every export read back by a reader that knows nothing of Grapevine, and compared with what is stored."""

import csv
import io
import json
import zipfile
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

import duckdb
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from dashboard.publish.export import export
from dashboard.publish.packing import csv_zip, parquet_zip
from dashboard.publish.selection import Format, Selection
from dashboard.publish.tables import TEXT, Table, posts
from dashboard.views.compare import minutes_to, read_compared
from dashboard.views.story import EntryKind, read_story
from dashboard.words import story as story_words
from ingest.normal_form import NormalForm
from ingest.sources.archive import Archive
from models.clock import utc_time
from models.domain.acts import Assignee
from models.domain.ids import stable_id
from models.text import harmless
from models.text.detection import DETECTOR
from tests.builders import a_clock
from tests.dashboard.publish.conftest import ANALYST, HOSTILE, LATER

TABLES = ("posts", "rumours", "corrections", "decisions", "clocks", "story")
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
    names = {f"{table}.{format}" for table in TABLES}
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
        for name in (f"{table}.csv" for table in TABLES):
            for row in csv_rows(archive, name):
                assert [
                    cell for column, cell in row.items() if column not in numbers and cell.startswith(FORMULA)
                ] == []


@pytest.mark.parametrize("pack", [csv_zip, parquet_zip])
def test_rows_go_out_before_the_next_are_read(about, pack):
    asked = []

    def batches():
        for number in range(20):
            asked.append(number)
            # Nothing that could be compressed.
            yield [{"text": token_hex(20_000)} for _ in range(20)]

    sent = size = 0
    for piece in pack([Table("posts", {"text": TEXT}, batches())], about):
        size = max(size, len(piece))
        sent += len(piece)
        if len(asked) == 10:
            break
    assert sent > 1_000_000
    assert size < 2_000_000


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


@pytest.mark.parametrize("table", TABLES)
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


@pytest.mark.parametrize("format", [Format.CSV, Format.PARQUET])
def test_a_detected_language_stands_in_columns_of_its_own(store, whole, format):
    rows = rows_of(exported(store, whole, format), "posts", format)
    told = [row for row in rows if row["lang_detected"]]
    assert {(row["lang"] or None, row["lang_detected"], row["lang_detected_by"]) for row in told} == {
        (None, "en", DETECTOR)
    }
    assert not any(row["removed"] in (True, "true") for row in told)


def test_a_detected_language_in_the_interchange_form_is_not_read_back_as_one_that_a_source_states(
    store, whole, tmp_path
):
    chunks = list(export(store, whole, Format.INTERCHANGE, ANALYST, "debrief", LATER).chunks)
    lines = zipfile.ZipFile(io.BytesIO(b"".join(chunks))).read("posts.jsonl").decode().splitlines()
    assert "en" in {json.loads(line).get("lang_detected") for line in lines}
    assert {one.lang for one in read_back(chunks, tmp_path)} == {None}


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
            if name.endswith(".parquet"):
                content = repr(pq.read_table(io.BytesIO(content)).to_pylist()).encode()
            assert b"dam_watch" not in content, name
            assert b"did:plc" not in content, name


def test_a_masked_flow_is_the_same_throughout_an_export_and_another_in_the_next(store, incident):
    first, second = (
        [row["flow"] for row in csv_rows(exported(store, Selection(incident, LATER), Format.CSV), "posts.csv")]
        for _ in range(2)
    )
    kept = [one["flow"] for one in stored(store, Selection(incident, LATER, mask=None))]
    assert len(set(first)) == len(set(kept)) == len(set(zip(first, kept, strict=True)))
    assert not {*first} & {*second, *kept}


@pytest.mark.parametrize("format", [Format.CSV, Format.INTERCHANGE])
@pytest.mark.parametrize("rumour", [None, "dam"])
def test_whoever_knows_a_post_does_not_find_it_in_a_masked_file_by_any_id(store, incident, whole, format, rumour):
    archive = exported(store, Selection(incident, LATER, rumour=rumour), format)
    content = b"".join(archive.read(name) for name in archive.namelist()).decode()
    for post in stored(store, whole):
        # As the judgement makes them: both are digests of the first post's id.
        flow = stable_id("flow", incident.id, post["id"])
        known = {
            post["id"],
            flow,
            stable_id("rumour", incident.id, post["id"]),
            stable_id("rumour", incident.id, flow),
        }
        # In these tests flows and rumours have names of their own.
        known |= {post["author"], f",{post['flow']},", f",{post['rumour']},"}
        assert not [one for one in known if one and one in content]


def test_in_a_masked_file_posts_corrections_and_decisions_still_lead_to_their_rumour(store, masked):
    archive = exported(store, masked, Format.CSV)
    rumours = {row["claim"]: row["rumour"] for row in csv_rows(archive, "rumours.csv")}
    (dam,) = [name for claim, name in rumours.items() if claim.startswith("The dam has burst")]
    assert {row["rumour"] for row in csv_rows(archive, "posts.csv")} == set(rumours.values())
    (correction,) = csv_rows(archive, "corrections.csv")
    decisions = csv_rows(archive, "decisions.csv")
    assert {row["rumour"] for row in [correction, *decisions]} == {dam}
    assert [row["correction"] for row in decisions if row["correction"]] == [correction["id"]]


def test_corrections_and_decisions_say_for_which_service_somebody_acted(store, whole):
    archive = exported(store, whole, Format.CSV)
    (correction,) = csv_rows(archive, "corrections.csv")
    asserted, signed_in = csv_rows(archive, "decisions.csv")
    assert (correction["recorded_by"], correction["service"]) == ("S. Igned-In", "'=Northgate Police")
    assert (asserted["service"], signed_in["service"]) == ("", "'=Northgate Police")


def test_a_decision_says_whom_the_rumour_was_assigned_to(store, incident, whole):
    to = Assignee("=C. Omms", "Northgate Police", "u2")
    store.acts.assign(incident.id, "dam", to, ANALYST, "ring them").result()
    *_, last = csv_rows(exported(store, whole, Format.CSV), "decisions.csv")
    assert (last["act"], last["assignee"], last["assignee_service"]) == ("assign", "'=C. Omms", "Northgate Police")


@pytest.mark.parametrize("format", [Format.CSV, Format.PARQUET])
def test_the_clocks_are_those_that_compare_shows(store, incident, whole, format):
    archive = exported(store, whole, format)
    clocks = {row["rumour"]: row for row in rows_of(archive, "clocks", format)}
    shown = read_compared(store, incident, LATER, as_of=LATER).rumours
    assert list(clocks) == [one.row.id for one in shown]
    for one in shown:
        row, life = clocks[one.row.id], one.life
        assert at(row["first_denial_at"]) == life.first_denial
        assert at(row["first_correction_at"]) == life.first_correction
        assert at(row["denials_overtake_at"]) == life.denials_overtake
        assert str(row["minutes_to_first_denial"] or 0) == str(minutes_to(life.first_seen, life.first_denial) or 0)


@pytest.mark.parametrize("format", [Format.CSV, Format.PARQUET])
def test_the_story_is_the_list_that_its_page_shows(store, incident, whole, format):
    told = rows_of(exported(store, whole, format), "story", format)
    shown = story_words.entries(read_story(store, incident.id, LATER, as_of=LATER), LATER)
    assert {one.kind for one in shown} >= {EntryKind.RUMOUR, EntryKind.CORRECTION, EntryKind.DECISION, EntryKind.GAP}
    assert [(row["kind"], at(row["at"]), row["rumour"] or None) for row in told] == [
        (one.kind.value, one.at, one.rumour) for one in shown
    ]
    # A text that a spreadsheet would run has an apostrophe before it.
    assert [row["words"].removeprefix("'") for row in told] == [harmless(one.words) for one in shown]


def test_the_story_of_one_rumour_is_what_is_about_it(store, incident):
    told = rows_of(
        exported(store, Selection(incident, LATER, rumour="dam", mask=None), Format.CSV), "story", Format.CSV
    )
    assert {row["rumour"] for row in told} == {"dam"}


def rows_of(archive: zipfile.ZipFile, table: str, format: Format) -> list[dict[str, Any]]:
    if format is Format.CSV:
        return csv_rows(archive, f"{table}.csv")
    return pq.read_table(io.BytesIO(archive.read(f"{table}.parquet"))).to_pylist()


def at(value: str | datetime | None) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) and value else value or None


def test_the_words_of_an_erased_post_are_in_no_file(store, masked, whole):
    for selection in (masked, whole):
        for format in (Format.CSV, Format.INTERCHANGE):
            archive = exported(store, selection, format)
            assert not any(b"took back" in archive.read(name) for name in archive.namelist())
    (row,) = [row for row in csv_rows(exported(store, whole, Format.CSV), "posts.csv") if row["id"] == "gone:1"]
    assert (row["text"], row["removed"]) == ("", "true")


def test_an_export_of_one_rumour_holds_its_posts_only_and_says_so(store, incident):
    archive = exported(store, Selection(incident, LATER, rumour="dam", mask=None), Format.CSV)
    assert {row["rumour"] for row in csv_rows(archive, "posts.csv")} == {"dam"}
    assert [row["rumour"] for row in csv_rows(archive, "rumours.csv")] == ["dam"]
    assert "one rumour: Claim: The dam has burst" in archive.read("about.txt").decode()


def test_an_export_as_known_earlier_leaves_out_what_came_later(store, incident):
    before = store.acts.decisions(incident.id)[0].decided_at.replace(year=2025)
    archive = exported(store, Selection(incident, before), Format.CSV)
    assert csv_rows(archive, "posts.csv") == csv_rows(archive, "decisions.csv") == []


def test_times_are_utc_and_unknown_is_empty(store, masked):
    rumours = csv_rows(exported(store, masked, Format.CSV), "rumours.csv")
    (row,) = [row for row in rumours if not row["claim"].startswith("The dam")]
    assert row["first_denial_at"] == row["reach"] == ""
    assert datetime.fromisoformat(row["first_at"]).utcoffset().total_seconds() == 0
