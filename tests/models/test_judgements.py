"""One judgement each: how posts speak, likelihood, surfacing, naming."""

import math
from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.domain.posts import Kind
from models.judgement.features import CUES, PostFeatures, Tally
from models.judgement.likelihood import FARTHEST_DEVIATIONS, FEATURES, LikelihoodModel, feature_values
from models.judgement.naming import LONGEST_TITLE, title_of
from models.judgement.surfacing import Candidate, SurfacingRule
from models.training.rehearsal import UNREAD
from tests.builders import LEARNT, NOON, a_post
from tests.waiting import takes_a_moment

ANSWERED = "test:answered"
SHIPPED = LEARNT.likelihood


def a_tally(*texts: str, replies: Sequence[str] = (), **changes) -> Tally:
    """Posts of a minute each, then replies, all by different people."""
    tally = Tally()
    posts = [(text, {}) for text in texts] + [(text, {"reply_to": ANSWERED}) for text in replies]
    for minute, (text, answers) in enumerate(posts):
        post = a_post(text, minute=minute, **answers, **changes)
        tally.add(PostFeatures.of(post, post.id, post.created_at))
    return tally


def likely(tally: Tally, model: LikelihoodModel = SHIPPED) -> float:
    return model.judge(tally, NOON + timedelta(minutes=30)).probability


def cues(text: str) -> set[str]:
    found_in = PostFeatures.of(a_post(text), "flow", NOON).cues
    return {name for name, found in zip(CUES, found_in, strict=True) if found}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The dam above Northgate has burst", set()),
        ("@x Is this TRUE?", {"asks", "asks_for_proof"}),
        ("any proof of that", {"asks_for_proof"}),
        ("that's a hoax, it's not true", {"doubts"}),
        ("Apparently the dam has burst", {"hedges"}),
        ("Police told us to leave", {"cites"}),
        ("BREAKING the dam has burst", {"breaks"}),
        ("Thoughts with all, stay safe", {"feels"}),
        ("40 people missing", {"counts"}),
        ("“the dam holds”", {"quotes"}),
        ("run!", {"shouts"}),
        ("", set()),
    ],
)
def test_cue_words_tell_how_a_post_speaks(text, found):
    assert cues(text) == found


def test_what_stands_in_a_link_or_a_handle_is_no_cue():
    assert cues("the dam https://news.example/fake?q=40! @hoax") == set()


@given(st.text(), st.none() | st.text())
def test_any_text_has_features_that_count(text, reply_to):
    of_post = PostFeatures.of(a_post(text, reply_to=reply_to), "flow", NOON)
    assert len(of_post.cues) == len(CUES)
    tally = Tally()
    tally.add(of_post)
    assert (tally.posts, tally.claiming + tally.answers) == (1, 1)
    assert 0 <= likely(tally) <= 1


@pytest.mark.parametrize("hostile", ["?" * 50_000, "is this " * 9_000, "a\u0300" * 20_000, "\x00", "&amp;" * 9_000])
def test_a_hostile_text_has_its_features_in_a_moment(hostile):
    takes_a_moment(lambda: PostFeatures.of(a_post(hostile), "flow", NOON))


def test_a_quote_answers_as_a_reply_does():
    posts = [a_post(), a_post(reply_to=ANSWERED), a_post(quote_of=ANSWERED), a_post(kind=Kind.REPLY)]
    assert [PostFeatures.of(post, "flow", NOON).answers for post in posts] == [False, True, True, True]


CLAIM = "the dam above Northgate has burst"


def test_people_who_ask_make_a_cluster_likelier_a_rumour():
    assert likely(a_tally(*[CLAIM, f"{CLAIM}?"] * 4)) > likely(a_tally(*[CLAIM] * 8))


def test_people_who_doubt_or_speak_of_hearsay_make_a_cluster_likelier_a_rumour():
    for word in ("hoax", "apparently"):
        assert likely(a_tally(*[CLAIM, f"{word} {CLAIM}"] * 4)) > likely(a_tally(*[CLAIM] * 8)), word


def test_what_does_not_count_leaves_a_tally_as_it_is():
    tally = a_tally(CLAIM, replies=["is it true?"])
    before = deepcopy(tally)
    tally.add(PostFeatures.of(a_post("Police: the dam holds"), "flow", NOON, counts=False))
    assert tally == before


def test_four_callers_who_pass_on_and_ask_after_a_claim_are_a_rumour_worth_a_look():
    """The labelled source posts never ask for proof, so nothing but this holds what asking counts for."""
    assert (
        likely(a_tally(CLAIM, f"someone says {CLAIM}", f"is it true that {CLAIM}??", f"my mate heard {CLAIM}")) >= 0.5
    )


def test_sympathy_is_less_likely_a_rumour():
    assert likely(a_tally(*[f"thoughts and prayers, {CLAIM}"] * 6)) < likely(a_tally(*[CLAIM] * 6))


@given(
    st.lists(st.sampled_from([CLAIM, "is it true?", "hoax!", "pray for them", "RT “40 dead”", ""]), min_size=1),
    st.lists(st.sampled_from(["no", "source?", "that is false", "https://x.example"])),
)
def test_the_reasons_of_a_likelihood_add_up_to_it_with_the_base(texts, replies):
    judged = SHIPPED.judge(a_tally(*texts, replies=replies), NOON)
    odds = SHIPPED.base + sum(reason.contribution for reason in judged.reasons)
    assert judged.probability == pytest.approx(1 / (1 + math.exp(-odds)), abs=0.001)
    assert (judged.claims, judged.answers) == (len(texts), len(replies))


def a_model(feature: str, *, usual: float = 0.0, deviation: float = 1.0) -> LikelihoodModel:
    """One that goes by one feature alone."""
    return LikelihoodModel(0.0, {feature: 1.0}, {feature: usual}, {feature: deviation}, UNREAD)


def contribution(model: LikelihoodModel, tally: Tally) -> float:
    (reason,) = model.judge(tally, NOON + timedelta(minutes=30)).reasons
    return reason.contribution


def test_a_value_far_outside_what_was_seen_says_no_more_than_the_farthest():
    many = a_tally(*[CLAIM] * 50)
    assert contribution(a_model("people", deviation=0.01), many) == FARTHEST_DEVIATIONS
    assert contribution(a_model("people", usual=9, deviation=0.01), many) == -FARTHEST_DEVIATIONS


def test_a_share_of_few_posts_says_less_than_the_same_share_of_many():
    asks = a_model("claim_asks")
    assert 0 < contribution(asks, a_tally("so?")) < contribution(asks, a_tally(*["so?"] * 20)) < 1


def test_what_replies_say_is_told_apart_from_what_posts_say():
    tally = a_tally(CLAIM, replies=["hoax"] * 4)
    assert contribution(a_model("claim_doubts"), tally) == 0
    assert contribution(a_model("reply_doubts"), tally) == pytest.approx(0.5)


def test_without_any_reply_replies_say_nothing_whatever_is_usual():
    assert contribution(a_model("reply_doubts", usual=0.5), a_tally(CLAIM)) == 0


def test_the_shipped_model_goes_by_features_that_there_are_and_no_others():
    assert set(SHIPPED.weights) <= set(FEATURES)
    assert set(SHIPPED.usual) == set(SHIPPED.deviations) == set(FEATURES) == set(feature_values(a_tally(CLAIM), NOON))
    assert all(deviation > 0 for deviation in SHIPPED.deviations.values())
    with pytest.raises(KeyError, match="claim_sings"):
        a_model("claim_sings").judge(a_tally(CLAIM), NOON)


def test_a_burst_is_told_against_the_hour_before():
    tally = Tally()
    for minute in [*range(0, 60, 10), *[69] * 13]:
        tally.add(PostFeatures.of(a_post(), "flow", NOON + timedelta(minutes=minute)))
    assert tally.burst(NOON + timedelta(minutes=70)) == pytest.approx(14 / 2)


def test_posts_without_an_author_count_as_a_person_each():
    tally = Tally()
    for author in ("a", "a", None, None):
        tally.add(PostFeatures.of(a_post(author=author), "flow", NOON))
    assert tally.people == 3


def a_surfacing_rule(budget: int = 3) -> SurfacingRule:
    return SurfacingRule(budget_per_hour=budget, least_likelihood=0.5, large_group=40)


def spent(rule: SurfacingRule, moment: datetime, likelihood: float = 0.8, people: int = 3) -> int:
    """How many come up at one moment where any number would."""
    surfaced, tally = 0, Tally(posts=people, unnamed=people)
    while rule.has_room(tally, likelihood, moment):
        rule.spend(moment)
        surfaced += 1
    return surfaced


def test_the_budget_is_spent_by_the_hour_and_quiet_hours_save_two_hours_of_it():
    rule = a_surfacing_rule()
    minutes = (0, 1, 20, 60, 500, 501)
    assert [spent(rule, NOON + timedelta(minutes=minute)) for minute in minutes] == [6, 0, 1, 2, 6, 0]


def test_a_moment_from_before_the_last_spends_and_earns_no_more_than_any_other():
    rule = a_surfacing_rule()
    assert spent(rule, NOON + timedelta(hours=9)) == 6
    assert spent(rule, NOON) == 0
    assert spent(rule, NOON + timedelta(hours=10)) == 3


@given(st.lists(st.tuples(st.integers(0, 90), st.sampled_from([3, 40])), min_size=1, max_size=40), st.integers(1, 5))
def test_no_stretch_of_time_brings_more_than_its_hours_what_two_saved_and_one_borrowed(steps, budget):
    rule, moment, surfaced, passed = a_surfacing_rule(budget), NOON, 0, 0
    for place, (minutes, people) in enumerate(steps):
        moment += timedelta(minutes=minutes)
        passed += minutes if place else 0
        surfaced += spent(rule, moment, people=people)
        borrowed = any(people >= 40 for _, people in steps[: place + 1])
        assert surfaced <= budget * (2 + borrowed + passed / 60) + 1e-6


def test_what_is_large_and_likely_borrows_an_hour_of_the_budget_which_the_others_then_wait_for():
    rule = a_surfacing_rule()
    assert spent(rule, NOON) == 6
    assert spent(rule, NOON, likelihood=0.2, people=40) == 0
    assert spent(rule, NOON, likelihood=0.8, people=40) == 3
    assert spent(rule, NOON + timedelta(hours=1)) == 0
    assert spent(rule, NOON + timedelta(hours=2)) == 3


def test_what_is_large_but_unlikely_leaves_an_hour_of_the_budget_to_what_is_likely():
    rule = a_surfacing_rule()
    assert spent(rule, NOON, likelihood=0.2) == 4
    assert spent(rule, NOON, likelihood=0.8) == 2


def test_many_people_and_fast_growth_count_whatever_the_likelihood():
    rule = a_surfacing_rule()
    assert not rule.may_go_up(a_tally(*["see the lights"] * 24), 0.01, texts=2)
    assert rule.may_go_up(a_tally(*["see the lights"] * 25), 0.01, texts=2)
    slow = Tally()
    for hour in range(40):
        slow.add(PostFeatures.of(a_post("see the lights", minute=60 * hour), "flow", NOON + timedelta(hours=hour)))
        assert rule.may_go_up(slow, 0.01, texts=2) == (slow.people >= 40)


def test_one_person_who_posts_a_lot_is_no_large_group():
    assert not a_surfacing_rule().may_go_up(a_tally(*["the dam has burst"] * 60, author="same"), 0.99, texts=1)


def test_chatter_that_nobody_copies_or_answers_is_no_large_group():
    chatter = a_tally(*["see the lights"] * 60)
    assert not a_surfacing_rule().may_go_up(chatter, 0.3, texts=60)
    assert a_surfacing_rule().may_go_up(chatter, 0.3, texts=40)
    assert a_surfacing_rule().may_go_up(chatter, 0.8, texts=60)


@pytest.mark.parametrize(
    ("likelier", "than"),
    [
        ((0.9, a_tally(*[CLAIM] * 4)), (0.6, a_tally(*[CLAIM] * 4))),
        ((0.8, a_tally(*[CLAIM] * 9)), (0.8, a_tally(*[CLAIM] * 3))),
        ((0.8, a_tally(*[CLAIM, f"is it true that {CLAIM}?"] * 2)), (0.8, a_tally(*[CLAIM] * 4))),
        ((0.3, a_tally(*[CLAIM] * 49)), (0.6, a_tally(*[CLAIM] * 3))),
    ],
)
def test_what_ranks_rumours_is_likelihood_people_and_questions(likelier, than):
    first, second = (
        Candidate("rumour", tally, likelihood, NOON + timedelta(hours=2)).urgency
        for likelihood, tally in (likelier, than)
    )
    assert first > second


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("RT @someone: BREAKING: the dam has burst https://example.org", "The dam has burst"),
        ("@a @b &amp; the <b>dam</b> #burst…", "The <b>dam</b> burst"),
        ("“@CBC: soldier shot at War Memorial.”", "Soldier shot at War Memorial."),
        ("WATCH: BREAKING NEWS - the dam has burst #flood #Northgate via @cbc", "The dam has burst"),
        ("New bridge over the #RiverKel is closed", "New bridge over the River Kel is closed"),
        ("#A320 lost near #NorthgateHill tonight", "A320 lost near Northgate Hill tonight"),
        ("#wolves #zoo #help", "Wolves zoo help"),
    ],
)
def test_a_title_is_the_posts_own_words_cleaned(text, title):
    assert title_of(text) == title


@pytest.mark.parametrize("run", [".", "…", "-", "|", "#", '"', "new: ", "http://", "@"])
def test_a_run_of_marks_takes_a_moment(run):
    takes_a_moment(lambda: title_of("the dam has burst" + run * 4_000 + "x"))
    takes_a_moment(lambda: title_of(run * 4_000))


@given(st.text())
def test_any_text_gives_a_title_of_one_bounded_line(text):
    title = title_of(text)
    assert len(title) <= LONGEST_TITLE + 1
    assert "\n" not in title
    assert "\u202e" not in title


def test_a_post_carries_a_link_by_its_words_not_by_its_own_address():
    address = "https://example.org/posts/1"
    assert not PostFeatures.of(a_post("the dam has burst", url=address), "flow", NOON).links
    assert PostFeatures.of(a_post(f"the dam has burst {address}"), "flow", NOON).links
