"""The table [sign_in.provider] of config.toml: the service's own sign-in by OpenID Connect, and its groups' roles.

What would let nobody in, or let a secret travel in the clear, is refused when the file is read.
"""

import os
import re
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, field_validator, model_validator

from models.domain.users import Grant, Role
from models.errors import ConfigError
from models.limits import LONGEST_NAME, MOST_GRANTS, too_long
from models.server_settings import LOOPBACK_NAMES, host_name

_TABLE = "sign_in.provider"


class GroupRole(BaseModel, frozen=True, strict=True, extra="forbid"):
    """That whoever is in a group of the provider holds a role for a service: in one incident, or in all ("")."""

    group: str
    role: Role
    service: str
    incident: str = ""

    @field_validator("role", mode="before")
    @classmethod
    def _is_a_role(cls, named: Any) -> Any:
        if named not in list(Role):
            raise ValueError(f"role should be one of {', '.join(Role)}, not {named!r}.")
        return Role(named)

    @model_validator(mode="after")
    def _says_all(self) -> Self:
        for name, text in (("group", self.group), ("service", self.service)):
            if not text.strip():
                raise ValueError(f"{name} is empty. Say group, role and service of each.")
        if problem := too_long("service", self.service, LONGEST_NAME):
            raise ValueError(problem)
        return self

    @property
    def grant(self) -> Grant:
        return Grant(self.role, self.service.strip(), self.incident or None)


class ProviderSettings(BaseModel, frozen=True, strict=True, extra="forbid"):
    issuer: str = ""
    name: str = ""
    client_id: str = ""
    client_secret_env: str = Field(default="", pattern="^[A-Z][A-Z0-9_]*$|^$")
    scopes: list[str] = ["openid", "profile"]
    groups_claim: str = Field(default="groups", min_length=1)
    groups: list[GroupRole] = Field(default=[], max_length=MOST_GRANTS)

    @field_validator("issuer")
    @classmethod
    def _is_reached_safely(cls, issuer: str) -> str:
        if not issuer or (is_safe_address(issuer, like=issuer) and "?" not in issuer):
            return issuer
        raise ValueError(
            "issuer should be https://HOST or https://HOST/PATH, just as the provider's discovery document says it."
        )

    @field_validator("scopes")
    @classmethod
    def _asks_for_openid(cls, scopes: list[str]) -> list[str]:
        if "openid" not in scopes or not all(re.fullmatch(r"[\x21\x23-\x5b\x5d-\x7e]+", one) for one in scopes):
            raise ValueError('scopes should be words, and "openid" one of them.')
        return scopes

    @model_validator(mode="after")
    def _lets_somebody_in(self) -> Self:
        if not self.issuer:
            return self
        if not self.client_id:
            raise ValueError("client_id is missing. The provider gives it when Grapevine is registered there.")
        if not self.groups:
            raise ValueError("groups is empty, so nobody could sign in. Map a group of the provider to a role.")
        return self

    @property
    def is_on(self) -> bool:
        return bool(self.issuer)

    @property
    def called(self) -> str:
        """What people read: "Sign in with …"."""
        return self.name or (urlsplit(self.issuer).hostname or "")

    def secret(self) -> str | None:
        """The client's secret; None for a client without one. Raises ConfigError where its variable is not set."""
        if not self.client_secret_env:
            return None
        found = os.environ.get(self.client_secret_env, "").strip()
        if not found:
            problem = f"the environment variable {self.client_secret_env} is not set. Put the client's secret there."
            raise ConfigError(problem, file="config.toml", table=_TABLE)
        return found


def is_safe_address(address: Any, *, like: str) -> bool:
    """Whether nobody on the way can read what is sent there: https, or this computer where `like` is there, too.

    >>> is_safe_address("https://login.example/token", like="https://login.example")
    True
    >>> is_safe_address("http://127.0.0.1:9000/token", like="https://login.example")
    False
    """
    if not isinstance(address, str) or re.search(r"[^\x21-\x7e]|[\\\"<>#]", address):
        return False
    try:
        parts, base = urlsplit(address), urlsplit(like)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or "@" in parts.netloc:
        return False
    if parts.scheme == "https":
        return True
    return (
        parts.scheme == base.scheme == "http" and {host_name(parts.netloc), host_name(base.netloc)} <= LOOPBACK_NAMES
    )
