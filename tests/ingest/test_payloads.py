"""Real payloads of X and PHEME, read whole: what comes out is counted against plain JSON, by no code of ours.

The files lie beside the project; the counts are taken anew from each, so that a file may be exchanged.
"""

import gzip
import json
import tarfile
from collections import Counter

import pytest

from ingest.normal_form import NormalForm
from ingest.source import AccountRemoved, Delete, Unreadable, Upsert
from ingest.sources.archive import Archive
from tests.builders import a_clock

X_FILES = [
    "edited_after.jsonl",
    "geo_tweets.jsonl",
    "many_urls.jsonl",
    "media_tweet.jsonl",
    "noflat.jsonl.gz",
    "quoted_edit.jsonl",
    "streaming_output_with_error.jsonl",
    "tweets_compliance.jsonl",
]
PHEME = "payloads/pheme_folder_ebola-essien.tar.gz"


def items_of(path) -> list:
    return [item for batch in Archive([path]).batches(None) for item in batch.items]


def counted(items) -> Counter:
    """Items by what they are, posts by kind and by their known fields."""
    counts: Counter = Counter()
    for item in items:
        counts[type(item).__name__] += 1
        if isinstance(item, Upsert):
            counts[item.record["kind"]] += 1
            fields = ("edited_at", "latitude", "author", "author_followers", "reply_to", "quote_of", "repost_of")
            counts.update(name for name in fields if name in item.record)
    return counts


def objects_in(path) -> tuple[list[dict], int]:
    """A file's JSON objects, and how many of its lines are none."""
    objects, broken = [], 0
    with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as stream:
        for line in stream:
            if line.strip():
                try:
                    objects.append(json.loads(line))
                except ValueError:
                    broken += 1
    return objects, broken


def expected_of(path) -> Counter:
    """What an X file holds, from its plain JSON."""
    objects, broken = objects_in(path)
    counts: Counter = Counter(Unreadable=broken)
    for answer in objects:
        if answer.get("action") == "delete":
            counts["Delete"] += 1
            continue
        data = answer["data"] if isinstance(answer["data"], list) else [answer["data"]]
        posts = {post["id"]: post for post in [*answer["includes"].get("tweets", []), *data]}
        users = {user["id"]: user for user in answer["includes"]["users"]}
        counts["Unreadable"] += len(answer.get("errors", []))
        for post in posts.values():
            counts["Upsert"] += 1
            types = {reference["type"] for reference in post.get("referenced_tweets", [])}
            kinds = [
                k for k, t in (("repost", "retweeted"), ("reply", "replied_to"), ("quote", "quoted")) if t in types
            ]
            counts[kinds[0] if kinds else "post"] += 1
            counts["repost_of"] += "retweeted" in types
            counts["reply_to"] += "replied_to" in types
            counts["quote_of"] += "quoted" in types
            counts["edited_at"] += post.get("edit_history_tweet_ids", [post["id"]])[0] != post["id"]
            counts["latitude"] += "coordinates" in post.get("geo", {})
            counts["author"] += post["author_id"] in users
            counts["author_followers"] += post["author_id"] in users
    return +counts


def test_every_file_of_the_folder_is_looked_at(shared_data):
    assert sorted(path.name for path in (shared_data / "payloads/x_api_v2").iterdir()) == sorted(X_FILES)


@pytest.mark.parametrize("name", X_FILES)
def test_a_file_of_x_brings_what_its_plain_json_holds(shared_data, name):
    path = shared_data / "payloads/x_api_v2" / name
    expected = expected_of(path)
    assert expected.total() > 0
    assert counted(items_of(path)) == expected


def test_together_they_hold_every_kind_of_item_but_removed_accounts(shared_data):
    total: Counter = Counter()
    for name in X_FILES:
        total += counted(items_of(shared_data / "payloads/x_api_v2" / name))
    assert {"post", "reply", "repost", "quote", "edited_at", "latitude", "Delete", "Unreadable"} <= set(total)
    assert AccountRemoved.__name__ not in total


@pytest.mark.parametrize("name", X_FILES)
def test_every_post_of_x_can_be_kept(shared_data, name):
    normal_form, clock = NormalForm("archive", b"key"), a_clock()
    for item in items_of(shared_data / "payloads/x_api_v2" / name):
        if isinstance(item, Upsert):
            post = normal_form.read(item.record, clock)
            assert post.flags == ()
            assert post.created_at.year > 2009


def test_both_versions_of_an_edited_post_are_one_post_and_links_lead_to_it(shared_data):
    first, second = items_of(shared_data / "payloads/x_api_v2/edited_after.jsonl")
    assert first.record["id"] == second.record["id"] == "twitter:1576994746135764992"
    assert "edited_at" not in first.record
    assert (second.record["text"], second.record["edited_at"]) == (
        "hey :) https://t.co/rnwEIoNuqd",
        "2022-10-03T17:57:11.000Z",
    )
    assert first.record["created_at"] == second.record["created_at"]
    *_, answer = items_of(shared_data / "payloads/x_api_v2/quoted_edit.jsonl")
    assert {answer.record[link] for link in ("reply_to", "root", "quote_of")} == {"twitter:1576994746135764992"}


@pytest.mark.parametrize("name", [*(f"payloads/x_api_v2/{name}" for name in X_FILES), PHEME])
def test_every_item_of_a_real_file_is_a_place_to_go_on_from(shared_data, name):
    archive = Archive([shared_data / name])
    items = items_of(shared_data / name)
    assert len({item.position for item in items}) == len(items)
    for number in range(0, len(items), max(1, len(items) // 7)):
        rest = [item for batch in archive.batches(items[number].position) for item in batch.items]
        assert rest == items[number + 1 :]


def test_compliance_deletes_name_the_posts_and_why(shared_data):
    deletes = items_of(shared_data / "payloads/x_api_v2/tweets_compliance.jsonl")
    assert [(item.post_id, item.reason) for item in deletes] == [
        ("twitter:1170025343920402432", "protected at its source"),
        ("twitter:1170147183095664640", "deactivated at its source"),
    ]
    assert all(isinstance(item, Delete) and not item.in_order for item in deletes)


def test_a_mention_of_a_suspended_account_deletes_nothing(shared_data):
    (error,) = [i for i in items_of(shared_data / "payloads/x_api_v2/noflat.jsonl.gz") if isinstance(i, Unreadable)]
    assert error.reason == "error in X's answer: not found"
    assert "gatewaypundit" in error.payload


def pheme_statuses(path) -> dict[str, tuple[list[str], dict]]:
    """Post's number → the folders it lies in and its plain JSON."""
    found = {}
    with tarfile.open(path) as archive:
        for member in archive:
            parts = member.name.split("/")
            inside = {"source-tweets", "source-tweet", "reactions"} & set(parts[:-1])
            if member.isfile() and inside and not parts[-1].startswith("."):
                found[parts[-1].removesuffix(".json")] = (parts, json.load(archive.extractfile(member)))
    return found


def test_pheme_s_folders_bring_each_post_once_and_in_order_of_time(shared_data):
    statuses = pheme_statuses(shared_data / PHEME)
    items = items_of(shared_data / PHEME)
    assert [item.record["id"] for item in items] == [f"pheme:{number}" for number in sorted(statuses, key=int)]
    assert [i.record["created_at"] for i in items] == sorted(i.record["created_at"] for i in items)
    sources = sum(parts[-2] != "reactions" for parts, _ in statuses.values())
    placed = sum(status["coordinates"] is not None for _, status in statuses.values())
    assert counted(items) == Counter(
        Upsert=len(statuses),
        post=sources,
        reply=len(statuses) - sources,
        latitude=placed,
        author=len(statuses),
        author_followers=len(statuses),
        reply_to=sum(status["in_reply_to_status_id_str"] is not None for _, status in statuses.values()),
    )


def test_a_post_from_pheme_s_folders_is_the_post_of_the_prepared_file(shared_data):
    with gzip.open(shared_data / "pheme_dev.jsonl.gz") as stream:
        prepared = [json.loads(line) for line in stream if b'"collection": "ebola-essien"' in line]
    from_folders = {item.record["id"]: item.record for item in items_of(shared_data / PHEME)}
    assert len(prepared) == len(from_folders) > 0
    same = (
        "collection",
        "kind",
        "created_at",
        "author_followers",
        "text",
        "lang",
        "reply_to",
        "root",
        "reposts",
    )
    for record in prepared:
        assert {name: from_folders[record["id"]].get(name) for name in same} == {name: record[name] for name in same}


def test_no_label_of_pheme_s_reaches_a_record(shared_data):
    for item in items_of(shared_data / PHEME):
        assert "gold" not in item.record
        assert not any("rumour" in str(item.record.get(name)) for name in ("collection", "url", "root", "id"))
