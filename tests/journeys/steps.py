"""Steps that several journeys take."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, Response

from dashboard.paths import SIGN_IN
from dashboard.words import sign_in as words

DUTY_OFFICER = "Duty officer"


def signing_in(page: Page, person: str = DUTY_OFFICER) -> Page:
    """This page, which chooses a person whenever an address that it goes to leads to the sign-in of a replay."""
    go: Callable[..., Response | None] = page.goto

    def goto(address: str, **more: Any) -> Response | None:
        answer = go(address, **more)
        return choose_person(page, person) if is_at_sign_in(page) else answer

    page.goto = goto
    return page


def is_at_sign_in(page: Page) -> bool:
    return urlsplit(page.url).path.endswith(SIGN_IN)


def choose_person(page: Page, person: str = DUTY_OFFICER) -> Response | None:
    """Press the name of a person (the first of that name) at the sign-in; the answer is of the page it leads to."""
    with page.expect_navigation() as going:
        page.get_by_role("button", name=person).first.click()
    return going.value


def sign_out(page: Page) -> None:
    """As a person does: by their name in the top bar."""
    page.locator("#who").click()
    with page.expect_navigation(url=f"**{SIGN_IN}"):
        page.get_by_role("dialog", name=words.YOU).get_by_role("button", name=words.SIGN_OUT).click()
