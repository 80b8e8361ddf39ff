"""Services together: whose an incident is and whom it is shared with is kept, and so is who may read a note."""

from dataclasses import replace

import pytest

from models.domain.acts import Act, Officer
from models.domain.audit import AuditedAct, AuditFilter, FaultKind
from models.domain.sightings import HeardBy, SightingDraft
from models.limits import MOST_LISTED
from models.store import Store
from tests.builders import NOON, OFFICER, an_incident
from tests.contracts.engines import Engine
from tests.contracts.two_rumours import merge, move, refuse, refused, split, with_two_rumours

POLICE, FIRE, AMBULANCE = "Northgate Police", "Northgate Fire", "Northgate Ambulance"
OFFICER_OF_POLICE = Officer("J. Officer", "duty", POLICE, "u1")
SHARED = an_incident(of_service=POLICE, acted_on_by=(FIRE,), seen_by=(AMBULANCE,))
SHARING = {AuditedAct.NAME_OWNER, AuditedAct.SHARE_TO_ACT, AuditedAct.SHARE_TO_SEE, AuditedAct.WITHDRAW_SHARE}


def record(store: Store, incident, **changes):
    return store.incidents.record(replace(incident, **changes), OFFICER_OF_POLICE, "a joint incident").result()


def audited(store: Store) -> list[tuple[str, str]]:
    """What was entered of sharing, oldest first."""
    found = store.audit.entries(AuditFilter(incident=SHARED.id))[::-1]
    return [(one.note.what, one.note.subject) for one in found if one.note.what in SHARING]


# --- Whose it is, and whom it is shared with -----------------------------------------------------------------------


def test_an_incident_keeps_its_owner_and_its_partners(store, opening):
    record(store, SHARED)
    again = opening()
    for one in (again.incidents.all()[0], again.incidents.versions(SHARED.id)[0].incident):
        assert (one.of_service, one.acted_on_by, one.seen_by) == (POLICE, (FIRE,), (AMBULANCE,))


def test_an_incident_that_a_program_opens_keeps_them_too(store):
    assert store.incidents.open(SHARED).result().seen_by == (AMBULANCE,)


def test_an_incident_of_before_belongs_to_no_service(store, engine: Engine):
    record(store, SHARED)
    engine.looks(store, "update incident_versions set of_service = null, acted_on_by = null, seen_by = null")
    (one,) = store.incidents.all()
    assert (one.of_service, one.acted_on_by, one.seen_by) == ("", (), ())


def test_what_was_shared_then_is_known_as_of_then(store):
    first = record(store, SHARED)
    moment = store.last_known_at()
    record(store, first, acted_on_by=(), seen_by=(FIRE,))
    assert store.incidents.all(as_of=moment)[0].acted_on_by == (FIRE,)
    assert store.incidents.all()[0].seen_by == (FIRE,)


def test_each_service_stands_once_in_order_and_who_acts_also_sees(store):
    made = record(
        store, SHARED, acted_on_by=(" Northgate  Fire ", "Coastguard", FIRE), seen_by=(FIRE, POLICE, "", AMBULANCE)
    )
    assert made.acted_on_by == ("Coastguard", FIRE)
    assert made.seen_by == (AMBULANCE,)


@pytest.mark.parametrize("field", ["acted_on_by", "seen_by"])
def test_what_belongs_to_no_service_is_shared_with_none(store, field):
    one = an_incident(**{field: (FIRE,)})
    assert refused(lambda: store.incidents.record(one, OFFICER, "opened")) == [field]


def test_names_and_numbers_of_services_have_an_end(store):
    many = tuple(f"service {number}" for number in range(MOST_LISTED + 1))
    for changes, field in (
        ({"of_service": "x" * 500}, "of_service"),
        ({"seen_by": ("x" * 500,)}, "seen_by"),
        ({"acted_on_by": many}, "acted_on_by"),
    ):
        assert refused(lambda changes=changes: record(store, SHARED, **changes)) == [field]


def test_two_services_may_each_open_an_incident_of_one_name_that_the_other_does_not_know_of(store):
    record(store, SHARED, seen_by=())
    again = replace(SHARED, id="another", of_service="Council", acted_on_by=(), seen_by=())
    assert store.incidents.record(again, OFFICER, "opened").result().id == "another"


@pytest.mark.parametrize("service", [POLICE, FIRE, AMBULANCE, ""])
def test_a_name_that_a_service_knows_is_taken(store, service):
    record(store, SHARED)
    again = replace(SHARED, id="another", of_service=service, acted_on_by=(), seen_by=())
    assert refused(lambda: store.incidents.record(again, OFFICER, "opened")) == ["name"]


# --- Every change is in the audit ----------------------------------------------------------------------------------


def test_every_change_of_sharing_is_entered_with_its_service_and_its_reason(store):
    one = record(store, SHARED)
    assert audited(store) == [("name-owner", POLICE), ("share-to-act", FIRE), ("share-to-see", AMBULANCE)]
    one = record(store, one, acted_on_by=(), seen_by=(FIRE,))
    assert audited(store)[3:] == [("share-to-see", FIRE), ("withdraw-share", AMBULANCE)]
    one = record(store, one, acted_on_by=(FIRE,), seen_by=())
    assert audited(store)[5:] == [("share-to-act", FIRE)]
    record(store, one, of_service=FIRE, acted_on_by=(POLICE,))
    assert audited(store)[6:] == [("name-owner", FIRE), ("share-to-act", POLICE)]
    last = store.audit.entries(AuditFilter(incident=SHARED.id), limit=1)[0]
    assert (last.note.officer, last.note.reason) == (OFFICER_OF_POLICE, "a joint incident")
    assert store.audit.verify() == []


def test_a_change_of_something_else_enters_nothing_of_sharing(store):
    one = record(store, SHARED)
    record(store, one, purpose="to save lives")
    assert len(audited(store)) == 3


# --- Who may read a note -------------------------------------------------------------------------------------------


@pytest.fixture
def rumours(store) -> str:
    return with_two_rumours(store)


DECIDES = {
    "take": lambda store, incident, **more: store.acts.decide(
        incident, "dam", Act.TAKE, OFFICER, "checking", **more
    ).result(),
    "merge": merge,
    "refuse": refuse,
    "split": lambda store, incident, **more: split(store, incident, "d2", **more),
    "move": lambda store, incident, **more: move(store, incident, "d2", **more),
}


@pytest.mark.parametrize("act", DECIDES)
def test_a_decision_says_whether_its_reason_is_shared(act, store, rumours, opening):
    made = DECIDES[act](store, rumours, shared=True)
    assert made.shared
    kept = opening()
    assert [one.shared for one in kept.acts.decisions(rumours)] == [True]
    assert kept.acts.broken_decision(rumours) is None
    assert kept.audit.verify() == []


@pytest.mark.parametrize("act", DECIDES)
def test_a_reason_is_not_shared_unless_somebody_says_so(act, store, rumours):
    assert DECIDES[act](store, rumours).shared is False
    assert [one.shared for one in store.acts.decisions(rumours)] == [False]


def test_a_request_that_comes_again_does_not_share_what_was_not(store, rumours):
    decide = DECIDES["take"]
    decide(store, rumours, request="one")
    assert decide(store, rumours, request="one", shared=True).shared is False


def test_decisions_of_before_follow_as_they_did(store, rumours, engine: Engine):
    DECIDES["take"](store, rumours)
    engine.looks(store, "update decisions set shared = null")
    assert store.acts.decisions(rumours)[0].shared is False
    assert store.acts.broken_decision(rumours) is None
    assert store.audit.verify() == []


@pytest.mark.parametrize("shared", [True, False])
def test_whoever_shares_a_reason_behind_the_store_is_found_out(shared, store, rumours, engine: Engine):
    DECIDES["take"](store, rumours, shared=not shared)
    engine.looks(store, f"update decisions set shared = {shared}")
    assert store.acts.broken_decision(rumours) == 1
    assert [fault.kind for fault in store.audit.verify()] == [FaultKind.RECORD_CHANGED]


@pytest.mark.parametrize("shared", [True, False])
def test_a_sighting_says_whether_how_reliable_it_is_is_shared(shared, store, rumours, opening):
    draft = SightingDraft("Water on Market Street", HeardBy.RADIO, NOON, "constable at the scene", shared=shared)
    made = store.acts.log_sighting(rumours, draft, OFFICER, "one").result()
    assert made.draft == draft
    again = opening()
    assert again.acts.log_sighting(rumours, draft, OFFICER, "one").result().draft.shared is shared
    (row,) = again.views.rows("posts_by_number", incident=rumours, seqs=[made.post.seq])
    assert bool(row["shared"]) is shared
