"""Feeds in the shapes that people reported of other readers, and what is read of each; the words are invented."""

import pytest

from models.errors import SourceUnreachable
from tests.ingest.feed_documents import a_feed, an_entry, an_item, atom, read, rss
from tests.ingest.feed_server import serving


@pytest.fixture
def server():
    with serving() as opened:
        yield opened


def an_article(published):
    return rss(an_item("a", title="Bridge closed", published=published))


def an_updated(updated):
    return atom(an_entry("a", title="Bridge closed", updated=updated))


@pytest.mark.parametrize(
    ("feed", "moment"),
    [
        (an_article("Mon, May 25 2020 04:45:26 +0000"), "2020-05-25T04:45:26+00:00"),
        (an_article("Mon, 25 Jan 2016 1:35:20 -0800"), "2016-01-25T09:35:20+00:00"),
        (an_article("Wed, 11 Jun 2003 22:39:00 PDT"), "2003-06-12T05:39:00+00:00"),
        (an_article("2023-08-29T19:59:32.672Z"), "2023-08-29T19:59:32.672000+00:00"),
        (an_article("2017-08-01 13:55:44.364419679 +0200 CEST"), "2017-08-01T11:55:44.364419+00:00"),
        (an_article("01 Aug 17 13:26 UTC"), "2017-08-01T13:26:00+00:00"),
        (an_article("Thu, 02 Sep 2021 20:0:0 Z"), "2021-09-02T20:00:00+00:00"),
        (an_updated("Fri, 28 May 2021 14:00:00 GMT"), "2021-05-28T14:00:00+00:00"),
        (an_updated("2026-07-18 15:30"), "2026-07-18T14:30:00+00:00"),
    ],
    ids=[
        "the month before the day",
        "an hour of one digit",
        "an American zone by its name",
        "a date of Atom in RSS",
        "a program's own format with the zone twice",
        "a year of two digits",
        "minutes of one digit",
        "a date of RSS in Atom",
        "no zone and no T",
    ],
)
def test_the_date_that_other_readers_lost_is_read(server, feed, moment):
    server.answers["/feed"] = feed
    ((item,), _) = read(a_feed(server))
    assert item.record["created_at"] == moment


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Christ the Centre&nbsp;closed", "Christ the Centre closed"),
        ("The Clown&rsquo;s Joke", "The Clown’s Joke"),
        ("Mobiles & Tablets", "Mobiles & Tablets"),
        ("Shelter &#1114112; open", "Shelter � open"),
        ("Shelter &#55296; open", "Shelter � open"),
        ("5 > 3 & 2 < 4", "5 > 3 & 2 < 4"),
        ("Line\x1f broken", "Line broken"),
    ],
    ids=[
        "a space of HTML",
        "an apostrophe of HTML",
        "a bare ampersand",
        "a character beyond Unicode",
        "half a pair",
        "signs",
        "a control character",
    ],
)
def test_the_words_that_made_other_readers_give_up_are_read(server, written, words):
    server.answers["/feed"] = rss(an_item("a"), an_item("b").replace("Title b", written))
    items, _ = read(a_feed(server))
    assert {" ".join(item.record["text"].split()) for item in items} == {"Title a", words}


@pytest.mark.parametrize("declared", ["us-ascii", "utf-16", "klingon"])
def test_an_encoding_that_is_declared_wrongly_loses_no_words(server, declared):
    server.answers["/feed"] = rss(an_item("a", title="Café open")).replace(b"'utf-8'", f"'{declared}'".encode())
    ((item,), _) = read(a_feed(server))
    assert item.record["text"] == "Café open"


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (
            b"<!DOCTYPE html><html><head><meta charset=utf-8><title>Sign in</title>",
            "not a feed but <html>, a web page",
        ),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', "not a feed but JSON"),
        (b"<opml version='2.0'><body/></opml>", "not a feed but <opml>"),
        (b"   \n", "the answer is empty"),
    ],
)
def test_the_reason_tells_the_true_fault(server, answer, fault):
    server.answers["/feed"] = answer
    with pytest.raises(SourceUnreachable, match=fault):
        read(a_feed(server))
