"""Incidents on screen: opened, changed and closed by people, and sightings written down for them."""

import pytest

from dashboard.forms import drawing, incident, sighting
from models.domain.incidents import Retention, Watch
from models.domain.sightings import HeardBy
from models.domain.sources import SourcePhase, SourceState
from tests.builders import NOON
from tests.dashboard.world import (
    ADMINISTRATOR,
    ANALYST,
    COMMS,
    DUTY,
    SomeSources,
    an_app,
    answer_of,
    call,
    drawn,
    opened,
    problems_of,
    send,
)

TYPED = {
    "name": "Northgate flood",
    "purpose": "public safety",
    "lawful_basis": "public task",
    "terms": "dam\n#flood",
    "languages": "en",
    "accounts": "",
    "sources": ["feeds"],
    "area": "",
    "retention": "major",
    "reason": "it rains",
}


@pytest.fixture
def app(store):
    return an_app(store, SomeSources(SourceState("feeds", SourcePhase.READING, healthy=True)))


def route(app, path, search=""):
    return call(app, "content.children", [("url.pathname", path), ("url.search", search)], [], "url.pathname")


def open_it(app, *, officer=DUTY, request="one", **changes):
    return send(app, incident.OPENING, {**TYPED, **changes}, {}, officer=officer, request=request)


def change(app, name, *, officer=DUTY, request="one", reason="it rains", **changes):
    """Save the settings of an incident with these fields changed."""
    values = {**TYPED, **changes, "reason": reason}
    about = {"incident": name}
    return send(app, incident.CHANGE, values, about, officer=officer, request=request, changed=[*changes, "reason"])


def settle(app, name, press="close", *, officer=DUTY, reason="over"):
    about = {"incident": name}
    return send(app, incident.CHANGE, {"reason": reason}, about, officer=officer, request="two", press=press)


def test_without_an_incident_the_front_page_leads_to_the_form(app):
    assert "/incidents/new" in str(route(app, "/"))
    assert "No incident has been opened yet" in str(route(app, "/incidents"))


def test_the_list_says_what_each_incident_watches_for(app, store):
    opened(store, watch=Watch(terms=("dam",)))
    shown = str(route(app, "/incidents")["content"])
    assert "Watches: dam" in shown
    assert "since 12:00" in shown


def test_a_form_of_a_new_incident_offers_the_settings_purpose_and_the_sources(app):
    shown = str(route(app, "/incidents/new")["content"])
    assert "to see and answer rumours" in shown
    assert "30 days after" in shown
    assert "'feeds'" in shown
    assert "not yet deleted automatically" in shown


def test_the_settings_of_an_incident_hold_what_stands_and_the_button_that_does_something(app, store):
    one = opened(store, watch=Watch(terms=("dam", "weir"), sources=("gone",)))
    shown = str(route(app, f"/incident/{one.id}/settings")["content"])
    assert "dam\\\\nweir" in shown
    assert "gone (not configured now)" in shown
    assert "Close the incident" in shown
    settle(app, one.id)
    assert "Reopen the incident" in str(route(app, f"/incident/{one.id}/settings")["content"])


@pytest.mark.parametrize("officer", [DUTY, COMMS, ADMINISTRATOR])
def test_an_incident_is_opened_and_its_board_is_shown(app, store, officer):
    sent = open_it(app, officer=officer)
    (one,) = store.incidents.all()
    assert one.watch == Watch(terms=("dam", "#flood"), languages=("en",), sources=("feeds",))
    assert (one.retention, one.opened_at, one.exercise) == (Retention.MAJOR, NOON, False)
    assert sent["url"]["pathname"] == f"/incident/{one.id}"
    assert answer_of(sent, incident.OPENING)["saved"]
    assert one.id in str(route(app, "/")["content"])


def test_a_role_that_may_not_is_refused_by_the_server(app, store):
    assert "You cannot do this" in problems_of(open_it(app, officer=ANALYST), incident.OPENING)["role"]
    assert store.incidents.all() == []


def test_nothing_is_taken_from_somebody_who_is_not_signed_in(app, store):
    open_it(app, officer=None)
    assert store.incidents.all() == []


def test_every_problem_is_named_at_once_in_the_order_of_the_fields(app, store):
    sent = open_it(app, name="", terms="the", area="here", reason=" ", languages="english")
    assert list(problems_of(sent, incident.OPENING)) == ["name", "terms", "languages", "area", "reason"]
    assert store.incidents.all() == []


def test_an_opening_that_is_sent_twice_opens_one_incident(app, store):
    open_it(app)
    store.engine.clock.advance_to(NOON.replace(hour=13))
    (one,) = store.incidents.all()
    assert open_it(app)["url"]["pathname"] == f"/incident/{one.id}"
    assert len(store.incidents.all()) == 1
    again = open_it(app, name="Another name")
    assert [one.name for one in store.incidents.all()] == ["Northgate flood"]
    assert again["url"]["pathname"].endswith("/settings")


def test_an_opening_that_is_sent_again_after_a_restart_opens_no_second_incident(app, store):
    open_it(app)
    store.engine.clock.advance_to(NOON.replace(hour=13))
    open_it(an_app(store), name="Another name")
    assert [one.name for one in store.incidents.all()] == ["Northgate flood"]


def test_a_change_is_the_incidents_next_version_and_leaves_the_rest(app, store):
    one = opened(store, watch=Watch(terms=("dam",), languages=("cy",)))
    change(app, one.id, terms="reservoir")
    (changed,) = store.incidents.all()
    assert (changed.id, changed.name) == (one.id, one.name)
    assert changed.watch == Watch(terms=("reservoir",), languages=("cy",))


def test_a_retry_with_other_words_is_not_taken_for_saved(app, store):
    one = opened(store)
    change(app, one.id, terms="reservoir")
    again = answer_of(change(app, one.id, terms="weir"), incident.CHANGE)
    assert store.incidents.all()[0].watch.terms == ("reservoir",)
    assert "already saved" in again["note"]
    change(app, one.id, terms="weir", request=again["again"])
    assert store.incidents.all()[0].watch.terms == ("weir",)


def test_an_incident_is_closed_once_with_a_reason_and_reopened(app, store):
    one = opened(store)
    assert "Enter a reason" in problems_of(settle(app, one.id, reason=""), incident.CHANGE)["reason"]
    settle(app, one.id)
    assert store.incidents.all()[0].closed_at == NOON
    store.engine.clock.advance_to(NOON.replace(hour=13))
    settle(app, one.id)
    assert store.incidents.all()[0].closed_at == NOON
    assert "No incident is open" in str(route(app, "/"))
    settle(app, one.id, "reopen")
    assert store.incidents.all()[0].closed_at is None


@pytest.mark.parametrize("name", ["nowhere", 5, ["x"], {"a": 1}])
def test_an_incident_that_is_not_there_is_neither_changed_nor_made(app, store, name):
    assert problems_of(change(app, name, terms="weir"), incident.CHANGE)
    assert problems_of(settle(app, name), incident.CHANGE)
    assert store.incidents.all() == []


def test_fields_that_hold_anything_are_answered(app, store):
    sent = open_it(app, name=5, terms={}, sources="feeds", retention=["major"], languages=[1], area=[], reason={})
    assert list(problems_of(sent, incident.OPENING)) == ["name", "retention", "reason"]
    assert store.incidents.all() == []


# --- What was heard -----------------------------------------------------------------------------------------------

HEARD = {
    "text": "The dam has burst",
    "heard_by": "telephone",
    "heard_at": "12:00",
    "place": "Market Street",
    "reliability": "a caller, not known",
}


def log(app, name, *, officer=DUTY, request="one", **changes):
    about = {"incident": name}
    return send(app, sighting.FORM, {**HEARD, **changes}, about, officer=officer, request=request)


@pytest.mark.parametrize("officer", [DUTY, COMMS, ANALYST, ADMINISTRATOR])
def test_a_sighting_is_a_post_of_the_incident_taken_by_whoever_logs_it(app, store, officer):
    one = opened(store)
    sent = log(app, one.id, officer=officer)
    (post,) = store.judgement.unjudged(one.id, 0, 10)
    assert (post.kind.value, post.text, post.created_at) == ("sighting", "The dam has burst", NOON)
    assert answer_of(sent, sighting.FORM)["saved"]
    assert sent["announce"]["children"] == "Logged: a sighting. The dam has burst"


def test_a_sighting_that_is_sent_twice_is_logged_once(app, store):
    one = opened(store)
    log(app, one.id)
    log(app, one.id)
    assert len(store.judgement.unjudged(one.id, 0, 10)) == 1


def test_a_sighting_that_is_sent_again_with_other_words_is_not_taken_for_logged(app, store):
    one = opened(store)
    log(app, one.id)
    again = answer_of(log(app, one.id, place="Mill Lane"), sighting.FORM)
    assert len(store.judgement.unjudged(one.id, 0, 10)) == 1
    assert "already logged" in again["note"]
    log(app, one.id, place="Mill Lane", request=again["again"])
    assert len(store.judgement.unjudged(one.id, 0, 10)) == 2


def test_a_sighting_with_gaps_in_it_names_every_one(app, store):
    one = opened(store)
    sent = log(app, one.id, text=" ", heard_by=None, heard_at="soon", reliability=5)
    assert list(problems_of(sent, sighting.FORM)) == ["text", "heard_by", "heard_at", "reliability"]
    assert store.judgement.unjudged(one.id, 0, 10) == []


def test_a_sighting_for_no_incident_or_by_nobody_is_not_logged(app, store):
    one = opened(store)
    assert "no such incident" in problems_of(log(app, "nowhere"), sighting.FORM)["incident"]
    log(app, one.id, officer=None)
    assert store.judgement.unjudged(one.id, 0, 10) == []


def test_every_way_of_hearing_can_be_chosen():
    offered = [getattr(one, "value", None) for one in drawn(drawing.draw(sighting.FORM))]
    assert {one.value for one in HeardBy} <= set(offered)
