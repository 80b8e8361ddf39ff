"""What is one flow and what is not (DESIGN: flow)."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.domain.posts import Kind
from models.judgement import flows
from models.judgement.features import PostFeatures
from models.judgement.flows import FlowIndex, is_copy
from models.judgement.naming import title_of
from models.judgement.stance_cues import cue_row
from models.text.words import wording_of
from tests.builders import NOON, a_post
from tests.waiting import takes_a_moment

PLACES = ["Northgate", "Weaver", "Station Road", "Odeon", "Asda", "Market Street", "Mill Lane", "Harrow"]
CLAIM = "Hearing that 13 people are missing near Tanner's Bridge tonight, police searching the banks"


def flows_of(*posts) -> list[str]:
    index = FlowIndex("incident")
    return [index.place(post).flow for post in posts]


def same_flow(first: str, second: str) -> bool:
    one, other = flows_of(a_post(first), a_post(second))
    return one == other


@pytest.mark.parametrize(
    "copy",
    [
        CLAIM,
        f"RT @someone: {CLAIM}",
        f"{CLAIM} https://example.org/x",
        CLAIM.upper(),
        CLAIM.replace("searching", "serching"),
        CLAIM.replace("Tanner's", "Tanner’s"),
        f"{CLAIM[:70]}…",
        f"RT @someone: {CLAIM[:68]} [...]",
        f"RT @someone: {CLAIM[:68]} (…)",
        f"RT @someone.bsky.social: {CLAIM}",
        f"RT @someone@social.example: {CLAIM}",
        f"RT: @someone {CLAIM}",
        f"“RT @someone: RT @other-one.example: {CLAIM}”",
        f"“@someone: {CLAIM}”",
    ],
)
def test_a_copy_with_slips_links_or_a_cut_end_joins_its_original(copy):
    assert same_flow(CLAIM, copy)


@pytest.mark.parametrize(
    "other",
    [
        CLAIM.replace("13", "3"),
        CLAIM.replace("13", "thirty"),
        CLAIM.replace("Tanner's", "Weaver's"),
        CLAIM.replace("are missing", "are not missing"),
        f"FAKE: RT @someone: {CLAIM}",
        f"{CLAIM} this is rubbish",
        f"Is this true? {CLAIM}",
    ],
)
def test_another_number_name_negation_or_added_words_make_another_flow(other):
    assert not same_flow(CLAIM, other)


@pytest.mark.parametrize("text", ["", "so sad", "oh no not again", "\u200b", "@someone oh no https://example.org"])
def test_a_text_of_few_content_words_is_a_flow_of_its_own(text):
    assert not same_flow(text, text)


def test_posts_of_one_link_and_nothing_else_are_one_flow():
    link = "https://example.org/a?id=1"
    one, same, other = flows_of(a_post(f"{link} 😳"), a_post(f"@jo {link}"), a_post("https://example.org/a?id=2"))
    assert one == same != other


def test_words_beside_a_link_are_no_copy_of_it():
    assert not same_flow("https://example.org/a", "so sad https://example.org/a")


def test_a_repost_always_joins_its_original_whatever_it_says():
    original = a_post("short")
    repost = a_post("", kind=Kind.REPOST, repost_of=original.id)
    assert len(set(flows_of(original, repost))) == 1


@pytest.mark.parametrize("cut", [None, 85, 60, 45])
def test_a_repost_whose_original_is_not_named_joins_it_by_its_words(cut):
    """Exports such as 4CAT's say that a post is a repost, and not of which."""
    text = CLAIM if cut is None else f"{CLAIM[:cut]}…"
    original, repost = a_post(CLAIM), a_post(f"RT @someone: {text}", kind=Kind.REPOST)
    assert len(set(flows_of(original, repost))) == 1


def test_a_repost_that_is_cut_off_after_a_few_words_joins_what_begins_with_them():
    original = a_post("The dam above Northgate has burst, everyone in the valley must get to high ground now")
    cut, other = (
        "RT @someone: The dam above Northgate has burst, every…",
        "RT @someone: The dam above Westgate has burst…",
    )
    reposts = [a_post(text, kind=Kind.REPOST) for text in (cut, other)]
    whole, joined, apart = flows_of(original, *reposts)
    assert whole == joined != apart


@pytest.mark.parametrize("end", [" https://t.c…", " @…"])
def test_a_repost_that_is_cut_off_inside_of_its_last_link_joins_its_original(end):
    original = a_post(
        f"{CLAIM} and the whole valley must get to high ground at once, say the police https://t.co/abc"
    )
    repost = a_post(f"RT @someone: {original.text[:100]}{end}", kind=Kind.REPOST)
    assert len(set(flows_of(original, repost))) == 1


def test_a_short_repost_whose_original_is_not_named_joins_the_latest_post_of_its_words():
    first, other, latest = (a_post(text) for text in ("Bridge closed", "Bridge open", "Bridge closed"))
    repost = a_post("RT @someone: Bridge closed", kind=Kind.REPOST)
    *_, newest, joined = flows_of(first, other, latest, repost)
    assert joined == newest


def test_a_short_text_that_says_the_same_is_no_repost():
    assert len(set(flows_of(a_post("Bridge closed"), a_post("RT @someone: Bridge closed")))) == 2


def test_a_repost_with_words_before_it_joins_nothing():
    first, second = flows_of(a_post(CLAIM), a_post(f"FAKE: RT @someone: {CLAIM[:60]}…", kind=Kind.QUOTE))
    assert first != second


def test_what_was_cut_off_is_found_after_the_window_has_moved_on(monkeypatch):
    monkeypatch.setattr("models.judgement.flows.WINDOW_FLOWS", 2)
    index = FlowIndex("incident")
    for number in range(6):
        index.place(a_post(f"{CLAIM} and {number} boats are out on the river"))
    assert index.place(a_post(f"RT @jo: {CLAIM[:60]}…")).opens_flow is False


def test_reposts_that_come_before_their_original_wait_for_it_in_one_flow():
    original = a_post("short")
    reposts = [a_post("RT", kind=Kind.REPOST, repost_of=original.id) for _ in range(2)]
    assert len(set(flows_of(*reposts, original))) == 1


def test_a_reply_copies_only_within_its_thread():
    roots = [a_post(CLAIM), a_post("Something else entirely is happening at the market square today")]
    heard = "My brother heard exactly this from the fire crew working there"
    replies = [a_post(heard, reply_to=root.id) for root in roots]
    again = dataclasses.replace(replies[0], id="again")
    first, second, third = flows_of(*roots, *replies, again)[2:]
    assert first != second
    assert third == first


def test_a_reply_that_repeats_its_root_joins_the_roots_flow():
    root = a_post(CLAIM)
    assert len(set(flows_of(root, a_post(f"RT @someone {CLAIM}", reply_to=root.id)))) == 1


def test_a_reply_to_a_reply_belongs_to_the_thread_of_the_root():
    root = a_post(CLAIM)
    reply = a_post("really?", reply_to=root.id)
    index = FlowIndex("incident")
    threads = [index.place(post).thread for post in (root, reply, a_post("no", reply_to=reply.id))]
    assert threads == [root.id] * 3


def test_a_parent_that_is_not_there_still_holds_its_replies_together():
    index = FlowIndex("incident")
    threads = {index.place(a_post(f"reply {n}", reply_to="gone", root="gone")).thread for n in range(2)}
    assert threads == {"gone"}


def test_what_was_learnt_after_a_restart_places_the_next_post_as_before():
    posts = [a_post(CLAIM), a_post(f"RT @x {CLAIM}"), a_post("Quite another thing was said about the hospital roof")]
    live, restarted = FlowIndex("incident"), FlowIndex("incident")
    for post in posts:
        restarted.learn(post, live.place(post))
    newcomer = a_post(CLAIM.replace("searching", "serching"))
    assert restarted.place(newcomer) == live.place(newcomer)


def test_a_hostile_megabyte_of_combining_marks_holds_nothing_up():
    text = "a" + "\u0301\u0323" * 500_000
    takes_a_moment(lambda: wording_of(text))
    takes_a_moment(lambda: title_of(text))
    takes_a_moment(lambda: cue_row(text, text, text))
    takes_a_moment(lambda: PostFeatures.of(a_post(text), "flow", NOON))


@given(st.text())
def test_any_text_has_a_wording(text):
    assert all(word == word.lower() for word in wording_of(text).words)


@given(st.text(min_size=1), st.text(min_size=1))
def test_being_a_copy_goes_both_ways(one, other):
    assert is_copy(wording_of(one), wording_of(other)) == is_copy(wording_of(other), wording_of(one))


def test_flows_recalled_after_a_restart_are_copied_as_before_and_only_the_latest_are_sketched(monkeypatch):
    monkeypatch.setattr(flows, "WINDOW_FLOWS", 5)
    claims = [a_post(f"Hearing that people are missing near {name} tonight, police searching") for name in PLACES]
    later = [a_post(f"{post.text[:60]}…") for post in claims] + [a_post(post.text) for post in claims]
    live, recalled = FlowIndex("incident"), FlowIndex("incident")
    placed = [live.place(post) for post in claims]
    sketched = []
    sketch = flows._sketch
    monkeypatch.setattr(flows, "_sketch", lambda wording: sketched.append(wording) or sketch(wording))
    with recalled.recalling():
        for post, place in zip(claims, placed, strict=True):
            recalled.learn(post, place)
    assert len(sketched) == 5
    assert [recalled.place(post) for post in later] == [live.place(post) for post in later]
