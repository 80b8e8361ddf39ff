"""Mastodon: what one status becomes, made-up, recorded and hostile ones."""

import gzip
import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.normal_form import NormalForm
from ingest.source import PassedOver, Unreadable, Upsert
from ingest.sources.mastodon_statuses import Federation, items_of_status
from models.domain.reading import Passing, Reason
from tests.builders import NOON, a_clock
from tests.ingest.stand_in_mastodon import a_status

HOST = "river.example"
NOT_PUBLIC = PassedOver(Reason(Passing.NOT_PUBLIC), "#flood/7")


def items_of(status, host=HOST):
    return list(items_of_status(status, host, Federation(), "#flood"))


def the_record(**changes):
    (item,) = items_of(a_status("7", changes.pop("words", "The dam has burst"), HOST, **changes))
    return item.record


def test_a_status_becomes_a_post():
    assert the_record() == {
        "id": "mastodon:river.example:7",
        "kind": "post",
        "created_at": "2026-11-20T12:00:00Z",
        "author": "jo@river.example",
        "author_followers": 120,
        "text": "The dam has burst",
        "lang": "en",
        "reposts": 2,
        "url": "https://river.example/@jo/7",
    }


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>Two<br>Three<br/>Four</p>", "One\n\nTwo\nThree\nFour"),
        ("<p>it&#39;s 5 &lt; 6 &amp; so&nbsp;on</p>", "it's 5 < 6 & so on"),
        (
            '<p>See <a href="https://www.a.example/long/page"><span class="invisible">https://www.</span>'
            '<span class="ellipsis">a.example/long</span><span class="invisible">/page</span></a></p>',
            "See https://www.a.example/long/page",
        ),
        ('<p><span class="h-card"><a href="x">@<span>jo</span></a></span> no</p>', "@jo no"),
        ("<p>a</p><script>alert('b')</script><style>c{}</style><!-- d --><p>e</p>", "a\n\ne"),
        ("<p>unclosed <b>bold <a href='", "unclosed bold <a href='"),
        ("", ""),
    ],
)
def test_its_markup_becomes_the_words_a_reader_sees(markup, text):
    assert the_record(content=markup)["text"] == text


def test_a_content_warning_stands_before_the_text():
    record = the_record(spoiler_text="Flooding")
    assert (record["text"], record["parts"]) == ("The dam has burst", {"warning": ["Flooding"]})


@pytest.mark.parametrize(
    "acct", ["metpolice@police.example", "@metpolice@police.example", "metpolice@police.example "]
)
def test_an_instance_cannot_speak_for_an_official_account_of_another(acct):
    form = NormalForm("mastodon", b"key", official=["metpolice@police.example"], live=True)
    record = the_record(account={"acct": acct})
    assert record["author"] == f"{acct} (told by {HOST})"
    assert not form.read(record, a_clock(NOON)).official


@pytest.mark.parametrize("acct", ["metpolice", "metpolice@river.example", "metpolice@River.example"])
def test_an_instance_speaks_for_its_own_official_account(acct):
    form = NormalForm("mastodon", b"key", official=["metpolice@river.example"], live=True)
    assert form.read(the_record(account={"acct": acct}), a_clock(NOON)).official


def test_other_software_may_count_in_ulids():
    (item,) = items_of(a_status("01FN3VJGFH10KR7S2PB0GFJZYG", "The dam has burst", HOST))
    assert item.record["id"] == "mastodon:river.example:01FN3VJGFH10KR7S2PB0GFJZYG"


def test_an_answer_names_the_post_it_answers():
    record = the_record(in_reply_to_id="5")
    assert (record["kind"], record["reply_to"]) == ("reply", "mastodon:river.example:5")


def test_a_boost_brings_its_original_first():
    original = a_status("5", "The dam has burst", "lake.example", account={"acct": "mo@lake.example"})
    first, second = items_of(a_status("9", "", HOST, reblog=original))
    assert first.record["id"] == "mastodon:river.example:5"
    assert (second.record["kind"], second.record["repost_of"], second.record["text"]) == (
        "repost",
        "mastodon:river.example:5",
        "",
    )


def test_a_quotation_names_what_it_quotes_and_leaves_its_address_out():
    quoted = a_status("5", "The dam has burst", HOST)
    record = the_record(
        content='<p class="quote-inline">RE: <a href="x">https://river.example/5</a></p><p>Untrue!</p>',
        quote={"state": "accepted", "quoted_status": quoted},
    )
    assert (record["kind"], record["quote_of"], record["text"]) == ("quote", "mastodon:river.example:5", "Untrue!")


@pytest.mark.parametrize("state", ["revoked", "pending", "rejected", "deleted"])
def test_a_quotation_that_was_not_agreed_to_names_nothing(state):
    for quoted in (None, a_status("5", "The dam has burst", HOST)):
        assert "quote_of" not in the_record(quote={"state": state, "quoted_status": quoted})


@pytest.mark.parametrize("visibility", ["private", "direct", "limited", None])
def test_what_is_not_public_is_passed_over(visibility):
    assert items_of(a_status("7", "For friends", HOST, visibility=visibility)) == [NOT_PUBLIC]


def test_a_boost_of_what_is_not_public_is_passed_over():
    original = a_status("5", "For friends", HOST, visibility="private")
    (of_original, of_boost) = items_of(a_status("9", "", HOST, reblog=original))
    assert of_original.reason == of_boost.reason == NOT_PUBLIC.reason


@pytest.mark.parametrize(
    "account",
    [{"noindex": True}, {"note": "<p>Hello <b>#NoBot</b></p>"}, {"note": "#noindex please"}],
)
def test_an_account_that_asks_to_be_left_out_is_passed_over(account):
    (item,) = items_of(a_status("7", "Hello", HOST, account=account))
    assert item == PassedOver(Reason(Passing.NO_CONSENT), "#flood/7")


def test_a_link_that_is_no_page_is_not_kept():
    assert "url" not in the_record(url="javascript:alert(1)")


def test_a_hidden_number_of_followers_is_unknown():
    assert "author_followers" not in the_record(account={"followers_count": -1})


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (None, "not a JSON object"),
        ([], "not a JSON object"),
        ({}, "no id"),
        (a_status("../../x", "", HOST), "wrong type: id"),
        (a_status("7", "", HOST) | {"id": 7}, "wrong type: id"),
        (a_status("9" * 64, "", HOST), "wrong type: id"),
        (a_status("9" * 21, "", HOST), "wrong type: id"),
        (a_status("00000000000000000007", "", HOST), "wrong type: id"),
        (a_status("٧", "", HOST), "wrong type: id"),
        (a_status("abcdefghij", "", HOST), "wrong type: id"),
        (a_status("7", "", HOST) | {"account": None}, "wrong type: account"),
        (a_status("7", "", HOST) | {"content": 5}, "wrong type: content"),
        (a_status("7", "", HOST) | {"content": "x" * 100_001}, "text too long"),
        (a_status("7", "", HOST) | {"reblog": "x"}, "wrong type: reblog"),
        (a_status("7", "", HOST) | {"quote": "x"}, "wrong type: quote"),
        (a_status("7", "", HOST) | {"in_reply_to_id": {}}, "wrong type: id"),
    ],
)
def test_what_cannot_be_read_says_why(status, reason):
    (item,) = items_of(status)
    assert (type(item), item.reason) == (Unreadable, reason)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(a_status("7", "", HOST))), JSON))
def test_no_status_can_break_the_reader(changes):
    for status in (a_status("7", "x", HOST) | changes, changes, a_status("9", "", HOST, reblog=changes)):
        assert all(isinstance(item, Upsert | Unreadable | PassedOver) for item in items_of(status))


def test_what_a_status_shows_asks_and_quotes_is_read_too():
    record = the_record(
        media_attachments=[
            {"type": "image", "description": "Water over Bridge Street"},
            {"type": "gifv", "description": "A wall falls"},
            {"type": "image", "description": None},
        ],
        poll={"options": [{"title": "Yes"}, {"title": "No"}, {"title": 5}]},
        card={"title": "Dam bursts", "description": "Thousands flee", "url": "https://example.org"},
        tags=[{"name": "Northgate"}, {"name": "dam"}],
        words="The #dam has burst",
    )
    assert record["parts"] == {
        "picture": ["Water over Bridge Street"],
        "video": ["A wall falls"],
        "poll": ["Yes · No"],
        "link": ["Dam bursts. Thousands flee"],
        "hashtags": ["#Northgate"],
    }


@pytest.mark.parametrize(("state", "read"), [("accepted", ["The bridge is out"]), ("revoked", None)])
def test_a_quoted_status_is_read_where_its_author_agreed(state, read):
    quoted = a_status("5", "The bridge is out", HOST)
    assert the_record(quote={"state": state, "quoted_status": quoted}).get("parts", {}).get("quoted") == read


def test_a_status_seen_on_two_instances_is_one_post():
    federation = Federation()
    at_home = a_status("7", "The dam has burst", HOST)
    elsewhere = at_home | {"id": "3"}
    answer = a_status("4", "Untrue", "lake.example", in_reply_to_id="3")
    (first,) = items_of_status(at_home, HOST, federation, "")
    (second,) = items_of_status(elsewhere, "lake.example", federation, "")
    (reply,) = items_of_status(answer, "lake.example", federation, "")
    assert first.record["id"] == second.record["id"] == reply.record["reply_to"] == "mastodon:river.example:7"


def test_the_recorded_statuses_are_counted_as_they_are(shared_data):
    with gzip.open(shared_data / "payloads" / "mastodon_statuses.jsonl.gz", "rt") as lines:
        statuses = [json.loads(line) for line in lines]
    expected = Counter()
    for status in statuses:
        whole = status["reblog"] or status
        kept = [
            one["visibility"] in ("public", "unlisted") and not one["account"].get("noindex")
            for one in (whole, status)
        ]
        quotes = whole["quote"] is not None and whole["quote"]["state"] == "accepted"
        kind = "reply" if whole["in_reply_to_id"] else "quote" if quotes else "post"
        expected[kind] += kept[0]
        expected["edited"] += kept[0] and whole["edited_at"] is not None
        expected["repost"] += status["reblog"] is not None and all(kept)
        expected["passed over"] += not any(kept)
    form, clock = NormalForm("mastodon", b"key"), a_clock(NOON)
    counted = Counter()
    for status in statuses:
        items = items_of(status, "localhost:3000")
        brought = [item for item in items if not isinstance(item, PassedOver)]
        counted["passed over"] += not brought
        for item in brought:
            post = form.read(item.record, clock)
            counted[post.kind.value] += 1
            counted["edited"] += post.edited_at is not None
    assert +counted == +expected
    # Checked by eye once, so that two mistakes cannot agree.
    assert sum(counted[kind] for kind in ("post", "reply", "quote", "repost")) > 90
