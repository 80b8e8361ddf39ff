"""Who may do what in an incident that services share, against the rules written once more as plainly as they are."""

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import access
from dashboard.access import MAY, PARTNERS_MAY, SystemAct
from dashboard.signed_in import SignedIn
from models.domain.acts import Act, Officer
from models.domain.incidents import Standing
from models.domain.users import Grant, Role, User, Way
from models.errors import Refused
from tests.builders import an_incident

SERVICES = ("Fire", "Police", "Ambulance", "Council")
INCIDENTS = ("incident-flood", "incident-fire")
services = st.sampled_from(SERVICES)
grants = st.frozensets(
    st.builds(Grant, st.sampled_from(Role), services, st.sampled_from((None, *INCIDENTS))), max_size=6
)
users = st.builds(lambda service, held: User("u1", Way.LOCAL, "u1", "U. Ser", service, held), services, grants)


@st.composite
def incidents(draw):
    """As the store keeps them: an owner or none, and its partners."""
    owner = draw(st.sampled_from(("", *SERVICES)))
    others = [one for one in SERVICES if one != owner] if owner else []
    part = {one: draw(st.sampled_from(("acts", "sees", "nothing"))) for one in others}
    return an_incident(
        draw(st.sampled_from(("flood", "fire"))),
        of_service=owner,
        acted_on_by=tuple(sorted(one for one in others if part[one] == "acts")),
        seen_by=tuple(sorted(one for one in others if part[one] == "sees")),
    )


def as_user(user: User):
    return patch("dashboard.signed_in.person", lambda: SignedIn(user, None, ""))


# --- The rules, once more ------------------------------------------------------------------------------------------
NEVER_A_PARTNERS = {
    "incident", "import", "export", "export-unmasked", "report", "reveal", "start", "stop", "test", "replay",
    "discard", "permit", "try-terms", "start-coding", "end-coding", "code", "settle-coding", "take-labels", "users",
    "see-audit", "export-audit",
}  # fmt: skip


def allowed_grants(user: User, act, incident) -> list[Grant]:
    allowed = []
    for one in user.grants:
        if one.incident is not None and one.incident != incident.id:
            continue
        if one.role not in MAY[act]:
            continue
        if (
            incident.of_service == ""
            or incident.of_service == one.service
            or (one.service in incident.acted_on_by and act.value not in NEVER_A_PARTNERS)
        ):
            allowed.append(one)
    return allowed


def knows_of(user: User, incident) -> bool:
    at_it = {"", *incident.acted_on_by, *incident.seen_by, incident.of_service}
    return any(
        one.incident in (None, incident.id) and (incident.of_service == "" or one.service in at_it)
        for one in user.grants
    )


# --- What the code says --------------------------------------------------------------------------------------------
@given(users, incidents(), st.sampled_from([*Act, *SystemAct]))
def test_a_person_may_do_what_the_rules_give_them_and_acts_for_a_service_that_has_it(user, incident, act):
    able = allowed_grants(user, act, incident)
    with as_user(user):
        assert access.may(act, incident) is bool(able)
        if able:
            officer = access.acting(act, incident)
            assert (officer.role, officer.service) in {(one.role.value, one.service) for one in able}
            if any(one.service == incident.of_service for one in able):
                assert officer.service == incident.of_service


@given(users, incidents())
def test_a_person_knows_of_an_incident_that_is_their_services_or_shared_with_it(user, incident):
    with as_user(user):
        assert access.sees(incident) is knows_of(user, incident)
        assert (access.standing(incident) is not None) is knows_of(user, incident)


@given(users, incidents(), st.sampled_from([*Act, *SystemAct]))
def test_whoever_may_act_in_an_incident_sees_it(user, incident, act):
    with as_user(user):
        assert access.sees(incident) or not access.may(act, incident)


@given(users, incidents(), services, st.booleans())
def test_a_note_is_read_by_the_owner_by_whom_it_is_shared_with_and_by_its_own_service(user, incident, writer, shared):
    counting = [one for one in user.grants if one.incident in (None, incident.id)]
    is_owner = any(incident.of_service in ("", one.service) for one in counting)
    is_partner = knows_of(user, incident) and not is_owner
    own = any(one.service == writer for one in counting) and writer in incident.acted_on_by + incident.seen_by
    with as_user(user):
        reads = access.note_reader(incident).may_read(Officer("W. Riter", "duty", writer, "u2"), shared=shared)
    if is_owner or (is_partner and (shared or own)):
        assert reads
    elif is_partner:
        assert not reads


def test_nobody_signed_in_sees_no_incident_that_is_shared_or_not():
    for incident in (an_incident(), an_incident(of_service="Police", seen_by=("Fire",))):
        assert not access.sees(incident)
        assert access.standing(incident) is None


def test_a_partner_does_nothing_but_what_is_done_to_rumours():
    assert {one.value for one in SystemAct} - {one.value for one in PARTNERS_MAY} == NEVER_A_PARTNERS
    assert set(Act) <= PARTNERS_MAY


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (
            {"seen_by": ("Fire",)},
            "Police shares this incident with Fire to see, not to act. "
            "Ask a comms officer or a duty officer of Police.",
        ),
        ({"acted_on_by": ("Fire",)}, "You cannot do this as a viewer. Ask a comms officer or a duty officer."),
    ],
)
def test_a_refusal_says_who_may(share, said):
    viewer = User("u1", Way.LOCAL, "u1", "U. Ser", "Fire", frozenset({Grant(Role.VIEWER, "Fire")}))
    with as_user(viewer), pytest.raises(Refused) as refused:
        access.acting(Act.TAKE, an_incident(of_service="Police", **share))
    assert str(refused.value) == said


def test_what_only_the_owner_does_is_refused_to_a_partner_who_acts():
    duty = User("u1", Way.LOCAL, "u1", "U. Ser", "Fire", frozenset({Grant(Role.DUTY, "Fire")}))
    with as_user(duty), pytest.raises(Refused) as refused:
        access.acting(SystemAct.REVEAL, an_incident(of_service="Police", acted_on_by=("Fire",)))
    assert "to act on its rumours, which this is not" in str(refused.value)
    assert str(refused.value).endswith("of Police.")


def test_the_standing_is_the_most_that_ones_services_have():
    both = frozenset({Grant(Role.VIEWER, "Fire"), Grant(Role.VIEWER, "Police")})
    with as_user(User("u1", Way.LOCAL, "u1", "U. Ser", "Fire", both)):
        assert access.standing(an_incident(of_service="Police", seen_by=("Fire",))) is Standing.OWNS
