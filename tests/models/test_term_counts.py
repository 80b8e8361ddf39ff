"""What a term would have matched, told from counts of words: never too low, and right for one plain word."""

from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from models.text.term_counts import Estimate, PostsWith, countable, estimate
from models.text.terms import searched, watch_terms

WORDS = (
    "dam dams burst burst-dam #BurstDam #burstdam damage the fire fire-fighter firefighter "
    "fire-fighters & and rescue St. Mary’s St Marys O'Brien obrien l'eau j'ai ai U.K. UK casualty "
    "casualties evacuate evacuation evac 洪水 洪水警報 洪 水 大坝决堤 東京tower tower เขื่อนแตก 댐이 "
    "فيضان والفيضان فيضانات السد שיטפון והשיטפון बाढ़ बाढ Łódź café #洪水 #fireandrescue 🌊 x "
    "https://a.example/#dam _dam_ 12 ４ dam's news"
).split()
TEXTS = some.lists(some.sampled_from(WORDS), max_size=6).map(" ".join) | some.text(max_size=30)
TERMS = (
    some.lists(some.sampled_from(WORDS), min_size=1, max_size=3).flatmap(
        lambda words: some.sampled_from([" ", "-", " & "]).map(lambda between: between.join(words))
    )
    | some.sampled_from(["evac*", "dam*", "burst da*", "#burst*", "洪水*", "st. mar*"])
    | some.text(min_size=1, max_size=12)
)


def counts_of(texts: Iterable[str]) -> PostsWith:
    counts = Counter(thing for text in texts for thing in countable(searched(text)))
    return lambda things: sum(counts[thing] for thing in things)


def posts_matched(term: str, texts: Iterable[str]) -> int:
    return sum(bool(watch_terms((term,)).found_in(searched(text))) for text in texts)


@given(term=TERMS, texts=some.lists(TEXTS, max_size=5))
@example(term="fire-fighter", texts=["firefighters", "fire fighter"])
@example(term="burst dam", texts=["#burstdam", "a burst dam"])
@example(term="والفيضان", texts=["الفيضان"])
@example(term="a-b-c", texts=["abc", "ab c"])
def test_an_estimate_is_never_below_what_the_term_would_have_matched(term, texts):
    told = estimate(term, counts_of(texts))
    assert told is None or told.posts >= posts_matched(term, texts)


@pytest.mark.parametrize(
    ("term", "texts", "posts"),
    [
        ("flood", ["Flooding here", "FLOODS!", "flood, flood", "no"], 2),
        ("flood*", ["Flooding here", "FLOODS!", "flood, flood", "no"], 3),
        ("#dam", ["#Dam", "dam"], 1),
        ("casualty", ["two casualties", "casual"], 1),
        ("洪水", ["昨夜から洪水警報が", "水"], 1),
        ("فيضان", ["والفيضان", "سد"], 1),
        ("Łódź", ["lodz"], 1),
    ],
)
def test_of_one_word_it_is_told_about_how_many_posts_held_it(term, texts, posts):
    assert estimate(term, counts_of(texts)) == Estimate(posts, at_most=False)


@pytest.mark.parametrize(
    ("term", "texts", "posts"),
    [
        ("burst dam", ["burst dam", "the dam burst", "a burst pipe at the dam", "#burstdam"], 2),
        ("fire-fighter", ["fire fighters", "a firefighter", "fire"], 2),
        ("St Mary's", ["at St. Mary’s", "Mary", "the st"], 1),
        ("fire & rescue", ["fire and rescue", "rescue, a fire", "fire"], 2),
        ("evacuation", ["evacuate"], 0),
    ],
)
def test_of_a_phrase_it_is_told_how_many_posts_at_most(term, texts, posts):
    told = estimate(term, counts_of(texts))
    assert told is not None
    assert told.posts == posts
    assert told.at_most == (" " in term or "-" in term)


def test_what_has_no_letter_or_figure_cannot_be_told():
    assert estimate("🌊", counts_of(["🌊"])) is None


def test_no_more_than_two_words_that_stand_together_are_counted_as_one_thing():
    assert all(len(thing.split()) <= 2 for thing in countable(searched("one two three four five")))
