"""The web server, in the clear and over TLS: slow, silent and greedy clients hold up nobody else."""

import http.client
import os
import socket
import ssl
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from hashlib import sha256

import pytest
from cryptography import x509
from flask import Flask, request

from dashboard.http import web_server
from dashboard.http.web_server import Certificate, bound_listener, create_server
from models.errors import ConfigError, PortInUse
from models.limits import LARGEST_REQUEST_BYTES
from models.server_settings import ServerSettings
from tests.certificates import HOST, a_certificate
from tests.journeys.server import free_port

# Three records of TLS and a bit, many times over: more than any buffer on the way holds.
LARGE = os.urandom(1_000) * 9_001
# A client that waits for a slow one would wait for as long as that one likes.
SOON_SECONDS = 3.0


def an_application() -> Flask:
    app = Flask(__name__)

    @app.get("/")
    def scheme():
        return request.scheme

    @app.get("/large")
    def large():
        return LARGE

    @app.get("/in-pieces")
    def in_pieces():
        return (LARGE[at : at + 9_999] for at in range(0, len(LARGE), 9_999))

    @app.post("/digest")
    def digest():
        return sha256(request.get_data()).hexdigest()

    return app


class Served:
    def __init__(self, port, pair):
        self.port, self.pair = port, pair

    def connect(self):
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        return self.pair.trusting().wrap_socket(connection, server_hostname=HOST) if self.pair else connection

    def ask(self, path="/", method="GET", body=None):
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        client.sock = self.connect()
        try:
            client.request(method, path, body)
            answer = client.getresponse()
            return answer.status, answer.read()
        finally:
            client.close()

    def is_prompt(self):
        began = time.monotonic()
        return self.ask()[0] == 200 and time.monotonic() - began < SOON_SECONDS

    def serial(self):
        with self.connect() as connection:
            return x509.load_der_x509_certificate(connection.getpeercert(binary_form=True)).serial_number


@contextmanager
def served(settings, pair):
    port = free_port()
    server = create_server(an_application(), bound_listener(settings, port), settings)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield Served(port, pair)
    finally:
        server.task_dispatcher.shutdown(timeout=1)
        # Its loop ends when nothing is left to wait for.
        server.trigger.pull_trigger(lambda: [one.close() for one in list(server._map.values())])
        thread.join(timeout=5)


def over_tls(pair):
    return ServerSettings(tls_certificate=str(pair.certificate), tls_key=str(pair.key), public_url=f"https://{HOST}")


@pytest.fixture(params=["plain", "tls"])
def server(request, tmp_path):
    pair = a_certificate(tmp_path) if request.param == "tls" else None
    with served(over_tls(pair) if pair else ServerSettings(), pair) as running:
        yield running


def test_the_application_knows_by_what_scheme_it_is_asked(server):
    assert server.ask() == (200, b"https" if server.pair else b"http")


@pytest.mark.parametrize("path", ["/large", "/in-pieces"])
def test_a_large_answer_arrives_whole_at_a_client_that_reads_slowly(server, path):
    with server.connect() as connection:
        connection.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
        received = bytearray()
        while piece := connection.recv(1_000 if len(received) < 20_000 else 1_000_000):
            received += piece
            if len(received) < 20_000:
                time.sleep(0.01)
    assert bytes(received).partition(b"\r\n\r\n")[2] == LARGE


def test_a_large_request_arrives_whole(server):
    body = LARGE[: LARGEST_REQUEST_BYTES - 1]
    assert server.ask("/digest", "POST", body) == (200, sha256(body).hexdigest().encode())


def test_a_request_over_the_limit_is_refused(server):
    with server.connect() as connection:
        connection.sendall(b"POST /digest HTTP/1.1\r\nHost: x\r\nContent-Length: 4000001\r\n\r\n")
        assert b" 413 " in connection.recv(100)


def test_headers_over_the_limit_are_refused(server):
    with server.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nCookie: " + b"x" * 70_000 + b"\r\n\r\n")
        assert b" 431 " in connection.recv(100)


def test_many_requests_in_one_connection_are_answered_in_order(server):
    with server.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 20 + b"GET /no HTTP/1.0\r\n\r\n")
        received = b"".join(iter(lambda: connection.recv(9_000), b""))
    assert received.count(b"HTTP/1.1 200") == 20
    assert received.count(b" 404 ") == 1


def test_headers_that_come_letter_by_letter_hold_up_nobody(server):
    with ExitStack() as open_ones:
        for _ in range(2 * web_server.WEB_THREADS):
            connection = open_ones.enter_context(server.connect())
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        assert server.is_prompt()


def test_bodies_that_do_not_come_hold_up_nobody(server):
    with ExitStack() as open_ones:
        for _ in range(2 * web_server.WEB_THREADS):
            connection = open_ones.enter_context(server.connect())
            connection.sendall(b"POST /digest HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nx")
        assert server.is_prompt()


def test_hundreds_of_clients_that_say_nothing_hold_up_nobody(server):
    with ExitStack() as open_ones:
        for _ in range(400):
            # Over TLS not even a greeting.
            open_ones.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=20))
        assert server.is_prompt()


def test_clients_that_read_nothing_hold_up_nobody(server):
    with ExitStack() as open_ones:
        for _ in range(8):
            open_ones.enter_context(server.connect()).sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        assert server.is_prompt()


def test_clients_that_break_off_leave_the_server_standing(server):
    for begun in (b"", b"\x16\x03\x01", b"GET / HT", b"\x00" * 200, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"):
        for _ in range(20):
            connection = socket.create_connection(("127.0.0.1", server.port), timeout=20)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
            connection.sendall(begun)
            connection.close()
    assert server.is_prompt()


def test_a_client_that_does_not_greet_is_closed_after_a_while(tmp_path, monkeypatch):
    monkeypatch.setattr(web_server, "IDLE_SECONDS", 1)
    monkeypatch.setattr("waitress.adjustments.Adjustments.cleanup_interval", 1)
    pair = a_certificate(tmp_path)
    with served(over_tls(pair), pair) as server, socket.create_connection(("127.0.0.1", server.port)) as silent:
        silent.settimeout(20)
        silent.sendall(b"\x16")
        assert silent.recv(100) == b""


def test_many_threads_read_and_write_at_once(server):
    found, asking = [], []
    for _ in range(12):
        asking.append(threading.Thread(target=lambda: found.append(server.ask("/large")[1] == LARGE)))
        asking[-1].start()
    for one in asking:
        one.join(timeout=60)
    assert found == [True] * 12


@pytest.fixture
def pair(tmp_path):
    return a_certificate(tmp_path)


def test_what_is_older_than_tls_1_2_is_refused(pair):
    context = Certificate(over_tls(pair)).context()
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize(
    ("offered", "is_taken"),
    [
        ("ECDHE+AESGCM", True),
        ("ECDHE+CHACHA20", True),
        # Encrypted and then not authenticated as one; and one key for all connections.
        ("ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES128-SHA256", False),
        ("AES128-GCM-SHA256:AES256-GCM-SHA384", False),
    ],
)
def test_by_tls_1_2_only_the_ciphers_that_are_recommended_are_spoken(pair, offered, is_taken):
    context = pair.trusting()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(offered)
    with served(over_tls(pair), pair) as server, socket.create_connection(("127.0.0.1", server.port)) as connection:
        if is_taken:
            assert context.wrap_socket(connection, server_hostname=HOST).version() == "TLSv1.2"
            return
        with pytest.raises(ssl.SSLError, match=r"(?i)handshake.failure"):
            context.wrap_socket(connection, server_hostname=HOST)


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"no request", b"400"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000", b"413"),
    ],
)
def test_what_is_refused_before_the_application_is_asked_has_its_headers_too(server, request_line, status):
    with server.connect() as client:
        client.sendall(request_line + b"\r\n\r\n")
        answer = b"".join(iter(lambda: client.recv(65_536), b""))
    assert answer.split()[1] == status
    head = answer.partition(b"\r\n\r\n")[0]
    for line in (
        b"Content-Type: text/plain; charset=utf-8",
        b"X-Content-Type-Options: nosniff",
        b"Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
        b"Cache-Control: no-store",
    ):
        assert line in head


def test_plain_http_to_the_tls_port_is_no_answer(pair):
    with served(over_tls(pair), pair) as server, socket.create_connection(("127.0.0.1", server.port)) as plain:
        plain.settimeout(20)
        plain.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        received = b""
        with suppress(ConnectionResetError):
            received = plain.recv(1_000)
        assert b"HTTP/1." not in received


def test_the_end_of_an_answer_is_told_apart_from_a_cut(pair):
    with served(over_tls(pair), pair) as server:
        context = pair.trusting()
        connection = socket.create_connection(("127.0.0.1", server.port), timeout=20)
        with context.wrap_socket(connection, server_hostname=HOST, suppress_ragged_eofs=False) as client:
            client.sendall(b"GET / HTTP/1.0\r\n\r\n")
            received = b"".join(iter(lambda: client.recv(1_000), b""))
            # A cut would have raised SSLEOFError: here the server said that this was all.
            assert received.startswith(b"HTTP/1.")


def test_a_renewed_certificate_is_shown_without_a_restart(pair, tmp_path):
    with served(over_tls(pair), pair) as server:
        assert server.serial() == pair.serial
        server.pair = renewed = a_certificate(tmp_path)
        assert server.serial() == renewed.serial != pair.serial


def test_half_a_renewal_leaves_the_former_certificate_in_force(pair, tmp_path, caplog):
    with served(over_tls(pair), pair) as server:
        before = pair.trusting()
        other = a_certificate(tmp_path / "other")
        pair.key.write_bytes(other.key.read_bytes())
        with before.wrap_socket(
            socket.create_connection(("127.0.0.1", server.port), timeout=20), server_hostname=HOST
        ) as client:
            assert client.version() in {"TLSv1.2", "TLSv1.3"}
    assert "no pair" in caplog.text
    assert "stays in force" in caplog.text


@pytest.mark.parametrize(
    ("break_it", "says"),
    [
        (lambda pair: pair.key.unlink(), "No such file"),
        (lambda pair: pair.key.write_text("no key"), "no pair of PEM files"),
        (lambda pair: pair.certificate.write_bytes(b"\xff\x00"), "no pair of PEM files"),
    ],
)
def test_files_that_are_no_pair_are_told_in_one_line(pair, break_it, says):
    break_it(pair)
    with pytest.raises(ConfigError, match=says) as error:
        Certificate(over_tls(pair))
    assert "\n" not in str(error.value)


def test_a_port_in_use_is_told():
    port = free_port()
    first = bound_listener(ServerSettings(), port)
    first.listen()
    with pytest.raises(PortInUse, match=str(port)):
        bound_listener(ServerSettings(), port)
    first.close()


def test_an_address_of_another_computer_is_told():
    elsewhere = ServerSettings(listen="192.0.2.1", public_url=f"https://{HOST}", trusted_proxies=["192.0.2.2"])
    with pytest.raises(ConfigError, match="no address of this computer"):
        bound_listener(elsewhere, free_port())
