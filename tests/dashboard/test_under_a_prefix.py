"""Shown under a path of its own, as behind a proxy: no page, link, script or cookie leaves it."""

import html
import json
import re
from datetime import timedelta

import pytest

from dashboard import paths
from dashboard.browser_data import browser_data
from dashboard.http.sessions import COOKIE
from dashboard.paths import PARTS, Page
from dashboard.signed_in import CSRF_COOKIE
from tests.builders import NOON, a_post
from tests.conftest import ROOT
from tests.dashboard.world import a_public_app, browser_of, call, judge, opened

PREFIX = "/desk/grapevine"
HERE = "https://g.example"
NAMES = {f"__Secure-{COOKIE}", f"__Secure-{CSRF_COOKIE}"}


@pytest.fixture
def incident(store):
    incident = opened(store, exercise=True)
    judge(store, incident, [a_post("The dam has burst")])
    return incident


@pytest.fixture
def app(store, incident):
    return a_public_app(store, f"{HERE}{PREFIX}")


@pytest.fixture
def browser(app):
    return browser_of(app, host="g.example")


def addresses_in(content: object) -> list[str]:
    """Every address in an answer: links, what a form goes to, what a grid row leads to."""
    if isinstance(content, dict):
        own = [content[key] for key in ("href", "src", "action", "path", "pathname") if content.get(key)]
        return [*own, *(one for value in content.values() for one in addresses_in(value))]
    if isinstance(content, list):
        return [one for value in content for one in addresses_in(value)]
    return []


def page_of(answer) -> str:
    """A page without the number that Dash draws anew for each."""
    return re.sub(r'"end_id":"[^"]*"', "", html.unescape(answer.text))


def every_page(incident):
    yield from (paths.FRONT, paths.SOURCES, paths.INCIDENTS, paths.NEW_INCIDENT, paths.AUDIT, "/nowhere")
    yield paths.board_path(incident.id)
    yield paths.rumour_path(incident.id, "dam")
    yield paths.bubbles_path(incident.id, "dam")
    yield from (paths.part_path(incident.id, part) for part in PARTS)


def test_no_page_has_a_link_that_leaves_the_prefix(app, incident):
    for path in every_page(incident):
        for search in ("", paths.search_for(NOON + timedelta(hours=1))):
            asked = [("url.pathname", f"{PREFIX}{path}"), ("url.search", search)]
            answer = call(app, "content.children", asked, [], "url.pathname")
            found = [one for one in addresses_in(answer) if not one.startswith("#")]
            assert found, path
            strays = [one for one in found if not one.startswith(f"{PREFIX}/")]
            assert strays == [], path
            assert ("Page not found" in str(answer)) == (path == "/nowhere"), path


def test_the_page_loads_everything_from_below_the_prefix(browser):
    text = page_of(browser.get(f"{PREFIX}/", base_url=HERE))
    loaded = re.findall(r"""(?:src|href)=["']([^"']+)["']""", text)
    assert len(loaded) > 20
    for one in loaded:
        assert one.startswith(f"{PREFIX}/"), one
        assert browser.get(one, base_url=HERE).status_code == 200, one
    (dash,) = re.findall(r'"requests_pathname_prefix": *("[^"]*")', text)
    assert json.loads(dash) == f"{PREFIX}/"
    assert f'"root": "{PREFIX}"' in text


def test_a_proxy_that_strips_the_prefix_shows_the_same(browser):
    assert page_of(browser.get("/", base_url=HERE)) == page_of(browser.get(f"{PREFIX}/", base_url=HERE))


def test_cookies_stay_below_the_prefix(app):
    assert app.server.config["SESSION_COOKIE_PATH"] == f"{PREFIX}/"


def test_scripts_ask_for_nothing_at_the_top_of_the_host():
    strays = []
    for script in sorted((ROOT / "dashboard" / "assets").glob("*.js")):
        for line in script.read_text(encoding="utf-8").splitlines():
            if re.search(r"""["'`]/[a-z]""", line) and "grapevine.data.root" not in line:
                strays.append(f"{script.name}: {line.strip()}")
    assert strays == []
    assert browser_data("/x")["root"] == "/x"


def test_only_one_file_writes_addresses():
    strays = []
    for file in sorted((ROOT / "dashboard").rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        if file.name != "paths.py" and re.search(r"""href=(?:f?["']/|[A-Z_]+\b(?!\())""", text):
            strays.append(file.name)
    assert strays == []


@pytest.mark.parametrize(
    "path",
    [
        *("//evil.example", "///evil.example/x", "/\\evil.example", "/%2f%2fevil.example", "//evil.example/.."),
        *("/..%2f..%2fetc%2fpasswd", "/assets/..%2f..%2fconfig.toml", "/assets/%2e%2e/app.py", "/%00", "/%ff%fe"),
        *("/x%0d%0aSet-Cookie:%20a=b", "/incident//evil.example", "/download/", "/health/", "/https:/evil.example"),
    ],
)
@pytest.mark.parametrize("prefix", ["", PREFIX, f"{PREFIX}/.."])
def test_no_path_leads_to_another_host_or_into_the_files(app, browser, prefix, path):
    answer = browser.get(f"{prefix}{path}", base_url=HERE)
    assert answer.status_code in {200, 301, 308, 400, 404, 405}
    stays_here(answer)
    stays_here(browser_of(app, None).get(f"{prefix}{path}", base_url=HERE))


def stays_here(answer):
    assert {one.partition("=")[0] for one in answer.headers.getlist("Set-Cookie")} <= NAMES
    to = answer.headers.get("Location", f"{PREFIX}/")
    assert to.removeprefix(HERE).startswith(f"{PREFIX}/")
    assert not to.startswith("//")
    assert "root:" not in answer.text
    assert "create_app" not in answer.text


def test_whoever_is_not_signed_in_is_led_to_the_sign_in_below_the_prefix(app):
    answer = browser_of(app, None).get(f"{PREFIX}/sources", base_url=HERE)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PREFIX}/sign-in?next=/sources")


def test_an_address_is_read_as_it_was_written(app, incident):
    with app.server.test_request_context("/", environ_overrides={"SCRIPT_NAME": PREFIX}):
        for address in (paths.board_path(incident.id), paths.part_path(incident.id, Page.STORY)):
            assert address.startswith(f"{PREFIX}/")
            assert paths.place_of(address).incident == incident.id
        assert paths.unrooted(f"{PREFIX}ry/x") == f"{PREFIX}ry/x"
        assert paths.unrooted(PREFIX) == paths.FRONT


def test_the_walk_finds_a_link_that_leaves():
    assert addresses_in({"props": {"children": [{"props": {"href": "/stray"}}]}}) == ["/stray"]
