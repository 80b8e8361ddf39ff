"""Feeds from servers that are gone, slow, broken or hostile: real HTTP, no hang, no flood, one line that says why."""

import gzip
import tracemalloc

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.net import http
from ingest.source import Unreadable, Upsert
from ingest.sources import broken_feeds, feed_entries, feeds
from models.errors import SourceFailed, SourceUnreachable
from tests.builders import a_clock
from tests.certificates import a_certificate
from tests.ingest.feed_documents import LAUGHS, a_cap_link, a_feed, an_alert, an_entry, an_item, atom, read, rss
from tests.ingest.feed_server import breaks_off, drips, drips_headers, serving
from tests.waiting import PATIENCE_SECONDS, returns

DOCUMENTS = (
    rss(an_item("a", summary="<p>Dam &amp; river</p>"), an_item("b")),
    atom(an_entry("a", "<cap:msgType>Cancel</cap:msgType>" + a_cap_link("/1")), an_entry("b")),
    an_alert(),
)


@pytest.fixture
def server():
    with serving() as opened:
        yield opened


def test_a_feed_that_is_gone_for_good_is_to_be_removed(server):
    server.answers["/feed"] = lambda handler: handler.say(410)
    with pytest.raises(SourceFailed, match=r"gone for good \(410\). Remove it from config.toml"):
        read(a_feed(server))


def test_a_feed_that_is_not_found_is_asked_again(server):
    with pytest.raises(SourceUnreachable, match="404"):
        read(a_feed(server))


def test_a_feed_that_refuses_us_has_failed(server):
    server.answers["/feed"] = lambda handler: handler.say(403)
    with pytest.raises(SourceFailed, match="403") as error:
        read(a_feed(server))
    assert (error.value.host, error.value.status) == (f"{server.host}/feed", 403)


def test_a_server_that_is_down_is_unreachable():
    with serving() as server:
        feed = a_feed(server)
    with pytest.raises(SourceUnreachable, match="cannot be reached"):
        read(feed)


def test_a_server_that_nobody_vouches_for_is_sent_nothing(tmp_path):
    pair = a_certificate(tmp_path)
    with serving(pair=pair) as server:
        with pytest.raises(SourceUnreachable, match="its certificate is not trusted"):
            http.Http(a_clock()).get(f"https://{server.host}/feed")
        assert server.asked == []


@pytest.mark.parametrize("slowly", [drips, drips_headers])
def test_a_server_that_drips_is_left_in_time(server, slowly):
    server.answers["/feed"] = slowly

    def asks():
        with pytest.raises(SourceUnreachable, match=r"within 0\.4 s"):
            read(a_feed(server, answer_seconds=0.4))

    # It would drip for ever: no single wait is long, so only a limit over the whole answer ends it.
    returns(asks)
    assert len(server.asked) == 1


def test_an_answer_that_breaks_off_is_unreachable(server):
    server.answers["/feed"] = breaks_off
    with pytest.raises(SourceUnreachable, match="cut off"):
        read(a_feed(server))
    assert len(server.asked) == http.ATTEMPTS


@pytest.mark.parametrize("states_its_size", [True, False])
def test_fifty_megabytes_are_refused_without_reading_them(server, states_its_size):
    sent = []

    def floods(handler):
        handler.send_response(200)
        if states_its_size:
            handler.send_header("Content-Length", "50000000")
        handler.end_headers()
        for _ in range(500):
            handler.wfile.write(b"x" * 100_000)
            sent.append(100_000)

    server.answers["/feed"] = floods
    with pytest.raises(SourceUnreachable, match="larger than 5 MB"):
        read(a_feed(server))
    # What lies in the buffers of the network is not ours to limit.
    assert sum(sent) < 30_000_000


def test_a_packed_bomb_is_refused(server):
    bomb = gzip.compress(b" " * 50_000_000)
    server.answers["/feed"] = lambda handler: handler.say(200, bomb, Content_Encoding="gzip")
    tracemalloc.start()
    with pytest.raises(SourceUnreachable, match="larger than 5 MB"):
        read(a_feed(server))
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most_bytes < 25_000_000


def test_a_packed_answer_that_breaks_off_is_unreachable(server):
    half = gzip.compress(rss(an_item("a")))[:-20]
    server.answers["/feed"] = lambda handler: handler.say(200, half, Content_Encoding="gzip")
    with pytest.raises(SourceUnreachable, match="cut off"):
        read(a_feed(server))


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "the answer is empty"),
        (b"\x00\xff\xfe hello", "not complete XML"),
        (b"{}", "not a feed but JSON"),
        (b"hello", "not complete XML"),
        (b"<?xml version='1.0' encoding='klingon'?><rss/>", r"unknown encoding"),
        (rss(an_item("a"))[:-40], "it breaks off"),
        (b"<html><body>Please log in</body></html>", "not a feed but <html>"),
        (b"<!DOCTYPE html><html><body>Log in<br>now &copy; us</body></html>", "not a feed but <html>, a web page"),
        (b"<rss version='2.0'><channel>&</channel></rss>", "not well-formed XML .line 1: .*no entry can be read"),
        (b"<rss version='2.0'><channel>" + b"<a>" * 200, "nested more than 100 deep"),
        (b"<rss version='2.0'><channel>&" + b" " * 1_000_000, "larger than 1 MB"),
        (LAUGHS, "declares"),
        (b"<!DOCTYPE rss><rss version='2.0'><channel/></rss>", "declares"),
        (b"<!DOCTYPE rss SYSTEM 'file:///etc/passwd'><rss version='2.0'/>", "declares"),
        (b"\x07<!DOCTYPE rss [<!ENTITY a 'ha'>]><rss version='2.0'>&a;</rss>", "declares"),
    ],
)
def test_what_is_no_feed_is_refused(server, body, says):
    server.answers["/feed"] = body
    with pytest.raises(SourceUnreachable, match=says):
        read(a_feed(server))


@settings(max_examples=150)
@given(st.sampled_from(DOCUMENTS), st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), max_size=5))
def test_no_damage_to_a_feed_can_break_its_reader(document, damages):
    for place, damage in damages:
        at = int(place * len(document))
        document = document[:at] + damage + document[at + len(damage) // 2 :]
    answer = http.Answer(200, httpx.Headers(), document, "http://a.example/feed")
    for kind in ("article", "alert"):
        try:
            entries = feed_entries.entries_of(answer, "http://a.example/feed", kind)
        except SourceUnreachable:
            continue
        assert all(entry.record["text"] is not None for entry in entries.found)


def test_a_link_whose_host_is_no_name_is_not_kept(server):
    server.answers["/feed"] = rss(an_item("a").replace("https://news.example/a", "http://xn--0/x"), an_item("b"))
    items, _ = read(a_feed(server))
    assert [item.record.get("url") for item in items] == ["https://news.example/b", None]


def test_an_entry_that_breaks_its_reader_is_reported_once_and_the_others_go_on(server, monkeypatch):
    """The fault is played: none is known that is not mended."""
    whole = feed_entries._entry

    def entry(entry, *about):
        return whole(entry, *about) if entry["id"] != "b" else {}["gone"]

    monkeypatch.setattr(feed_entries, "_entry", entry)
    server.answers["/feed"] = rss(an_item("a"), an_item("b"), an_item("c"))
    items, cursor = read(a_feed(server))
    assert [type(item) for item in items] == [Upsert, Unreadable, Upsert]
    assert (items[1].reason, items[1].position) == ("unexpected KeyError", "b")
    server.answers["/feed"] = rss(an_item("a"), an_item("b"), an_item("c"), an_item("d"))
    assert [item.position for item in read(a_feed(server), cursor)[0]] == ["d"]


@pytest.mark.parametrize(
    "body",
    [
        rss("<item/>" * 714_000),
        rss("".join(f"<item><guid>{number}</guid></item>" for number in range(2_001))),
        rss("<x:ITEM xmlns:x='http://backend.userland.com/rss2'/>" * 2_001),
        atom("<entry/>" * 2_001),
        rss("&", "<item/>" * 2_001),
    ],
    ids=["empty ones", "RSS", "with a prefix", "Atom", "not well-formed"],
)
def test_a_flood_of_entries_is_refused_before_it_is_read(server, body, monkeypatch):
    monkeypatch.setattr(broken_feeds.feedparser, "parse", lambda *_, **__: pytest.fail("the flood was read"))
    server.answers["/feed"] = body
    with pytest.raises(SourceUnreachable, match="more than 2,000 entries"):
        read(a_feed(server, answer_seconds=PATIENCE_SECONDS))


def test_as_many_entries_as_may_be_are_read(server):
    server.answers["/feed"] = rss(*(f"<item><guid>{number}</guid></item>" for number in range(2_000)))
    assert len(read(a_feed(server))[0]) == 2_000


def test_a_redirect_loop_ends(server):
    server.answers["/feed"] = lambda handler: handler.say(302, Location="/feed")
    with pytest.raises(SourceUnreachable, match="redirects"):
        read(a_feed(server))


def test_a_feed_that_moved_for_good_is_read_and_logged(server, caplog):
    server.answers |= {"/feed": lambda handler: handler.say(301, Location="/new"), "/new": rss(an_item("a"))}
    feed = a_feed(server)
    read(feed)
    assert len(read(feed)[0]) == 1
    assert [record.message.split(": ", 1)[1] for record in caplog.records if record.name == feeds.__name__] == [
        f"{server.host}/feed has moved to {server.host}/new. Change the address in config.toml."
    ]


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "ftp://a.example/",
        "http://[",
        "gopher:x",
        "http://a..b/",
        "http://xn--0/",
        f"http://{'a' * 64}.example/",
    ],
)
def test_a_redirect_to_what_is_no_web_page_is_not_followed(server, location):
    server.answers["/feed"] = lambda handler: handler.say(302, Location=location)
    with pytest.raises(SourceUnreachable):
        read(a_feed(server))


def test_a_busy_server_says_when_to_come_back(server):
    server.answers["/feed"] = lambda handler: handler.say(503, Retry_After="Fri, 20 Nov 2026 12:10:00 GMT")
    with pytest.raises(SourceUnreachable) as error:
        read(a_feed(server))
    assert (error.value.retry_after_seconds, len(server.asked)) == (600, 1)
    assert (error.value.host, error.value.status) == (f"{server.host}/feed", 503)


def test_a_query_is_never_shown(server):
    with pytest.raises(SourceUnreachable) as error:
        read(a_feed(server, path="/feed?key=s3cret"))
    assert "s3cret" not in str(error.value)
