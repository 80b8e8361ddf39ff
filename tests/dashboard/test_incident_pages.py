"""Incidents on screen: opened, changed and closed by people, and sightings written down for them."""

import pytest

from dashboard.components import sighting_form
from dashboard.pages import incident_form
from models.domain import HeardBy, Retention, SourcePhase, SourceState, Watch
from tests.builders import NOON
from tests.dashboard.world import ADMINISTRATOR, ANALYST, DUTY, SomeSources, an_app, call, opened

COMMS = {"name": "C. Omms", "role": "comms"}
SAID = {
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


def route(app, path):
    return call(app, "content.children", [("url.pathname", path)], [], "url.pathname")


def save(app, *, incident="", officer=DUTY, request="one", clicks=1, **changes):
    context = {"incident": incident, "draft": f"incident:{incident}"}
    values = [(f"{field_id}.value", {**SAID, **changes}[name]) for name, field_id in incident_form.FIELDS.items()]
    given = [("incident-context.data", context), ("incident-request.data", request), ("officer.data", officer)]
    return call(
        app,
        "incident-errors.children...incident-name.error",
        [("incident-save.n_clicks", clicks)],
        given + values,
        "incident-save.n_clicks",
    )


def settle(app, incident, *, closed=False, officer=DUTY, reason="over"):
    context = {"incident": incident, "draft": f"incident:{incident}", "closed": closed}
    given = [
        ("incident-context.data", context),
        ("incident-request.data", "two"),
        ("officer.data", officer),
        ("incident-reason.value", reason),
    ]
    return call(
        app, "incident-errors.children@", [("incident-settle.n_clicks", 1)], given, "incident-settle.n_clicks"
    )


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
    assert "30 days after" in shown
    assert "'feeds'" in shown
    assert "Expiry is not yet automatic" in shown


@pytest.mark.parametrize("officer", [DUTY, COMMS, ADMINISTRATOR])
def test_an_incident_is_opened_and_its_board_is_shown(app, store, officer):
    answer = save(app, officer=officer)
    (incident,) = store.incidents()
    assert incident.watch == Watch(terms=("dam", "#flood"), languages=("en",), sources=("feeds",))
    assert (incident.retention, incident.opened_at, incident.exercise) == (Retention.MAJOR, NOON, False)
    assert answer["url"]["pathname"] == f"/incident/{incident.id}"
    assert answer["form-saved"]["data"]["draft"] == "incident:"
    assert incident.id in str(route(app, "/")["content"])


def test_a_role_that_may_not_is_refused_by_the_server(app, store):
    assert "cannot do this" in str(save(app, officer=ANALYST)["incident-errors"]["children"])
    assert store.incidents() == []


def test_whoever_has_not_said_who_they_are_is_asked(app, store):
    answer = save(app, officer=None)
    assert answer["identity-dialog"]["opened"] is True
    assert store.incidents() == []


def test_every_problem_is_named_at_once_at_the_top_and_beside_its_field(app, store):
    answer = save(app, name="", terms="the", area="here", reason=" ", languages="english")
    beside = {field for field in incident_form.FIELDS.values() if answer[field]["error"]}
    assert beside == {"incident-name", "incident-terms", "incident-area", "incident-reason", "incident-languages"}
    assert all(f"#{field}" in str(answer["incident-errors"]["children"]) for field in beside)
    assert store.incidents() == []


def test_a_button_that_has_just_come_on_the_screen_saves_nothing(app, store):
    assert save(app, clicks=None) == {}
    assert store.incidents() == []


def test_an_opening_that_is_sent_twice_opens_one_incident(app, store):
    save(app)
    store.clock.advance_to(NOON.replace(hour=13))
    assert "pathname" in save(app)["url"]
    assert len(store.incidents()) == 1
    again = save(app, name="Another name")
    assert [one.name for one in store.incidents()] == ["Northgate flood"]
    assert again["url"]["pathname"].endswith("/settings")


def test_an_opening_that_is_sent_again_after_a_restart_opens_no_second_incident(app, store):
    save(app)
    store.clock.advance_to(NOON.replace(hour=13))
    save(an_app(store), name="Another name")
    assert [one.name for one in store.incidents()] == ["Northgate flood"]


def test_a_change_is_the_incidents_next_version(app, store):
    incident = opened(store)
    save(app, incident=incident.id, terms="reservoir")
    (changed,) = store.incidents()
    assert (changed.id, changed.watch.terms) == (incident.id, ("reservoir",))


def test_a_retry_with_other_words_is_not_taken_for_saved(app, store):
    incident = opened(store)
    save(app, incident=incident.id, terms="reservoir")
    again = save(app, incident=incident.id, terms="weir")
    assert store.incidents()[0].watch.terms == ("reservoir",)
    assert "earlier try" in again["incident-note"]["children"]
    save(app, incident=incident.id, terms="weir", request=again["incident-request"]["data"])
    assert store.incidents()[0].watch.terms == ("weir",)


def test_an_incident_is_closed_once_with_a_reason_and_opened_again(app, store):
    incident = opened(store)
    assert "Say why" in settle(app, incident.id, reason="")["incident-reason"]["error"]
    settle(app, incident.id)
    assert store.incidents()[0].closed_at == NOON
    settle(app, incident.id)
    assert store.incidents()[0].closed_at == NOON
    assert "No incident is open" in str(route(app, "/"))


@pytest.mark.parametrize("name", ["nowhere", 5, ["x"], {"a": 1}])
def test_an_incident_that_is_not_there_is_neither_changed_nor_made(app, store, name):
    save(app, incident=name)
    settle(app, name)
    assert store.incidents() == []


def test_fields_that_hold_anything_are_answered(app, store):
    answer = save(app, name=5, terms={}, sources="feeds", retention=["major"], languages=[1], area=[], reason={})
    assert answer["incident-errors"]["children"]
    assert store.incidents() == []


# --- What was heard -----------------------------------------------------------------------------------------------

HEARD = {
    "text": "The dam has burst",
    "heard_by": "telephone",
    "heard_at": "12:00",
    "place": "Market Street",
    "reliability": "a caller, not known",
}


def log(app, incident, *, officer=DUTY, request="one", **changes):
    request = {"incident": incident, "request": request, "draft": f"sighting:{incident}"}
    values = [(f"{field_id}.value", {**HEARD, **changes}[name]) for name, field_id in sighting_form.FIELDS.items()]
    given = [("sighting.data", request), ("officer.data", officer), *values]
    return call(
        app,
        "sighting-errors.children...sighting-text.error",
        [("sighting-save.n_clicks", 1)],
        given,
        "sighting-save.n_clicks",
    )


@pytest.mark.parametrize("officer", [DUTY, COMMS, ANALYST, ADMINISTRATOR])
def test_a_sighting_is_a_post_of_the_incident_taken_by_whoever_logs_it(app, store, officer):
    incident = opened(store)
    answer = log(app, incident.id, officer=officer)
    (post,) = store.unjudged(incident.id, 0, 10)
    assert (post.kind.value, post.text, post.created_at) == ("sighting", "The dam has burst", NOON)
    assert answer["sighting"]["data"] is None
    assert answer["form-saved"]["data"]["draft"] == f"sighting:{incident.id}"
    assert "Logged" in answer["announce"]["children"]


def test_a_sighting_that_is_sent_twice_is_logged_once(app, store):
    incident = opened(store)
    log(app, incident.id)
    log(app, incident.id)
    assert len(store.unjudged(incident.id, 0, 10)) == 1


def test_a_sighting_that_is_sent_again_with_other_words_is_not_taken_for_logged(app, store):
    incident = opened(store)
    log(app, incident.id)
    again = log(app, incident.id, place="Mill Lane")["sighting"]["data"]
    assert len(store.unjudged(incident.id, 0, 10)) == 1
    assert "other words" in again["note"]
    log(app, incident.id, place="Mill Lane", request=again["request"])
    assert len(store.unjudged(incident.id, 0, 10)) == 2


def test_a_sighting_with_gaps_in_it_names_every_one(app, store):
    incident = opened(store)
    answer = log(app, incident.id, text=" ", heard_by=None, heard_at="soon", reliability=5)
    beside = {field for field in sighting_form.FIELDS.values() if answer[field]["error"]}
    assert beside == {"sighting-text", "sighting-heard-by", "sighting-heard-at", "sighting-reliability"}
    assert store.unjudged(incident.id, 0, 10) == []


def test_a_sighting_for_no_incident_or_by_nobody_is_not_logged(app, store):
    incident = opened(store)
    assert "no such incident" in str(log(app, "nowhere")["sighting-errors"]["children"])
    assert log(app, incident.id, officer=None)["identity-dialog"]["opened"] is True
    assert store.unjudged(incident.id, 0, 10) == []


def test_every_way_of_hearing_can_be_chosen():
    assert all(str(one.value) in str(sighting_form.sighting_drawer()) for one in HeardBy)
