"""Steps that several journeys take."""

from playwright.sync_api import Page


def say_who_i_am(page: Page, role: str = "Duty officer") -> None:
    """Answer the dialog that asks who acts: it opens when something is first sent, and what was sent goes on."""
    dialog = page.get_by_role("dialog", name="Who are you?")
    dialog.get_by_label("Your name").fill("A. Tester")
    dialog.get_by_label(role).check()
    dialog.get_by_role("button", name="Save").click()
