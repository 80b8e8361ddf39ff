"""The table [server] of config.toml: where Grapevine listens, and the address people know it by.

Beyond this computer every word is encrypted on its way, by Grapevine itself or by a proxy that is declared here. So a
server that would listen in the clear is refused when the file is read.
"""

import re
from functools import cached_property
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Self
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, field_validator, model_validator

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
_PATH = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?")


class ServerSettings(BaseModel, frozen=True, strict=True, extra="forbid"):
    listen: str = "127.0.0.1"
    port: int = Field(default=8050, ge=1, le=65535)
    public_url: str = ""
    tls_certificate: str = ""
    tls_key: str = ""
    trusted_proxies: list[str] = []

    @field_validator("listen")
    @classmethod
    def _is_an_address(cls, listen: str) -> str:
        try:
            ip_address(listen)
        except ValueError:
            raise ValueError(
                f"listen should be an address of this computer, such as 127.0.0.1 or 0.0.0.0 (all), not {listen!r}."
            ) from None
        return listen

    @field_validator("public_url")
    @classmethod
    def _is_a_web_address(cls, url: str) -> str:
        if not url:
            return url
        if re.search(r"[^\x21-\x7e]|[\\\"'<>@?#]", url):
            raise ValueError("public_url should be https://HOST or https://HOST/PATH, without name, query or #.")
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname, parts.port
        except ValueError:
            host = None
        if parts.scheme not in {"http", "https"} or not host:
            raise ValueError("public_url should be https://HOST or https://HOST/PATH.")
        if parts.scheme == "http" and host_name(parts.netloc) not in LOOPBACK_NAMES:
            raise ValueError(
                "public_url should begin with https://, since anybody on the way can read and change plain http."
            )
        if not _PATH.fullmatch(parts.path):
            raise ValueError("public_url may have only letters, digits and . _ ~ - between the / of its path.")
        return url.rstrip("/")

    @field_validator("trusted_proxies")
    @classmethod
    def _are_addresses(cls, proxies: list[str]) -> list[str]:
        for one in proxies:
            try:
                network = ip_network(one)
            except ValueError:
                raise ValueError(
                    f"trusted_proxies should be addresses or networks such as 10.0.0.5 or 10.0.0.0/28, not {one!r}."
                ) from None
            if network.prefixlen == 0:
                raise ValueError(f"trusted_proxies: {one} is everybody. Name the address of your proxy.")
        return proxies

    @model_validator(mode="after")
    def _nobody_reads_on_the_way(self) -> Self:
        if bool(self.tls_certificate) != bool(self.tls_key):
            raise ValueError("tls_certificate and tls_key belong together. Name both files, or neither.")
        if self.trusted_proxies and not self.public_url.startswith("https://"):
            raise ValueError("trusted_proxies needs public_url, the https address under which the proxy shows this.")
        if self.tls_certificate and self.public_url.startswith("http://"):
            raise ValueError("public_url should begin with https://, since tls_certificate is set.")
        if not self.is_beyond_loopback:
            return self
        if not (self.tls_certificate or self.trusted_proxies):
            raise ValueError(
                f"listen = {self.listen!r} is open to other computers. Set tls_certificate and tls_key, or put a "
                "proxy with https in front and name it in trusted_proxies and public_url; see dashboard/SERVER.md."
            )
        if not self.public_url:
            raise ValueError(
                "public_url is missing. Set the https address that people open: no other name is answered."
            )
        return self

    @property
    def is_beyond_loopback(self) -> bool:
        """Whether other computers reach the port."""
        return not ip_address(self.listen).is_loopback

    @property
    def has_tls(self) -> bool:
        """Whether this server speaks https itself."""
        return bool(self.tls_certificate)

    @property
    def is_https(self) -> bool:
        """Whether people open it by https."""
        return self.has_tls or self.public_url.startswith("https://")

    @property
    def prefix(self) -> str:
        """The path under which it is shown, such as /grapevine; empty at the top of its host."""
        return urlsplit(self.public_url).path

    def cookie(self, name: str) -> str:
        """What a cookie is called. By https a browser holds one with such a name to its rules: no other host of the
        domain can put one in its place. One of `__Host-` goes to the whole host, so not where Grapevine has a path.
        """
        if not self.is_https:
            return name
        return f"__Secure-{name}" if self.prefix else f"__Host-{name}"

    @property
    def public_origin(self) -> str | None:
        """Scheme and host as a browser writes them into Origin; None where no address is set."""
        if not self.public_url:
            return None
        parts = urlsplit(self.public_url)
        usual = {"https": 443, "http": 80}[parts.scheme]
        host = host_name(parts.netloc).lower()
        return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port not in {None, usual} else "")

    @cached_property
    def names(self) -> frozenset[str]:
        """The host names that are answered: those of this computer, and the public one."""
        public = {host_name(urlsplit(self.public_url).netloc).lower()} if self.public_url else set()
        return LOOPBACK_NAMES | public

    @cached_property
    def proxies(self) -> tuple[Network, ...]:
        return tuple(ip_network(one) for one in self.trusted_proxies)


def host_name(host: str) -> str:
    """A host without its port.

    >>> host_name("localhost:8050"), host_name("[::1]:8050"), host_name("[::1]"), host_name("example.org")
    ('localhost', '[::1]', '[::1]', 'example.org')
    """
    name, _, port = host.rpartition(":")
    return name if port.isdecimal() and name else host
