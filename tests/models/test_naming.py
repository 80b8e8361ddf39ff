"""Which post names its rumour: the one in its middle, which claims, until another is clearly better."""

import numpy as np
import pytest

from models.judgement.embed import DIMENSIONS
from models.judgement.naming import ANSWER_PENALTY, HYSTERESIS, Title, states_claim, title_scores


def vector(*coordinates: float) -> np.ndarray:
    whole = np.zeros(DIMENSIONS)
    whole[: len(coordinates)] = coordinates
    return (whole / np.linalg.norm(whole)).astype(np.float16)


def title(name: str, *coordinates: float, states_claim: bool = True) -> Title:
    return Title(name, vector(*coordinates), states_claim)


NOTHING = np.zeros(DIMENSIONS, np.float32)


def test_the_post_in_the_middle_is_worth_most():
    titles = [title("left", 1, 0.6), title("middle", 1, 0), title("right", 1, -0.6)]
    middle = np.mean([one.vector.astype(np.float32) for one in titles], axis=0)
    assert np.argmax(title_scores(titles, middle, NOTHING)) == 1


def test_what_asks_or_denies_names_a_rumour_only_where_nothing_states_it():
    titles = [title("asks", 1, 0, states_claim=False), title("states", 1, 0.3), title("far off", 0.1, 1)]
    asks, states, far = title_scores(titles, vector(1, 0).astype(np.float32), NOTHING)
    assert states > far > asks
    assert asks == title_scores([title("asks", 1, 0)], vector(1, 0).astype(np.float32), NOTHING)[0] - ANSWER_PENALTY


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
    own, _, other = title_scores(titles, rumour, incident)
    assert own > 0.9
    assert other < 0.5


def test_a_title_is_kept_where_another_is_hardly_better():
    kept, newcomer = title("kept", 1, 0.2), title("newcomer", 1, 0)
    present, new = title_scores([kept, newcomer], vector(1, 0).astype(np.float32), NOTHING)
    assert present < new <= present + HYSTERESIS
