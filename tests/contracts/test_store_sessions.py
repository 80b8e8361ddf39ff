"""Sign-ins are answered from memory, which is at all times what a restart would find."""

from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from models.domain.users import Credential, Ended, Way
from models.errors import Refused
from models.store.duckdb.live_sessions import SAVED_EVERY
from tests.builders import NOON, a_clock
from tests.contracts.engines import ENGINES
from tests.contracts.people import ADMINISTRATOR, ISSUER, a_session, a_user, by_provider

MINUTE = timedelta(minutes=1)


@pytest.fixture
def users(store):
    for user in (a_user(), a_user("other"), by_provider("s-1"), by_provider("s-2")):
        store.users.record(user, None, None).result()
    return store.users


@pytest.fixture
def sessions(store, users):
    return store.sessions


def test_a_sign_in_is_live_until_it_ends(sessions):
    session = sessions.start(a_session("a")).result()
    assert session == a_session("a")
    assert (sessions.live("a"), sessions.all_live(), sessions.of("officer")) == (session, [session], [session])
    assert sessions.end("a", Ended.SIGNED_OUT).result()
    assert (sessions.live("a"), sessions.all_live()) == (None, [])
    (ended,) = sessions.of("officer")
    assert ended == replace(session, ended=Ended.SIGNED_OUT, ended_at=ended.ended_at)
    assert ended.ended_at is not None


def test_a_session_ends_once(sessions, engine, store):
    sessions.start(a_session("a")).result()
    tries = [sessions.end("a", why) for why in (Ended.SIGNED_OUT, Ended.IDLE)]
    assert [one.result() for one in tries] == [True, False]
    assert not sessions.end("there is none", Ended.IDLE).result()
    assert engine.looks(store, "select session, ended from session_ends") == [("a", "signed-out")]


def test_a_sign_in_by_a_password_that_no_longer_counts_does_not_begin(sessions, users):
    proven = users.set_credential(Credential("officer", "hash 1")).result()
    sessions.start(a_session("a"), proven).result()
    users.use_code("officer", 1).result()
    link = users.set_credential(Credential("officer", set_up="digest", set_up_until=NOON))
    start = sessions.start(a_session("b"), proven)
    link.result()
    with pytest.raises(Refused):
        start.result()
    assert [one.id for one in sessions.all_live()] == ["a"]


def test_why_a_session_ended_is_known_after_it(sessions, opening):
    sessions.start(a_session("a")).result()
    assert (sessions.ended("a"), sessions.ended("there is none")) == (None, None)
    sessions.end("a", Ended.BY_THEMSELVES).result()
    assert sessions.ended("a") is Ended.BY_THEMSELVES
    assert opening().sessions.ended("a") is Ended.BY_THEMSELVES


def test_who_ended_a_session_is_recorded(sessions, engine, store):
    sessions.start(a_session("a")).result()
    sessions.end("a", Ended.BY_OTHERS, ADMINISTRATOR).result()
    (by,) = engine.looks(store, "select officer, role, service, user_id from session_ends")
    assert by == (ADMINISTRATOR.name, ADMINISTRATOR.role, ADMINISTRATOR.service, ADMINISTRATOR.user)


def test_the_same_sign_in_is_recorded_once_and_never_comes_back(sessions):
    first = sessions.start(a_session("a")).result()
    assert sessions.start(a_session("a", device="Firefox on Windows")).result() == first
    sessions.end("a", Ended.SIGNED_OUT).result()
    assert sessions.start(a_session("a")).result().ended is Ended.SIGNED_OUT
    assert sessions.live("a") is None


def test_nobody_signs_in_as_who_is_blocked_or_unknown(sessions, users):
    users.record(a_user(blocked=True), ADMINISTRATOR, "left").result()
    for who in ("officer", "nobody"):
        with pytest.raises(Refused):
            sessions.start(a_session("a", who)).result()
    assert sessions.all_live() == []


def test_blocking_a_user_ends_their_sessions_and_no_other(sessions, users, opening):
    for id_, who in (("a", "officer"), ("b", "officer"), ("c", "other")):
        sessions.start(a_session(id_, who)).result()
    users.record(a_user(blocked=True), ADMINISTRATOR, "left").result()
    assert [one.id for one in sessions.all_live()] == ["c"]
    assert {one.ended for one in sessions.of("officer")} == {Ended.BY_OTHERS}
    again = opening()
    assert [one.id for one in again.sessions.all_live()] == ["c"]


def test_a_sign_in_under_way_while_its_user_is_blocked_does_not_last(sessions, users):
    block = users.record(a_user(blocked=True), ADMINISTRATOR, "left")
    start = sessions.start(a_session("a"))
    block.result()
    with pytest.raises(Refused):
        start.result()


def test_all_sessions_of_a_user_end_at_once_but_for_one(sessions):
    for id_, who in (("a", "officer"), ("b", "officer"), ("c", "officer"), ("d", "other")):
        sessions.start(a_session(id_, who)).result()
    assert sessions.end_all("officer", Ended.BY_THEMSELVES, keep="b").result() == 2
    assert {one.id for one in sessions.all_live()} == {"b", "d"}
    assert sessions.end_all("officer", Ended.BY_OTHERS, ADMINISTRATOR).result() == 1
    assert sessions.end_all("officer", Ended.BY_OTHERS, ADMINISTRATOR).result() == 0


@pytest.mark.parametrize(
    ("issuer", "subject", "name", "ends"),
    [
        (ISSUER, None, "p1", {"a"}),
        (ISSUER, "s-1", None, {"a", "b"}),
        (ISSUER, "s-1", "p2", {"b"}),
        (ISSUER, "s-2", "p1", set()),
        (ISSUER, None, None, set()),
        ("https://another.example.org", "s-1", "p1", set()),
        (ISSUER, "officer", None, set()),
    ],
)
def test_a_provider_ends_its_own_sessions_only(sessions, issuer, subject, name, ends):
    everyone = (("a", "s-1", "p1"), ("b", "s-1", "p2"), ("c", "s-2", "p3"))
    for id_, who, known_as in everyone:
        sessions.start(a_session(id_, who, way=Way.PROVIDER, provider_session=known_as)).result()
    sessions.start(a_session("d")).result()
    assert sessions.end_at_provider(issuer, subject, name).result() == len(ends)
    assert {one.id for one in sessions.all_live()} == {"a", "b", "c", "d"} - ends


def test_the_latest_comes_first(sessions):
    for minute, id_ in ((0, "a"), (2, "c"), (1, "b")):
        sessions.start(a_session(id_, at=NOON + minute * MINUTE)).result()
    assert [one.id for one in sessions.of("officer")] == ["c", "b", "a"]
    assert [one.id for one in sessions.all_live()] == ["c", "b", "a"]


def test_when_a_session_was_seen_is_known_at_once_and_never_goes_back(sessions):
    sessions.start(a_session("a")).result()
    for seconds in (5, 20, 10):
        sessions.seen("a", NOON + timedelta(seconds=seconds))
    assert sessions.live("a").seen_at == NOON + timedelta(seconds=20)
    assert sessions.of("officer")[0].seen_at == NOON + timedelta(seconds=20)
    sessions.seen("there is none", NOON)
    assert sessions.live("there is none") is None


def test_seeing_sessions_is_saved_for_all_together_about_once_a_minute(sessions, store, engine):
    def saved():
        return {at for (at,) in engine.looks(store, "select seen_at from sessions")}

    ids = [str(number) for number in range(20)]
    for id_ in ids:
        sessions.start(a_session(id_)).result()
    stamp = store.last_known_at()
    for second in range(1, 60):
        for id_ in ids:
            sessions.seen(id_, NOON + timedelta(seconds=second))
    assert store.last_known_at() == stamp
    assert len(saved()) == 1
    for id_ in ids:
        sessions.seen(id_, NOON + SAVED_EVERY)
    sessions.end("there is none", Ended.IDLE).result()
    (at,) = saved()
    assert at.replace(tzinfo=UTC) == NOON + SAVED_EVERY


@pytest.mark.parametrize("what", ["checkpoint", "close", "another write"])
def test_when_it_was_seen_is_saved_by(sessions, store, opening, what):
    sessions.start(a_session("a")).result()
    sessions.seen("a", NOON + timedelta(seconds=30))
    if what == "checkpoint":
        store.checkpoint().result()
    elif what == "another write":
        sessions.start(a_session("b", "other")).result()
    assert opening().sessions.live("a").seen_at == NOON + timedelta(seconds=30)


def test_seeing_a_session_after_closing_is_no_error(sessions, opening):
    sessions.start(a_session("a")).result()
    again = opening()
    sessions.seen("a", NOON + 2 * MINUTE)
    assert again.sessions.live("a") == a_session("a")


def test_sessions_change_no_view(sessions, store):
    before = store.views.version
    for id_ in "abc":
        sessions.start(a_session(id_)).result()
    sessions.seen("a", NOON + 5 * MINUTE)
    sessions.end("a", Ended.SIGNED_OUT).result()
    sessions.end_all("officer", Ended.IDLE).result()
    sessions.end_at_provider(ISSUER, "s-1", None).result()
    assert store.views.version == before


def test_the_clock_goes_on_after_the_last_end(sessions, opening):
    sessions.start(a_session("a")).result()
    sessions.end("a", Ended.SIGNED_OUT).result()
    (ended,) = sessions.of("officer")
    assert opening().last_known_at() >= ended.ended_at


class SignIns(RuleBasedStateMachine):
    """Whatever people and administrators do: what is answered from memory is what a model says, and a restart."""

    people = ("officer", "other", "s-1")
    engine = ENGINES["duckdb"]

    def __init__(self):
        super().__init__()
        self.folder = TemporaryDirectory()
        self.clock = a_clock()
        self.store = self.engine.opens(Path(self.folder.name), self.clock)
        self.expected = {}
        self.users = {user.id: user for user in (a_user(), a_user("other"), by_provider("s-1"))}
        self.made = 0
        self.now = NOON
        for user in self.users.values():
            self.store.users.record(user, None, None).result()

    @rule(who=st.sampled_from(people))
    def sign_in(self, who):
        self.made += 1
        way = self.users[who].way
        session = a_session(f"session {self.made}", who, self.now, way=way, provider_session=f"p {self.made}")
        started = self.store.sessions.start(session)
        if self.users[who].blocked:
            with pytest.raises(Refused):
                started.result()
        else:
            self.expected[session.id] = started.result()

    @rule(number=st.integers(1, 8), seconds=st.integers(0, 200))
    def look(self, number, seconds):
        self.now += timedelta(seconds=seconds)
        self.store.sessions.seen(f"session {number}", self.now)
        if known := self.expected.get(f"session {number}"):
            self.expected[known.id] = replace(known, seen_at=self.now)

    @rule(number=st.integers(1, 8))
    def sign_out(self, number):
        ended = self.store.sessions.end(f"session {number}", Ended.SIGNED_OUT).result()
        assert ended == (self.expected.pop(f"session {number}", None) is not None)

    @rule(who=st.sampled_from(people), keep=st.integers(1, 8))
    def sign_out_elsewhere(self, who, keep):
        gone = {id_ for id_, one in self.expected.items() if one.user == who and id_ != f"session {keep}"}
        ended = self.store.sessions.end_all(who, Ended.BY_THEMSELVES, keep=f"session {keep}").result()
        self._gone(gone, ended)

    @rule()
    def end_at_provider(self):
        gone = {id_ for id_, one in self.expected.items() if one.user == "s-1"}
        self._gone(gone, self.store.sessions.end_at_provider(ISSUER, "s-1", None).result())

    @rule(who=st.sampled_from(people), blocked=st.booleans(), name=st.sampled_from(("A", "B")))
    def change(self, who, blocked, name):
        user = replace(self.users[who], blocked=blocked, name=name)
        self.users[who] = self.store.users.record(user, ADMINISTRATOR, "changed").result()
        if blocked:
            self.expected = {id_: one for id_, one in self.expected.items() if one.user != who}

    @rule()
    def checkpoint(self):
        self.store.checkpoint().result()

    @rule()
    def restart(self):
        self.store.close()
        self.store = self.engine.opens(Path(self.folder.name), self.clock)

    @invariant()
    def memory_is_what_was_done(self):
        assert {one.id: one for one in self.store.sessions.all_live()} == self.expected
        assert {one.id: one for one in self.store.users.all()} == self.users
        for who, user in self.users.items():
            assert self.store.users.named(user.sign_in_name) == user
            live = {one.id for one in self.store.sessions.of(who) if one.ended is None}
            assert live == {one.id for one in self.expected.values() if one.user == who}

    def teardown(self):
        self.restart()
        self.memory_is_what_was_done()
        self.store.close()
        self.folder.cleanup()

    def _gone(self, gone, ended):
        assert ended == len(gone)
        for id_ in gone:
            del self.expected[id_]


TestSignIns = SignIns.TestCase
TestSignIns.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)
