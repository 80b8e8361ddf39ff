"""Bluesky: what its events say, and what arrives from a real server through the real client."""

import gzip
import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.normal_form import NormalForm, Unfit
from ingest.source import AccountRemoved, Delete, Unreadable, Upsert
from ingest.sources.bluesky import BlueskySettings, from_v1, item_of, open_bluesky
from models.clock import SystemClock
from models.config import checked
from models.errors import ConfigError
from tests.builders import a_clock
from tests.ingest.bluesky_server.bridge import KIND

DID = "did:plc:abc"
SEEN = "2026-11-20T12:00:01.000002+00:00"
WRITTEN = "2026-11-20T11:59:59.5Z"
POST_URI = f"at://{DID}/app.bsky.feed.post/3k"
OTHER_URI = "at://did:plc:other/app.bsky.feed.post/3a"
ROOT_URI = "at://did:plc:other/app.bsky.feed.post/30"


def an_event(record=None, *, collection="app.bsky.feed.post", operation="create", **changes):
    record = {"$type": collection, "text": "The dam has burst", "createdAt": WRITTEN, **(record or {})}
    event = {"$type": KIND + "commit", "seq": 7, "did": DID, "time": SEEN, "rev": "3r", "rkey": "3k", "cid": "c"}
    event |= {"collection": collection, "operation": operation}
    return event | ({"record": record} if operation != "delete" else {}) | changes


def an_account_event(**account):
    return {"$type": KIND + "account", "seq": 7, "did": DID, "time": SEEN, "account": {"did": DID, **account}}


def record_of(event):
    item = item_of(event, "7")
    assert isinstance(item, Upsert), item
    return item.record


class TestWhatAnEventSays:
    def test_a_post_says_no_more_than_is_known(self):
        assert item_of(an_event({"langs": ["en-GB", "pl"]}), "7") == Upsert(
            {
                "id": POST_URI,
                "kind": "post",
                "created_at": WRITTEN,
                "author": DID,
                "text": "The dam has burst",
                "lang": "en-GB,pl",
                "url": f"https://bsky.app/profile/{DID}/post/3k",
            },
            "7",
        )

    def test_what_a_post_shows_links_and_tags_is_read_too(self):
        images = {"$type": "app.bsky.embed.images", "images": [{"alt": "Water over Bridge Street"}, {"alt": ""}]}
        with_media = {"$type": "app.bsky.embed.recordWithMedia", "record": {"record": {"uri": OTHER_URI}}}
        facets = [
            {"features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "dam"}]},
            {"features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "BridgeStreet"}, 5]},
            "hostile",
        ]
        record = {
            "text": "The #dam has burst",
            "embed": {**with_media, "media": images},
            "facets": facets,
            "tags": ["northgate", 7],
            "labels": {"values": [{"val": "graphic-media"}, {"val": "!no-unauthenticated"}]},
        }
        assert record_of(an_event(record))["parts"] == {
            "warning": ["graphic-media"],
            "picture": ["Water over Bridge Street"],
            "hashtags": ["#BridgeStreet #northgate"],
        }

    @pytest.mark.parametrize(
        ("embed", "parts"),
        [
            (
                {
                    "$type": "app.bsky.embed.external",
                    "external": {"title": "Dam bursts", "description": "Thousands flee", "uri": "https://a.example"},
                },
                {"link": ["Dam bursts. Thousands flee"]},
            ),
            ({"$type": "app.bsky.embed.video", "alt": "A wall falls"}, {"video": ["A wall falls"]}),
            ({"$type": "app.bsky.embed.images", "images": 5}, None),
            ({"$type": "app.bsky.embed.external", "external": "x"}, None),
        ],
    )
    def test_an_embed_is_read_where_it_is_as_the_lexicon_says(self, embed, parts):
        assert record_of(an_event({"embed": embed})).get("parts") == parts

    def test_a_reply_names_what_it_answers_and_where_the_thread_began(self):
        record = record_of(an_event({"reply": {"parent": {"uri": OTHER_URI}, "root": {"uri": ROOT_URI}}}))
        assert (record["kind"], record["reply_to"], record["root"]) == ("reply", OTHER_URI, ROOT_URI)

    @pytest.mark.parametrize(
        "embed",
        [
            {"$type": "app.bsky.embed.record", "record": {"uri": OTHER_URI}},
            {"$type": "app.bsky.embed.recordWithMedia", "record": {"record": {"uri": OTHER_URI}}, "media": {}},
        ],
    )
    def test_a_quotation_names_the_post_it_shows_with_pictures_or_without(self, embed):
        record = record_of(an_event({"embed": embed}))
        assert (record["kind"], record["quote_of"]) == ("quote", OTHER_URI)

    def test_a_reply_that_quotes_is_a_reply_and_keeps_both_links(self):
        reply = {"parent": {"uri": ROOT_URI}, "root": {"uri": ROOT_URI}}
        embed = {"$type": "app.bsky.embed.record", "record": {"uri": OTHER_URI}}
        record = record_of(an_event({"reply": reply, "embed": embed}))
        assert (record["kind"], record["reply_to"], record["quote_of"]) == ("reply", ROOT_URI, OTHER_URI)

    def test_a_post_that_shows_a_feed_quotes_nobody(self):
        feed = {"uri": "at://did:plc:other/app.bsky.feed.generator/news"}
        assert record_of(an_event({"embed": {"$type": "app.bsky.embed.record", "record": feed}}))["kind"] == "post"

    def test_a_repost_is_of_its_subject_and_says_nothing_itself(self):
        record = record_of(an_event({"subject": {"uri": OTHER_URI}}, collection="app.bsky.feed.repost"))
        assert record == {
            "id": f"at://{DID}/app.bsky.feed.repost/3k",
            "kind": "repost",
            "created_at": WRITTEN,
            "author": DID,
            "text": "",
            "repost_of": OTHER_URI,
        }

    def test_an_edit_is_of_the_moment_it_was_seen(self):
        record = record_of(an_event({"text": "It has not"}, operation="update"))
        assert (record["id"], record["text"], record["edited_at"]) == (POST_URI, "It has not", SEEN)

    @pytest.mark.parametrize("collection", ["app.bsky.feed.post", "app.bsky.feed.repost"])
    def test_a_delete_comes_after_its_post(self, collection):
        item = item_of(an_event(collection=collection, operation="delete"), "7")
        assert item == Delete(f"at://{DID}/{collection}/3k", "7", in_order=True)

    @pytest.mark.parametrize("status", ["deleted", "suspended", "takendown", "deactivated"])
    def test_an_account_that_is_gone_takes_its_posts_along(self, status):
        item = item_of(an_account_event(active=False, status=status), "7")
        assert isinstance(item, AccountRemoved)
        assert (item.author, item.happened_at.isoformat(), item.in_order) == (DID, SEEN, True)
        assert item.reason == f"account {status} at its source"

    @pytest.mark.parametrize(
        "event",
        [
            an_account_event(active=True),
            an_account_event(active=False, status="desynchronized"),
            an_event(collection="app.bsky.feed.like"),
            an_event(operation="resurrect"),
            {"$type": KIND + "identity", "did": DID},
            {"$type": "something.of.tomorrow"},
            {},
        ],
    )
    def test_what_is_not_followed_is_passed_over_in_silence(self, event):
        assert item_of(event, "7") is None

    @pytest.mark.parametrize("stated", [None, 5, "yesterday", "1970-01-01T00:00:00Z", "0001-01-01T00:00:00+12:00"])
    def test_a_false_date_does_not_hide_a_post(self, stated):
        assert record_of(an_event({"createdAt": stated}))["created_at"] == SEEN

    @pytest.mark.parametrize("written", ["2026-11-20T12:00:02Z", "9999-12-31T23:59:59Z"])
    def test_no_date_to_come_keeps_a_post_when_its_account_is_removed(self, written):
        """Read late, a date between what was seen and now would be none to come any more."""
        assert record_of(an_event({"createdAt": written}))["created_at"] == SEEN

    @pytest.mark.parametrize(
        ("event", "reason"),
        [
            ("words", "not a JSON object"),
            (an_event({"text": 5}), "wrong type: text"),
            (an_event({"reply": "you"}), "wrong type: parent"),
            (an_event({"reply": {"parent": {"uri": OTHER_URI}}}), "wrong type: root"),
            (an_event({"subject": OTHER_URI}, collection="app.bsky.feed.repost"), "wrong type: subject"),
            (an_event(record=None) | {"record": "text"}, "wrong type: record"),
            (an_event(did="javascript:alert(1)"), "no author"),
            (an_event(did=None), "no author"),
            (an_event(rkey="../../x"), "no id"),
            (an_event(time="noon"), "wrong type: time"),
            (an_account_event() | {"account": None}, "wrong type: account"),
        ],
    )
    def test_what_cannot_be_read_says_why_in_few_words(self, event, reason):
        item = item_of(event, "7")
        assert isinstance(item, Unreadable)
        assert (item.reason, item.position) == (reason, "7")
        assert item.payload

    def test_nothing_that_is_written_there_brings_it_down(self):
        json_values = st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
            max_leaves=6,
        )
        reply = {"parent": {"uri": OTHER_URI}, "root": {"uri": ROOT_URI}}
        embed = {"$type": "app.bsky.embed.recordWithMedia", "record": {"record": {"uri": OTHER_URI}}}
        whole = [
            an_event({"reply": reply, "embed": embed, "langs": ["en"]}, operation="update"),
            an_event({"subject": {"uri": OTHER_URI}}, collection="app.bsky.feed.repost"),
            an_account_event(active=False, status="deleted"),
            {"did": DID, "time_us": 1, "kind": "account", "account": {"active": False, "status": "deleted"}},
        ]

        @given(st.data())
        def nothing_does(data):
            event = data.draw(json_values | st.sampled_from(whole).flatmap(lambda one: spoilt(one, json_values)))
            for form in (event, from_v1(event)):
                item = item_of(form, "7")
                assert item is None or isinstance(item, Upsert | Delete | AccountRemoved | Unreadable)
                if isinstance(item, Upsert):
                    try:
                        NormalForm("bluesky", b"key").read(item.record, a_clock())
                    except Unfit as unfit:
                        pytest.fail(f"{unfit}: {item.record}")

        nothing_does()

    def test_a_second_of_the_older_wire_is_read_in_full(self, shared_data):
        items: Counter[str] = Counter()
        expected: Counter[str] = Counter()
        with gzip.open(shared_data / "payloads" / "bluesky_jetstream_v1.jsonl.gz", "rt") as lines:
            for line in lines:
                expected[kind_by_eye(line)] += 1
                item = item_of(from_v1(json.loads(line)), "")
                items[item.record["kind"] if isinstance(item, Upsert) else type(item).__name__] += 1
                if isinstance(item, Upsert):
                    NormalForm("bluesky", b"key").read(item.record, SystemClock())
        assert items == expected
        assert expected == {"post": 9, "reply": 8, "repost": 15, "Delete": 1, "NoneType": 119}


def spoilt(value, junk):
    """`value` with one of its parts replaced by junk or taken away."""
    if not isinstance(value, dict) or not value:
        return junk
    return st.sampled_from(sorted(value)).flatmap(
        lambda name: st.one_of(
            spoilt(value[name], junk).map(lambda part: {**value, name: part}),
            st.just({key: part for key, part in value.items() if key != name}),
        )
    )


def kind_by_eye(line: str) -> str:
    """What a line of the v1 sample is, by marks in the raw text rather than by reading its fields."""
    if '"operation":"delete"' in line and '"collection":"app.bsky.feed.post"' in line:
        return "Delete"
    if '"collection":"app.bsky.feed.repost"' in line:
        return "repost"
    if '"collection":"app.bsky.feed.post"' not in line:
        return "NoneType"
    if '"reply":{"parent"' in line:
        return "reply"
    quoting = '"app.bsky.embed.record"' in line or '"app.bsky.embed.recordWithMedia"' in line
    return "quote" if quoting else "post"


class TestSettings:
    def test_without_any_the_public_host_is_read(self):
        (source,) = open_bluesky(checked(BlueskySettings, {}, where="config.toml"), SystemClock())
        assert (source.name, source.every_seconds, source.restriction) == ("bluesky", None, None)

    @pytest.mark.parametrize(
        "host", ["jetstream.us-east.bsky.network", "https://x.example", "wss://me:secret@x", "wss://x?key=secret"]
    )
    def test_an_address_of_another_kind_is_explained(self, host):
        with pytest.raises(ConfigError, match="should be an address like wss://") as error:
            checked(BlueskySettings, {"hosts": [host]}, where="config.toml", inside=("sources", "bluesky"))
        assert "secret" not in str(error.value)

    @pytest.mark.parametrize(
        "host", ["ws://x.example", "ws://127.0.0.1.x.example", "ws://localhost:1/x", "ws://[::2]"]
    )
    def test_beyond_this_computer_nothing_is_read_in_the_clear(self, host):
        with pytest.raises(ConfigError, match="should be an address like wss://"):
            checked(BlueskySettings, {"hosts": [host]}, where="config.toml", inside=("sources", "bluesky"))
        for here in ("ws://127.0.0.1:6008", "ws://[::1]:6008", "ws://localhost"):
            assert checked(BlueskySettings, {"hosts": [here]}, where="config.toml").hosts == [here]
