"""Who is here, through the server: fed by the polls, told to who may see it, and soft locks that a form must heed."""

import pytest

from dashboard.forms import act, correction, rearrange
from dashboard.http.who_is_here import GO_ON, KEEP, LEAVE
from models.domain.acts import Act
from models.domain.audit import AuditFilter
from models.domain.users import Ended
from tests.builders import a_post
from tests.dashboard.test_acts import CORRECTION
from tests.dashboard.world import (
    COMMS,
    DUTY,
    HERE,
    VIEWER,
    an_app,
    answer_of,
    browser_of,
    call,
    judge,
    opened,
    problems_of,
    send,
)

HELD = "J. Officer (duty officer, Northgate Police) has been writing a correction since 12:00."


@pytest.fixture
def incident(store):
    incident = opened(store)
    judge(store, incident, [a_post("The dam has burst")])
    judge(store, incident, [a_post("The bridge is closed")], rumour="bridge")
    return incident


@pytest.fixture
def app(store):
    return an_app(store)


def polls(app, incident, officer, *, rumour="dam", page=None, looking=None, shown=None, as_of=None):
    """What a rumour's page says of who else is here; None where that is as it was."""
    drawn = {"incident": incident.id, "as_of": as_of, "rumour": rumour, "page": page or officer.id}
    inputs = [("rumour-tick.n_intervals", 1), ("rumour-acted.data", None)]
    state = [("rumour-context.data", drawn), ("looking.data", looking), ("rumour-here-shown.data", shown)]
    answer = call(app, "rumour-token.data", inputs, state, inputs[0][0], officer)
    return answer.get("rumour-here", {}).get("children")


def marks(app, incident, officer=DUTY, shown=None):
    given = [("board-context.data", {"incident": incident.id}), ("board-present.data", shown)]
    inputs = [("board-tick.n_intervals", 1), ("board-acted.data", None)]
    answer = call(app, "board-present.data", inputs, given, inputs[0][0], officer)
    return answer["board-present"]["data"] if "board-present" in answer else None


def tells(app, incident, officer, what=KEEP, *, form="correction", rumour="dam", request=None, **more):
    about = {"incident": incident.id, "rumour": rumour, "claim": "The dam has burst"}
    message = {"form": form, "do": what, "about": about, "request": request or officer.id, **more}
    return browser_of(app, officer).post("/in-hand", json=message, base_url=HERE)


def saves(app, incident, officer, *, request=None, form=correction.FORM, **about):
    values = CORRECTION if form is correction.FORM else {"reason": "checking"}
    about = {"incident": incident.id, "rumour": "dam", "claim": "The dam has burst", **about}
    return send(app, form, values, about, officer=officer, request=request or officer.id)


# Who looks


def test_who_shows_a_rumour_is_named_to_the_others_there_and_not_to_themselves(app, incident):
    assert polls(app, incident, DUTY) == ""
    assert polls(app, incident, COMMS) == "Also here: J. Officer (duty officer, Northgate Police)"
    assert polls(app, incident, DUTY) == "Also here: C. Omms (comms officer, Northgate Police)"


def test_the_rows_of_the_board_say_who_else_is_there(app, incident):
    assert marks(app, incident) is None
    polls(app, incident, COMMS)
    told = marks(app, incident)
    assert told["rumours"] == {
        "dam": {"mark": "C. Omms here", "means": "Here now: C. Omms (comms officer, Northgate Police)"}
    }
    assert marks(app, incident, shown=told) is None
    polls(app, incident, VIEWER)
    assert marks(app, incident, shown=told)["rumours"]["dam"]["mark"] == "2 here"
    assert marks(app, incident, COMMS)["rumours"]["dam"]["mark"] == "V. Iewer here"


def test_two_pages_of_one_person_count_once(app, incident):
    polls(app, incident, COMMS, page="p1")
    polls(app, incident, COMMS, page="p2")
    assert polls(app, incident, DUTY) == "Also here: C. Omms (comms officer, Northgate Police)"


def test_who_leaves_the_page_is_gone_at_once(app, incident):
    polls(app, incident, COMMS)
    told = marks(app, incident)
    browser_of(app, COMMS).post("/left", json={"page": COMMS.id}, base_url=HERE)
    assert marks(app, incident, shown=told) == {"stamp": "", "rumours": {}}


def test_nobody_can_say_that_another_left(app, incident):
    polls(app, incident, COMMS)
    browser_of(app, DUTY).post("/left", json={"page": COMMS.id}, base_url=HERE)
    assert marks(app, incident)["rumours"]


def test_a_page_that_is_covered_shows_its_rumour_to_nobody(app, incident):
    polls(app, incident, COMMS, looking=False)
    assert marks(app, incident) is None


def test_when_a_session_ends_nobody_is_there(app, store, incident, monkeypatch):
    monkeypatch.setattr("dashboard.views.who_is_here.SECONDS_BETWEEN_READS", 0.0)
    polls(app, incident, COMMS)
    told = marks(app, incident)
    (session,) = store.sessions.of(COMMS.id)
    store.sessions.end(session.id, Ended.BY_OTHERS).result()
    assert marks(app, incident, shown=told)["rumours"] == {}


def test_a_rumour_that_is_not_on_the_board_has_nobody(app, incident):
    polls(app, incident, COMMS, rumour="nowhere")
    assert marks(app, incident) is None


def test_a_look_is_entered_nowhere(app, store, incident):
    browser_of(app, COMMS)
    before = store.audit.head()
    polls(app, incident, COMMS)
    tells(app, incident, COMMS)
    assert store.audit.head() == before


# What somebody has in hand


def test_who_opens_a_form_is_named_as_busy_with_it(app, incident):
    tells(app, incident, DUTY)
    polls(app, incident, DUTY)
    said = "J. Officer (duty officer, Northgate Police) is writing a correction"
    assert polls(app, incident, COMMS) == f"Also here: {said}"
    assert marks(app, incident, COMMS)["rumours"]["dam"]["means"] == f"Here now: {said}"


def test_the_next_who_opens_it_is_told_who_and_since_when(app, incident):
    assert tells(app, incident, DUTY).json == {"says": "", "broken": False}
    assert tells(app, incident, COMMS).json == {"says": HELD, "broken": False}
    assert tells(app, incident, COMMS, rumour="bridge").json["says"] == ""
    assert tells(app, incident, COMMS, form="act").json["says"] == ""


def test_what_another_has_in_hand_is_not_saved_over(app, store, incident):
    tells(app, incident, DUTY)
    refused = problems_of(saves(app, incident, COMMS), correction.FORM)
    assert refused["in-hand"].startswith(HELD)
    assert store.acts.corrections(incident.id) == []
    assert answer_of(saves(app, incident, DUTY), correction.FORM)["saved"]


def test_who_goes_on_all_the_same_says_why_which_is_kept_in_the_audit(app, store, incident):
    tells(app, incident, DUTY)
    assert list(tells(app, incident, COMMS, GO_ON, reason=" ").json["problems"]) == ["reason"]
    assert tells(app, incident, COMMS, GO_ON, reason="Gold wants it now").json == {"says": "", "broken": False}
    (entry,) = [one for one in store.audit.entries(AuditFilter()) if one.note.what == "break-lock"]
    note = entry.note
    assert (note.officer, note.incident, note.subject, note.reason) == (
        COMMS.officer,
        incident.id,
        "dam",
        "Gold wants it now",
    )
    assert store.audit.verify() == []
    assert answer_of(saves(app, incident, COMMS), correction.FORM)["saved"]


def test_whose_form_was_gone_on_with_is_told_and_saves_only_once_they_say_so_again(app, store, incident):
    tells(app, incident, DUTY)
    tells(app, incident, COMMS, GO_ON, reason="Gold wants it now")
    told = tells(app, incident, DUTY).json
    gone_on = "C. Omms (comms officer, Northgate Police) went on in your place at 12:00: Gold wants it now."
    assert told == {"says": f"{gone_on} Your text is kept.", "broken": True}
    saves(app, incident, COMMS)
    tells(app, incident, COMMS, LEAVE)
    assert "in-hand" in problems_of(saves(app, incident, DUTY), correction.FORM)
    tells(app, incident, DUTY, GO_ON, reason="Mine says more")
    assert answer_of(saves(app, incident, DUTY), correction.FORM)["saved"]
    assert len(store.acts.corrections(incident.id)) == 2


def test_nothing_is_broken_where_nobody_has_it_in_hand(app, store, incident):
    tells(app, incident, DUTY)
    tells(app, incident, DUTY, LEAVE)
    tells(app, incident, COMMS, GO_ON, reason="why not")
    assert [one for one in store.audit.entries() if one.note.what == "break-lock"] == []
    assert tells(app, incident, DUTY).json["says"].startswith("C. Omms")


def test_without_a_lock_what_nobody_has_in_hand_is_saved(app, store, incident):
    assert answer_of(saves(app, incident, COMMS), correction.FORM)["saved"]
    assert answer_of(saves(app, incident, COMMS, form=act.FORM, act="take", request="two"), act.FORM)["saved"]
    assert [one.act for one in store.acts.decisions(incident.id)] == [Act.TAKE, Act.CORRECT]


def test_a_second_try_at_what_took_the_rumour_off_the_board_is_answered_as_the_first(app, store, incident):
    values = {"act": "merge", "flows": [], "into": "bridge", "reason": "one claim"}
    about = {"incident": incident.id, "rumour": "dam", "claim": "The dam has burst"}
    for _ in range(2):
        assert answer_of(send(app, rearrange.FORM, values, about, request="one"), rearrange.FORM)["saved"]
    assert len(store.acts.decisions(incident.id)) == 1


def test_a_form_is_closed_though_its_rumour_has_left_the_board(app, incident):
    values = {"act": "merge", "flows": [], "into": "bridge", "reason": "one claim"}
    about = {"incident": incident.id, "rumour": "dam", "claim": "The dam has burst"}
    tells(app, incident, DUTY, form="rearrange", request="one")
    assert answer_of(send(app, rearrange.FORM, values, about, request="one"), rearrange.FORM)["saved"]
    assert tells(app, incident, DUTY, LEAVE, form="rearrange", request="one").status_code == 200
    assert tells(app, incident, COMMS, form="rearrange").status_code == 422


def test_after_a_restart_nobody_has_anything_in_hand(app, store, incident):
    tells(app, incident, DUTY)
    polls(app, incident, DUTY)
    again = an_app(store)
    assert tells(again, incident, COMMS).json["says"] == ""
    assert polls(again, incident, COMMS) is None or "J. Officer" not in polls(again, incident, COMMS)


def test_who_may_not_save_a_form_holds_nothing(app, incident):
    assert tells(app, incident, VIEWER).status_code == 403
    assert tells(app, incident, DUTY).json["says"] == ""


@pytest.mark.parametrize("message", [None, [], {}, {"form": "sighting"}, {"form": 5, "about": "x"}, {"form": "act"}])
def test_whatever_is_sent_is_answered_in_order(app, incident, message):
    for path in ("/in-hand", "/left"):
        assert browser_of(app, DUTY).post(path, json=message, base_url=HERE).status_code in {204, 403, 422}


def test_no_name_that_a_browser_makes_up_is_kept_whole(app, incident):
    assert tells(app, incident, DUTY, request="x" * 101).status_code == 422
    polls(app, incident, COMMS, page="x" * 1_000)
    browser_of(app, COMMS).post("/left", json={"page": "x" * 40}, base_url=HERE)
    assert marks(app, incident) is None


def test_of_an_incident_that_one_may_not_see_nothing_is_told(app, store, incident):
    assert tells(app, incident, DUTY, rumour="nowhere").status_code == 422
    elsewhere = type(incident)(**{**{name: getattr(incident, name) for name in incident.__slots__}, "id": "nowhere"})
    assert tells(app, elsewhere, DUTY).status_code in {403, 422}
