"""PHEME, 4CAT and tables of any making: each recognised by its content or its name; and anything at all."""

import io
import json
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.formats import json_text, pheme
from ingest.normal_form import NormalForm, Unfit
from ingest.source import AccountRemoved, Delete, Upsert
from ingest.sources.archive import Archive, ArchiveSettings, open_archive
from models.config import checked
from models.errors import ConfigError, InputError
from models.limits import LARGEST_RECORD_BYTES
from tests.builders import a_clock
from tests.ingest.archives import a_csv, a_status, a_tar, a_zip, archive_of, items_of, records_of

# --- PHEME's folders ---

THREADS = {
    "._ev-all-rnr-threads": b"junk",
    "ev-all-rnr-threads/rumours/30/annotation.json": b'{"is_rumour": "rumour"}',
    "ev-all-rnr-threads/rumours/30/reactions/._31.json": b"junk",
    "ev-all-rnr-threads/rumours/30/reactions/.DS_Store": b"junk",
    "ev-all-rnr-threads/rumours/30/reactions/31.json": json.dumps(a_status(31)).encode(),
    "ev-all-rnr-threads/rumours/30/source-tweet/30.json": json.dumps(a_status(30)).encode(),
    "ev-all-rnr-threads/non-rumours/20/source-tweets/20.json": json.dumps(a_status(20)).encode(),
    "ev-all-rnr-threads/non-rumours/20/reactions/40.json": b'{"id": ',
}


def a_folder(tmp_path):
    for name, content in THREADS.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path / "ev-all-rnr-threads"


@pytest.mark.parametrize(
    "make",
    [
        a_folder,
        lambda tmp_path: a_zip(tmp_path / "ev.zip", THREADS),
        lambda tmp_path: a_tar(tmp_path / "ev.tar.gz", THREADS),
    ],
)
def test_pheme_s_threads_are_one_event_in_order_of_time_without_junk_or_labels(tmp_path, make):
    *posts, broken = items_of(Archive([make(tmp_path)]))
    found = [tuple(item.record.get(name) for name in ("id", "kind", "root", "collection")) for item in posts]
    assert found == [
        ("pheme:20", "post", None, "ev"),
        ("pheme:30", "post", None, "ev"),
        ("pheme:31", "reply", "pheme:30", "ev"),
    ]
    assert (broken.reason, broken.position) == ("not JSON", "0:4")


def test_more_threads_than_can_be_sorted_are_refused_in_words(tmp_path, monkeypatch):
    monkeypatch.setattr(pheme, "MOST_POSTS", 2)
    with pytest.raises(InputError, match=r"more than 2 posts\. Name its events one by one"):
        items_of(Archive([a_zip(tmp_path / "ev.zip", THREADS)]))


# --- 4CAT ---


def test_4cat_s_x_export_is_understood_and_missing_is_not_zero(tmp_path):
    header = (
        "id,thread_id,timestamp,unix_timestamp,link,body,author,author_followers,language_guess,retweet_count,"
        "is_retweet,is_quote_tweet,is_reply,long_lat"
    )
    found = records_of(
        a_csv(
            tmp_path / "4cat.csv",
            header,
            '5,5,2026-11-20 13:00:00,1795176000,https://x.com/ann/status/5,flood,ann,,en,0,no,no,no,"-3.5, 56.2"',
            "6,5,2026-11-20 13:00:00,,,yes,bob,-1,en,,no,no,yes,",
            "7,7,2026-11-20 13:00:00,,,RT @ann: flood,eve,12,en,3,yes,no,no,",
        )
    )
    assert found[0] == {
        "id": "twitter:5",
        "kind": "post",
        "created_at": "2026-11-20T12:00:00Z",
        "author": "ann",
        "text": "flood",
        "lang": "en",
        "reposts": 0,
        "url": "https://x.com/ann/status/5",
        "latitude": 56.2,
        "longitude": -3.5,
    }
    assert found[1] == {
        "id": "twitter:6",
        "kind": "reply",
        "created_at": "2026-11-20T13:00:00Z",
        "author": "bob",
        "text": "yes",
        "lang": "en",
        "root": "twitter:5",
    }
    assert (found[2]["kind"], found[2]["author_followers"], "reposts" in found[2]) == ("repost", 12, False)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            {
                "id": "9",
                "thread_id": "chan",
                "chat": "chan",
                "author": "1",
                "author_username": "ann",
                "body": "b",
                "reply_to": "8",
                "unix_timestamp": 1795176000,
                "unix_timestamp_edited": 1795176060,
            },
            {
                "id": "telegram:chan-9",
                "reply_to": "telegram:chan-8",
                "author": "ann",
                "kind": "reply",
                "edited_at": "2026-11-20T12:01:00Z",
                "created_at": "2026-11-20T12:00:00Z",
            },
        ),
        (
            {
                "id": "chan-9",
                "thread_id": "chan",
                "chat": "chan",
                "author": "1",
                "author_username": "",
                "body": "b",
                "reply_to": "",
                "timestamp": "2026-11-20 12:00:00",
            },
            {"id": "telegram:chan-9", "author": "1", "kind": "post"},
        ),
        (
            {
                "id": "at://did:plc:a/app.bsky.feed.post/2",
                "thread_id": "at://did:plc:b/app.bsky.feed.post/1",
                "author": "ann.example",
                "author_id": "did:plc:a",
                "body": "b",
                "repost_count": 4,
                "languages": "en,fr",
                "replied_to_post": "https://bsky.app/profile/did:plc:b/post/1",
                "timestamp": 1795176000.5,
            },
            {
                "id": "at://did:plc:a/app.bsky.feed.post/2",
                "reply_to": "at://did:plc:b/app.bsky.feed.post/1",
                "root": "at://did:plc:b/app.bsky.feed.post/1",
                "author": "did:plc:a",
                "lang": "en",
                "reposts": 4,
            },
        ),
        (
            {
                "id": "c2",
                "thread_id": "p1",
                "author": "ann",
                "body": "no",
                "subject": "",
                "subreddit": "ukfloods",
                "parent": "t3_p1",
                "timestamp": "2026-11-20 12:00:00",
            },
            {"id": "reddit:c2", "reply_to": "reddit:p1", "root": "reddit:p1", "kind": "reply"},
        ),
        (
            {
                "id": "p1",
                "thread_id": "p1",
                "author": "ann",
                "body": "",
                "subject": "Dam burst?",
                "subreddit": "uk",
                "timestamp": "2026-11-20 12:00:00",
            },
            {"id": "reddit:p1", "text": "Dam burst?", "kind": "post"},
        ),
        (
            {
                "id": "12",
                "thread_id": "10",
                "board": "pol",
                "country_name": "",
                "author": "Anonymous",
                "body": "b",
                "timestamp": "2026-11-20 12:00:00",
            },
            {"id": "4chan:pol/12", "root": "4chan:pol/10", "kind": "reply"},
        ),
        (
            {
                "id": "88",
                "author": "ann",
                "body": "b",
                "tiktok_url": "https://tiktok.com/@ann/video/88",
                "author_followers": 5,
                "timestamp": "2026-11-20 12:00:00",
            },
            {"id": "tiktok:88", "author_followers": 5, "url": "https://tiktok.com/@ann/video/88"},
        ),
        (
            {
                "id": "Cx",
                "thread_id": "Cx",
                "author": "ann",
                "body": "b",
                "url": "https://www.instagram.com/p/Cx",
                "timestamp": "2026-11-20 12:00:00",
            },
            {"id": "instagram:Cx", "kind": "post"},
        ),
    ],
)
def test_each_of_4cat_s_data_sources_is_one_mapping_as_ndjson_too(tmp_path, row, expected):
    (record,) = records_of(archive_of(tmp_path, "4cat.ndjson", row))
    assert {name: record.get(name) for name in expected} == expected


def test_what_4cat_has_not_mapped_says_what_to_do(tmp_path):
    raw = {"nav_index": "1:1:0", "item_id": "3", "source_platform": "instagram.com", "data": {"pk": "3"}}
    (item,) = items_of(archive_of(tmp_path, "zeeschuimer.ndjson", raw))
    assert item.reason == "raw item: export it from 4CAT as CSV"


# --- Tables with a column map ---

COLUMNS = {"id": "Number", "text": "Body", "created_at": "When", "author_followers": "Reach", "reply_to": "Answers"}


def test_a_table_of_any_making_is_read_by_its_column_map(tmp_path):
    path = tmp_path / "vendor.2026.csv"
    path.write_text(
        "Number,Body,When,Reach,Answers,Secret\n1,flood,1795176000,5,,x\n2,yes,2026-11-20T12:01:00Z,,1,y\n"
    )
    first, second = records_of(Archive([path], columns=COLUMNS))
    assert first == {
        "id": first["id"],
        "text": "flood",
        "created_at": "2026-11-20T12:00:00Z",
        "author_followers": 5,
    }
    assert second == {
        "id": second["id"],
        "text": "yes",
        "created_at": "2026-11-20T12:01:00Z",
        "reply_to": first["id"],
    }


def test_a_parquet_table_is_read_by_its_column_map(tmp_path):
    rows = [
        {"Number": 1, "Body": "flood", "When": datetime(2026, 11, 20, 12, tzinfo=UTC), "Reach": 5, "Answers": None}
    ]
    pa.parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "vendor.parquet")
    (record,) = records_of(Archive([tmp_path / "vendor.parquet"], columns=COLUMNS))
    assert (record["id"].rpartition(":")[2], record["text"], record["created_at"].year) == ("1", "flood", 2026)


def test_a_column_that_is_not_there_is_named_with_those_that_are(tmp_path):
    archive = Archive([a_csv(tmp_path / "v.csv", "Nr,Body", "1,flood")._files[0]], columns={"id": "Number"})
    with pytest.raises(InputError, match=r'no column "Number" for id\. It has: Nr, Body\.'):
        items_of(archive)


def test_a_csv_line_without_an_end_is_passed_over_in_bounded_memory(tmp_path):
    path = tmp_path / "posts.csv"
    path.write_text("id,text\na:1,ok\na:2," + "x," * 2_000_000 + "\na:3,ok\n")
    assert [getattr(item, "reason", None) for item in items_of(Archive([path]))] == [None, "over 1 MB", None]


# --- Config ---


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"format": "phem"}, 'no such name "phem"'),
        ({"format": "phem"}, 'Did you mean "pheme"?'),
        ({"columns": {"id": "a", "texts": "b"}}, 'Did you mean "text"?'),
        ({"zone": "Europe/Londn"}, 'Did you mean "Europe/London"?'),
    ],
)
def test_settings_that_cannot_be_followed_say_why_in_one_line(table, says):
    settings_read = checked(ArchiveSettings, {"files": ["x.csv"], **table}, where="config.toml")
    with pytest.raises(ConfigError) as error:
        open_archive(settings_read, a_clock())
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_a_format_that_is_named_is_not_guessed(tmp_path):
    path = archive_of(tmp_path, "x.jsonl", {"id": "5", "text": "x"})._files[0]
    table = {"files": [str(path)], "format": "x_api"}
    (source,) = open_archive(checked(ArchiveSettings, table, where="config.toml"), a_clock())
    assert records_of(source)[0]["id"] == "twitter:5"
    assert records_of(Archive([path]))[0]["id"] == "5"


@pytest.mark.parametrize(("form", "says"), [("pheme", "none of PHEME's threads"), ("x_archive", "no data/tweets.js")])
def test_a_folder_that_is_not_what_it_is_called_is_refused_in_words(tmp_path, form, says):
    with pytest.raises(InputError, match=says):
        items_of(Archive([tmp_path], format=form))


def test_its_test_names_the_files_and_their_size(tmp_path):
    archive = Archive([archive_of(tmp_path, "x.jsonl", {"id": "5", "text": "x" * 200_000})._files[0], tmp_path])
    assert archive.test() == f"x.jsonl (0.2 MB); {tmp_path.name} (folder)"
    (tmp_path / "x.jsonl").unlink()
    with pytest.raises(InputError, match="no such file"):
        archive.test()


# --- Anything at all ---


def test_damaged_values_cost_no_more_than_their_line_and_are_not_called_too_long(tmp_path):
    path = tmp_path / "x.json"
    path.write_text('{"id": 5 "x"}\n' * 20_000 + f'{{"id": "1", "text": "{"x" * 9_000_000}"}}\n{{"id": "2"}}\n')
    items = items_of(Archive([path]))
    assert [item.reason for item in items[:-1]] == ["not JSON"] * 20_000 + ["over 8 MB"]
    assert items[-1].record == {"id": "2"}


@pytest.mark.parametrize("letter", ["x", "é", "水", "🌊"])
def test_a_text_inside_an_array_may_take_no_more_bytes_than_a_line(tmp_path, letter):
    most = LARGEST_RECORD_BYTES // len(letter.encode())
    long, good = items_of(
        archive_of(
            tmp_path,
            "x.json",
            {"id": "1", "text": letter * (most + 1)},
            {"id": "2", "text": letter * most},
            lines=False,
        )
    )
    assert (long.reason, len(long.payload), good.record["id"]) == ("over 1 MB", 2_000, "2")


def test_an_array_ends_at_its_first_damaged_item_since_nothing_tells_where_the_next_begins(tmp_path):
    (tmp_path / "x.json").write_text('[{"id": "1"}, {"id" 2,\n{"id": "inside the second"}},\n{"id": "3"}]' + " " * 99)
    good, broken = items_of(Archive([tmp_path / "x.json"]))
    assert (good.record["id"], broken.reason) == ("1", "not JSON")


def test_an_array_that_ends_between_two_items_is_cut_off(tmp_path):
    (tmp_path / "x.json").write_text('[{"id": "1"},')
    good, cut = items_of(Archive([tmp_path / "x.json"]))
    assert (good.record["id"], cut.reason) == ("1", "file cut off or damaged (no end of the array)")


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(["5", "77"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "id_str",
                    "text",
                    "full_text",
                    "data",
                    "includes",
                    "errors",
                    "users",
                    "tweets",
                    "tweet",
                    "user",
                    "geo",
                    "coordinates",
                    "referenced_tweets",
                    "type",
                    "edit_history_tweet_ids",
                    "author_id",
                    "retweeted_status",
                    "delete",
                    "status",
                    "action",
                    "user_delete",
                    "timestamp_ms",
                    "created_at",
                    "public_metrics",
                    "note_tweet",
                    "author",
                    "body",
                    "timestamp",
                    "subject",
                    "thread_id",
                    "chat",
                    "author_username",
                    "long_lat",
                    "replied_to_post",
                    "repost_count",
                    "subreddit",
                    "parent",
                    "edit_info",
                    "initial",
                    "editTweetIds",
                    "extended_tweet",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)


@settings(max_examples=150)
@given(values=st.lists(ANY_JSON, max_size=4), indent=st.sampled_from([None, 1]), size=st.integers(1, 40))
@pytest.mark.parametrize("array", [True, False])
def test_values_are_the_same_however_the_file_is_cut_into_reads(array, values, indent, size):
    each = [json.dumps(one, indent=indent) for one in values]
    written = json.dumps(values, indent=indent) if array else "\n".join(each)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_text, "_FIRST_READ_CHARACTERS", size)
        read = [value for _, value in json_text.json_values(io.BytesIO(written.encode()))]
    # A first value that is an array is taken for the array of values.
    if array or not values or not isinstance(values[0], list):
        assert json.dumps(read) == json.dumps(values)


@settings(max_examples=200)
@given(values=st.lists(ANY_JSON, max_size=4), form=st.sampled_from(["", "x_api", "four_cat", "x_archive"]))
def test_any_json_in_any_format_is_items_or_reasons_and_no_crash(tmp_path_factory, values, form):
    folder = tmp_path_factory.mktemp("json")
    normal_form, clock = NormalForm("t", b""), a_clock()
    for name, lines in (("x.jsonl", True), ("x.json", False)):
        for item in items_of(archive_of(folder, name, *values, lines=lines, format=form)):
            assert isinstance(item, Upsert | Delete | AccountRemoved) or item.reason
            if isinstance(item, Upsert):
                try:
                    normal_form.read(item.record, clock)
                except Unfit as unfit:
                    assert str(unfit)  # noqa: PT017


@settings(max_examples=100)
@given(
    content=st.binary(max_size=300),
    name=st.sampled_from(["x.json", "x.js", "x.csv", "x.txt", "x.xlsx", "x.zip", "x.tar", "x.tgz", "x.jsonl.gz"]),
)
def test_any_bytes_under_any_name_are_items_or_reasons(tmp_path_factory, content, name):
    path = tmp_path_factory.mktemp("bytes") / name
    path.write_bytes(content)
    try:
        assert all(isinstance(item, Upsert) or item.reason for item in items_of(Archive([path])))
    except InputError as error:
        known = ("no file of posts", "columns cannot be told", "as a workbook", "a workbook of an old", "as Parquet")
        assert any(reason in str(error) for reason in known)  # noqa: PT017
        assert str(error).isprintable()  # noqa: PT017
