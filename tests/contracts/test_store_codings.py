"""The coding desk of every store: blind until the round is coded, then labels become people's stances."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.domain.acts import Officer
from models.domain.posts import Removal
from models.domain.rumours import EventKind, RumourEvent, Stance
from models.measures.coding_sample import draw
from models.people.coding import CODING_DESK
from models.store.messages import Arrival, FlowStance, JudgedPost, Judgement
from tests.builders import NOON, a_post, an_incident, save
from tests.contracts.a_round import ADJUDICATOR, CODERS, a_draft, code_all, finish_all, start
from tests.contracts.two_rumours import (
    a_stance,
    by_model,
    judge,
    merge,
    move,
    refused,
    split,
    stances,
    with_two_rumours,
)

ONE, TWO, THREE = CODERS
LATER = NOON + timedelta(days=1)


@pytest.fixture
def incident(store) -> str:
    return with_two_rumours(store)


def own(store, incident, round_id, coder=ONE) -> dict[str, Stance | None]:
    """What the desk shows a coder to have said."""
    return {one.flow: one.label for one in store.codings.desk(incident, round_id, coder) if one.done}


def outcome(store, incident, round_id) -> dict[str, tuple[Stance | None, str | None]]:
    return {one.drawn.flow: (one.settled, one.settled_by) for one in store.codings.outcomes(incident, round_id)}


def state(store, incident):
    return store.codings.rounds(incident)[-1]


# --- What may be drawn ---------------------------------------------------------------------------------------------


def frame(store, incident, as_of=LATER) -> set[str]:
    return {one.flow for one in store.codings.frame(incident, as_of)}


def test_the_frame_holds_the_flows_of_the_board_with_the_models_label_and_the_claim(store, incident):
    judge(store, an_incident(), "unseen", "u1", surfaced=False)
    judge(store, an_incident(), "unread", "n1", stance=None)
    found = {one.flow: one for one in store.codings.frame(incident, LATER)}
    assert found.keys() == {"d1", "d2", "d3", "b1", "b2"}
    assert (found["d2"].rumour, found["d2"].claim, found["d2"].rumour_flows) == ("dam", "test:d1", 3)
    assert found["d2"].label is Stance.SUPPORT


def test_the_frame_leaves_out_what_was_removed_and_rumours_whose_claim_nobody_states(store, incident):
    store.posts.add(Arrival(removals=[Removal("test", "deleted", NOON, post="test:d2")])).result()
    asks = RumourEvent("bridge", EventKind.TITLE, LATER, post="test:b1", detail={"states_claim": False})
    by_model(store, incident, events=[asks])
    assert frame(store, incident) == {"d1", "d3"}


def test_the_frame_is_that_of_the_moment_asked_for(store, incident):
    before = store.last_known_at()
    first = store.codings.frame(incident, before)
    merge(store, incident)
    by_model(store, incident, stances=[FlowStance("b1", "bridge", a_stance(Stance.DENY))])
    judge(store, an_incident(), "dam", "d4")
    assert store.codings.frame(incident, before) == first
    assert store.codings.frame(incident, LATER) != first


def test_the_same_seed_and_moment_draw_the_same_sample_again(store, incident):
    moment = store.last_known_at()
    sample = draw(store.codings.frame(incident, moment), 3, seed=7)
    judge(store, an_incident(), "dam", "d4", "d5", "d6")
    assert draw(store.codings.frame(incident, moment), 3, seed=7) == sample


# --- Blind ---------------------------------------------------------------------------------------------------------


def test_a_coder_has_the_flows_in_the_order_drawn_with_own_labels_only(store, incident):
    made = start(store, incident, "d3", "d1", "d2")
    code_all(store, incident, made, {ONE: "sd-", TWO: "qqq"})
    assert own(store, incident, made, ONE) == {"d3": Stance.SUPPORT, "d1": Stance.DENY, "d2": None}
    assert own(store, incident, made, THREE) == {}
    assert [one.flow for one in store.codings.desk(incident, made, CODERS[0])] == ["d3", "d1", "d2"]


def test_nobody_is_given_labels_before_everybody_has_finished(store, incident):
    made = start(store, incident, "d1", coders=2)
    code_all(store, incident, made, {ONE: "s", TWO: "d"})
    store.codings.finish(incident, made, ONE).result()
    assert store.codings.outcomes(incident, made) == []
    assert store.codings.disputes(incident, ADJUDICATOR) == []
    assert refused(lambda: store.codings.settle(incident, made, "d1", Stance.DENY, ADJUDICATOR)) == ["round"]
    assert stances(store, incident, "dam")["d1"] == ("support", "model")
    store.codings.finish(incident, made, TWO).result()
    assert state(store, incident).coded_at is not None
    assert [one.flow for one in store.codings.disputes(incident, ADJUDICATOR)] == ["d1"]


def test_who_coded_a_flow_neither_sees_nor_settles_its_dispute(store, incident):
    made = start(store, incident, "d1", coders=2)
    finish_all(store, incident, made, {ONE: "s", TWO: "d"})
    again = replace(ONE, name="C. Married", role="duty")
    assert store.codings.disputes(incident, again) == []
    assert refused(lambda: store.codings.settle(incident, made, "d1", Stance.DENY, again)) == ["flow"]


# --- Coding --------------------------------------------------------------------------------------------------------


def test_the_latest_label_of_a_coder_counts_and_the_former_is_kept(store, incident, engine):
    made = start(store, incident, "d1", coders=2)
    code_all(store, incident, made, {ONE: "s"})
    code_all(store, incident, made, {ONE: "d"})
    assert own(store, incident, made) == {"d1": Stance.DENY}
    assert engine.looks(store, "select label from codings order by known_at") == [("support",), ("deny",)]


def test_a_user_is_the_same_coder_under_any_name_and_another_of_that_name_is_not(store, incident):
    made = start(store, incident, "d1", coders=2)
    code_all(store, incident, made, {ONE: "s", replace(ONE, name="C. Married", role="duty"): "d"})
    assert own(store, incident, made) == {"d1": Stance.DENY}
    assert len(state(store, incident).coders) == 1
    code_all(store, incident, made, {replace(ONE, user="another"): "q"})
    assert own(store, incident, made) == {"d1": Stance.DENY}
    assert len(state(store, incident).coders) == 2


def test_where_nobody_was_signed_in_a_name_written_otherwise_is_the_same_coder(store, incident):
    asserted = Officer("Coder 1", "analyst")
    made = start(store, incident, "d1", coders=2)
    code_all(store, incident, made, {asserted: "s", Officer("CODER  1", "duty"): "d"})
    assert own(store, incident, made, asserted) == {"d1": Stance.DENY}
    assert state(store, incident).coders == (asserted,)


def test_no_more_people_code_a_round_than_it_has_places(store, incident):
    made = start(store, incident, "d1", coders=2)
    code_all(store, incident, made, {ONE: "s", TWO: "s"})
    assert refused(lambda: store.codings.code(incident, made, "d1", Stance.DENY, THREE)) == ["round"]


def test_only_flows_of_the_sample_are_coded(store, incident):
    made = start(store, incident, "d1")
    assert refused(lambda: store.codings.code(incident, made, "d2", Stance.DENY, ONE)) == ["flow"]
    assert refused(lambda: store.codings.code(incident, "no round", "d1", Stance.DENY, ONE)) == ["round"]


def test_a_coder_finishes_once_every_flow_is_labelled_or_skipped_and_changes_nothing_after(store, incident):
    made = start(store, incident, "d1", "d2")
    store.codings.code(incident, made, "d1", Stance.DENY, ONE).result()
    assert refused(lambda: store.codings.finish(incident, made, ONE)) == ["round"]
    store.codings.code(incident, made, "d2", None, ONE).result()
    store.codings.finish(incident, made, ONE).result()
    assert state(store, incident).finished == CODERS[:1]
    assert refused(lambda: store.codings.code(incident, made, "d1", Stance.QUERY, ONE)) == ["round"]
    assert refused(lambda: store.codings.finish(incident, made, ONE)) == ["round"]


def test_a_round_that_is_ended_is_coded_with_the_labels_that_there_are(store, incident):
    made = start(store, incident, "d1", "d2")
    code_all(store, incident, made, {ONE: "dd"})
    store.codings.code(incident, made, "d1", Stance.DENY, TWO).result()
    store.codings.end(incident, made, ADJUDICATOR, "time is up").result()
    assert outcome(store, incident, made) == {"d1": (Stance.DENY, CODING_DESK), "d2": (None, None)}
    assert refused(lambda: store.codings.code(incident, made, "d2", Stance.DENY, TWO)) == ["round"]
    assert refused(lambda: store.codings.end(incident, made, ADJUDICATOR, "time is up")) == ["round"]


def test_one_round_at_a_time(store, incident):
    made = start(store, incident, "d1")
    assert refused(lambda: store.codings.start(incident, a_draft("d2"), ADJUDICATOR)) == ["round"]
    store.codings.end(incident, made, ADJUDICATOR, "time is up").result()
    start(store, incident, "d2")
    assert [one.round.number for one in store.codings.rounds(incident)] == [1, 2]


@pytest.mark.parametrize(
    ("flows", "coders", "field"), [((), 2, "size"), (("d1",), 1, "coders"), (("d1",), 4, "coders")]
)
def test_a_round_has_flows_and_two_or_three_coders(store, incident, flows, coders, field):
    draft = a_draft("d1", coders=coders)
    draft = type(draft)(coders, draft.seed, NOON, draft.sample if flows else ())
    assert refused(lambda: store.codings.start(incident, draft, ADJUDICATOR)) == [field]


# --- Labels become stances -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "settled"),
    [("ddd", Stance.DENY), ("dd-", Stance.DENY), ("d--", None), ("---", None), ("dds", None), ("sdq", None)],
)
def test_two_people_at_least_settle_what_nobody_contradicts(store, incident, said, settled):
    made = start(store, incident, "d1")
    finish_all(store, incident, made, dict(zip(CODERS, said, strict=True)))
    assert outcome(store, incident, made)["d1"][0] is settled
    stance, by = stances(store, incident, "dam")["d1"]
    assert (stance, by) == (("deny", CODING_DESK) if settled else ("support", "model"))


def test_what_is_settled_stands_over_the_model_in_every_later_run(store, incident):
    made = start(store, incident, "d1", "d2", coders=2)
    finish_all(store, incident, made, {ONE: "dq", TWO: "ds"})
    store.codings.settle(incident, made, "d2", Stance.QUERY, ADJUDICATOR, "it asks").result()
    by_model(
        store, incident, stances=[FlowStance(flow, "dam", a_stance(Stance.COMMENT)) for flow in ("d1", "d2", "d3")]
    )
    assert stances(store, incident, "dam") == {
        "d1": ("deny", CODING_DESK),
        "d2": ("query", "A. Djudicator"),
        "d3": ("comment", "model"),
    }


def test_the_latest_settlement_counts_and_leaves_the_list_of_disputes(store, incident):
    made = start(store, incident, "d1", coders=2)
    finish_all(store, incident, made, {ONE: "s", TWO: "d"})
    for label in (Stance.DENY, Stance.QUERY):
        store.codings.settle(incident, made, "d1", label, ADJUDICATOR).result()
    assert outcome(store, incident, made) == {"d1": (Stance.QUERY, "A. Djudicator")}
    assert stances(store, incident, "dam")["d1"] == ("query", "A. Djudicator")
    assert store.codings.disputes(incident, ADJUDICATOR) == []


def test_what_the_coders_agree_on_is_not_settled_otherwise(store, incident):
    made = start(store, incident, "d1", coders=2)
    finish_all(store, incident, made, {ONE: "d", TWO: "d"})
    assert refused(lambda: store.codings.settle(incident, made, "d1", Stance.SUPPORT, ADJUDICATOR)) == ["flow"]


def test_nobody_settles_under_the_name_of_what_the_coders_agree_on(store, incident):
    made = start(store, incident, "d1", coders=2)
    finish_all(store, incident, made, {ONE: "s", TWO: "d"})
    desk = Officer("Coding  Desk", "analyst")
    assert refused(lambda: store.codings.settle(incident, made, "d1", Stance.QUERY, desk)) == ["name"]


def test_a_label_goes_along_where_its_rumour_was_merged_meanwhile(store, incident):
    made = start(store, incident, "d1", "d2", coders=2)
    merge(store, incident)
    finish_all(store, incident, made, {ONE: "dd", TWO: "dd"})
    assert stances(store, incident, "bridge")["d1"] == ("deny", CODING_DESK)


def test_a_label_is_of_one_claim_and_stays_behind_where_its_flow_was_moved_to_another(store, incident):
    made = start(store, incident, "d1", "d2", coders=2)
    move(store, incident, "d1")
    split(store, incident, "d2")
    finish_all(store, incident, made, {ONE: "dd", TWO: "dd"})
    assert stances(store, incident, "bridge")["d1"] == ("support", "model")


def test_coding_is_known_as_it_was_at_a_moment(store, incident):
    made = start(store, incident, "d1", "d2", coders=2)
    before = store.last_known_at()
    finish_all(store, incident, made, {ONE: "dq", TWO: "ds"})
    coded = store.last_known_at()
    store.codings.settle(incident, made, "d2", Stance.QUERY, ADJUDICATOR).result()
    (then,) = store.codings.rounds(incident, before)
    assert (then.coders, then.finished, then.coded_at) == ((), (), None)
    assert store.codings.outcomes(incident, made, before) == []
    assert [one.settled for one in store.codings.outcomes(incident, made, coded)] == [Stance.DENY, None]
    assert [one.settled for one in store.codings.outcomes(incident, made)] == [Stance.DENY, Stance.QUERY]


def test_a_round_is_of_its_incident(store, incident):
    elsewhere = an_incident("Southgate fire")
    store.incidents.open(elsewhere).result()
    made = start(store, incident, "d1")
    assert store.codings.rounds(elsewhere.id) == []
    assert refused(lambda: store.codings.code(elsewhere.id, made, "d1", Stance.DENY, ONE)) == ["round"]


def test_a_flow_is_coded_with_its_claim_its_copies_and_what_it_answers(store, incident):
    answers = {"flow": "a", "thread": "test:d1", "rumour": "dam", "stance": a_stance(Stance.DENY)}
    posts = [a_post("No, it has not", id=f"test:a{number}", reply_to="test:d1") for number in (1, 2)]
    save(store, an_incident(), posts)
    stored = store.judgement.unjudged(incident, store.judgement.upto(incident), 10)
    judged = [JudgedPost(post, opens_flow=post is stored[0], **answers) for post in stored]
    store.judgement.save(Judgement(incident, stored[-1].place, judged)).result()
    (context,) = store.views.rows("coding_contexts", incident=incident, flows=["a"], claims=["test:b1"])
    assert (context["text"], context["posts"], context["people"]) == ("No, it has not", 2, 2)
    assert (context["answered_text"], context["claim_text"]) == ("what d1 says", "what b1 says")
    assert not any(word in name for name in context for word in ("stance", "label", "judged"))
