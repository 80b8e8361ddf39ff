"""The application as served: what every answer carries, who is answered, and what the pages hold."""

import json
import re

import pytest
from dash import html

from dashboard import routing
from dashboard.components import playhead, shell
from dashboard.paths import board_path
from models.domain.sources import JUDGEMENT, SourcePhase, SourceState
from models.store.duckdb.store import DuckDBStore
from tests.builders import a_clock, a_post
from tests.conftest import ROOT
from tests.dashboard.world import SomeSources, a_public_app, an_app, browser_of, call, judge, opened

HERE = "http://127.0.0.1:8050"


@pytest.fixture
def incident(store):
    incident = opened(store, exercise=True)
    judge(store, incident, [a_post("The dam has burst, says @jo")])
    return incident


@pytest.fixture
def app(store, incident):
    return an_app(store)


@pytest.fixture
def browser(app):
    return browser_of(app)


def test_scripts_come_from_here_only_and_evaluate_nothing(browser):
    policy = browser.get("/", base_url=HERE).headers["Content-Security-Policy"]
    scripts = re.search(r"script-src ([^;]+)", policy).group(1)
    assert "unsafe" not in scripts
    assert "'self'" in scripts
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'self'" in policy
    assert {"object-src 'none'", "base-uri 'none'"} <= set(policy.split("; "))


@pytest.mark.parametrize("path", ["/", "/_dash-layout", "/_dash-dependencies", "/assets/tokens.css"])
def test_every_answer_carries_the_headers(browser, path):
    headers = browser.get(path, base_url=HERE).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_what_holds_data_is_not_kept_by_any_cache(browser):
    assert browser.get("/", base_url=HERE).headers["Cache-Control"] == "no-store"
    answer = browser.post("/_dash-update-component", json={}, base_url=HERE)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8050", "127.0.0.1.evil.example", "10.0.0.5:8050"])
def test_a_name_that_was_made_to_point_here_is_not_answered(browser, host):
    assert browser.get("/", base_url=f"http://{host}").status_code == 403


@pytest.fixture
def public(store):
    """The same behind a proxy, under a name of its own."""
    return a_public_app(store, "https://g.example:8443").server.test_client()


@pytest.mark.parametrize("host", ["g.example:8443", "g.example", "G.EXAMPLE", "127.0.0.1:8050", "localhost"])
def test_the_public_name_and_this_computer_are_answered(public, host):
    # By the way to the sign-in.
    assert public.get("/", base_url=f"http://{host}").status_code == 303


@pytest.mark.parametrize("host", ["evil.example", "g.example.evil.example", "10.0.0.5", "xg.example", "g.example@e"])
def test_beside_the_public_name_no_other_is_answered(public, host):
    assert public.get("/", headers={"Host": host}).status_code in {400, 403}


def test_the_public_pages_can_post_and_no_other_sites(public):
    def post(origin, host="g.example:8443"):
        headers = {"Origin": origin, "Host": host, "X-Forwarded-Proto": "https"}
        return public.post("/_dash-update-component", json={}, headers=headers).status_code

    # It is asked who is signed in, which another site's page is not.
    assert post("https://g.example:8443") == 401
    # A proxy that names itself in Host.
    assert post("https://g.example:8443", "127.0.0.1:8050") == 401
    others = (
        "http://g.example:8443",
        "https://g.example",
        "https://evil.example",
        "null",
        "",
        "https://g.example:8443.e",
    )
    assert [post(origin) for origin in others] == [403] * len(others)
    assert post("http://127.0.0.1:8050") == 403


def test_only_https_is_told_to_stay_https(public, browser):
    through = public.get("/", base_url="https://g.example", headers={"X-Forwarded-Proto": "https"})
    assert through.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in browser.get("/", base_url=HERE).headers


def test_no_script_of_ours_makes_elements_of_text_or_runs_it(browser):
    dangerous = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|srcdoc|\beval\(|new Function|"
        r"set(?:Timeout|Interval)\([\"'`]|postMessage|addEventListener\(\"message\"|__proto__"
    )
    folder = ROOT / "dashboard"
    scripts = [*sorted((folder / "assets").glob("*.js")), folder / "http" / "templates" / "plain.js"]
    assert len(scripts) > 20
    assert [one.name for one in scripts if dangerous.search(one.read_text(encoding="utf-8"))] == []


def test_nothing_of_a_developer_is_served(app, browser):
    assert app.server.debug is False
    assert not app.server.testing
    page = browser.get("/", base_url=HERE).text
    told = json.loads(page.partition('id="_dash-config" type="application/json">')[2].partition("<")[0])
    assert told
    assert not {"ui", "props_check", "hot_reload"} & {name for name, value in told.items() if value}
    for path in ("/console", "/_debug", "/?__debugger__=yes&cmd=resource&f=debugger.js"):
        assert "debugger" not in browser.get(path, base_url=HERE).text.lower()


def test_no_script_may_ask_for_a_camera_or_a_place(browser):
    headers = browser.get("/", base_url=HERE).headers
    assert {"camera=()", "geolocation=()", "usb=()"} <= set(headers["Permissions-Policy"].split(", "))
    assert headers["Cross-Origin-Resource-Policy"] == headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_our_own_forms_are_the_only_ones_that_may_be_sent(browser):
    assert "form-action 'self'" in browser.get("/", base_url=HERE).headers["Content-Security-Policy"]


def test_a_watcher_learns_under_any_name_that_it_lives_and_nothing_else(browser):
    for path, says in (("/healthz", "alive\n"), ("/readyz", "ready\n")):
        answer = browser.get(path, base_url="http://10.0.0.5:8050")
        assert (answer.status_code, answer.text) == (200, says)


def test_it_is_not_ready_once_the_judgement_has_stopped_and_says_no_more(store):
    stopped = SourceState(JUDGEMENT, SourcePhase.STOPPED, healthy=False, fault="J. Doe: no answer")
    watched = an_app(store, SomeSources(stopped)).server.test_client()
    answer = watched.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "not ready\n")
    assert watched.get("/healthz").status_code == 200


def test_a_source_that_failed_leaves_it_ready(store):
    failed = SourceState("feeds", SourcePhase.STOPPED, healthy=False, fault="no answer")
    assert an_app(store, SomeSources(failed)).server.test_client().get("/readyz").status_code == 200


def test_it_is_not_ready_while_the_database_gives_no_answer(store, monkeypatch):
    def fails(*_, **__):
        raise RuntimeError("the disk is gone")

    watched = an_app(store).server.test_client()
    monkeypatch.setattr(store.incidents, "all", fails)
    answer = watched.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "not ready\n")


@pytest.mark.parametrize("host", ["127.0.0.1:8050", "localhost", "localhost:9000", "[::1]:8050"])
def test_this_computer_is_answered(browser, host):
    # A browser keeps what it has of one name for that name only: under another, nobody is signed in.
    assert browser.get("/", base_url=f"http://{host}").status_code in {200, 303}


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:9999", "null"])
def test_another_sites_page_cannot_post(browser, origin):
    answer = browser.post("/_dash-update-component", json={}, base_url=HERE, headers={"Origin": origin})
    assert answer.status_code == 403


def test_our_own_page_can_post(browser):
    answer = browser.post("/_dash-update-component", json={}, base_url=HERE, headers={"Origin": HERE})
    assert answer.status_code != 403


def test_the_page_asks_no_other_host_for_anything(browser):
    page = browser.get("/", base_url=HERE).text
    assert not re.findall(r"""(?:src|href)=["'](?:https?:)?//[^"']+""", page)


def test_two_applications_live_in_one_process(store, incident):
    first, second = an_app(store), an_app(store)
    for app in (first, second):
        client = browser_of(app)
        assert client.get("/_dash-layout", base_url=HERE).status_code == 200
        assert len(client.get("/_dash-dependencies", base_url=HERE).json) == len(first.callback_map)


def test_what_a_callback_names_stands_on_a_screen(app):
    """The browser is not asked to check this: it would do so for every page."""
    screens = html.Div([shell.shell(), playhead.problem(), *(page.layout() for page in routing.PAGES)])
    there = {
        (part.id, name)
        for part in screens._traverse()
        if isinstance(getattr(part, "id", None), str)
        for name in part.available_properties
    }
    named = {
        (one["id"], one["property"])
        for called in app._callback_list
        for one in (*called["inputs"], *called["state"], *outputs_of(called["output"]))
    }
    # Ids that are patterns, and marks of elements, stand for what is drawn later.
    fixed = {(one, name) for one, name in named if not one.startswith("{") and not name.startswith("data-")}
    assert fixed - there == set()


def outputs_of(text):
    """The outputs as Dash writes them: one, or several between dots; none where a callback only does something."""
    parts = text.removeprefix("..").removesuffix("..").split("...")
    return [
        dict(zip(("id", "property"), one.split("@")[0].rsplit(".", 1), strict=True)) for one in parts if "." in one
    ]


@pytest.fixture
def read_always(monkeypatch):
    monkeypatch.setattr("dashboard.views.snapshot.SECONDS_BETWEEN_READS", 0.0)
    monkeypatch.setattr("dashboard.views.snapshot.REST_AFTER_READ", 0.0)


def route(app, path, search=""):
    return call(app, "content.children", [("url.pathname", path), ("url.search", search)], [], "url.pathname")


def test_the_front_page_is_the_newest_open_incidents_board(app, incident):
    answer = route(app, "/")
    assert incident.id in str(answer["content"])
    assert "EXERCISE" in str(answer["incident-bar"])


def test_an_unknown_address_says_so(app):
    assert "Page not found" in str(route(app, "/nowhere"))
    assert "This incident is not shown to you" in str(route(app, "/incident/nowhere"))


def test_without_an_incident_the_front_page_says_what_to_do(tmp_path):
    empty = DuckDBStore(tmp_path / "empty", a_clock())
    assert "No incident is open" in str(route(an_app(empty), "/"))
    empty.close()


def draw_list(app, incident, *, before=None, **changes):
    fields = {"board-tabs": "open", "board-rank": "fastest", "board-window": "all", "board-words": "", **changes}
    inputs = [(f"{name}.value", value) for name, value in fields.items()]
    more = [
        ("board-context.data", {"incident": incident.id}),
        ("board-show.n_clicks", None),
        ("board-fill.data", None),
        ("board-chosen-before.data", before),
    ]
    return call(app, "board-grid.rowData", inputs + more, [], "board-context.data")


def poll(app, incident, shown, token):
    given = [
        ("board-context.data", {"incident": incident.id}),
        ("board-shown.data", shown),
        ("board-token.data", token),
        ("board-tabs.value", "open"),
        ("board-rank.value", "fastest"),
        ("board-window.value", "all"),
    ]
    return call(
        app,
        "board-grid.rowTransaction",
        [("board-tick.n_intervals", 1), ("board-acted.data", None)],
        given,
        "board-tick.n_intervals",
    )


def test_the_list_shows_claims_masked(app, incident):
    (row,) = draw_list(app, incident)["board-grid"]["rowData"]
    assert row["id"] == "dam"
    assert "jo" not in row["claim"]


def test_a_poll_without_news_sends_the_clock_and_nothing_else(app, incident):
    drawn = draw_list(app, incident)
    answer = poll(app, incident, drawn["board-shown"]["data"], drawn["board-token"]["data"])
    assert set(answer) <= {"live", "sources", "sources-shown"}


def test_counts_change_in_place_and_a_new_rumour_waits(app, store, incident, read_always):
    drawn = draw_list(app, incident)
    judge(store, incident, [a_post("It burst")])
    judge(store, incident, [a_post("Looters in Market Street")], rumour="looters")
    answer = poll(app, incident, drawn["board-shown"]["data"], drawn["board-token"]["data"])
    assert [row["posts"] for row in answer["board-grid"]["rowTransaction"]["update"]] == [2]
    assert "1 new rumour since 12:00" in str(answer["board-show"]["children"])
    assert "board-fill" not in answer


def test_an_empty_board_takes_its_first_rumour_at_once(app, store, incident, read_always):
    drawn = draw_list(app, incident, **{"board-words": "nothing has these words"})
    assert drawn["board-empty"]["children"]
    judge(store, incident, [a_post("Looters")], rumour="looters")
    answer = poll(app, incident, drawn["board-shown"]["data"], drawn["board-token"]["data"])
    assert answer["board-fill"]["data"]


def test_a_board_without_a_source_says_so(tmp_path):
    empty = DuckDBStore(tmp_path / "empty", a_clock())
    assert "No source is configured" in draw_list(an_app(empty), opened(empty))["board-empty"]["children"]
    empty.close()


def test_a_reload_comes_back_to_the_rumour_that_was_chosen(app, store, incident, read_always):
    judge(store, incident, [a_post("Looters"), a_post("More looters")], rumour="looters")
    for chosen in ("dam", "looters"):
        assert draw_list(app, incident, before=chosen)["board-grid"]["selectedRows"] == {"ids": [chosen]}
    assert draw_list(app, incident, before="gone")["board-grid"]["selectedRows"]["ids"]


def show_rumour(app, context, drawn=None):
    given = [("rumour-changed.data", None), ("rumour-drawn.data", drawn)]
    return call(app, "rumour-life.children", given, [("rumour-context.data", context)], "rumour-drawn.data")


def test_an_unknown_rumour_has_neither_chart_nor_panels(app, incident):
    known = show_rumour(app, {"incident": incident.id, "rumour": "dam"})
    unknown = show_rumour(app, {"incident": incident.id, "rumour": "unheard of"})
    assert (known["rumour-split"]["hidden"], unknown["rumour-split"]["hidden"]) == (False, True)
    assert "not on the board" in str(unknown["rumour-head"])


def test_an_address_that_asks_for_no_moment_says_what_one_looks_like(app, incident):
    answer = str(route(app, board_path(incident.id), "?as_of=yesterday"))
    assert "There is no such moment" in answer
    assert "2026-11-20T21:40:00Z" in answer


@pytest.mark.parametrize("path", [5, ["/"], {}, None, "\ud800"])
def test_an_address_that_is_no_text_is_answered(app, path):
    assert route(app, path)


@pytest.mark.parametrize("value", ["zzz", 5, ["all"], {}, None])
def test_a_control_that_says_nothing_known_says_what_it_says_at_first(app, incident, value):
    odd = {"board-tabs": value, "board-rank": value, "board-window": value, "board-words": [value]}
    assert (
        draw_list(app, incident, **odd)["board-grid"]["rowData"] == draw_list(app, incident)["board-grid"]["rowData"]
    )


class Named:
    def __init__(self, incident_id):
        self.id = incident_id


@pytest.mark.parametrize("name", ["nowhere", ["a"], 5, {"a": 1}, None, ""])
def test_an_unknown_incident_is_read_for_nobody_and_nothing_is_kept_of_it(app, name, monkeypatch):
    def never(*given, **more):
        raise AssertionError("read")

    monkeypatch.setattr("dashboard.views.snapshot.read_rows", never)
    assert draw_list(app, Named(name)) == {}
    assert poll(app, Named(name), {"since": "12:00", "families": []}, None) == {}
    for context in (name, {"incident": name, "rumour": "dam"}):
        assert show_rumour(app, context) == {}


@pytest.mark.parametrize(
    ("shown", "token"), [([], 5), ({"families": 7}, ["x"]), ({"families": [1, [], [[1]]]}, {}), ("x", "-")]
)
def test_a_poll_made_by_hand_is_answered(app, incident, shown, token):
    assert "live" in poll(app, incident, shown, token)


@pytest.mark.parametrize("drawn", [[], 5, {"posts": "many"}, {"posts": 0, "since": ["x"]}])
def test_a_rumours_page_asked_for_by_hand_is_drawn(app, incident, drawn):
    assert show_rumour(app, {"incident": incident.id, "rumour": "dam"}, drawn)["rumour-head"]


@pytest.mark.parametrize("body", [[], {}, 5, "x", {"output": "nothing.here"}, {"output": ["x"], "inputs": 5}])
def test_a_body_that_is_no_request_is_refused_in_one_line(browser, body, caplog):
    answer = browser.post("/_dash-update-component", json=body, base_url=HERE)
    assert answer.status_code == 400
    assert "Traceback" not in answer.text + caplog.text


def test_a_screen_that_cannot_be_drawn_is_one_line_in_the_log(app, incident, monkeypatch, caplog):
    def fails(*given):
        raise ValueError("secret.duckdb")

    monkeypatch.setattr("dashboard.pages.board.chosen", fails)
    assert draw_list(app, incident) == {}
    assert "ValueError at" in caplog.text
    assert "secret" not in caplog.text


def test_a_monitor_is_told_what_there_is(browser):
    told = browser.get("/health")
    assert told.status_code == 200
    assert told.json["well"]
    assert told.json["rumours_on_board"] == 1


def test_a_monitor_is_told_what_is_wrong(store, incident):
    class Stopped:
        def states(self):
            return [SourceState("archive", SourcePhase.STOPPED, healthy=False, fault="posts.jsonl: gone.")]

    told = an_app(store, Stopped()).server.test_client().get("/health")
    assert (told.status_code, told.json["faults"]) == (503, ["archive: posts.jsonl: gone."])
