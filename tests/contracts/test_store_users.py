"""Who may sign in is kept in versions, found by what they type, and proven by what is set up for them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.domain.acts import Officer
from models.domain.users import Credential, Grant, Role, UserVersion, Way
from models.errors import Refused
from models.limits import LONGEST_NAME, LONGEST_TEXT, MOST_GRANTS
from tests.builders import NOON, an_incident
from tests.contracts.people import ADMINISTRATOR, ISSUER, a_user, by_provider

HOUR = timedelta(hours=1)


@pytest.fixture
def officer(store):
    return store.users.record(a_user(), ADMINISTRATOR, "new here").result()


def test_a_user_is_found_by_id_and_by_sign_in_name_whatever_the_case(store, officer):
    assert officer == a_user()
    assert store.users.get("officer") == officer
    for typed in ("j.officer", "J.OFFICER", "ｊ.Officer"):
        assert store.users.named(typed) == officer
    assert store.users.get("nobody") is None
    assert store.users.named("nobody") is None
    assert store.users.named("j" * 1_000_000) is None


def test_every_version_is_kept_with_who_recorded_it_and_why(store, officer, opening):
    renamed = store.users.record(replace(officer, name="J. Married"), ADMINISTRATOR, "  married ").result()
    last, first = versions = store.users.versions("officer")
    assert last == UserVersion(2, renamed, last.recorded_at, ADMINISTRATOR, "married")
    assert first == UserVersion(1, officer, first.recorded_at, ADMINISTRATOR, "new here")
    assert first.recorded_at < last.recorded_at
    assert store.users.get("officer") == renamed
    assert opening().users.versions("officer") == versions


def test_what_a_provider_says_of_somebody_is_recorded_by_nobody(store):
    store.users.record(by_provider("s-1"), None, None).result()
    (version,) = store.users.versions("s-1")
    assert (version.by, version.reason) == (None, None)


def test_users_outlive_a_restart_and_the_clock_goes_on_after_them(store, officer, opening):
    again = opening()
    assert again.users.all() == [officer]
    assert again.users.named("j.officer") == officer
    assert again.last_known_at() >= again.users.versions("officer")[0].recorded_at


def test_all_come_by_service_and_name(store):
    for name, service in (("zoe", "Fire"), ("adam", "Police"), ("bea", "Fire")):
        store.users.record(a_user(name, service=service), ADMINISTRATOR, "new").result()
    assert [one.id for one in store.users.all()] == ["bea", "zoe", "adam"]


def test_a_sign_in_name_has_one_user(store, officer):
    with pytest.raises(Refused) as refused:
        store.users.record(a_user("other", sign_in_name="J.Officer"), ADMINISTRATOR, "new").result()
    assert list(refused.value.problems) == ["sign_in_name"]
    assert store.users.all() == [officer]


def test_a_sign_in_name_that_was_given_up_is_free(store, officer):
    store.users.record(replace(officer, sign_in_name="j.married"), ADMINISTRATOR, "married").result()
    assert store.users.named("j.officer") is None
    other = store.users.record(a_user("other", sign_in_name="j.officer"), ADMINISTRATOR, "new").result()
    assert store.users.named("j.officer") == other


def test_two_subjects_of_a_provider_that_differ_in_case_are_two_people(store):
    one, other = (store.users.record(by_provider(subject), None, None).result() for subject in ("Ab", "aB"))
    assert store.users.named(f"{ISSUER} Ab") == one
    assert store.users.named(f"{ISSUER} aB") == other
    assert store.users.named(f"{ISSUER} ab") is None


def test_texts_are_kept_tidied(store):
    typed = a_user(
        sign_in_name=" ｊ.Officer ", name=" J.  Officer", service="Northgate\npolice",
        grants=frozenset({Grant(Role.DUTY, " Northgate  police ")}),
    )  # fmt: skip
    kept = store.users.record(typed, ADMINISTRATOR, "new").result()
    assert (kept.sign_in_name, kept.name, kept.service) == ("j.Officer", "J. Officer", "Northgate police")
    assert kept.grants == {Grant(Role.DUTY, "Northgate police")}


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("name", {"name": " "}),
        ("name", {"name": "x" * (LONGEST_NAME + 1)}),
        ("name", {"name": "Model"}),
        ("service", {"service": ""}),
        ("service", {"service": "x" * (LONGEST_NAME + 1)}),
        ("sign_in_name", {"sign_in_name": ""}),
        ("sign_in_name", {"sign_in_name": "j officer"}),
        ("sign_in_name", {"sign_in_name": "j\u200bofficer"}),
        ("sign_in_name", {"sign_in_name": "x" * (LONGEST_NAME + 1)}),
        ("sign_in_name", {"sign_in_name": "\ufdfa" * LONGEST_NAME}),
        ("sign_in_name", {"way": Way.PROVIDER}),
        ("grants", {"grants": frozenset({Grant("chief", "Police")})}),
        ("grants", {"grants": frozenset({Grant(Role.DUTY, " ")})}),
        ("grants", {"grants": frozenset({Grant(Role.DUTY, "Police", "")})}),
        ("grants", {"grants": frozenset({Grant(Role.DUTY, "Police", "there is none")})}),
        ("grants", {"grants": frozenset(Grant(Role.DUTY, f"Service {n}") for n in range(MOST_GRANTS + 1))}),
    ],
)
def test_what_cannot_be_recorded_is_refused_by_field(store, field, changes):
    with pytest.raises(Refused) as refused:
        store.users.record(a_user(**changes), ADMINISTRATOR, "new").result()
    assert list(refused.value.problems) == [field]
    assert store.users.all() == []


@pytest.mark.parametrize(
    ("by", "reason"), [(ADMINISTRATOR, " "), (Officer("", "administrator"), "new"), (None, "x" * (LONGEST_TEXT + 1))]
)
def test_who_records_a_user_has_a_name_and_a_reason(store, by, reason):
    with pytest.raises(Refused):
        store.users.record(a_user(), by, reason).result()
    assert store.users.all() == []


def test_roles_are_kept_for_each_service_and_incident(store, opening):
    incident = store.incidents.open(an_incident()).result()
    grants = frozenset(
        {Grant(Role.DUTY, "Police"), Grant(Role.DUTY, "Fire", incident.id), Grant(Role.VIEWER, "Fire")}
    )
    store.users.record(a_user(grants=grants), ADMINISTRATOR, "new").result()
    store.users.record(a_user("nothing", grants=frozenset()), ADMINISTRATOR, "new").result()
    again = opening()
    assert again.users.get("officer").grants == grants
    assert again.users.get("nothing").grants == frozenset()


def test_the_latest_credential_counts_and_the_secrets_of_the_former_are_erased(store, officer, opening, engine):
    assert store.users.credential("officer") is None
    first = Credential("officer", "hash 1", "secret 1", "link 1", NOON, 7)
    assert store.users.set_credential(first).result() == first
    assert store.users.credential("officer") == first
    second = store.users.set_credential(Credential("officer", password="hash 2")).result()
    again = opening()
    assert again.users.credential("officer") == second
    kept = engine.looks(again, "select password, second_factor, set_up from credentials order by known_at")
    assert kept == [(None, None, None), ("hash 2", None, None)]


def test_nobody_has_no_credential(store):
    with pytest.raises(Refused):
        store.users.set_credential(Credential("nobody", "hash")).result()


def test_no_code_works_twice_nor_an_earlier_one_after_it(store, officer, opening):
    assert not store.users.use_code("officer", 10).result()
    store.users.set_credential(Credential("officer", "hash", "secret")).result()
    assert [store.users.use_code("officer", step).result() for step in (10, 10, 9, 11)] == [True, False, False, True]
    again = opening()
    assert not again.users.use_code("officer", 11).result()
    assert again.users.credential("officer") == Credential("officer", "hash", "secret", last_code=11)


def test_of_two_that_use_a_code_at_once_one_gets_in(store, officer):
    store.users.set_credential(Credential("officer", "hash", "secret")).result()
    tries = [store.users.use_code("officer", 10) for _ in range(8)]
    assert sum(one.result() for one in tries) == 1


def test_a_link_sets_the_password_once_and_leaves_the_second_factor(store, officer, opening):
    store.users.set_credential(Credential("officer", None, "secret", "digest", NOON + HOUR, 5)).result()
    assert store.users.use_set_up("officer", "digest", "hash", NOON).result()
    assert not store.users.use_set_up("officer", "digest", "another", NOON).result()
    assert opening().users.credential("officer") == Credential("officer", "hash", "secret", last_code=5)


@pytest.mark.parametrize(
    ("user", "digest", "now"),
    [
        ("officer", "another", NOON),
        ("officer", "digest", NOON + HOUR),
        ("nobody", "digest", NOON),
        ("officer", "", NOON),
    ],
)
def test_a_link_that_is_not_open_sets_nothing(store, officer, user, digest, now):
    before = store.users.set_credential(Credential("officer", "hash", None, "digest", NOON + HOUR)).result()
    assert not store.users.use_set_up(user, digest, "another", now).result()
    assert store.users.credential("officer") == before


def test_the_link_of_a_blocked_user_is_closed(store, officer):
    store.users.set_credential(Credential("officer", None, None, "digest", NOON + HOUR)).result()
    store.users.record(replace(officer, blocked=True), ADMINISTRATOR, "left").result()
    assert not store.users.use_set_up("officer", "digest", "hash", NOON).result()


def test_credentials_change_no_view(store, officer):
    before = store.views.version
    store.users.set_credential(Credential("officer", "hash", "secret", "digest", NOON + HOUR)).result()
    store.users.use_code("officer", 10).result()
    store.users.use_set_up("officer", "digest", "hash", NOON).result()
    assert store.views.version == before


def test_a_change_that_was_thought_of_before_another_one_is_refused(store, officer):
    known = store.users.set_credential(Credential("officer", "hash 1")).result()
    link = store.users.set_credential(Credential("officer", set_up="digest", set_up_until=NOON + HOUR)).result()
    with pytest.raises(Refused):
        store.users.set_credential(replace(known, password="hash 1, anew"), expected=known).result()
    assert store.users.credential("officer") == link
    again = replace(link, password="hash 2")
    assert store.users.set_credential(again, expected=link).result() == again


def test_of_two_changes_thought_of_at_once_one_is_made(store, officer):
    known = store.users.set_credential(Credential("officer", "hash")).result()
    tries = [store.users.set_credential(replace(known, password=f"hash {n}"), expected=known) for n in range(8)]
    assert sum(one.exception() is None for one in tries) == 1


def test_the_holder_of_a_link_is_found_while_it_is_open(store, officer):
    def holder(digest="digest", now=NOON):
        return store.users.holder_of_set_up(digest, now)

    store.users.record(a_user("other"), None, None).result()
    store.users.set_credential(Credential("other", set_up="another", set_up_until=NOON + HOUR)).result()
    store.users.set_credential(Credential("officer", set_up="digest", set_up_until=NOON + HOUR)).result()
    assert holder() == officer
    assert [holder("guessed"), holder(""), holder(now=NOON + HOUR)] == [None, None, None]
    blocked = store.users.record(replace(officer, blocked=True), ADMINISTRATOR, "left").result()
    assert holder() is None
    store.users.record(replace(blocked, blocked=False), ADMINISTRATOR, "back").result()
    store.users.use_set_up("officer", "digest", "hash", NOON).result()
    assert holder() is None


def test_a_link_that_was_replaced_finds_nobody(store, officer):
    for digest in ("first", "second"):
        store.users.set_credential(Credential("officer", set_up=digest, set_up_until=NOON + HOUR)).result()
    assert store.users.holder_of_set_up("first", NOON) is None
    assert store.users.holder_of_set_up("second", NOON) == officer
