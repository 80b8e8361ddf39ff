"""A stand-in for a provider, a server whose people come by it, and a browser at that server."""

import pytest

from tests.dashboard.provider.comers import Comer, a_server_with, people_of, settings_for
from tests.dashboard.provider.forger import a_forger
from tests.dashboard.signing_in import clock_ahead, local_person


@pytest.fixture
def forger():
    with a_forger() as one:
        yield one


@pytest.fixture
def ahead(monkeypatch):
    return clock_ahead(monkeypatch)


@pytest.fixture
def people(store, forger, ahead):
    local_person(store)
    return people_of(store, settings_for(forger.issuer), "the client's secret")


@pytest.fixture
def app(store, forger, people, monkeypatch):
    # Many browsers of one address: test_too_often.py asks too often.
    monkeypatch.setattr("dashboard.http.limits.RateLimits.wait", lambda *_: 0)
    return a_server_with(store, settings_for(forger.issuer), people)


@pytest.fixture
def desk(app):
    return Comer(app)
