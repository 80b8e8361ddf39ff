"""A name that address in this computer's own network is sent no request, whenever its answer changes."""

import socket
from collections import defaultdict

import pytest

from ingest.net import private_network
from ingest.net.private_network import is_public
from ingest.sources.feeds import Feed, FeedTable
from models.errors import SourceFailed, SourceUnreachable
from tests.builders import a_clock
from tests.ingest.feed_documents import a_cap_link, an_alert, an_entry, an_item, atom, read, rss
from tests.ingest.feed_server import serving

# This computer answers on all of 127.0.0.0/8: one address of it plays a server on the internet.
PUBLIC, PRIVATE = "127.0.0.2", "127.0.0.1"


@pytest.fixture
def names(monkeypatch):
    """What each name answers, look-up by look-up; the last answer stands. PUBLIC passes for a public address."""
    answers, asked = {}, defaultdict(int)
    real, really_public = socket.getaddrinfo, is_public

    def getaddrinfo(host, *rest, **more):
        name = host.decode() if isinstance(host, bytes) else host
        if name in answers:
            host = answers[name][min(asked[name], len(answers[name]) - 1)]
            asked[name] += 1
        elif name.endswith(".example"):
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return real(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(private_network, "is_public", lambda address: address == PUBLIC or really_public(address))
    return answers


@pytest.fixture
def outside():
    with serving(PUBLIC) as server:
        yield server


@pytest.fixture
def inside(outside):
    """A server in our own network on the port of the one outside, so that a name can change from one to the other."""
    with serving(PRIVATE, int(outside.host.partition(":")[2])) as server:
        server.answers["/feed"] = rss(an_item("secret"))
        yield server


def fault_of_a_poll(feed: Feed) -> str:
    """Why one poll of `feed` failed, or nothing."""
    try:
        read(feed)
    except SourceUnreachable as error:
        return str(error)
    return ""


def at(server, name: str, path: str = "/feed") -> str:
    return f"http://{name}:{server.host.partition(':')[2]}{path}"


def a_feed_at(url: str, *, cap_hosts=()) -> Feed:
    return Feed(FeedTable(name="News", url=url), a_clock(), every_seconds=0.1, cap_hosts=list(cap_hosts))


@pytest.mark.parametrize("public_answers", range(1, 8))
def test_a_configured_name_that_turns_private_is_sent_no_request_then(names, outside, inside, public_answers):
    names["news.example"] = [PUBLIC] * public_answers + [PRIVATE]
    outside.answers["/feed"] = rss(an_item("a"))
    feed = a_feed_at(at(outside, "news.example"))
    for _ in range(7):
        fault = fault_of_a_poll(feed)
    assert "address in this computer's own network" in fault
    assert inside.asked == []


@pytest.mark.parametrize("public_answers", range(6))
def test_a_redirect_to_a_name_that_turns_private_is_not_followed_then(names, outside, inside, public_answers):
    names |= {"news.example": [PUBLIC], "turncoat.example": [PUBLIC] * public_answers + [PRIVATE]}
    outside.answers["/feed"] = lambda handler: handler.say(302, Location=at(outside, "turncoat.example", "/secret"))
    outside.answers["/secret"] = rss(an_item("a"))
    feed = a_feed_at(at(outside, "news.example"))
    for _ in range(6):
        fault = fault_of_a_poll(feed)
    assert "address in this computer's own network" in fault
    assert inside.asked == []


@pytest.mark.parametrize("location", ["http://localhost", "http://127.0.0.1", "http://[::ffff:127.0.0.1]"])
def test_a_redirect_into_our_own_network_is_not_followed(names, outside, inside, location):
    names["news.example"] = [PUBLIC]
    port = inside.host.partition(":")[2]
    outside.answers["/feed"] = lambda handler: handler.say(302, Location=f"{location}:{port}/secret")
    assert "address in this computer's own network" in fault_of_a_poll(a_feed_at(at(outside, "news.example")))
    assert inside.asked == []


@pytest.mark.parametrize("public_answers", range(2, 6))
def test_a_host_that_a_redirect_named_sends_us_to_no_document_inside(names, outside, inside, public_answers):
    """Documents may lie beside the feed where it moved to: that host is its own choice, not config.toml's."""
    names |= {"news.example": [PUBLIC], "turncoat.example": [PUBLIC] * public_answers + [PRIVATE]}
    outside.answers["/feed"] = lambda handler: handler.say(302, Location=at(outside, "turncoat.example", "/moved"))
    outside.answers["/moved"] = atom(an_entry("a", a_cap_link(at(outside, "turncoat.example", "/cap"))))
    feed = a_feed_at(at(outside, "news.example"))
    for _ in range(6):
        fault_of_a_poll(feed)
    assert "/moved" in outside.paths()
    assert inside.asked == []


@pytest.mark.parametrize("public_answers", range(1, 8))
def test_a_feed_whose_name_turns_private_sends_us_to_no_document_inside(names, outside, inside, public_answers):
    names["news.example"] = [PUBLIC] * public_answers + [PRIVATE]
    outside.answers["/feed"] = atom(*(an_entry(str(n), a_cap_link(f"/{n}")) for n in range(3)))
    feed = a_feed_at(at(outside, "news.example"))
    for _ in range(6):
        fault_of_a_poll(feed)
    assert inside.asked == []


def test_a_name_inside_that_config_toml_gives_is_read(names, inside):
    names["intranet.example"] = [PRIVATE]
    inside.answers["/moved"] = rss(an_item("a"))
    inside.answers["/feed"] = lambda handler: handler.say(302, Location="/moved")
    assert len(read(a_feed_at(at(inside, "intranet.example")))[0]) == 1


def test_a_host_of_documents_inside_that_config_toml_gives_is_read(names, outside, inside):
    names |= {"news.example": [PUBLIC], "warnings.example": [PRIVATE]}
    inside.answers["/cap"] = an_alert()
    outside.answers["/feed"] = atom(an_entry("a", a_cap_link(at(inside, "warnings.example", "/cap"))))
    host = at(inside, "warnings.example", "").removeprefix("http://")
    ((item,), _) = read(a_feed_at(at(outside, "news.example"), cap_hosts=[host]))
    assert item.record["author"] == "Met Office"


def test_a_proxy_inside_reads_names_of_outside_and_none_of_inside(names, inside, monkeypatch):
    """The proxy's own address is the control room's choice, and it alone knows the names of the internet."""
    monkeypatch.setenv("http_proxy", f"http://{inside.host}")
    inside.answers["http://news.example/feed"] = rss(an_item("a"))
    feed = a_feed_at("http://news.example/feed")
    assert len(read(feed)[0]) == 1
    inside.answers["http://news.example/feed"] = lambda handler: handler.say(302, Location="http://10.1.2.3/secret")
    assert "address in this computer's own network" in fault_of_a_poll(feed)
    assert inside.paths() == ["http://news.example/feed"] * 2


def test_nothing_is_read_where_httpx_no_longer_reports_what_it_connects_to(names, outside, monkeypatch):
    async def hears_nothing(self, event, info):
        pass

    monkeypatch.setattr(private_network.PeerCheck, "__call__", hears_nothing)
    names["news.example"] = [PUBLIC]
    outside.answers["/feed"] = rss(an_item("a"))
    with pytest.raises(SourceFailed, match="httpx reports no connections"):
        read(a_feed_at(at(outside, "news.example")))


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("::ffff:127.0.0.1", False),
        ("93.184.215.14", True),
        ("2606:2800:21f::1", True),
    ],
)
def test_private_and_public_addresses_are_distinguished(address, public):
    assert is_public(address) is public
