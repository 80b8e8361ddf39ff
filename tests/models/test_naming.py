"""Which post names its rumour: the one in its middle, which claims, until another is clearly better."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.judgement.embed import DIMENSIONS
from models.judgement.naming import (
    ANSWER_PENALTY,
    ENOUGH_READING,
    HYSTERESIS,
    Title,
    best_title,
    nearness,
    read_titles,
    score,
    states_claim,
)


def vector(*coordinates: float) -> np.ndarray:
    whole = np.zeros(DIMENSIONS)
    whole[: len(coordinates)] = coordinates
    return (whole / np.linalg.norm(whole)).astype(np.float16)


def title(name: str, *coordinates: float, answers: bool = False, reading: float | None = None) -> Title:
    return Title(name, name, vector(*coordinates), answers, reading)


NOTHING = np.zeros(DIMENSIONS, np.float32)
AHEAD = vector(1, 0).astype(np.float32)


class Reader:
    """Gives each text the reading it is made with, and notes which it was asked for."""

    def __init__(self, **readings: float):
        self.readings = readings
        self.asked: list[str] = []

    def __call__(self, texts):
        self.asked += texts
        return [self.readings[text] for text in texts]


def best_of(titles, least=-np.inf, read=None) -> str | None:
    place = best_title(titles, nearness(titles, AHEAD, NOTHING).tolist(), least, read)
    return None if place is None else titles[place].post


def test_the_post_in_the_middle_is_worth_most():
    titles = [title("left", 1, 0.6), title("middle", 1, 0), title("right", 1, -0.6)]
    middle = np.mean([one.vector.astype(np.float32) for one in titles], axis=0)
    assert np.argmax(nearness(titles, middle, NOTHING)) == 1


def test_what_asks_or_denies_names_a_rumour_only_where_nothing_states_it():
    asks, far = title("asks", 1, 0, answers=True), title("far", 0.1, 1)
    assert best_of([asks, far]) == "far"
    assert best_of([asks]) == "asks"
    assert not asks.states_claim
    assert score(asks, 1.0, is_read=False) == 1.0 - ANSWER_PENALTY


def test_what_reads_as_a_denial_gives_way_to_what_states_the_claim():
    titles = [title("denies", 1, 0), title("states", 1, 0.5)]
    assert best_of(titles) == "denies"
    assert best_of(titles, read=Reader(denies=0.2, states=0.9)) == "states"
    assert [one.states_claim for one in titles] == [False, True]


def test_among_plain_statements_the_middle_one_names_the_rumour():
    titles = [title("middle", 1, 0, reading=0.75), title("plainest", 1, 0.5, reading=1.0)]
    assert best_of(titles, read=Reader()) == "middle"


def test_only_what_might_win_is_read_and_nothing_is_read_twice():
    near, far = [title(f"near{n}", 1, n / 100) for n in range(8)], [title(f"far{n}", 0.1, 1) for n in range(8)]
    read = Reader(**{one.post: 0.9 for one in near})
    assert best_of([*far, *near], read=read) == "near0"
    assert best_of([*far, *near], read=read) == "near0"
    assert sorted(read.asked) == sorted(one.post for one in near)


def test_what_asks_by_its_pattern_is_not_read():
    read = Reader()
    read_titles([title("asks", 1, 0, answers=True)], read)
    assert read.asked == []


@given(
    st.lists(st.tuples(st.floats(-1, 1), st.booleans(), st.floats(0, 1)), min_size=1, max_size=40), st.floats(-1, 1)
)
def test_the_best_is_found_although_not_all_are_read(made, least):
    titles = [title(str(place), 1, 0, answers=answers) for place, (_, answers, _) in enumerate(made)]
    near = [one for one, _, _ in made]
    scores = [
        one - ANSWER_PENALTY if answers else one - max(0.0, ENOUGH_READING - round(reading, 4))
        for one, answers, reading in made
    ]
    found = best_title(titles, near, least, lambda texts: [made[int(text)][2] for text in texts])
    if found is None:
        assert max(scores) <= least + 1e-9
    else:
        assert scores[found] == pytest.approx(max(scores))


@pytest.mark.parametrize("lead_in", ["", "UPDATE: ", "RT @jo: ", "RT @jo: BREAKING: "])
@pytest.mark.parametrize("answer", ["has anybody seen the dam burst or are we all reposting", "no, the dam holds"])
def test_what_stands_before_a_question_or_a_denial_makes_no_claim_of_it(lead_in, answer):
    assert not states_claim(lead_in + answer)
    assert states_claim(lead_in + "the dam has burst")


def test_what_the_whole_incident_shares_does_not_count():
    """Seen from nothing all point one way; seen from the incident's middle, only one points as its rumour does."""
    incident = np.array(vector(1, 0), np.float32) * 0.9
    titles = [title("its own", 1, 0.2), title("as all", 1, 0.0), title("another's", 1, -0.2)]
    rumour = vector(1, 0.2).astype(np.float32)
    own, _, other = nearness(titles, rumour, incident)
    assert own > 0.9
    assert other < 0.5


def test_a_title_is_kept_where_another_is_hardly_better():
    kept, newcomer = title("kept", 1, 0.2), title("newcomer", 1, 0)
    present, new = nearness([kept, newcomer], AHEAD, NOTHING)
    assert present < new
    assert best_of([newcomer], least=present + HYSTERESIS) is None
