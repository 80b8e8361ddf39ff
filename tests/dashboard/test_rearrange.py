"""Merging, splitting and moving flows on the rumour's page, through the callbacks as a browser would send them."""

import pytest

from dashboard.forms import rearrange
from dashboard.views.rumour import read_merged_away, read_rumour
from models.domain.acts import Act
from tests.builders import NOON, a_post
from tests.dashboard.world import ANALYST, DUTY, an_app, answer_of, call, judge, opened, problems_of, send, send_raw

UNDO_BUTTON = "'data-opens': 'undo'"


@pytest.fixture
def incident(store):
    """Two rumours on the board: "dam" with the flows d1 and d2, "bridge" with b1."""
    incident = opened(store)
    judge(store, incident, [a_post("The dam has burst", id="d1"), a_post("The school is shut", id="d2")])
    judge(store, incident, [a_post("The bridge is closed", id="b1")], rumour="bridge")
    return incident


@pytest.fixture
def app(store):
    return an_app(store)


def context(incident, rumour="dam"):
    return {"incident": incident.id, "rumour": rumour}


def log(
    app, incident, act="split", *, chosen=("d2",), into=None, reason="another claim", officer=DUTY, request="one"
):
    values = {"act": act, "flows": list(chosen), "into": into, "reason": reason}
    return send(app, rearrange.FORM, values, context(incident), officer=officer, request=request)


def undo(app, incident, number, *, officer=DUTY):
    return send(app, rearrange.UNDO, {}, {"incident": incident.id, "number": number}, officer=officer)


def done(sent, form=rearrange.FORM):
    return answer_of(sent, form)["saved"]


def shown(app, incident, rumour="dam"):
    """What the page's head, its line and its decisions say."""
    return call(
        app,
        "rearrange-line.children",
        [("rumour-changed.data", 1), ("rumour-drawn.data", None)],
        [("rumour-context.data", context(incident, rumour))],
        "rumour-changed.data",
    )


def offered(app, about):
    """The rumours that can be chosen as the other, by name."""
    given = [("rearrange-opened.data", {"about": about, "request": "one"})]
    answer = call(app, "rearrange-offers.data", given, [], "rearrange-opened.data")
    return answer["rearrange-offers"]["data"]["options"]["into"]


def flows(store, incident, rumour):
    return {flow.id for flow in read_rumour(store, incident.id, rumour, NOON).flows}


def test_the_flows_are_drawn_with_a_tick_box_each_that_says_what_it_ticks(app, incident):
    inputs = [("rumour-context.data", context(incident)), ("rumour-show.n_clicks", 0), ("rumour-acted.data", None)]
    drawn = call(app, "rearrange-flows.children", inputs, [], "rumour-context.data")
    assert "Choose the flow: The school is shut" in str(drawn["rearrange-flows"]["children"])


def test_the_form_offers_the_other_rumours_with_their_size(app, incident):
    assert offered(app, context(incident)) == [{"value": "bridge", "label": "The bridge is closed · 1 post"}]
    assert offered(app, {"incident": "nowhere", "rumour": 5}) == []


def test_chosen_flows_become_a_rumour_of_their_own(app, store, incident):
    sent = log(app, incident)
    (decision,) = store.acts.decisions(incident.id)
    assert (decision.act, decision.officer.name, decision.reason) == (Act.SPLIT, "J. Officer", "another claim")
    assert flows(store, incident, decision.into) == {"d2"}
    assert done(sent)
    assert sent["announce"]["children"] == "Logged: you split 1 flow off as a rumour of their own."


def test_chosen_flows_move_to_another_rumour_and_come_back(app, store, incident):
    log(app, incident, "move", into="bridge")
    assert flows(store, incident, "bridge") == {"b1", "d2"}
    assert "moved 1 flow to “The bridge is closed”" in str(shown(app, incident)["rearrange-line"])
    assert "moved 1 flow here from “The dam has burst”" in str(shown(app, incident, "bridge")["rumour-decisions"])
    assert done(undo(app, incident, "1"), rearrange.UNDO)
    assert flows(store, incident, "bridge") == {"b1"}
    after = shown(app, incident)
    assert after["rearrange-line"]["children"] is None
    assert "undid decision 1, which moved 1 flow to “The bridge is closed”" in str(after["rumour-decisions"])
    assert UNDO_BUTTON not in str(after["rumour-decisions"])


def test_a_merged_rumours_page_says_where_it_went_and_how_to_come_back(app, store, incident):
    log(app, incident, "merge", into="bridge")
    page = shown(app, incident)
    assert "/rumour/bridge" in str(page["rumour-head"])
    assert "The bridge is closed" in str(page["rumour-head"])
    assert UNDO_BUTTON in str(page["rumour-head"])
    assert page["rumour-split"]["hidden"] is True
    gone = read_merged_away(store, incident.id, "dam")
    assert (gone.merged_into, gone.claim) == ("bridge", "The bridge is closed")
    undo(app, incident, "1")
    assert shown(app, incident)["rumour-split"]["hidden"] is False
    assert read_merged_away(store, incident.id, "dam") is None


def test_an_older_rearrangement_can_still_be_undone_from_the_log(app, store, incident):
    log(app, incident, "move", into="bridge")
    store.acts.decide(incident.id, "dam", Act.TAKE, store.acts.decisions(incident.id)[0].officer, "mine").result()
    page = shown(app, incident)
    assert page["rearrange-line"]["children"] is None
    assert UNDO_BUTTON in str(page["rumour-decisions"])


@pytest.mark.parametrize("act", ["split", "move", "merge"])
def test_a_role_that_may_not_act_is_refused_by_the_server(app, store, incident, act):
    sent = log(app, incident, act, into="bridge", officer=ANALYST)
    assert "Ask a comms officer or a duty officer" in problems_of(sent, rearrange.FORM)["role"]
    assert "Ask a comms" in problems_of(undo(app, incident, "1", officer=ANALYST), rearrange.UNDO)["role"]
    assert store.acts.decisions(incident.id) == []


def test_nothing_is_taken_from_somebody_who_is_not_signed_in(app, store, incident):
    log(app, incident, officer=None)
    undo(app, incident, "1", officer=None)
    assert store.acts.decisions(incident.id) == []


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"act": None}, ["act"]),
        ({"act": "take"}, ["act"]),
        ({"act": "move"}, ["into"]),
        ({"act": "move", "reason": " "}, ["into", "reason"]),
        ({"act": "merge", "into": 5}, ["into"]),
        ({"reason": " "}, ["reason"]),
        ({"chosen": ()}, ["flows"]),
        ({"chosen": ("d1", "d2")}, ["flows"]),
        ({"chosen": ("b1", 7)}, ["flows"]),
        ({"act": "merge", "into": "dam"}, ["into"]),
    ],
)
def test_what_is_not_in_order_is_named_by_its_field(app, store, incident, changes, wrong):
    assert list(problems_of(log(app, incident, **changes), rearrange.FORM)) == wrong
    assert store.acts.decisions(incident.id) == []


def test_what_is_sent_twice_is_logged_once_and_a_later_wording_is_not_taken_for_logged(app, store, incident):
    log(app, incident)
    log(app, incident)
    assert len(store.acts.decisions(incident.id)) == 1
    again = log(app, incident, reason="something else")
    assert again["announce"]["children"].endswith("an earlier reason: another claim")
    for _ in range(2):
        assert done(undo(app, incident, "1"), rearrange.UNDO)
    assert len(store.acts.decisions(incident.id)) == 2


@pytest.mark.parametrize("number", ["", "0", "²", "99", "-1", 1, None, ["1"]])
def test_what_cannot_be_undone_says_so(app, store, incident, number):
    assert "can be undone" in str(problems_of(undo(app, incident, number), rearrange.UNDO))
    assert store.acts.decisions(incident.id) == []


@pytest.mark.parametrize(
    "message", [[], "x", {}, {"about": ["i"]}, {"about": {"incident": "nowhere", "rumour": {}, "number": "1"}}]
)
def test_a_message_made_by_hand_is_answered_and_logs_nothing(app, store, incident, message):
    for form in (rearrange.FORM, rearrange.UNDO):
        assert problems_of(send_raw(app, form, message), form)
    assert store.acts.decisions(incident.id) == []


def test_beside_the_board_a_chosen_rumour_that_was_merged_away_is_the_one_it_lives_on_in(app, incident):
    log(app, incident, "merge", into="bridge", chosen=())
    inputs = [("board-chosen.data", "dam"), ("board-chosen-changed.data", None)]
    shown = call(app, "detail-head.children", inputs, [("board-context.data", context(incident))], inputs[0][0])
    head = str(shown["detail-head"]["children"])
    assert "was merged into this one" in head
    assert "bridge is closed" in head.lower()
