"""A command asks the running server that owns the database, and says in one line where it gives no answer."""

import json
import threading
import zipfile
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import waitress

from dashboard.commands.data_folder import open_store, write_owner
from dashboard.http import command_api
from models.clock import SystemClock
from tests.builders import a_post, an_import
from tests.dashboard.test_commands import run_in
from tests.dashboard.world import an_app, judge, opened


@pytest.fixture
def grapevine(tmp_path):
    return partial(run_in, tmp_path)


@pytest.fixture
def owned(tmp_path):
    """A database with one rumour that this process holds, so that a command cannot open it."""
    store = open_store(tmp_path / "data", SystemClock())
    judge(store, opened(store), [a_post("The dam has burst"), a_post("No")])
    yield store
    store.close()


@pytest.fixture
def server(owned, tmp_path):
    app = an_app(owned)
    command_api.register(app, owned, owned.engine.clock, "token")
    server = waitress.create_server(app.server, host="127.0.0.1", port=0)
    threading.Thread(target=server.run, daemon=True).start()
    write_owner(tmp_path / "data", f"http://127.0.0.1:{server.effective_port}/", "token")
    yield server
    server.close()
    server.task_dispatcher.shutdown()


@pytest.mark.usefixtures("server")
def test_incidents_are_changed_and_listed_by_the_server(grapevine, owned):
    assert grapevine("incident", "change", "Northgate flood", "--watch", "dam", "--by", "A. Officer").returncode == 0
    (told,) = json.loads(grapevine("incident", "list", "--json").stdout)
    assert told["terms"] == ["dam"]
    assert owned.incidents.all()[0].watch.terms == ("dam",)


def test_how_a_table_is_to_be_read_is_told_to_who_has_the_token(owned):
    owned.imports.begin(an_import(owned.incidents.all()[0].id)).result()
    app = an_app(owned)
    command_api.register(app, owned, owned.engine.clock, "token")

    def ask(shape, token="token"):
        headers = {"Authorization": f"Bearer {token}"}
        return app.server.test_client().post(
            "/command/mapping", json={"shape": shape}, headers=headers, base_url="http://127.0.0.1"
        )

    assert ask("shape").json["mapping"]["columns"] == {"text": "Body 1"}
    assert ask("another").json == {"mapping": None}
    assert ask("shape", "guessed").status_code == 403


def test_a_role_that_may_not_keep_incidents_is_refused(store):
    asked = {
        "fields": {"name": "Northgate flood"},
        "officer": {"name": "A. Nalyst", "role": "analyst"},
        "reason": "opened",
    }
    status, answer = command_api.record_asked(store, store.engine.clock, asked)
    assert (status, list(answer["problems"])) == (422, ["role"])
    assert store.incidents.all() == []


@pytest.mark.usefixtures("server")
def test_a_file_comes_from_the_server_and_is_recorded_there(grapevine, owned, tmp_path):
    ran = grapevine("export", "Northgate flood", "--out", "out.zip", "--reason", "debrief")
    assert ran.returncode == 0, ran.stderr
    assert zipfile.ZipFile(tmp_path / "out.zip").read("posts.csv").count(b"\r\n") == 3
    assert [one.reason for one in owned.consultations.of(owned.incidents.all()[0].id)] == ["debrief"]


@pytest.mark.usefixtures("server")
def test_labels_come_from_the_server(grapevine, tmp_path):
    ran = grapevine("labels", "Northgate flood", "--out", "labels.jsonl")
    assert "0 labelled posts" in ran.stderr
    assert (tmp_path / "labels.jsonl").read_bytes() == b""


@pytest.mark.usefixtures("server")
def test_what_the_server_refuses_is_refused_in_one_line(grapevine):
    ran = grapevine("incident", "close", "Southgate fire")
    assert (ran.returncode, len(ran.stderr.strip().splitlines())) == (2, 1)
    assert "No incident is called" in ran.stderr


@pytest.mark.parametrize(
    ("status", "kind", "body", "says"),
    [
        (403, "application/json", b'{"problems": {"token": "Not allowed."}}', "The server answered 403"),
        (200, "application/json", b"{", "did not answer (JSONDecodeError)"),
        (500, "text/html", b"<h1>Oh dear</h1>", "did not answer (JSONDecodeError)"),
        # Half a file: the length says more than comes.
        (200, "application/zip", b"PK", "did not answer (RemoteProtocolError)"),
    ],
)
@pytest.mark.usefixtures("owned")
def test_an_answer_that_is_none_is_one_line_and_leaves_no_file(grapevine, tmp_path, status, kind, body, says):
    class Broken(BaseHTTPRequestHandler):
        def do_POST(self):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body) + (kind == "application/zip")))
            self.end_headers()
            self.wfile.write(body)

    with ThreadingHTTPServer(("127.0.0.1", 0), Broken) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        write_owner(tmp_path / "data", f"http://127.0.0.1:{server.server_port}/", "token")
        ran = grapevine("export", "Northgate flood", "--out", "out.zip", "--reason", "debrief")
        server.shutdown()
    assert ran.returncode == 1
    assert says in ran.stderr
    assert [path.name for path in tmp_path.iterdir() if path.name not in ("data", "store")] == []
