"""Assigning and handing over through the callbacks: who can be chosen, what is logged, and what the receiver sees."""

import json

import pytest

from dashboard.forms import assign
from dashboard.views.board import read_rows
from models.domain.acts import Act, Assignee
from models.domain.users import Role
from tests.builders import NOON, a_post
from tests.dashboard.world import (
    ANALYST,
    COMMS,
    DUTY,
    VIEWER,
    Somebody,
    an_app,
    answer_of,
    browser_of,
    call,
    judge,
    opened,
    problems_of,
    send,
)

FIRE = Somebody("F. Ire", Role.DUTY, "Northgate Fire")


@pytest.fixture
def incident(store):
    incident = opened(store)
    judge(store, incident, [a_post("The dam has burst", id="d1"), a_post("The dam is gone", id="d2")])
    judge(store, incident, [a_post("The bridge is closed", id="b1")], rumour="bridge")
    return incident


@pytest.fixture
def app(store):
    app = an_app(store)
    for somebody in (DUTY, COMMS, ANALYST, VIEWER):
        browser_of(app, somebody)
    return app


def about(incident, rumour="dam"):
    return {"incident": incident.id, "rumour": rumour, "claim": "The dam has burst"}


def give(
    app, incident, to=f"user:{COMMS.id}", *, form=assign.FORM, desk="", note="", officer=DUTY, rumour="dam", **more
):
    values = {"to": to, "desk": desk, "note": note}
    return send(app, form, values, about(incident, rumour), officer=officer, **more)


def offered(app, incident, officer=DUTY):
    given = [("assign-opened.data", {"about": about(incident), "request": "one"})]
    answer = call(app, "assign-offers.data", given, [], given[0][0], officer)
    return {one["value"]: one["label"] for one in answer["assign-offers"]["data"]["options"]["to"]}


def owner(store, incident, rumour="dam"):
    return read_rows(store, incident.id, NOON)[rumour].owner


def context(incident, **more):
    return [("board-context.data", {"incident": incident.id, "as_of": None, **more})]


def handed(app, incident, officer=COMMS):
    given = [("board-token.data", "x")]
    answer = call(app, "board-handed.children", given, context(incident), given[0][0], officer)
    return "" if answer["board-handed"]["hidden"] else json.dumps(answer["board-handed"]["children"])


def shown_page(app, incident, officer=COMMS, *, looking=True):
    page = [("rumour-context.data", {"incident": incident.id, "as_of": None, "rumour": "dam", "page": "p1"})]
    inputs = [("rumour-tick.n_intervals", 1), ("rumour-acted.data", None)]
    return call(app, "rumour-token.data", inputs, [*page, ("looking.data", looking)], inputs[0][0], officer)


# Who can be chosen


def test_those_can_be_chosen_who_may_act_in_the_incident_and_the_desks_that_were_used(app, store, incident):
    give(app, incident, "", desk="Night desk")
    assert offered(app, incident) == {
        f"user:{COMMS.id}": "C. Omms (comms officer, Northgate Police)",
        f"user:{DUTY.id}": "J. Officer (duty officer, Northgate Police)",
        "desk:Night desk": "Night desk (desk)",
    }


def test_who_may_not_assign_is_told_no_names(app, incident):
    assert offered(app, incident, VIEWER) == {}
    assert offered(app, incident, ANALYST) == {}


@pytest.mark.parametrize("to", [f"user:{ANALYST.id}", "user:nobody", "nobody", "user:"])
def test_nobody_is_given_a_rumour_who_could_not_act_on_it(app, store, incident, to):
    assert "to" in problems_of(give(app, incident, to), assign.FORM)
    assert store.acts.decisions(incident.id) == []


def test_whoever_is_blocked_is_neither_offered_nor_given_anything(app, store, incident):
    blocked = store.users.get(COMMS.id)
    store.users.record(type(blocked)(**{**_fields(blocked), "blocked": True}), None, None).result()
    assert f"user:{COMMS.id}" not in offered(app, incident)
    assert "to" in problems_of(give(app, incident), assign.FORM)


def test_whoever_was_blocked_since_stays_named(app, store, incident):
    give(app, incident)
    blocked = store.users.get(COMMS.id)
    store.users.record(type(blocked)(**{**_fields(blocked), "blocked": True}), None, None).result()
    assert owner(store, incident).name == COMMS.name
    assert "assigned this to C. Omms" in head_and_log(app, incident)


def _fields(user):
    return {name: getattr(user, name) for name in user.__slots__}


# What is logged


def test_it_is_logged_with_who_gave_it_to_whom_and_the_note(app, store, incident):
    sent = give(app, incident, note="ring the reservoir")
    (decision,) = store.acts.decisions(incident.id)
    assert (decision.act, decision.officer, decision.reason) == (Act.ASSIGN, DUTY.officer, "ring the reservoir")
    assert decision.assignee == Assignee(COMMS.name, COMMS.service, COMMS.id)
    assert answer_of(sent, assign.FORM)["saved"]
    assert "assigned to C. Omms" in sent["announce"]["children"]


def test_a_desk_of_the_list_and_another_one_are_the_same_to_the_log(app, store, incident):
    give(app, incident, "", desk="  Night   desk ")
    give(app, incident, "desk:Night desk", rumour="bridge", request="two")
    assert {one.assignee for one in store.acts.decisions(incident.id)} == {Assignee("Night desk")}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"to": ""}, "to"),
        ({"to": f"user:{COMMS.id}", "desk": "Night desk"}, "to"),
        ({"to": "", "desk": "x" * 41}, "desk"),
        ({"note": "x" * 2_001}, "note"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(app, store, incident, values, field):
    assert list(problems_of(give(app, incident, **values), assign.FORM)) == [field]
    assert store.acts.decisions(incident.id) == []


def test_who_has_it_hands_it_over_with_a_note_whichever_form_they_send(app, store, incident):
    store.acts.decide(incident.id, "dam", Act.TAKE, DUTY.officer, "mine").result()
    for form in (assign.FORM, assign.HAND_OVER):
        assert list(problems_of(give(app, incident, form=form), form)) == ["note"]
    give(app, incident, form=assign.HAND_OVER, note="ring the reservoir")
    assert owner(store, incident).name == COMMS.name


def test_a_role_that_may_not_act_assigns_nothing(app, store, incident):
    for officer in (VIEWER, ANALYST):
        assert "You cannot do this" in problems_of(give(app, incident, officer=officer), assign.FORM)["role"]
    assert store.acts.decisions(incident.id) == []


def test_the_same_request_again_assigns_once(app, store, incident):
    give(app, incident)
    again = give(app, incident, "", desk="Night desk")
    assert len(store.acts.decisions(incident.id)) == 1
    assert "already logged" in again["announce"]["children"]


# What the receiver sees


def test_the_receiver_sees_by_whom_and_why_until_they_open_it(app, incident):
    give(app, incident, note="ring the reservoir")
    assert "Handed to you by J. Officer (duty officer, Northgate Police): ring the reservoir" in handed(app, incident)
    assert handed(app, incident, DUTY) == ""
    shown_page(app, incident, looking=False)
    shown_page(app, incident, DUTY)
    assert handed(app, incident)
    shown_page(app, incident)
    assert handed(app, incident) == ""


def test_or_until_they_take_it_or_it_is_somebody_elses(app, store, incident):
    give(app, incident)
    give(app, incident, rumour="bridge", request="two")
    store.acts.decide(incident.id, "dam", Act.TAKE, COMMS.officer, "mine").result()
    give(app, incident, "", desk="Night desk", rumour="bridge", request="three")
    assert handed(app, incident) == ""


def test_what_one_gives_to_oneself_was_handed_over_by_nobody(app, incident):
    give(app, incident, officer=COMMS)
    assert handed(app, incident) == ""


def test_the_page_keeps_the_note_until_it_is_taken(app, store, incident):
    give(app, incident, note="ring the reservoir")
    assert "Handed to you by J. Officer" in head(app, incident, COMMS)
    assert "Handed to you" not in head(app, incident, DUTY)


def head(app, incident, officer):
    inputs = [("rumour-changed.data", 1), ("rumour-drawn.data", None)]
    page = [("rumour-context.data", {"incident": incident.id, "as_of": None, "rumour": "dam"})]
    return json.dumps(call(app, "rumour-head.children", inputs, page, inputs[0][0], officer))


def test_who_has_a_rumour_may_hand_it_over_and_others_may_assign_it(app, store, incident):
    store.acts.decide(incident.id, "dam", Act.TAKE, COMMS.officer, "mine").result()
    assert '"data-opens": "hand-over"' in head(app, incident, COMMS)
    assert '"data-opens": "assign"' in head(app, incident, DUTY)


def test_the_last_assignment_can_be_undone_on_the_page(app, store, incident):
    give(app, incident)
    give(app, incident, "", desk="Night desk", request="two")
    said = head_and_log(app, incident)
    assert ("Undo decision 2" in said, "Undo decision 1" in said) == (True, False)


def head_and_log(app, incident):
    inputs = [("rumour-changed.data", 1), ("rumour-drawn.data", None)]
    page = [("rumour-context.data", {"incident": incident.id, "as_of": None, "rumour": "dam"})]
    return json.dumps(call(app, "rumour-decisions.children", inputs, page, inputs[0][0]))


# The board


def board_rows(app, incident, officer, **controls):
    inputs = {"board-tabs.value": "open", "board-rank.value": "fastest", "board-window.value": "all", **controls}
    given = [("board-context.data", {"incident": incident.id}), ("board-show.n_clicks", 0), *inputs.items()]
    given += [("board-words.value", controls.get("board-words.value", "")), ("board-fill.data", None)]
    given.append(("board-chosen-before.data", None))
    answer = call(app, "board-grid.rowData", given, [("board-chosen.data", None)], "board-context.data", officer)
    return answer["board-grid"]["rowData"], answer["board-tabs"]["data"]


def test_mine_is_what_the_viewer_has_and_is_still_open(app, store, incident):
    give(app, incident)
    rows, tabs = board_rows(app, incident, COMMS, **{"board-tabs.value": "mine"})
    assert [(row["id"], row["owner"], row["mine"]) for row in rows] == [("dam", "C. Omms, Northgate Police", True)]
    assert {"value": "mine", "label": "Mine 1"} in tabs
    assert board_rows(app, incident, DUTY, **{"board-tabs.value": "mine"})[0] == []
    store.acts.decide(incident.id, "dam", Act.DISMISS, DUTY.officer, "no risk").result()
    app_rows, _ = board_rows(an_app(store), incident, COMMS, **{"board-tabs.value": "mine"})
    assert app_rows == []


def test_the_owner_is_found_by_the_words_of_the_filter(app, incident):
    give(app, incident, "", desk="Night desk")
    found, _ = board_rows(app, incident, DUTY, **{"board-words.value": "night"})
    assert [(row["id"], row["owner"], row["ownerWords"]) for row in found] == [
        ("dam", "Night desk", "Owner: Night desk")
    ]


@pytest.mark.parametrize(("search", "value"), [("?list=mine", "mine"), ("?list=nonsense", "open"), ("", "open")])
def test_the_list_that_is_shown_stands_in_the_address(app, incident, search, value):
    inputs = [("url.pathname", f"/incident/{incident.id}"), ("url.search", search)]
    answer = call(app, "content.children", inputs, [], inputs[0][0])
    assert [one["value"] for one in parts(answer) if one.get("id") == "board-tabs"] == [value]


def parts(answer):
    """Every object in an answer of the server."""
    if isinstance(answer, dict):
        yield answer
    for one in answer.values() if isinstance(answer, dict) else answer if isinstance(answer, list) else ():
        yield from parts(one)


def test_somebody_of_another_service_is_shown_with_it(app, store, incident):
    browser_of(app, FIRE)
    assert offered(app, incident)[f"user:{FIRE.id}"] == "F. Ire (duty officer, Northgate Fire)"
