"""Forms in a real browser: what is typed is kept, sent once, answered, and the keyboard alone is enough."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Request, Route, expect

from dashboard.forms import (
    act,
    assign,
    bubbles_file,
    caption,
    coding,
    correction,
    export,
    incident,
    permission,
    rearrange,
    refuse,
    report,
    reveal,
    sighting,
    take_audit,
)
from dashboard.forms.every_form import FORMS
from dashboard.forms.form import Form, Kind, Shape
from models.domain.acts import Act
from models.domain.sources import SourcePhase, SourceState
from models.domain.users import Grant, Role
from tests.dashboard.world import Somebody
from tests.journeys.screens import Screens, served
from tests.journeys.steps import DUTY_OFFICER, choose_person, sign_out

CALLBACK = re.compile("_dash-update-component")
SLOWER = 20
REASON = "checking with the reservoir operator"


@pytest.fixture
def screens(tmp_path) -> Iterator[Screens]:
    with served(tmp_path) as screens:
        yield screens


def open_board(page: Page, screens: Screens, claim: str = "The dam above Northgate") -> None:
    page.goto(screens.board)
    show(page, claim)


def show(page: Page, claim: str) -> None:
    """Choose a rumour of the board."""
    page.locator(".board-grid .ag-row", has_text=claim).click()
    expect(page.locator(".detail").get_by_role("heading", level=2)).to_contain_text(claim)
    expect(page.locator(".detail .act-bar [data-act]").first).to_be_visible()


def open_rumour(page: Page, screens: Screens) -> None:
    page.goto(f"{screens.board}/rumour/dam")
    expect(page.get_by_role("checkbox", name="Choose the flow: The school")).to_be_visible()


def form_of(page: Page, form: Form) -> Locator:
    return page.locator(f"[data-form={form.name}]")


def field(page: Page, form: Form, name: str) -> Locator:
    return form_of(page, form).locator(f"[name={name}]")


def fill_correction(page: Page, wording: str = "The dam is intact.") -> None:
    drawer = form_of(page, correction.FORM)
    drawer.get_by_label("False").check()
    field(page, correction.FORM, "wording").fill(wording)
    field(page, correction.FORM, "channel").fill("Force account")
    field(page, correction.FORM, "authority").fill("Gold commander")


def requests_of(page: Page, form: Form) -> list[str]:
    """The names of the requests that this page sends a form with, as they are sent."""
    names: list[str] = []

    def heard(request: Request) -> None:
        sent = request.post_data_json if "_dash-update-component" in request.url else {}
        for one in sent.get("inputs", []):
            if one["id"] == form.sent_id and one.get("value"):
                names.append(one["value"]["request"])

    page.on("request", heard)
    return names


# --- What is typed is kept -----------------------------------------------------------------------------------------


def test_what_is_typed_right_after_the_key_is_the_reason_that_is_logged(screens, page, complaints):
    open_board(page, screens)
    browser = page.context.new_cdp_session(page)
    browser.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.keyboard.press("t")
    page.keyboard.type(REASON)
    page.keyboard.press("Enter")
    browser.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    expect(page.locator(".detail")).to_contain_text(f"owner {DUTY_OFFICER}")
    (decision,) = screens.store.acts.decisions(screens.incident.id)
    assert (decision.act, decision.rumour, decision.reason) == (Act.TAKE, "dam", REASON)
    assert complaints == []


def test_what_is_sent_after_the_session_ended_leads_to_the_sign_in_and_is_still_there_afterwards(screens, page):
    open_board(page, screens)
    page.keyboard.press("t")
    page.keyboard.type(REASON)
    screens.end_sessions()
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in?next=*")
    assert screens.store.acts.decisions(screens.incident.id) == []
    choose_person(page)
    show(page, "The dam above Northgate")
    page.keyboard.press("t")
    expect(field(page, act.FORM, "reason")).to_have_value(REASON)
    page.keyboard.press("Enter")
    expect(page.locator(".detail")).to_contain_text(f"owner {DUTY_OFFICER}")
    assert [one.reason for one in screens.store.acts.decisions(screens.incident.id)] == [REASON]


def test_a_page_that_only_asks_for_what_is_new_notices_that_the_session_ended(screens, page):
    open_board(page, screens)
    page.keyboard.press("c")
    field(page, correction.FORM, "wording").fill("half a sentence")
    screens.end_sessions()
    page.wait_for_url("**/sign-in?next=*")
    choose_person(page)
    show(page, "The dam above Northgate")
    page.keyboard.press("c")
    expect(field(page, correction.FORM, "wording")).to_have_value("half a sentence")


def test_whoever_signs_in_next_at_the_same_browser_does_not_find_what_another_typed(screens, page):
    open_board(page, screens)
    page.keyboard.press("c")
    field(page, correction.FORM, "wording").fill("half a sentence")
    sign_out(page)
    choose_person(page, "Comms officer")
    show(page, "The dam above Northgate")
    expect(page.locator(".detail [data-opens=correction]")).not_to_have_attribute("data-unsent", "unsent")
    page.keyboard.press("c")
    expect(field(page, correction.FORM, "wording")).to_have_value("")


def test_unsent_text_outlives_a_reload_for_its_rumour_only_and_is_marked_where_it_is_opened(screens, page):
    open_board(page, screens)
    opener = page.locator(".detail [data-opens=correction]")
    page.keyboard.press("c")
    field(page, correction.FORM, "wording").fill("half a sentence")
    expect(opener).to_have_attribute("data-unsent", "unsent")
    page.reload()
    open_board(page, screens, "The bridge is closed")
    expect(opener).not_to_have_attribute("data-unsent", "unsent")
    page.keyboard.press("c")
    expect(field(page, correction.FORM, "wording")).to_have_value("")
    page.keyboard.press("Escape")
    open_board(page, screens)
    expect(opener).to_have_attribute("data-unsent", "unsent")
    page.keyboard.press("c")
    expect(field(page, correction.FORM, "wording")).to_have_value("half a sentence")
    expect(form_of(page, correction.FORM)).to_contain_text("Your unsent text is back.")


def test_what_is_cancelled_is_gone(screens, page):
    open_board(page, screens)
    page.keyboard.press("t")
    page.keyboard.type("not this")
    page.keyboard.press("Escape")
    expect(form_of(page, act.FORM)).to_be_hidden()
    page.keyboard.press("t")
    expect(field(page, act.FORM, "reason")).to_have_value("")


def test_a_change_of_an_incident_outlives_a_reload_and_keeps_what_others_changed(screens, page):
    settings = f"{screens.board}/settings"
    page.goto(settings)
    field(page, incident.CHANGE, "terms").fill("dam")
    page.reload()
    expect(field(page, incident.CHANGE, "terms")).to_have_value("dam")
    expect(field(page, incident.CHANGE, "purpose")).to_have_value("public safety")
    field(page, incident.CHANGE, "reason").fill("gauge over its limit")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Board: Northgate flood")).to_be_attached()
    assert screens.store.incidents.all()[0].watch.terms == ("dam",)
    page.goto(settings)
    expect(field(page, incident.CHANGE, "reason")).to_have_value("")


def test_a_text_that_is_too_long_says_so_while_it_is_typed(screens, page):
    open_board(page, screens)
    page.keyboard.press("c")
    wording = field(page, correction.FORM, "wording")
    wording.fill("x" * 2001)
    problem = form_of(page, correction.FORM).locator("[data-problem=wording]")
    expect(problem).to_have_text("Shorten this to 2,000 characters: it has 2,001.")
    wording.press("Backspace")
    expect(problem).to_be_hidden()


# --- Sent once, and answered ---------------------------------------------------------------------------------------


def test_a_button_is_held_while_its_request_is_on_the_way(screens, page):
    open_board(page, screens)
    sent, waiting = requests_of(page, act.FORM), []
    page.route(CALLBACK, lambda route: waiting.append(route) if is_of(route, act.FORM) else route.continue_())
    page.keyboard.press("t")
    page.keyboard.type(REASON)
    for _ in range(3):
        page.keyboard.press("Enter")
    save = form_of(page, act.FORM).get_by_role("button", name="Save")
    expect(save).to_have_attribute("aria-disabled", "true")
    save.click(force=True)
    assert len(sent) == 1
    waiting[0].continue_()
    expect(form_of(page, act.FORM)).to_be_hidden()
    assert len(screens.store.acts.decisions(screens.incident.id)) == 1


def is_of(route: Route, form: Form) -> bool:
    return any(one["id"] == form.sent_id for one in route.request.post_data_json["inputs"])


def lose_answers(page: Page, form: Form) -> Callable[[], None]:
    """What is sent of a form arrives, its answers do not; until the function that is returned is called."""

    def lose(route: Route) -> None:
        if is_of(route, form):
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route(CALLBACK, lose)
    return lambda: page.unroute(CALLBACK, lose)


def test_a_try_without_an_answer_says_so_and_the_next_is_the_same_request_even_after_a_reload(screens, page):
    open_board(page, screens)
    sent = requests_of(page, correction.FORM)
    answer_again = lose_answers(page, correction.FORM)
    page.keyboard.press("c")
    fill_correction(page)
    save = form_of(page, correction.FORM).get_by_role("button", name="Log this correction")
    save.click()
    note = form_of(page, correction.FORM).locator("[data-note]")
    expect(note).to_contain_text("Not saved yet: the server did not answer.")
    expect(note).to_be_in_viewport()
    answer_again()
    page.reload()
    open_board(page, screens)
    page.keyboard.press("c")
    # With other words it is not taken for logged, and is a request of its own then.
    field(page, correction.FORM, "wording").fill("The dam is being repaired.")
    save.click()
    expect(note).to_contain_text("already logged")
    save.click()
    expect(form_of(page, correction.FORM)).to_be_hidden()
    logged = {one.wording for one in screens.store.acts.corrections(screens.incident.id)}
    assert logged == {"The dam is intact.", "The dam is being repaired."}
    assert sent[0] == sent[1] != sent[2]


def test_an_act_without_an_answer_keeps_its_reason_over_esc(screens, page):
    open_board(page, screens)
    sent = requests_of(page, act.FORM)
    answer_again = lose_answers(page, act.FORM)
    page.keyboard.press("t")
    page.keyboard.type(REASON)
    page.keyboard.press("Enter")
    expect(form_of(page, act.FORM).locator("[data-note]")).to_contain_text("did not answer")
    page.keyboard.press("Escape")
    answer_again()
    page.keyboard.press("t")
    expect(field(page, act.FORM, "reason")).to_have_value(REASON)
    page.keyboard.press("Enter")
    expect(form_of(page, act.FORM)).to_be_hidden()
    assert sent[0] == sent[1]
    assert len(screens.store.acts.decisions(screens.incident.id)) == 1


def test_an_answer_that_comes_late_leaves_another_rumours_form_alone(screens, page):
    open_board(page, screens)
    waiting: list[Route] = []
    page.route(CALLBACK, lambda route: waiting.append(route) if is_of(route, correction.FORM) else route.continue_())
    page.keyboard.press("c")
    fill_correction(page)
    form_of(page, correction.FORM).get_by_role("button", name="Log this correction").click()
    page.keyboard.press("Escape")
    page.locator(".board-grid .ag-row", has_text="The bridge is closed").click()
    expect(page.locator(".detail").get_by_role("heading", level=2)).to_contain_text("The bridge is closed")
    page.keyboard.press("c")
    field(page, correction.FORM, "wording").fill("about the bridge")
    waiting[0].continue_()
    expect(page.locator("#announce")).to_contain_text("Logged: you logged a correction")
    expect(field(page, correction.FORM, "wording")).to_have_value("about the bridge")
    assert [one.rumour for one in screens.store.acts.corrections(screens.incident.id)] == ["dam"]


# --- By keyboard alone ---------------------------------------------------------------------------------------------


def test_problems_take_the_focus_and_lead_to_their_fields(screens, page):
    open_board(page, screens)
    page.keyboard.press("c")
    expect(field(page, correction.FORM, "verdict").first).to_be_focused()
    form_of(page, correction.FORM).get_by_role("button", name="Log this correction").click()
    summary = form_of(page, correction.FORM).locator("[data-summary]")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("The correction is not logged yet")
    summary.get_by_role("link", name="Enter where it was said.").press("Enter")
    expect(field(page, correction.FORM, "channel")).to_be_focused()
    expect(field(page, correction.FORM, "channel")).to_have_attribute("aria-invalid", "true")


def test_closing_a_form_gives_the_focus_back(screens, page):
    open_board(page, screens)
    for form in (act.FORM, correction.FORM, sighting.FORM):
        opener = page.locator(f"main [data-opens={form.name}]").first
        close = form_of(page, form).get_by_role("button", name="Close")
        for closes in (lambda: page.keyboard.press("Escape"), close.click):
            opener.focus()
            page.keyboard.press("Enter")
            expect(form_of(page, form)).to_be_visible()
            closes()
            expect(form_of(page, form)).to_be_hidden()
            expect(opener).to_be_focused()


def test_the_focus_stays_with_a_button_that_is_drawn_anew(screens, page):
    open_board(page, screens)
    page.locator(".detail [data-act=park]").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("waiting for facts")
    page.keyboard.press("Enter")
    # Park is gone from a rumour that is watched: its like among the acts has the focus.
    expect(page.locator(".detail [data-act=park]")).to_have_count(0)
    expect(page.locator(".detail [data-act=take]")).to_be_focused()


def test_enter_sends_a_dialog_but_no_long_form(screens, page):
    open_board(page, screens)
    page.keyboard.press("c")
    fill_correction(page)
    field(page, correction.FORM, "authority").press("Enter")
    expect(form_of(page, correction.FORM).locator("[type=submit]")).not_to_have_attribute("aria-disabled", "true")
    assert screens.store.acts.corrections(screens.incident.id) == []


def test_flows_are_split_off_by_keyboard_and_undone(screens, page, complaints):
    open_rumour(page, screens)
    page.get_by_role("checkbox", name="Choose the flow: The school").press("Space")
    expect(page.get_by_text("1 flow ticked")).to_be_visible()
    page.get_by_role("button", name="Merge, split or move").press("Enter")
    form = form_of(page, rearrange.FORM)
    expect(form.get_by_label("Make the chosen flows a rumour of their own")).to_be_checked()
    expect(form.get_by_label(re.compile("The bridge is closed"))).to_be_visible()
    form.get_by_label("Type to find").fill("loot")
    expect(form.get_by_label(re.compile("The bridge is closed"))).to_be_hidden()
    field(page, rearrange.FORM, "reason").fill("a different claim")
    form.get_by_role("button", name="Save").press("Enter")
    expect(form).to_be_hidden()
    expect(page.get_by_text("Tick flows to split them off")).to_be_visible()
    page.get_by_role("button", name="Undo decision 1").first.press("Enter")
    expect(page.get_by_role("button", name="Undo decision 1")).to_have_count(0)
    expect(page.get_by_role("button", name="Merge, split or move")).to_be_focused()
    assert [one.act for one in screens.store.acts.decisions(screens.incident.id)] == [Act.UNDO, Act.SPLIT]
    assert complaints == []


def test_ticked_flows_stay_ticked_when_the_list_is_drawn_anew(screens, page):
    open_rumour(page, screens)
    box = page.get_by_role("checkbox", name="Choose the flow: The school")
    box.check()
    page.keyboard.press("Escape")
    page.locator("main [data-act=take]").click()
    page.keyboard.type(REASON)
    page.keyboard.press("Enter")
    expect(page.locator("main .rumour-head")).to_contain_text(DUTY_OFFICER)
    expect(box).to_be_checked()


@pytest.mark.role("Administrator")
def test_a_permission_is_recorded_for_the_source_that_is_shown(tmp_path, page, complaints):
    restricted = SourceState(
        "x", SourcePhase.NOT_PERMITTED, healthy=False, running=False, restriction="The terms forbid it."
    )
    with served(tmp_path, source=restricted) as screens:
        page.goto(f"{screens.address}sources")
        page.get_by_role("button", name="More on x").click()
        expect(page.locator("#source-more-title")).to_be_focused()
        record = page.get_by_role("button", name="Record the permission")
        record.click()
        expect(form_of(page, permission.FORM).locator("[data-summary]")).to_contain_text("Enter the reference")
        expect(field(page, permission.FORM, "reference")).to_be_focused()
        page.keyboard.type("Letter of 3 Nov 2026")
        record.click()
        expect(page.get_by_role("row", name=re.compile("^x"))).to_contain_text("Letter of 3 Nov 2026")
        expect(field(page, permission.FORM, "reference")).to_have_value("")
        assert screens.store.sources.permissions()["x"].reference == "Letter of 3 Nov 2026"
        assert complaints == []


# --- Both sides ----------------------------------------------------------------------------------------------------


def places(screens: Screens) -> dict[str, tuple[Form, ...]]:
    """The forms by the page that they stand on."""
    elsewhere = (
        *(rearrange.FORM, refuse.FORM, coding.END, caption.FORM, bubbles_file.FORM, export.FORM, reveal.FORM),
        take_audit.FORM,
    )
    everywhere = [form for form in FORMS if form.shape in (Shape.DIALOG, Shape.DRAWER) and form not in elsewhere]
    return {
        screens.board: tuple(everywhere),
        f"{screens.board}/rumour/dam": (rearrange.FORM, rearrange.UNDO, refuse.FORM, reveal.FORM),
        f"{screens.board}/settings": (incident.CHANGE,),
        f"{screens.address}incidents/new": (incident.OPENING,),
        f"{screens.address}sources": (permission.FORM,),
        f"{screens.board}/coding": (coding.START, coding.END),
        f"{screens.board}/review": (export.FORM,),
        f"{screens.board}/report": (report.FORM,),
        f"{screens.board}/rumour/dam/bubbles": (caption.FORM, caption.AWAY, bubbles_file.FORM),
        f"{screens.address}audit": (take_audit.FORM,),
    }


def answers_for_the_data(screens: Screens) -> None:
    """The duty officer is an information manager, too: every form stands on some page of theirs."""
    for user in screens.store.users.all():
        if user.name == DUTY_OFFICER:
            grants = user.grants | {Grant(Role.INFORMATION_MANAGER, user.service)}
            screens.store.users.record(replace(user, grants=grants), None, None).result()


# What the browser finds of a form, as its scripts look for it.
FOUND = """name => {
    const root = document.querySelector(`[data-form=${name}]`), described = window.grapevine.data.forms[name];
    const missing = [];
    for (const [field, { kind, elsewhere }] of Object.entries(described.fields)) {
        if (kind !== "search" && !grapevine.formValues.controls(root, field).length) missing.push(field);
        const options = `[data-filters=${field}] + [data-options=${field}]`;
        if (kind === "search" && !root.querySelector(options)) missing.push(field);
        if (!elsewhere && !root.querySelector(`[data-problem=${field}]`)) missing.push(`problem of ${field}`);
    }
    for (const part of ["summary", "note"]) if (!root.querySelector(`[data-${part}]`)) missing.push(part);
    for (const store of [described.sent, described.answer, described.opened].filter(Boolean)) {
        if (!window.dash_component_api.getLayout(store)) missing.push(store);
    }
    const named = Array.from(root.querySelector("form").elements).map(one => one.name).filter(Boolean);
    const buttons = Array.from(root.querySelectorAll("[type=submit]")).map(one => one.value);
    return { missing, fields: [...new Set(named)], buttons };
}"""


def test_the_browser_finds_every_part_that_a_form_declares(screens, page):
    answers_for_the_data(screens)
    # With whom an incident may be shared.
    screens.add(Somebody("F. Ire", Role.DUTY, "Rivershire Fire"))
    looked_at = []
    for address, forms in places(screens).items():
        page.goto(address)
        for form in forms:
            expect(form_of(page, form)).to_be_attached()
            if form is rearrange.FORM:
                expect(page.get_by_role("checkbox", name="Choose the flow: The school")).to_be_attached()
            found = page.evaluate(FOUND, form.name)
            assert found["missing"] == []
            assert set(found["fields"]) == {one.name for one in form.asked if one.kind is not Kind.SEARCH}
            assert set(found["buttons"]) <= {one.press for one in form.buttons}
            assert bool(found["buttons"]) == bool(form.buttons)
            looked_at.append(form.name)
    assert sorted(looked_at) == sorted(form.name for form in FORMS)


# --- For everybody -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_forms_with_problems_meet_wcag_and_fit_a_narrow_screen(screens, page, colours):
    answers_for_the_data(screens)
    page.emulate_media(color_scheme=colours)
    # These have tests of their own: a restricted source, a suggested pair, a round of coding, a post, or a rumour of
    # one's own asks for one.
    elsewhere = permission.FORM, refuse.FORM, coding.END, reveal.FORM, assign.HAND_OVER
    for address, forms in places(screens).items():
        for form in (one for one in forms if one.buttons and one not in elsewhere):
            page.set_viewport_size({"width": 1280, "height": 720})
            page.goto(address)
            expect(page.get_by_role("heading", level=1)).to_be_attached()
            if form.shape is not Shape.PAGE:
                page.locator(f"[data-opens={form.name}]").first.click()
            for box in form_of(page, form).locator("form [type=text]").all():
                box.fill("")
            form_of(page, form).locator("[type=submit]").first.click()
            expect(form_of(page, form).locator("[data-summary]")).to_be_visible()
            found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
            assert found.response["violations"] == [], f"{form.name}: {found.generate_report()}"
            page.set_viewport_size({"width": 320, "height": 640})
            wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wider <= 0, f"{form.name}: the page scrolls sideways at 400% zoom"
