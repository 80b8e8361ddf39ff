"""Links that lead to other sites: which addresses may be one, what host they lead to, and what is asked before."""

import re
from urllib.parse import urlsplit

MARK = "↗"
OPENS_ANOTHER = "opens another site"
TITLE = "Open another site?"
LEADS_TO = "This link leads out of Grapevine, to "
NOT_CHECKED = "Grapevine has not checked it. It opens in a new tab, and the site is not told where you come from."
PUNYCODE = (
    "This name has letters from another alphabet, which can imitate others. It is shown here as computers write it."
)
OPEN = "Open {}"
STAY = "Stay here"
BROWSER = {"open": OPEN, "punycode": PUNYCODE}

_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.\-]*[a-z0-9])?\.?|\[[0-9a-f:.]+\]")
# What a browser drops from an address, or reads otherwise than this module does.
_MISREAD = re.compile(r"[\x00-\x20\x7f\\]")


def site_of(address: str) -> str | None:
    """The host that a link leads to, as computers write it; None for what is made no link.

    >>> site_of("https://gov.uk@evil.example/flood"), site_of("https://gоv.uk:8443")
    ('evil.example', 'xn--gv-fmc.uk:8443')
    >>> site_of("javascript:alert(1)"), site_of("https://gov.uk\\\\@evil.example")
    (None, None)
    """
    if _MISREAD.search(address):
        return None
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
        host = f"[{host}]" if ":" in host else host if host.isascii() else host.encode("idna").decode()
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(host):
        return None
    return host if port is None else f"{host}:{port}"


def link_to(address: str) -> str | None:
    """The address as a link may have it: without a name and a password before the host; None where it is no link.

    >>> link_to("https://gov.uk@evil.example/flood?a=1")
    'https://evil.example/flood?a=1'
    """
    site = site_of(address)
    return None if site is None else urlsplit(address)._replace(netloc=site).geturl()
