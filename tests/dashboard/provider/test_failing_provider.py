"""A provider that does not answer as it should: nobody is signed in by it, and everything else goes on."""

import html
import time

import pytest

from dashboard.http.provider import asking, documents
from dashboard.words import provider as provider_words
from tests.dashboard.provider.comers import NAME, only_refused

# --- A provider that does not answer as it should ------------------------------------------------------------------


def drips(handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for _ in range(500):
        try:
            handler.wfile.write(b"X-Slow: x\r\n")
            handler.wfile.flush()
        except OSError:
            return
        time.sleep(0.02)


def breaks_off(handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")


def never_ends(handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[")
    try:
        while True:
            handler.wfile.write(b"1," * 5_000)
    except OSError:
        return


BAD_ANSWERS = {
    "endless": never_ends,
    "dripping": drips,
    "cut off": breaks_off,
    "redirecting": (307, {"Location": "/elsewhere"}, b""),
    "failing": (503, {}, b"<html>busy</html>"),
    "no JSON": (200, {}, b"<html>"),
    "deep": (200, {}, b"[" * 100_000),
    "packed": (200, {"Content-Encoding": "gzip"}, b"\x1f\x8b"),
    "a list": (200, {}, b"[]"),
}


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(asking, "ANSWER_SECONDS", 0.5)


def test_tokens_that_cannot_be_read_let_nobody_in(store, desk, forger, ahead, impatient):
    for answer in BAD_ANSWERS.values():
        ahead(seconds=11)
        asked = desk.goes()
        forger.instead["/token"] = answer
        began = time.monotonic()
        back = desk.comes_back(asked["state"])
        assert time.monotonic() - began < 5
        only_refused(store, desk, back, provider_words.away(NAME), "provider: no answer")
    assert "/elsewhere" not in forger.visits


def test_an_answer_of_any_size_is_read_so_far_and_no_further(desk, forger, caplog):
    asked = desk.goes()
    forger.gives(forger.claims(asked["nonce"], padding="x" * 500_000))
    assert desk.comes_back(asked["state"]).location == "/sign-in"
    assert not desk.is_signed_in()
    assert "larger than 500,000 bytes" in caplog.text


def test_keys_that_cannot_be_read_prove_nothing(desk, forger, ahead, impatient):
    for answer in BAD_ANSWERS.values():
        ahead(seconds=11)
        asked = desk.goes()
        forger.gives(forger.claims(asked["nonce"]))
        forger.instead["/jwks"] = answer
        assert desk.comes_back(asked["state"]).location == "/sign-in"
        assert not desk.is_signed_in()


def test_where_the_provider_cannot_be_read_the_page_says_so_and_other_accounts_work(desk, forger, ahead, impatient):
    for answer in BAD_ANSWERS.values():
        forger.instead["/.well-known/openid-configuration"] = answer
        ahead(seconds=11)
        assert desk.get("/sign-in/provider").location == "/sign-in"
        assert provider_words.away(NAME) in html.unescape(desk.get("/sign-in").text)
    assert desk.sign_in(next="/sources").location == "/sources"
    assert desk.is_signed_in()


UNSAFE = (
    {"issuer": "https://evil.example"},
    {"token_endpoint": "http://evil.example/token"},
    {"token_endpoint": "file:///etc/passwd"},
    {"jwks_uri": None},
    {"authorization_endpoint": "javascript:alert(1)"},
    {"authorization_endpoint": "https://user@evil.example/"},
    {"end_session_endpoint": "javascript:alert(1)"},
    {"userinfo_endpoint": ["https://evil.example"]},
)


def test_a_discovery_document_that_is_not_safe_is_not_followed(desk, forger, ahead):
    honest = dict(forger.metadata)
    for changes in UNSAFE:
        forger.metadata = honest | changes
        ahead(seconds=11)
        assert desk.get("/sign-in/provider").location == "/sign-in", changes
        assert provider_words.away(NAME) in html.unescape(desk.get("/sign-in").text)


def test_a_provider_that_is_away_is_not_asked_again_at_once(desk, forger, ahead):
    forger.instead["/.well-known/openid-configuration"] = BAD_ANSWERS["failing"]
    for _ in range(5):
        desk.get("/sign-in/provider")
    assert len(forger.visits) <= 1
    del forger.instead["/.well-known/openid-configuration"]
    ahead(seconds=11)
    desk.goes()
    assert provider_words.away(NAME) not in html.unescape(desk.get("/sign-in").text)


def test_nobody_is_sent_to_a_provider_that_is_away(desk, forger, people):
    desk.goes()
    forger.instead["/.well-known/openid-configuration"] = BAD_ANSWERS["failing"]
    people.renew()
    assert provider_words.away(NAME) in html.unescape(desk.get("/sign-in").text)
    assert desk.get("/sign-in/provider").location == "/sign-in"


def test_only_so_many_ask_the_provider_at_a_time(desk, forger, people, monkeypatch):
    monkeypatch.setattr(documents, "WAIT_SECONDS", 0.01)
    turns = people.client.documents._turns
    for _ in range(documents.AT_ONCE):
        turns.acquire()
    assert desk.get("/sign-in/provider").location == "/sign-in"


def test_neither_secret_nor_code_is_logged(desk, forger, ahead, caplog):
    for answer in ((401, {}, b'{"error": "invalid_client"}'), BAD_ANSWERS["failing"], BAD_ANSWERS["no JSON"]):
        ahead(seconds=11)
        asked = desk.goes()
        forger.instead["/token"] = answer
        desk.comes_back(asked["state"], code="the very code")
    assert "cannot be asked" in caplog.text
    assert "the client's secret" not in caplog.text
    assert "the very code" not in caplog.text
