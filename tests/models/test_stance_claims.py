"""Toward what a flow's stance is judged: its rumour's title, as it is now."""

from datetime import timedelta

import numpy as np
import pytest

from dashboard.views.board import read_rows
from dashboard.words.masking import NOT_STATED
from models.domain.rumours import EventKind, RumourEvent, Stance
from models.judgement.pipeline import STANCES_A_BATCH, Pipeline
from models.store.messages import Judgement
from tests.builders import LEARNT, NOON, WordsEncoder, a_post, a_rule, an_incident, save

LATER = NOON + timedelta(days=1)
CLAIM = "The dam above Northgate has burst, get to high ground now"
PARAPHRASE = "They say the dam above Northgate burst, everyone get to high ground"


# It denies by no pattern.
DENIAL = "Just walked along the dam above Northgate, dry as a bone and the ducks are asleep"


class NotingEncoder(WordsEncoder):
    """Keeps the remarks that it was asked to judge, and calls all of them comments.

    Read by itself, each text states a claim, but for one with a duck.
    """

    def __init__(self) -> None:
        self.remarks = []

    def stances(self, remarks):
        self.remarks += remarks
        by_itself = [one.claim is None and one.parent is None and "duck" not in one.text for one in remarks]
        return np.array([[0.7, 0.1, 0.1, 0.1] if alone else [0.1, 0.1, 0.1, 0.7] for alone in by_itself])


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
    judged = [one for one in encoder.remarks if one.text != CLAIM]
    assert [(one.parent, one.claim) for one in judged] == [(CLAIM, CLAIM), (answer.text, CLAIM)]


def test_a_title_that_asks_or_denies_is_no_claim(store, incident, pipeline, encoder):
    save(store, incident, [a_post("Has the dam above Northgate burst?")])
    pipeline.advance(LATER)
    assert [one.claim for one in encoder.remarks] == [None]


def test_no_stance_is_read_toward_a_title_that_reads_as_a_denial(store, incident, pipeline, encoder):
    posts = [a_post(f"{DENIAL}{ending}") for ending in ("", " still", " again")]
    save(store, incident, posts)
    pipeline.advance(LATER)
    found = rows(store, incident)
    assert len({row.rumour for row in found.values()}) == 1
    assert [row.title for row in found.values()] == [None] * 3
    assert {one.claim for one in encoder.remarks} == {None}
    (row,) = read_rows(store, incident.id, LATER).values()
    assert row.claim == NOT_STATED.format(DENIAL)


def test_once_several_people_talk_the_post_that_states_the_claim_names_it(store, incident, pipeline, encoder):
    """Two people name it by whoever came first; the third has the titles read."""
    save(store, incident, [a_post(DENIAL), a_post(f"{DENIAL} again")])
    pipeline.advance(LATER)
    assert {row.title for row in rows(store, incident).values()} == {DENIAL}
    claim = a_post("The dam above Northgate is dry as a bone, it drained through a crack while the town was asleep")
    save(store, incident, [claim])
    pipeline.advance(LATER)
    found = rows(store, incident)
    assert len({row.rumour for row in found.values()}) == 1
    assert {row.title for row in found.values()} == {claim.text}
    (event,) = [one for one in store.judgement.events(incident.id) if one.post == claim.id]
    assert (event.detail["states_claim"], event.detail["reading"]) == (True, 0.7)


def test_a_restart_reads_no_title_anew_that_names_a_rumour(store, incident, pipeline, encoder):
    save(store, incident, [a_post(f"{CLAIM} {ending}") for ending in ("please", "share", "this")])
    pipeline.advance(LATER)
    encoder.remarks.clear()
    save(store, incident, [a_post(f"{CLAIM} please", minute=9)])
    Pipeline(incident.id, store, encoder, LEARNT, a_rule).advance(LATER)
    assert encoder.remarks == []


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
