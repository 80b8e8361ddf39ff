"""What is written about gaps: which source's posts are missing, and when."""

from datetime import timedelta

from dashboard.words import gaps as gaps_words
from models.domain.sources import SourceGap
from tests.builders import NOON


def at(minute: float):
    return NOON + timedelta(minutes=minute)


def test_the_sentence_names_source_and_time():
    gaps = [SourceGap("bluesky", at(10), at(20), "lost"), SourceGap("feeds", at(30), None, "lost")]
    assert gaps_words.missing(gaps, at(60)) == (
        "Posts are missing: from feeds since 12:30; from bluesky from 12:10 to 12:20. "
        "A quiet period may be missing data."
    )


def test_without_a_gap_there_is_no_sentence():
    assert gaps_words.missing([], NOON) == ""
