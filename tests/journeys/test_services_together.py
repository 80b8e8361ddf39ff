"""Two services at one incident, and a third that looks: three browsers at once, each with what is shared with it."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from models.domain.users import Role
from tests.dashboard.world import DUTY, SERVICE, Somebody
from tests.journeys.screens import Screens, served
from tests.journeys.steps import signing_in

Opens = Callable[[Somebody], Page]

FIRE, AMBULANCE = "Northgate Fire", "Northgate Ambulance"
OFFICER = Somebody("Olga Owner", Role.DUTY)
PARTNER = Somebody("Petra Partner", Role.COMMS, FIRE)
LOOKER = Somebody("Luca Looker", Role.COMMS, AMBULANCE)
INTERNAL, SHARED = "the informant lives next door", "the reservoir operator is on site"
WORDING = "The dam above Northgate is whole."
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture
def screens(tmp_path) -> Iterator[Screens]:
    with served(tmp_path) as screens:
        share(screens, acted_on_by=(FIRE,), seen_by=(AMBULANCE,))
        yield screens


def share(screens: Screens, **shares) -> None:
    changed = replace(screens.incident, of_service=SERVICE, **shares)
    screens.store.incidents.record(changed, DUTY.officer, "a joint incident").result()


@pytest.fixture
def opens(browser: Browser, browser_context_args, screens: Screens) -> Iterator[Opens]:
    """Opens the page of a rumour in a browser of somebody's own."""
    contexts = []

    def open_rumour(who: Somebody) -> Page:
        screens.add(who)
        contexts.append(browser.new_context(**browser_context_args))
        page = signing_in(contexts[-1].new_page(), who.name)
        page.goto(f"{screens.board}/rumour/dam")
        expect(page.get_by_role("heading", level=1)).to_contain_text("The dam above Northgate")
        return page

    yield open_rumour
    for context in contexts:
        context.close()


def act(page: Page, name: str, title: str, reason: str, *, shared: bool = False) -> None:
    page.locator(".rumour-head").get_by_role("button", name=name).first.click()
    dialog = page.get_by_role("dialog", name=title)
    dialog.get_by_label("Why", exact=True).fill(reason)
    if shared:
        dialog.get_by_label("Share with partners").check()
    dialog.get_by_role("button", name="Save").click()


def log_correction(page: Page) -> None:
    page.keyboard.press("c")
    drawer = page.get_by_role("dialog", name="Log a correction that was issued")
    drawer.get_by_label("False").check()
    drawer.get_by_label("What was said, word for word").fill(WORDING)
    drawer.get_by_label("Where it was said").fill("Force account")
    drawer.get_by_label("On whose authority").fill("Gold commander")
    drawer.get_by_role("button", name="Log this correction").click()


def decisions(page: Page):
    return page.get_by_role("region", name="Decisions")


def corrections(page: Page):
    return page.get_by_role("region", name="Corrections")


def test_three_services_work_on_one_incident_and_each_sees_what_is_shared_with_it(screens, opens):
    officer, partner, looker = opens(OFFICER), opens(PARTNER), opens(LOOKER)
    expect(officer.locator("#incident-bar")).not_to_contain_text("Shared by")
    expect(partner.locator("#incident-bar")).to_contain_text(f"Shared by {SERVICE}: you may act")
    expect(looker.locator("#incident-bar")).to_contain_text(f"Shared by {SERVICE}: you may look")

    act(officer, "Take", "Take this rumour", INTERNAL)
    expect(decisions(officer)).to_contain_text(INTERNAL)
    act(officer, "Park", "Park this rumour", SHARED, shared=True)
    for page in (officer, partner, looker):
        expect(decisions(page)).to_contain_text(SHARED)
        expect(decisions(page)).to_contain_text(f"{OFFICER.name} (duty officer, {SERVICE})")
    for page in (partner, looker):
        expect(decisions(page)).to_contain_text(f"internal note of {SERVICE}")
        assert INTERNAL not in page.content()

    log_correction(partner)
    for page in (officer, partner, looker):
        expect(corrections(page)).to_contain_text(WORDING)
        expect(corrections(page)).to_contain_text(f"{PARTNER.name} (comms officer, {FIRE})")

    refusal = f"{SERVICE} shares this incident with {AMBULANCE} to see, not to act."
    act(looker, "Take", "Take this rumour", "we would like to")
    expect(looker.get_by_role("dialog", name="Take this rumour").get_by_role("alert").first).to_contain_text(refusal)
    looker.keyboard.press("Escape")
    log_correction(looker)
    drawer = looker.get_by_role("dialog", name="Log a correction that was issued")
    expect(drawer.get_by_role("alert").first).to_contain_text(refusal)
    assert len(screens.store.acts.corrections(screens.incident.id)) == 1
    found = Axe().run(partner, options=WCAG)
    assert found.violations_count == 0, found.generate_report()[:2_000]

    share(screens, seen_by=(AMBULANCE,))
    expect(partner.get_by_role("heading", level=1)).to_have_text("This incident is not shown to you")
    assert WORDING not in partner.content()
    expect(corrections(looker)).to_contain_text(WORDING)
    expect(corrections(officer)).to_contain_text(WORDING)
    partner.goto(screens.board)
    expect(partner.get_by_role("heading", level=1)).to_have_text("This incident is not shown to you")


def test_the_box_that_shares_a_note_stands_only_where_the_incident_is_shared(screens, opens):
    page = opens(OFFICER)
    page.locator(".rumour-head").get_by_role("button", name="Take").first.click()
    box = page.get_by_role("dialog", name="Take this rumour").get_by_label("Share with partners")
    expect(box).to_be_visible()
    expect(box).not_to_be_checked()
    share(screens)
    page.reload()
    page.locator(".rumour-head").get_by_role("button", name="Take").first.click()
    expect(page.get_by_role("dialog", name="Take this rumour").get_by_label("Why", exact=True)).to_be_visible()
    expect(box).to_be_hidden()


def test_whoever_keeps_the_incident_shares_it_on_its_form_and_a_partner_reads_it_there(screens, opens):
    page, partner = opens(OFFICER), opens(PARTNER)
    page.goto(f"{screens.board}/settings")
    page.get_by_role("group", name="Shared to see").get_by_label(FIRE).check()
    page.get_by_role("group", name="Shared to act").get_by_label(FIRE).uncheck()
    page.get_by_label("Other services to see it").fill("Coastguard")
    page.get_by_label("Watch terms").fill("dam")
    page.get_by_label("Reason for this change").fill("the fire is out")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Board:")).to_be_attached()
    (incident,) = screens.store.incidents.all()
    assert (incident.acted_on_by, incident.seen_by) == ((), ("Coastguard", AMBULANCE, FIRE))
    partner.goto(f"{screens.board}/settings")
    expect(partner.get_by_text(f"Belongs to {SERVICE}")).to_be_visible()
    expect(partner.get_by_role("button", name="Save", exact=True)).to_be_hidden()
    found = Axe().run(page, options=WCAG)
    assert found.violations_count == 0, found.generate_report()[:2_000]
