"""What other systems push: handed on whole, answered as the sources say, and never more than fits."""

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from models.domain.sources import SourcePhase, SourceState
from models.limits import LARGEST_RECORD_BYTES, too_large
from tests.dashboard.world import SomeSources, an_app

HERE = "http://127.0.0.1:8050"


@pytest.fixture
def sources():
    return SomeSources(SourceState("fixmystreet", SourcePhase.LISTENING, healthy=True))


@pytest.fixture
def app(store, sources):
    return an_app(store, sources)


@pytest.fixture
def browser(app):
    return app.server.test_client()


def test_headers_and_body_are_handed_on_and_the_answer_is_theirs(browser, sources):
    answer = browser.post("/in/fixmystreet", data=b'{"a": 1}', headers={"X-Signature": "abc"}, base_url=HERE)
    assert (answer.status_code, answer.json) == (202, {"taken": 8})
    ((sender, headers, body),) = sources.told
    assert (sender, headers["X-Signature"], body) == ("fixmystreet", "abc", b'{"a": 1}')


def send(browser, **environ):
    return browser.post("/in/fixmystreet", data=b"{}", base_url=HERE, environ_overrides=environ)


def test_a_body_that_is_too_large_is_refused_unread_and_in_the_words_of_the_source(browser, sources):
    answer = send(browser, CONTENT_LENGTH=str(LARGEST_RECORD_BYTES + 1))
    assert (answer.status_code, answer.json) == (413, {"error": too_large("A message")})
    assert sources.told == []
    largest = browser.post("/in/fixmystreet", data=b" " * LARGEST_RECORD_BYTES, base_url=HERE)
    assert (largest.status_code, largest.json) == (202, {"taken": LARGEST_RECORD_BYTES})


def test_a_body_of_unknown_length_is_refused(app, sources):
    environ = EnvironBuilder("/in/fixmystreet", HERE, method="POST").get_environ()
    environ.pop("CONTENT_LENGTH", None)
    _, status, _ = run_wsgi_app(app.server, environ)
    assert status.startswith("411")
    assert sources.told == []


def test_an_unknown_sender_is_told_so_in_json(browser):
    answer = browser.post("/in/nobody", data=b"{}", base_url=HERE)
    assert (answer.status_code, answer.json) == (404, {"error": "No such sender."})


def test_a_proxy_may_forward_it_under_any_name_and_from_any_page(browser, sources):
    headers = {"Origin": "https://elsewhere.example"}
    answer = browser.post("/in/fixmystreet", data=b"{}", base_url="https://posts.example", headers=headers)
    assert answer.status_code == 202
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/_dash-layout", "/in/fixmystreet", "/in/a/b", "/health"])
def test_no_other_path_is_answered_under_another_name(browser, path):
    assert browser.get(path, base_url="https://posts.example").status_code == 403


def test_a_failure_inside_asks_the_sender_to_come_again_and_tells_nothing(browser, sources, monkeypatch, caplog):
    def fails(*given):
        raise ValueError("secret.duckdb")

    monkeypatch.setattr(sources, "receive", fails)
    answer = browser.post("/in/fixmystreet", data=b"{}", base_url=HERE)
    assert answer.status_code == 503
    assert "secret" not in answer.text + caplog.text
