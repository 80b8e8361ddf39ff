"""Same claim?: which pairs of rumours the model holds to be one, and the reason that it gives."""

from collections.abc import Collection
from datetime import timedelta

import numpy as np
import pytest

from models.judgement.naming import Title
from models.judgement.suggestions import LEAST_PROBABILITY, MOST_A_RUMOUR, MOST_COMPARED, Claims, SameClaims
from models.store.messages import Suggestion
from models.text.words import wording_of
from tests.builders import NOON, WordsEncoder, a_post

CRANE = "a crane fell on the hospital roof in Northgate {}"
WOLVES = "wolves escaped from the wildlife park {} near Southgate"
CHATTER = "good morning everybody {} what lovely weather this is"


class Night:
    """An incident of which each rumour is a few posts, one a minute."""

    def __init__(self):
        self.same_claims = SameClaims()
        self.rumours: list[Claims] = []
        self._vectors: list[np.ndarray] = []
        self._text_of: dict[str, str] = {}
        for number in range(20):
            self.tell(f"chatter {number}", [CHATTER.format(f"{number}th {number * 7}")], people=1)
        self.rumours = []

    def tell(self, rumour: str, texts: Collection[str], *, people: int = 3, minute: int = 0) -> None:
        titles = []
        vectors = WordsEncoder().encode(list(texts))
        for place, (text, vector) in enumerate(zip(texts, vectors, strict=True)):
            post = a_post(text, id=f"{rumour}:{place}", minute=minute + place)
            self.same_claims.learn(post, wording_of(text), post.created_at)
            self._text_of[post.id] = text
            titles.append(Title(post.id, text, vector, answers=False))
        self.rumours.append(Claims(rumour, people, titles))
        self._vectors += list(vectors)

    def suggestions(self, apart: Collection[tuple[str, str]] = (), *, backwards: bool = False) -> list[Suggestion]:
        mean = np.mean(np.stack(self._vectors).astype(np.float32), axis=0)
        return self.same_claims.suggest(self.rumours[:: -1 if backwards else 1], mean, apart)

    def shown_words(self, suggestion: Suggestion) -> set[str]:
        words = wording_of(self._text_of[suggestion.reason.post]).words
        return {words[place] for place in suggestion.reason.words}


def names(suggestions: list[Suggestion]) -> list[tuple[str, str]]:
    return [(one.rumour, one.other) for one in suggestions]


def variants(text: str, number: int = 3) -> list[str]:
    return [text.format(word) for word in ("now", "hearing", "apparently", "reportedly")[:number]]


@pytest.fixture
def night():
    """Two rumours of a crane and one of wolves."""
    night = Night()
    night.tell("crane", variants(CRANE), people=14)
    night.tell("wolves", variants(WOLVES), people=7, minute=5)
    night.tell("hospital", variants("hospital roof: a crane fell {} on Northgate"), people=9, minute=40)
    return night


def test_two_rumours_of_one_claim_are_suggested_and_others_are_not(night):
    (found,) = night.suggestions()
    assert (found.rumour, found.other) == ("crane", "hospital")
    assert LEAST_PROBABILITY <= found.probability <= 1


def test_the_reason_names_the_rare_words_that_both_have_since_when_and_how_many_people(night):
    (found,) = night.suggestions()
    assert len(night.shown_words(found) & {"crane", "fell", "hospital", "roof", "northgate"}) == 4
    assert found.reason.since == NOON + timedelta(minutes=40)
    assert found.reason.people == (14, 9)
    assert (found.reason.same_link, found.reason.other_number) == (False, False)


def test_the_reason_names_no_word_that_every_flow_has():
    night = Night()
    night.tell("park", variants("lovely weather everybody {} in the park"))
    night.tell("field", variants("everybody lovely weather {} in the park"))
    (found,) = night.suggestions()
    assert night.shown_words(found) == {"park"}


def test_a_link_that_both_share_and_numbers_that_differ_are_named():
    night = Night()
    night.tell("two", variants("2 people hurt as a crane fell on the hospital {} https://example.org/crane"))
    night.tell("three", variants("3 people hurt as a crane fell on the hospital {} https://example.org/crane"))
    (found,) = night.suggestions()
    assert found.reason.same_link
    assert found.reason.other_number


def test_what_people_keep_apart_is_never_suggested(night):
    assert night.suggestions(apart=[("crane", "hospital")]) == []


def test_the_longer_ago_the_less_probable(night):
    (soon,) = night.suggestions()
    later = Night()
    later.tell("crane", variants(CRANE), people=14)
    later.tell("hospital", variants("hospital roof: a crane fell {} on Northgate"), people=9, minute=600)
    (late,) = later.suggestions()
    assert late.probability < soon.probability


def test_no_rumour_is_in_more_pairs_than_can_be_looked_at():
    night = Night()
    for number in range(8):
        night.tell(f"crane {number}", variants(CRANE), minute=number)
    found = night.suggestions()
    pairs = [name for names_ in names(found) for name in names_]
    assert max(pairs.count(name) for name in set(pairs)) == MOST_A_RUMOUR
    assert [one.probability for one in found] == sorted((one.probability for one in found), reverse=True)


def test_the_order_in_which_rumours_are_known_changes_nothing():
    night = Night()
    for number in range(8):
        night.tell(f"crane {number}", variants(CRANE), minute=number)
        night.tell(f"wolves {number}", variants(WOLVES), minute=number)
    assert night.suggestions() == night.suggestions(backwards=True)


def test_a_rumour_without_flows_of_its_own_is_not_compared(night):
    night.rumours.append(Claims("only answers", 9, []))
    assert names(night.suggestions()) == [("crane", "hospital")]


@pytest.mark.parametrize(("people", "found"), [(8, [("crane", "hospital")]), (20, [])])
def test_of_very_many_rumours_those_with_the_most_people_are_compared(night, people, found):
    for number in range(MOST_COMPARED):
        night.tell(f"crowd {number}", [f"word{number} thing{number} other{number}"], people=people)
    assert names(night.suggestions()) == found


@pytest.mark.parametrize("rumours", [0, 1])
def test_less_than_two_rumours_make_no_pair(night, rumours):
    night.rumours = night.rumours[:rumours]
    assert night.suggestions() == []
