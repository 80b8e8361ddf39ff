"""Why a rumour is scored as it is: plain counts, and never a verdict by Grapevine itself."""

import math
import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.words import reasons as reasons_words
from models.domain.rumours import Reason
from models.judgement.features import CUES, PostFeatures, Tally
from models.judgement.likelihood import FEATURES
from tests.builders import LEARNT, NOON


def why(row, *reasons: Reason, claims: int | None = 40, answers: int | None = 33) -> list[str]:
    return reasons_words.why_here(replace(row, reasons=reasons, scored_claims=claims, scored_answers=answers))


def test_why_here_counts_the_posts_of_a_share_heaviest_first(row):
    reasons = (
        Reason("people", math.log1p(12), 0.2),
        Reason("claim_asks_for_proof", 0.3, 1.5),
        Reason("reply_doubts", 0.1515, 0.9),
        Reason("burst", math.log(3.04), 0.6),
        Reason("claims", math.log1p(40), 0.1),
    )
    assert why(row, *reasons) == [
        "12 of 40 posts ask if it is true",
        "5 of 33 replies doubt it",
        "3.0 × as many posts as usual in 10 min",
        "carried by 12 people",
    ]


def test_what_lowers_a_score_is_told_as_such(row):
    reasons = (
        Reason("claim_cites", 0.9, -4.0),
        Reason("claim_feels", 0.5, -0.8),
        Reason("people", math.log1p(2), 0.1),
    )
    assert why(row, *reasons) == [
        "less likely: 36 of 40 posts name who said so",
        "less likely: 20 of 40 posts voice sympathy or feeling",
        "carried by 2 people",
    ]


@pytest.mark.parametrize(
    ("reason", "claims", "words"),
    [
        (Reason("reply_doubts", 0.0, -0.3), 40, "less likely: no reply doubts it"),
        (Reason("link_share", 0.025, 0.3), 40, "1 of 40 posts carries a link"),
        (Reason("link_share", 1.0, -0.3), 1, "less likely: the only post carries a link"),
        (Reason("claims", math.log1p(1), -0.3), 1, "less likely: 1 post, not counting replies"),
        (Reason("replies_a_claim", math.log1p(33 / 2), 0.3), 2, "33 replies to 2 posts"),
        (Reason("people", math.log1p(1), -0.3), 40, "less likely: carried by 1 person"),
        (Reason("burst", math.log(0.04), -0.3), 40, "less likely: fewer posts than usual in 10 min"),
        (Reason("burst", 0.0, -0.3), 40, "less likely: as many posts as usual in 10 min"),
    ],
)
def test_a_reason_reads_well_whatever_its_count(row, reason, claims, words):
    assert why(row, reason, claims=claims) == [words]


@pytest.mark.parametrize("feature", FEATURES)
def test_every_feature_of_a_likelihood_has_its_words(row, feature):
    assert why(row, Reason(feature, 0.5, 1.0)) != [reasons_words.NO_REASONS]


@given(
    st.lists(
        st.builds(
            PostFeatures,
            st.just("f"),
            st.none() | st.text(),
            st.just(NOON),
            st.booleans(),
            st.booleans(),
            st.booleans(),
            st.tuples(*[st.booleans()] * len(CUES)),
        ),
        min_size=1,
    ),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_was_scored_its_reasons_are_told_in_at_most_four_sentences_and_no_verdict(row, marks):
    tally = Tally()
    for mark in marks:
        tally.add(mark)
    judged = LEARNT.likelihood.judge(tally, NOON)
    sentences = why(row, *judged.reasons, claims=judged.claims, answers=judged.answers)
    assert 1 <= len(sentences) <= 4
    for sentence in sentences:
        numbers = re.match(r"(?:less likely: )?([\d,]+) of ([\d,]+) ", sentence)
        assert numbers is None or int(numbers[1]) <= int(numbers[2]) <= tally.posts
        assert not re.search(r"\b(?:is|it's) (?:false|fake|a lie|not true)\b", sentence)


def test_a_part_too_small_to_matter_is_no_reason(row):
    assert why(row, Reason("people", 1.0, 0.01), Reason("reply_asks", 0.0, -0.0)) == [reasons_words.NO_REASONS]


def test_a_feature_this_version_does_not_know_is_passed_over(row):
    assert why(row, Reason("reply_sings", 0.5, 2.0), Reason("people", math.log1p(9), 0.5)) == ["carried by 9 people"]


def test_a_score_of_a_former_version_is_told_by_one_general_sentence(row):
    former = (Reason("people", 40, 0.2), Reason("enquiry_share", 1 / 3, 1.5))
    assert why(row, *former, claims=None, answers=None) == [reasons_words.NO_REASONS]
