"""Gets tokens and claims from the service's provider of OpenID Connect, and believes only what is proven."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.jwk import KeySet

from dashboard.http.provider.documents import Documents, ProviderAway
from models.provider_settings import ProviderSettings
from models.sign_in.groups import groups_in
from models.sign_in.id_tokens import (
    Logout,
    TokenFault,
    TokenRefused,
    checked_id_token,
    checked_logout_token,
    checked_subject,
)

# A longer hint makes an address that servers refuse.
LONGEST_HINT = 4_000


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the provider gave for a code or for a refresh token."""

    id_token: str | None = field(repr=False)
    access_token: str | None = field(repr=False)
    refresh_token: str | None = field(repr=False)


class ProviderClient:
    """Asks the provider of `settings`. `now` tells true time. Any thread may ask."""

    def __init__(self, settings: ProviderSettings, secret: str | None, now: Callable[[], datetime]):
        self.settings = settings
        self.documents = Documents(settings.issuer, now)
        self.now = now
        self._secret = secret

    def way_in(self, redirect_uri: str, *, state: str, nonce: str, verifier: str) -> str:
        """The address at the provider where somebody signs in. Raises ProviderAway."""
        return prepare_grant_uri(
            self.documents.metadata()["authorization_endpoint"],
            self.settings.client_id,
            "code",
            redirect_uri=redirect_uri,
            scope=" ".join(self.settings.scopes),
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
        )

    def way_out(self, back: str, id_token: str | None) -> str | None:
        """The address at the provider where its session ends, and that leads `back`; None where none is known."""
        address = self.documents.known().get("end_session_endpoint")
        if address is None:
            return None
        asked = [("client_id", self.settings.client_id), ("post_logout_redirect_uri", back)]
        if id_token is not None and len(id_token) <= LONGEST_HINT:
            asked.append(("id_token_hint", id_token))
        return add_params_to_uri(address, asked)

    def is_named(self, issuer: str | None) -> bool:
        """Whether an answer in the browser says that it comes from this provider (RFC 9207). Raises ProviderAway."""
        if issuer is None:
            return self.documents.metadata().get("authorization_response_iss_parameter_supported") is not True
        return issuer == self.settings.issuer

    def tokens_for(self, code: str, verifier: str, redirect_uri: str) -> Tokens:
        """What a code is worth. Raises ProviderAway and ProviderRefuses."""
        return self._tokens("authorization_code", code=code, redirect_uri=redirect_uri, code_verifier=verifier)

    def renewed(self, refresh_token: str) -> Tokens:
        """What a refresh token is worth. Raises ProviderAway and ProviderRefuses."""
        return self._tokens("refresh_token", refresh_token=refresh_token)

    def claims(self, tokens: Tokens, nonce: str | None) -> dict[str, Any] | None:
        """What the provider says of a person: the claims of the ID token, and of userinfo where it leaves groups out.

        `nonce` is None for a renewal; None is given back where that brought nothing about groups. Raises
        TokenRefused, GroupsElsewhere, ProviderAway and ProviderRefuses.
        """
        claims = None
        if tokens.id_token is not None:
            claims = self._checked(tokens.id_token, tokens.access_token, nonce)
        elif nonce is not None:
            raise TokenRefused(TokenFault.UNREADABLE)
        if claims is not None and groups_in(claims, self.settings.groups_claim) is not None:
            return claims
        more = self._userinfo(tokens.access_token)
        if more is None:
            return claims
        subject = checked_subject(more)
        if claims is None:
            return more if groups_in(more, self.settings.groups_claim) is not None else None
        if subject != claims["sub"]:
            raise TokenRefused(TokenFault.SUBJECT)
        return more | claims

    def ended(self, logout_token: str) -> Logout:
        """What a logout token says. Raises TokenRefused and ProviderAway."""
        settings = self.settings
        return self._by_keys(
            lambda keys: checked_logout_token(
                logout_token, keys, self.now(), issuer=settings.issuer, client_id=settings.client_id
            )
        )

    def _checked(self, id_token: str, access_token: str | None, nonce: str | None) -> dict[str, Any]:
        settings = self.settings
        return self._by_keys(
            lambda keys: checked_id_token(
                id_token,
                keys,
                self.now(),
                issuer=settings.issuer,
                client_id=settings.client_id,
                nonce=nonce,
                access_token=access_token,
            )
        )

    def _by_keys(self, check: Callable[[KeySet], Any]) -> Any:
        """The check by the keys that are kept. A key that is not among them may be new: they are read once more."""
        try:
            return check(self.documents.keys())
        except TokenRefused as refused:
            if refused.fault is not TokenFault.UNKNOWN_KEY:
                raise
        return check(self.documents.keys(anew=True))

    def _userinfo(self, access_token: str | None) -> dict[str, Any] | None:
        address = self.documents.metadata().get("userinfo_endpoint")
        if address is None or access_token is None:
            return None
        found = self.documents.asked("GET", address, headers={"Authorization": f"Bearer {access_token}"})
        return found if isinstance(found, dict) else None

    def _tokens(self, grant_type: str, **asked: str) -> Tokens:
        metadata = self.documents.metadata()
        address, methods = metadata["token_endpoint"], metadata.get("token_endpoint_auth_methods_supported")
        # Not "basic" where there is a choice: providers differ in how they undo what stands for odd letters in it.
        posts = isinstance(methods, list) and "client_secret_post" in methods
        method = "client_secret_post" if posts else "client_secret_basic"
        auth = ClientAuth(self.settings.client_id, self._secret, method if self._secret else "none")
        _, headers, form = auth.prepare("POST", address, {}, prepare_token_request(grant_type, **asked))
        found = self.documents.asked("POST", address, form=form, headers=headers)
        if not isinstance(found, dict):
            raise ProviderAway("no tokens")
        given = [found.get(one) for one in ("id_token", "access_token", "refresh_token")]
        return Tokens(*(one if isinstance(one, str) and one else None for one in given))
