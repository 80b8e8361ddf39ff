"""What any store keeps of whom a rumour is given to: by whom, with which note, taken back, merged, as known then."""

import pytest

from dashboard.views.board import Owner, read_rows
from models.domain.acts import Act, Assignee, Officer
from models.domain.rumours import State
from models.errors import Refused
from models.limits import LONGEST_DESK
from tests.builders import NOON, OFFICER
from tests.contracts.two_rumours import by_model, merge, undo, with_two_rumours

DUTY = Officer("J. Officer", "duty", "Northgate Police", "u1")
COMMS = Officer("C. Omms", "comms", "Northgate Police", "u2")
TO_COMMS = Assignee("C. Omms", "Northgate Police", "u2")
TO_DUTY = Assignee("J. Officer", "Northgate Police", "u1")
DESK = Assignee("Comms desk")


@pytest.fixture
def incident(store) -> str:
    return with_two_rumours(store)


def take(store, incident, officer=DUTY, rumour="dam"):
    return store.acts.decide(incident, rumour, Act.TAKE, officer, "mine").result()


def assign(store, incident, to=TO_COMMS, officer=DUTY, note="ring the reservoir", rumour="dam", **more):
    return store.acts.assign(incident, rumour, to, officer, note, **more).result()


def owner(store, incident, rumour="dam", **more) -> Owner | None:
    return read_rows(store, incident, NOON, **more)[rumour].owner


def why_not(act) -> dict[str, str]:
    with pytest.raises(Refused) as refusal:
        act().result()
    return dict(refusal.value.problems)


def owner_name(store, incident, rumour="dam", **more) -> str | None:
    found = owner(store, incident, rumour, **more)
    return found and found.name


def test_who_is_given_a_rumour_answers_for_it_and_the_board_says_by_whom_and_with_which_note(store, incident):
    decision = assign(store, incident)
    assert (decision.act, decision.assignee, decision.reason) == (Act.ASSIGN, TO_COMMS, "ring the reservoir")
    found = owner(store, incident)
    assert (found.name, found.service, found.user) == ("C. Omms", "Northgate Police", "u2")
    assert (found.assigned.number, found.assigned.by, found.assigned.note) == (1, DUTY, "ring the reservoir")


def test_what_was_assigned_is_the_same_after_a_restart(store, incident, opening):
    made = assign(store, incident)
    assert opening().acts.decisions(incident) == [made]


def test_an_assignment_leaves_the_state_of_the_rumour(store, incident):
    assert assign(store, incident).state is State.NEW
    store.acts.decide(incident, "dam", Act.PARK, DUTY, "slow").result()
    assert assign(store, incident).state is State.WATCHING


def test_who_takes_it_has_it_from_then_on(store, incident):
    assign(store, incident)
    take(store, incident, DUTY)
    assert owner(store, incident) == Owner("J. Officer", "Northgate Police", "u1")


def test_a_desk_is_nobodys_user_and_is_remembered_the_last_used_first(store, incident):
    for desk in ("Comms desk", "Night desk", "Comms desk"):
        assign(store, incident, Assignee(desk, "Northgate Police"), note="")
    assert owner(store, incident) == Owner("Comms desk", assigned=owner(store, incident).assigned)
    assert store.acts.desks(incident) == ["Comms desk", "Night desk"]
    assert store.acts.desks("elsewhere") == []


# Handing over


@pytest.mark.parametrize("gets", [take, lambda s, i: assign(s, i, TO_DUTY, COMMS, "")], ids=["taken", "assigned"])
def test_who_hands_over_what_is_theirs_says_what_the_other_needs_to_know(store, incident, gets):
    gets(store, incident)
    with pytest.raises(Refused) as error:
        assign(store, incident, note="  ")
    assert list(error.value.problems) == ["note"]
    assert owner_name(store, incident) == "J. Officer"
    assert assign(store, incident, DESK).assignee == DESK


def test_who_gives_away_what_is_not_theirs_needs_no_note(store, incident):
    take(store, incident, COMMS)
    assert assign(store, incident, DESK, note="").reason == ""
    assert assign(store, incident, TO_DUTY, note="").reason == ""
    # To oneself nothing is handed over.
    assert assign(store, incident, TO_DUTY, note="").reason == ""


# What is refused


@pytest.mark.parametrize(
    ("to", "field"),
    [
        (Assignee("  "), "to"),
        (Assignee("x" * (LONGEST_DESK + 1)), "desk"),
        (Assignee("x" * 101, "Northgate Police", "u2"), "to"),
    ],
)
def test_nobody_and_too_long_a_name_are_refused(store, incident, to, field):
    assert field in why_not(lambda: store.acts.assign(incident, "dam", to, DUTY, "note"))
    assert store.acts.decisions(incident) == []


def test_what_is_not_on_the_board_is_not_assigned(store, incident):
    merge(store, incident)
    for rumour in ("nowhere", "dam"):
        assert "rumour" in why_not(lambda one=rumour: store.acts.assign(incident, one, DESK, DUTY, ""))


# Taking back


def test_undone_it_is_theirs_again_who_had_it_before(store, incident):
    take(store, incident, COMMS)
    back = undo(store, incident, assign(store, incident, DESK))
    assert (back.act, back.rumour, back.state) == (Act.UNDO, "dam", State.ASSESSING)
    assert owner(store, incident) == Owner("C. Omms", "Northgate Police", "u2")


def test_undone_it_is_nobodys_where_nobody_had_it(store, incident):
    undo(store, incident, assign(store, incident))
    assert owner(store, incident) is None


def test_what_changed_hands_since_is_not_taken_back(store, incident):
    first = assign(store, incident)
    second = assign(store, incident, DESK)
    assert "decision 2" in why_not(lambda: store.acts.undo(incident, first.number, DUTY, "no"))["number"]
    undo(store, incident, second)
    undo(store, incident, first)
    assert owner(store, incident) is None
    assert "already" in why_not(lambda: store.acts.undo(incident, first.number, DUTY, "no"))["number"]


# Merges and model runs


def test_the_rumour_that_another_lives_on_in_keeps_its_own_owner(store, incident):
    take(store, incident, COMMS, "bridge")
    assign(store, incident, DESK)
    merge(store, incident)
    assert owner_name(store, incident, "bridge") == "C. Omms"
    assert [one.assignee for one in store.acts.decisions(incident, "bridge") if one.assignee] == [DESK]


def test_one_that_nobody_had_is_theirs_who_had_what_was_merged_into_it(store, incident):
    assign(store, incident)
    merged = merge(store, incident)
    assert owner_name(store, incident, "bridge") == "C. Omms"
    undo(store, incident, merged)
    assert (owner_name(store, incident, "bridge"), owner_name(store, incident)) == (None, "C. Omms")


def test_no_model_run_changes_who_has_a_rumour_or_merges_it_away(store, incident):
    assign(store, incident)
    assert "dam" in store.acts.constraints(incident).protected
    by_model(store, incident, ("d3", "bridge"))
    assert owner_name(store, incident) == "C. Omms"


# As known then, and as proved


def test_at_a_moment_it_is_theirs_who_had_it_then(store, incident):
    moments = [store.last_known_at()]
    for act in (take, assign, lambda s, i: undo(s, i, s.acts.decisions(i)[0])):
        act(store, incident)
        moments.append(store.last_known_at())
    names = [owner_name(store, incident, as_of=moment) for moment in moments]
    assert names == [None, "J. Officer", "C. Omms", "J. Officer"]


@pytest.mark.parametrize("column", ["assignee", "assignee_service", "assignee_user"])
def test_whom_it_was_given_to_cannot_be_changed_unseen(store, incident, engine, column):
    store.acts.decide(incident, "dam", Act.TAKE, OFFICER, "asserted, as before sign-in existed").result()
    assign(store, incident)
    assert (store.acts.broken_decision(incident), store.audit.verify()) == (None, [])
    engine.looks(store, f"update decisions set {column} = 'another' where number = 2")
    assert store.acts.broken_decision(incident) == 2
    assert [fault.record for fault in store.audit.verify()] == [f"decision 2 of {incident}"]
