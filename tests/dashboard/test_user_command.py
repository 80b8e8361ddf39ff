"""`grapevine user`: the first administrator, links, roles, blocking and sessions, with and without a server."""

import json
import stat
import threading
from datetime import timedelta
from functools import partial

import pytest
import waitress

from dashboard.commands.data_folder import KEY_BYTES, open_store, sign_in_key, write_owner
from dashboard.http import command_api
from dashboard.http.user_api import KEPT_BY_PROVIDER, user_asked
from models.clock import SystemClock
from models.domain.users import Credential, Ended, Grant, Role, Session, Way
from models.errors import StoreError
from models.sign_in.links import SET_UP_LASTS, digest_of
from tests.builders import an_incident
from tests.contracts.people import by_provider
from tests.dashboard.test_commands import run_in
from tests.dashboard.world import an_app

POLICE, FIRE = "Northgate police", "Northgate fire"
ADMIN = {"name": "A. Dmin", "role": "administrator"}
CLOCK = SystemClock()


@pytest.fixture
def grapevine(tmp_path):
    return partial(run_in, tmp_path)


def ask(store, do, address="", **asked):
    return user_asked(store, CLOCK, {"do": do, "officer": ADMIN, "reason": "because", **asked}, address)


def add(store, name="J. Officer", **changes):
    """Add somebody; their id and the token of their link."""
    fields = {"name": name, "sign_in_name": name.replace(" ", ""), "service": POLICE, "roles": ["duty"], **changes}
    status, answer = ask(store, "add", fields=fields)
    assert status == 200, answer
    return answer["users"][0]["id"], answer["link"].partition("?token=")[2]


def a_sign_in(store, user, id_="session"):
    now = CLOCK.now()
    return store.sessions.start(Session(id_, user, Way.LOCAL, "Chromium on Linux", now, now)).result()


def test_the_first_administrator_is_added_without_a_server(grapevine, tmp_path):
    added = grapevine(
        "user", "add", "A. Dmin", "--sign-in", "a.dmin", "--service", POLICE, "--role", "administrator,duty"
    )  # fmt: skip
    assert added.returncode == 0, added.stderr
    link = added.stdout.strip()
    assert link.startswith("/set-up?token=")
    assert link.partition("=")[2] not in added.stderr
    (listed,) = json.loads(grapevine("user", "list", "--json").stdout)
    assert (listed["name"], listed["sign_in_name"], listed["set_up"]) == ("A. Dmin", "a.dmin", False)
    assert [one["role"] for one in listed["roles"]] == ["administrator", "duty"]
    store = open_store(tmp_path / "data", CLOCK)
    try:
        known = store.users.credential(listed["id"])
        assert known.set_up == digest_of(link.partition("=")[2])
        (version,) = store.users.versions(listed["id"])
        assert (version.by.role, version.reason) == ("administrator", "added")
    finally:
        store.close()


def test_what_is_refused_is_one_line(grapevine):
    ran = grapevine("user", "add", "A. Dmin", "--sign-in", "a dmin", "--service", POLICE, "--role", "chief")
    assert (ran.returncode, len(ran.stderr.strip().splitlines()), ran.stdout) == (2, 1, "")
    assert "No role is called “chief”" in ran.stderr
    assert "Nobody is called" in grapevine("user", "block", "nobody").stderr


def test_with_a_server_it_changes_everything_at_once_and_the_link_has_an_address(grapevine, tmp_path):
    store = open_store(tmp_path / "data", CLOCK)
    app = an_app(store)
    server = waitress.create_server(app.server, host="127.0.0.1", port=0)
    threading.Thread(target=server.run, daemon=True).start()
    here = "https://grapevine.northgate.example/"
    command_api.register(app, store, CLOCK, "token", here)
    write_owner(tmp_path / "data", f"http://127.0.0.1:{server.effective_port}/", "token")
    try:
        options = ("--sign-in", "j.officer", "--service", POLICE, "--role", "duty", "--by", "A. Dmin")
        added = grapevine("user", "add", "J. Officer", *options)
        assert added.stdout.startswith(f"{here}set-up?token="), added.stderr
        user = store.users.named("j.officer")
        a_sign_in(store, user.id)
        assert "Chromium on Linux" in grapevine("user", "sessions", "j.officer").stdout
        assert "1 session(s) ended" in grapevine("user", "sign-out", "J. Officer", "--reason", "left a desk").stderr
        assert store.sessions.live("session") is None
        changed = grapevine(
            "user", "change", "j.officer", "--role", "analyst", "--for", FIRE, "--rename", "J. Married"
        )
        assert "J. Married (j.officer, Northgate police): analyst for Northgate fire, duty" in changed.stderr
        assert "blocked" in grapevine("user", "block", "j.officer").stderr
        assert store.users.get(user.id).blocked
        assert grapevine("user", "unblock", "j.officer").returncode == 0
        assert grapevine("user", "link", "j.officer").stdout.startswith(f"{here}set-up?token=")
        assert "J. Married" in grapevine("user", "list").stdout
        assert store.users.versions(user.id)[-1].by.name == "A. Dmin"
    finally:
        server.close()
        server.task_dispatcher.shutdown()
        store.close()


def test_nobody_without_the_token_is_answered(store):
    app = an_app(store)
    command_api.register(app, store, CLOCK, "token")
    answer = app.server.test_client().post(
        "/command/user", json={"do": "list"}, headers={"Authorization": "Bearer guessed"}, base_url="http://127.0.0.1"
    )
    assert answer.status_code == 403


def test_a_link_lasts_a_day_and_only_its_digest_is_kept(store):
    user, token = add(store)
    known = store.users.credential(user)
    assert (known.set_up, known.password) == (digest_of(token), None)
    assert timedelta() <= CLOCK.now() + SET_UP_LASTS - known.set_up_until < timedelta(minutes=5)
    assert store.users.use_set_up(user, digest_of(token), "hash", CLOCK.now()).result()


def test_a_new_link_replaces_password_and_second_factor_and_ends_sessions(store):
    user, token = add(store)
    store.users.set_credential(Credential(user, "hash", "secret")).result()
    a_sign_in(store, user)
    status, answer = ask(store, "link", user="J.Officer", address="https://grapevine.example.org/")
    assert status == 200
    assert answer["link"].startswith("https://grapevine.example.org/set-up?token=")
    assert digest_of(token) != store.users.credential(user).set_up
    assert (store.users.credential(user).password, store.users.credential(user).second_factor) == (None, None)
    assert [one.ended for one in store.sessions.of(user)] == [Ended.BY_OTHERS]
    last = store.users.versions(user)[0]
    assert (last.by.name, last.reason) == ("A. Dmin", "because")


def test_who_comes_by_a_provider_or_is_blocked_gets_no_link(store):
    store.users.record(by_provider("s-1"), None, None).result()
    user, _ = add(store)
    ask(store, "block", user=user)
    for who in ("s-1", user):
        assert ask(store, "link", user=who)[0] == 422
        assert store.users.credential("s-1") is None


def test_what_the_provider_says_of_somebody_is_not_changed_here_but_they_can_be_blocked(store):
    store.users.record(by_provider("s-1"), None, None).result()
    for fields in ({"roles": ["administrator"]}, {"name": "A. Nother"}, {"sign_in_name": "x"}, {"service": FIRE}):
        status, answer = ask(store, "change", user="s-1", fields=fields)
        assert (status, answer["problems"]) == (422, {"user": KEPT_BY_PROVIDER})
    assert ask(store, "block", user="s-1")[0] == 200
    assert store.users.get("s-1").blocked


def test_roles_of_one_service_and_incident_are_replaced_and_others_stay(store):
    incident = store.incidents.open(an_incident()).result()
    user, _ = add(store, roles=["duty", "comms"])
    ask(store, "change", user=user, fields={"roles": ["analyst"], "for": FIRE, "incident": incident.name})
    ask(store, "change", user=user, fields={"roles": ["viewer"]})
    assert store.users.get(user).grants == {Grant(Role.ANALYST, FIRE, incident.id), Grant(Role.VIEWER, POLICE)}
    ask(store, "change", user=user, fields={"roles": [], "for": FIRE, "incident": incident.id})
    assert store.users.get(user).grants == {Grant(Role.VIEWER, POLICE)}


def test_a_name_that_several_have_is_refused_until_the_sign_in_name_says_which(store):
    add(store, sign_in_name="one")
    add(store, sign_in_name="two")
    status, answer = ask(store, "block", user="J. Officer")
    assert (status, list(answer["problems"])) == (422, ["user"])
    assert ask(store, "block", user="TWO")[0] == 200
    assert store.users.named("two").blocked
    assert not store.users.named("one").blocked


@pytest.mark.parametrize(
    ("do", "changes", "field"),
    [
        ("block", {"officer": {"name": "J. Officer", "role": "duty"}}, "role"),
        ("block", {"officer": None}, "name"),
        ("block", {"reason": " "}, "reason"),
        ("block", {"user": "nobody"}, "user"),
        ("block", {"user": "x" * 1_000}, "user"),
        ("change", {"fields": {"roles": ["chief"]}}, "grants"),
        ("change", {"fields": {"roles": [7]}}, "form"),
        ("change", {"fields": {"roles": ["duty"], "incident": "there is none"}}, "incident"),
        ("change", {"fields": {"name": ""}}, "name"),
        ("erase", {}, "do"),
        (None, {}, "do"),
    ],
)
def test_what_may_not_be_asked_changes_nothing_and_is_refused_by_field(store, do, changes, field):
    user, _ = add(store)
    before = store.users.versions(user)
    status, answer = ask(store, do, **{"user": user, **changes})
    assert (status, field in answer["problems"]) == (422, True)
    assert store.users.versions(user) == before


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path):
    key = sign_in_key(tmp_path)
    assert (len(key), sign_in_key(tmp_path)) == (KEY_BYTES, key)
    assert stat.S_IMODE((tmp_path / "sign-in.key").stat().st_mode) == 0o600
    (tmp_path / "sign-in.key").write_bytes(b"short")
    with pytest.raises(StoreError, match="Restore it"):
        sign_in_key(tmp_path)
