"""Taking something out by the forms: who may, what is recorded, and that a ticket gives its file once."""

import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dashboard.access import MAY, SystemAct
from dashboard.forms import export, report
from dashboard.http import command_api, downloads
from dashboard.publish.selection import Format
from dashboard.publish.tickets import MOST_TICKETS, VALID_SECONDS, Download, Tickets
from models.domain.acts import Officer
from tests.builders import NOON, a_post
from tests.dashboard.world import (
    ADMINISTRATOR,
    ANALYST,
    COMMS,
    DUTY,
    INFORMATION,
    VIEWER,
    an_app,
    answer_of,
    browser_of,
    judge,
    opened,
    problems_of,
    send,
)

OFFICERS = {officer.role: officer for officer in (DUTY, COMMS, ANALYST, INFORMATION, ADMINISTRATOR, VIEWER)}


@pytest.fixture
def incident(store):
    incident = opened(store)
    judge(store, incident, [a_post("The dam has burst, says @dam_watch", minute=1), a_post("No", minute=2)])
    return incident


@pytest.fixture
def app(store, incident):
    return an_app(store)


def take(app, incident, *, about=(), request="one", officer=ANALYST, **values) -> Any:
    values = {"format": "csv", "handles": [], "reason": "debrief", **values}
    asked = {"incident": incident.id, "rumour": "", "as_of": "", **dict(about)}
    return send(app, export.FORM, values, asked, officer=officer, request=request)


def ticket_of(sent, form=export.FORM) -> str:
    return answer_of(sent, form)["keep"]["ticket"]


def fetch(app, ticket, officer=ANALYST, **headers):
    browser = browser_of(app, officer)
    return browser.post("/download", data={"ticket": ticket}, base_url="http://127.0.0.1", headers=headers)


def test_an_export_is_recorded_before_it_is_handed_out(app, store, incident):
    sent = take(app, incident)
    (recorded,) = store.consultations.of(incident.id)
    assert (recorded.what, recorded.filter, recorded.reason) == ("csv", "the whole incident", "debrief")
    assert (recorded.officer.name, recorded.officer.role) == ("A. Nalyst", "analyst")
    assert ticket_of(sent)


def test_the_file_that_a_ticket_gives_is_named_safely_and_holds_the_posts(app, incident):
    answer = fetch(app, ticket_of(take(app, incident)))
    assert answer.headers["Content-Disposition"] == "attachment; filename=Northgate-flood-20261120T1200Z-csv.zip"
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    assert archive.read("posts.csv").count(b"\r\n") == 3
    assert b"dam_watch" not in archive.read("posts.csv")


def test_a_ticket_gives_its_file_once(app, incident):
    ticket = ticket_of(take(app, incident))
    assert fetch(app, ticket).status_code == 200
    assert fetch(app, ticket).status_code == 410


def test_a_file_that_breaks_off_is_not_ended_as_if_it_were_whole(app):
    def breaks_off():
        yield b"half"
        raise RuntimeError("the disk is gone")

    with app.server.test_request_context():
        answer = downloads.streamed(Download("x.csv", "text/csv", breaks_off()))
        with pytest.raises(RuntimeError):
            answer.get_data()


@pytest.mark.parametrize("ticket", ["", "x" * 10_000, "../../etc/passwd", "\x00"])
def test_what_is_no_ticket_gives_nothing(app, ticket):
    answer = fetch(app, ticket)
    assert (answer.status_code, answer.mimetype) == (410, "text/html")


def test_another_website_gets_nothing_for_a_ticket(app, incident):
    ticket = ticket_of(take(app, incident))
    assert fetch(app, ticket, Origin="http://evil.example").status_code == 403
    assert fetch(app, ticket).status_code == 200


def test_a_ticket_is_worth_nothing_in_anybody_elses_browser(app, incident):
    ticket = ticket_of(take(app, incident))
    for other in (INFORMATION, ADMINISTRATOR):
        assert fetch(app, ticket, other).status_code == 410
    assert fetch(app, ticket, None).status_code == 401
    assert fetch(app, ticket).status_code == 200


def test_a_get_gives_nothing(app, incident):
    ticket = ticket_of(take(app, incident))
    answer = browser_of(app, ANALYST).get(f"/download?ticket={ticket}", base_url="http://127.0.0.1")
    assert b"posts.csv" not in answer.data


@pytest.mark.parametrize("role", OFFICERS)
@pytest.mark.parametrize(
    ("values", "act"),
    [
        ({"format": "csv"}, SystemAct.EXPORT),
        ({"format": "parquet"}, SystemAct.EXPORT),
        ({"format": "interchange"}, SystemAct.EXPORT),
        ({"format": "csv", "handles": ["unmasked"]}, SystemAct.EXPORT_UNMASKED),
        ({"format": "png"}, SystemAct.REPORT),
        ({"format": "svg", "handles": ["unmasked"]}, SystemAct.REPORT),
    ],
)
def test_a_role_takes_what_it_may_and_nothing_else(app, store, incident, role, values, act):
    sent = take(app, incident, officer=OFFICERS[role], **values)
    if role in MAY[act]:
        assert ticket_of(sent)
    else:
        assert "cannot do this" in problems_of(sent, export.FORM)["role"]
    assert len(store.consultations.of(incident.id)) == (role in MAY[act])


def test_handles_are_kept_for_whom_they_may_and_the_record_says_so(app, store, incident):
    sent = take(app, incident, officer=INFORMATION, handles=["unmasked"])
    archive = zipfile.ZipFile(io.BytesIO(fetch(app, ticket_of(sent), INFORMATION).data))
    assert b"@dam_watch" in archive.read("posts.csv")
    assert [one.what for one in store.consultations.of(incident.id)] == ["csv, unmasked"]


@pytest.mark.parametrize("format", list(Format))
def test_every_form_of_the_whole_incident_and_of_a_rumour_can_be_taken(app, incident, format):
    for place, rumour in enumerate(("", "dam")):
        sent = take(app, incident, about={"rumour": rumour}, format=format.value, request=f"{place}")
        assert len(fetch(app, ticket_of(sent)).data) > 500


@pytest.mark.parametrize(
    ("about", "values", "field"),
    [
        ({}, {"reason": " "}, "reason"),
        ({}, {"format": "exe"}, "format"),
        ({"rumour": "no such rumour"}, {}, "rumour"),
        ({"incident": "no such incident"}, {}, "incident"),
        ({"as_of": "yesterday"}, {}, "as_of"),
        ({"as_of": "0001-01-01T00:00:00+14:00"}, {}, "as_of"),
        ({"as_of": "1969-12-31T23:59:59Z"}, {}, "as_of"),
    ],
)
def test_what_is_not_in_order_is_named_and_nothing_is_recorded(app, store, incident, about, values, field):
    assert field in problems_of(take(app, incident, about=about, **values), export.FORM)
    assert store.consultations.of(incident.id) == []


def test_a_second_try_is_one_consultation_of_the_same_moment(app, store, incident):
    take(app, incident)
    judge(store, incident, [a_post("Later", minute=3)])
    sent = take(app, incident)
    archive = zipfile.ZipFile(io.BytesIO(fetch(app, ticket_of(sent)).data))
    assert archive.read("posts.csv").count(b"\r\n") == 3
    assert len(store.consultations.of(incident.id)) == 1


def test_another_wish_under_the_same_request_is_not_handed_out(app, store, incident):
    take(app, incident)
    answer = answer_of(take(app, incident, format="parquet"), export.FORM)
    assert "keep" not in answer
    assert answer["again"]


def test_what_is_taken_on_a_page_of_the_past_is_of_the_past(app, store, incident):
    before = (NOON - timedelta(minutes=1)).isoformat()
    archive = zipfile.ZipFile(io.BytesIO(fetch(app, ticket_of(take(app, incident, about={"as_of": before}))).data))
    assert archive.read("posts.csv").count(b"\r\n") == 1


def test_what_is_taken_of_the_past_bears_the_name_that_the_incident_had_then(app, store, incident):
    then = store.last_known_at().isoformat()
    store.engine.clock.advance_to(NOON + timedelta(hours=1))
    renamed = replace(incident, name="Another name")
    store.incidents.record(renamed, Officer("A", "administrator"), "renamed").result()
    for as_of, name in ((then, incident.name), ("", "Another name")):
        sent = take(app, incident, about={"as_of": as_of}, request=name)
        archive = zipfile.ZipFile(io.BytesIO(fetch(app, ticket_of(sent)).data))
        assert f"Incident: {name} (" in archive.read("about.txt").decode()


def save_report(
    app, incident, *, press="html", sections=("summary", "method"), officer=DUTY, reason="debrief", as_of=""
) -> Any:
    values = {"sections": list(sections), "reason": reason}
    about = {"incident": incident.id, "as_of": as_of}
    return send(app, report.FORM, values, about, officer=officer, press=press)


@pytest.mark.parametrize(("press", "begins"), [("html", b"<!DOCTYPE html>"), ("pdf", b"%PDF-")])
def test_a_report_is_recorded_and_handed_out(app, store, incident, press, begins):
    answer = fetch(app, ticket_of(save_report(app, incident, press=press), report.FORM), DUTY)
    assert answer.data.startswith(begins)
    assert answer.headers["Content-Disposition"].endswith(f"-report.{press}")
    (recorded,) = store.consultations.of(incident.id)
    assert (recorded.what, recorded.filter) == (f"report, {press}", "summary, method")


def test_a_report_from_a_page_of_the_past_is_of_the_past(app, store, incident):
    then = store.last_known_at()
    store.engine.clock.advance_to(NOON + timedelta(hours=1))
    judge(store, incident, [a_post("Later")])
    page = fetch(app, ticket_of(save_report(app, incident, as_of=then.isoformat()), report.FORM), DUTY).text
    assert "2026-11-20T12:00:00" in page
    assert "2026-11-20T13:00:00" not in page
    assert [one.as_of for one in store.consultations.of(incident.id)] == [then]


def test_each_button_of_the_report_is_a_request_of_its_own(app, store, incident):
    for press in ("html", "pdf"):
        assert ticket_of(save_report(app, incident, press=press), report.FORM)
    assert len(store.consultations.of(incident.id)) == 2


def test_a_report_of_nothing_is_refused(app, store, incident):
    problems = problems_of(save_report(app, incident, sections=("rubbish",), reason=""), report.FORM)
    assert set(problems) == {"sections", "reason"}


def test_a_ticket_expires_and_the_oldest_makes_room():
    now = [0.0]
    tickets = Tickets(lambda: now[0])
    first = tickets.issue("me", lambda: Download("x", "text/plain", iter([])))
    kept = [tickets.issue("me", lambda: Download("x", "text/plain", iter([]))) for _ in range(MOST_TICKETS)]
    assert tickets.redeem("me", first) is None
    assert tickets.redeem("me", kept[0]) is not None
    now[0] = VALID_SECONDS + 1
    assert tickets.redeem("me", kept[1]) is None


# What a command says of its user.
AN_ANALYST = {"name": "A. Nalyst", "role": "analyst"}


@pytest.fixture
def commanded(store, incident):
    """A server that also answers commands of this computer."""
    app = an_app(store)
    command_api.register(app, store, store.engine.clock, "token")
    return app.server.test_client()


def command(client, to, token="token", **asked):
    body = {"incident": to.name, "format": "csv", "officer": AN_ANALYST, "reason": "debrief", **asked}
    headers = {"Authorization": f"Bearer {token}"}
    return client.post("/command/take", json=body, headers=headers, base_url="http://127.0.0.1")


def test_a_command_gets_the_file_from_the_server_that_owns_the_database(commanded, store, incident):
    archive = zipfile.ZipFile(io.BytesIO(command(commanded, incident).data))
    assert archive.read("posts.csv").count(b"\r\n") == 3
    assert command(commanded, incident, report=True, format="html").data.startswith(b"<!DOCTYPE html>")
    assert [one.what for one in store.consultations.of(incident.id)] == ["report, html", "csv"]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"token": "another"}, 403),
        ({"officer": {"name": "J. Officer", "role": "duty"}}, 422),
        ({"unmasked": True}, 422),
        ({"reason": ""}, 422),
        ({"incident": "no such incident"}, 422),
    ],
)
def test_a_command_that_may_not_gets_nothing(commanded, store, incident, asked, status):
    answer = command(commanded, incident, **asked)
    assert (answer.status_code, list(answer.json)) == (status, ["problems"])
    assert store.consultations.of(incident.id) == []
