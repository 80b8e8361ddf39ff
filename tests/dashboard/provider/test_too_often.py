"""Who comes back from the provider too often waits, and no stranger uses up what those may do who were sent there."""

import time

import pytest

from dashboard.http.limits import ALL_SIGN_INS, SIGN_INS, SIGN_OUTS
from models.clock import SystemClock
from tests.dashboard.provider.comers import Comer, a_server_with, people_of, settings_for
from tests.dashboard.signing_in import PUBLIC


@pytest.fixture(autouse=True)
def one_minute(monkeypatch):
    """A minute that does not end while a test runs."""
    now = SystemClock().now()
    monkeypatch.setattr(time, "time", now.timestamp)
    monkeypatch.setattr(SystemClock, "now", lambda _: now)


@pytest.fixture
def app(store, forger):
    settings = settings_for(forger.issuer, server={"public_url": PUBLIC, "trusted_proxies": ["127.0.0.1"]})
    return a_server_with(store, settings, people_of(store, settings))


def test_an_address_may_come_back_so_often_a_minute_and_no_more(app):
    stranger = Comer(app, "10.0.0.1")
    got = [stranger.comes_back("made up").status_code for _ in range(SIGN_INS.a_minute + 1)]
    assert (got[0], got[-1]) == (303, 429)
    assert stranger.get("/sign-in").status_code == 200


def test_a_flood_of_made_up_answers_keeps_nobody_out_who_was_sent_to_the_provider(app, forger):
    for number in range(ALL_SIGN_INS.a_minute // SIGN_INS.a_minute + 1):
        stranger = Comer(app, f"10.0.1.{number}")
        got = {stranger.comes_back("made up").status_code for _ in range(SIGN_INS.a_minute)}
    assert got == {429}
    desk = Comer(app, "10.0.0.1")
    desk.comes_in(forger)
    assert desk.is_signed_in()


def test_what_says_that_somebody_signed_out_is_limited_by_its_address(app):
    def says(address):
        desk = Comer(app, address)
        return desk.client.post("/sign-out/provider", data={"logout_token": "x"}, base_url=desk.host).status_code

    got = [says("10.0.0.1") for _ in range(SIGN_OUTS.a_minute + 1)]
    assert (got[0], got[-1]) == (400, 429)
    assert says("10.0.0.2") == 400
