"""Merging, splitting and moving flows on the rumour's page, through the callbacks as a browser would send them."""

import pytest

from dashboard.components import rearrange_form
from dashboard.views.rumour import read_merged_away, read_rumour
from models.domain import Act
from tests.builders import NOON, a_post
from tests.dashboard.world import ANALYST, DUTY, an_app, call, judge, opened


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
    filled = {"act": act, "into": into, "reason": reason}
    values = [(f"{name}.value", filled[field]) for field, name in rearrange_form.FIELDS.items()]
    return call(
        app,
        "rearrange-flows.value",
        [("rearrange-save.n_clicks", 1)],
        [
            ("rearrange.data", {**context(incident), "request": request}),
            ("rearrange-flows.value", list(chosen)),
            ("officer.data", officer),
            *values,
        ],
        "rearrange-save.n_clicks",
    )


def undo(app, incident, number, *, officer=DUTY):
    request = {"incident": incident.id, "number": number}
    return call(
        app,
        "rearrange-undo-note.children",
        [("rearrange-undo.data", request)],
        [("officer.data", officer)],
        "rearrange-undo.data",
    )


def shown(app, incident, rumour="dam"):
    """What the page's head, its line and its decisions say."""
    return call(
        app,
        "rearrange-line.children",
        [("rumour-changed.data", 1), ("rumour-drawn.data", None)],
        [("rumour-context.data", context(incident, rumour))],
        "rumour-changed.data",
    )


def opens(app, incident, *chosen):
    return call(
        app,
        "rearrange-drawer.hidden...rearrange-claim",
        [("rearrange.data", context(incident))],
        [("rearrange-flows.value", list(chosen))],
        "rearrange.data",
    )


def flows(store, incident, rumour):
    return {flow.id for flow in read_rumour(store, incident.id, rumour, NOON).flows}


def test_the_flows_are_drawn_with_a_tick_box_each_that_says_what_it_ticks(app, incident):
    inputs = [("rumour-context.data", context(incident)), ("rumour-show.n_clicks", 0), ("rumour-acted.data", None)]
    drawn = call(app, "rearrange-flows.children", inputs, [], "rumour-context.data")
    assert "Choose the flow: The school is shut" in str(drawn["rearrange-flows"]["children"])


def test_the_form_opens_with_the_other_rumours_and_what_is_likely_meant(app, incident):
    some, none = opens(app, incident, "d2"), opens(app, incident)
    assert (some["rearrange-drawer"]["hidden"], some["rearrange-act"]["value"]) == (False, "split")
    assert none["rearrange-act"]["value"] == "merge"
    assert some["rearrange-into"]["data"] == [{"value": "bridge", "label": "The bridge is closed · 1 post"}]


def test_chosen_flows_become_a_rumour_of_their_own(app, store, incident):
    answer = log(app, incident)
    (decision,) = store.decisions(incident.id)
    assert (decision.act, decision.officer.name, decision.reason) == (Act.SPLIT, "J. Officer", "another claim")
    assert flows(store, incident, decision.into) == {"d2"}
    assert (answer["rearrange"]["data"], answer["rearrange-flows"]["value"]) == (None, [])
    assert answer["announce"]["children"] == "Logged: you split 1 flow off as a rumour of their own."


def test_chosen_flows_move_to_another_rumour_and_come_back(app, store, incident):
    log(app, incident, "move", into="bridge")
    assert flows(store, incident, "bridge") == {"b1", "d2"}
    assert "moved 1 flow to “The bridge is closed”" in str(shown(app, incident)["rearrange-line"])
    assert "moved 1 flow here from “The dam has burst”" in str(shown(app, incident, "bridge")["rumour-decisions"])
    assert undo(app, incident, "1")["rearrange-undo-note"]["children"] is None
    assert flows(store, incident, "bridge") == {"b1"}
    after = shown(app, incident)
    assert after["rearrange-line"]["children"] is None
    assert "undid decision 1, which moved 1 flow to “The bridge is closed”" in str(after["rumour-decisions"])
    assert "data-undo" not in str(after["rumour-decisions"])


def test_a_merged_rumours_page_says_where_it_went_and_how_to_come_back(app, store, incident):
    log(app, incident, "merge", into="bridge")
    page = shown(app, incident)
    assert "/rumour/bridge" in str(page["rumour-head"])
    assert "The bridge is closed" in str(page["rumour-head"])
    assert "data-undo" in str(page["rumour-head"])
    assert page["rumour-split"]["hidden"] is True
    gone = read_merged_away(store, incident.id, "dam")
    assert (gone.merged_into, gone.claim) == ("bridge", "The bridge is closed")
    undo(app, incident, "1")
    assert shown(app, incident)["rumour-split"]["hidden"] is False
    assert read_merged_away(store, incident.id, "dam") is None


def test_an_older_rearrangement_can_still_be_undone_from_the_log(app, store, incident):
    log(app, incident, "move", into="bridge")
    store.decide(incident.id, "dam", Act.TAKE, store.decisions(incident.id)[0].officer, "mine").result()
    page = shown(app, incident)
    assert page["rearrange-line"]["children"] is None
    assert "data-undo" in str(page["rumour-decisions"])


@pytest.mark.parametrize("act", ["split", "move", "merge"])
def test_a_role_that_may_not_act_is_refused_by_the_server(app, store, incident, act):
    answer = log(app, incident, act, into="bridge", officer=ANALYST)
    assert "Ask a comms officer or a duty officer" in str(answer["rearrange-errors"]["children"])
    assert "Ask a comms" in undo(app, incident, "1", officer=ANALYST)["rearrange-undo-note"]["children"]
    assert store.decisions(incident.id) == []


@pytest.mark.parametrize("officer", [None, {}, {"name": " ", "role": "duty"}, "duty"])
def test_whoever_does_not_say_who_they_are_is_asked(app, store, incident, officer):
    assert log(app, incident, officer=officer)["identity-dialog"]["opened"] is True
    assert undo(app, incident, "1", officer=officer)["identity-dialog"]["opened"] is True
    assert store.decisions(incident.id) == []


@pytest.mark.parametrize(
    ("changes", "field", "link"),
    [
        ({"act": None}, "rearrange-act", "rearrange-act-field"),
        ({"act": "take"}, "rearrange-act", "rearrange-act-field"),
        ({"act": "move"}, "rearrange-into", "rearrange-into"),
        ({"act": "merge", "into": 5}, "rearrange-into", None),
        ({"reason": " "}, "rearrange-reason", "rearrange-reason"),
        ({"chosen": ()}, None, "rearrange-flows-field"),
        ({"chosen": ("d1", "d2")}, None, "rearrange-flows-field"),
        ({"chosen": ("b1", 7)}, None, "rearrange-flows-field"),
        ({"act": "merge", "into": "dam"}, "rearrange-into", None),
    ],
)
def test_what_is_not_in_order_is_told_on_top_and_beside_its_field(app, store, incident, changes, field, link):
    answer = log(app, incident, **changes)
    assert store.decisions(incident.id) == []
    assert [name for name in rearrange_form.FIELDS.values() if answer[name]["error"]] == ([field] if field else [])
    assert f"#{link or field}" in str(answer["rearrange-errors"]["children"])


def test_what_is_sent_twice_is_logged_once_and_a_later_wording_is_not_taken_for_logged(app, store, incident):
    log(app, incident)
    log(app, incident)
    assert len(store.decisions(incident.id)) == 1
    again = log(app, incident, reason="something else")
    assert again["announce"]["children"].endswith("this reason: another claim")
    for _ in range(2):
        assert undo(app, incident, "1")["rearrange-undo-note"]["children"] is None
    assert len(store.decisions(incident.id)) == 2


def test_a_page_that_is_opened_asks_nobody_who_they_are(app, incident):
    saved = call(app, "rearrange-flows.value", [("rearrange-save.n_clicks", None)], [], "rearrange-save.n_clicks")
    undone = call(app, "rearrange-undo-note.children", [("rearrange-undo.data", None)], [], "rearrange-undo.data")
    assert (saved, undone) == ({}, {})


@pytest.mark.parametrize("number", ["", "0", "²", "99", "-1", 1, None, ["1"]])
def test_what_cannot_be_undone_says_so(app, store, incident, number):
    assert "can be undone" in undo(app, incident, number)["rearrange-undo-note"]["children"]
    assert store.decisions(incident.id) == []


@pytest.mark.parametrize(
    "request_sent", [None, [], "x", {}, {"incident": ["i"]}, {"incident": "nowhere", "rumour": {}}]
)
def test_a_request_made_by_hand_opens_and_logs_nothing(app, store, incident, request_sent):
    answer = call(
        app,
        "rearrange-drawer.hidden...rearrange-claim",
        [("rearrange.data", request_sent)],
        [("rearrange-flows.value", {"a": 1})],
        "rearrange.data",
    )
    assert answer["rearrange-drawer"]["hidden"] is True
    undone = call(
        app,
        "rearrange-undo-note.children",
        [("rearrange-undo.data", request_sent)],
        [("officer.data", DUTY)],
        "rearrange-undo.data",
    )
    assert undone == {} if request_sent is None else undone["rearrange-undo-note"]["children"]
    assert store.decisions(incident.id) == []
