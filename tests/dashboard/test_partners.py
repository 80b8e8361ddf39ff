"""What a service sees of an incident that another shares with it: all but the notes that are not for it, and no door
tells it of one that is not shared.
"""

from dataclasses import replace

import pytest

from dashboard.forms import act, caption, correction, report, sighting, take_audit
from dashboard.forms.every_form import FORMS
from dashboard.http.limits import RateLimits
from models.domain.acts import Act
from models.domain.imports import Look, Progress, SeenTable, TableReading
from models.domain.users import Role
from models.errors import Refused
from models.store import Store
from tests.benchmarks.masked_handles import Found, open_every_page, take_everything
from tests.builders import a_post, an_import
from tests.dashboard.joint_incident import (
    AMBULANCE,
    COUNCIL,
    FIRE,
    FIRE_COMMS,
    NAME,
    NOTE,
    POLICE,
    JointIncident,
    joint_incident,
)
from tests.dashboard.little_browser import LittleBrowser
from tests.dashboard.world import (
    DUTY,
    VIEWER,
    NoImports,
    Somebody,
    an_app,
    answer_of,
    browser_of,
    call,
    judge,
    opened,
    problems_of,
    send,
)

LOOKS = Somebody("A. Mbulance", Role.DUTY, AMBULANCE)
DRAFT = {
    "verdict": "false", "wording": "The dam is whole.", "channel": "radio", "authority": "Gold", "evidence_url": "",
    "issued_at": "12:00", "review_by": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def no_limits(monkeypatch):
    monkeypatch.setattr(RateLimits, "wait", lambda *_: 0)


@pytest.fixture
def joint(store: Store) -> JointIncident:
    return joint_incident(store)


@pytest.fixture
def app(store, joint):
    store.engine.clock.advance_to(store.engine.clock.now().replace(hour=13))
    return an_app(store)


def everything_heard(app, joint: JointIncident, who: Somebody) -> str:
    """All that is answered to somebody who opens every page, now and halfway, and asks for every file."""
    browser, found = LittleBrowser(app, who), Found()
    open_every_page(browser, joint.incident, list(joint.rumours))
    for rumour in joint.rumours:
        browser.open(f"/incident/{joint.incident.id}/rumour/{rumour}", f"?as_of={joint.halfway}")
    # Merged away: the page says where it lives on, and how that came.
    browser.open(f"/incident/{joint.incident.id}/rumour/looters")
    for page in ("", "/story", "/review", "/settings", "/compare", "/coding"):
        browser.open(f"/incident/{joint.incident.id}{page}", f"?as_of={joint.halfway}")
    take_everything(browser, found, joint.incident, "dam")
    return "\n".join(text for _, text in browser.heard)


def notes_in(heard: str, whose: str) -> set[str]:
    return {one for one in NOTE.findall(heard) if whose in one}


# What somebody sees of another service's incident is the same in every role; these may do the most, and the least.
MOST_AND_LEAST = (Role.INFORMATION_MANAGER, Role.VIEWER)


@pytest.mark.parametrize(("service", "roles"), [(FIRE, Role), (AMBULANCE, MOST_AND_LEAST)])
def test_no_note_of_the_owner_is_found_in_anything_that_a_partner_gets_unless_it_is_shared(
    app, joint, service, roles
):
    for role in roles:
        heard = everything_heard(app, joint, Somebody(f"The {role}", role, service))
        assert notes_in(heard, "police") == set(), role
        assert notes_in(heard, "shared") == {"zqshared1x", "zqshared2x", "zqshared3x"}, role
        assert notes_in(heard, "fire") == ({"zqfire1x", "zqfire2x"} if service == FIRE else set()), role
        assert f"internal note of {POLICE}" in heard
        # It looked: what is said to the public, and who did what, are there.
        assert "The dam is whole." in heard
        assert f"duty officer, {POLICE}" in heard
        assert "A caption for all" in heard


def test_the_owner_reads_every_note_that_has_a_place_on_the_screens(app, joint):
    heard = everything_heard(app, joint, VIEWER)
    # The notes on coding, 12 and 13, are on no screen.
    assert notes_in(heard, "police") == {f"zqpolice{number}x" for number in range(1, 12)}
    assert notes_in(heard, "fire") == {"zqfire1x", "zqfire2x"}
    assert "internal note" not in heard


def test_a_service_without_a_share_is_not_told_that_there_is_an_incident(app, joint):
    for role in (Role.DUTY, *MOST_AND_LEAST):
        heard = everything_heard(app, joint, Somebody(f"The {role}", role, COUNCIL))
        for told in (NAME, "The dam has burst", "The dam is whole.", *notes_in(heard, "")):
            assert told not in heard, role


# --- What is answered where it is not shared is what is answered where there is none -------------------------------


# The audit is of all incidents: of those that are not shared its form takes no entry.
ABOUT_ONE = [one for one in FORMS if "incident" in one.about and one is not take_audit.FORM]


@pytest.mark.parametrize("form", ABOUT_ONE, ids=lambda form: form.name)
def test_a_form_about_what_is_not_shared_is_answered_as_one_about_nothing(app, joint, form):
    for role in Role:
        who = Somebody(f"The {role}", role, COUNCIL)
        answers = [
            problems_of(send(app, form, ANYTHING, {**ABOUT, "incident": name}, officer=who), form)
            for name in (joint.incident.id, "no-such-incident")
        ]
        assert answers[0] == answers[1] != {}, role


ANYTHING = {
    **DRAFT, "reason": "x", "format": "csv", "kind": "png", "sections": ["summary"], "text": "x", "size": "10",
    "coders": "2", "act": "merge", "into": "bridge", "flows": ["dam-0"], "heard_by": "radio", "heard_at": "12:00",
    "reliability": "x",
}  # fmt: skip
ABOUT = {
    "rumour": "dam", "claim": "x", "act": "take", "number": "1", "other": "bridge", "caption": "x", "round": "x",
    "as_of": "", "moment": "2026-11-20T12:00:00+00:00", "half_life": "60", "post": "1",
}  # fmt: skip


def test_a_file_that_was_not_fetched_is_gone_once_the_share_is(app, store, joint):
    owner = Somebody("An Analyst", Role.ANALYST, FIRE)
    changed = store.incidents.record(
        replace(joint.incident, of_service=FIRE, acted_on_by=(POLICE,)), DUTY.officer, "x"
    )
    about = {"incident": changed.result().id, "as_of": ""}
    sent = send(app, report.FORM, {"sections": ["summary"], "reason": "x"}, about, officer=owner, press="html")
    ticket = answer_of(sent, report.FORM)["keep"]["ticket"]
    withdraw(store, joint.incident)
    answer = browser_of(app, owner).post("/download", data={"ticket": ticket}, base_url="http://127.0.0.1")
    assert answer.status_code == 410


def withdraw(store: Store, one) -> None:
    store.incidents.record(replace(one, acted_on_by=(), seen_by=()), DUTY.officer, "the fire is out").result()


# --- Acts of a partner ---------------------------------------------------------------------------------------------


def about(joint: JointIncident, **more) -> dict[str, str]:
    return {"incident": joint.incident.id, "rumour": "dam", "claim": "x", **more}


def test_a_partner_who_acts_takes_and_corrects_and_each_act_shows_the_service(app, store, joint):
    taken = send(app, act.FORM, {"reason": "ours"}, about(joint, act="take"), officer=FIRE_COMMS)
    assert answer_of(taken, act.FORM)["saved"]
    assert answer_of(
        send(app, correction.FORM, DRAFT, about(joint), officer=FIRE_COMMS, request="two"), correction.FORM
    )["saved"]
    decision = store.acts.decisions(joint.incident.id, "dam")[1]
    assert (decision.act, decision.officer.service, decision.shared) == (Act.TAKE, FIRE, False)
    assert {one.recorded_by.service for one in store.acts.corrections(joint.incident.id)} == {POLICE, FIRE}
    browser = LittleBrowser(app, VIEWER)
    browser.open(f"/incident/{joint.incident.id}")
    assert f"{FIRE_COMMS.name}, {FIRE}" in str(browser.heard)


def test_a_partner_who_looks_does_nothing_and_is_told_whom_to_ask(app, store, joint):
    before = store.acts.decisions(joint.incident.id)
    for form, values, more in (
        (act.FORM, {"reason": "ours"}, {"act": "take"}),
        (correction.FORM, DRAFT, {}),
        (sighting.FORM, ANYTHING, {}),
        (caption.FORM, ANYTHING, {"moment": "2026-11-20T12:00:00+00:00"}),
    ):
        problems = problems_of(send(app, form, values, about(joint, **more), officer=LOOKS), form)
        assert problems["role"].startswith(f"{POLICE} shares this incident with {AMBULANCE} to see, not to act.")
        assert problems["role"].endswith(f"of {POLICE}.")
    assert store.acts.decisions(joint.incident.id) == before


def test_an_answer_does_not_quote_what_another_service_wrote_under_the_same_request(app, joint):
    sent = send(
        app,
        act.FORM,
        {"reason": "ours"},
        about(joint, act="take"),
        officer=FIRE_COMMS,
        request="the request of the police",
    )
    assert f"internal note of {POLICE}" in str(sent)
    assert NOTE.findall(str(sent)) == []


def test_a_writer_shares_a_note_by_ticking_the_box(app, store, joint):
    for number, chosen in enumerate(([], ["shared"])):
        values = {"reason": f"note {number}", "shared": chosen}
        send(app, act.FORM, values, about(joint, act="park"), request=f"request {number}")
    assert [one.shared for one in store.acts.decisions(joint.incident.id, "dam")[:2]] == [True, False]


def test_after_the_share_is_withdrawn_an_open_page_gives_way_and_no_act_is_taken(app, store, joint):
    context = {"incident": joint.incident.id, "as_of": None, "rumour": "dam"}
    inputs = [("rumour-tick.n_intervals", 1), ("rumour-acted.data", None)]
    poll = ("rumour-token.data", inputs, [("rumour-context.data", context)])
    assert "rumour-token" in call(app, *poll, "rumour-tick.n_intervals", FIRE_COMMS)
    withdraw(store, joint.incident)
    raw = raw_poll(app, poll, FIRE_COMMS)
    assert raw["response"] == {}
    assert "This incident is not shown to you" in str(raw["sideUpdate"]["content"])
    assert raw == raw_poll(app, poll, FIRE_COMMS, incident="no-such-incident")
    sent = send(app, act.FORM, {"reason": "ours"}, about(joint, act="take"), officer=FIRE_COMMS)
    assert "not shared with your service" in problems_of(sent, act.FORM)["incident"]


def raw_poll(app, poll, who: Somebody, **changes):
    name, inputs, state = poll
    ((key, context),) = state
    key_of = next(one for one in app.callback_map if name in one and "live.data" in one)
    wanted = app.callback_map[key_of]
    values = {**dict(inputs), key: {**context, **changes}}
    body = {
        "output": key_of,
        "outputs": [
            dict(zip(("id", "property"), part.rsplit(".", 1), strict=True)) for part in key_of.strip(".").split("...")
        ],
        "inputs": [{**one, "value": values.get(f"{one['id']}.{one['property']}")} for one in wanted["inputs"]],
        "state": [{**one, "value": values.get(f"{one['id']}.{one['property']}")} for one in wanted["state"]],
        "changedPropIds": ["rumour-tick.n_intervals"],
    }
    return browser_of(app, who).post("/_dash-update-component", json=body, base_url="http://127.0.0.1").get_json()


# --- Files of an incident that is not shared -----------------------------------------------------------------------


class OneImport(NoImports):
    """An import of the police that goes on, and a look that remembers how they read such a table."""

    def __init__(self, incident: str):
        self.one = an_import(incident, reason="zqpolice99x", file="secret.csv")
        self.cancelled: list[str] = []

    def progress(self) -> Progress:
        return Progress(self.one, 10, 5, 1.0)

    def look(self, upload, table=None) -> Look:
        seen = SeenTable(("Body",), {}, (), "CSV", "", "shape", 0)
        return Look("mine.csv", 10, TableReading({}, "Europe/London"), seen, remembered=self.one)

    def cancel(self, one, officer) -> None:
        if not one:
            raise Refused({"import": "No such import."})
        self.cancelled.append(one)


def test_an_import_into_what_is_not_shared_is_neither_told_nor_cancelled(store, joint):
    analyst, files = Somebody("A. Nalyst", Role.ANALYST, COUNCIL), OneImport(joint.incident.id)
    app, ours = an_app(store, imports=files), opened(store, name="Our own", of_service=COUNCIL)
    judge(store, ours, [a_post("A post of ours", minute=1)])
    context = ("import-context.data", {"incident": ours.id, "as_of": None})
    ticks = [("import-tick.n_intervals", 1), ("import-upload.data", None)]
    now = call(app, "import-now.children", ticks, [context], "import-tick.n_intervals", analyst)
    assert "secret.csv" not in str(now)
    looked = call(
        app, "import-check.hidden", [("import-upload.data", {"upload": "x"})], [], "import-upload.data", analyst
    )
    assert "mine.csv" in str(looked)
    assert "secret.csv" not in str(looked)
    request = ("import-request.data", {"act": "cancel", "import": files.one.id})
    call(app, "import-upload.data", [request], [context], request[0], analyst)
    assert files.cancelled == []
