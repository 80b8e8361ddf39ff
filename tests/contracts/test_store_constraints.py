"""What every store must hold a model run to: what people decided of which flows belong together."""

import dataclasses
from datetime import timedelta

import pytest

from models.domain.acts import Act, Constraints
from models.domain.posts import Removal
from models.domain.rumours import EventKind, RumourEvent, Stance
from models.errors import ConstraintsChanged, Refused
from models.store.messages import Arrival, FlowStance, JudgedPost, Judgement, Reassignment
from tests.builders import NOON, OFFICER, a_post, an_incident, save
from tests.contracts.two_rumours import (
    BEFORE,
    MERGED,
    a_stance,
    by_model,
    correct,
    everything,
    judge,
    merge,
    move,
    refuse,
    split,
    stances,
    undo,
    where,
    with_two_rumours,
)

# Other titles than those that the rumours begin with.
RENAMED = {"quiet": "test:q2", "dam": "test:d2"}


@pytest.fixture
def incident(store):
    return with_two_rumours(store)


# What the model must keep to


def test_where_nobody_has_acted_there_are_no_constraints(store, incident):
    assert store.acts.constraints(incident) == Constraints()


def test_constraints_say_what_was_merged_pinned_and_held(store, incident):
    judge(store, an_incident(), "wolves", "w1")
    merge(store, incident)
    merge(store, incident, "bridge", "wolves")
    move(store, incident, "d1", rumour="wolves", into=split(store, incident, "b1", rumour="wolves").into)
    found = store.acts.constraints(incident)
    (child,) = set(found.pinned.values())
    assert found.merged == {"dam": "wolves", "bridge": "wolves"}
    assert found.pinned == {"b1": child, "d1": child}
    assert found.protected == {"wolves", child}
    assert found.apart == {tuple(sorted(("wolves", child)))}


@pytest.mark.parametrize("act", [Act.TAKE, Act.PARK, Act.DISMISS])
def test_a_rumour_that_people_have_acted_on_is_held(store, incident, act):
    store.acts.decide(incident, "dam", act, OFFICER, "mine").result()
    assert store.acts.constraints(incident) == Constraints(number=1, protected=frozenset({"dam"}))


def test_a_correction_holds_its_rumour_too(store, incident):
    correct(store, incident, "dam")
    assert store.acts.constraints(incident).protected == {"dam"}


def test_the_number_grows_only_with_what_constrains(store, incident):
    numbers = [store.acts.constraints(incident).number]
    for act in (Act.TAKE, Act.PARK):
        store.acts.decide(incident, "dam", act, OFFICER, "mine").result()
        numbers.append(store.acts.constraints(incident).number)
    undo(store, incident, move(store, incident, "d1"))
    numbers.append(store.acts.constraints(incident).number)
    refuse(store, incident)
    assert [*numbers, store.acts.constraints(incident).number] == [0, 1, 1, 4, 5]


def test_children_of_a_later_split_are_apart_from_what_their_parent_was_apart_from(store, incident):
    first = split(store, incident, "d1").into
    second = split(store, incident, "d2").into
    assert pairs(store, incident) == {frozenset(pair) for pair in (("dam", first), ("dam", second), (first, second))}


def test_what_people_refused_to_merge_is_apart_and_so_are_its_children(store, incident):
    refuse(store, incident)
    child = split(store, incident, "d1").into
    expected = {frozenset(pair) for pair in (("dam", "bridge"), ("dam", child), ("bridge", child))}
    assert pairs(store, incident) == expected
    assert store.acts.constraints(incident).protected == {"dam", "bridge", child}


def test_what_is_merged_is_apart_from_what_its_parts_were_apart_from(store, incident):
    child = split(store, incident, "d1").into
    merge(store, incident)
    assert pairs(store, incident) == {frozenset(("bridge", child))}


def test_merging_what_was_split_ends_their_being_apart(store, incident):
    child = split(store, incident, "d1").into
    merge(store, incident, child, "dam")
    assert pairs(store, incident) == set()


def test_what_is_undone_constrains_nothing_but_its_rumours_stay_held(store, incident):
    for act in (merge, refuse, lambda s, i: split(s, i, "d1"), lambda s, i: move(s, i, "d1")):
        undo(store, incident, act(store, incident))
    found = store.acts.constraints(incident)
    assert (found.apart, found.pinned, found.protected) == (frozenset(), {}, {"dam", "bridge"})
    # The rumour that was split off and taken back lives on in its parent.
    assert list(found.merged.values()) == ["dam"]


def test_the_latest_act_wins_among_peoples(store, incident):
    move(store, incident, "d1")
    move(store, incident, "d1", rumour="bridge", into="dam")
    assert store.acts.constraints(incident).pinned == {"d1": "dam"}
    assert where(store, incident) == BEFORE


def test_a_pin_follows_a_merge_and_comes_back_with_its_undoing(store, incident):
    judge(store, an_incident(), "wolves", "w1")
    move(store, incident, "d1")
    merged = merge(store, incident, "bridge", "wolves")
    assert store.acts.constraints(incident).pinned == {"d1": "wolves"}
    undo(store, incident, merged)
    assert store.acts.constraints(incident).pinned == {"d1": "bridge"}


def test_no_model_run_takes_a_flow_away_that_a_person_put_there(store, incident):
    move(store, incident, "d1")
    by_model(store, incident, ("d1", "dam"))
    assert where(store, incident)["bridge"] == {"b1", "b2", "d1"}
    merge(store, incident, "bridge", "dam")
    by_model(store, incident, ("d1", "bridge"))
    assert where(store, incident) == {"dam": {"d1", "d2", "d3", "b1", "b2"}}


def test_a_flow_whose_move_was_undone_is_the_models_again(store, incident):
    undo(store, incident, move(store, incident, "d1"))
    by_model(store, incident, ("d1", "bridge"))
    assert where(store, incident)["bridge"] == {"b1", "b2", "d1"}


def test_the_model_reassigns_what_nobody_holds_and_the_last_of_a_batch_counts(store, incident):
    by_model(store, incident, ("d1", "wolves"), ("d1", "bridge"), ("b1", "dam"))
    assert where(store, incident) == {"dam": {"b1", "d2", "d3"}, "bridge": {"b2", "d1"}}


def test_a_flow_may_be_opened_and_reassigned_in_one_batch(store, incident):
    judge(
        store,
        an_incident(),
        "dam",
        "x",
        surfaced=False,
        reassigned=[Reassignment("x", "bridge")],
        stances=[FlowStance("x", "dam", a_stance(Stance.DENY))],
    )
    (row,) = [row for row in store.judgement.final_rows(incident) if row.flow == "x"]
    assert (row.rumour_first, row.rumour, row.stance) == ("dam", "bridge", "deny")


def test_the_model_merges_what_nobody_holds(store, incident):
    gone = RumourEvent("dam", EventKind.MERGED, NOON, detail={"into": "bridge", "by": "model"})
    by_model(store, incident, *((flow, "bridge") for flow in ("d1", "d2", "d3")), events=[gone])
    assert where(store, incident) == MERGED
    with pytest.raises(Refused, match="merged into another"):
        store.acts.decide(incident, "dam", Act.TAKE, OFFICER, "mine").result()


def test_a_judgement_made_before_an_act_is_refused_whole(store, incident):
    number, upto = store.acts.constraints(incident).number, store.judgement.upto(incident)
    move(store, incident, "d1")
    before = everything(store, incident)
    with pytest.raises(ConstraintsChanged, match="Judge it again"):
        judge(
            store,
            an_incident(),
            "dam",
            "late",
            constraint_number=number,
            reassigned=[Reassignment("d2", "bridge")],
            stances=[FlowStance("d3", "dam", a_stance(Stance.DENY))],
        )
    assert everything(store, incident) == before
    assert store.judgement.upto(incident) == upto
    assert [post.id for post in store.judgement.unjudged(incident, upto, 10)] == ["test:late"]


# Stances


def test_the_models_stances_go_along_with_a_flow(store, incident):
    by_model(store, incident, stances=[FlowStance("d1", "dam", a_stance(Stance.DENY))])
    move(store, incident, "d1")
    assert stances(store, incident, "bridge")["d1"] == ("deny", "model")
    by_model(store, incident, ("d2", "bridge"))
    assert stances(store, incident, "bridge")["d2"] == ("support", "model")


def test_a_persons_reading_goes_along_with_a_merge_and_its_undoing_only(store, incident):
    coded = FlowStance("d1", "dam", a_stance(Stance.QUERY, by="C. Oder"))
    by_model(store, incident, stances=[coded])
    undo(store, incident, move(store, incident, "d1"))
    assert stances(store, incident, "dam")["d1"] == ("query", "C. Oder")
    moved = split(store, incident, "d1").into
    assert stances(store, incident, moved)["d1"] == ("support", "model")
    undo(store, incident, store.acts.decisions(incident)[0])
    merged = merge(store, incident)
    assert stances(store, incident, "bridge")["d1"] == ("query", "C. Oder")
    by_model(store, incident, stances=[FlowStance("d1", "bridge", a_stance(Stance.DENY, by="C. Oder"))])
    undo(store, incident, merged)
    assert stances(store, incident, "dam")["d1"] == ("deny", "C. Oder")


def test_a_persons_reading_of_an_earlier_claim_is_not_carried_into_a_merge(store, incident):
    by_model(store, incident, stances=[FlowStance("d1", "dam", a_stance(Stance.QUERY, by="C. Oder"))])
    judge(store, an_incident(), "wolves", "w1")
    move(store, incident, "d1", into="bridge")
    merge(store, incident, "bridge", "wolves")
    assert stances(store, incident, "wolves")["d1"] == ("support", "model")


def test_flows_that_nobody_has_judged_wait_those_on_the_board_first(store, incident):
    judge(store, an_incident(), "quiet", "q1", stance=None, surfaced=False)
    judge(store, an_incident(), "dam", "d4", "d5", stance=None, surfaced=False)
    waiting = store.stances.missing(incident, 10)
    assert [(one.flow, one.rumour) for one in waiting] == [("d4", "dam"), ("d5", "dam"), ("q1", "quiet")]
    assert waiting[0].post.text == "what d4 says"
    assert [one.flow for one in store.stances.missing(incident, 1)] == ["d4"]
    by_model(store, incident, stances=[FlowStance("d4", "dam", a_stance())])
    assert [one.flow for one in store.stances.missing(incident, 10)] == ["d5", "q1"]
    assert [row.stance for row in store.judgement.final_rows(incident) if row.flow == "d5"] == [None]


def test_a_flow_waits_with_the_post_that_names_its_rumour_and_knows_whether_it_is_its_own(store, incident):
    judge(store, an_incident(), "dam", "d4", "d5", stance=None)
    assert [(one.flow, one.claim, one.makes_claim) for one in store.stances.missing(incident, 10)] == [
        ("d4", "test:d4", True),
        ("d5", "test:d4", False),
    ]


def read_toward(store, incident, claim, *flows, rumour="dam"):
    stance = dataclasses.replace(a_stance(), claim=claim)
    store.stances.save(incident, [FlowStance(flow, rumour, stance) for flow in flows]).result()


def former(store, incident) -> list[tuple[str, str, str, bool]]:
    waiting = store.stances.toward_former_titles(incident, 10)
    return [(one.flow, one.rumour, one.claim, one.makes_claim) for one in waiting]


def test_flows_that_were_read_toward_a_former_title_are_found_those_on_the_board_first(store, incident):
    judge(store, an_incident(), "quiet", "q1", "q2", surfaced=False)
    read_toward(store, incident, "test:q1", "q1", "q2", rumour="quiet")
    read_toward(store, incident, "test:b1", "b1", "b2", rumour="bridge")
    read_toward(store, incident, "test:d1", "d1", "d2", "d3")
    assert former(store, incident) == []
    renamed = [RumourEvent(rumour, EventKind.TITLE, NOON, post=post) for rumour, post in RENAMED.items()]
    by_model(store, incident, events=renamed)
    assert former(store, incident) == [
        ("d1", "dam", "test:d2", False),
        ("d2", "dam", "test:d2", True),
        ("d3", "dam", "test:d2", False),
        ("q1", "quiet", "test:q2", False),
        ("q2", "quiet", "test:q2", True),
    ]
    assert [one.flow for one in store.stances.toward_former_titles(incident, 2)] == ["d1", "d2"]
    read_toward(store, incident, "test:d2", "d1", "d2", "d3")
    assert [flow for flow, *_ in former(store, incident)] == ["q1", "q2"]


def test_a_title_that_is_a_copy_of_the_former_one_is_the_same_claim(store, incident):
    read_toward(store, incident, "test:b1", "b1", "b2", rumour="bridge")
    read_toward(store, incident, "test:d1", "d1", "d2", "d3")
    save(store, an_incident(), [a_post("what d1 says", id="test:copy")])
    (copy,) = store.judgement.unjudged(incident, store.judgement.upto(incident), 10)
    judged = [JudgedPost(copy, "d1", copy.id, "dam", opens_flow=False)]
    renamed = [RumourEvent("dam", EventKind.TITLE, NOON, post="test:copy")]
    store.judgement.save(Judgement(incident, copy.place, judged, renamed, encoder="this")).result()
    assert former(store, incident) == []


def test_a_flow_that_was_moved_is_read_toward_its_new_rumours_title(store, incident):
    read_toward(store, incident, "test:b1", "b1", "b2", rumour="bridge")
    read_toward(store, incident, "test:d1", "d1", "d2", "d3")
    move(store, incident, "d3")
    assert former(store, incident) == [("d3", "bridge", "test:b1", False)]


def test_a_flow_whose_words_are_gone_is_not_waited_for(store, incident):
    judge(store, an_incident(), "dam", "d4", stance=None, surfaced=False)
    store.posts.add(Arrival((), removals=[Removal("test", "deleted", NOON + timedelta(hours=1), "test:d4")])).result()
    assert store.stances.missing(incident, 10) == []


def pairs(store, incident) -> set[frozenset[str]]:
    apart = store.acts.constraints(incident).apart
    assert all(one < other for one, other in apart)
    return {frozenset(pair) for pair in apart}
