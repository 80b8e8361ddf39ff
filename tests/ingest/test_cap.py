"""CAP: what an official warning becomes, and which documents are none."""

from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.normal_form import NormalForm
from ingest.sources.cap import NoAlert, record_of_alert, representative_point
from tests.builders import a_clock
from tests.ingest.feed_documents import LAUGHS, an_alert


def test_a_warning_becomes_plain_sentences_with_a_place():
    record = record_of_alert(an_alert(), "https://weather.example/1.cap")
    assert record == {
        "id": "cap:warnings@weather.example,2.49.0.1.826.1",
        "kind": "alert",
        "created_at": "2026-11-20T10:15:00+00:00",
        "author": "Met Office",
        "text": "Amber warning of rain. Heavy rain will cause flooding. Stay away from rivers. Northgate, Dale. "
        "Valid until 21 Nov 2026, 09:00.",
        "lang": "en-GB",
        "url": "https://weather.example/w/1",
        "latitude": 54.5,
        "longitude": -1.5,
    }
    NormalForm("feeds", b"key").read(record, a_clock())


def test_when_it_ends_is_written_in_british_time():
    info = "<info><event>Heat</event><expires>2026-07-01T21:00:00-00:00</expires></info>"
    assert record_of_alert(an_alert(info=info), "")["text"] == "Heat. Valid until 1 Jul 2026, 22:00."


@pytest.mark.parametrize(("message", "says"), [("Update", "Update: Amber"), ("Cancel", "Cancelled: Amber")])
def test_a_later_word_on_a_warning_quotes_the_newest_it_is_about(message, says):
    references = "a@b,1,2026-11-20T09:00:00+00:00 a@b,2,2026-11-20T10:00:00+00:00 broken"
    record = record_of_alert(an_alert("3", message=message, references=references), "")
    assert (record["quote_of"], record["text"][: len(says)]) == ("cap:a@b,2", says)


@pytest.mark.parametrize(
    "changes",
    [{"status": "Test"}, {"status": "Exercise"}, {"status": "Draft"}, {"scope": "Restricted"}, {"message": "Ack"}],
)
def test_what_is_not_a_real_warning_to_the_public_is_passed_over(changes):
    assert record_of_alert(an_alert(**changes), "") is None


@pytest.mark.parametrize(
    ("area", "point"),
    [
        ("<circle>51.5,-0.1 5.0</circle>", (51.5, -0.1)),
        ("<polygon>nonsense</polygon><circle>51.5,-0.1 5</circle>", (51.5, -0.1)),
        ("<polygon>99,0 99,1 98,1 99,0</polygon>", None),
        ("<polygon>nan,0 1,1 2,2 nan,0</polygon>", None),
        ("<circle>x</circle>", None),
        ("", None),
    ],
)
def test_a_warnings_place_is_where_its_area_says(area, point):
    record = record_of_alert(an_alert(area=area), "")
    assert (record.get("latitude"), record.get("longitude")) == (point or (None, None))


def test_an_area_that_crosses_itself_still_has_a_place():
    latitude, longitude = representative_point(["0,0 10,10 10,0 0,10 0,0"], [])
    assert 0 < latitude < 10
    assert 0 < longitude < 10


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b"", "not XML"),
        (an_alert()[:-3], "not XML"),
        (LAUGHS, "not XML"),
        (b"<alert/>", "not a CAP alert"),
        (an_alert(""), "no id"),
        (an_alert("a b"), "wrong type: id"),
        (an_alert("x" * 600), "wrong type: id"),
        (an_alert(info=" "), "no info"),
        (an_alert().replace(b"2026-11-20T10", b"yesterday"), "wrong type: sent"),
    ],
)
def test_a_document_that_is_no_warning_says_why(document, reason):
    with pytest.raises(NoAlert, match=f"^{reason}$"):
        record_of_alert(document, "")


@settings(max_examples=40)
@given(st.text(), st.text(), st.text())
def test_no_words_in_a_warning_can_break_the_reader(headline, polygon, expires):
    info = "".join(
        f"<{name}>{escape(words)}</{name}>" for name, words in (("headline", headline), ("expires", expires))
    )
    document = an_alert(info=f"<info>{info}<area><polygon>{escape(polygon)}</polygon></area></info>")
    try:
        record = record_of_alert(document, "")
    except NoAlert:
        return
    assert record["kind"] == "alert"
