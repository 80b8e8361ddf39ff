"""One judgement each: stance, likelihood, naming, surfacing."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.domain import Stance
from models.likelihood import judge_likelihood
from models.naming import LONGEST_TITLE, title_of
from models.stance import judge_stance
from models.surfacing import SurfacingRule
from models.tally import Tally
from tests.builders import NOON, a_post


@pytest.mark.parametrize(
    ("text", "answers", "stance"),
    [
        ("The dam above Northgate has burst", False, Stance.SUPPORT),
        ("@x is this true? any source?", True, Stance.QUERY),
        ("@x that's a hoax, it's not true", True, Stance.DENY),
        ("There is no looting in Market Street", False, Stance.DENY),
        ("@x I can confirm, just saw it", True, Stance.SUPPORT),
        ("@x stay safe everyone", True, Stance.COMMENT),
    ],
)
def test_cue_words_tell_the_stance(text, answers, stance):
    assert judge_stance(a_post(text), answers=answers).label is stance


@given(st.text(), st.booleans())
def test_any_text_has_a_stance_whose_probabilities_sum_to_one(text, answers):
    judged = judge_stance(a_post(text), answers=answers)
    assert sum(judged.probabilities.values()) == pytest.approx(1, abs=0.001)
    assert judged.probabilities[judged.label] == max(judged.probabilities.values())


def a_tally(*stances: Stance, text: str = "the dam has burst", official: bool = False) -> Tally:
    tally = Tally()
    for minute, stance in enumerate(stances):
        tally.add(a_post(text, official=official), stance, NOON + timedelta(minutes=minute))
    return tally


def test_people_who_ask_make_a_cluster_likelier_a_rumour():
    asked = judge_likelihood(a_tally(*[Stance.SUPPORT, Stance.QUERY] * 5), NOON)
    unasked = judge_likelihood(a_tally(*[Stance.SUPPORT] * 10), NOON)
    assert asked.probability > unasked.probability


def test_news_from_official_accounts_is_less_likely_a_rumour():
    official = judge_likelihood(a_tally(*[Stance.SUPPORT] * 6, official=True), NOON)
    unofficial = judge_likelihood(a_tally(*[Stance.SUPPORT] * 6), NOON)
    assert official.probability < unofficial.probability


def test_the_reasons_of_a_likelihood_add_up_to_it():
    import math

    from models.likelihood import _BASE

    judged = judge_likelihood(a_tally(*[Stance.QUERY] * 3), NOON)
    odds = _BASE + sum(reason.contribution for reason in judged.reasons)
    assert judged.probability == pytest.approx(1 / (1 + math.exp(-odds)), abs=0.001)


def test_a_burst_is_told_against_the_hour_before():
    tally = Tally()
    for minute in [*range(0, 60, 10), *[69] * 13]:
        tally.add(a_post(), Stance.SUPPORT, NOON + timedelta(minutes=minute))
    assert tally.burst(NOON + timedelta(minutes=70)) == pytest.approx(14 / 2)


def test_posts_without_an_author_count_as_a_person_each():
    tally = Tally()
    for author in ("a", "a", None, None):
        tally.add(a_post(author=author), Stance.SUPPORT, NOON)
    assert tally.people == 3


def test_the_budget_is_spent_by_the_hour():
    rule = SurfacingRule(budget_per_hour=1, least_likelihood=0)
    tally = a_tally(*[Stance.QUERY] * 5)
    likely = judge_likelihood(tally, NOON)
    rule.learn(NOON)
    assert not rule.allows(tally, likely, NOON + timedelta(minutes=59))
    assert rule.allows(tally, likely, NOON + timedelta(minutes=60))


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("RT @someone: BREAKING: the dam has burst https://example.org", "The dam has burst"),
        ("@a @b &amp; the <b>dam</b> #burst…", "The <b>dam</b> burst"),
        ("“@CBC: soldier shot at War Memorial.”", "Soldier shot at War Memorial."),
    ],
)
def test_a_title_is_the_posts_own_words_cleaned(text, title):
    assert title_of(text) == title


@given(st.text())
def test_any_text_gives_a_title_of_one_bounded_line(text):
    title = title_of(text)
    assert len(title) <= LONGEST_TITLE + 1
    assert "\n" not in title
    assert "\u202e" not in title
