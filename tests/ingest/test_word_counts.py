"""The words of what is read are counted for ten minutes, so that terms can be tried; nothing of a post is kept."""

import pickle
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ingest.matching import Matcher
from ingest.word_counts import LONGEST_COUNTED, MOST_POSTS_A_MINUTE, Countable, WordCounts
from models.domain.incidents import Watch
from models.domain.trials import TermTrial
from models.text.terms import searched, watch_terms
from tests.builders import NOON, OFFICER, a_post, an_incident

MINUTE = timedelta(minutes=1)


def a_count(text, lang=None, has_place=False):
    return Countable(lang, searched(text), has_place)


def counts_of(*posts, at=NOON):
    counts = WordCounts()
    counts.add(at, len(posts), posts)
    return counts


def tried(counts, *terms, languages=(), now=NOON):
    return counts.trial("bluesky", Watch(terms=terms, languages=languages), now)


def posts_of(counts, term, **more):
    (found,) = tried(counts, term, **more).terms
    return found.posts


@pytest.mark.parametrize("open_incidents", [[], [Watch()], [Watch(terms=("tiger",))]])
def test_a_term_is_tried_on_posts_that_no_incident_keeps(store, open_incidents):
    for watch in open_incidents:
        store.incidents.record(an_incident(watch=watch), OFFICER, "opened").result()
    matcher = Matcher(store, "bluesky", str)
    matched = matcher.match([a_post("The dam has burst"), a_post("Dams!"), a_post("a cat")])
    assert matched.kept == []
    trial = tried(matcher.word_counts, "dam", "the dam")
    assert (trial.source, trial.since, trial.read, trial.counted) == ("bluesky", NOON, 3, 3)
    assert trial.terms == (TermTrial("dam", 2, False), TermTrial("the dam", 1, True))


def test_what_is_older_than_ten_minutes_is_not_counted_any_more_and_is_gone():
    counts = counts_of(a_count("dam"))
    counts.add(NOON + 5 * MINUTE, 1, [a_count("dam")])
    assert posts_of(counts, "dam", now=NOON + 9 * MINUTE) == 2
    assert posts_of(counts, "dam", now=NOON + 10 * MINUTE) == 1
    counts.forget(NOON + 15 * MINUTE)
    assert counts._minutes == []
    assert tried(counts, "dam", now=NOON + 15 * MINUTE).since is None


def test_neither_a_text_nor_a_word_of_a_post_is_kept():
    counts = counts_of(a_count("Zebedee Quill of Bridge Street, tel 01632960001", "en"))
    # A lock cannot be written down.
    kept = pickle.dumps(counts._minutes).lower()
    assert not any(word in kept for word in (b"zebedee", b"quill", b"bridge", b"960001"))


def test_what_states_another_language_is_left_out_and_what_states_none_is_not():
    posts = [a_count("dam", lang) for lang in ("en_US", "cy", "und", None, "qht")]
    assert posts_of(counts_of(*posts), "dam", languages=("en",)) == 4


def test_of_a_minute_with_very_many_posts_some_are_counted_and_the_rest_estimated(store):
    matcher = Matcher(store, "bluesky", str)
    for _ in range(3):
        matcher.match([a_post("dam"), a_post("cat")] * (MOST_POSTS_A_MINUTE // 4))
    trial = tried(matcher.word_counts, "dam")
    assert (trial.read, trial.counted) == (3 * MOST_POSTS_A_MINUTE // 2, MOST_POSTS_A_MINUTE)
    assert trial.of_all(trial.terms[0].posts) == trial.read // 2
    matcher.match([a_post("dam", minute=1)])
    assert tried(matcher.word_counts, "dam", now=NOON + MINUTE).counted == MOST_POSTS_A_MINUTE + 1


def test_a_text_as_long_as_a_hundred_posts_is_read_and_not_counted():
    trial = tried(counts_of(a_count("dam " * LONGEST_COUNTED), a_count("cat")), "dam")
    assert (trial.read, trial.counted, trial.terms[0].posts) == (2, 1, 0)


def test_posts_that_give_a_place_are_counted(store):
    matcher = Matcher(store, "bluesky", str)
    matcher.match([a_post(latitude=52.9, longitude=-1.1), a_post(outlines=(((52.9, -1.1),),)), a_post()])
    assert tried(matcher.word_counts, "dam").with_place == 2


@given(some.lists(some.text(max_size=20) | some.sampled_from(["burst dam", "#BurstDam", "dams"]), max_size=8))
def test_all_terms_together_are_never_told_too_low_nor_as_more_than_was_counted(texts):
    trial = tried(counts_of(*map(a_count, texts)), "dam", "burst dam")
    matched = sum(bool(watch_terms(("dam", "burst dam")).found_in(searched(text))) for text in texts)
    assert matched <= trial.at_most_together(with_places=False) <= len(texts) or not texts
