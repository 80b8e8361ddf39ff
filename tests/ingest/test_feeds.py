"""Feeds: what an entry becomes, and what a poller does against a real HTTP server."""

import gzip
from datetime import timedelta

import pytest

from ingest.source import Missed, Unreadable, Upsert
from ingest.sources import feeds
from ingest.sources.feeds import FeedsSettings, open_feeds
from models.config import checked
from models.errors import ConfigError
from tests.builders import NOON, a_clock
from tests.ingest.feed_documents import (
    SQUARE,
    a_cap_link,
    a_feed,
    an_alert,
    an_entry,
    an_item,
    atom,
    read,
    rss,
    texts,
)
from tests.ingest.feed_server import serving


@pytest.fixture
def server():
    with serving() as opened:
        yield opened


# What an entry becomes


def test_an_article_is_its_title_and_summary_in_plain_words(server):
    server.answers["/feed"] = rss(an_item("a", title="Dam holds & stands", summary="<p>Says <b>the mayor</b></p>"))
    ((item,), _) = read(a_feed(server))
    assert item.record == {
        "id": item.record["id"],
        "kind": "article",
        "text": "Dam holds & stands\n\nSays the mayor",
        "author": "Northgate News",
        "lang": "en-gb",
        "url": "https://news.example/a",
        "created_at": "2026-11-20T11:30:00+00:00",
    }


def test_entries_come_oldest_first_under_ids_that_stay(server):
    server.answers["/feed"] = rss(an_item("b"), an_item("a"))
    first, again = read(a_feed(server))[0], read(a_feed(server))[0]
    assert texts(first) == ["Title a", "Title b"]
    assert [item.record["id"] for item in first] == [item.record["id"] for item in again]


def test_the_same_name_in_two_feeds_is_two_posts(server):
    server.answers |= {"/feed": rss(an_item("a")), "/other": rss(an_item("a"))}
    ours, others = read(a_feed(server))[0], read(a_feed(server, path="/other"))[0]
    assert ours[0].record["id"] != others[0].record["id"]


def test_a_link_that_is_no_page_is_not_kept(server):
    server.answers["/feed"] = rss("<item><title>A</title><link>javascript:alert(1)</link></item>")
    assert "url" not in read(a_feed(server))[0][0].record


@pytest.mark.parametrize(
    "answer",
    [rss("<item><title>A</title><link>#top</link></item>"), an_alert(info="<info><event>Flood</event></info>")],
)
def test_a_key_in_a_feeds_own_address_is_stored_with_no_post(server, answer):
    server.answers["/feed"] = answer
    (item,) = read(a_feed(server, path="/feed?key=s3cret"))[0]
    assert "s3cret" not in str(item)


def test_an_entry_without_name_link_or_date_is_still_one(server):
    server.answers["/feed"] = rss("<item><title>Only this</title></item>")
    ((item,), cursor) = read(a_feed(server))
    assert (item.record["text"], item.record.get("created_at")) == ("Only this", None)
    server.answers["/feed"] += b" "
    assert read(a_feed(server), cursor)[0] == []


# What the poller does


def test_nothing_is_brought_twice_and_little_is_asked(server):
    server.answers["/feed"] = rss(an_item("a"))
    first, cursor = read(a_feed(server))
    again, cursor = read(a_feed(server), cursor)
    assert (len(first), again) == (1, [])
    assert server.asked[1][1]["If-Modified-Since"] == "Fri, 20 Nov 2026 11:00:00 GMT"
    server.answers["/feed"] = rss(an_item("b"), an_item("a"))
    assert texts(read(a_feed(server), cursor)[0]) == ["Title b"]


def test_a_changed_entry_is_brought_as_an_edit(server):
    clock = a_clock()
    server.answers["/feed"] = rss(an_item("a", summary="Ten hurt"))
    (before,), cursor = read(a_feed(server, clock=clock))
    clock.advance_to(NOON + timedelta(minutes=5))
    server.answers["/feed"] = rss(an_item("a", summary="Nobody hurt"))
    ((after,), _) = read(a_feed(server, clock=clock), cursor)
    assert after.record["id"] == before.record["id"]
    assert (after.record["text"], after.record["edited_at"]) == (
        "Title a\n\nNobody hurt",
        "2026-11-20T12:05:00+00:00",
    )


def test_an_edit_is_dated_as_the_feed_says(server):
    clock = a_clock()
    server.answers["/feed"] = atom(an_entry("a"))
    _, cursor = read(a_feed(server, clock=clock))
    clock.advance_to(NOON + timedelta(minutes=5))
    server.answers["/feed"] = atom(an_entry("a", title="Flood warning removed", updated="2026-11-20T12:03:00Z"))
    ((after,), _) = read(a_feed(server, clock=clock), cursor)
    assert after.record["edited_at"] == "2026-11-20T12:03:00+00:00"


def test_a_window_that_moved_on_during_a_downtime_is_a_gap(server):
    clock = a_clock()
    server.answers["/feed"] = rss(an_item("a"))
    _, cursor = read(a_feed(server, clock=clock))
    clock.advance_to(NOON + timedelta(hours=5))
    server.answers["/feed"] = rss(
        an_item("y", published="Fri, 20 Nov 2026 16:30:00 GMT"),
        an_item("x", published="Fri, 20 Nov 2026 15:00:00 GMT"),
    )
    (gap, *items), _ = read(a_feed(server, clock=clock), cursor)
    assert gap == Missed(NOON, NOON + timedelta(hours=3), "the feed had moved on")
    assert texts(items) == ["Title x", "Title y"]


def test_a_window_that_still_holds_a_known_entry_is_no_gap(server):
    server.answers["/feed"] = rss(an_item("a"))
    _, cursor = read(a_feed(server))
    server.answers["/feed"] = rss(an_item("b", published="Fri, 20 Nov 2026 13:00:00 GMT"), an_item("a"))
    assert [type(item) for item in read(a_feed(server), cursor)[0]] == [Upsert]


def test_warnings_in_force_that_are_renewed_whole_are_no_gap(server):
    server.answers["/feed"] = rss(an_item("a"))
    _, cursor = read(a_feed(server, kind="alert"))
    server.answers["/feed"] = rss(an_item("b", published="Fri, 20 Nov 2026 13:00:00 GMT"))
    assert [type(item) for item in read(a_feed(server, kind="alert"), cursor)[0]] == [Upsert]


def test_a_cursor_is_moved_only_when_all_is_saved(server, monkeypatch):
    monkeypatch.setattr(feeds, "BATCH_ITEMS", 2)
    server.answers["/feed"] = rss(*(an_item(str(number)) for number in range(5)))
    batches = list(a_feed(server).batches(None))
    assert [len(batch.items) for batch in batches] == [2, 2, 1, 0]
    assert [bool(batch.cursor) for batch in batches] == [False, False, False, True]
    assert read(a_feed(server), batches[-1].cursor)[0] == []


def test_the_test_counts_and_reads_nothing_in(server):
    server.answers["/feed"] = rss(an_item("a"), an_item("b"))
    assert a_feed(server).test() == f"{server.host}/feed answers: 2 entries."


def test_a_packed_answer_is_unpacked(server):
    server.answers["/feed"] = lambda handler: handler.say(
        200, gzip.compress(rss(an_item("a"))), Content_Encoding="gzip"
    )
    assert len(read(a_feed(server))[0]) == 1


# Feeds as they are


@pytest.mark.parametrize(
    "title",
    [
        "Marks & Spencer car park closed",
        "Road closed&nbsp;until Monday",
        "Water \x0b rising",
        "River < 2 m below the wall",
        "Caf\xe9 open",
    ],
)
def test_xml_that_is_not_well_formed_is_read_and_marked(server, title):
    broken = rss(an_item("a"), an_item("b").replace("Title b", title), an_item("c"))
    server.answers["/feed"] = broken.decode().encode("latin-1")
    feed = a_feed(server)
    batches = list(feed.batches(None))
    assert len(batches[0].items) == 3
    assert batches[-1].notice.startswith("The feed is not well-formed XML (line 1: ")
    assert "3 entries. The feed is not well-formed XML" in feed.test()
    server.answers["/feed"] = rss(an_item("a"))
    assert list(feed.batches(batches[-1].cursor))[-1].notice is None


def test_what_is_wrong_with_a_feed_is_still_said_after_a_restart(server):
    server.answers["/feed"] = rss(an_item("a").replace("Title a", "Marks & Spencer"))
    cursor = list(a_feed(server).batches(None))[-1].cursor
    (after,) = a_feed(server).batches(cursor)
    assert after.notice.startswith("The feed is not well-formed XML")


def test_a_feed_that_breaks_off_is_read_up_to_its_last_whole_entry(server):
    server.answers["/feed"] = rss(an_item("a"), an_item("b"))[:-60]
    batches = list(a_feed(server).batches(None))
    assert texts(batches[0].items) == ["Title a"]
    assert batches[-1].notice == "The feed breaks off before its end: read as far as it goes."


def test_what_a_server_adds_after_a_feed_does_not_hide_it(server):
    server.answers["/feed"] = rss(an_item("a")) + b"\n<b>Notice</b>: undefined index in /var/www/rss.php"
    (batch, end) = list(a_feed(server).batches(None))
    assert (texts(batch.items), "breaks off" in end.notice) == (["Title a"], False)


def test_a_feed_after_empty_lines_is_read(server):
    server.answers["/feed"] = b"\n\n" + rss(an_item("a"))
    assert texts(read(a_feed(server))[0]) == ["Title a"]


def test_the_feeds_dates_are_read_by_its_own_habit(server):
    american = [an_item("a", published="11/05/2026 15:30"), an_item("b", published="11/19/2026 09:00")]
    server.answers["/feed"] = rss(*american)
    assert [item.record["created_at"] for item in read(a_feed(server))[0]] == [
        "2026-11-19T09:00:00+00:00",
        "2026-11-05T15:30:00+00:00",
    ]


@pytest.mark.parametrize(
    ("published", "moment"),
    [
        ("Sat, 18 Jul 2026 15:30:00 BST", "2026-07-18T14:30:00+00:00"),
        ("05/11/2026 15:30", "2026-11-05T15:30:00+00:00"),
        ("Thu, 05 Nov 2026 15:30:00 CET", "2026-11-05T14:30:00+00:00"),
        ("5 Nov 2026 3:30 PM", "2026-11-05T15:30:00+00:00"),
        # Three zones bear this name: better the time of arrival, which is marked, than a wrong one.
        ("Thu, 05 Nov 2026 15:30:00 IST", None),
        ("yesterday", None),
    ],
)
def test_an_entry_stands_at_the_time_its_feed_means(server, published, moment):
    server.answers["/feed"] = rss(an_item("a", published=published))
    assert read(a_feed(server))[0][0].record.get("created_at") == moment


# Documents of warnings that entries link to


def test_a_warnings_document_is_fetched_once_and_tells_more_than_the_feed(server):
    server.answers |= {"/feed": atom(an_entry("a", a_cap_link("/cap/1"))), "/cap/1": an_alert()}
    (item,), cursor = read(a_feed(server))
    assert (item.record["kind"], item.record["author"]) == ("alert", "Met Office")
    server.answers["/feed"] += b" "
    assert read(a_feed(server), cursor)[0] == []
    assert server.paths() == ["/feed", "/cap/1", "/feed"]


def test_a_warning_of_another_host_is_fetched_only_where_it_is_listed(server):
    with serving() as other:
        other.answers["/1"] = an_alert()
        server.answers["/feed"] = atom(an_entry("a", a_cap_link(other.url("/1"))))
        ((unfetched,), _) = read(a_feed(server))
        assert (other.asked, unfetched.record["text"]) == ([], "Flood warning\n\nRiver rising")
        ((fetched,), _) = read(a_feed(server, cap_hosts=[other.host]))
        assert fetched.record["author"] == "Met Office"


def test_a_document_may_not_redirect_to_another_host(server):
    with serving() as other:
        other.answers["/1"] = an_alert()
        server.answers |= {
            "/feed": atom(an_entry("a", a_cap_link("/1"))),
            "/1": lambda handler: handler.say(302, Location=other.url("/1")),
        }
        read(a_feed(server))
        assert other.asked == []


def test_a_document_that_cannot_be_had_twice_leaves_the_feeds_own_words(server):
    server.answers["/feed"] = atom(an_entry("a", a_cap_link("/1")), an_entry("b"))
    first, cursor = read(a_feed(server, kind="alert"))
    assert [item.position for item in first] == ["urn:b"]
    second, cursor = read(a_feed(server, kind="alert"), cursor)
    assert [(item.position, item.record["kind"]) for item in second] == [("urn:a", "alert")]
    assert read(a_feed(server, kind="alert"), cursor)[0] == []


def test_a_document_that_comes_late_is_read_then(server):
    server.answers["/feed"] = atom(an_entry("a", a_cap_link("/1")))
    first, cursor = read(a_feed(server))
    server.answers["/1"] = an_alert()
    ((second,), _) = read(a_feed(server), cursor)
    assert (first, second.record["author"]) == ([], "Met Office")


def test_a_rush_of_documents_is_fetched_a_few_a_poll(server, monkeypatch):
    monkeypatch.setattr(feeds, "MOST_DOCUMENTS", 2)
    server.answers["/feed"] = atom(*(an_entry(str(n), a_cap_link(f"/{n}")) for n in range(5)))
    server.answers |= {f"/{n}": an_alert(str(n)) for n in range(5)}
    cursor, counts, brought = None, [], []
    for _ in range(4):
        items, cursor = read(a_feed(server), cursor)
        counts.append(len(items))
        brought += [item.record["author"] for item in items]
    assert (counts, set(brought)) == ([2, 2, 1, 0], {"Met Office"})


def test_a_document_that_is_no_warning_is_unreadable_and_the_entry_is_used(server):
    server.answers |= {"/feed": atom(an_entry("a", a_cap_link("/1"))), "/1": b"<html/>"}
    unreadable, item = read(a_feed(server))[0]
    assert (unreadable.reason, item.record["text"]) == ("not a CAP alert", "Flood warning\n\nRiver rising")
    assert isinstance(unreadable, Unreadable)


def test_a_test_message_in_a_feed_is_told_as_one(server):
    server.answers |= {"/feed": atom(an_entry("a", a_cap_link("/1"))), "/1": an_alert(status="Test")}
    ((item,), _) = read(a_feed(server))
    assert item.record["text"].startswith("TEST, not a real warning. Amber")


def test_of_a_warning_that_is_not_for_the_public_nothing_but_the_reason_is_kept(server):
    server.answers |= {"/feed": atom(an_entry("a", a_cap_link("/1"))), "/1": an_alert(scope="Restricted")}
    ((item,), cursor) = read(a_feed(server))
    assert item == Unreadable("not for the public (scope Restricted), so not kept", "", "urn:a")
    server.answers["/feed"] += b" "
    assert read(a_feed(server), cursor)[0] == []


def test_a_feed_that_cancels_a_warning_is_believed_before_its_document(server):
    cancel = "<cap:message_type>Cancel</cap:message_type>"
    server.answers |= {"/feed": atom(an_entry("a", cancel + a_cap_link("/1"))), "/1": an_alert()}
    (document, entry), _ = read(a_feed(server))
    assert (entry.record["text"], entry.record["quote_of"]) == (
        "Cancelled: Flood warning. River rising.",
        document.record["id"],
    )


def test_entries_for_the_areas_of_one_warning_bring_its_document_once(server):
    entries = (an_entry(f"w?area={n}", a_cap_link("/1")) for n in range(3))
    server.answers |= {"/feed": atom(*entries), "/1": an_alert()}
    items, _ = read(a_feed(server))
    assert (len(items), server.paths()) == (1, ["/feed", "/1"])


def test_an_entry_with_the_fields_of_cap_is_a_warning(server):
    fields = (
        "<cap:status>Actual</cap:status><cap:msgType>Update</cap:msgType><cap:areaDesc>Northgate</cap:areaDesc>"
        f"<cap:expires>2026-11-20T18:00:00Z</cap:expires><cap:polygon>{SQUARE}</cap:polygon>"
    )
    server.answers["/feed"] = atom(an_entry("a", fields))
    ((item,), _) = read(a_feed(server))
    assert item.record["kind"] == "alert"
    assert item.record["text"] == "Update: Flood warning. Area: Northgate. Until 20 Nov 2026, 18:00. River rising."
    assert (item.record["latitude"], item.record["longitude"]) == (54.5, -1.5)


@pytest.mark.parametrize(
    "fields",
    [
        "<cap:message_type>Cancel</cap:message_type><cap:status>Actual</cap:status>",
        "<cap:messageType>CANCEL</cap:messageType>",
        "<x:msgType xmlns:x='urn:oasis:names:tc:emergency:cap:1.1'>Cancel</x:msgType>",
        "<alert xmlns='http://www.incident.com/cap/1.0'><msgType>Cancel</msgType></alert>",
        "<category term='msgType=Cancel'/><category term='status=Actual'/>",
    ],
)
def test_a_cancellation_is_told_however_the_feed_spells_it(server, fields):
    times = "<cap:onset>2026-11-20T18:00:00Z</cap:onset><cap:expires>2026-11-20T23:00:00Z</cap:expires>"
    server.answers["/feed"] = atom(an_entry("a", fields + times))
    ((item,), _) = read(a_feed(server))
    assert item.record["text"] == (
        "Cancelled: Flood warning. Times in the notice: from 20 Nov 2026, 18:00 until 20 Nov 2026, 23:00. "
        "River rising."
    )


def test_a_cancellation_is_told_in_a_feed_that_is_not_well_formed(server):
    fields = "<cap:message_type>Cancel</cap:message_type><cap:areaDesc>Dale & Fell</cap:areaDesc>"
    server.answers["/feed"] = atom(an_entry("a", fields))
    ((item,), _) = read(a_feed(server))
    assert item.record["text"] == "Cancelled: Flood warning. Area: Dale & Fell. River rising."


def test_an_all_clear_in_the_categories_of_a_feed_is_told(server):
    """In the shape of Canada's: the fields of CAP are categories, and there is a document for each."""
    server.answers["/feed"] = atom(an_entry("a", "<category term='urgency=Past'/><category term='severity=Minor'/>"))
    ((item,), _) = read(a_feed(server, kind="alert"))
    assert item.record["text"] == "Over: Flood warning. Severity: minor. River rising."


def test_every_area_of_an_entry_is_named(server):
    areas = "".join(f"<cap:area><cap:areaDesc>District {n}</cap:areaDesc></cap:area>" for n in range(3))
    server.answers["/feed"] = atom(an_entry("a", areas))
    ((item,), _) = read(a_feed(server))
    assert "Area: District 0, District 1, District 2." in item.record["text"]


def test_a_whole_warning_inside_an_entry_is_read(server):
    alert = an_alert().decode().partition("?>")[2]
    server.answers["/feed"] = atom(an_entry("a", f"<content type='text/xml'>{alert}</content>"))
    ((item,), _) = read(a_feed(server))
    assert item.record["id"] == "cap:warnings@weather.example,2.49.0.1.826.1"


def test_a_bundle_of_warnings_is_a_feed(server):
    alerts = b"".join(an_alert(f"{n}").partition(b"?>")[2] for n in (1, 2))
    restricted = an_alert("3", scope="Private").partition(b"?>")[2]
    server.answers["/feed"] = b"<alerts>" + alerts + restricted + b"</alerts>"
    items, cursor = read(a_feed(server, kind="alert"))
    assert [type(item) for item in items] == [Upsert, Upsert, Unreadable]
    server.answers["/feed"] += b" "
    assert read(a_feed(server, kind="alert"), cursor)[0] == []


def test_a_feed_may_be_one_warning(server):
    server.answers["/feed"] = an_alert()
    feed = a_feed(server, kind="alert")
    (item,), cursor = read(feed)
    assert item.record["id"] == "cap:warnings@weather.example,2.49.0.1.826.1"
    assert read(feed, cursor)[0] == []


def test_a_weather_services_feed_of_warnings_is_read(server):
    """In the shape of the Met Office's public feed: a title, a sentence, a page and a picture, and no date."""
    server.answers["/feed"] = rss(
        "<item><title>Yellow warning of rain affecting Northgate</title>"
        "<link>https://weather.example/warnings#?date=2026-11-20&amp;id=6f1c</link>"
        "<description>Yellow warning of rain affecting Northgate: Dale, Fell valid from 0300 Sat 21 to 1200 Sun 22"
        "</description><enclosure url='https://weather.example/rain.png' type='image/png' length='1'/>"
        "<guid isPermaLink='false'>6f1c</guid></item>"
    )
    ((item,), _) = read(a_feed(server, kind="alert"))
    assert item.record["kind"] == "alert"
    assert item.record["text"] == (
        "Yellow warning of rain affecting Northgate: Dale, Fell valid from 0300 Sat 21 to 1200 Sun 22."
    )
    assert item.record["url"].startswith("https://weather.example/warnings#")


# Settings


def opened(**table):
    return open_feeds(checked(FeedsSettings, table, where="config.toml"), a_clock())


def test_every_feed_is_a_source_of_its_own():
    table = [
        {"name": "A", "url": "https://a.example/rss"},
        {"name": "B", "url": "https://b.example", "kind": "alert"},
    ]
    assert [(one.name, one.every_seconds) for one in opened(feeds=table)] == [("feeds:A", 120), ("feeds:B", 120)]


@pytest.mark.parametrize(
    "url", ["ftp://a.example/", "https://jo:secret@a.example/", "file:///etc/passwd", "a.example"]
)
def test_a_feed_is_a_web_address_without_a_password(url):
    with pytest.raises(ConfigError):
        opened(feeds=[{"name": "A", "url": url}])


def test_two_feeds_may_not_bear_one_name():
    with pytest.raises(ConfigError, match="is the name of two feeds"):
        opened(feeds=[{"name": "A", "url": "https://a.example/"}, {"name": "A", "url": "https://b.example/"}])


def test_a_feed_is_polled_no_more_often_than_each_thirty_seconds():
    with pytest.raises(ConfigError, match="every_seconds"):
        opened(feeds=[{"name": "A", "url": "https://a.example/"}], every_seconds=29)
