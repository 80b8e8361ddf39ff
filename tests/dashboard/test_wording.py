"""The sentences people read: plain, with their figures, and never a verdict by Grapevine itself."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dashboard import wording
from dashboard.views.board import IncidentHeader, read_rows
from models.domain import Act, Decision, Officer, Reason, Stance, State, Verdict
from models.spread import StanceMinute, spread_series
from tests.builders import NOON, a_post
from tests.dashboard.world import judge, opened


@pytest.fixture
def row(store):
    incident = opened(store)
    posts = [a_post(author_followers=10), a_post(), a_post(author=None)]
    judge(store, incident, posts, stances=[Stance.SUPPORT, Stance.DENY, None])
    return read_rows(store, incident.id, NOON + timedelta(minutes=5))["dam"]


def test_unknowns_stand_beside_the_reach(row):
    assert wording.reach(row) == "reach 10; followers of 1 person unknown; authors of 1 post unknown"


def test_growth_is_told_with_its_interval(row):
    assert wording.growth(row, NOON) == "3 posts in the last hour (95% interval 1 to 9), steady"


def test_the_stance_bar_has_its_numbers_in_words(row):
    assert wording.stance_counts(row) == "1 support, 1 deny, 0 query, 0 comment, 1 not coded"


@pytest.mark.parametrize(
    ("probability", "words"),
    [(None, "not scored yet"), (0.82, "very likely a rumour, 0.82"), (0.65, "likely a rumour, 0.65"),
     (0.5, "may be a rumour, 0.50"), (0.1, "unlikely a rumour, 0.10")],
)  # fmt: skip
def test_a_likelihood_is_a_word_with_its_figure(probability, words):
    assert wording.likelihood(probability) == words


@pytest.mark.parametrize("probability", [0.0, 0.5, 1.0])
def test_a_score_is_never_a_verdict_on_truth(probability):
    said = wording.likelihood(probability).lower()
    assert not any(word in said.split() for word in ("true", "false", "fake", "real", "lie"))


def test_why_here_names_what_raised_the_score_heaviest_first(row):
    reasons = (
        Reason("people", 40, 0.2), Reason("enquiry_share", 1 / 3, 1.5), Reason("official_share", 0.1, -2.0),
        Reason("burst", 3.04, 0.9),
    )  # fmt: skip
    assert wording.why_here(replace(row, reasons=reasons)) == [
        "1 of 3 posts ask if it is true",
        "3.0 × as many posts as usual in 10 min",
        "40 people carry it",
    ]


def test_a_decision_reads_as_a_line_of_the_log():
    decision = Decision(
        1, "i", "dam", Act.TAKE, State.ASSESSING, Officer("J. Officer", "duty"), "checking with the operator", NOON
    )
    said = wording.decision(decision, NOON + timedelta(hours=1))
    assert said == "12:00 J. Officer (duty, asserted) took this: checking with the operator"


def test_an_empty_board_says_what_was_read_and_what_would_fill_it():
    header = IncidentHeader(posts_read=214, posts_judged=214, first_known_at=NOON, last_known_at=NOON)
    assert wording.empty_board(header, any_rumours=False, now=NOON) == (
        "No rumours yet. 214 posts read since 12:00; the first rumour appears when several people repeat one claim."
    )


def test_an_empty_filter_is_not_called_an_empty_board():
    header = IncidentHeader(posts_read=214, posts_judged=214, first_known_at=NOON, last_known_at=NOON)
    assert "No rumour matches" in wording.empty_board(header, any_rumours=True, now=NOON)


def test_an_empty_board_without_a_source_says_where_to_name_one():
    header = IncidentHeader(posts_read=0, posts_judged=0, first_known_at=None, last_known_at=None)
    said = wording.empty_board(header, any_rumours=False, now=NOON, any_sources=False)
    assert "No source is configured" in said
    assert "config.toml under [sources]" in said


def test_an_empty_chart_says_when_the_last_post_was(row):
    six, later = timedelta(hours=6), NOON + timedelta(hours=8)
    assert wording.nothing_shown(row, six, later) == "No posts in the last 6 h; the last was at 12:00"
    assert wording.nothing_shown(row, six, NOON + timedelta(days=2)).endswith("the last was on 20 Nov, 12:00")


def test_only_where_there_are_undated_posts_an_empty_chart_speaks_of_dates(row):
    some, none_dated = replace(row, undated=1), replace(row, undated=3, last_at=None)
    assert wording.nothing_shown(some, None, NOON).startswith("No dated posts in this time")
    assert wording.nothing_shown(none_dated, None, NOON) == "No dated posts: 3 posts of unknown time"


def test_what_waits_is_counted():
    assert wording.waiting(1, False, "21:03") == "▸ 1 new rumour since 21:03: show"
    assert wording.waiting(3, True, "21:03") == "▸ 3 new rumours since 21:03: show"
    assert "order" in wording.waiting(0, True, "21:03")
    assert wording.waiting(0, False, "21:03") is None


def test_the_chart_is_told_in_one_sentence():
    minutes = [StanceMinute(NOON + timedelta(minutes=10), {Stance.DENY: 4})]
    series = spread_series(minutes, start=NOON, end=NOON + timedelta(hours=1), interval=timedelta(minutes=5))
    said = wording.spread_summary(series, [])
    assert said.startswith("4 posts from 20 Nov 2026, 12:00 to 20 Nov 2026, 13:00: 0 support, 4 deny")
    assert "Busiest 5 min from 20 Nov 2026, 12:10: 4 posts" in said


def test_every_state_stance_verdict_and_act_has_its_word():
    assert set(wording.STATES) == set(State)
    assert set(wording.STANCES) == set(Stance)
    assert set(wording.VERDICTS) == set(wording.VERDICT_MEANINGS) == set(Verdict)
    assert set(wording.ACTS) == set(wording.DONE) == set(Act)
    assert set(wording.SUGGESTED_REASONS) == set(wording.ACT_TITLES) == set(Act) - {Act.CORRECT}
