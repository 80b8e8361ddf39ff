"""`grapevine audit`: what it finds, what it writes, and that taking it is entered; with a server and without."""

import csv
import json
import threading
from functools import partial

import pytest
from waitress.server import create_server

from dashboard.commands.data_folder import open_store, write_owner
from dashboard.http import command_api
from dashboard.http.auditing import audit_asked
from dashboard.publish import audit as published
from dashboard.words import audit as audit_words
from models.clock import SystemClock
from models.domain.acts import Act, Officer
from models.domain.audit import AuditEntry, AuditFault, AuditFilter, AuditKind, AuditNote, FaultKind
from models.store.duckdb.store import DuckDBStore
from tests.builders import NOON, OFFICER, a_post
from tests.dashboard.test_commands import run_in
from tests.dashboard.world import an_app, judge, opened

SIGNED_IN = Officer("S. Igned-In", "duty", "Northgate Police", "u17")
REASON = "=HYPERLINK(1) bell \x07"


def with_acts(store: DuckDBStore) -> None:
    incident = opened(store)
    judge(store, incident, [a_post("The dam has burst"), a_post("No")])
    store.acts.decide(incident.id, "dam", Act.TAKE, SIGNED_IN, REASON).result()
    store.acts.decide(incident.id, "dam", Act.PARK, OFFICER, "later").result()


@pytest.fixture
def alone(tmp_path):
    """Runs the command beside a database that nobody has open."""
    store = open_store(tmp_path / "data", SystemClock())
    with_acts(store)
    store.close()
    return partial(run_in, tmp_path)


@pytest.fixture
def served(tmp_path):
    """Runs the command beside a server that owns the database."""
    clock, folder = SystemClock(), tmp_path / "data"
    store = open_store(folder, clock)
    with_acts(store)
    app = an_app(store)
    command_api.register(app, store, clock, "token")
    server = create_server(app.server, host="127.0.0.1", port=0)
    threading.Thread(target=server.run, daemon=True).start()
    write_owner(folder, f"http://127.0.0.1:{server.effective_port}/", "token")
    yield partial(run_in, tmp_path)
    server.close()
    store.close()


@pytest.fixture(params=["alone", "served"])
def grapevine(request):
    return request.getfixturevalue(request.param)


def test_an_audit_that_follows_is_told_with_its_head(grapevine):
    ran = grapevine("audit", "verify")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("2 entries, all follow; head ")


def test_what_somebody_did_to_the_database_is_found_and_named(alone, tmp_path):
    store = open_store(tmp_path / "data", SystemClock())
    with store.engine.connection.cursor() as connection:
        connection.execute("update audit_entries set officer = 'Somebody' where number = 1")
        connection.execute("delete from decisions where number = 2")
    store.close()
    ran = alone("audit", "verify")
    assert ran.returncode == 1
    heading, changed, removed, todo = ran.stdout.splitlines()
    assert heading == "2 entries, and 2 faults found:"
    assert changed.startswith("Entry 1 was changed; it now says: act, take, by Somebody, ")
    assert removed.startswith("What entry 2 is about (act, park, by J. Officer, ")
    assert todo == audit_words.WHAT_TO_DO


def test_an_export_by_incident_holds_every_entry_and_is_entered_itself(grapevine, tmp_path):
    ran = grapevine("audit", "export", "--incident", "Northgate flood", "--out", "audit.csv", "--reason", "review")
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "audit.csv").stat().st_mode & 0o777 == 0o600
    rows = read_csv(tmp_path / "audit.csv")
    assert [(row["what"], row["officer"], row["service"], row["user"]) for row in rows] == [
        ("park", "J. Officer", "", ""),
        ("take", "S. Igned-In", "Northgate Police", "u17"),
    ]
    assert rows[1]["reason"] == "'=HYPERLINK(1) bell "
    assert "salt" not in rows[0]
    again = grapevine("audit", "export", "--incident", "Northgate flood", "--out", "again.csv", "--reason", "again")
    assert again.returncode == 0, again.stderr
    first = read_csv(tmp_path / "again.csv")[0]
    assert (first["kind"], first["what"], first["reason"]) == ("consultation", "audit, csv", "review")
    assert grapevine("audit", "verify").stdout.startswith("4 entries, all follow")


@pytest.mark.parametrize("user", ["u17", "S. Igned-In"])
def test_an_export_by_person_holds_what_they_did(alone, tmp_path, user):
    ran = alone("audit", "export", "--user", user, "--format", "jsonl", "--out", "audit.jsonl", "--reason", "asked")
    assert ran.returncode == 0, ran.stderr
    (line,) = (tmp_path / "audit.jsonl").read_text().splitlines()
    told = json.loads(line)
    assert (told["number"], told["what"], told["user"], told["service"]) == (1, "take", "u17", "Northgate Police")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--reason", "review"), audit_words.CHOOSE),
        (("--user", "u17", "--reason", "review", "--format", "pdf"), audit_words.NO_SUCH_FORMAT),
        (("--user", "u17", "--reason", "review", "--role", "duty"), "You cannot do this as"),
        (("--user", "u17"), "reason"),
        (("--incident", "Southgate", "--reason", "review"), "No incident is called “Southgate”"),
    ],
)
def test_what_cannot_be_exported_is_refused_and_nothing_is_written(alone, tmp_path, options, says):
    ran = alone("audit", "export", "--out", "audit.csv", *options)
    assert ran.returncode != 0
    assert says in ran.stderr
    assert not (tmp_path / "audit.csv").exists()


@pytest.mark.parametrize("form", ["pdf", None, 7, [], {"csv": 1}])
def test_a_form_that_is_none_is_refused_whatever_is_sent(store, form):
    asked = {"officer": {"name": "I. Manager", "role": "information-manager"}, "reason": "review", "user": "u17"}
    status, answer = audit_asked(store, {**asked, "format": form})
    assert (status, list(answer["problems"])) == (422, ["format"])


def test_the_door_of_the_audit_is_shut_without_the_token(store):
    app = an_app(store)
    command_api.register(app, store, store.engine.clock, "token")
    asks = app.server.test_client().post
    for token in ("", "guessed"):
        answer = asks(
            "/command/audit",
            json={"verify": True},
            headers={"Authorization": f"Bearer {token}"},
            base_url="http://127.0.0.1",
        )
        assert answer.status_code == 403


def test_an_export_of_many_is_written_in_pieces(store, monkeypatch):
    monkeypatch.setattr(published, "ENTRIES_AT_ONCE", 3)
    made = [store.audit.note(AuditNote(AuditKind.CONSULTATION, "posts", SIGNED_IN)).result() for _ in range(8)]
    lines = list(published.audit_json_lines(store, AuditFilter(who="u17"), made[-1].number))
    told = [json.loads(line)["number"] for piece in lines for line in piece.splitlines()]
    assert told == [one.number for one in made[-2::-1]]
    assert len(lines) == 3


def test_an_empty_audit_says_so(store):
    assert audit_asked(store, {"verify": True}) == (200, {"follows": True, "says": [audit_words.NO_ENTRIES]})


@pytest.mark.parametrize("kind", FaultKind)
@pytest.mark.parametrize("last", [17, 19])
def test_every_fault_is_named_with_its_place(kind, last):
    note = AuditNote(AuditKind.ACT, "take", OFFICER)
    entry = AuditEntry(17, note, NOON, None, None, "0", "1")
    said = audit_words.fault(AuditFault(kind, 17, last, entry))
    assert "17" in said
    assert "{" not in said
    if kind.value in ("changed", "removed", "inserted", "reordered", "cut off"):
        assert ("19" in said) == (last == 19)


def test_a_record_without_an_entry_is_named_by_itself():
    one = AuditFault(FaultKind.RECORD_INSERTED, 0, 0, record="decision 5 of flood")
    assert audit_words.fault(one) == "The decision 5 of flood was never entered: it was inserted."


def read_csv(path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def test_doctor_says_whether_the_audit_follows(grapevine):
    ran = grapevine("doctor")
    assert ran.returncode == 0, ran.stdout
    assert "    Audit: 2 entries, all follow; head " in ran.stdout


def test_doctor_says_what_was_changed(alone, tmp_path):
    store = open_store(tmp_path / "data", SystemClock())
    with store.engine.connection.cursor() as connection:
        connection.execute("update audit_entries set officer = 'Somebody' where number = 1")
    store.close()
    ran = alone("doctor")
    assert ran.returncode == 1
    assert "the audit was changed. 2 entries, and 1 fault found: Entry 1 was changed" in ran.stdout


def test_a_check_of_a_few_seconds_says_how_far_it_got(store, monkeypatch):
    monkeypatch.setattr("models.store.duckdb.audit.BATCH", 4)
    for _ in range(10):
        store.audit.note(AuditNote(AuditKind.ACT, "take", OFFICER)).result()
    assert audit_asked(store, {"verify": True, "seconds": -1})[1] == {
        "follows": True,
        "says": [
            "In 0 seconds entries 1 to 4 of 10 were checked, and all follow. "
            "`grapevine audit verify` checks the rest."
        ],
    }
    assert audit_asked(store, {"verify": True, "seconds": 60})[1]["says"][0].startswith("10 entries, all follow")
