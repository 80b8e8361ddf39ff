"""The web server: waitress, which reads many slow clients in one thread, with or without TLS.

Waitress has no TLS of its own. Here each of its channels gets a socket of the standard library's `ssl` that never
waits: what is not there yet is read at the next round. Cheroot 11 has TLS, but greets clients one after another and
gives each a thread: one silent client held up everybody for ten seconds, thirty slow ones for over thirty.
"""

import errno
import logging
import socket
import ssl
import threading
from contextlib import suppress
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import waitress
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask

from dashboard.http.forwarded import BARE_HEADERS
from models.clock import SystemClock
from models.errors import ConfigError, PortInUse
from models.limits import LARGEST_REQUEST_BYTES
from models.server_settings import ServerSettings

log = logging.getLogger(__name__)

# More than there are senders who push at once: screens must not wait behind them.
WEB_THREADS = 24
# Idle connections are cheap, and a hundred of them may not shut everybody out.
CONNECTIONS = 1_000
IDLE_SECONDS = 30
# A request's headers: cookies, a search, an address to share.
LARGEST_HEADERS_BYTES = 64_000
# One TLS record has at most 16 KB: so much is read that nothing waits inside `ssl`, where poll() does not see it.
READ_BYTES = 32_768
# For TLS 1.2: a key of its own for every connection, and what is encrypted cannot be changed. All of 1.3 are such.
CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"
_NOT_OURS = frozenset({errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT})
_LATER = (ssl.SSLWantReadError, ssl.SSLWantWriteError)


def create_server(application: Any, listener: socket.socket, settings: ServerSettings) -> Any:
    """A waitress server over a bound socket; `run()` serves. Raises ConfigError where a certificate is no good."""
    certificate = Certificate(settings) if settings.has_tls else None
    server = waitress.create_server(
        application,
        sockets=[listener],
        threads=WEB_THREADS,
        url_scheme="https" if certificate else "http",
        # dashboard/http/forwarded.py knows more than one proxy.
        clear_untrusted_proxy_headers=False,
        max_request_body_size=LARGEST_REQUEST_BYTES,
        max_request_header_size=LARGEST_HEADERS_BYTES,
        connection_limit=CONNECTIONS,
        channel_timeout=IDLE_SECONDS,
        asyncore_use_poll=True,
        ident=None,
    )
    server.channel_class = partial(_open_channel, certificate) if certificate else Channel
    logging.getLogger("waitress").setLevel(logging.ERROR)
    return server


def bound_listener(settings: ServerSettings, port: int) -> socket.socket:
    """The socket that is listened at. Raises PortInUse, and ConfigError where the address is not this computer's."""
    family = socket.AF_INET6 if ip_address(settings.listen).version == 6 else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.listen, port))
    except PermissionError as error:
        listener.close()
        raise ConfigError(
            f"Port {port} is kept for the system's services. Choose one above 1023, and let a proxy have port 443."
        ) from error
    except OSError as error:
        listener.close()
        if error.errno in _NOT_OURS:
            raise ConfigError(
                f"config.toml [server]: listen = {settings.listen!r} is no address of this computer. Use 127.0.0.1, "
                "one that `ip address` lists, or 0.0.0.0 for all of them."
            ) from error
        raise PortInUse(
            f"Port {port} is in use by another program. Stop that program, or choose another port with --port "
            "(or [server] port in config.toml)."
        ) from error
    return listener


class Certificate:
    """The certificate files. They are read anew when they change, so a renewal needs no restart."""

    def __init__(self, settings: ServerSettings):
        self._files = (Path(settings.tls_certificate).expanduser(), Path(settings.tls_key).expanduser())
        self._read_at = self._changed_at()
        self._context = self._read()

    def context(self) -> ssl.SSLContext:
        """For the next connection. A pair that does not fit, half renewed, leaves the former one in force."""
        with suppress(ConfigError):
            changed = self._changed_at()
            if changed != self._read_at:
                self._read_at = changed
                try:
                    self._context = self._read()
                except ConfigError as error:
                    log.error("%s The certificate that was read before stays in force.", error)
        return self._context

    def _changed_at(self) -> tuple[tuple[int, int], ...]:
        try:
            return tuple((found.st_mtime_ns, found.st_ino) for found in (file.stat() for file in self._files))
        except OSError as error:
            raise ConfigError(f"config.toml [server]: {error.filename}: {error.strerror}. Check the path.") from error

    def _read(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["http/1.1"])
        context.options |= ssl.OP_NO_RENEGOTIATION
        context.set_ciphers(CIPHERS)
        certificate, key = self._files
        try:
            # Without an answer to its question a key with a passphrase would wait for somebody at a keyboard.
            context.load_cert_chain(certificate, key, password=lambda: "")
        except (OSError, ValueError) as error:
            raise ConfigError(
                f"config.toml [server]: tls_certificate {certificate} and tls_key {key} are no pair of PEM files "
                f"({getattr(error, 'reason', None) or error}). Give the whole chain, and a key without passphrase."
            ) from error
        return context


def _open_channel(
    certificate: Certificate, server: Any, connection: socket.socket, address: Any, adj: Any, map: Any
) -> None:
    """What waitress calls for each client that connects."""
    try:
        connection.setblocking(False)
        encrypted = certificate.context().wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
    except (OSError, ValueError):
        # It went away before it said anything: an error here would close the listener.
        connection.close()
        return
    TlsChannel(server, encrypted, address, adj, map=map)


class Refusal(ErrorTask):
    """What waitress itself answers: to what is no request, or too large."""

    def execute(self) -> None:
        self.response_headers.extend(BARE_HEADERS)
        super().execute()


class Channel(HTTPChannel):
    """One client of waitress."""

    error_task_class = Refusal


class TlsChannel(Channel):
    """One client of waitress over TLS. The main thread reads, a worker may write: `ssl` allows one at a time."""

    _greeted = False
    _greeting_wants_to_write = False

    def __init__(self, *args: Any, **named: Any):
        self._tls_lock = threading.RLock()
        super().__init__(*args, **named)

    def writable(self) -> bool:
        return self._greeting_wants_to_write or super().writable()

    def handle_write(self) -> None:
        # A client that is too slow is closed by waitress, greeted or not.
        if self._greeted or self.will_close:
            super().handle_write()
        else:
            self._greet()

    def handle_read(self) -> None:
        if not self._greeted and not self._greet():
            return
        try:
            with self._tls_lock:
                data = self.socket.recv(READ_BYTES)
        except _LATER:
            return
        except OSError:
            data = b""
        if data:
            self.last_activity = SystemClock().now().timestamp()
            self.received(data)
        else:
            self.handle_close()

    def send(self, data: bytes, do_close: bool = True) -> int:
        try:
            with self._tls_lock:
                return self.socket.send(data)
        except _LATER:
            return 0
        except OSError:
            if do_close:
                self.handle_close()
            return 0

    def handle_close(self) -> None:
        # In the order in which a worker takes them; no worker may write to a number that the next client has by then.
        with self.outbuf_lock, self._tls_lock:
            if self.socket is not None and self._greeted:
                # Says that this is the end and no cut; an answer to that is not waited for.
                with suppress(OSError, ValueError):
                    self.socket.unwrap()
            super().handle_close()

    def _greet(self) -> bool:
        """One step of the handshake; whether it is done. It counts as no activity, so it has IDLE_SECONDS in all."""
        self._greeting_wants_to_write = False
        try:
            with self._tls_lock:
                self.socket.do_handshake()
        except ssl.SSLWantReadError:
            return False
        except ssl.SSLWantWriteError:
            self._greeting_wants_to_write = True
            return False
        except (OSError, ValueError):
            self.handle_close()
            return False
        self._greeted = True
        return True
