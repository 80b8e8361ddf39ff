"""X in all its forms: posts, answers, what is taken back, and a person's own archive."""

import json
from datetime import UTC, datetime

import pytest

from ingest.formats import json_text, x_notices
from ingest.source import AccountRemoved, Delete, Unreadable
from ingest.sources.archive import Archive
from tests.ingest.archives import STATUS, a_status, a_zip, archive_of, items_of, records_of

# --- X, first interface ---


def test_a_post_of_x_s_first_interface_becomes_a_record(tmp_path):
    assert records_of(archive_of(tmp_path, "x.jsonl", STATUS)) == [
        {
            "id": "twitter:521350916872876033",
            "kind": "post",
            "created_at": "2014-10-12T17:25:19Z",
            "author": "ann",
            "author_followers": 10,
            "text": "Unconfirmed: the bridge is closed",
            "lang": "en",
            "reposts": 3,
            "url": "https://x.com/i/status/521350916872876033",
            "latitude": 56.2,
            "longitude": -3.5,
        }
    ]


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"full_text": "whole"}, "whole"),
        ({"truncated": True, "extended_tweet": {"full_text": "longest"}, "text": "lon…"}, "longest"),
        ({"extended_tweet": None}, STATUS["text"]),
    ],
)
def test_the_whole_text_is_taken_where_there_is_one(tmp_path, changes, text):
    assert records_of(archive_of(tmp_path, "x.jsonl", {**STATUS, **changes}))[0]["text"] == text


def test_a_repost_brings_the_post_it_repeats_and_that_brings_the_one_it_quotes(tmp_path):
    quoted = a_status(1)
    original = a_status(2, quoted_status_id_str="1", quoted_status=quoted)
    repost = a_status(3, text="RT @ann: …", retweeted_status=original, quoted_status_id_str="1")
    found = records_of(archive_of(tmp_path, "x.jsonl", repost))
    assert [(one["id"], one["kind"]) for one in found] == [
        ("twitter:1", "post"),
        ("twitter:2", "quote"),
        ("twitter:3", "repost"),
    ]
    assert found[2]["repost_of"] == "twitter:2"
    assert "quote_of" not in found[2]
    assert "reposts" not in found[2]


def test_an_array_of_posts_is_read_item_by_item_whatever_its_length(tmp_path):
    archive = archive_of(tmp_path, "x.json.gz", *[a_status(n) for n in range(1, 3_001)], lines=False)
    items = items_of(archive)
    assert [item.record["id"] for item in items] == [f"twitter:{n}" for n in range(1, 3_001)]
    assert items_of(archive, items[1_499].position) == items[1_500:]


def test_an_array_that_is_cut_off_gives_what_it_holds(tmp_path):
    text = json.dumps([a_status(n) for n in range(1, 500)])
    (tmp_path / "x.json").write_text(text[: len(text) // 2])
    items = items_of(Archive([tmp_path / "x.json"]))
    assert items[-1].reason == "not JSON"
    assert len(items) > 200


def test_one_value_over_several_lines_is_one_value_and_after_damage_the_next_line_goes_on(tmp_path):
    pretty = json.dumps(STATUS, indent=2)
    (tmp_path / "x.json").write_text(f'{pretty}\n{{"id": 5 "x"}}\n{json.dumps(a_status(6))}\n')
    first, broken, last = items_of(Archive([tmp_path / "x.json"]))
    assert (first.record["id"], broken.reason, last.record["id"]) == (
        "twitter:521350916872876033",
        "not JSON",
        "twitter:6",
    )


# --- X, second interface ---


def an_answer(*posts, **more) -> dict:
    users = [{"id": "77", "username": "ann", "public_metrics": {"followers_count": 10}}]
    return {"data": list(posts), "includes": {"users": users}, **more}


def a_post2(number: int, **changes) -> dict:
    post = {"id": str(number), "author_id": "77", "text": "flood", "created_at": "2026-11-20T12:00:00.000Z"}
    return {**post, "conversation_id": str(number), **changes}


def test_an_answer_gives_its_posts_in_order_of_time_after_what_they_refer_to(tmp_path):
    answer = an_answer(a_post2(30), a_post2(20, referenced_tweets=[{"type": "replied_to", "id": "9"}]))
    answer["includes"]["tweets"] = [a_post2(9)]
    found = records_of(archive_of(tmp_path, "x.jsonl", answer))
    assert [one["id"] for one in found] == ["twitter:9", "twitter:20", "twitter:30"]
    assert (found[1]["kind"], found[1]["reply_to"]) == ("reply", "twitter:9")


def test_a_flattened_answer_says_the_same_as_the_whole_one(tmp_path):
    reference = {"type": "quoted", "id": "9"}
    whole = an_answer(a_post2(20, referenced_tweets=[reference]))
    whole["includes"]["tweets"] = [a_post2(9)]
    user = whole["includes"]["users"][0]
    flat = a_post2(20, author=user, referenced_tweets=[{**reference, **a_post2(9), "author": user}])
    four_cat_s = a_post2(20, author_user=user, referenced_tweets=[{**reference, **a_post2(9), "author_user": user}])
    expected = records_of(archive_of(tmp_path, "whole.jsonl", whole))
    assert [one["kind"] for one in expected] == ["post", "quote"]
    for name, form in (("flat.jsonl", flat), ("four_cat.jsonl", four_cat_s)):
        assert records_of(archive_of(tmp_path, name, form)) == expected


def test_a_long_post_is_read_from_its_note(tmp_path):
    (record,) = records_of(archive_of(tmp_path, "x.jsonl", an_answer(a_post2(1, note_tweet={"text": "all of it"}))))
    assert record["text"] == "all of it"


def test_a_page_of_x_may_be_longer_than_a_line_and_is_still_bounded(tmp_path, monkeypatch):
    page = an_answer(*[a_post2(n, text="x" * 1_000) for n in range(1_500)])
    assert len(records_of(archive_of(tmp_path, "x.jsonl", page, page))) == 3_000
    monkeypatch.setattr(json_text, "LONGEST_PAGE_BYTES", 1_200_000)
    first, second = items_of(archive_of(tmp_path, "x.jsonl", page, an_answer(a_post2(1))))
    assert (first.reason, second.record["id"]) == ("over 8 MB", "twitter:1")


ASKED_FOR = {
    "type": "https://api.twitter.com/2/problems/resource-not-found",
    "resource_type": "tweet",
    "parameter": "ids",
    "resource_id": "5",
}


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ASKED_FOR, Delete),
        # Only referred to: it may be hidden from this reader alone.
        ({**ASKED_FOR, "parameter": "referenced_tweets.id"}, Unreadable),
        ({**ASKED_FOR, "resource_type": "user"}, Unreadable),
        ({**ASKED_FOR, "resource_id": "../5"}, Unreadable),
        ({"type": "about:blank", "title": "Too Many Requests"}, Unreadable),
        ("disconnected", Unreadable),
    ],
)
def test_only_a_post_asked_for_by_its_id_and_not_found_is_gone(tmp_path, error, expected):
    (item,) = items_of(archive_of(tmp_path, "x.jsonl", {"errors": [error]}))
    assert type(item) is expected


# --- X: what is taken back ---


@pytest.mark.parametrize(
    "notice",
    [
        {"delete": {"status": {"id": 5, "id_str": "5", "user_id": 77}, "timestamp_ms": "1790000000000"}},
        {"data": {"delete": {"tweet": {"id": "5", "author_id": "77"}, "event_at": "2026-11-20T12:00:00Z"}}},
        {"data": {"drop": {"tweet": {"id": "5", "author_id": "77"}, "event_at": "2026-11-20T12:00:00Z"}}},
        {"id": "5", "action": "delete", "created_at": "2026-11-20T12:00:00Z", "reason": "deleted"},
    ],
)
def test_a_delete_is_understood_in_each_of_x_s_forms(tmp_path, notice):
    _, item = items_of(archive_of(tmp_path, "x.jsonl", STATUS, notice))
    assert (type(item), item.post_id, item.in_order) == (Delete, "twitter:5", False)


REMOVALS = [
    {"user_delete": {"id": 77, "timestamp_ms": "1790000000000"}},
    {"data": {"user_suspend": {"user": {"id": "77"}, "event_at": "2026-09-21T14:13:20.000Z"}}},
    {"user_protect": {"id_str": "77", "timestamp_ms": "1790000000000"}},
]


@pytest.mark.parametrize("notice", REMOVALS)
def test_an_account_removed_by_its_number_is_named_as_in_its_posts(tmp_path, notice):
    *_, item = items_of(archive_of(tmp_path, "x.jsonl", STATUS, notice))
    assert (type(item), item.author) == (AccountRemoved, "ann")
    assert item.happened_at == datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)


def test_the_number_is_known_from_an_earlier_file_also_when_that_was_read_in_an_earlier_run(tmp_path):
    for name, value in (("1.jsonl", STATUS), ("2.jsonl", REMOVALS[0])):
        archive_of(tmp_path, name, value)
    archive = Archive([tmp_path / "1.jsonl", tmp_path / "2.jsonl"])
    post, removal = items_of(archive)
    assert items_of(archive, "1:0") == [removal]
    assert items_of(archive, post.position) == [removal]


@pytest.mark.parametrize(
    ("notice", "reason"),
    [
        (
            {"user_delete": {"id": 99, "timestamp_ms": "1790000000000"}},
            "account removed, but none of its posts was read",
        ),
        ({"user_delete": {"id": 77}}, "no time"),
        ({"delete": {"status": {"id_str": "5 or 6"}}}, "no id"),
        ({"delete": {"status": []}}, "no id"),
        ({"scrub_geo": {"user_id": 77, "up_to_status_id": 5}}, "notice, no post: scrub_geo"),
        ({"limit": {"track": 1234}}, "notice, no post: limit"),
        ({"id": "5", "action": "scrub_geo", "reason": "scrub_geo"}, "notice, no post: other compliance action"),
    ],
)
def test_a_notice_that_cannot_be_followed_is_counted_with_its_reason(tmp_path, notice, reason):
    *_, item = items_of(archive_of(tmp_path, "x.jsonl", STATUS, notice))
    assert item.reason == reason


def test_account_numbers_are_kept_in_bounded_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(x_notices, "ACCOUNTS_REMEMBERED", 2)
    others = [a_status(n, user={"id_str": str(n), "screen_name": "bob"}) for n in (1, 2)]
    *_, item = items_of(archive_of(tmp_path, "x.jsonl", STATUS, *others, REMOVALS[0]))
    assert isinstance(item, Unreadable)


# --- X: a person's archive ---

TWEETS = "window.YTD.tweets.part0 = " + json.dumps(
    [
        {"tweet": {"id_str": "5", "full_text": "flood", "created_at": STATUS["created_at"], "retweet_count": "7"}},
        {
            "tweet": {
                "id_str": "1576994789110992896",
                "full_text": "flood!",
                "created_at": "Mon Oct 03 17:57:11 +0000 2022",
                "edit_info": {"edit": {"initialTweetId": "1576994746135764992"}},
            }
        },
    ],
    indent=2,
)
ACCOUNT = 'window.YTD.account.part0 = [{"account": {"username": "ann", "email": "ann@example.org"}}]'
MESSAGES = "window.YTD.direct_messages.part0 = " + json.dumps([{"tweet": {"id_str": "6", "full_text": "secret"}}])
X_ARCHIVE = {
    "data/account.js": ACCOUNT.encode(),
    "data/deleted-tweets.js": MESSAGES.encode(),
    "data/direct-messages.js": MESSAGES.encode(),
    "data/tweets.js": TWEETS.encode(),
    "data/tweets-part1.js": TWEETS.replace('"5"', '"50"').encode(),
}


def test_of_a_person_s_archive_only_the_posts_are_read_and_they_are_the_account_s(tmp_path):
    archive = Archive([a_zip(tmp_path / "twitter-2026.zip", X_ARCHIVE)])
    items = items_of(archive)
    assert [item.record["id"] for item in items] == [
        "twitter:5",
        "twitter:1576994746135764992",
        "twitter:50",
        "twitter:1576994746135764992",
    ]
    assert {item.record["author"] for item in items} == {"ann"}
    assert (items[0].record["reposts"], items[0].record["created_at"]) == (7, "2014-10-12T17:25:19Z")
    assert (items[1].record["created_at"], items[1].record["edited_at"]) == (
        "2022-10-03T17:57:01.000Z",
        "2022-10-03T17:57:11Z",
    )
    assert items_of(archive, items[1].position) == items[2:]


def test_a_person_s_archive_unpacked_and_its_one_file_alone_are_read_too(tmp_path):
    (tmp_path / "data").mkdir()
    for name, content in X_ARCHIVE.items():
        (tmp_path / name).write_bytes(content)
    assert {item.record["author"] for item in items_of(Archive([tmp_path]))} == {"ann"}
    assert records_of(Archive([tmp_path / "data/tweets.js"]))[0]["id"] == "twitter:5"
