"""Keeps a stranger's address from sending our requests into this computer's own network.

A name can change its answer between two look-ups (DNS rebinding). So the address that counts is the one that was
connected to, checked before the first byte of the request is sent.
"""

import asyncio
import ipaddress
import socket
from typing import Any

import httpx


class PrivateAddress(Exception):
    """A connection to `host` reached a private address and was closed unused."""

    def __init__(self, host: str):
        super().__init__(f"{host} leads to a private address")
        self.host = host


class PrivateNetworkGuard:
    """Decides which requests may enter the private network: those that an address in config.toml leads there."""

    def __init__(self) -> None:
        self._is_private: dict[str, bool] = {}

    async def may_enter(self, configured: httpx.URL) -> bool:
        """Whether config.toml names a host in the private network by `configured`.

        The first answer stands: a name that was public can not become private later.
        """
        host = configured.host
        if host not in self._is_private:
            addresses = await _look_up(host)
            if not addresses:
                return False
            self._is_private[host] = _any_private(addresses)
        return self._is_private[host]


async def leads_to_private(url: httpx.URL) -> bool:
    """Whether the host of `url` has a private address now. Behind a proxy it may have none that is known here."""
    return _any_private(await _look_up(url.host))


class PeerCheck:
    """httpx's "trace" extension: closes a connection unused where the peer's address is private.

    A proxy's own address is not checked. `connected` tells whether httpx has reported any connection.
    """

    def __init__(self) -> None:
        self.connected = False
        self._host = ""
        self._by_proxy = False

    def expects(self, url: httpx.URL) -> None:
        """The next request goes to `url`."""
        self._host = url.raw_host.decode("ascii")

    async def __call__(self, event: str, info: dict[str, Any]) -> None:
        """Raises PrivateAddress."""
        if event == "connection.connect_tcp.started":
            self._by_proxy = info["host"] != self._host
        elif event == "connection.connect_tcp.complete":
            self.connected = True
            stream = info["return_value"]
            if not self._by_proxy and not is_public(stream.get_extra_info("server_addr")[0]):
                await stream.aclose()
                raise PrivateAddress(self._host)


def is_public(address: str) -> bool:
    """Whether an IP address, with or without a zone, is reachable from all over the internet."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(parsed, "ipv4_mapped", None)
    return (mapped or parsed).is_global


def _any_private(addresses: list[str]) -> bool:
    return any(not is_public(address) for address in addresses)


async def _look_up(host: str) -> list[str]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return [str(address[4][0]) for address in found]
