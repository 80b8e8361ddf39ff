"""What every store must keep of the model's suggestions that two rumours are one claim."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.domain.posts import Removal
from models.store.messages import Arrival, Judgement, Suggestion, SuggestionReason
from tests.builders import NOON, a_post, an_incident, save
from tests.contracts.two_rumours import judge, merge, refuse, split, undo, with_two_rumours

REASON = SuggestionReason("test:d1", (1, 2), same_link=True, other_number=False, since=NOON, people=(3, 2))
DAM_AND_BRIDGE = Suggestion("bridge", "dam", 0.7, REASON)


@pytest.fixture
def incident(store):
    return with_two_rumours(store)


def suggest(store, incident, *suggestions: Suggestion) -> None:
    """A consolidation after which these suggestions stand, and no others."""
    number, upto = store.acts.constraints(incident).number, store.judgement.upto(incident)
    store.judgement.save(Judgement(incident, upto, [], (), number, suggestions=suggestions)).result()


def standing(store, incident, rumour=None, **moment) -> list[tuple[str, str, float]]:
    rows = store.views.rows("same_claim", incident=incident, rumour=rumour, **moment)
    return [(row["rumour"], row["other"], row["probability"]) for row in rows]


def words_of(store, incident) -> str | None:
    (row,) = store.views.rows("same_claim", incident=incident, rumour=None)
    return row["words_of"]


def test_a_suggestion_stands_for_both_rumours_with_their_titles_and_the_post_of_its_words(store, incident):
    suggest(store, incident, DAM_AND_BRIDGE)
    (row,) = store.views.rows("same_claim", incident=incident, rumour="dam")
    assert [row] == store.views.rows("same_claim", incident=incident, rumour="bridge")
    assert (row["rumour_title"], row["other_title"]) == ("what b1 says", "what d1 says")
    assert row["words_of"] == "what d1 says"
    assert (row["rumour_on_board"], row["other_on_board"]) == (True, True)
    assert standing(store, incident, "wolves") == []


def test_the_most_probable_come_first(store, incident):
    judge(store, an_incident(), "wolves", "w1", surfaced=False)
    suggest(store, incident, DAM_AND_BRIDGE, Suggestion("dam", "wolves", 0.9, REASON))
    assert standing(store, incident) == [("dam", "wolves", 0.9), ("bridge", "dam", 0.7)]


def test_what_no_longer_stands_is_withdrawn_and_may_come_back(store, incident):
    suggest(store, incident, DAM_AND_BRIDGE)
    suggest(store, incident)
    assert standing(store, incident) == []
    suggest(store, incident, DAM_AND_BRIDGE)
    assert standing(store, incident) == [("bridge", "dam", 0.7)]


def test_a_batch_without_a_consolidation_leaves_what_stands(store, incident):
    suggest(store, incident, DAM_AND_BRIDGE)
    judge(store, an_incident(), "dam", "d4", surfaced=False)
    assert standing(store, incident) == [("bridge", "dam", 0.7)]


def test_each_moment_shows_what_was_suggested_then(store, incident):
    before = store.last_known_at()
    suggest(store, incident, DAM_AND_BRIDGE)
    first = store.last_known_at()
    suggest(store, incident, replace(DAM_AND_BRIDGE, probability=0.6))
    second = store.last_known_at()
    suggest(store, incident)
    shown = [standing(store, incident, as_of=moment) for moment in (before, first, second)]
    assert shown == [[], [("bridge", "dam", 0.7)], [("bridge", "dam", 0.6)]]


def test_what_stays_as_it_is_is_not_written_again(store, incident, engine):
    for probability in (0.7, 0.7, 0.6, 0.6):
        suggest(store, incident, replace(DAM_AND_BRIDGE, probability=probability))
    assert engine.looks(store, "select probability from suggestions order by known_at") == [(0.7,), (0.6,)]


@pytest.mark.parametrize("act", [merge, refuse, lambda s, i: merge(s, i, "bridge", "dam")])
def test_what_people_merged_or_refused_is_gone_at_once_and_back_once_that_is_undone(store, incident, act):
    suggest(store, incident, DAM_AND_BRIDGE)
    before = store.last_known_at()
    done = act(store, incident)
    assert standing(store, incident) == []
    assert standing(store, incident, as_of=before) == [("bridge", "dam", 0.7)]
    undo(store, incident, done)
    assert standing(store, incident) == [("bridge", "dam", 0.7)]


def test_what_was_refused_stays_refused_when_one_of_the_two_is_merged_into_another(store, incident):
    judge(store, an_incident(), "wolves", "w1")
    refuse(store, incident)
    merge(store, incident, "dam", "wolves")
    suggest(store, incident, Suggestion("bridge", "wolves", 0.7, REASON))
    assert standing(store, incident) == []


def test_a_rumour_that_was_split_off_is_not_the_same_as_what_it_left(store, incident):
    child = split(store, incident, "d1").into
    suggest(store, incident, Suggestion(*sorted((child, "dam")), 0.9, REASON))
    assert standing(store, incident) == []


def test_no_word_is_shown_of_a_post_that_was_erased(store, incident):
    suggest(store, incident, DAM_AND_BRIDGE)
    store.posts.add(Arrival((), removals=[Removal("test", "deleted", NOON + timedelta(hours=1), "test:d1")])).result()
    assert words_of(store, incident) is None


def test_no_word_is_shown_of_a_post_whose_words_have_changed(store, incident):
    suggest(store, incident, DAM_AND_BRIDGE)
    edited = a_post("what d1 says now", id="test:d1", edited_at=NOON + timedelta(minutes=1))
    save(store, an_incident(), [edited])
    assert words_of(store, incident) is None
