"""Links to other sites: which addresses become one, what host is named, and how a link is marked."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.components import leaving
from dashboard.words.leaving import OPENS_ANOTHER, link_to, site_of


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("https://www.gov.uk/flood", "www.gov.uk"),
        ("HTTPS://WWW.GOV.UK", "www.gov.uk"),
        ("http://example.org:8080/", "example.org:8080"),
        ("https://gov.uk@evil.example/flood", "evil.example"),
        ("https://gov.uk:443@evil.example", "evil.example"),
        ("https://gоv.uk", "xn--gv-fmc.uk"),
        ("https://münchen.de", "xn--mnchen-3ya.de"),
        ("https://[2001:db8::1]:8443/x", "[2001:db8::1]:8443"),
        ("https://evil.example#@gov.uk", "evil.example"),
    ],
)
def test_the_host_is_named_as_computers_write_it(address, site):
    assert site_of(address) == site


@pytest.mark.parametrize(
    "address",
    [
        "",
        "javascript:alert(1)",
        "JaVaScRiPt://gov.uk/%0aalert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "blob:https://gov.uk/1",
        "//evil.example",
        "/incident/x",
        "mailto:jo@example.org",
        "at://did:plc:x/y",
        "intent://x#Intent;end",
        "https://",
        "https:///x",
        "https:evil.example",
        " https://gov.uk",
        "https://gov.uk\\@evil.example",
        "ht\ntps://gov.uk",
        "https://gov.uk\t.evil.example",
        "https://gov.uk:port",
        "https://gov.uk:99999",
        "https://[::1",
        "https://exa mple.org",
        "https://%67ov.uk",
        "https://" + "a" * 70 + "é.example",
        "https://gov.uk<script>",
    ],
)
def test_what_is_no_plain_web_address_never_becomes_a_link(address):
    assert site_of(address) is None
    assert link_to(address) is None
    assert not hasattr(leaving.link("Evidence", address), "href")


@given(st.text() | st.from_regex(r"https?://[^/?#]{0,30}[/?#]?.{0,20}", fullmatch=True))
def test_a_link_leads_where_it_says(address):
    link, site = link_to(address), site_of(address)
    if link is None:
        return
    assert link.isprintable() or not link.isascii()
    assert "@" not in urlsplit(link).netloc
    assert urlsplit(link).netloc == site
    assert site.isascii()
    assert site_of(link) == site


def test_a_link_is_marked_for_the_eye_and_for_a_screen_reader():
    link = leaving.link("Evidence", "https://gov.uk@evil.example/flood")
    assert link.href == "https://evil.example/flood"
    assert set(link.rel.split()) >= {"noopener", "noreferrer"}
    assert "evil.example" in str(link)
    assert OPENS_ANOTHER in str(link)
