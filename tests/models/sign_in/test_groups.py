"""Groups of a provider and what they may do here."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.domain.users import Grant, Role, User, Way
from models.limits import LONGEST_NAME
from models.people.users import checked_user
from models.provider_settings import GroupRole
from models.sign_in.groups import GroupsElsewhere, grants_of, groups_in, user_by
from models.sign_in.once import Once

ISSUER = "https://login.example"
DUTY = GroupRole(group="a", role="duty", service="Police")
FIRE = GroupRole(group="b", role="viewer", service="Fire")
FLOOD = GroupRole(group="a", role="analyst", service="Police", incident="flood")
MAPPED = (DUTY, FIRE, FLOOD)


def test_groups_are_roles_in_the_order_of_the_settings():
    assert grants_of({"b", "a", "c"}, MAPPED, {"flood"}.__contains__) == [DUTY.grant, FIRE.grant, FLOOD.grant]
    assert FLOOD.grant == Grant(Role.ANALYST, "Police", "flood")


def test_a_role_in_an_incident_that_is_not_there_is_none():
    assert grants_of({"a"}, MAPPED, {"storm"}.__contains__) == [DUTY.grant]


def test_the_same_role_by_two_groups_is_one():
    twice = (DUTY, GroupRole(group="b", role="duty", service="Police"))
    assert grants_of({"a", "b"}, twice, bool) == [DUTY.grant]


def test_one_group_may_be_said_without_a_list():
    assert groups_in({"groups": "a"}, "groups") == {"a"}


def test_no_groups_and_no_word_of_groups_are_two_things():
    assert groups_in({"groups": []}, "groups") == frozenset()
    assert groups_in({}, "groups") is None


@pytest.mark.parametrize("said", [{"_claim_names": {"groups": "src1"}}, {"hasgroups": True}, {"hasgroups": "true"}])
def test_groups_that_are_too_many_to_be_told_are_not_none(said):
    with pytest.raises(GroupsElsewhere):
        groups_in(said, "groups")
    assert groups_in({"_claim_names": {"roles": "src1"}}, "groups") is None


def test_the_service_is_that_of_the_first_role():
    grants = [FIRE.grant, DUTY.grant]
    assert user_by({"sub": "s", "name": "P."}, ISSUER, grants, None, lambda: "new").service == "Fire"


def test_who_is_known_keeps_their_id_and_stays_blocked():
    known = User("old", Way.PROVIDER, f"{ISSUER} s", "P.", "Police", frozenset({DUTY.grant}), blocked=True)
    changed = user_by({"sub": "s", "name": "Q."}, ISSUER, [FIRE.grant], known, lambda: "new")
    assert (changed.id, changed.blocked, changed.name, changed.service) == ("old", True, "Q.", "Fire")
    assert user_by({"sub": "s", "name": "P."}, ISSUER, [], known, lambda: "new").grants == frozenset()


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"name": " J. \n Officer\u202e "}, "J. Officer"),
        ({"name": "", "preferred_username": "j.officer"}, "j.officer"),
        ({"name": 7, "email": "j@example.org"}, "j@example.org"),
        ({}, "s-1"),
    ],
)
def test_people_are_called_by_the_best_name_that_is_said(claims, name):
    assert user_by({"sub": "s-1", **claims}, ISSUER, [DUTY.grant], None, lambda: "new").name == name


@given(st.dictionaries(st.sampled_from(["name", "preferred_username", "email"]), st.text() | st.integers()))
def test_whatever_name_is_said_the_user_can_be_recorded_and_is_then_unchanged(claims):
    claims = {**claims, "sub": "s-1"}
    user = user_by(claims, ISSUER, [DUTY.grant], None, lambda: "new")
    assert 0 < len(user.name) <= LONGEST_NAME
    if user.name.casefold() != "model":
        recorded = checked_user(user)
        assert user_by(claims, ISSUER, [DUTY.grant], recorded, lambda: "new") == recorded


def test_what_is_used_once_is_forgotten_when_it_could_not_be_used_again():
    once, now = Once(timedelta(minutes=5), most=2), datetime(2026, 11, 20, tzinfo=UTC)
    assert once.is_first("a", now)
    assert not once.is_first("a", now + timedelta(minutes=5))
    assert once.is_first("b", now + timedelta(minutes=6))
    assert once.is_first("a", now + timedelta(minutes=6))
    assert once.is_first("c", now + timedelta(minutes=6))
    assert once.is_first("b", now + timedelta(minutes=6)), "only so many are remembered"
