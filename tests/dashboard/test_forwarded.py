"""What a request says of where it comes from: believed of a declared proxy, dropped from anybody else."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.http.forwarded import Forwarded, client_of
from models.server_settings import ServerSettings

PROXY, CLIENT = "10.0.0.5", "81.2.69.144"
BEHIND = ServerSettings(
    listen="10.0.0.9", public_url="https://g.example/grapevine", trusted_proxies=[PROXY, "10.1.0.0/24"]
)
ALONE = ServerSettings()
WITH_TLS = ServerSettings(listen="0.0.0.0", public_url="https://g.example", tls_certificate="c", tls_key="k")


def passed_on(settings, peer, path="/", **headers):
    """What the application sees of a request; None where it is refused."""
    seen = []
    environ = {"REMOTE_ADDR": peer, "wsgi.url_scheme": "http", "PATH_INFO": path, "SCRIPT_NAME": "", **headers}
    statuses = []
    Forwarded(lambda environ, _: seen.append(environ) or [], settings)(
        environ, lambda status, _: statuses.append(status)
    )
    assert bool(seen) != bool(statuses)
    return seen[0] if seen else None


def test_a_trusted_proxy_says_who_asks_and_how():
    seen = passed_on(BEHIND, PROXY, HTTP_X_FORWARDED_FOR=CLIENT, HTTP_X_FORWARDED_PROTO="https")
    assert (seen["REMOTE_ADDR"], seen["wsgi.url_scheme"]) == (CLIENT, "https")


@pytest.mark.parametrize(("settings", "peer"), [(ALONE, "127.0.0.1"), (WITH_TLS, CLIENT), (BEHIND, "127.0.0.1")])
def test_nobody_else_does(settings, peer):
    seen = passed_on(settings, peer, HTTP_X_FORWARDED_FOR="6.6.6.6", HTTP_X_FORWARDED_PROTO="https")
    assert (seen["REMOTE_ADDR"], seen["wsgi.url_scheme"]) == (peer, "http")


def test_what_the_client_made_up_stands_behind_what_the_proxy_saw():
    seen = passed_on(BEHIND, PROXY, HTTP_X_FORWARDED_FOR=f"6.6.6.6, 127.0.0.1, {CLIENT}, 10.1.0.7")
    assert seen["REMOTE_ADDR"] == CLIENT


def test_through_the_proxy_plain_http_is_refused():
    assert passed_on(BEHIND, PROXY, HTTP_X_FORWARDED_FOR=CLIENT, HTTP_X_FORWARDED_PROTO="http") is None


def test_past_the_proxy_nobody_is_answered_in_the_clear():
    assert passed_on(BEHIND, CLIENT) is None
    assert passed_on(BEHIND, "10.0.0.6", HTTP_X_FORWARDED_FOR=PROXY) is None
    assert passed_on(WITH_TLS, CLIENT) is not None


def test_what_is_refused_here_has_its_headers_too():
    given = []
    answer = Forwarded(lambda *_: [], BEHIND)(
        {"REMOTE_ADDR": CLIENT, "PATH_INFO": "/"}, lambda status, headers: given.append((status, dict(headers)))
    )
    ((status, headers),) = given
    assert (status, b"".join(answer)) == ("403 Forbidden", b"Open Grapevine at https://g.example/grapevine\n")
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


NAMES = ["FORWARDED_HOST", "FORWARDED_PREFIX", "FORWARDED_PORT", "FORWARDED_SERVER", "FORWARDED_FOO", "REAL_IP"]


@pytest.mark.parametrize("peer", [PROXY, "127.0.0.1"])
@pytest.mark.parametrize("name", ["HTTP_FORWARDED", *(f"HTTP_X_{name}" for name in NAMES)])
def test_host_and_path_are_taken_from_no_request(name, peer):
    before = passed_on(BEHIND, peer)
    assert passed_on(BEHIND, peer, **{name: "evil.example"}) == before


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        ("/grapevine/sources", "/sources"),
        ("/sources", "/sources"),
        ("/grapevine", "/"),
        ("/grapevine/", "/"),
        ("/grapevinery", "/grapevinery"),
        ("/grapevine//evil.example", "//evil.example"),
        ("/grapevine/grapevine/x", "/grapevine/x"),
    ],
)
def test_a_proxy_may_leave_the_prefix_or_strip_it(path, seen):
    environ = passed_on(BEHIND, PROXY, path)
    assert (environ["SCRIPT_NAME"], environ["PATH_INFO"]) == ("/grapevine", seen)


ADDRESSES = st.ip_addresses().map(str)


@given(st.lists(ADDRESSES | st.text(max_size=20), max_size=5), ADDRESSES)
def test_whatever_a_client_sends_before_it_the_address_that_the_proxy_saw_counts(made_up, client):
    seen = ip_address(client)
    told = client_of(", ".join([*made_up, client]), ip_address(PROXY), BEHIND.proxies)
    if not any(seen in network for network in BEHIND.proxies):
        assert told == (getattr(seen, "ipv4_mapped", None) or seen)


@given(st.text(max_size=60))
def test_no_header_whatever_stands_in_it_makes_an_error(said):
    seen = passed_on(BEHIND, PROXY, HTTP_X_FORWARDED_FOR=said)
    assert ip_address(seen["REMOTE_ADDR"])
