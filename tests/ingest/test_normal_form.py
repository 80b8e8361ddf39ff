"""An interchange record becomes a post, or a dead letter with its reason; never a crash."""

import time
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.normal_form import NormalForm, Unfit
from models.clock import SystemClock
from models.domain.posts import Kind
from models.text.languages import languages_of
from tests.builders import NOON, PRESENT, a_clock


def read(record, **changes):
    return NormalForm("test", b"key", **changes).read(record, a_clock())


def a_record(**changes) -> dict:
    return {"id": "a:1", "text": "the dam has burst", "created_at": "2026-11-20T12:00:00Z", **changes}


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({}, "no id"),
        (a_record(id=""), "no id"),
        (a_record(id=5), "wrong type: id"),
        (a_record(text=["a"]), "wrong type: text"),
        (a_record(created_at=12), "wrong type: created_at"),
        (a_record(created_at="yesterday"), "wrong type: created_at"),
        (a_record(created_at="1999-12-31T23:59:59Z"), "date before 2000"),
        (a_record(created_at="0001-01-01T00:00:00+14:00"), "date before 2000"),
        (a_record(kind="shout"), "wrong type: kind"),
        (a_record(kind=["post"]), "wrong type: kind"),
        (a_record(author_followers=-1), "wrong type: author_followers"),
        (a_record(author_followers=True), "wrong type: author_followers"),
        (a_record(reposts=10**400), "wrong type: reposts"),
        (a_record(reply_to={"id": 1}), "wrong type: reply_to"),
        ([1, 2], "not a JSON object"),
        (None, "not a JSON object"),
    ],
)
def test_what_cannot_be_read_says_why(record, reason):
    with pytest.raises(Unfit, match=reason):
        read(record)


def test_absent_means_unknown_never_zero():
    post = read({"id": "a:1"})
    assert (post.created_at, post.author, post.author_followers, post.reposts, post.lang) == (None,) * 5
    assert post.text == ""


def test_a_language_is_read_from_a_list_too():
    assert languages_of(read(a_record(lang=["cy", "en-GB"])).lang) == {"cy", "en"}
    assert read(a_record(lang=[])).lang is None


def test_a_future_date_is_clamped_to_arrival_and_flagged():
    post = read(a_record(created_at="2099-01-01T00:00:00Z"))
    assert post.created_at == post.arrived_at == NOON
    assert post.stated_at.year == 2099
    assert post.flags == ("future date",)


def test_the_edge_of_the_calendar_is_a_future_date():
    assert read(a_record(created_at="9999-12-31T23:59:59-12:00")).flags == ("future date",)


def test_a_live_post_from_a_fast_clock_is_clamped_to_now():
    ahead = SystemClock().now() + timedelta(minutes=5)
    post = NormalForm("test", b"key").read(a_record(created_at=ahead.isoformat()), SystemClock())
    assert post.created_at == post.arrived_at < ahead


def test_a_post_that_answers_itself_loses_that_link():
    post = read(a_record(reply_to="a:1", root="a:1"))
    assert (post.reply_to, post.root) == (None, None)
    assert post.flags == ("circular link cut", "own link cut")


def test_a_circle_of_answers_is_cut_where_it_closes():
    form, clock = NormalForm("test", b"key"), a_clock()
    links = {"a": "b", "b": "c", "c": "a"}
    posts = [form.read({"id": id_, "reply_to": to}, clock) for id_, to in links.items()]
    assert [post.reply_to for post in posts] == ["b", "c", None]
    assert posts[-1].flags == ("circular link cut",)


def test_a_long_chain_of_answers_costs_no_more_a_post_than_a_short_one():
    form, clock = NormalForm("test", b"key"), a_clock()

    def read(first: int, last: int) -> float:
        began = time.thread_time()
        for number in range(first, last):
            form.read({"id": f"a:{number}", "reply_to": f"a:{number - 1}"}, clock)
        return time.thread_time() - began

    short = read(0, 1_000)
    read(1_000, 9_000)
    # Were the chain walked, a post at its end would cost ten times as much as one near its beginning.
    assert read(9_000, 10_000) < 4 * short


def test_nul_characters_and_half_surrogates_are_mended_and_flagged():
    post = read(a_record(text="da\x00m \ud83d burst"))
    assert post.text == "dam ? burst"
    assert post.flags == ("NUL stripped", "broken characters replaced")


def test_the_author_is_a_keyed_hash_that_the_same_author_shares():
    one, again, other = (read(a_record(author=name)).author for name in ("@anna", "@anna", "@bela"))
    assert one == again != other
    assert "anna" not in one
    assert NormalForm("test", b"other key").read(a_record(author="@anna"), a_clock()).author != one


@pytest.mark.parametrize("written", ["NorthgateFire", "@northgatefire", " NORTHGATEFIRE "])
def test_official_accounts_are_known_before_they_are_hashed(written):
    assert read(a_record(author=written), official=["@NorthgateFire"]).official


def test_the_parts_of_a_post_stand_in_its_text_told_as_what_they_are():
    parts = {"picture": ["water over a road", "a\x00 wall"], "warning": "flood", "poll": ""}
    post = read(a_record(text="Look!", parts=parts))
    assert post.text == (
        "[content warning: flood]\n\nLook!\n\n"
        "[picture described as: water over a road]\n\n[picture described as: a wall]"
    )
    assert post.flags == ("NUL stripped",)


@pytest.mark.parametrize("parts", [[], "x", {"smell": "smoke"}, {"picture": 5}, {"picture": [["x"]]}, {5: "x"}])
def test_parts_of_no_known_kind_are_a_dead_letter(parts):
    with pytest.raises(Unfit, match="wrong type: parts"):
        read(a_record(parts=parts))


def test_the_gold_labels_are_never_read():
    assert read(a_record(gold={"story": "x"})) == read(a_record())


@pytest.mark.parametrize(
    ("links", "kind"), [({"repost_of": "b"}, Kind.REPOST), ({"reply_to": "b"}, Kind.REPLY), ({}, Kind.POST)]
)
def test_a_kind_that_is_not_stated_is_known_from_the_links(links, kind):
    assert read(a_record(**links)).kind is kind


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
fields = [
    "id",
    "text",
    "created_at",
    "kind",
    "author",
    "author_followers",
    "reply_to",
    "root",
    "reposts",
    "lang",
    "url",
]


@given(st.dictionaries(st.sampled_from(fields), json_values) | json_values)
def test_any_record_is_a_sound_post_or_unfit(record):
    try:
        post = read(record)
    except Unfit:
        return
    assert post.id
    assert "\x00" not in post.text
    post.text.encode("utf-8")
    assert post.created_at is None or post.created_at <= PRESENT
    assert post.reply_to != post.id


def test_what_a_live_source_brings_without_a_time_is_of_its_arrival_and_says_so():
    post = NormalForm("webhook:tipline", b"key", live=True).read({"id": "a", "text": "x"}, a_clock())
    assert (post.created_at, post.stated_at, post.flags) == (NOON, None, ("time of arrival",))


def test_in_a_file_an_absent_time_stays_unknown():
    post = NormalForm("archive", b"key").read({"id": "a", "text": "x"}, a_clock())
    assert (post.created_at, post.flags) == (None, ())


def test_a_warning_is_officially_said_but_not_what_a_sender_calls_one():
    warning = a_record(kind="alert", author="Flood Centre")
    assert NormalForm("feeds:warnings", b"key").read(warning, a_clock()).official
    assert not NormalForm("webhook:vendor", b"key", pushed=True).read(warning, a_clock()).official


def test_a_warning_has_the_outlines_of_its_areas():
    assert read(a_record(outlines=[[[54, -1], [55, -2], [55, -1]], [[52, 0]]])).outlines == (
        ((54, -1), (55, -2), (55, -1)),
        ((52, 0),),
    )


@pytest.mark.parametrize("outlines", [5, [5], [[1]], [[[91, 0]]], [[["a", "b"]]], [[[1, 2, 3]]]])
def test_outlines_that_are_none_are_a_wrong_type(outlines):
    with pytest.raises(Unfit, match=r"^wrong type: "):
        read(a_record(outlines=outlines))
