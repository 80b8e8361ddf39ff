"""Three people of one service at three browsers: one takes, one is told and answers, one looks and tries in vain."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from dashboard.forms import assign, correction
from models.domain.acts import Act
from models.domain.users import Role
from tests.dashboard.world import Somebody
from tests.journeys.screens import Screens, served
from tests.journeys.steps import signing_in

DUTY, COMMS = Somebody("Dana Duty", Role.DUTY), Somebody("Cleo Comms", Role.COMMS)
VIEWER = Somebody("Vic Viewer", Role.VIEWER)
CLAIM, WORDING = "The dam above Northgate", "The dam above Northgate is whole."
NOTE = "Gold wants it answered before six"
Opens = Callable[[Somebody], Page]


@pytest.fixture
def screens(tmp_path) -> Iterator[Screens]:
    with served(tmp_path) as screens:
        yield screens


@pytest.fixture
def opens(browser: Browser, browser_context_args, screens: Screens) -> Iterator[Opens]:
    """Opens the board, with its rumour chosen, in a browser of somebody's own."""
    contexts = []

    def open_board(who: Somebody) -> Page:
        screens.add(who)
        contexts.append(browser.new_context(**browser_context_args))
        page = signing_in(contexts[-1].new_page(), who.name)
        page.goto(screens.board)
        row(page).click()
        expect(page.locator(".detail [data-act=take]")).to_be_visible()
        return page

    yield open_board
    for context in contexts:
        context.close()


def row(page: Page) -> Locator:
    return page.locator(".board-grid .ag-row", has_text=CLAIM)


def form(page: Page, name: str) -> Locator:
    return page.locator(f"[data-form={name}]")


def take(page: Page, why: str) -> None:
    page.keyboard.press("t")
    page.keyboard.type(why)
    page.keyboard.press("Enter")


def log_correction(page: Page) -> Locator:
    page.keyboard.press("c")
    drawer = form(page, correction.FORM.name)
    drawer.get_by_label("False").check()
    for name, text in (("wording", WORDING), ("channel", "Force account"), ("authority", "Gold commander")):
        drawer.locator(f"[name={name}]").fill(text)
    drawer.get_by_role("button", name="Log this correction").click()
    return drawer


def test_the_duty_officer_takes_the_comms_officer_is_told_and_answers_and_a_viewer_tries_both_in_vain(screens, opens):
    duty, comms, viewer = opens(DUTY), opens(COMMS), opens(VIEWER)

    take(viewer, "me too")
    expect(form(viewer, "act").get_by_role("alert").first).to_contain_text("You cannot do this as a viewer")
    viewer.keyboard.press("Escape")
    take(duty, "ringing the reservoir")
    for page in (duty, comms, viewer):
        expect(row(page)).to_contain_text(DUTY.name)

    duty.keyboard.press("a")
    handing = form(duty, assign.HAND_OVER.name)
    handing.get_by_label(COMMS.name).check()
    handing.get_by_label("Note for them").fill(NOTE)
    handing.get_by_role("button", name="Hand over").click()
    expect(comms.locator("#board-handed")).to_contain_text(NOTE)
    expect(viewer.locator("#board-handed")).to_be_hidden()

    refused = log_correction(viewer)
    expect(refused.get_by_role("alert").first).to_contain_text("You cannot do this as a viewer")
    expect(refused.locator("[name=wording]")).to_have_value(WORDING)
    assert screens.store.acts.corrections(screens.incident.id) == []
    expect(log_correction(comms)).to_be_hidden()
    for page in (duty, comms):
        expect(row(page)).to_contain_text("answered")
    viewer.keyboard.press("Escape")
    expect(row(viewer)).to_contain_text("answered")

    acts = [(one.act, one.officer.name) for one in screens.store.acts.decisions(screens.incident.id)]
    assert acts == [(Act.CORRECT, COMMS.name), (Act.ASSIGN, DUTY.name), (Act.TAKE, DUTY.name)]
