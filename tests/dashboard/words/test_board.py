"""What the board says: figures with their unknowns, and why the list is empty."""

import pytest

from dashboard.views.board import IncidentHeader
from dashboard.words import board as board_words
from tests.builders import NOON


def test_unknowns_stand_beside_the_reach(row):
    assert board_words.reach(row) == "reach 10; followers of 1 person unknown; authors of 1 post unknown"


def test_growth_has_its_interval(row):
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
        (0.1, "unlikely to be a rumour, 0.10"),
    ],
)
def test_a_likelihood_is_a_word_with_its_figure(probability, words):
    assert board_words.likelihood(probability) == words


@pytest.mark.parametrize("probability", [0.0, 0.5, 1.0])
def test_a_score_is_never_a_verdict_on_truth(probability):
    words = board_words.likelihood(probability).lower().split()
    assert not any(word in words for word in ("true", "false", "fake", "real", "lie"))


def test_an_empty_board_says_what_was_read_and_what_would_fill_it():
    header = IncidentHeader(posts_read=214, posts_judged=214, first_known_at=NOON, last_known_at=NOON)
    assert board_words.empty_board(header, any_rumours=False, now=NOON) == (
        "No rumours yet. 214 posts read since 12:00; the first rumour appears when several people repeat one claim."
    )


def test_an_empty_filter_is_not_called_an_empty_board():
    header = IncidentHeader(posts_read=214, posts_judged=214, first_known_at=NOON, last_known_at=NOON)
    assert "No rumours match" in board_words.empty_board(header, any_rumours=True, now=NOON)


def test_an_empty_board_without_a_source_says_where_to_name_one():
    header = IncidentHeader(posts_read=0, posts_judged=0, first_known_at=None, last_known_at=None)
    sentence = board_words.empty_board(header, any_rumours=False, now=NOON, any_sources=False)
    assert "No source is configured" in sentence
    assert "config.toml under [sources]" in sentence


def test_what_waits_is_counted():
    assert board_words.waiting(1, False, "21:03") == "▸ 1 new rumour since 21:03: show"
    assert board_words.waiting(3, True, "21:03") == "▸ 3 new rumours since 21:03: show"
    assert "order" in board_words.waiting(0, True, "21:03")
    assert board_words.waiting(0, False, "21:03") is None
