"""The gate: nobody reads or does anything before they are signed in, and no form of another page is taken."""

import pytest

from dashboard.http import command_api
from dashboard.paths import SIGN_IN
from models.domain.users import Ended
from tests.builders import a_post
from tests.dashboard.signing_in import Pages, a_public_server, a_server, addresses_of, local_person
from tests.dashboard.world import DUTY, HERE, an_app, browser_of, judge, opened

# What anybody may ask: how to sign in, whether Grapevine lives, and the code and styles of the screens.
OPEN = {
    "/sign-in": 200,
    "/sign-in/code": 303,
    "/set-up": 410,
    # Where no provider is named; tests/dashboard/provider asks where one is.
    "/sign-in/provider": 404,
    "/sign-in/provider/back": 404,
    "/plain.js": 200,
    "/health": 200,
    "/healthz": 200,
    "/readyz": 200,
    "/assets/plain.css": 200,
}


@pytest.fixture
def app(store):
    judge(store, opened(store), [a_post("The dam has burst")])
    app = an_app(store)
    command_api.register(app, store, store.engine.clock, "token")
    return app


@pytest.fixture
def stranger(app):
    return app.server.test_client()


@pytest.mark.parametrize(("path", "status"), OPEN.items())
def test_what_anybody_may_ask_is_answered(stranger, path, status):
    assert stranger.get(path, base_url=HERE).status_code == status


def test_everything_else_leads_a_stranger_to_the_sign_in_and_tells_nothing(app, stranger):
    asked = 0
    for path in addresses_of(app, "GET"):
        if path in OPEN or path.startswith(("/assets/", "/_dash-component-suites/", "/static/")):
            continue
        answer = stranger.get(path, base_url=HERE)
        if path.startswith("/_"):
            assert answer.status_code == 401 or path == "/_favicon.ico", path
        else:
            assert (answer.status_code, answer.location.split("?")[0]) == (303, SIGN_IN), path
        assert "dam" not in answer.text
        asked += 1
    assert asked > 4


def test_every_post_of_a_stranger_is_refused(app, stranger):
    refused = {
        path: stranger.post(path, data={"name": "x"}, json=None, base_url=HERE).status_code
        for path in addresses_of(app, "POST")
    }
    # A form without its token is in no order; a command without its token, a message without a sender.
    expected = {
        **dict.fromkeys(refused, 401),
        **dict.fromkeys(("/sign-in", "/sign-in/code", "/set-up"), 400),
        **dict.fromkeys((path for path in refused if path.startswith("/command/")), 403),
        "/in/tipline": 404,
        "/sign-out/provider": 404,
    }
    assert refused == expected


@pytest.mark.parametrize(
    "method", ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND", "OPTIONS", "HEAD", "post", "X"]
)
def test_no_method_gets_past_the_gate(stranger, method):
    for path in ("/", "/account", "/sign-out", "/_dash-update-component", "/_dash-layout"):
        answer = stranger.open(path, method=method, base_url=HERE)
        assert answer.status_code in {303, 401, 403, 404, 405}, (method, path)
        assert answer.location is None or answer.location.startswith(f"{SIGN_IN}?")


@pytest.mark.parametrize(
    "path",
    [
        *("/assets/../account", "/assets/%2e%2e/account", "/assets//../../account", "/in/../account", "/ACCOUNT"),
        *("/command/../account", "//account", "/./account", "/account/", "/account;x", "/sign-in/../account"),
        "/health/../account",
    ],
)
def test_no_way_of_writing_an_address_gets_past_the_gate(stranger, path):
    assert DUTY.name not in stranger.get(path, base_url=HERE).text
    answer = stranger.get(path, base_url=HERE, follow_redirects=True)
    assert "Your account" not in answer.text


def test_a_page_that_was_asked_for_is_come_back_to(store):
    local_person(store)
    desk = Pages(a_server(store))
    asked = "/incident/x/compare?rumour=x%2Fy&by=age"
    back = desk.get(asked)
    assert back.status_code == 303
    token = desk.token_on(back.location)
    page = desk.get(back.location).text
    going_to = page.partition('name="next" value="')[2].partition('"')[0].replace("&amp;", "&")
    sent = {"name": DUTY.user.sign_in_name, "password": "four unrelated words do well", "csrf_token": token}
    answer = desk.client.post("/sign-in", data={**sent, "next": going_to}, base_url=HERE)
    assert answer.location == asked


def test_with_a_session_and_without_the_token_nothing_is_done(app):
    browser_of(app, DUTY)
    browser = browser_of(app, DUTY)
    header = next(name for name in browser.environ_base if "CSRF" in name)
    for value in ("", "made up", "x" * 5_000, "é"):
        browser.environ_base[header] = value
        for path in addresses_of(app, "POST"):
            if path.startswith(("/command/", "/in/", "/sign-out/provider")):
                continue
            answer = browser.post(path, data=b"{}", base_url=HERE)
            assert answer.status_code == 400, path
    assert browser.get("/account", base_url=HERE).status_code == 200


def test_no_get_does_anything(store, app):
    """So that no link or picture on another site's page does, either: the cookie goes along with those."""
    browser = browser_of(app, DUTY)
    store.sessions.end("there is none", Ended.IDLE).result()
    before = store.audit.head(), store.users.credential(DUTY.id), store.views.version
    asked = {"session": "others", "ticket": "x", "token": "x", "press": "end", "do": "add", "person": "x"}
    for path in sorted({*addresses_of(app, "GET"), *addresses_of(app, "POST")}):
        for method in ("GET", "HEAD", "OPTIONS"):
            browser.open(path, method=method, query_string=asked, base_url=HERE)
    store.sessions.end("there is none", Ended.IDLE).result()
    assert (store.audit.head(), store.users.credential(DUTY.id), store.views.version) == before
    assert browser.get("/account", base_url=HERE).status_code == 200


def test_no_answer_lets_another_origin_read_it(app):
    browser = browser_of(app, DUTY)
    for path in sorted({*addresses_of(app, "GET"), *addresses_of(app, "POST")}):
        for method in ("GET", "POST", "OPTIONS"):
            wishes = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
            answer = browser.open(path, method=method, headers=wishes, base_url=HERE)
            assert not [name for name, _ in answer.headers if name.startswith("Access-Control-")], path


def test_every_answer_says_what_it_is_and_in_which_letters(app):
    browser = browser_of(app, DUTY)
    told = 0
    for method in ("GET", "POST"):
        for path in addresses_of(app, method):
            answer = browser.open(path, method=method, base_url=HERE)
            kind = answer.headers.get("Content-Type", "")
            assert kind or not answer.data, path
            if kind.startswith("text/"):
                assert answer.mimetype_params.get("charset") == "utf-8", path
                told += 1
    assert told > 20


def test_the_token_is_handed_out_with_pages_and_to_our_own_scripts_only(store):
    local_person(store)
    desk = Pages(a_public_server(store), "10.0.0.1")
    desk.sign_in()
    sent = desk.get("/account").headers.getlist("Set-Cookie")
    cookies = [one for one in sent if one.startswith("__Host-grapevine-csrf=")]
    assert len(cookies) == 1
    assert "Secure" in cookies[0]
    assert "SameSite=Strict" in cookies[0]
    assert not [one for one in desk.get("/healthz").headers.getlist("Set-Cookie") if "csrf" in one]
