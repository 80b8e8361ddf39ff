"""Every door of the server is tried as every role and as a stranger: the forbidden is refused, all else is not."""

from dataclasses import replace

import pytest

from dashboard.access import MAY
from dashboard.http.limits import CALLBACKS as CALLBACKS_AT
from models.domain.incidents import Incident, Standing
from models.domain.users import Role
from models.people.checks import checked_officer
from models.people.coding import person_of
from tests.builders import a_post
from tests.dashboard import access_table
from tests.dashboard.access_table import TOKEN, Door, Line, allowed, doors
from tests.dashboard.world import DUTY, HERE, SERVICE, Somebody, browser_of, judge, opened

ROLES = (None, *Role)
# What stands in the answer to somebody whose roles, or whose service, may not do it.
REFUSED = (b"You cannot do this as", b"shares this incident with")
PARTNER = "Northgate Fire"


@pytest.fixture
def incident(store):
    incident = opened(store)
    judge(store, incident, [a_post("The dam has burst", minute=1), a_post("No it has not", minute=2)])
    return incident


@pytest.fixture
def app(store, incident, monkeypatch):
    monkeypatch.setattr("dashboard.http.limits.RateLimits.wait", lambda *_: 0)
    return access_table.app_of(store)


def somebody(role: Role | None, service: str = SERVICE) -> Somebody | None:
    return None if role is None else Somebody(f"The {role}", role, service)


def share(store, incident, standing: Standing) -> Incident:
    """Police keep the incident; the fire service may act in it, or see it."""
    partners = {"acted_on_by" if standing is Standing.ACTS else "seen_by": (PARTNER,)}
    changed = replace(incident, of_service=SERVICE, **partners)
    return store.incidents.record(changed, DUTY.officer, "a joint incident").result()


def is_refused(answer) -> bool:
    if answer.status_code in {401, 403} or (answer.location or "").startswith("/sign-in?"):
        return True
    return any(said in answer.data for said in REFUSED)


def test_every_door_has_a_line_that_says_what_it_takes(app):
    assert [f"{door.kind}: {door.name}" for door in doors(app) if not door.lines] == []


def test_no_line_is_about_a_door_that_is_gone(app):
    there = {(door.kind, door.name) for door in doors(app)}
    tables = (
        ("route", access_table.ROUTES),
        ("callback", access_table.CALLBACKS),
        ("command", access_table.COMMANDS),
    )
    assert [(kind, name) for kind, table in tables for name in table if (kind, name) not in there] == []


def test_every_act_is_asked_for_by_some_door(app):
    asked = {line.needs for door in doors(app) for line in door.lines}
    assert [act for act in MAY if act not in asked] == []


@pytest.mark.parametrize("role", ROLES)
def test_every_callback_is_open_to_whom_it_should_be_and_to_nobody_else(app, incident, role):
    wrong = []
    for door, line in of_kind(app, "callback"):
        who = somebody(role)
        answer = browser_of(app, who).post(CALLBACKS_AT, json=body(app, door, line, incident, who), base_url=HERE)
        if is_refused(answer) is allowed(line, role) or answer.status_code >= 404:
            wrong.append((door.name, line.variant, answer.status_code, answer.data[:200]))
    assert wrong == []


@pytest.mark.parametrize("standing", [Standing.ACTS, Standing.SEES])
@pytest.mark.parametrize("role", Role)
def test_to_a_partner_every_callback_is_open_that_should_be_and_no_other(app, store, incident, role, standing):
    share(store, incident, standing)
    who, wrong = somebody(role, PARTNER), []
    for door, line in of_kind(app, "callback"):
        answer = browser_of(app, who).post(CALLBACKS_AT, json=body(app, door, line, incident, who), base_url=HERE)
        if is_refused(answer) is allowed(line, role, standing) or answer.status_code >= 404:
            wrong.append((door.name, line.variant, answer.status_code, answer.data[:200]))
    assert wrong == []


def of_kind(app, kind: str) -> list[tuple[Door, Line]]:
    return [(door, line) for door in doors(app) if door.kind == kind for line in door.lines]


def body(app, door: Door, line: Line, incident, who: Somebody | None):
    one = app.callback_map[door.key]
    outputs = [
        dict(zip(("id", "property"), part.rsplit(".", 1), strict=True)) for part in door.key.strip(".").split("...")
    ]
    sent = line.sent
    if isinstance(sent, dict):
        sent = {**sent, "incident": incident.id, "about": {**sent.get("about", {}), "incident": incident.id}}
        if "acts" in sent and who is not None:
            sent["coder"] = coder(who)
    return {
        "output": door.key,
        "outputs": outputs if door.key.startswith("..") else outputs[0],
        "inputs": [put(one, sent if place == 0 else None, incident) for place, one in enumerate(one["inputs"])],
        "state": [put(one, None, incident) for one in one["state"]],
        "changedPropIds": [f"{one['inputs'][0]['id']}.{one['inputs'][0]['property']}"],
    }


def put(one, sent, incident):
    """What a page of the incident would hold there."""
    if "ALL" in one["id"]:
        return []
    if sent is None and one["id"].endswith("-context"):
        sent = {"incident": incident.id, "as_of": None, "rumour": "dam", "rumours": "", "beside": ""}
    return {**one, "value": sent}


def coder(who: Somebody) -> str:
    return person_of(checked_officer(who.officer))


@pytest.mark.parametrize("role", ROLES)
def test_every_route_is_open_to_whom_it_should_be_and_to_nobody_else(app, incident, role):
    wrong = []
    for door, line in of_kind(app, "route"):
        if line.needs is access_table.PROOF:
            continue
        method, path = door.name.split()
        if door.name == "POST /sign-out":
            # It would end what the next ones are tried with; test_sign_in.py signs out.
            continue
        answer = at(app, method, path, line, incident, role)
        if is_refused(answer) is allowed(line, role) and (method, path) not in OF_FORMS:
            wrong.append((door.name, answer.status_code, answer.data[:200]))
    assert wrong == []


@pytest.mark.parametrize("standing", [Standing.ACTS, Standing.SEES])
def test_a_partner_brings_no_file_in(app, store, incident, standing):
    share(store, incident, standing)
    for role in Role:
        sent = {"name": "x", "size": 1, "incident": incident.id}
        answer = browser_of(app, somebody(role, PARTNER)).post("/import/begin", json=sent, base_url=HERE)
        assert is_refused(answer), role


# A stranger's form without the token of its page is no sign-in: 400, whoever asks.
OF_FORMS = {("POST", "/sign-in/code"), ("POST", "/sign-in"), ("POST", "/set-up")}


def at(app, method, path, line, incident, role):
    path = (
        path.replace("<path:path>", f"incident/{incident.id}")
        .replace("<path:filename>", "plain.css")
        .replace("<string:package_name>/<path:fingerprinted_path>", "dash/x.js")
    )
    sent = {**line.sent, "incident": incident.id} if line.sent else {}
    if "about" in sent:
        sent["about"] = {**sent["about"], "incident": incident.id}
    return browser_of(app, somebody(role)).open(path, method=method, json=sent or None, base_url=HERE)


@pytest.mark.parametrize("role", ROLES)
def test_every_command_is_open_to_whom_it_should_be_and_to_nobody_else(app, incident, role):
    client, wrong = app.server.test_client(), []
    for door, line in of_kind(app, "command"):
        if line.sent is None:
            # It opens the data folder itself: the file system says who may.
            continue
        way, asked = line.sent
        officer = {"name": "A. Person", "role": role.value if role else "administrator"}
        sent = {"officer": officer, "incident": incident.id, "existing": incident.id, **asked}
        headers = {"Authorization": f"Bearer {TOKEN}"} if role else {}
        answer = client.post(f"/command/{way}", json=sent, headers=headers, base_url=HERE)
        if is_refused(answer) is allowed(line, role):
            wrong.append((door.name, line.variant, answer.status_code, answer.data[:200]))
    assert wrong == []


def test_a_proof_that_is_none_opens_nothing_to_anybody(app):
    for role in ROLES:
        browser = browser_of(app, somebody(role))
        assert browser.post("/in/tipline", data=b"{}", base_url=HERE).status_code == 404
        assert browser.post("/sign-out/provider", data={"logout_token": "x"}, base_url=HERE).status_code == 404
        for way in ("incident", "take", "audit", "labels", "mapping", "user"):
            answer = browser.post(f"/command/{way}", json={}, headers={"Authorization": "Bearer x"}, base_url=HERE)
            assert answer.status_code == 403


def test_the_table_can_be_printed(capsys):
    access_table.main()
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) > 100
    assert {len(line.split("\t")) for line in printed} == {4 + 3 * len(Role)}
