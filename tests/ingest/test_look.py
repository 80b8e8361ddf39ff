"""What a look at a file shows of it, and what it shows of nobody and of no server."""

import json

import pytest

from ingest.normal_form import NormalForm
from ingest.running.look import look_at
from models.domain.imports import Look, TableReading
from tests.builders import a_clock


def a_look(folder, name: str, data: bytes) -> Look:
    (folder / name).write_bytes(data)
    return look_at(folder / name, TableReading({}, "Europe/London"), NormalForm("import", b"key"), a_clock())


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("posts.csv", "id,text,author\n1,dam,jo_smith,9,9\n", "more cells than the header"),
        ("posts.jsonl", '{"id":"1","author":"jo_smith","text":"dam\n', "not JSON"),
        ("posts.jsonl", json.dumps(["jo_smith"]), "not a JSON object"),
        ("posts.jsonl", json.dumps({"id": "1", "author": ["jo_smith"], "text": "dam"}), "wrong type: author"),
    ],
)
def test_a_row_that_cannot_be_read_is_shown_without_whoever_wrote_it(tmp_path, name, text, reason):
    (row,) = a_look(tmp_path, name, text.encode()).rows
    assert row.problem == reason
    assert "jo_smith" not in repr(row)


def test_what_is_wrong_with_a_file_does_not_say_where_the_server_keeps_it(tmp_path):
    look = a_look(tmp_path, "posts.xlsx", b"PK\x03\x04junk")
    assert look.problem.startswith("cannot be read as a workbook")
    assert str(tmp_path) not in repr(look)


def test_json_lines_have_no_columns(tmp_path):
    lines = "\n".join(json.dumps({"id": str(n), "text": f"dam {n}"}) for n in range(3))
    look = a_look(tmp_path, "posts.jsonl", lines.encode())
    assert (look.seen, look.form) == (None, "JSON in Grapevine's interchange form")
    assert [row.text for row in look.rows] == ["dam 0", "dam 1", "dam 2"]
