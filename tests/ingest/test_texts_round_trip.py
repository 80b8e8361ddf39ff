"""Any text comes through every kind of file, the webhook and the store as it was written.

What no database holds is mended on reading: NUL is left out, half of a surrogate pair becomes a question mark. What a
kind of file cannot hold is not asked of it.
"""

import csv
import io
import itertools
import json
import re
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ingest.normal_form import NormalForm
from ingest.source import Batch, Upsert
from ingest.sources.archive import Archive
from models.store.messages import ArrivedPost, Matched
from models.text import storable
from tests.builders import NOON, OFFICER, a_clock, an_incident
from tests.ingest.test_reading_account import a_worker
from tests.ingest.test_webhook import KEY, VARIABLE, a_webhook, signed, whsec

HEADER = ["id", "created_at", "author", "text", "lang"]
OTHERS = [["x:1", "2026-11-20T09:00:00Z", "ann", "The dam, it holds", "en"], ["x:3", "", "bob", "Is it true?", "en"]]
EVERY_CHARACTER = st.characters(exclude_categories=())
# What breaks readers of tables, what programs write for something else, and what writing itself is made of.
ODD = (
    *('"', "'", "\\", ",", ";", "\t", "|", "\n", "\r", "\r\n", "\x00", "\x1a", "\x85", "\u2028", "\u202e", "\ufeff"),
    *(
        "_x000D_",
        "_x005F_",
        "=1+1",
        "…",
        "NaN",
        "null",
        "1.29E+18",
        "'7",
        "\ud83d",
        "\udcff",
        "e\u0301",
        "😳",
        "مرحبا",
    ),
)
TEXTS = st.text(EVERY_CHARACTER, max_size=60) | st.lists(st.sampled_from(ODD), max_size=8).map("".join)
# A blank text is no text.
SAID = TEXTS.filter(lambda text: storable(text).strip())


def written_as_csv(path: Path, text: str, separator: str = ",") -> None:
    lines = io.StringIO(newline="")
    csv.writer(lines, delimiter=separator).writerows([HEADER, OTHERS[0], ["x:2", "", "jo", text, "en"], OTHERS[1]])
    path.write_bytes(lines.getvalue().encode())


def written_as_tsv(path: Path, text: str) -> None:
    written_as_csv(path, text, "\t")


def written_as_xlsx(path: Path, text: str) -> None:
    book = openpyxl.Workbook()
    for row in [HEADER, OTHERS[0], ["x:2", "", "jo", "", "en"], OTHERS[1]]:
        book.active.append(row)
    cell = book.active.cell(3, 4)
    # As Excel writes it: what XML cannot hold, and what looks like that, in a form of its own.
    cell._value, cell.data_type = escaped(text), "s"
    book.save(path)


def escaped(text: str) -> str:
    return re.sub(
        r"_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ufffe\uffff]", lambda found: f"_x{ord(found[0]):04X}_", text
    )


def written_as_parquet(path: Path, text: str) -> None:
    rows = [OTHERS[0], ["x:2", "", "jo", text, "en"], OTHERS[1]]
    pyarrow.parquet.write_table(pa.table([list(column) for column in zip(*rows, strict=True)], HEADER), path)


def written_as_jsonl(path: Path, text: str) -> None:
    rows = [dict(zip(HEADER, row, strict=True)) for row in OTHERS]
    lines = [rows[0], {"id": "x:2", "author": "jo", "text": text}, rows[1]]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")


def no_halves(text: str) -> str:
    """A text as UTF-8 can hold it: no half of a surrogate pair."""
    return text.encode("utf-8", "replace").decode()


def joined(text: str) -> str:
    """A text as JSON holds it: two halves of a surrogate pair that meet are one character."""
    return json.loads(json.dumps(text))


KINDS = {
    "csv": (written_as_csv, no_halves),
    "tsv": (written_as_tsv, no_halves),
    "xlsx": (written_as_xlsx, no_halves),
    "parquet": (written_as_parquet, no_halves),
    "jsonl": (written_as_jsonl, joined),
}


def read(path: Path) -> str:
    form, clock = NormalForm("archive", b"key"), a_clock()
    items = [item for batch in Archive([path]).batches(None) for item in batch.items]
    assert all(isinstance(item, Upsert) for item in items), items
    found = {post.id: post.text for post in (form.read(item.record, clock) for item in items)}
    assert (found["x:1"], found["x:3"]) == (OTHERS[0][3], OTHERS[1][3])
    return found["x:2"]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(text=SAID)
@example(text="one\r\ntwo\rthree\n")
@example(text=" spaces, quotes \" and 'apostrophes' ")
@example(text="_x000D_ and _x005F_x000D_")
@example(text="\x000\x000\x00")
@example(text='=HYPERLINK("http://a.example")')
def test_a_text_comes_back_from_a_file_as_it_was(tmp_path, kind, text):
    write, held = KINDS[kind]
    path = tmp_path / f"posts.{kind}"
    write(path, held(text))
    assert read(path) == storable(held(text))


@pytest.mark.parametrize("kind", KINDS)
def test_a_very_long_text_comes_back_whole(tmp_path, kind):
    text = 'Water over the road, "deep"; ' * 1_000
    path = tmp_path / f"posts.{kind}"
    KINDS[kind][0](path, text)
    assert read(path) == text


_number = itertools.count()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(text=TEXTS)
def test_a_text_comes_back_from_the_store_as_it_was(store, text):
    incident = store.incidents.record(an_incident(f"i{next(_number)}"), OFFICER, "opened").result()
    worker = a_worker(
        store, "archive", match=lambda posts: Matched([ArrivedPost(one, {incident.id: "all"}) for one in posts])
    )
    record = {"id": f"x:{next(_number)}", "text": text}
    assert worker.save(Batch([Upsert(record, "0:1")])).new == 1
    assert worker.save(Batch([Upsert(record, "0:1")])).seen == 1
    assert store.posts.words_of([record["id"]]) == {record["id"]: storable(text)}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXTS)
def test_a_text_comes_back_from_the_webhook_as_it_was(monkeypatch, text):
    monkeypatch.setenv(VARIABLE, whsec(KEY))
    body = json.dumps({"id": "7", "text": text}).encode()
    with a_webhook().receive(signed(body), body, NOON) as batch:
        (item,) = batch.items
    assert NormalForm("webhook", b"key", pushed=True).read(item.record, a_clock()).text == storable(joined(text))
