"""What the tokens of a provider prove, once everything about them is right: OpenID Connect Core 1.0, 3.1.3.7, and
Back-Channel Logout 1.0, 2.6.

Nothing is fetched here: the provider's keys are handed in.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import (
    BadSignatureError,
    ClaimError,
    ExpiredTokenError,
    InvalidKeyIdError,
    JoseError,
    UnsupportedAlgorithmError,
)
from joserfc.jwk import ECKey, Key, KeySet, RSAKey
from joserfc.jws import JWSRegistry
from joserfc.jwt import JWTClaimsRegistry

# Signatures that only the provider can make: never "none", and no HMAC, whose key would be known on both sides.
ALGORITHMS = ("RS256", "PS256", "ES256")
LEAST_RSA_BITS = 2048
MOST_KEYS = 100
# By so much may the clocks of the two computers differ.
LEEWAY = timedelta(seconds=60)
# A token that says that somebody signed out is news: an older one is sent again by somebody else.
LOGOUT_TOKEN_LASTS = timedelta(minutes=5)
_LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
_SUBJECT = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?")
_OTHER_HEADERS_MAY_STAND = {"strict_check_header": False}


class TokenFault(StrEnum):
    """What is wrong with a token."""

    UNREADABLE = "unreadable"
    ALGORITHM = "algorithm"
    UNKNOWN_KEY = "unknown key"
    SIGNATURE = "signature"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    EXPIRED = "expired"
    NOT_YET = "not yet valid"
    NONCE = "nonce"
    SUBJECT = "subject"
    # It is no token of this kind, or says not all that it must.
    CLAIMS = "claims"
    REPLAYED = "replayed"


class TokenRefused(Exception):
    """A token that proves nothing."""

    def __init__(self, fault: TokenFault):
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Logout:
    """Whose session ended at the provider: all of a subject's, one by the provider's name for it, or both said."""

    token: str
    subject: str | None
    provider_session: str | None


def signing_keys(published: Any) -> KeySet:
    """The keys of a provider's JWKS that a signature may be proven by; what is no such key is passed over."""
    listed = published.get("keys") if isinstance(published, dict) else None
    found = [_signing_key(one) for one in (listed if isinstance(listed, list) else [])[:MOST_KEYS]]
    return KeySet([one for one in found if one is not None])


def checked_id_token(
    token: str,
    keys: KeySet,
    now: datetime,
    *,
    issuer: str,
    client_id: str,
    nonce: str | None,
    access_token: str | None = None,
) -> dict[str, Any]:
    """The claims of an ID token that was made for us, now. Raises TokenRefused.

    `nonce` is None where the token was renewed without a browser.
    """
    header, claims = _signed(token, keys)
    expected = {
        "iss": {"essential": True, "value": issuer},
        "aud": {"essential": True, "value": client_id},
    }
    known = {"client_id": client_id, "nonce": nonce, "access_token": access_token}
    try:
        CodeIDToken(claims, header, expected, known).validate(int(now.timestamp()), int(LEEWAY.total_seconds()))
    except (JoseError, ValueError, TypeError) as error:
        raise TokenRefused(_fault_of(error)) from None
    checked_subject(claims)
    return claims


def checked_logout_token(token: str, keys: KeySet, now: datetime, *, issuer: str, client_id: str) -> Logout:
    """What a provider says ended. Raises TokenRefused. Whether it was said before is for the caller to know."""
    _, claims = _signed(token, keys)
    registry = JWTClaimsRegistry(
        int(now.timestamp()),
        int(LEEWAY.total_seconds()),
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client_id},
        iat={"essential": True},
        jti={"essential": True},
    )
    try:
        registry.validate(claims)
    except (JoseError, ValueError, TypeError) as error:
        raise TokenRefused(_fault_of(error)) from None
    if claims["iat"] < (now - LOGOUT_TOKEN_LASTS - LEEWAY).timestamp():
        raise TokenRefused(TokenFault.EXPIRED)
    events, session = claims.get("events"), claims.get("sid")
    if "nonce" in claims or not isinstance(events, dict) or not isinstance(events.get(_LOGOUT), dict):
        raise TokenRefused(TokenFault.CLAIMS)
    if session is not None and not (isinstance(session, str) and session):
        raise TokenRefused(TokenFault.CLAIMS)
    subject = checked_subject(claims) if "sub" in claims else None
    if subject is None and session is None:
        raise TokenRefused(TokenFault.CLAIMS)
    return Logout(claims["jti"], subject, session)


def checked_subject(claims: Mapping[str, Any]) -> str:
    """The provider's own name for a person. Raises TokenRefused where it is none."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not _SUBJECT.fullmatch(subject):
        raise TokenRefused(TokenFault.SUBJECT)
    return subject


def _signed(token: str, keys: KeySet) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a token that one of the keys has signed."""
    try:
        found = jwt.decode(token, keys, registry=JWSRegistry(algorithms=ALGORITHMS, **_OTHER_HEADERS_MAY_STAND))
    except InvalidKeyIdError:
        raise TokenRefused(TokenFault.UNKNOWN_KEY) from None
    except UnsupportedAlgorithmError:
        raise TokenRefused(TokenFault.ALGORITHM) from None
    except BadSignatureError:
        raise TokenRefused(TokenFault.SIGNATURE) from None
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        # Whatever a stranger may send in place of a token.
        raise TokenRefused(TokenFault.UNREADABLE) from None
    return found.header, found.claims


def _signing_key(published: Any) -> Key | None:
    if not isinstance(published, dict) or published.get("use", "sig") != "sig":
        return None
    try:
        if published.get("kty") == "RSA":
            # Six bits a letter. Joserfc warns of short keys, which are of no use here.
            return RSAKey.import_key(published) if 6 * len(published["n"]) >= LEAST_RSA_BITS else None
        if published.get("kty") == "EC" and published.get("crv") == "P-256":
            return ECKey.import_key(published)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return None


_FAULTS = {
    "iss": TokenFault.ISSUER,
    "aud": TokenFault.AUDIENCE,
    "azp": TokenFault.AUDIENCE,
    "exp": TokenFault.EXPIRED,
    "nbf": TokenFault.NOT_YET,
    "iat": TokenFault.NOT_YET,
    "nonce": TokenFault.NONCE,
    "sub": TokenFault.SUBJECT,
}


def _fault_of(error: Exception) -> TokenFault:
    if isinstance(error, ExpiredTokenError):
        return TokenFault.EXPIRED
    claim = error.claim.partition(",")[0] if isinstance(error, ClaimError) else ""
    return _FAULTS.get(claim, TokenFault.CLAIMS)
