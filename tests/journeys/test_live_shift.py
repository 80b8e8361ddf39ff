"""A live shift: an incident is opened on the page, a tipline's posts reach it, a source is stopped and started."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.benchmarks.webhook_load import CONFIG, SECRET_ENV, a_secret, signed
from tests.journeys.server import Server
from tests.journeys.test_first_shift import FIRST_RUMOUR_MS
from tests.waiting import until

CALLS = (
    "The reservoir wall at Northgate has given way, get to high ground",
    "Someone says the reservoir wall at Northgate has given way, get up high",
    "Is it true that the reservoir wall at Northgate has given way??",
    "my mate heard the reservoir wall at Northgate has given way",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("live-shift")
    (folder / "config.toml").write_text(CONFIG)
    server = Server(folder, "run")
    server.environment[SECRET_ENV] = a_secret()
    server.start()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def somebody_who_may_do_all_this(server, context) -> None:
    server.sign_in(context, "duty", "administrator")


def push(server: Server, message: str, *items: dict) -> int:
    """The HTTP status that a tipline gets for a signed message of these items."""
    body = json.dumps(items).encode()
    headers = signed(server.environment[SECRET_ENV], message, body, time.time())
    return httpx.post(f"{server.address}in/tipline", content=body, headers=headers, trust_env=False).status_code


def assert_meets_wcag(page) -> None:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert found.response["violations"] == [], found.generate_report()


def test_an_incident_is_opened_on_the_page_and_a_tiplines_posts_become_a_rumour(server, page, complaints):
    # No incident is open: they are read, and not kept.
    assert (
        push(server, "m-0", {"id": "early-1", "text": "is the dam safe?"}, {"id": "early-2", "text": "a cat"}) == 200
    )
    page.goto(server.address)
    page.get_by_role("link", name="Open an incident").first.click()
    page.get_by_label("Name", exact=True).fill("Northgate flood")
    page.get_by_label(re.compile("Watch terms")).fill("dam\n#northgate")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Try terms")).to_be_focused()
    page.keyboard.press("y")
    tried = page.get_by_role("table", name=re.compile("that each term would have matched"))
    expect(tried.get_by_role("columnheader", name="webhook:tipline: 2 posts")).to_be_visible()
    expect(tried.get_by_role("row", name="dam about 1 (50.0%)")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="“#northgate” would have matched none")).to_be_visible()
    assert_meets_wcag(page)
    page.get_by_label("webhook:tipline").check()
    page.get_by_role("button", name="Open the incident").click()
    expect(page.get_by_role("alert").filter(has_text="The incident is not saved yet")).to_contain_text(
        "Enter a reason"
    )
    page.get_by_label("Reason for opening it").fill("river gauge over its limit")
    page.get_by_role("button", name="Open the incident").click()
    expect(page.get_by_role("heading", name="Board: Northgate flood")).to_be_attached()

    calls = [{"id": f"call-{n}", "text": text, "author": f"caller {n}"} for n, text in enumerate(CALLS)]
    assert push(server, "m-1", *calls) == 200
    row = page.locator(".board-grid .ag-row").first
    expect(page.get_by_text(re.compile("new rumour")).or_(row).first).to_be_visible(timeout=FIRST_RUMOUR_MS)
    page.keyboard.press("n")
    expect(row).to_contain_text("reservoir wall", timeout=FIRST_RUMOUR_MS)
    row.click()
    page.keyboard.press("Enter")
    expect(page.get_by_text("time unknown")).to_have_count(0)
    page.get_by_role("tab", name="Posts").click()
    expect(page.get_by_text("from webhook:tipline").first).to_be_visible()
    assert complaints == []


def test_what_was_heard_by_telephone_is_written_down_on_the_board(server, page):
    page.goto(server.address)
    expect(page.get_by_role("button", name=re.compile("Log a sighting"))).to_be_visible()
    page.keyboard.press("s")
    form = page.get_by_role("dialog", name="Log a sighting")
    form.get_by_label("What was heard").fill("Caller sees no water at the reservoir wall in Northgate")
    form.get_by_label("By telephone").check()
    form.get_by_label(re.compile("How reliable")).fill("lives opposite, gave a name")
    before = server.health()["posts_read"]
    form.get_by_role("button", name="Log this sighting").click()
    expect(form).to_be_hidden()
    until(lambda: server.health()["posts_read"] == before + 1, "the sighting is read as a post")


def test_a_source_is_stopped_and_started_and_its_dead_letter_is_looked_at(server, page, complaints):
    assert push(server, "m-2", {"id": "call-9", "text": 9}) == 200
    page.goto(f"{server.address}sources")
    row = page.get_by_role("row", name=re.compile("webhook:tipline"))
    expect(row).to_contain_text("listening")
    page.get_by_role("button", name="Stop webhook:tipline").click()
    expect(row).to_contain_text("stopped")
    assert push(server, "m-3", {"id": "call-10", "text": "the dam"}) == 503
    page.get_by_role("button", name="Start webhook:tipline").click()
    expect(row).to_contain_text("listening")
    assert push(server, "m-3", {"id": "call-10", "text": "the dam"}) == 200
    page.get_by_role("button", name="More on webhook:tipline").click()
    expect(page.get_by_text("wrong type: text").first).to_be_visible()
    page.get_by_role("button", name="Discard this dead letter").dblclick()
    expect(page.get_by_text("stopped by A. Tester").first).to_be_visible()
    expect(page.get_by_role("button", name="Discard this dead letter")).to_have_count(0)
    assert complaints == []


@pytest.mark.parametrize("colours", ["dark", "light"])
@pytest.mark.parametrize("place", ["sources", "incidents", "incidents/new"])
def test_the_new_pages_meet_wcag_and_fit_a_narrow_screen(server, page, place, colours, tmp_path: Path):
    page.emulate_media(color_scheme=colours)
    page.goto(f"{server.address}{place}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("#main")).not_to_contain_text("Loading")
    assert_meets_wcag(page)
    page.set_viewport_size({"width": 320, "height": 640})
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, "the page scrolls sideways at 400% zoom"
