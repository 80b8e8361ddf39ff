"""The sentences people read: plain, with their figures, and never a verdict by Grapevine itself."""

import math
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.views.board import IncidentHeader, read_rows
from dashboard.words import acts as acts_words
from dashboard.words import board as board_words
from dashboard.words import chart as chart_words
from dashboard.words import reasons as reasons_words
from dashboard.words import rumour as rumour_words
from dashboard.words import shared as shared_words
from models.domain import Act, Decision, Officer, Reason, Stance, State, Verdict
from models.judgement.features import CUES, PostFeatures, Tally
from models.judgement.likelihood import FEATURES
from models.measures.spread import StanceMinute, spread_series
from tests.builders import LEARNT, NOON, a_post
from tests.dashboard.world import judge, opened


@pytest.fixture
def row(store):
    incident = opened(store)
    posts = [a_post(author_followers=10), a_post(), a_post(author=None)]
    judge(store, incident, posts, stances=[Stance.SUPPORT, Stance.DENY, None])
    return read_rows(store, incident.id, NOON + timedelta(minutes=5))["dam"]


def test_unknowns_stand_beside_the_reach(row):
    assert board_words.reach(row) == "reach 10; followers of 1 person unknown; authors of 1 post unknown"


def test_growth_is_told_with_its_interval(row):
    assert board_words.growth(row, NOON) == "3 posts in the last hour (95% interval 1 to 9), steady"


def test_the_stance_bar_has_its_numbers_in_words(row):
    assert board_words.stance_counts(row) == "1 support, 1 deny, 0 query, 0 comment, 1 not coded"


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (None, "not scored yet"),
        (0.82, "very likely a rumour, 0.82"),
        (0.65, "likely a rumour, 0.65"),
        (0.5, "may be a rumour, 0.50"),
        (0.1, "unlikely a rumour, 0.10"),
    ],
)
def test_a_likelihood_is_a_word_with_its_figure(probability, words):
    assert board_words.likelihood(probability) == words


@pytest.mark.parametrize("probability", [0.0, 0.5, 1.0])
def test_a_score_is_never_a_verdict_on_truth(probability):
    said = board_words.likelihood(probability).lower()
    assert not any(word in said.split() for word in ("true", "false", "fake", "real", "lie"))


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
        Reason("official_share", 0.9863, -4.0),
        Reason("claim_feels", 0.5, -0.8),
        Reason("people", math.log1p(2), 0.1),
    )
    assert why(row, *reasons) == [
        "less likely: 72 of 73 posts are by official accounts",
        "less likely: 20 of 40 posts voice sympathy or feeling",
        "carried by 2 people",
    ]


@pytest.mark.parametrize(
    ("reason", "claims", "words"),
    [
        (Reason("reply_doubts", 0.0, -0.3), 40, "less likely: no reply doubts it"),
        (Reason("link_share", 0.025, 0.3), 40, "1 of 40 posts carries a link"),
        (Reason("link_share", 1.0, -0.3), 1, "less likely: the only post carries a link"),
        (Reason("claims", math.log1p(1), -0.3), 1, "less likely: 1 post makes the claim"),
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
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_scored_its_reasons_are_told_in_at_most_four_sentences_and_no_verdict(row, marks):
    tally = Tally()
    for mark in marks:
        tally.add(mark)
    judged = LEARNT.likelihood.judge(tally, NOON)
    said = why(row, *judged.reasons, claims=judged.claims, answers=judged.answers)
    assert 1 <= len(said) <= 4
    for sentence in said:
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


def test_a_decision_reads_as_a_line_of_the_log():
    decision = Decision(
        1, "i", "dam", Act.TAKE, State.ASSESSING, Officer("J. Officer", "duty"), "checking with the operator", NOON
    )
    said = rumour_words.decision(decision, NOON + timedelta(hours=1))
    assert said == "12:00 J. Officer (duty, asserted) took this: checking with the operator"


def test_an_empty_board_says_what_was_read_and_what_would_fill_it():
    header = IncidentHeader(posts_read=214, posts_judged=214, first_known_at=NOON, last_known_at=NOON)
    assert board_words.empty_board(header, any_rumours=False, now=NOON) == (
        "No rumours yet. 214 posts read since 12:00; the first rumour appears when several people repeat one claim."
    )


def test_an_empty_filter_is_not_called_an_empty_board():
    header = IncidentHeader(posts_read=214, posts_judged=214, first_known_at=NOON, last_known_at=NOON)
    assert "No rumour matches" in board_words.empty_board(header, any_rumours=True, now=NOON)


def test_an_empty_board_without_a_source_says_where_to_name_one():
    header = IncidentHeader(posts_read=0, posts_judged=0, first_known_at=None, last_known_at=None)
    said = board_words.empty_board(header, any_rumours=False, now=NOON, any_sources=False)
    assert "No source is configured" in said
    assert "config.toml under [sources]" in said


def test_an_empty_chart_says_when_the_last_post_was(row):
    six, later = timedelta(hours=6), NOON + timedelta(hours=8)
    assert chart_words.nothing_shown(row, six, later) == "No posts in the last 6 h; the last was at 12:00"
    assert chart_words.nothing_shown(row, six, NOON + timedelta(days=2)).endswith("the last was on 20 Nov, 12:00")


def test_only_where_there_are_undated_posts_an_empty_chart_speaks_of_dates(row):
    some, none_dated = replace(row, undated=1), replace(row, undated=3, last_at=None)
    assert chart_words.nothing_shown(some, None, NOON).startswith("No dated posts in this time")
    assert chart_words.nothing_shown(none_dated, None, NOON) == "No dated posts: 3 posts of unknown time"


def test_what_waits_is_counted():
    assert board_words.waiting(1, False, "21:03") == "▸ 1 new rumour since 21:03: show"
    assert board_words.waiting(3, True, "21:03") == "▸ 3 new rumours since 21:03: show"
    assert "order" in board_words.waiting(0, True, "21:03")
    assert board_words.waiting(0, False, "21:03") is None


def test_the_chart_is_told_in_one_sentence():
    minutes = [StanceMinute(NOON + timedelta(minutes=10), {Stance.DENY: 4})]
    series = spread_series(minutes, start=NOON, end=NOON + timedelta(hours=1), interval=timedelta(minutes=5))
    said = chart_words.spread_summary(series, [])
    assert said.startswith("4 posts from 20 Nov 2026, 12:00 to 20 Nov 2026, 13:00: 0 support, 4 deny")
    assert "Busiest 5 min from 20 Nov 2026, 12:10: 4 posts" in said


def test_every_state_stance_verdict_and_act_has_its_word():
    assert set(shared_words.STATES) == set(State)
    assert set(shared_words.STANCES) == set(Stance)
    assert set(shared_words.VERDICTS) == set(acts_words.VERDICT_MEANINGS) == set(Verdict)
    assert set(acts_words.ACTS) == set(acts_words.DONE) == set(Act)
    assert set(acts_words.SUGGESTED_REASONS) == set(acts_words.ACT_TITLES) == set(Act) - {Act.CORRECT}
