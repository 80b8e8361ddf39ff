"""A duty officer reveals an author: recorded, shown for a minute, gone; a second look needs authorisation."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from models.domain.corrections import CorrectionDraft, Verdict
from tests.builders import NOON, OFFICER, a_post
from tests.dashboard.world import judge
from tests.journeys.screens import Screens, served

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
HANDLE = "@jo_smith"
ADDRESS = "https://x.example/jo_smith/status/1"


@pytest.fixture
def screens(tmp_path) -> Iterator[Screens]:
    with served(tmp_path) as screens:
        posts = [
            a_post(f"Trapped on the roof, tell {HANDLE}", author="hash", url=ADDRESS, minute=7),
            a_post("Still on the roof of the mill", author="hash", minute=8),
        ]
        judge(screens.store, screens.incident, posts, rumour="roof")
        yield screens


def check_with_axe(page: Page) -> None:
    found = Axe().run(page, options=WCAG)
    assert found.violations_count == 0, found.generate_report()[:2_000]


def open_posts(page: Page, screens: Screens) -> None:
    page.goto(f"{screens.board}/rumour/roof")
    page.get_by_role("tab", name="Posts").click()
    expect(post_of(page, "tell @…")).to_be_visible()


def post_of(page: Page, words: str) -> Locator:
    return page.get_by_role("tabpanel", name="Posts").locator(".post", has_text=words)


def ask_for(page: Page, words: str, reason: str) -> None:
    post_of(page, words).get_by_role("button", name="Reveal author…").click()
    dialog = page.get_by_role("dialog", name="Reveal the author")
    dialog.get_by_label("Why the author must be known").fill(reason)
    dialog.get_by_role("button", name="Record and reveal").click()


def test_a_reveal_is_recorded_shown_for_a_minute_and_gone(screens, page, complaints):
    page.clock.install()
    open_posts(page, screens)
    ask_for(page, "Trapped", "passed to the ambulance control room")
    shown = page.get_by_role("dialog", name="Shown for a minute")
    expect(shown).to_contain_text(HANDLE)
    expect(shown).to_contain_text(ADDRESS)
    expect(shown).to_contain_text("Never kept.")
    assert screens.store.consultations.of(screens.incident.id)[0].reason == "passed to the ambulance control room"
    check_with_axe(page)
    page.clock.run_for(31_000)
    expect(shown.get_by_role("timer")).to_contain_text("Hidden in")
    seconds = int("".join(filter(str.isdigit, shown.get_by_role("timer").inner_text())))
    assert 1 < seconds <= 30
    expect(shown.get_by_role("status")).to_have_text(re.compile(r"Hidden in (30|2\d) s"))
    page.clock.run_for(31_000)
    expect(shown).to_be_hidden()
    expect(page.get_by_text("The post is masked again.")).to_be_visible()
    assert "jo_smith" not in page.content()
    check_with_axe(page)

    # A second look at the same author, in another post.
    ask_for(page, "Still on the roof", "who is it")
    dialog = page.get_by_role("dialog", name="Reveal the author")
    expect(dialog.get_by_role("alert").first).to_contain_text("Seek authorisation: ask your authorising officer")
    assert len(screens.store.consultations.of(screens.incident.id)) == 1
    dialog.get_by_label("I have an authorisation").check()
    dialog.get_by_label("Reference of the authorisation").fill("DS/2026/14")
    dialog.get_by_role("button", name="Record and reveal").click()
    expect(shown).to_contain_text("Its source gave none.")
    page.keyboard.press("Escape")
    expect(shown).to_be_hidden()
    expect(post_of(page, "Still on the roof").get_by_role("button")).to_be_focused()
    assert complaints == []


def test_what_is_shown_is_gone_once_another_page_is_opened(screens, page):
    open_posts(page, screens)
    ask_for(page, "Trapped", "passed on")
    shown = page.get_by_role("dialog", name="Shown for a minute")
    expect(shown).to_contain_text(HANDLE)
    page.evaluate("window.dash_clientside.set_props('url', { pathname: '/sources' })")
    expect(page.get_by_role("heading", name="Sources").first).to_be_visible()
    assert "jo_smith" not in page.content()
    page.go_back()
    expect(page.get_by_role("tab", name="Posts")).to_be_visible()
    assert "jo_smith" not in page.content()


def test_a_link_to_another_site_names_its_host_first(screens, page, complaints):
    draft = CorrectionDraft(
        rumour="roof",
        verdict=Verdict.FALSE,
        wording="The mill is empty.",
        channel="radio",
        authority="fire control",
        evidence_url="https://gov.uk@xn--evil-example/flood",
        issued_at=NOON,
    )
    screens.store.acts.correct(screens.incident.id, draft, OFFICER).result()
    page.goto(f"{screens.board}/rumour/roof")
    link = page.get_by_role("link", name="Evidence: xn--evil-example (opens another site)")
    expect(link).to_be_visible()
    link.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Open another site?")
    expect(dialog).to_contain_text("to xn--evil-example")
    expect(dialog).to_contain_text("letters from another alphabet")
    expect(dialog.get_by_role("button", name="Stay here")).to_be_focused()
    check_with_axe(page)
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(link).to_be_focused()

    page.context.route("**/flood", lambda route: route.fulfill(body=str(route.request.headers.get("referer"))))
    link.click()
    with page.context.expect_page() as opened:
        dialog.get_by_role("link", name="Open xn--evil-example").click()
    expect(opened.value.locator("body")).to_have_text("None")
    assert opened.value.url == "https://xn--evil-example/flood"
    assert opened.value.evaluate("window.opener") is None
    expect(dialog).to_be_hidden()
    assert complaints == []
