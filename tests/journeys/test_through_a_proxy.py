"""The screens through nginx, by https and under a path: whatever is pressed, the browser stays below it."""

import zipfile

import pytest
from playwright.sync_api import expect

from dashboard.paths import PARTS, Page
from dashboard.words.frame import PLACES
from models.config import Settings
from tests.certificates import HOST, a_certificate
from tests.journeys.screens import served
from tests.journeys.server import free_port
from tests.journeys.steps import signing_in
from tests.proxies import PREFIX, a_proxy


@pytest.fixture(scope="module")
def public(tmp_path_factory):
    """The incident's id, and the address under which the proxy shows Grapevine."""
    folder = tmp_path_factory.mktemp("proxied")
    pair, port = a_certificate(folder / "certificates"), free_port()
    public_url = f"https://{HOST}:{port}{PREFIX}"
    settings = Settings.model_validate({"server": {"public_url": public_url, "trusted_proxies": ["127.0.0.1"]}})
    with served(folder, settings=settings) as screens:
        behind = int(screens.address.rstrip("/").rpartition(":")[2])
        with a_proxy("nginx", folder / "nginx", behind, pair, PREFIX, port):
            yield screens.incident.id, public_url


@pytest.fixture
def desk(browser, browser_context_args, public, chromium):
    """A page of a browser at another desk, and everything that it asked for."""
    # Its own browser: the public name is this computer for it.
    elsewhere = browser.browser_type.launch(
        executable_path=chromium, args=["--no-sandbox", f"--host-resolver-rules=MAP {HOST} 127.0.0.1"]
    )
    context = elsewhere.new_context(**{**browser_context_args, "ignore_https_errors": True})
    context.set_default_timeout(60_000)
    page, asked = signing_in(context.new_page(), "Analyst"), []
    page.on("request", lambda request: asked.append(request.url))
    yield page, asked
    strays = [url for url in asked if not url.startswith((f"{public[1]}/", "blob:", "data:"))]
    elsewhere.close()
    assert strays == []


def links_of(page) -> list[str]:
    return page.locator("a[href]").evaluate_all("links => links.map(one => one.href)")


def test_every_page_and_link_stays_below_the_path(desk, public):
    (page, asked), (incident, public_url) = desk, public
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    board = f"{public_url}/incident/{incident.replace(' ', '%20')}"
    addresses = [f"{public_url}/", f"{public_url}/sources", f"{public_url}/incidents", f"{public_url}/incidents/new"]
    addresses += [f"{board}/{part.value}" for part in sorted(PARTS)] + [f"{board}/rumour/dam"]
    for address in addresses:
        page.goto(address)
        expect(page.locator("main h1").first).to_be_attached()
        expect(page.get_by_text("Page not found")).to_have_count(0)
        strays = [one for one in links_of(page) if not one.startswith(f"{public_url}/")]
        assert strays == [], address
    assert faults == []
    assert len(asked) > len(addresses)


def test_places_and_rows_are_followed_below_the_path(desk, public):
    (page, _), (_, public_url) = desk, public
    page.goto(f"{public_url}/")
    expect(page.locator(".board-grid .ag-row").first).to_be_visible()
    # The audit is no place of an analyst's.
    for place in (name for page_of_it, name in PLACES.items() if page_of_it is not Page.AUDIT):
        page.get_by_role("navigation").get_by_role("link", name=place, exact=True).first.click()
        expect(page.locator("main h1").first).to_be_attached()
        assert page.url.startswith(f"{public_url}/")
    page.goto(f"{public_url}/")
    expect(page.locator(".board-grid .ag-row").first).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{public_url}/incident/*/rumour/*")


def test_an_export_is_taken_through_the_proxy(desk, public, tmp_path):
    (page, asked), (incident, public_url) = desk, public
    page.goto(f"{public_url}/incident/{incident}/review")
    page.get_by_role("button", name="Export…").click()
    dialog = page.get_by_role("dialog", name="Export")
    dialog.get_by_label("Reason for taking it").fill("debrief")
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Export").click()
    download.value.save_as(tmp_path / "taken.zip")
    assert "posts.csv" in zipfile.ZipFile(tmp_path / "taken.zip").namelist()
    assert f"{public_url}/download" in asked
