"""What every store must do when people merge, split and move flows, and take it back."""

from datetime import timedelta

import pytest

from dashboard.views.board import read_rows
from models.domain.acts import Act, Officer
from models.domain.corrections import Verdict
from models.domain.posts import Removal
from models.domain.rumours import EventKind, State
from models.errors import Refused
from models.store.duckdb.decisions import first_broken
from models.store.messages import Arrival, JudgedPost, Judgement
from tests.builders import NOON, OFFICER, a_post, an_incident, save
from tests.contracts.two_rumours import (
    BEFORE,
    MERGED,
    by_model,
    correct,
    everything,
    happened,
    judge,
    merge,
    move,
    refuse,
    refused,
    split,
    undo,
    where,
    with_two_rumours,
)


@pytest.fixture
def incident(store):
    return with_two_rumours(store)


# What each act does


def test_a_merge_gives_all_flows_to_the_other_rumour_and_takes_the_first_off_the_board(store, incident):
    decision = merge(store, incident)
    assert where(store, incident) == MERGED
    assert (decision.act, decision.rumour, decision.into, decision.state) == (
        Act.MERGE,
        "dam",
        "bridge",
        State.MERGED,
    )
    assert {row.rumour for row in store.judgement.final_rows(incident)} == {"bridge"}
    lives_on = store.views.rows("merged_into", incident=incident, rumour="dam")
    assert lives_on == [{"survivor": "bridge", "title": "what b1 says"}]


def test_lineage_names_the_officer_and_the_other_rumour(store, incident):
    merge(store, incident)
    (event,) = happened(store, incident, EventKind.MERGED)
    assert (event.rumour, event.detail["into"], event.detail["by"]) == ("dam", "bridge", OFFICER.name)
    child = split(store, incident, "b1", rumour="bridge").into
    (event,) = happened(store, incident, EventKind.SPLIT)
    assert (event.rumour, event.detail["from"], event.detail["by"]) == (child, "bridge", OFFICER.name)


def test_a_split_is_on_the_board_at_once_named_by_its_first_post_and_outside_the_budget(store, incident):
    decision = split(store, incident, "d3", "d2")
    assert where(store, incident) == {"dam": {"d1"}, decision.into: {"d2", "d3"}, "bridge": {"b1", "b2"}}
    surfaced = happened(store, incident, EventKind.SURFACED)[-1]
    assert (surfaced.rumour, surfaced.detail) == (decision.into, {"rule": "split off by hand", "by_hand": True})
    (row,) = read_rows(store, incident, NOON, rumour=decision.into).values()
    assert (row.claim, row.state) == ("What d2 says", State.NEW)


def test_a_split_rumour_has_an_id_that_no_other_split_has(store, incident):
    first = split(store, incident, "d2")
    undo(store, incident, first)
    assert split(store, incident, "d2").into != first.into


def test_a_split_by_a_removed_post_is_named_by_what_is_left(store, incident):
    store.posts.add(Arrival((), removals=[Removal("test", "deleted", NOON + timedelta(hours=1), "test:d2")])).result()
    decision = split(store, incident, "d2", "d3")
    (row,) = read_rows(store, incident, NOON, rumour=decision.into).values()
    assert row.claim == "What d3 says"


def test_a_rumour_whose_title_has_left_it_is_named_by_what_stayed(store, incident):
    split(store, incident, "d1")
    (row,) = read_rows(store, incident, NOON, rumour="dam").values()
    assert row.claim == "What d2 says"
    move(store, incident, "d3")
    (row,) = read_rows(store, incident, NOON, rumour="dam").values()
    assert row.claim == "What d2 says"


def test_a_move_takes_the_flow_and_its_later_copies(store, incident):
    move(store, incident, "d1")
    copy = a_post("what d1 says", id="test:copy")
    save(store, an_incident(), [copy])
    (stored,) = store.judgement.unjudged(incident, store.judgement.upto(incident), 10)
    judged = [JudgedPost(stored, "d1", stored.id, "bridge", opens_flow=False)]
    store.judgement.save(
        Judgement(incident, stored.place, judged, (), store.acts.constraints(incident).number)
    ).result()
    assert where(store, incident) == {"dam": {"d2", "d3"}, "bridge": {"b1", "b2", "d1"}}
    assert next(row.rumour for row in store.judgement.final_rows(incident) if row.id == copy.id) == "bridge"


def test_a_split_a_move_or_a_refusal_leaves_the_state_of_the_rumour(store, incident):
    store.acts.decide(incident, "dam", Act.TAKE, OFFICER, "mine").result()
    acts = split(store, incident, "d1"), move(store, incident, "d2"), refuse(store, incident)
    assert {act.state for act in acts} == {State.ASSESSING}


def test_a_refusal_to_merge_moves_nothing_and_stands_in_the_log_of_both(store, incident):
    decision = refuse(store, incident)
    assert where(store, incident) == BEFORE
    assert (decision.act, decision.rumour, decision.into, decision.reason) == (
        Act.REFUSE,
        "dam",
        "bridge",
        "two places",
    )
    for rumour in ("dam", "bridge"):
        assert store.acts.decisions(incident, rumour) == [decision]


def test_what_was_refused_may_still_be_merged_by_people(store, incident):
    refuse(store, incident)
    merge(store, incident)
    assert where(store, incident) == MERGED
    assert store.acts.constraints(incident).apart == frozenset()


def test_first_judgement_is_remembered_however_people_rearrange(store, incident):
    merge(store, incident)
    assert {(row.flow, row.rumour_first) for row in store.judgement.final_rows(incident)} >= {
        ("d1", "dam"),
        ("b1", "bridge"),
    }


# As known at a moment


def test_before_a_merge_there_were_two_rumours(store, incident):
    before = store.last_known_at()
    merge(store, incident)
    assert where(store, incident, as_of=before) == BEFORE
    assert store.views.rows("merged_into", incident=incident, rumour="dam", as_of=before) == []


def test_before_a_split_there_was_one(store, incident):
    before = store.last_known_at()
    undo(store, incident, split(store, incident, "d1"))
    assert where(store, incident, as_of=before) == where(store, incident) == BEFORE


# Undo


@pytest.mark.parametrize("act", [merge, refuse, lambda s, i: split(s, i, "d1", "d2"), lambda s, i: move(s, i, "d1")])
def test_undo_brings_back_what_was_and_keeps_both_decisions(store, incident, act):
    store.acts.decide(incident, "dam", Act.TAKE, OFFICER, "mine").result()
    done = act(store, incident)
    taken_back = undo(store, incident, done)
    assert where(store, incident) == BEFORE
    assert (taken_back.act, taken_back.undoes, taken_back.rumour) == (Act.UNDO, done.number, "dam")
    (row,) = read_rows(store, incident, NOON, rumour="dam").values()
    assert row.state is State.ASSESSING
    assert [one.act for one in store.acts.decisions(incident)] == [Act.UNDO, done.act, Act.TAKE]
    assert store.acts.constraints(incident).pinned == {}


def test_undoing_a_split_takes_back_what_has_joined_it_since(store, incident):
    done = split(store, incident, "d1")
    judge(store, an_incident(), done.into, "new", surfaced=False)
    undo(store, incident, done)
    assert where(store, incident)["dam"] == {"d1", "d2", "d3", "new"}
    assert store.acts.constraints(incident).merged == {done.into: "dam"}


def test_undoing_a_merge_leaves_where_it_is_what_the_model_moved_on(store, incident):
    done = merge(store, incident)
    judge(store, an_incident(), "wolves", "w1")
    by_model(store, incident, ("d3", "wolves"))
    undo(store, incident, done)
    assert where(store, incident) == {**BEFORE, "dam": {"d1", "d2"}, "wolves": {"w1", "d3"}}


def test_what_carries_later_acts_is_not_undone_before_them(store, incident):
    first = merge(store, incident)
    child = split(store, incident, "d1", rumour="bridge")
    with pytest.raises(Refused, match=rf"Undo decision {child.number} first"):
        undo(store, incident, first)
    undo(store, incident, child)
    undo(store, incident, first)
    assert where(store, incident) == BEFORE


def test_every_act_that_rests_on_it_is_named(store, incident):
    child = split(store, incident, "d1", "d2")
    moved = move(store, incident, "d2", rumour=child.into)
    merged = merge(store, incident, child.into)
    with pytest.raises(Refused, match=f"Undo decisions {merged.number}, {moved.number} first"):
        undo(store, incident, child)


def test_a_split_is_not_undone_into_a_rumour_that_was_merged_away(store, incident):
    child = split(store, incident, "d1")
    merge(store, incident)
    with pytest.raises(Refused, match="depend on this"):
        undo(store, incident, child)


@pytest.mark.parametrize("number", [0, 99, -1, None, "one"])
def test_what_is_no_rearrangement_cannot_be_undone(store, incident, number):
    store.acts.decide(incident, "dam", Act.TAKE, OFFICER, "mine").result()
    for one in (number, 1):
        with pytest.raises(Refused) as refusal:
            store.acts.undo(incident, one, OFFICER, "why").result()
        assert list(refusal.value.problems) == ["number"]


def test_nothing_is_undone_twice_nor_an_undo_undone(store, incident):
    done = merge(store, incident)
    taken_back = undo(store, incident, done)
    with pytest.raises(Refused, match=f"already undone by decision {taken_back.number}"):
        undo(store, incident, done)
    with pytest.raises(Refused, match="Only a merge"):
        undo(store, incident, taken_back)


# Answers


def test_what_was_answered_before_a_merge_is_answered_after_it(store, incident):
    correction = correct(store, incident, "dam")
    merged = merge(store, incident)
    (row,) = read_rows(store, incident, NOON).values()
    assert (row.corrections, row.verdict) == (1, Verdict.FALSE)
    assert store.acts.corrections(incident, "bridge") == [correction]
    assert [one.act for one in store.acts.decisions(incident, "bridge")] == [Act.MERGE, Act.CORRECT]
    undo(store, incident, merged)
    assert store.acts.corrections(incident, "bridge") == []


# What is refused, and what is done once


@pytest.mark.parametrize(
    ("rumour", "into", "field"),
    [
        ("dam", "dam", "into"),
        ("dam", "nowhere", "into"),
        ("nowhere", "dam", "rumour"),
        ("dam", "", "into"),
        ("gone", "dam", "rumour"),
        ("dam", "gone", "into"),
        (None, "dam", "form"),
        ("dam", {"a": 1}, "form"),
    ],
)
def test_a_merge_that_is_not_in_order_is_refused_by_field(store, incident, rumour, into, field):
    judge(store, an_incident(), "gone", "g1")
    merge(store, incident, "gone", "bridge")
    before = everything(store, incident)
    assert refused(lambda: store.acts.merge(incident, rumour, into, OFFICER, "why")) == [field]
    if into != "gone":
        return
    assert refused(lambda: store.acts.move(incident, rumour, ["d1"], into, OFFICER, "why")) == [field]
    assert everything(store, incident) == before


@pytest.mark.parametrize(
    ("rumour", "other", "field"),
    [
        ("dam", "dam", "other"),
        ("dam", "nowhere", "other"),
        ("nowhere", "dam", "rumour"),
        ("gone", "dam", "rumour"),
        ("dam", "gone", "other"),
        ("dam", None, "form"),
    ],
)
def test_a_refusal_that_is_not_in_order_is_refused_by_field(store, incident, rumour, other, field):
    judge(store, an_incident(), "gone", "g1")
    merge(store, incident, "gone", "bridge")
    before = everything(store, incident)
    assert refused(lambda: store.acts.refuse(incident, rumour, other, OFFICER, "why")) == [field]
    assert everything(store, incident) == before


@pytest.mark.parametrize(
    "flows", [[], ["d1", "d2", "d3"], ["d1", "b1"], ["d1", "unheard of"], [""], ["d1", "d1", "x"]]
)
def test_flows_that_are_not_some_of_the_rumours_are_refused(store, incident, flows):
    before = everything(store, incident)
    assert refused(lambda: store.acts.split(incident, "dam", flows, OFFICER, "why")) == ["flows"]
    assert refused(lambda: store.acts.move(incident, "dam", flows, "bridge", OFFICER, "why")) == ["flows"]
    assert everything(store, incident) == before


def test_a_flow_that_has_left_meanwhile_is_refused(store, incident):
    move(store, incident, "d1")
    assert refused(lambda: store.acts.split(incident, "dam", ["d1"], OFFICER, "why")) == ["flows"]


@pytest.mark.parametrize(
    ("officer", "reason", "field"),
    [(OFFICER, "  ", "reason"), (Officer("", "duty"), "why", "name"), (Officer(" Model ", "duty"), "why", "name")],
)
def test_every_act_needs_a_person_and_a_reason(store, incident, officer, reason, field):
    merged = merge(store, incident)
    for act in (
        lambda: store.acts.merge(incident, "bridge", "dam", officer, reason),
        lambda: store.acts.refuse(incident, "bridge", "dam", officer, reason),
        lambda: store.acts.split(incident, "bridge", ["b1"], officer, reason),
        lambda: store.acts.move(incident, "bridge", ["b1"], "dam", officer, reason),
        lambda: store.acts.undo(incident, merged.number, officer, reason),
    ):
        assert refused(act) == [field]


def test_flows_cannot_be_rearranged_by_a_bare_decision(store, incident):
    with pytest.raises(Refused, match="rearrange form"):
        store.acts.decide(incident, "dam", Act.MERGE, OFFICER, "why")


def test_a_retry_of_an_act_on_a_rumour_that_was_merged_away_since_gives_what_it_made(store, incident):
    first = store.acts.decide(incident, "dam", Act.TAKE, OFFICER, "mine", "request").result()
    merge(store, incident)
    assert store.acts.decide(incident, "dam", Act.TAKE, OFFICER, "mine", "request").result() == first


# The chain


def test_the_chain_holds_over_every_act_and_shows_what_was_tampered_with(store, incident):
    undo(store, incident, merge(store, incident))
    split(store, incident, "d1")
    refuse(store, incident)
    move(store, incident, "d2")
    assert store.acts.broken_decision(incident) is None
    rows = store.views.rows("decisions", incident=incident, rumour=None)[::-1]
    for field, value in (("target", "dam"), ("undoes", 2)):
        tampered = [{**row, field: value} if row["number"] == 3 else row for row in rows]
        assert first_broken(tampered) == 3


def test_decisions_that_were_linked_before_flows_could_be_rearranged_still_follow(store):
    """One decision as it was written before `target`, `undoes`, user, assignee and `shared` were kept."""
    decided = {
        "incident": "i",
        "number": 1,
        "rumour": "r",
        "act": "take",
        "state": "assessing",
        "officer": "J. Officer",
        "role": "duty officer",
        "reason": "mine",
        "correction": None,
        "decided_at": NOON,
        "salt": "00" * 16,
        "link": "542d25ce5cbc135953f273ae353ddc90",
        "target": None,
        "undoes": None,
        "service": None,
        "user_id": None,
        "assignee": None,
        "assignee_service": None,
        "assignee_user": None,
        "shared": None,
    }
    assert first_broken([decided]) is None
