"""Files as they come: damaged, cut off, hostile. Each kind of damage is counted with its reason; the rest goes in."""

import gzip
import json

import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.normal_form import NormalForm
from ingest.running.worker import Worker
from ingest.source import Unreadable, Upsert
from ingest.sources.archive import Archive
from models.errors import InputError
from models.store.messages import ArrivedPost, Matched
from tests.builders import a_clock, an_incident

GOOD = b'{"id": "a:%d", "text": "the dam has burst"}\n'


def items_of(path) -> list:
    return [item for batch in Archive([path]).batches(None) for item in batch.items]


def test_every_kind_of_bad_input_is_counted_with_its_reason_while_the_rest_goes_in(tmp_path, store):
    path = tmp_path / "posts.jsonl"
    bad = [
        b'{"id": "a:cut", "text": "the d\n',  # cut-off JSON
        b'{"id": "a:utf", "text": "\xff\xfe"}\n',  # invalid UTF-8
        b'{"id": "a:long", "text": "' + b"x" * 10_000_000 + b'"}\n',  # a 10 MB line
        b"[" * 50_000 + b"\n",  # deeper than any parser goes
        b"42\n",
        b'{"text": "no id"}\n',
        b'{"id": "a:type", "text": 5}\n',
        b'{"id": "a:old", "created_at": "1985-01-01T00:00:00Z"}\n',
        b"\n",
    ]
    mended = [
        b'{"id": "a:nodate", "text": "x"}\n',
        b'{"id": "a:future", "created_at": "2199-01-01T00:00:00Z"}\n',
        b'{"id": "a:self", "reply_to": "a:self"}\n',
        b'{"id": "a:nul", "text": "a\\u0000b"}\n',
        GOOD % 0,  # a duplicate
    ]
    lines = [GOOD % n for n in range(20)]
    path.write_bytes(
        b"\xef\xbb\xbf" + b"".join(a + b for a, b in zip(lines, [*bad, *mended, *[b""] * 6], strict=True))
    )
    incident = store.incidents.open(an_incident()).result()

    def match(posts):
        return Matched([ArrivedPost(post, {incident.id: "t"}) for post in posts])

    worker = Worker(Archive([path]), store, NormalForm("t", b""), match, a_clock(), name="t")
    (saved,) = [worker.save(batch) for batch in Archive([path]).batches(None)]
    assert (saved.new, saved.seen, saved.dead) == (24, 1, 8)
    assert store.sources.dead_letters_by_reason() == {
        "not JSON": 2,
        "not UTF-8": 1,
        "over 1 MB": 1,
        "not a JSON object": 1,
        "no id": 1,
        "wrong type: text": 1,
        "date before 2000": 1,
    }
    flags = {post.id: post.flags for post in store.judgement.unjudged(incident.id, 0, 100) if post.flags}
    assert flags == {
        "a:future": ("future date",),
        "a:self": ("circular link cut",),
        "a:nul": ("NUL stripped",),
    }


def test_a_line_that_is_too_long_is_passed_over_in_bounded_memory(tmp_path):
    import tracemalloc

    path = tmp_path / "posts.jsonl"
    with path.open("wb") as stream:
        for _ in range(50):
            stream.write(b"x" * 1_000_000)
        stream.write(b"\n" + GOOD % 1)
    tracemalloc.start()
    long, good = items_of(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (long.reason, good.record["id"]) == ("over 1 MB", "a:1")
    assert peak < 8_000_000


def test_a_gzip_file_that_is_cut_off_gives_what_it_holds(tmp_path):
    path = tmp_path / "posts.jsonl.gz"
    whole = gzip.compress(b"".join(GOOD % n for n in range(5_000)))
    path.write_bytes(whole[: len(whole) // 2])
    items = items_of(path)
    assert isinstance(items[-1], Unreadable)
    assert "cut off" in items[-1].reason
    assert len([item for item in items if isinstance(item, Upsert)]) > 100


def test_a_csv_with_broken_bytes_and_numbers_goes_on(tmp_path):
    path = tmp_path / "posts.csv"
    path.write_bytes(b"id,text,author_followers\na:1,ok,5\na:2,\xff\xfe,\na:3,fine,many\na:4,fine,\n")
    items = items_of(path)
    assert [getattr(item, "reason", None) for item in items] == [None, "not UTF-8", None, None]
    assert items[0].record == {"id": "a:1", "text": "ok", "author_followers": 5}
    assert items[3].record == {"id": "a:4", "text": "fine"}


def test_parquet_times_in_nanoseconds_and_beyond_the_calendar_are_read(tmp_path):
    times = pa.array([1_790_000_000_000_000_000, None], pa.timestamp("ns"))
    pa.parquet.write_table(pa.table({"id": ["a:1", "a:2"], "created_at": times}), tmp_path / "posts.parquet")
    first, second = items_of(tmp_path / "posts.parquet")
    assert first.record["created_at"].startswith("2026")
    assert second.record == {"id": "a:2"}
    beyond = pa.array([2**62, 0], pa.timestamp("us"))
    pa.parquet.write_table(pa.table({"id": ["a:1", "a:2"], "created_at": beyond}), tmp_path / "posts.parquet")
    assert [type(item) for item in items_of(tmp_path / "posts.parquet")] == [Unreadable, Upsert]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("posts.xlsx", b"", "cannot be read as a workbook"),
        ("posts.doc", b"", "Known: .jsonl"),
        ("posts.parquet", b"not parquet", "cannot be read as Parquet"),
        ("absent.jsonl", None, "no such file"),
    ],
)
def test_a_file_that_cannot_be_read_at_all_says_so_in_one_line(tmp_path, name, content, says):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=says) as error:
        items_of(tmp_path / name)
    assert "\n" not in str(error.value)
    assert error.value.path == tmp_path / name


def test_only_the_collection_asked_for_is_read(tmp_path):
    path = tmp_path / "posts.jsonl"
    path.write_text("".join(json.dumps({"id": str(n), "collection": "ab"[n % 2]}) + "\n" for n in range(6)))
    (batch,) = Archive([path], collection="b").batches(None)
    assert [item.record["id"] for item in batch.items if isinstance(item, Upsert)] == ["1", "3", "5"]


@settings(max_examples=200)
@given(content=st.binary(max_size=300) | st.lists(st.binary(max_size=40)).map(b"\n".join))
def test_any_bytes_are_items_or_reasons(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("bytes") / "posts.jsonl"
    path.write_bytes(content)
    assert all(isinstance(item, Upsert) or item.reason for item in items_of(path))
