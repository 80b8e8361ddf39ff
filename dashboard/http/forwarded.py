"""Who asks, and how: what a declared proxy says of it is believed, and what anybody else says is dropped.

From a proxy of [server] trusted_proxies: X-Forwarded-For (whose address it is) and X-Forwarded-Proto (http or https).
The host and the path under which Grapevine is shown are never taken from a request: public_url says them.
"""

from collections.abc import Callable, Iterable
from ipaddress import ip_address
from typing import Any

from models.server_settings import Address, Network, ServerSettings

# What an answer carries that is given before the application is asked: it is text, of no page, and nobody keeps it.
BARE_HEADERS = (
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cache-Control", "no-store"),
)

Application = Callable[[dict[str, Any], Callable], Iterable[bytes]]

_FOR, _PROTO = "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO"
# Headers by which some server or framework lets a request say where it comes from or where it goes.
_ELSEWHERE = frozenset(
    {
        "HTTP_FORWARDED",
        "HTTP_X_REAL_IP",
        "HTTP_X_CLIENT_IP",
        "HTTP_X_ORIGINAL_URL",
        "HTTP_X_REWRITE_URL",
        "HTTP_X_SCRIPT_NAME",
        "HTTP_X_HTTP_METHOD_OVERRIDE",
    }
)


class Forwarded:
    """A WSGI application around another one: it sees who asks, by what scheme, and which path below the prefix.

    REMOTE_ADDR is the client's address, SCRIPT_NAME the prefix; a proxy may strip the prefix or leave it.
    """

    def __init__(self, application: Application, settings: ServerSettings):
        self._application = application
        self._settings = settings

    def __call__(self, environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        said_for, said_scheme = environ.get(_FOR), environ.get(_PROTO)
        for name in [one for one in environ if one.startswith("HTTP_X_FORWARDED_") or one in _ELSEWHERE]:
            del environ[name]
        peer = _address(environ.get("REMOTE_ADDR", ""))
        if peer is not None and is_in(peer, self._settings.proxies):
            if said_scheme is not None:
                if said_scheme.strip().lower() != "https":
                    return _refuse(start_response, self._settings.public_url)
                environ["wsgi.url_scheme"] = "https"
            environ["REMOTE_ADDR"] = str(client_of(said_for or "", peer, self._settings.proxies))
        elif peer is not None and not peer.is_loopback and not self._settings.has_tls:
            # The port is for the proxy: past it, every word would travel in the clear.
            return _refuse(start_response, self._settings.public_url)
        self._take_off_prefix(environ)
        return self._application(environ, start_response)

    def _take_off_prefix(self, environ: dict[str, Any]) -> None:
        prefix, path = self._settings.prefix, environ.get("PATH_INFO", "")
        if not prefix:
            return
        environ["SCRIPT_NAME"] = prefix
        if path == prefix or path.startswith(f"{prefix}/"):
            environ["PATH_INFO"] = path[len(prefix) :] or "/"


def client_of(said: str, peer: Address, proxies: tuple[Network, ...]) -> Address:
    """The nearest address that no trusted proxy has; what stands left of it may be made up by that client.

    >>> trusted = ServerSettings(trusted_proxies=["10.0.0.0/28"], public_url="https://g.example").proxies
    >>> str(client_of("6.6.6.6, 81.2.69.144, 10.0.0.2", ip_address("10.0.0.5"), trusted))
    '81.2.69.144'
    """
    nearest = peer
    for one in reversed(said.split(",")):
        address = _address(one)
        if address is None:
            break
        nearest = address
        if not is_in(address, proxies):
            break
    return nearest


def is_in(address: Address, networks: tuple[Network, ...]) -> bool:
    return any(address in network for network in networks)


def _address(said: str) -> Address | None:
    """An address with or without a port; None where it is none.

    >>> [str(_address(one)) for one in ("10.0.0.5", "10.0.0.5:812", "[::1]:812", "::ffff:10.0.0.5", "unknown")]
    ['10.0.0.5', '10.0.0.5', '::1', '10.0.0.5', 'None']
    """
    said = said.strip()
    if said.startswith("["):
        said = said[1:].partition("]")[0]
    elif said.count(":") == 1:
        said = said.partition(":")[0]
    try:
        address = ip_address(said)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _refuse(start_response: Callable, public_url: str) -> Iterable[bytes]:
    text = f"Open Grapevine at {public_url}\n".encode()
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(text))), *BARE_HEADERS]
    start_response("403 Forbidden", headers)
    return [text]
