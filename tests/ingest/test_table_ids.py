"""Ids in tables: damaged by a spreadsheet, of one platform in two files, of former versions."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats.tables.ids import damage_of, made_id
from ingest.formats.told import Told
from ingest.formats.x_posts import numbered_at
from ingest.sources.archive import Archive
from models.domain.reading import FileFact, Mark
from tests.ingest.archives import a_status, archive_of, records_of
from tests.ingest.test_reading_account import a_worker

TWARC = "id,author_id,referenced_tweets.retweeted.id,public_metrics.retweet_count,created_at,text"


def a_table(tmp_path, *lines: str, name: str = "posts.csv", **how) -> Archive:
    (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Archive([tmp_path / name], **how)


def posts(ids) -> list[str]:
    return [f"{post},2026-11-20T09:{at:02}:00Z,user{at},The dam has burst" for at, post in enumerate(ids)]


@pytest.mark.parametrize(
    "ids",
    [
        ["1.29403E+18"] * 3,
        ['"1,29403E+18"'] * 3,
        ["1.29403e18"] * 3,
        ['"1,294,030,472,427,840,000"'] * 3,
        ['"1294030472427840000,00"'] * 3,
        ["########"] * 3,
        ["1294030472427840000", "1294030472427840000", "1294090472427840000"],
        ["1294030472427849984", "1294030472427849984", "1294030472427859968"],
        ["1294030472427850000", "1294030472427850000", "1294030472427860000"],
    ],
)
def test_posts_whose_ids_a_spreadsheet_damaged_are_all_kept_and_the_cause_is_told(tmp_path, ids):
    archive = a_table(tmp_path, "id,created_at,author,text", *posts(ids))
    assert len({record["id"] for record in records_of(archive)}) == len(ids)
    (line,) = archive.told
    assert "a spreadsheet" in line
    assert "export them as text: 3" in line


@pytest.mark.parametrize(
    "written",
    [
        '"1,294,030,472,427,847,681"',
        "1.294.030.472.427.847.681",
        "1\u202f294\u202f030\u202f472\u202f427\u202f847\u202f681",
    ],
)
def test_an_id_with_signs_between_its_thousands_is_the_same_id(tmp_path, written):
    archive = a_table(tmp_path, "id,text,reply_to", f"{written},The dam has burst,", f"5,Is that so?,{written}")
    post, reply = records_of(archive)
    assert (post["id"], reply["reply_to"]) == ("1294030472427847681",) * 2


def test_people_whose_numbers_a_spreadsheet_made_one_are_unknown_and_not_one_person(tmp_path):
    rows = [f"{number},1.29403E+18,The dam has burst" for number in (5, 6, 7)]
    archive = a_table(tmp_path, "id,author,text", *rows)
    assert [record.get("author") for record in records_of(archive)] == [None] * 3
    assert any(
        "numbers of authors that a spreadsheet damaged" in line and line.endswith(": 3") for line in archive.told
    )


def test_the_same_row_in_two_damaged_files_is_one_post(tmp_path):
    rows = posts(["1.29403E+18", "1.29403E+18"])
    first = a_table(tmp_path, "id,created_at,author,text", *rows, name="a.csv")
    second = a_table(tmp_path, "id,created_at,author,text", *rows, name="b.csv")
    assert records_of(first) == records_of(second)


def test_links_that_are_damaged_are_dropped_and_told(tmp_path):
    archive = a_table(tmp_path, "id,text,reply_to", "1294030472427847681,yes,1.29403E+18")
    assert records_of(archive) == [{"id": "1294030472427847681", "text": "yes"}]
    assert any("links to other posts dropped" in line for line in archive.told)


@given(ids=st.lists(st.integers(10**16, 2 * 10**16).map(lambda number: 100 * number + 37), min_size=1))
def test_ids_as_platforms_give_them_are_not_taken_for_damaged(ids):
    assert damage_of([str(number) for number in ids]) is None


@given(ids=st.lists(st.integers(10**18, 2 * 10**18), min_size=3))
def test_ids_that_a_float_held_are_always_noticed(ids):
    assert damage_of([str(int(float(number))) for number in ids]) is not None


@given(st.tuples(*[st.text(max_size=9)] * 3), st.tuples(*[st.text(max_size=9)] * 3))
def test_a_made_id_is_the_same_for_the_same_words_only(one, other):
    stripped = [tuple(value.strip() for value in said) for said in (one, other)]
    assert (made_id(*one) == made_id(*other)) == (stripped[0] == stripped[1] or not any(map(any, stripped)))


# --- Across files ---


def test_two_daily_exports_of_one_platform_meet_and_links_between_them_hold(tmp_path):
    monday = "15000000000000001,9,,3,2026-11-20T09:00:00Z,The dam has burst"
    tuesday = "15000000000000009,8,15000000000000001,3,2026-11-21T09:00:00Z,RT @x: The dam"
    first = a_table(tmp_path, TWARC, monday, name="day1.csv")
    second = a_table(tmp_path, TWARC, tuesday, name="day2.csv")
    (original,), (repost,) = records_of(first), records_of(second)
    assert (original["id"], repost["repost_of"]) == ("twitter:15000000000000001",) * 2


def test_tables_of_an_unknown_tool_meet_by_their_header_and_not_by_their_name(tmp_path):
    how = {"columns": {"id": "Number", "text": "Body", "reply_to": "Answers"}}
    first = a_table(tmp_path, "Number,Body,Answers", "1,The dam has burst,", name="monday.csv", **how)
    second = a_table(tmp_path, "Number,Body,Answers", "2,Is that so?,1", name="tuesday.csv", **how)
    other = a_table(tmp_path, "Number,Body,Answers,Team", "1,Unit 5 is on its way,,A", name="log.csv", **how)
    (post,), (reply,), (entry,) = records_of(first), records_of(second), records_of(other)
    assert reply["reply_to"] == post["id"] != entry["id"]


@pytest.mark.parametrize(
    ("link", "post"),
    [
        ("https://twitter.com/ann/status/5", "twitter:9"),
        ("https://www.instagram.com/p/Cx", "instagram:9"),
        ("https://x.com/ann/status/5", "twitter:9"),
    ],
)
def test_an_id_is_that_of_the_platform_to_which_the_row_s_link_leads(tmp_path, link, post):
    (record,) = records_of(a_table(tmp_path, "Post ID,Message,Link", f"9,The dam has burst,{link}"))
    assert record["id"] == post


@pytest.mark.parametrize("column", ["Tweet Id", "tweet_id", "id_tweet"])
def test_a_column_of_tweets_holds_ids_of_x(tmp_path, column):
    how = {"columns": {"id": column}}
    (record,) = records_of(
        a_table(tmp_path, f"{column},Content,Username", '"""1600000000000000001""",Dam burst,ann', **how)
    )
    assert record["id"] == "twitter:1600000000000000001"


@pytest.mark.parametrize(
    ("zone", "apart"), [("UTC", "-1 hours"), ("America/New_York", "-5 hours"), ("Europe/London", "")]
)
def test_numbers_of_x_are_known_by_the_time_in_them_which_shows_a_wrong_zone_too(tmp_path, zone, apart):
    number = "1813447331226767361"
    written_at = datetime.fromisoformat(numbered_at(number)).astimezone(ZoneInfo(zone))
    rows = (f"{number},{written_at:%d/%m/%Y %H:%M:%S},The dam has burst",)
    archive = a_table(tmp_path, "Post ID,Time,Message", *rows)
    assert records_of(archive)[0]["id"] == f"twitter:{number}"
    told = [line for line in archive.told if "from those in the ids of X: check the zone (--zone)" in line]
    assert [apart in line for line in told] == ([True] if apart else [])


def test_a_link_to_a_former_version_of_an_edited_post_finds_it(tmp_path):
    header = "id,edit_history_tweet_ids,author_id,public_metrics.retweet_count,referenced_tweets.replied_to.id,text"
    edited, reply = records_of(
        a_table(
            tmp_path,
            header,
            "15000000000000002,\"['15000000000000001', '15000000000000002']\",9,0,,The dam has burst",
            "15000000000000009,['15000000000000009'],8,0,15000000000000002,Is that so?",
        )
    )
    assert (edited["id"], reply["reply_to"]) == ("twitter:15000000000000001",) * 2


def test_so_it_does_in_later_answers_of_x(tmp_path):
    edited = a_status(12, edit_history={"initial_tweet_id": "11"})
    reply = a_status(20, in_reply_to_status_id_str="12")
    found = records_of(archive_of(tmp_path, "x.jsonl", edited, reply))
    assert (found[0]["id"], found[1]["reply_to"]) == ("twitter:11", "twitter:11")


def test_a_file_whose_ids_were_damaged_is_marked_and_each_batch_adds_to_the_count(tmp_path, store):
    lines = ["id,created_at,author,text", *posts(["1.29403E+18"] * 59)]
    first = a_table(tmp_path, *lines, name="damaged.csv")
    whole = a_table(tmp_path, "id,text", "7,lunch", name="whole.csv")
    worker = a_worker(store, "archive")
    batches = list(Archive([*first._files, *whole._files]).batches(None))
    for batch in [*batches, *batches]:
        worker.save(batch)
    told = store.sources.told_of_files("archive")
    assert [(fact.mark, fact.items) for fact in told["damaged.csv"] if fact.mark] == [(Mark.MADE_IDS, 59)]
    assert not any(fact.mark for fact in told.get("whole.csv", []))


def test_what_is_told_of_a_file_is_told_batch_by_batch_with_its_whole_count():
    told = Told()
    told.begin("a.zip")
    told.once("1.csv", "separated by semicolons")
    told.count("1.csv", "rows put together again")
    assert told.news("a.zip") == (
        FileFact("1.csv", "separated by semicolons"),
        FileFact("1.csv", "rows put together again", 1),
    )
    told.count("1.csv", "rows put together again")
    assert told.news("a.zip") == (FileFact("1.csv", "rows put together again", 2),)
    assert (told.news("a.zip"), told.news("b.zip")) == ((), ())
    assert told.lines() == ["1.csv: separated by semicolons", "1.csv: rows put together again: 2"]
