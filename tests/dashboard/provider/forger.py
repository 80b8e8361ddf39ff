"""A forging stand-in for a provider of OpenID Connect: it publishes keys, and signs whatever a test tells it to.

No real provider sends such tokens. test_real_provider.py asks a real one.
"""

import base64
import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from models.clock import SystemClock
from tests.certificates import Pair

CLIENT = "grapevine"
SUBJECT = "s-1"
GROUPS = ("duty-officers",)
LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
# Making one takes a second.
RSA = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"})
NEW_RSA = RSAKey.generate_key(2048, {"kid": "rsa-2", "use": "sig"})
WEAK_RSA = RSAKey.generate_key(1024, {"kid": "weak", "use": "sig"})
EC = ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"})
STRANGERS = RSAKey.generate_key(2048, {"kid": "rsa"})

Answer = tuple[int, Mapping[str, str], bytes]


@dataclass
class Forger:
    """What it answers at each of its paths may be changed by a test. `asked` are the forms that came to /token."""

    issuer: str
    metadata: dict[str, Any] = field(default_factory=dict)
    keys: list[Any] = field(default_factory=lambda: [RSA, EC])
    tokens: Any = field(default_factory=dict)
    userinfo: Any = field(default_factory=lambda: {"sub": SUBJECT})
    asked: list[dict[str, str]] = field(default_factory=list)
    visits: list[str] = field(default_factory=list)
    # In place of all that: what a path answers, as status, headers and body; or what is done on the open connection.
    instead: dict[str, Answer | Callable[[Any], None]] = field(default_factory=dict)

    def claims(self, of_sign_in: str | None = None, /, **changes: Any) -> dict[str, Any]:
        """What the ID token of an honest provider would say in answer to a nonce; a claim of None is left out."""
        now = int(SystemClock().now().timestamp())
        honest = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": SUBJECT,
            "iat": now,
            "exp": now + 300,
            "nonce": of_sign_in,
            "name": "P. Rovided",
            "groups": list(GROUPS),
        }
        return {name: one for name, one in {**honest, **changes}.items() if one is not None}

    def logout_claims(self, jti: str = "one", **changes: Any) -> dict[str, Any]:
        """What an honest provider says of a person who signed out there."""
        said = {"jti": jti, "events": {LOGOUT: {}}, "groups": None, "name": None, "exp": None}
        return self.claims(None, **{**said, **changes})

    def gives(self, claims: Mapping[str, Any], key: Any = RSA, alg: str = "RS256", **more: Any) -> None:
        """Answer the next codes with an ID token of these claims."""
        self.tokens = {
            "token_type": "Bearer",
            "access_token": "an access token",
            "id_token": signed(claims, key, alg),
        }
        self.tokens |= more

    def answer(self, method: str, path: str, body: str) -> Answer:
        if path == "/token":
            self.asked.append({name: values[0] for name, values in parse_qs(body).items()})
        said = {
            "/.well-known/openid-configuration": self.metadata,
            "/jwks": {"keys": [one.as_dict(private=False) for one in self.keys]},
            "/token": self.tokens,
            "/userinfo": self.userinfo,
        }.get(path)
        return (404, {}, b"{}") if said is None else (200, {}, json.dumps(said).encode())


def signed(claims: Mapping[str, Any], key: Any = RSA, alg: str = "RS256", **header: Any) -> str:
    """A token of these claims. "none" and HS256 are forgeries that some libraries took."""
    if alg == "none":
        parts = ({"alg": "none", "typ": "JWT"}, claims)
        return ".".join([*(encoded(json.dumps(part).encode()) for part in parts), ""])
    if alg == "HS256":
        # The public key as it is published, taken for a shared secret.
        key = OctKey.import_key(key.as_dict(private=False)["n"], {"kid": key.kid})
    return jwt.encode({"alg": alg, "kid": key.kid, **header}, dict(claims), key, algorithms=[alg])


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


@contextmanager
def a_forger(pair: Pair | None = None) -> Iterator[Forger]:
    """A stand-in that answers while this is open; by https where it has a certificate."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer("")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

        def _answer(self, body: str) -> None:
            path = self.path.partition("?")[0]
            instead = forger.instead.get(path)
            forger.visits.append(path)
            if callable(instead):
                instead(self)
                return
            status, headers, said = instead or forger.answer(self.command, path, body)
            self.send_response(status)
            for name, value in {
                "Content-Type": "application/json",
                "Content-Length": str(len(said)),
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if pair is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pair.certificate, pair.key)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    issuer = f"{'https' if pair else 'http'}://127.0.0.1:{server.server_port}"
    forger = Forger(issuer)
    forger.metadata = {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/jwks",
        "userinfo_endpoint": f"{issuer}/userinfo",
        "end_session_endpoint": f"{issuer}/sign-out",
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    }
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield forger
    finally:
        server.shutdown()
        server.server_close()
