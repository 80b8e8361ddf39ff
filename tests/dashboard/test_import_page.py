"""The import page: who may hand in a file, what a look at it shows, and what becomes of it."""

import json
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest

from dashboard.http.uploads import LARGEST_PIECE_BYTES
from ingest.normal_form import NormalForm
from ingest.running.imports import Imports
from models.domain.imports import ImportEnd
from models.domain.users import Grant, Role
from tests.builders import NOON, OFFICER, an_incident
from tests.dashboard.world import ADMINISTRATOR, ANALYST, DUTY, VIEWER, NoSources, an_app, browser_of, call, opened
from tests.waiting import until

HERE = "http://127.0.0.1:8050"
TABLE = (
    "Post No,When,Message,Who\n"
    "1,20/11/2026 09:00,The dam has burst says @dam_watch,jo_smith\n"
    "2,never,It has not,jo_smith\n"
    "3,20/11/2026 09:02,<script>alert(1)</script> \u202egnp,quidnunc\n"
)
MAPPED = {"created_at": "c:When", "id": "c:Post No", "author": "c:Who"}
FIELDS = ("text", "created_at", "author", "id", "lang")


@pytest.fixture
def incident(store):
    return opened(store)


@pytest.fixture
def imports(store, tmp_path):
    made = Imports(store, store.engine.clock, tmp_path, lambda name: NormalForm(name, b"key"), 1_000_000)
    yield made
    made.close(5)


@pytest.fixture
def app(store, imports):
    return an_app(store, NoSources(), imports)


def post(app, path, officer=ANALYST, **more):
    return browser_of(app, officer).post(f"/import/{path}", base_url=HERE, **more)


def begin(app, into, officer=ANALYST, **changes):
    asked = {"incident": into.id, "name": "posts.csv", "size": len(TABLE.encode())}
    return post(app, "begin", officer, json={**asked, **changes})


def hand_in(app, incident, text=TABLE, name="posts.csv"):
    upload = begin(app, incident, name=name, size=len(text.encode())).json["upload"]
    assert post(app, f"piece?upload={upload}&at=0", data=text.encode()).status_code == 200
    return {"upload": upload}


def selects(chosen=()):
    columns = [{"import-column": field} for field in FIELDS]
    return columns, [dict(chosen).get(field, "=") for field in FIELDS]


def look(app, upload):
    return call(app, "import-check.hidden", [("import-upload.data", upload)], [], "import-upload.data")


def look_again(app, upload, chosen=(), zone="Europe/London"):
    columns, values = selects(chosen)
    answer = call_with_columns(app, "import-preview.children", "import-zone", columns, values, zone, upload)
    return json.dumps(answer["import-preview"]["children"], ensure_ascii=False)


def call_with_columns(app, output, trigger, columns, values, zone, upload, request=None, officer=ANALYST, about=None):
    """Post to a callback that reads every select: Dash sends those as lists."""
    name, wanted = next((key, value) for key, value in app.callback_map.items() if output in key)
    known = {
        "import-zone.value": zone,
        "import-upload.data": upload,
        "import-request.data": request,
        "import-context.data": {"incident": about and about.id, "as_of": None},
    }

    def given(one):
        if one["id"].startswith("{"):
            several = columns if one["property"] == "id" else values
            pairs = zip(columns, several, strict=True)
            return [{"id": column, "property": one["property"], "value": value} for column, value in pairs]
        return {**one, "value": known[f"{one['id']}.{one['property']}"]}

    parts = [dict(zip(("id", "property"), part.rsplit(".", 1), strict=True)) for part in name.strip(".").split("...")]
    body = {
        "output": name,
        "outputs": parts if name.startswith("..") else parts[0],
        "inputs": [given(one) for one in wanted["inputs"]],
        "state": [given(one) for one in wanted["state"]],
        "changedPropIds": [f"{trigger}.value" if request is None else "import-request.data"],
    }
    answer = browser_of(app, officer).post("/_dash-update-component", json=body, base_url=HERE)
    assert answer.status_code == 200, answer.text
    # Where the page itself gives way, that comes beside the answer.
    return answer.json["response"] | answer.json.get("sideUpdate", {})


def press(app, incident, upload, chosen=(), officer=ANALYST, **request):
    columns, values = selects(chosen)
    request = {"act": "start", "reason": "asked for by silver", "takes": "all", "at": 1, **request}
    output = "import-upload.data...import-problem"
    answer = call_with_columns(
        app, output, "import-request", columns, values, "Europe/London", upload, request, officer, incident
    )
    return answer.get("import-problem", {}).get("children")


def poll(app, incident, drawn=None):
    inputs = [("import-tick.n_intervals", 1), ("import-upload.data", None)]
    state = [("import-context.data", {"incident": incident.id, "as_of": None}), ("import-drawn.data", drawn)]
    return call(app, "import-now.children", inputs, state, "import-tick.n_intervals")


@pytest.mark.parametrize("officer", [DUTY, VIEWER])
def test_only_an_analyst_or_an_administrator_hands_in_a_file(app, incident, officer, tmp_path):
    answer = begin(app, incident, officer)
    assert answer.status_code == 422
    assert answer.json["problem"]
    assert not (tmp_path / "uploads").exists()


def test_the_refusal_says_whom_to_ask(app, incident):
    assert "Ask an administrator or an analyst" in begin(app, incident, DUTY).json["problem"]
    assert begin(app, incident, ADMINISTRATOR).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [{"incident": "none"}, {"incident": None}, {"name": 5}, {"name": "posts.exe"}, {"size": -1}, {"size": "9"}],
)
def test_what_no_browser_of_ours_sends_is_refused(app, incident, changes):
    assert begin(app, incident, **changes).status_code == 422


def test_pieces_are_small_known_and_from_this_site(app, incident):
    upload = begin(app, incident).json["upload"]
    path = f"piece?upload={upload}&at=0"
    assert post(app, path, data=b"x" * (LARGEST_PIECE_BYTES + 1)).status_code == 413
    assert post(app, path, data=b"").status_code == 413
    assert post(app, "piece?upload=guessed&at=0", data=b"x").status_code == 422
    assert post(app, f"piece?upload={upload}&at=first", data=b"x").status_code == 422
    assert post(app, path, data=b"x", headers={"Origin": "https://elsewhere.example"}).status_code == 403


def test_who_may_no_longer_import_brings_no_further_piece_and_drops_no_file(app, store, incident, tmp_path):
    upload = begin(app, incident).json["upload"]
    former = replace(ANALYST.user, grants=frozenset({Grant(Role.VIEWER, ANALYST.service)}))
    store.users.record(former, None, "moved on").result()
    for answer in (post(app, f"piece?upload={upload}&at=0", data=b"x"), post(app, f"drop?upload={upload}")):
        assert answer.status_code == 422
        assert "You cannot do this as" in answer.json["problem"]
    assert [path.name for path in (tmp_path / "uploads").iterdir()] == [upload]


def test_a_file_that_is_given_up_is_gone(app, incident, tmp_path):
    upload = hand_in(app, incident)
    post(app, f"drop?upload={upload['upload']}")
    assert list((tmp_path / "uploads").iterdir()) == []
    assert "no longer here" in json.dumps(look(app, upload)["import-facts"])


def test_a_look_tells_what_it_is_and_offers_every_column(app, incident):
    shown = json.dumps(look(app, hand_in(app, incident)))
    assert "table, by the names of its columns" in shown
    assert '"Message (found)"' in shown
    assert '"c:Post No"' in shown


def test_the_first_rows_are_shown_as_they_will_be_read_with_handles_masked(app, incident):
    shown = look_again(app, hand_in(app, incident), MAPPED)
    assert "20 Nov 2026, 09:00" in shown
    assert "The dam has burst says @…" in shown
    assert "cannot be read: Time" in shown
    assert "never" in shown
    for hidden in ("dam_watch", "jo_smith", "quidnunc", "\u202e"):
        assert hidden not in shown


def test_a_look_that_fails_for_a_reason_unforeseen_says_so(app, incident, imports, monkeypatch):
    upload = hand_in(app, incident)

    def fail(*given):
        raise KeyError("jo_smith")

    monkeypatch.setattr(imports, "look", fail)
    for shown in (json.dumps(look(app, upload)), look_again(app, upload)):
        assert "This file cannot be looked at." in shown
        assert "jo_smith" not in shown
    assert look(app, upload)["import-confirm"]["hidden"] is True


def test_what_cannot_be_read_is_masked_too(app, incident):
    shown = look_again(app, hand_in(app, incident, "id,text,created_at\n1,dam,asked @jo_smith\n"))
    assert "asked @…" in shown
    assert "jo_smith" not in shown


def test_another_zone_moves_the_times(app, incident):
    shown = look_again(app, hand_in(app, incident), MAPPED, zone="Asia/Tokyo")
    assert "20 Nov 2026, 00:00" in shown


def test_a_zone_or_a_field_that_does_not_exist_is_told(app, incident):
    upload = hand_in(app, incident)
    assert "no such time zone" in look_again(app, upload, zone="Europe/Lundon")
    assert "no column" in look_again(app, upload, {"text": "c:Words"})


def test_an_import_is_logged_with_who_why_and_its_account(app, store, incident, imports):
    assert press(app, incident, hand_in(app, incident), MAPPED) is None
    until(lambda: imports.progress() is None)
    answer = poll(app, incident)
    shown = json.dumps(answer["import-log"]["children"], ensure_ascii=False)
    for said in (
        "A. Nalyst (analyst, Northgate Police): asked for by silver",
        "3 read: 2 kept, 1 dead letter.",
        "Dead letters: wrong type: created_at 1.",
        "read to its end",
        "times without a zone are read as Europe/London",
    ):
        assert said in shown
    assert "import-log" not in poll(app, incident, answer["import-drawn"]["data"])


def test_who_listens_hears_once_how_the_import_under_way_ended(app, store, incident, imports):
    press(app, incident, hand_in(app, incident), MAPPED)
    until(lambda: imports.progress() is None)
    (one,) = store.imports.of()
    answer = poll(app, incident, [one.id, None])
    heard = next(value["children"] for name, value in answer.items() if name.startswith("announce"))
    assert heard == "posts.csv: read to its end. 3 read: 2 kept, 1 dead letter."
    for drawn in (None, [one.id, one.id]):
        assert not any(name.startswith("announce") for name in poll(app, incident, drawn))
    poll(app, incident, {"hostile": 1})


def test_what_is_drawn_already_is_not_read_again_each_second(app, store, incident, imports, monkeypatch):
    press(app, incident, hand_in(app, incident), MAPPED)
    until(lambda: imports.progress() is None)
    drawn = poll(app, incident)["import-drawn"]["data"]
    monkeypatch.setattr(store.sources, "reading_counts", None)
    monkeypatch.setattr(store.sources, "told_of_files", None)
    assert "import-log" not in poll(app, incident, drawn)


def test_nothing_begins_without_a_reason_a_role_a_file_and_an_open_incident(app, store, incident, imports):
    upload = hand_in(app, incident)
    assert "Enter a reason" in press(app, incident, upload, reason=" ")
    assert "cannot do this" in press(app, incident, upload, officer=DUTY)
    assert "Choose a file first" in press(app, incident, {})
    assert "no longer here" in press(app, incident, {"upload": "guessed"})
    assert "cannot be done" in press(app, incident, upload, act="erase")
    assert "ended already" in press(app, incident, upload, act="cancel", **{"import": "none"})
    store.incidents.record(an_incident(closed_at=NOON), OFFICER, "over").result()
    assert "is closed" in press(app, incident, upload)
    assert store.imports.of() == []


def test_the_page_of_an_incident_that_is_no_longer_shown_gives_way(app, incident, caplog):
    columns, values = selects()
    given = (columns, values, "Europe/London", hand_in(app, incident), {"act": "start"}, ANALYST)
    answer = call_with_columns(
        app, "import-upload.data...import-problem", "import-request", *given, replace(incident, id="another")
    )
    assert "This incident is not shown to you" in str(answer["content"])
    assert "an import could not begin" not in caplog.text


def test_what_broke_off_says_how_to_go_on(app, store, incident, imports):
    press(app, incident, hand_in(app, incident))
    until(lambda: imports.progress() is None)
    (one,) = store.imports.of()
    store.imports.end(one.id, ImportEnd.CANCELLED, "by A. Nalyst (analyst)").result()
    shown = json.dumps(poll(app, incident)["import-log"]["children"])
    assert "Import the same file again to add what is missing" in shown


def route(app, path, search=""):
    inputs = [("url.pathname", path), ("url.search", search)]
    return json.dumps(call(app, "content.children", inputs, [], "url.pathname")["content"])


def test_the_page_names_its_incident_and_is_of_the_present_only(app, store, incident):
    path = f"/incident/{quote(incident.id)}/import"
    assert "Import a file into Northgate flood" in route(app, path)
    store.engine.clock.advance_to(NOON + timedelta(minutes=5))
    assert "exists in the present only" in route(app, path, "?as_of=2026-11-20T12:03:00Z")
    store.incidents.record(an_incident(closed_at=NOON), OFFICER, "over").result()
    assert "This incident is closed" in route(app, path)


def test_the_sources_page_tells_each_file_with_its_time_and_what_was_told(app, store, incident, imports):
    for _ in range(2):
        press(app, incident, hand_in(app, incident), MAPPED)
        until(lambda: imports.progress() is None)
    states = NoSources()
    states.states = lambda: [imports.state()]
    shown = json.dumps(
        call(
            an_app(store, states, imports),
            "source-account.children",
            [("source-chosen.data", "import"), ("sources-tick.n_intervals", 1)],
            [],
            "source-chosen.data",
        )
    )
    assert shown.count("posts.csv, 20 Nov 2026, 12:00") == 4
    assert "Told on reading posts.csv, 20 Nov 2026, 12:00" in shown
    assert "times without a zone are read as Europe/London" in shown
    assert "--zone" not in shown
