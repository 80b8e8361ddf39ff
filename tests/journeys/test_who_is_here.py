"""Two people at two desks: who is here, what one has in hand, going on all the same, and handing over."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from dashboard.forms import assign, correction
from dashboard.forms.form import Form
from models.domain.acts import Act
from models.domain.audit import AuditedAct
from tests.journeys.screens import Screens, served
from tests.journeys.steps import sign_out, signing_in

DAM = "The dam above Northgate"
DUTY = "Duty officer (duty officer, Northgate Police)"
COMMS = "Comms officer (comms officer, Northgate Police)"
WRITING = f"{DUTY} has been writing a correction since 12:1"


@pytest.fixture
def screens(tmp_path) -> Iterator[Screens]:
    with served(tmp_path) as screens:
        yield screens


@pytest.fixture
def comms(browser, browser_context_args) -> Iterator[Page]:
    """The comms officer at a browser of their own; `page` is the duty officer's."""
    context = browser.new_context(**browser_context_args)
    yield signing_in(context.new_page(), "Comms officer")
    context.close()


def form_of(page: Page, form: Form) -> Locator:
    return page.locator(f"[data-form={form.name}]")


def says(page: Page, form: Form = correction.FORM) -> Locator:
    return form_of(page, form).locator("[data-in-hand-says]")


def row(page: Page, claim: str = DAM) -> Locator:
    return page.locator(".board-grid .ag-row", has_text=claim)


def open_rumour(page: Page, screens: Screens) -> None:
    page.goto(f"{screens.board}/rumour/dam")
    expect(page.locator("main .act-bar [data-act]").first).to_be_visible()


def write_correction(page: Page, wording: str) -> None:
    page.keyboard.press("c")
    drawer = form_of(page, correction.FORM)
    drawer.get_by_label("False").check()
    for name, text in (("wording", wording), ("channel", "Force account"), ("authority", "Gold commander")):
        drawer.locator(f"[name={name}]").fill(text)


def save(page: Page) -> None:
    form_of(page, correction.FORM).get_by_role("button", name="Log this correction").click()


def go_on(page: Page, why: str, button: str = "Go on all the same") -> None:
    form_of(page, correction.FORM).get_by_label("Why you go on").fill(why)
    form_of(page, correction.FORM).get_by_role("button", name=button).click()


def wordings(screens: Screens) -> list[str]:
    return sorted(one.wording for one in screens.store.acts.corrections(screens.incident.id))


def test_each_sees_on_the_rumour_and_on_the_board_who_else_is_there(screens, page, comms, complaints):
    page.goto(screens.board)
    open_rumour(comms, screens)
    expect(row(page).locator(".here-mark")).to_have_text("Comms officer here")
    expect(row(page).locator(".here-mark")).to_have_attribute("title", f"Here now: {COMMS}")
    open_rumour(page, screens)
    expect(page.locator("#rumour-here")).to_have_text(f"Also here: {COMMS}")
    expect(comms.locator("#rumour-here")).to_have_text(f"Also here: {DUTY}")
    write_correction(comms, "The dam is intact.")
    expect(page.locator("#rumour-here")).to_have_text(f"Also here: {COMMS} is writing a correction")
    comms.keyboard.press("Escape")
    expect(page.locator("#rumour-here")).to_have_text(f"Also here: {COMMS}")
    comms.get_by_role("link", name="← Board").click()
    expect(page.locator("#rumour-here")).to_be_empty()
    expect(row(comms).locator(".here-mark")).to_have_text("Duty officer here")
    page.close()
    expect(row(comms).locator(".here-mark")).to_have_count(0)
    assert complaints == []


def test_who_signs_out_is_no_longer_here(screens, page, comms):
    open_rumour(page, screens)
    open_rumour(comms, screens)
    write_correction(comms, "The dam is intact.")
    expect(page.locator("#rumour-here")).to_contain_text("is writing a correction")
    comms.keyboard.press("Escape")
    sign_out(comms)
    expect(page.locator("#rumour-here")).to_be_empty()


def test_what_one_writes_another_goes_on_with_only_by_saying_why(screens, page, comms, complaints):
    open_rumour(page, screens)
    open_rumour(comms, screens)
    write_correction(page, "The dam is intact.")
    write_correction(comms, "The dam holds.")
    expect(says(comms)).to_contain_text(WRITING)
    save(comms)
    expect(form_of(comms, correction.FORM).locator("[data-summary]")).to_contain_text(WRITING)
    assert wordings(screens) == []
    go_on(comms, "")
    expect(form_of(comms, correction.FORM).locator("[data-in-hand-problem]")).to_contain_text("Enter a reason")
    go_on(comms, "Gold wants it out now")
    expect(says(comms)).to_be_empty()
    expect(says(page)).to_contain_text(f"{COMMS} went on in your place at 12:1")
    expect(says(page)).to_contain_text("Gold wants it out now. Your text is kept.")
    save(comms)
    expect(form_of(comms, correction.FORM)).to_be_hidden()
    assert wordings(screens) == ["The dam holds."]
    # The first has written another one, and must say that it is to stand beside it.
    save(page)
    expect(form_of(page, correction.FORM).locator("[data-summary]")).to_contain_text("went on in your place")
    assert wordings(screens) == ["The dam holds."]
    expect(form_of(page, correction.FORM).locator("[name=wording]")).to_have_value("The dam is intact.")
    go_on(page, "It names the reservoir", "Save all the same")
    expect(form_of(page, correction.FORM)).to_be_hidden()
    assert wordings(screens) == ["The dam holds.", "The dam is intact."]
    broken = [one.note for one in screens.store.audit.entries() if one.note.what == AuditedAct.BREAK_LOCK]
    assert [(one.officer.name, one.subject, one.reason) for one in reversed(broken)] == [
        ("Comms officer", "dam", "Gold wants it out now"),
        ("Duty officer", "dam", "It names the reservoir"),
    ]
    assert complaints == []


def test_what_somebody_had_in_hand_is_free_once_they_saved_or_closed_it(screens, page, comms):
    open_rumour(page, screens)
    open_rumour(comms, screens)
    write_correction(page, "The dam is intact.")
    comms.keyboard.press("c")
    expect(says(comms)).to_contain_text(WRITING)
    page.keyboard.press("Escape")
    expect(says(comms)).to_be_empty()
    page.keyboard.press("c")
    expect(says(page)).to_contain_text(f"{COMMS} has been writing a correction")


def test_what_is_not_heard_of_for_a_while_is_nobodys(tmp_path, page, comms):
    with served(tmp_path, locks_expire_after=timedelta(seconds=12)) as screens:
        open_rumour(page, screens)
        open_rumour(comms, screens)
        write_correction(page, "The dam is intact.")
        # The first desk loses its network; nobody closes the form.
        page.context.set_offline(True)
        comms.keyboard.press("c")
        expect(says(comms)).to_contain_text(WRITING)
        expect(says(comms)).to_be_empty()
        page.context.set_offline(False)
        expect(says(page)).to_contain_text(f"{COMMS} has been writing a correction")


def test_a_rumour_is_taken_handed_over_with_a_note_and_the_receiver_finds_it_among_theirs(
    screens, page, comms, complaints
):
    comms.goto(screens.board)
    page.goto(screens.board)
    row(page).click()
    expect(page.locator(".detail [data-opens=assign]")).to_be_visible()
    page.keyboard.press("t")
    page.keyboard.type("checking")
    page.keyboard.press("Enter")
    expect(page.locator(".detail [data-opens=hand-over]")).to_be_visible()
    page.keyboard.press("a")
    form = form_of(page, assign.HAND_OVER)
    form.get_by_label("Comms officer").check()
    form.get_by_role("button", name="Hand over").click()
    expect(form.locator("[data-summary]")).to_contain_text("Enter what they need to know")
    form.get_by_label("Note for them").fill("Ring the reservoir operator before six")
    form.get_by_role("button", name="Hand over").click()
    expect(form).to_be_hidden()
    told = f"Handed to you by {DUTY}: Ring the reservoir operator before six"
    expect(comms.locator("#board-handed")).to_contain_text(told)
    expect(row(comms)).to_contain_text("Comms officer")
    comms.locator("#board-tabs").get_by_text("Mine 1").click()
    expect(row(comms, "The bridge")).to_have_count(0)
    expect(row(comms)).to_be_visible()
    comms.reload()
    expect(row(comms)).to_be_visible()
    expect(row(comms, "The bridge")).to_have_count(0)
    assert comms.url.endswith("?list=mine")
    comms.locator("#board-handed").get_by_role("link", name=DAM).click()
    expect(comms.locator("main .rumour-head")).to_contain_text(told)
    comms.get_by_role("link", name="← Board").click()
    expect(row(comms)).to_be_visible()
    expect(comms.locator("#board-handed")).to_be_hidden()
    decisions = screens.store.acts.decisions(screens.incident.id)
    assert [(one.act, one.officer.name) for one in decisions] == [
        (Act.ASSIGN, "Duty officer"),
        (Act.TAKE, "Duty officer"),
    ]
    assert complaints == []


def test_a_desk_is_assigned_by_its_name_and_offered_the_next_time(screens, page):
    page.goto(screens.board)
    row(page).click()
    expect(page.locator(".detail [data-opens=assign]")).to_be_visible()
    page.keyboard.press("a")
    form = form_of(page, assign.FORM)
    form.get_by_label("Or another desk").fill("Night desk")
    form.get_by_role("button", name="Assign").click()
    expect(row(page)).to_contain_text("Night desk")
    row(page, "The bridge").click()
    expect(page.locator(".detail").get_by_role("heading", level=2)).to_contain_text("The bridge")
    page.keyboard.press("a")
    expect(form.get_by_label("Night desk (desk)")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("#board-words").fill("night")
    expect(row(page, "The bridge")).to_have_count(0)
    expect(row(page)).to_be_visible()


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_marks_notices_and_the_form_of_handing_over_meet_wcag_and_fit_a_narrow_screen(screens, page, comms, colours):
    page.emulate_media(color_scheme=colours)
    open_rumour(comms, screens)
    write_correction(comms, "The dam is intact.")
    page.goto(screens.board)
    expect(row(page).locator(".here-mark")).to_be_visible()
    row(page).click()
    page.keyboard.press("t")
    page.keyboard.type("checking")
    page.keyboard.press("Enter")
    page.locator(".detail [data-opens=hand-over]").click()
    form_of(page, assign.HAND_OVER).get_by_role("button", name="Hand over").click()
    expect(form_of(page, assign.HAND_OVER).locator("[data-summary]")).to_be_visible()
    meets_wcag(page)
    page.keyboard.press("Escape")
    open_rumour(page, screens)
    expect(page.locator("#rumour-here")).to_be_visible()
    page.keyboard.press("c")
    expect(says(page)).to_be_visible()
    go_on(page, "")
    expect(form_of(page, correction.FORM).locator("[data-in-hand-problem]")).to_be_visible()
    meets_wcag(page)


def meets_wcag(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert found.response["violations"] == [], [one["id"] for one in found.response["violations"]]
    page.set_viewport_size({"width": 320, "height": 640})
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0
    page.set_viewport_size({"width": 1280, "height": 720})
