"""Mastodon: what the poller does against an instance (a stand-in) over real HTTP."""

import json
from datetime import timedelta

import pytest
from mastodon import Mastodon as MastodonPy

from ingest.net import http
from ingest.source import Batch, Delete, Rechecking, Unreadable, Upsert
from ingest.sources.mastodon import MastodonSettings, open_mastodon
from models.config import checked
from models.domain.incidents import Watch
from models.domain.reading import Passing
from models.errors import ConfigError, SourceFailed, SourceUnreachable
from tests.builders import NOON, OFFICER, a_clock, an_incident
from tests.ingest.stand_in_mastodon import a_status, running
from tests.ingest.test_reading_account import a_worker, account

# As Mastodon counts: milliseconds, and 16 bits.
A_DAY_AND_MORE_TO_COME = str(int((NOON.timestamp() + 90_000) * 1_000) << 16)


@pytest.fixture
def instance():
    with running() as opened:
        yield opened


def sources(*tables, **settings):
    table = {"instances": [{"consent": "its administrator, 1 Nov 2026", **table} for table in tables], **settings}
    return open_mastodon(checked(MastodonSettings, table, where="config.toml"), a_clock())


def a_source(instance, **changes):
    (opened,) = sources({"host": instance.host, "hashtags": ["flood"], **changes})
    return opened


def read(source, cursor=None):
    """Every item of one poll, and the cursor to go on from."""
    batches = list(source.batches(cursor))
    return [item for batch in batches for item in batch.items], batches[-1].cursor


def ids(items):
    return [item.record["id"].rpartition(":")[2] for item in items]


def test_the_stand_in_pages_as_a_client_library_of_others_expects(instance):
    numbers = [instance.post()["id"] for _ in range(25)]
    client = MastodonPy(api_base_url=f"http://{instance.host}", version_check_mode="none", ratelimit_method="throw")
    assert [str(one.id) for one in client.timeline_hashtag("flood", min_id=numbers[2], limit=10)] == numbers[3:13][
        ::-1
    ]
    assert [str(one.id) for one in client.timeline_hashtag("flood")] == numbers[5:][::-1]


def test_the_first_poll_brings_the_newest_page_oldest_first(instance):
    numbers = [instance.post()["id"] for _ in range(90)]
    items, _ = read(a_source(instance))
    assert ids(items) == numbers[50:]


def test_an_instance_with_nothing_yet_misses_nothing_later(instance):
    source = a_source(instance)
    _, cursor = read(source)
    numbers = [instance.post()["id"] for _ in range(50)]
    assert ids(read(source, cursor)[0]) == numbers


def test_later_polls_page_until_they_have_all(instance):
    source = a_source(instance)
    instance.post()
    _, cursor = read(source)
    numbers = [instance.post()["id"] for _ in range(130)]
    batches = list(source.batches(cursor))
    assert [len(batch.items) for batch in batches] == [40, 40, 40, 10, 0]
    assert [batch.caught_up for batch in batches] == [False] * 4 + [True]
    assert ids(item for batch in batches for item in batch.items) == numbers


def test_it_goes_on_from_any_cursor_without_loss_or_duplicate(instance):
    source = a_source(instance, hashtags=["flood", "storm"], public=True)
    instance.post()
    _, cursor = read(source)
    for number in range(100):
        instance.post(f"{number} #flood" if number % 2 else f"{number} #storm")
    batches = list(source.batches(cursor))
    for number, batch in enumerate(batches):
        rest = [
            item
            for later in a_source(instance, hashtags=["flood", "storm"], public=True).batches(batch.cursor)
            for item in later.items
        ]
        assert rest == [item for later in batches[number + 1 :] for item in later.items]


def test_the_local_timeline_is_asked_for_local_posts_only(instance):
    read(a_source(instance, public=True, hashtags=[]))
    assert instance.asked == ["/api/v1/timelines/public?limit=40&local=true"]


def test_an_instance_that_repeats_its_page_for_ever_ends_the_poll(instance):
    status = instance.post()
    source = a_source(instance)
    _, cursor = read(source)
    instance.fail(200, body=json.dumps([status]).encode())
    assert read(source, cursor)[0] == []


@pytest.mark.parametrize(
    "number",
    ["9" * 64, "9" * 18, "9" * 20, "00000000000000000001", "7" + "Z" * 25, A_DAY_AND_MORE_TO_COME],
)
def test_no_number_can_silence_what_is_posted_later(instance, number):
    source = a_source(instance)
    first = instance.post()["id"]
    instance.fail(200, body=json.dumps([instance.statuses[0], a_status(number, "#flood", instance.host)]).encode())
    items, cursor = read(source)
    assert first in [item.record["id"].rpartition(":")[2] for item in items if isinstance(item, Upsert)]
    later = instance.post()["id"]
    assert ids(read(source, cursor)[0]) == [later]


def test_an_instance_may_count_in_ulids(instance):
    source = a_source(instance)
    ulids = ["01FN3VJGFH10KR7S2PB0GFJZYG", "01FN3VJGFHZZZZZZZZZZZZZZZZ", "01KAGKVZR00000000000000000"]
    instance.fail(200, body=json.dumps([a_status(ulids[0], "#flood", instance.host)]).encode())
    _, cursor = read(source)
    instance.fail(200, body=json.dumps([a_status(one, "#flood", instance.host) for one in ulids]).encode())
    instance.fail(200, body=b"[]")
    items, cursor = read(source, cursor)
    assert ids(items) == ulids[1:]
    assert json.loads(cursor) == {"#flood": ulids[2]}


def test_one_broken_status_does_not_spoil_its_page(instance):
    instance.post()
    instance.post(spoiler_text=5)
    instance.post()
    assert [type(item) for item in read(a_source(instance))[0]] == [Upsert, Unreadable, Upsert]


def test_a_page_that_fails_half_way_is_asked_again_from_there(instance, monkeypatch):
    source = a_source(instance)
    instance.post()
    _, cursor = read(source)
    numbers = [instance.post()["id"] for _ in range(60)]
    polled = source.batches(cursor)
    first = next(polled)
    for _ in range(http.ATTEMPTS):
        instance.fail(503)
    with pytest.raises(SourceUnreachable):
        next(polled)
    assert ids(first.items) + ids(read(source, first.cursor)[0]) == numbers


def test_a_hiccup_is_tried_again_at_once(instance):
    instance.post()
    instance.fail(502)
    assert len(read(a_source(instance))[0]) == 1


def test_a_short_wait_that_is_asked_for_is_kept(instance):
    instance.post()
    instance.fail(429, {"Retry-After": "0"})
    assert len(read(a_source(instance))[0]) == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "90"}, 90),
        ({"Retry-After": "Fri, 20 Nov 2026 12:02:00 GMT"}, 120),
        ({"X-RateLimit-Reset": "2026-11-20T12:05:00.000000Z"}, 300),
        ({"Retry-After": "9" * 400}, 86_400),
    ],
)
def test_a_rate_limit_says_when_to_come_back(instance, headers, seconds):
    instance.fail(429, headers)
    with pytest.raises(SourceUnreachable) as error:
        read(a_source(instance))
    assert error.value.retry_after_seconds == seconds
    assert len(instance.asked) == 1


def test_an_instance_that_is_down_is_unreachable():
    with running() as instance:
        source = a_source(instance)
    with pytest.raises(SourceUnreachable, match="cannot be reached"):
        read(source)


@pytest.mark.parametrize(
    ("status", "says"),
    [(410, "Remove it"), (404, "is a Mastodon"), (401, "token_env"), (422, "token_env"), (301, "redirects")],
)
def test_what_does_not_pass_by_itself_says_what_to_do(instance, status, says):
    instance.fail(status, {"Location": "http://other.example/"})
    with pytest.raises(SourceFailed, match=says):
        read(a_source(instance))


@pytest.mark.parametrize("body", [b"<html>", b"{}", b"[" * 100_000, b'"\xff"', b""])
def test_an_answer_that_is_no_timeline_is_unreachable(instance, body):
    instance.fail(200, body=body)
    with pytest.raises(SourceUnreachable):
        read(a_source(instance))


def test_the_test_reads_nothing_in(instance):
    instance.post()
    assert a_source(instance, public=True).test() == f"{instance.host} answers: #flood, local can be read."
    assert [asked.rpartition("limit=")[2][:1] for asked in instance.asked] == ["1", "1"]


def test_a_token_comes_from_the_environment_and_nowhere_else(instance, monkeypatch):
    source = a_source(instance, token_env="RIVER_TOKEN")
    with pytest.raises(SourceFailed, match="RIVER_TOKEN"):
        read(source)
    monkeypatch.setenv("RIVER_TOKEN", "s3cret")
    read(source)
    assert instance.tokens == ["Bearer s3cret"]
    instance.fail(401)
    with pytest.raises(SourceFailed) as error:
        read(source)
    assert "s3cret" not in str(error.value)


# Asking after posts


def test_a_deleted_post_is_noticed(instance):
    first, second = instance.post()["id"], instance.post()["id"]
    source = a_source(instance)
    assert isinstance(source, Rechecking)
    post_ids = [item.record["id"] for item in read(source)[0]]
    instance.delete(first)
    assert [item.post_id for item in source.recheck(post_ids)] == [f"mastodon:{instance.host}:{first}"]
    assert second in post_ids[1]


def test_an_edit_is_noticed(instance):
    number = instance.post()["id"]
    source = a_source(instance)
    (before,), _ = read(source)
    instance.edit(number, "The dam holds")
    (after,) = source.recheck([before.record["id"]])
    assert (after.record["id"], after.record["text"]) == (before.record["id"], "The dam holds")
    assert after.record["edited_at"].startswith("2026-11-20T13:30")


def test_an_edit_is_brought_under_the_id_that_was_asked_after(instance):
    """As after a restart: the post is stored by its number here, and the sister instance has just brought it too."""
    with running() as sister:
        address = "https://third.example/statuses/1"
        theirs, ours = sister.post(uri=address)["id"], instance.post(uri=address)["id"]
        first, second = sources(*({"host": one.host, "hashtags": ["flood"]} for one in (sister, instance)))
        assert ids(read(first)[0]) == [theirs]
        instance.edit(ours, "The dam holds")
        (item,) = second.recheck([f"mastodon:{instance.host}:{ours}"])
        assert (item.record["id"], item.record["text"]) == (f"mastodon:{instance.host}:{ours}", "The dam holds")


@pytest.mark.parametrize("wish", [{"noindex": True}, {"note": "<p>Please no #nobots here</p>"}])
def test_whoever_asks_to_be_left_out_later_is_removed_with_all_their_posts(instance, store, wish):
    incident = store.incidents.record(an_incident(watch=Watch(terms=("dam",))), OFFICER, "opened").result()
    statuses = [instance.post() for _ in range(2)]
    instance.post(account={"id": "2", "acct": "bob"})
    source = a_source(instance)
    worker = a_worker(store, source.name, source)
    for batch in source.batches(None):
        worker.save(batch)
    statuses[0]["account"].update(wish)
    source._clock.advance_to(NOON + timedelta(hours=1))
    found = list(source.recheck([f"mastodon:{instance.host}:{statuses[0]['id']}"]))
    assert {item.reason for item in found} == {Passing.NO_CONSENT.value}
    worker.save(Batch(found))
    assert [post.text for post in store.judgement.unjudged(incident.id, 0, 10)] == ["The dam has burst #flood"]
    assert account(store, source.name).unaccounted == 0


def test_a_post_that_is_no_longer_public_is_removed_alone(instance):
    status = instance.post()
    source = a_source(instance)
    read(source)
    status["visibility"] = "private"
    post = f"mastodon:{instance.host}:{status['id']}"
    assert list(source.recheck([post])) == [Delete(post, post, reason=Passing.NOT_PUBLIC.value)]


def test_a_boost_of_somebody_who_asks_to_be_left_out_goes_and_its_author_stays(instance):
    original = instance.post()
    boost = instance.post(reblog=dict(original, account={**original["account"], "noindex": True}))
    (gone,) = a_source(instance).recheck([f"mastodon:{instance.host}:{boost['id']}"])
    assert isinstance(gone, Delete)


def test_a_status_that_cannot_be_read_shows_no_wish(instance):
    status = instance.post(account={"acct": 5})
    assert list(a_source(instance).recheck([f"mastodon:{instance.host}:{status['id']}"])) == []


@pytest.mark.parametrize(
    ("status", "body"),
    [(401, b'{"error":"x"}'), (500, b""), (404, b"<html>parked"), (410, b"{}"), (200, b"{}"), (200, b"[]")],
)
def test_a_failure_is_never_taken_for_a_deletion(instance, status, body):
    number = instance.post()["id"]
    for _ in range(http.ATTEMPTS):
        instance.fail(status, body=body)
    with pytest.raises(SourceUnreachable):
        list(a_source(instance).recheck([f"mastodon:{instance.host}:{number}"]))


def test_only_listed_instances_are_asked(instance):
    assert list(a_source(instance).recheck(["mastodon:other.example:1", "bluesky:2", "mastodon:x/../y:3"])) == []
    assert instance.asked == []


def test_a_post_first_seen_on_a_sister_instance_is_asked_after_there(instance):
    with running() as sister:
        number = sister.post()["id"]
        ours, _ = sources(*({"host": one.host, "hashtags": ["flood"]} for one in (instance, sister)))
        sister.delete(number)
        assert [type(item) for item in ours.recheck([f"mastodon:{sister.host}:{number}"])] == [Delete]


def test_asking_after_posts_can_be_switched_off(instance):
    (source,) = sources({"host": instance.host, "hashtags": ["flood"]}, recheck=False)
    assert list(source.recheck([f"mastodon:{instance.host}:1"])) == []


# Settings


def test_every_instance_is_a_source_of_its_own():
    opened = sources({"host": "a.example", "public": True}, {"host": "b.example", "hashtags": ["#Flood"]})
    assert [source.name for source in opened] == ["mastodon:a.example", "mastodon:b.example"]


@pytest.mark.parametrize(
    "table",
    [
        {"host": "a.example"},
        {"host": "a.example", "hashtags": ["flood"], "consent": " "},
        {"host": "https://a.example", "public": True},
        {"host": "a.example/x", "public": True},
        {"host": "a.example", "hashtags": ["two words"]},
        {"host": "a.example", "public": True, "token_env": "mF_9B5f41JqM"},
    ],
)
def test_an_instance_is_not_read_without_consent_host_and_something_to_read(table):
    with pytest.raises(ConfigError):
        sources(table)


def test_it_is_polled_no_more_often_than_each_five_seconds():
    with pytest.raises(ConfigError, match="every_seconds"):
        sources({"host": "a.example", "public": True}, every_seconds=4)
