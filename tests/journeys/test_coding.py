"""The coding desk in real browsers: three people code forty flows, a fourth settles, and alpha is the textbook's."""

import json
import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from dashboard.views.rumour import read_rumour
from dashboard.words import coding as words
from models.domain.rumours import Stance
from models.domain.users import Role
from models.measures.agreement import agreement
from models.people.coding import CODING_DESK
from tests.builders import NOON, a_post
from tests.dashboard.world import Somebody, judge
from tests.journeys.screens import Screens, served
from tests.journeys.steps import choose_person, signing_in
from tests.models.test_coding_measures import alpha_by_the_book

FLOWS = 40
KEYS = {Stance.SUPPORT: "1", Stance.DENY: "2", Stance.QUERY: "3", Stance.COMMENT: "4", None: "s"}
TEXTS = {
    Stance.SUPPORT: "The dam has burst, says house {}",
    Stance.DENY: "The dam is holding, says house {}",
    Stance.QUERY: "Has the dam burst, asks house {}",
    Stance.COMMENT: "Good luck to house {} <img src=x onerror=alert(1)>",
}
ONE, TWO = Somebody("A. One", Role.ANALYST), Somebody("B. Two", Role.COMMS)
THREE, FOUR = Somebody("C. Three", Role.DUTY), Somebody("D. Our", Role.ANALYST)
Opens = Callable[..., Page]


@pytest.fixture
def screens(tmp_path) -> Iterator[Screens]:
    with served(tmp_path) as screens:
        stances = [list(Stance)[number % 4] for number in range(60)]
        posts = [
            a_post(TEXTS[stance].format(number), id=f"house:{number}", minute=number % 12)
            for number, stance in enumerate(stances)
        ]
        # The model calls every third denial a comment.
        said = [
            Stance.COMMENT if stance is Stance.DENY and number % 3 == 0 else stance
            for number, stance in enumerate(stances)
        ]
        judge(screens.store, screens.incident, posts, rumour="houses", stances=said)
        yield screens


@pytest.fixture
def opens(browser: Browser, browser_context_args, screens: Screens) -> Iterator[Opens]:
    """Opens the coding desk in a browser of its own, for somebody; what its console complains of fails the test."""
    contexts, complaints = [], []

    def open_desk(who: Somebody, **more) -> Page:
        screens.add(who)
        context = browser.new_context(**{**browser_context_args, **more})
        contexts.append(context)
        page = signing_in(context.new_page(), who.name)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{screens.board}/coding")
        expect(page.get_by_role("heading", name=words.HEADING)).to_be_visible()
        return page

    yield open_desk
    for context in contexts:
        context.close()
    assert complaints == []


def start_round(page: Page, flows: int = FLOWS, coders: str = "Three") -> None:
    page.get_by_label(words.START_SIZE).fill(str(flows))
    page.get_by_label(coders).check()
    page.get_by_role("button", name=words.START_SAVE).click()
    expect(progress(page)).to_have_text(f"0 of {flows}")


def progress(page: Page):
    return page.locator("[data-desk-progress]")


def card(page: Page) -> str:
    return page.locator("[data-card=text]").text_content()


def meant(text: str) -> Stance:
    """What a post says of the claim, to whoever reads it."""
    for stance, template in TEXTS.items():
        if text.startswith(template.split(" house")[0]):
            return stance
    return Stance.SUPPORT


def number_in(text: str) -> int:
    return int((re.findall(r"\d+", text) or ["0"])[0])


# What each coder says of a post: the second and the third see some otherwise, and the third skips one in eleven.
def first_says(text: str) -> Stance | None:
    return meant(text)


def second_says(text: str) -> Stance | None:
    return Stance.COMMENT if number_in(text) % 5 == 0 else meant(text)


def third_says(text: str) -> Stance | None:
    return None if number_in(text) % 11 == 1 else Stance.QUERY if number_in(text) % 7 == 0 else meant(text)


def code_everything(page: Page, says: Callable[[str], Stance | None], flows: int = FLOWS) -> dict[str, Stance | None]:
    """Code by the keyboard as fast as the flows come; what was said of each text."""
    said: dict[str, Stance | None] = {}
    expect(progress(page)).to_have_text(f"0 of {flows}")  # a key that is pressed before the deck has come is nobody's
    for done in range(flows):
        text = card(page)
        said[text] = says(text)
        page.keyboard.press(KEYS[said[text]])
        expect(progress(page)).to_have_text(f"{done + 1} of {flows}")
    expect(page.get_by_text(words.FINISHED_ALL)).to_be_visible()
    expect(page.locator("[data-desk-saved]")).to_have_text(words.BROWSER["saved"])
    return said


def test_three_people_code_forty_flows_a_fourth_settles_and_alpha_is_that_of_the_textbook(screens, opens):
    store, incident = screens.store, screens.incident.id
    coders = {who.name: opens(who) for who in (ONE, TWO, THREE)}
    start_round(coders["A. One"])
    said = {}
    for (name, page), says in zip(coders.items(), (first_says, second_says, third_says), strict=True):
        expect(progress(page)).to_have_text(f"0 of {FLOWS}")
        said[name] = code_everything(page, says)
        page.get_by_role("button", name=words.FINISH).click()
    for page in coders.values():
        expect(page.get_by_role("heading", name="Round 1: what came of it")).to_be_visible()
    # Those who coded are shown no difference; who did not is.
    differ = {text for text in said["A. One"] if len({one[text] for one in said.values()} - {None}) > 1}
    expect(coders["A. One"].get_by_text(words.waiting_line(len(differ)))).to_be_visible()
    expect(coders["A. One"].get_by_text("is not known yet")).to_be_visible()
    fourth = opens(FOUR)
    expect(progress(fourth)).to_have_text(f"0 of {len(differ)}")
    for done in range(len(differ)):
        text = card(fourth)
        shown = fourth.locator("[data-card-said] li").all_text_contents()
        expected = {f"{'skipped' if one[text] is None else one[text].value}, {name}" for name, one in said.items()}
        assert {line[1:] for line in shown} == expected
        fourth.keyboard.press(KEYS[meant(text)])
        expect(progress(fourth)).to_have_text(f"{done + 1} of {len(differ)}")
    expect(fourth.get_by_text(words.SETTLED_ALL)).to_be_visible()
    expect(fourth.locator("[data-desk-saved]")).to_have_text(words.BROWSER["saved"])

    by_text = [[one[text] for one in said.values() if one[text] is not None] for text in said["A. One"]]
    alpha = alpha_by_the_book(by_text)
    expect(fourth.get_by_text(f"People agree at alpha {alpha:.2f}, on {FLOWS} flows")).to_be_visible()
    for stance in Stance:
        of_one = alpha_by_the_book([[label is stance for label in labels] for labels in by_text])
        row = fourth.get_by_role("row", name=stance.value, exact=False).first
        expect(row.get_by_role("cell").nth(2)).to_have_text(f"{of_one:.2f}")
    expect(fourth.get_by_text(f"On {FLOWS} coded flows the model agrees with people on")).to_be_visible()

    # What was settled is people's stance of each flow.
    (state,) = store.codings.rounds(incident)
    outcomes = store.codings.outcomes(incident, state.round.id)
    assert agreement([one.labels for one in outcomes]).alpha == pytest.approx(alpha)
    assert all(one.settled is not None for one in outcomes)
    coded = {}
    for rumour in {one.drawn.rumour for one in outcomes}:
        flows = read_rumour(store, incident, rumour, NOON).flows
        coded |= {flow.id: (flow.stance, flow.coded_by) for flow in flows}
    for one in outcomes:
        assert coded[one.drawn.flow] == (one.settled, one.settled_by)
    assert {one.settled_by for one in outcomes} == {CODING_DESK, "D. Our"}
    fourth.goto(f"{screens.board}/review")
    expect(fourth.get_by_text(f"On {FLOWS} coded flows the model agrees with people on")).to_be_visible()


def test_nothing_that_a_coder_is_sent_tells_what_others_or_the_model_said(screens, opens):
    other = opens(TWO)
    coder = opens(ONE)
    start_round(coder, 12, "Two")
    expect(progress(other)).to_have_text("0 of 12")
    code_everything(other, lambda text: Stance.QUERY, 12)
    heard: list[str] = []
    coder.on("response", lambda answer: heard.append(answer.text()) if "_dash-update" in answer.url else None)
    coder.reload()
    code_everything(coder, lambda text: Stance.DENY, 12)
    assert any(re.search(f'"coder": ?"{ONE.id}"', one) for one in heard)
    for body in heard:
        assert TWO.name not in body
        assert TWO.id not in body
        assert "probabilit" not in body
        deck = json.loads(body).get("response", {}).get("coding-deck", {}).get("data") if body else None
        for one in (deck or {}).get("cards", []):
            assert one.keys() == {"flow", "round", "claim", "text", "answered", "facts", "label", "done"}
            assert one["label"] in (None, "deny")


def test_nothing_is_lost_when_the_connection_drops_or_the_page_is_reloaded(screens, opens):
    page = opens(ONE)
    start_round(page, 12, "Two")
    page.keyboard.press("1")
    expect(page.locator("[data-desk-saved]")).to_have_text(words.BROWSER["saved"])
    page.context.set_offline(True)
    for _ in range(5):
        page.keyboard.press("2")
    expect(progress(page)).to_have_text("6 of 12")
    expect(page.locator("[data-desk-saved]")).to_contain_text("5 not saved yet")
    page.context.set_offline(False)
    expect(page.locator("[data-desk-saved]")).to_have_text(words.BROWSER["saved"])
    page.route(re.compile("_dash-update-component"), lose_labels)
    page.keyboard.press("3")
    expect(progress(page)).to_have_text("7 of 12")
    page.unroute(re.compile("_dash-update-component"))
    page.reload()
    expect(progress(page)).to_have_text("7 of 12")
    expect(page.locator("[data-desk-saved]")).to_have_text(words.BROWSER["saved"])
    (state,) = screens.store.codings.rounds(screens.incident.id)
    own = screens.store.codings.desk(screens.incident.id, state.round.id, ONE.officer)
    labels = [one.label for one in own if one.done]
    assert labels == [Stance.SUPPORT, *[Stance.DENY] * 5, Stance.QUERY]


def lose_labels(route) -> None:
    """What is sent of labels never arrives."""
    if any(one["id"] == "coding-sent" for one in route.request.post_data_json["inputs"]):
        route.abort()
    else:
        route.continue_()


def test_a_coder_goes_back_and_changes_a_label_and_skips(screens, opens):
    page = opens(ONE)
    start_round(page, 12, "Two")
    first = card(page)
    page.keyboard.press("1")
    assert card(page) != first
    page.keyboard.press("z")
    assert card(page) == first
    expect(page.get_by_role("button", name="support")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("4")
    page.keyboard.press("s")
    expect(page.get_by_role("dialog", name="Log a sighting")).to_be_hidden()
    expect(progress(page)).to_have_text("2 of 12")
    expect(page.locator("[data-desk-saved]")).to_have_text(words.BROWSER["saved"])
    (state,) = screens.store.codings.rounds(screens.incident.id)
    own = screens.store.codings.desk(screens.incident.id, state.round.id, ONE.officer)
    assert [(one.label, one.done) for one in own[:3]] == [(Stance.COMMENT, True), (None, True), (None, False)]


def test_a_label_is_given_by_tab_and_enter_alone(screens, opens):
    page = opens(ONE)
    start_round(page, 12, "Two")
    key = page.get_by_role("button", name="query")
    key.focus()
    page.keyboard.press("Enter")
    expect(progress(page)).to_have_text("1 of 12")
    expect(key).to_be_focused()


def test_an_analyst_ends_a_round_with_a_reason_and_the_labels_that_there_are_count(screens, opens):
    page = opens(ONE)
    start_round(page, 12, "Two")
    page.get_by_role("button", name=words.END_TITLE).click()
    page.keyboard.type("off shift")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Round 1: what came of it")).to_be_visible()
    expect(page.get_by_text("How often the model agrees with people is not known yet: 0 coded flows")).to_be_visible()
    expect(page.get_by_text("How far people agree is undefined, on 0 flows")).to_be_visible()


def test_what_was_coded_while_the_session_had_ended_is_saved_after_the_next_sign_in(screens, opens):
    page = opens(ONE)
    start_round(page, 12, "Two")
    screens.end_sessions()
    page.keyboard.press("2")
    page.wait_for_url("**/sign-in?next=*")
    choose_person(page, ONE.name)
    expect(progress(page)).to_have_text("1 of 12")
    expect(page.locator("[data-desk-saved]")).to_have_text(words.BROWSER["saved"])
    (state,) = screens.store.codings.rounds(screens.incident.id)
    own = screens.store.codings.desk(screens.incident.id, state.round.id, ONE.officer)
    assert [one.label for one in own if one.done] == [Stance.DENY]


@pytest.mark.parametrize("colours", ["dark", "light"])
def test_the_desk_meets_wcag_fits_a_laptop_and_a_narrow_screen(screens, opens, colours):
    page = opens(ONE, color_scheme=colours, viewport={"width": 1280, "height": 720})
    check_wcag(page)
    start_round(page, 12, "Two")
    expect(page.get_by_role("button", name="Skip")).to_be_in_viewport(ratio=1)
    check_wcag(page)
    other = opens(TWO)
    for each, stance in ((page, Stance.DENY), (other, Stance.QUERY)):
        code_everything(each, lambda text, stance=stance: stance, 12)
        each.get_by_role("button", name=words.FINISH).click()
    fourth = opens(FOUR, color_scheme=colours, viewport={"width": 1280, "height": 720})
    expect(progress(fourth)).to_have_text("0 of 12")
    expect(fourth.get_by_role("heading", name="Round 1: what came of it")).to_be_attached()
    check_wcag(fourth)
    fourth.set_viewport_size({"width": 320, "height": 640})
    wider = fourth.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, "the page scrolls sideways at 400% zoom"


def check_wcag(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert found.response["violations"] == [], found.generate_report()
