"""How an incident is shared: on its form, by whom it belongs to; and how the screens say by whom it is shared."""

import pytest

from dashboard.forms import incident
from models.domain.users import Role
from models.store import Store
from tests.dashboard.joint_incident import AMBULANCE, COUNCIL, FIRE, FIRE_COMMS, POLICE, JointIncident, joint_incident
from tests.dashboard.world import DUTY, Somebody, an_app, answer_of, browser_of, call, opened, problems_of, send

STRANGER = Somebody("C. Ouncil", Role.DUTY, COUNCIL)
LOOKS = Somebody("A. Mbulance", Role.DUTY, AMBULANCE)


@pytest.fixture
def joint(store: Store) -> JointIncident:
    return joint_incident(store)


@pytest.fixture
def app(store, joint):
    return an_app(store)


def change(app, one, *, officer=DUTY, **changes):
    values = {**dict.fromkeys(("other_services",), ""), **changes, "reason": "a joint incident"}
    return send(app, incident.CHANGE, values, {"incident": one.id}, officer=officer, changed=[*changes, "reason"])


def test_whoever_keeps_it_shares_it_and_what_is_typed_is_written_as_the_service_is_known(app, store, joint):
    store.users.record(STRANGER.user, None, None).result()
    change(app, joint.incident, acted_on_by=[AMBULANCE], seen_by=[], other_services="northgate  council\nCoastguard")
    (one,) = store.incidents.all()
    assert (one.acted_on_by, one.seen_by) == ((AMBULANCE,), ("Coastguard", COUNCIL))


def test_a_partner_does_not_change_it_and_reads_its_settings(app, store, joint):
    assert "role" in problems_of(change(app, joint.incident, officer=FIRE_COMMS, seen_by=[]), incident.CHANGE)
    shown = str(route(app, f"/incident/{joint.incident.id}/settings", FIRE_COMMS))
    assert "incident-sent" not in shown
    assert "Save" not in shown
    assert f"Belongs to {POLICE}" in shown
    assert store.incidents.all()[0].seen_by == (AMBULANCE,)


def test_what_belongs_to_a_service_is_not_handed_over_on_the_form(app, store, joint):
    browser_of(app, FIRE_COMMS)
    assert "of_service" in problems_of(change(app, joint.incident, of_service=FIRE), incident.CHANGE)
    assert store.incidents.all()[0].of_service == POLICE


def test_what_belongs_to_none_is_given_to_a_service_that_has_people_here(app, store):
    one = opened(store, name="An old one")
    browser_of(app, FIRE_COMMS)
    assert "of_service" in problems_of(change(app, one, of_service="Coastguard"), incident.CHANGE)
    assert answer_of(change(app, one, of_service=FIRE), incident.CHANGE)["saved"]
    assert [made.of_service for made in store.incidents.all() if made.id == one.id] == [FIRE]
    # Whoever gave it away does not see it any more.
    assert "This incident is not shown to you" in str(route(app, f"/incident/{one.id}", DUTY))


def test_a_new_incident_belongs_to_the_service_of_whoever_opens_it(app, store):
    values = {
        "name": "A fire", "purpose": "x", "lawful_basis": "x", "terms": "fire", "languages": "", "accounts": "",
        "sources": [], "area": "", "retention": "routine", "acted_on_by": [], "seen_by": [POLICE],
        "other_services": "", "reason": "x",
    }  # fmt: skip
    send(app, incident.OPENING, values, {}, officer=FIRE_COMMS)
    made = store.incidents.all()[-1]
    assert (made.name, made.of_service, made.seen_by) == ("A fire", FIRE, (POLICE,))


def route(app, path: str, who: Somebody):
    return call(app, "content.children", [("url.pathname", path), ("url.search", "")], [], "url.pathname", who)


@pytest.mark.parametrize(
    ("who", "said"),
    [
        (FIRE_COMMS, f"Shared by {POLICE}: you may act"),
        (LOOKS, f"Shared by {POLICE}: you may look"),
        (DUTY, ""),
    ],
)
def test_the_top_bar_and_the_list_say_by_whom_it_is_shared(app, joint, who, said):
    bar = route(app, f"/incident/{joint.incident.id}", who)["incident-bar"]
    shown = str(route(app, "/incidents", who)["content"])
    assert ("Shared by" in str(bar)) is ("Shared by" in shown) is bool(said)
    assert said in str(bar)
    assert said in shown
