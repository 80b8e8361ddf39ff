"""A person signs in at a real OpenID provider, works, and signs out: here, and there."""

import pytest
from playwright.sync_api import expect

from dashboard.words import provider as provider_words
from dashboard.words import sign_in as sign_in_words
from tests.dashboard.provider.real.server import a_real_provider
from tests.journeys.server import Server

NAME = "Northgate ID"
CONFIG = """
[sign_in.provider]
issuer = "{issuer}"
name = "{name}"
client_id = "grapevine"
client_secret_env = "GRAPEVINE_TEST_CLIENT"
groups = [{{ group = "duty-officers", role = "duty", service = "Northgate Police" }}]
"""


@pytest.fixture
def server(tmp_path):
    running = Server(tmp_path, "run")
    with a_real_provider(running.address.rstrip("/"), secret="a secret of a test") as provider:
        provider.knows("s-1", "P. Rovided", "duty-officers")
        provider.knows("s-2", "G. Ardener", "gardeners")
        running.environment["GRAPEVINE_TEST_CLIENT"] = "a secret of a test"
        config = CONFIG.format(issuer=provider.issuer, name=NAME)
        (tmp_path / "config.toml").write_text(config, encoding="utf-8")
        running.start()
        running.command("incident", "open", "Northgate flood", "--watch", "dam")
        yield running
        assert running.stop() == 0, running.said()


def test_a_person_signs_in_at_the_provider_and_out_again(server, context):
    page = context.new_page()
    page.goto(f"{server.address}incidents")
    page.get_by_role("link", name=provider_words.sign_in_with(NAME)).click()
    page.get_by_role("link", name="G. Ardener").click()
    expect(page.get_by_role("alert")).to_have_text(provider_words.no_role(NAME, says_groups=True))

    # The provider's own session goes on: somebody else needs a browser of their own.
    context.clear_cookies()
    page.goto(f"{server.address}incidents")
    page.get_by_role("link", name=provider_words.sign_in_with(NAME)).click()
    page.get_by_role("link", name="P. Rovided").click()
    page.wait_for_url(f"{server.address}incidents")
    expect(page.get_by_role("link", name="Northgate flood", exact=True)).to_be_visible()
    expect(page.locator("#who")).to_have_text("P. Rovided")

    page.locator("#who").click()
    page.get_by_role("dialog", name=sign_in_words.YOU).get_by_role("button", name=sign_in_words.SIGN_OUT).click()
    page.get_by_role("button", name="Yes, sign me out").click()
    page.wait_for_url(f"{server.address}sign-in")
    expect(page.get_by_role("status")).to_have_text(provider_words.LEFT)
    page.get_by_role("link", name=provider_words.sign_in_with(NAME)).click()
    expect(page.get_by_role("link", name="P. Rovided")).to_be_visible()
