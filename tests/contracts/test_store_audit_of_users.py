"""The audit of who signs in: each sign-in, its end, and each change of a user enters itself, with no secret in it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.domain.audit import AuditFilter, AuditKind
from models.domain.users import Credential, Ended, Role, Way
from models.errors import Refused
from models.people.users import officer_of
from tests.builders import NOON
from tests.contracts.people import ADMINISTRATOR, a_session, a_user, by_provider

HOUR = timedelta(hours=1)


@pytest.fixture
def officer(store):
    return store.users.record(a_user(), ADMINISTRATOR, "new here").result()


def entered(store, kind=None):
    """What was entered, the oldest first: what, of whom, by whom and why."""
    found = [one.note for one in reversed(store.audit.entries(AuditFilter(kind=kind)))]
    return [(one.what, one.subject, one.officer and one.officer.name, one.reason) for one in found]


def test_a_sign_in_and_its_end_are_entered(store, officer):
    store.sessions.start(a_session("a")).result()
    store.sessions.end("a", Ended.SIGNED_OUT).result()
    assert entered(store, AuditKind.SIGN_IN) == [
        ("signed-in", "officer", "J. Officer", "local"),
        ("signed-out", "officer", "J. Officer", "signed-out"),
    ]
    (out, signed_in) = store.audit.entries(AuditFilter(kind=AuditKind.SIGN_IN))
    assert out.note.officer == signed_in.note.officer == officer_of(officer)
    assert signed_in.note.officer.role == Role.DUTY
    assert store.audit.verify() == []


def test_the_same_sign_in_and_the_same_end_are_entered_once(store, officer):
    for _ in range(2):
        store.sessions.start(a_session("a")).result()
    for _ in range(2):
        store.sessions.end("a", Ended.IDLE).result()
    assert [one[0] for one in entered(store, AuditKind.SIGN_IN)] == ["signed-in", "session-ended"]


@pytest.mark.parametrize(
    ("why", "by", "named"),
    [
        (Ended.IDLE, None, None),
        (Ended.TOO_OLD, None, None),
        (Ended.AT_PROVIDER, None, None),
        (Ended.BY_THEMSELVES, None, "J. Officer"),
        (Ended.BY_OTHERS, ADMINISTRATOR, ADMINISTRATOR.name),
    ],
)
def test_the_end_of_a_session_is_entered_with_why_and_by_whom(store, officer, why, by, named):
    store.sessions.start(a_session("a")).result()
    store.sessions.end("a", why, by).result()
    assert entered(store, AuditKind.SIGN_IN)[1:] == [("session-ended", "officer", named, why.value)]


def test_a_sign_in_that_was_refused_by_the_store_enters_nothing(store, officer):
    store.users.record(replace(officer, blocked=True), ADMINISTRATOR, "left").result()
    with pytest.raises(Refused):
        store.sessions.start(a_session("a")).result()
    assert entered(store, AuditKind.SIGN_IN) == []


def test_blocking_enters_itself_and_the_end_of_each_session(store, officer):
    for id_ in ("a", "b"):
        store.sessions.start(a_session(id_)).result()
    store.users.record(replace(officer, blocked=True), ADMINISTRATOR, "left").result()
    by = ADMINISTRATOR.name
    assert entered(store)[-3:] == [
        ("block-user", "officer", by, "left"),
        *[("session-ended", "officer", by, "by-others")] * 2,
    ]


def test_each_version_of_a_user_is_entered_as_what_it_changes(store, officer):
    changed = replace(officer, name="J. Married")
    for user in (changed, replace(changed, blocked=True), changed):
        store.users.record(user, ADMINISTRATOR, "because").result()
    store.users.record(by_provider("s-1"), None, None).result()
    by = ADMINISTRATOR.name
    assert entered(store, AuditKind.USER) == [
        ("add-user", "officer", by, "new here"),
        ("change-user", "officer", by, "because"),
        ("block-user", "officer", by, "because"),
        ("unblock-user", "officer", by, "because"),
        ("add-user", "s-1", None, None),
    ]


def test_the_same_request_to_record_a_user_is_entered_once(store):
    for _ in range(2):
        store.users.record(a_user(), ADMINISTRATOR, "new", "request").result()
    assert [one[0] for one in entered(store)] == ["add-user"]


def test_a_link_a_password_and_a_second_factor_are_entered_without_their_secrets(store, officer):
    me = officer_of(officer)
    users, link = store.users, Credential("officer", set_up="digest", set_up_until=NOON + HOUR)
    users.set_credential(link, by=ADMINISTRATOR).result()
    users.use_set_up("officer", "digest", "hash 1", NOON).result()
    users.set_credential(Credential("officer", "hash 2"), by=me).result()
    users.set_credential(Credential("officer", "hash 2", "secret", last_code=1), by=me).result()
    users.set_credential(Credential("officer", "hash 2"), by=me).result()
    assert entered(store, AuditKind.USER)[1:] == [
        ("open-set-up-link", "officer", ADMINISTRATOR.name, None),
        ("use-set-up-link", "officer", "J. Officer", None),
        ("change-password", "officer", "J. Officer", None),
        ("turn-on-second-factor", "officer", "J. Officer", None),
        ("turn-off-second-factor", "officer", "J. Officer", None),
    ]
    notes = str([one.note for one in store.audit.entries()])
    assert not any(secret in notes for secret in ("hash 1", "hash 2", "'digest'", "'secret'"))


def test_a_hash_made_anew_and_what_was_refused_enter_nothing(store, officer):
    users = store.users
    known = users.set_credential(Credential("officer", "hash 1")).result()
    users.set_credential(replace(known, password="hash 1, anew"), expected=known).result()
    with pytest.raises(Refused):
        users.set_credential(replace(known, password="hash 2"), expected=known, by=ADMINISTRATOR).result()
    assert not users.use_set_up("officer", "guessed", "hash", NOON).result()
    assert entered(store)[1:] == []


def test_who_holds_no_role_is_entered_without_one(store):
    store.users.record(a_user(grants=frozenset()), None, None).result()
    store.sessions.start(a_session("a", way=Way.LOCAL)).result()
    entry = store.audit.entries(AuditFilter(kind=AuditKind.SIGN_IN))[0]
    assert (entry.note.officer.name, entry.note.officer.role) == ("J. Officer", "")
    assert store.audit.verify() == []
