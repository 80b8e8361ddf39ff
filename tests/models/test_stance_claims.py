"""Toward what a flow's stance is judged: its rumour's title, as it is now."""

from datetime import timedelta

import numpy as np
import pytest

from models.domain import EventKind, RumourEvent, Stance
from models.judgement.pipeline import STANCES_A_BATCH, Pipeline
from models.store.messages import Judgement
from tests.builders import LEARNT, NOON, WordsEncoder, a_post, a_rule, an_incident, save

LATER = NOON + timedelta(days=1)
CLAIM = "The dam above Northgate has burst, get to high ground now"
PARAPHRASE = "They say the dam above Northgate burst, everyone get to high ground"


class NotingEncoder(WordsEncoder):
    """Keeps the remarks that it was asked to judge, and calls all of them comments."""

    def __init__(self) -> None:
        self.remarks = []

    def stances(self, remarks):
        self.remarks += remarks
        return np.tile([0.1, 0.1, 0.1, 0.7], (len(remarks), 1))


@pytest.fixture
def incident(store):
    return store.incidents.open(an_incident()).result()


@pytest.fixture
def encoder():
    return NotingEncoder()


@pytest.fixture
def pipeline(store, incident, encoder):
    return Pipeline(incident.id, store, encoder, LEARNT, a_rule)


def rows(store, incident):
    return {row.id: row for row in store.judgement.final_rows(incident.id)}


def retitle(store, incident, rumour, post):
    event = RumourEvent(rumour, EventKind.TITLE, NOON, post=post.id)
    upto = store.judgement.upto(incident.id)
    store.judgement.save(Judgement(incident.id, upto, [], [event], encoder=WordsEncoder.digest)).result()


def two_paraphrases(store, incident, pipeline):
    """(the post that names the rumour, the other one, the rumour)"""
    posts = [a_post(CLAIM), a_post(PARAPHRASE)]
    save(store, incident, posts)
    pipeline.advance(LATER)
    found = rows(store, incident)
    titled, other = sorted(posts, key=lambda post: post.text != found[post.id].title)
    assert found[titled.id].rumour == found[other.id].rumour
    return titled, other, found[titled.id].rumour


def test_a_post_that_answers_nothing_is_judged_toward_its_rumours_title(store, incident, pipeline, encoder):
    titled, other, _ = two_paraphrases(store, incident, pipeline)
    assert [(one.text, one.parent, one.claim) for one in encoder.remarks] == [(other.text, None, titled.text)]


def test_the_flow_whose_words_are_the_title_supports_it_unread(store, incident, pipeline, encoder):
    titled, _, _ = two_paraphrases(store, incident, pipeline)
    row = rows(store, incident)[titled.id]
    assert (row.stance, row.stance_probabilities["support"]) == ("support", 1.0)
    assert titled.text not in [remark.text for remark in encoder.remarks]


def test_a_reply_is_judged_toward_the_title_with_what_it_answers(store, incident, pipeline, encoder):
    root = a_post(CLAIM)
    answer = a_post("really??", reply_to=root.id, root=root.id)
    deeper = a_post("no", reply_to=answer.id, root=root.id)
    save(store, incident, [root, answer, deeper])
    pipeline.advance(LATER)
    assert [(one.parent, one.claim) for one in encoder.remarks] == [(CLAIM, CLAIM), (answer.text, CLAIM)]


def test_a_title_that_asks_or_denies_is_no_claim(store, incident, pipeline, encoder):
    save(store, incident, [a_post("Has the dam above Northgate burst?")])
    pipeline.advance(LATER)
    assert [one.claim for one in encoder.remarks] == [None]


def test_once_a_rumour_has_another_title_its_flows_are_judged_anew(store, incident, pipeline, encoder):
    titled, other, rumour = two_paraphrases(store, incident, pipeline)
    assert pipeline.read_stances() == 0
    encoder.remarks.clear()
    retitle(store, incident, rumour, other)
    assert pipeline.read_stances() == 2
    assert [(one.text, one.claim) for one in encoder.remarks] == [(titled.text, other.text)]
    found = rows(store, incident)
    assert (found[titled.id].stance, found[other.id].stance) == ("comment", "support")
    assert pipeline.read_stances() == 0


def test_flows_without_a_stance_come_before_those_of_a_former_title(store, incident, pipeline, encoder):
    _, other, rumour = two_paraphrases(store, incident, pipeline)
    retitle(store, incident, rumour, other)
    late = a_post("Wolves are loose in the town centre of Ashby")
    save(store, incident, [late])
    list(pipeline.batches(LATER))
    assert pipeline.read_stances() == 1
    assert Stance(rows(store, incident)[late.id].stance) is Stance.SUPPORT
    assert pipeline.read_stances(STANCES_A_BATCH) == 2
