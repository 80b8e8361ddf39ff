"""Whatever a browser brings back, or somebody sends as a sign-out, is answered in order and signs nobody in or out.

Many who come at once are who they are, and the provider is known by its certificate.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.http.provider import asking
from dashboard.words import provider as provider_words
from tests.certificates import a_certificate
from tests.dashboard.provider.comers import NAME, Comer, a_server_with, people_of, settings_for
from tests.dashboard.provider.forger import a_forger
from tests.dashboard.signing_in import said
from tests.dashboard.world import HERE

ARGUMENTS = st.dictionaries(
    st.sampled_from(["state", "code", "iss", "error", "error_description", "next", "id_token"]), st.text(max_size=60)
)


@pytest.fixture
def people(store, forger):
    return people_of(store, settings_for(forger.issuer))


@pytest.fixture
def app(store, forger, people, monkeypatch):
    monkeypatch.setattr("dashboard.http.limits.RateLimits.wait", lambda *_: 0)
    return a_server_with(store, settings_for(forger.issuer), people)


@given(ARGUMENTS, st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_whatever_comes_back_leads_to_the_sign_in_page(app, forger, asked, is_waited_for):
    desk = Comer(app)
    if is_waited_for:
        asked = {**asked, "state": desk.goes()["state"]}
        forger.tokens = {"id_token": asked.get("id_token", "")}
    answer = desk.get("/sign-in/provider/back", query_string=asked)
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert desk.get("/sign-in").status_code == 200
    assert not desk.is_signed_in()


@given(st.dictionaries(st.sampled_from(["logout_token", "x"]), st.text(max_size=80) | st.binary(max_size=80)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_whatever_is_sent_as_a_sign_out_is_refused(app, sent):
    answer = app.server.test_client().post("/sign-out/provider", data=sent, base_url=HERE)
    assert (answer.status_code, answer.json) == (400, {"error": "invalid_request"})


def test_somebody_new_who_comes_at_many_browsers_at_once_is_one_person(store, forger, people):
    with ThreadPoolExecutor(8) as at_once:
        users = list(at_once.map(lambda _: people.admitted(forger.claims()), range(16)))
    assert len({one.id for one in users}) == 1
    assert len(store.users.versions(users[0].id)) == 1


def test_a_provider_is_believed_by_its_certificate_only(store, tmp_path, monkeypatch):
    pair = a_certificate(tmp_path / "certificates")
    with a_forger(pair) as forger:
        config = settings_for(forger.issuer)
        desk = Comer(a_server_with(store, config, people_of(store, config)))
        assert desk.get("/sign-in/provider").location == "/sign-in"
        assert provider_words.away(NAME) in said(desk.get("/sign-in"))
        monkeypatch.setattr(asking, "_trusted", pair.trusting)
        desk = Comer(a_server_with(store, config, people_of(store, config)))
        desk.comes_in(forger)
        assert desk.is_signed_in()
