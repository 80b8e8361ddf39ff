"""Workbooks: sheets, dates as cells, numbers that Excel has already rounded."""

import zipfile
from datetime import date, datetime, time

import openpyxl
import pytest

from ingest.formats.tables import workbooks
from ingest.source import Unreadable
from ingest.sources.archive import Archive
from models.errors import InputError
from tests.ingest.archives import items_of, records_of


def a_workbook(tmp_path, **sheets: list[list]) -> Archive:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "posts.xlsx")
    return Archive([tmp_path / "posts.xlsx"])


def test_a_workbook_is_read_with_its_preamble_and_its_dates(tmp_path):
    archive = a_workbook(
        tmp_path,
        Posts=[
            ["Report", "Floods"],
            [],
            ["ID", "Date", "Time", "Author", "Text"],
            ["a:1", date(2026, 7, 20), time(9, 5), "ann", "The dam has burst"],
            ["a:2", datetime.fromisoformat("2026-07-20 09:06"), None, "bob", "Is that so?"],
        ],
    )
    first, second = records_of(archive)
    assert (first["created_at"], second["created_at"]) == ("2026-07-20T08:05:00Z", "2026-07-20T08:06:00Z")
    assert "posts.xlsx, sheet Posts: lines above the header, not read: 1" in archive.told


def test_every_sheet_with_posts_is_read_and_others_are_told(tmp_path):
    posts = [["id", "text"], ["a:1", "The dam has burst"]]
    archive = a_workbook(tmp_path, Monday=posts, Chart=[["Week", "Sum"], [1, 2]], Tuesday=[posts[0], ["a:2", "No"]])
    assert [record["id"] for record in records_of(archive)] == ["a:1", "a:2"]
    assert any(line.startswith("posts.xlsx, sheet Chart: not read") for line in archive.told)


def test_a_workbook_is_one_whatever_its_name_says(tmp_path):
    a_workbook(tmp_path, Posts=[["id", "text"], ["a:1", "The dam has burst"]])
    renamed = (tmp_path / "posts.xlsx").rename(tmp_path / "posts.csv")
    assert [one["text"] for one in records_of(Archive([renamed]))] == ["The dam has burst"]
    (tmp_path / "old.csv").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(500))
    with pytest.raises(InputError, match="old kind, or one with a password"):
        items_of(Archive([tmp_path / "old.csv"]))


def test_a_workbook_without_posts_is_refused_with_the_way_out(tmp_path):
    with pytest.raises(InputError, match="columns cannot be told"):
        items_of(a_workbook(tmp_path, Chart=[["Week", "Sum"], [1, 2]]))


def test_rows_that_were_pasted_into_the_first_column_are_taken_apart(tmp_path):
    rows = [["id,author,text"], ['a:1,ann,"The dam, they say, has burst"'], ["a:2,bob,Is that so?"]]
    archive = a_workbook(tmp_path, Posts=rows)
    assert [record["text"] for record in records_of(archive)] == ["The dam, they say, has burst", "Is that so?"]
    assert "posts.xlsx, sheet Posts: each row stands in one cell, whose parts were taken apart" in archive.told


def test_numbers_that_excel_rounded_are_noticed(tmp_path):
    rows = [[1.29403047242784e18, "ann", "The dam has burst"], [1.29403047242784e18, "bob", "Looters in the street"]]
    archive = a_workbook(tmp_path, Posts=[["id", "author", "text"], *rows])
    assert len({record["id"] for record in records_of(archive)}) == 2


def test_reading_continues_from_any_row_of_any_sheet(tmp_path):
    posts = [["id", "text"], ["a:1", "The dam has burst"], ["a:2", "Is that so?"]]
    archive = a_workbook(tmp_path, Monday=posts, Tuesday=[posts[0], ["a:3", "No"]])
    items = items_of(archive)
    for place, item in enumerate(items, start=1):
        assert items_of(archive, cursor=item.position) == items[place:]


SHEET = "xl/worksheets/sheet1.xml"


def rewritten(path, changed, change):
    """Write a workbook anew with another form of one of its parts."""
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(path, "w") as packed:
        for name, part in parts.items():
            packed.writestr(name, change(part) if name == changed else part)


@pytest.mark.parametrize(
    "change",
    [
        lambda sheet: sheet.replace(b'r="A300"', b'r="A300" t="b"'),
        lambda sheet: sheet.replace(b'<row r="300"', b'<row r="three"'),
        lambda sheet: sheet.replace(b'<row r="300"', b'<row r="99999999999"'),
        lambda sheet: sheet.replace(b'r="A300" t="n"', b'r="A300" t="s"'),
        lambda sheet: sheet[: sheet.index(b'r="B300"')],
    ],
    ids=["a truth that is none", "a row without a number", "a row beyond all", "a text not in the list", "cut off"],
)
def test_a_damaged_sheet_keeps_the_rows_before_the_damage_and_says_so(tmp_path, change, monkeypatch):
    monkeypatch.setattr(workbooks, "_MOST_ROWS", 1_000)
    archive = a_workbook(tmp_path, Posts=[["id", "text"], *([n, "The dam has burst"] for n in range(299))])
    rewritten(tmp_path / "posts.xlsx", SHEET, change)
    *before, last = items_of(archive)
    assert len(before) == 298
    assert isinstance(last, Unreadable)
    assert last.reason == "file cut off or damaged (DamagedSheet)"


def test_a_workbook_whose_list_of_sheets_is_cut_off_is_refused(tmp_path):
    archive = a_workbook(tmp_path, Posts=[["id", "text"], ["a:1", "The dam has burst"]])
    rewritten(tmp_path / "posts.xlsx", "xl/workbook.xml", lambda part: part[:50])
    with pytest.raises(InputError, match="cannot be read as a workbook: damaged"):
        items_of(archive)
