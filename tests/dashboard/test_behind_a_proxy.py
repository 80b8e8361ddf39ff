"""Behind nginx and Caddy, as dashboard/SERVER.md sets them up: by https, under a path and without, also attacked."""

import json
import re
import socket
import threading
import tomllib
from contextlib import ExitStack

import pytest

from dashboard.http.web_server import bound_listener, create_server
from dashboard.signed_in import CSRF_HEADER
from models.config import Settings
from models.store.duckdb.store import DuckDBStore
from tests.builders import a_clock, a_post
from tests.certificates import HOST, a_certificate
from tests.conftest import ROOT
from tests.dashboard.world import an_app, browser_of, judge, opened
from tests.journeys.server import free_port
from tests.proxies import KINDS, PREFIX, a_proxy

CALLED_BY = "198.51.100.7"
# Whose cookie it is in the tests; a browser's would be of HOST.
HERE = "127.0.0.1"


class Reached:
    """Grapevine as somebody at another desk reaches it: by the proxy's port, under its public name."""

    def __init__(self, port, behind_port, pair, prefix, app):
        self.port, self.behind_port, self.pair, self.prefix, self.app = port, behind_port, pair, prefix, app
        self.origin = f"https://{HOST}:{port}"

    def raw(self, request: bytes) -> bytes:
        """Bytes as they are, so that nothing tidies an attack up."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        with self.pair.trusting().wrap_socket(connection, server_hostname=HOST) as client:
            client.sendall(request)
            return b"".join(iter(lambda: client.recv(65_536), b""))

    def ask(self, path: str, *headers: str, method="GET", host=None, body=b"") -> tuple[int, dict[str, str], str]:
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host or f'{HOST}:{self.port}'}", "Connection: close", *headers]
        if body:
            lines += [f"Content-Length: {len(body)}", "Content-Type: application/json"]
        return parsed(self.raw("\r\n".join([*lines, "", ""]).encode("latin-1") + body))

    def ask_signed_in(self, path: str, *headers: str, **more) -> tuple[int, dict[str, str], str]:
        """As a page of ours would ask at the browser of somebody who has signed in."""
        browser = browser_of(self.app)
        token = browser.environ_base[f"HTTP_{CSRF_HEADER.upper().replace('-', '_')}"]
        name = self.app.server.config["SESSION_COOKIE_NAME"]
        own = (f"Cookie: {name}={browser.get_cookie(name, HERE).value}", f"{CSRF_HEADER}: {token}")
        return self.ask(path, *own, f"Referer: {self.origin}{self.prefix}/", *headers, **more)

    def past_the_proxy(self, path: str, *headers: str) -> tuple[int, dict[str, str], str]:
        with socket.create_connection(("127.0.0.1", self.behind_port), timeout=20) as client:
            client.sendall("\r\n".join([f"GET {path} HTTP/1.0", *headers, "", ""]).encode())
            return parsed(b"".join(iter(lambda: client.recv(65_536), b"")))


def parsed(answer: bytes) -> tuple[int, dict[str, str], str]:
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return int(first.split()[1]), headers, body.decode(errors="replace")


@pytest.fixture(scope="module", params=[(kind, prefix) for kind in KINDS for prefix in ("", PREFIX)], ids="".join)
def reached(request, tmp_path_factory):
    kind, prefix = request.param
    tmp_path = tmp_path_factory.mktemp(kind)
    store = DuckDBStore(tmp_path / "store", a_clock())
    pair = a_certificate(tmp_path / "certificates")
    judge(store, opened(store), [a_post("The dam has burst")])
    port, behind_port = free_port(), free_port()
    settings = Settings.model_validate(
        {"server": {"public_url": f"https://{HOST}:{port}{prefix}", "trusted_proxies": ["127.0.0.1"]}}
    )
    app = an_app(store, settings=settings)
    add_a_mirror(app)
    server = create_server(app.server, bound_listener(settings.server, behind_port), settings.server)
    threading.Thread(target=server.run, daemon=True).start()
    with ExitStack() as closing:
        closing.callback(store.close)
        closing.callback(server.task_dispatcher.shutdown, timeout=1)
        closing.enter_context(a_proxy(kind, tmp_path / kind, behind_port, pair, prefix, port))
        yield Reached(port, behind_port, pair, prefix, app)


def add_a_mirror(app) -> None:
    """An address that shows what reached the application."""
    from flask import jsonify, redirect, request

    @app.server.get("/mirror")
    def mirror():
        names = [name for name, _ in request.headers if name.lower().startswith(("x-", "forwarded"))]
        return jsonify(by=request.remote_addr, scheme=request.scheme, root=request.script_root, headers=names)

    @app.server.get("/away")
    def away():
        return redirect(f"{request.script_root}/sources")


def test_the_board_comes_by_https_with_all_that_it_loads(reached):
    status, headers, page = reached.ask_signed_in(f"{reached.prefix}/")
    assert status == 200
    assert headers["strict-transport-security"].startswith("max-age=")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    loaded = re.findall(r"""(?:src|href)=["']([^"']+)["']""", page)
    for one in [*loaded, f"{reached.prefix}/_dash-layout", f"{reached.prefix}/_dash-dependencies"]:
        assert reached.ask_signed_in(one.replace("&amp;", "&"))[0] == 200, one


def test_a_callback_answers_with_the_boards_page(reached):
    name, wanted = next((name, one) for name, one in reached.app.callback_map.items() if "content.children" in name)
    values = {"url.pathname": f"{reached.prefix}/", "url.search": ""}
    body = {
        "output": name,
        "outputs": [
            dict(zip(("id", "property"), one.rsplit(".", 1), strict=True)) for one in name.strip(".").split("...")
        ],
        "inputs": [{**one, "value": values.get(f"{one['id']}.{one['property']}")} for one in wanted["inputs"]],
        "state": [{**one, "value": None} for one in wanted["state"]],
        "changedPropIds": ["url.pathname"],
    }
    address, sent = f"{reached.prefix}/_dash-update-component", json.dumps(body).encode()
    status, _, answer = reached.ask_signed_in(address, f"Origin: {reached.origin}", method="POST", body=sent)
    assert status == 200, answer[:300]
    assert f"'{reached.prefix}/incidents'" in str(json.loads(answer))
    for origin in ("https://evil.example", f"https://{HOST}", f"http://{HOST}:{reached.port}", "null", ""):
        assert reached.ask_signed_in(address, f"Origin: {origin}", method="POST", body=sent)[0] == 403, origin


def test_a_redirect_stays_with_the_public_host(reached):
    status, headers, _ = reached.ask_signed_in(f"{reached.prefix}/away")
    assert status == 302
    assert headers["location"] == f"{reached.prefix}/sources"
    status, headers, _ = reached.ask(f"{reached.prefix}/sources")
    assert status == 303
    assert headers["location"] == f"{reached.prefix}/sign-in?next=/sources"


def test_who_watches_the_server_is_answered_through_the_proxy_and_past_it(reached):
    for path in ("/healthz", "/readyz"):
        assert reached.ask(f"{reached.prefix}{path}")[0] == 200
        assert reached.past_the_proxy(path, "Host: 10.0.0.9:8050")[0] == 200


@pytest.mark.parametrize(
    "header",
    [
        f"X-Forwarded-For: {CALLED_BY}",
        f"X-Forwarded-For: {CALLED_BY}, 127.0.0.1",
        "X-Forwarded-Proto: http",
        "X-Forwarded-Host: evil.example",
        "X-Forwarded-Prefix: //evil.example",
        "X-Forwarded-Port: 80",
        f'Forwarded: for={CALLED_BY};host=evil.example;proto=http;by="_x"',
        f"X-Real-IP: {CALLED_BY}",
        "X-Original-URL: /health",
        "X-Script-Name: //evil.example",
    ],
)
def test_a_client_cannot_say_where_it_comes_from_or_where_it_is(reached, header):
    status, _, answer = reached.ask_signed_in(f"{reached.prefix}/mirror", header)
    assert status == 200
    seen = json.loads(answer)
    assert (seen["by"], seen["scheme"], seen["root"]) == ("127.0.0.1", "https", reached.prefix)
    assert not {"x-forwarded-host", "x-forwarded-prefix", "forwarded"} & {one.lower() for one in seen["headers"]}
    page = reached.ask_signed_in(f"{reached.prefix}/", header)[2]
    assert "evil.example" not in page


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", f"{HOST}.evil.example", f"{HOST}@evil.example"]
)
def test_another_host_name_is_not_answered_with_our_pages(reached, host):
    status, headers, answer = reached.ask(f"{reached.prefix}/", host=host)
    # Caddy answers a name that it does not serve with an empty page of its own.
    assert status in {400, 403, 404, 421} or not answer
    assert "grapevine-data" not in answer
    assert "location" not in headers


def test_two_host_headers_are_one_too_many(reached):
    answer = reached.ask(f"{reached.prefix}/", "Host: evil.example")[2]
    assert "evil.example" not in answer


@pytest.mark.parametrize(
    "path",
    [
        *("//evil.example", "/%2f%2fevil.example", "/\\evil.example", "/..%2f..%2fetc%2fpasswd", "/../../etc/passwd"),
        *("/assets/..%2f..%2f..%2fconfig.toml", "/x%0d%0aSet-Cookie:%20a=b", "/%0d%0a%0d%0a<script>", "/%00", "/%ff"),
        *("/incident/%0d%0aLocation:%20https:%2f%2fevil.example", "?next=//evil.example", "/health/../sources"),
    ],
)
def test_no_path_leads_out_or_adds_a_header(reached, path):
    status, headers, answer = reached.ask(f"{reached.prefix}{path}")
    assert status < 500
    assert "set-cookie" not in headers
    to = headers.get("location", "/")
    assert to.removeprefix(reached.origin).startswith("/")
    assert not to.startswith("//")
    assert "root:" not in answer
    assert "[server]" not in answer


def test_a_request_hidden_in_another_is_not_answered(reached):
    """Content-Length and Transfer-Encoding that contradict each other: request smuggling."""
    hidden = f"GET {reached.prefix}/mirror HTTP/1.1\r\nHost: {HOST}\r\n\r\n"
    answer = reached.raw(
        (
            f"POST {reached.prefix}/download HTTP/1.1\r\nHost: {HOST}:{reached.port}\r\nConnection: close\r\n"
            f"Origin: {reached.origin}\r\nContent-Length: {len(hidden) + 5}\r\nTransfer-Encoding: chunked\r\n\r\n"
            f"0\r\n\r\n{hidden}"
        ).encode()
    )
    assert answer.count(b"HTTP/1.1 ") <= 1
    assert b'"scheme"' not in answer


def test_a_body_over_the_limit_is_refused_before_it_is_read(reached):
    path = f"{reached.prefix}/download"
    assert reached.ask(path, "Content-Length: 5000001", f"Origin: {reached.origin}", method="POST")[0] == 413


@pytest.mark.parametrize("block", re.findall(r"(?s)```toml\n(.*?)```", (ROOT / "dashboard/SERVER.md").read_text()))
def test_the_settings_that_the_page_shows_are_read(block):
    assert Settings.model_validate(tomllib.loads(block)).server.is_https
