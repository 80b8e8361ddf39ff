"""CAP: what an official warning becomes, and which documents are none."""

import re
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.normal_form import NormalForm
from ingest.sources.cap import NoAlert, NotForThePublic, records_of
from ingest.sources.cap_areas import outlines_of, representative_point
from tests.builders import a_clock
from tests.ingest.feed_documents import LAUGHS, a_part, an_alert


def record_of(document, url=""):
    (record,) = records_of(document, url)
    if isinstance(record, NoAlert):
        raise record
    return record


def text_of(*parts, **changes):
    return record_of(an_alert(info="".join(parts) or None, **changes))["text"]


def test_a_warning_becomes_plain_sentences_with_a_place():
    record = record_of(an_alert(), "https://weather.example/1.cap")
    assert record == {
        "id": "cap:warnings@weather.example,2.49.0.1.826.1",
        "kind": "alert",
        "created_at": "2026-11-20T10:15:00+00:00",
        "author": "Met Office",
        "text": "Amber warning of rain. Area: Northgate, Dale. Until 21 Nov 2026, 09:00. Severity: severe. "
        "Heavy rain will cause flooding. Stay away from rivers. Also in Welsh. Issued by Met Office.",
        "lang": "en-GB",
        "url": "https://weather.example/w/1",
        "latitude": 54.5,
        "longitude": -1.5,
        "outlines": [[[54.0, -2.0], [54.0, -1.0], [55.0, -1.0], [55.0, -2.0], [54.0, -2.0]]],
    }
    NormalForm("feeds", b"key").read(record, a_clock())


# Its parts


def test_the_gravest_part_comes_first_and_each_has_its_area_and_times():
    yellow = a_part(
        "Yellow rain warning", severity="Moderate", area="Northshire", more="<expires>2026-11-20T15:00:00Z</expires>"
    )
    red = a_part("RED rain warning", severity="Extreme", area="Dale", more="<expires>2026-11-20T23:00:00Z</expires>")
    assert text_of(yellow, red) == (
        "Flood: RED rain warning. Area: Dale. Until 20 Nov 2026, 23:00. Severity: extreme.\n\n"
        "Flood: Yellow rain warning. Area: Northshire. Until 20 Nov 2026, 15:00. Severity: moderate."
    )


def test_the_place_is_where_the_gravest_part_is():
    minor = a_part(severity="Minor", area="<circle>50,-4 0</circle>")
    extreme = a_part(severity="Extreme", area="<circle>55,-2 0</circle>")
    record = record_of(an_alert(info=minor + extreme))
    assert (record["latitude"], record["longitude"]) == (55, -2)


def test_of_one_warning_in_two_languages_the_english_is_kept_and_the_other_named():
    welsh = a_part("Rhybudd llifogydd", language="cy-GB")
    assert text_of(welsh, a_part()) == ("Flood warning. Area: Northgate. Severity: severe. Also in Welsh.")


def test_areas_named_in_two_languages_are_one_where_the_map_says_so():
    square = "<areaDesc>{}</areaDesc><polygon>54,-2 54,-1 55,-1 54,-2</polygon>"
    french = a_part("Orages", language="fr-CA", area=square.format("parc Rondeau"))
    english = a_part("Thunderstorms: flood", language="en-CA", area=square.format("Rondeau Park"))
    assert text_of(french, english).endswith("Area: Rondeau Park. Severity: severe. Also in French.")


def test_what_only_another_language_says_is_kept():
    welsh = a_part("Rhybudd coch", language="cy-GB", severity="Extreme", area="Dyffryn")
    assert text_of(a_part(), welsh) == (
        "Flood: Rhybudd coch. Area: Dyffryn. Severity: extreme. In Welsh.\n\n"
        "Flood warning. Area: Northgate. Severity: severe."
    )


def test_parts_that_differ_only_in_their_areas_are_one_with_all_areas():
    assert text_of(a_part(area="Dale"), a_part(area="Fell")) == ("Flood warning. Area: Dale, Fell. Severity: severe.")


def test_every_area_is_named():
    areas = "</area><area>".join(f"<areaDesc>District {n}</areaDesc>" for n in range(3))
    assert "Area: District 0, District 1, District 2." in text_of(a_part(area=areas))


# Its times


@pytest.mark.parametrize(
    ("times", "says"),
    [
        (
            {"onset": "2026-07-01T18:00:00+00:00", "expires": "2026-07-02T10:00:00-00:00"},
            "From 1 Jul 2026, 19:00 until 2 Jul 2026, 11:00.",
        ),
        (
            {"effective": "2026-11-20T18:00:00Z", "expires": "2026-11-20T23:00:00Z"},
            "From 20 Nov 2026, 18:00 until 20 Nov 2026, 23:00.",
        ),
        (
            {"effective": "2026-11-20T09:00:00Z", "onset": "2026-11-20T18:00:00Z"},
            "From 20 Nov 2026, 18:00, no end given.",
        ),
        ({"expires": "2026-11-20T23:00:00Z"}, "Until 20 Nov 2026, 23:00."),
        ({"expires": "2026-11-20T23:00:00"}, "Until 20 Nov 2026, 23:00."),
        ({"expires": "until further notice"}, "Until “until further notice”."),
        (
            {"onset": "2026-10-25T00:30:00Z", "expires": "2026-10-25T01:30:00Z"},
            "From 25 Oct 2026, 01:30 BST until 25 Oct 2026, 01:30 GMT.",
        ),
    ],
)
def test_when_it_holds_is_told_in_british_time(times, says):
    more = "".join(f"<{name}>{value}</{name}>" for name, value in times.items())
    assert f" {says} " in text_of(a_part(more=more))


# In force, over, cancelled, or never real


@pytest.mark.parametrize(
    ("message", "says"),
    [
        ("Update", "Update: Amber"),
        ("UPDATE", "Update: Amber"),
        ("Cancel", "Cancelled: Amber"),
        ("cancelled", "Cancelled: Amber"),
        ("Error", "Withdrawn as an error: Amber"),
        ("Extension", "Message of the type “extension”: Amber"),
    ],
)
def test_a_later_word_on_a_warning_says_what_it_is_and_quotes_the_newest_it_is_about(message, says):
    references = "a@b,1,2026-11-20T09:00:00+00:00 a@b,2,2026-11-20T10:00:00+00:00 broken"
    record = record_of(an_alert("3", message=message, references=references))
    assert (record["quote_of"], record["text"][: len(says)]) == ("cap:a@b,2", says)


@pytest.mark.parametrize(("message", "verb"), [("Update", "Replaces"), ("Cancel", "Ends"), ("Error", "Withdraws")])
def test_it_tells_which_warnings_it_replaces_or_ends(message, verb):
    references = "a@b,1,2026-11-20T09:00:00+00:00 a@b,2,2026-11-20T10:00:00+00:00"
    text = text_of(message=message, references=references)
    assert text.endswith(f"{verb} the warnings of 20 Nov 2026, 10:00 and 20 Nov 2026, 09:00.")


def test_a_cancellation_without_words_is_still_told():
    """In the shape of what a public alerting system sent: no `info`, and a signature that has one of its own."""
    signature = "<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'><SignedInfo><info/></SignedInfo></Signature>"
    document = an_alert("2", message="Cancel", references="a@b,1,2026-11-20T09:00:00Z", info=signature)
    assert record_of(document)["text"] == (
        "Cancelled: No words are given.\n\nEnds the warning of 20 Nov 2026, 09:00."
    )


@pytest.mark.parametrize(
    ("passed", "says"),
    [
        ("<responseType>AllClear</responseType>", "All clear: "),
        ("<responseType>Monitor</responseType><responseType>All Clear</responseType>", "All clear: "),
        ("<urgency>Past</urgency>", "Over: "),
    ],
)
@pytest.mark.parametrize("message", ["Alert", "Update"])
def test_what_has_passed_is_not_told_as_in_force(passed, says, message):
    part = a_part(more=f"{passed}<expires>2026-11-20T23:00:00Z</expires>").replace("<urgency>Expected</urgency>", "")
    text = text_of(part, message=message)
    assert text.startswith(f"{says}Flood warning. Area: Northgate. Times in the notice: until 20 Nov 2026, 23:00.")


def test_what_is_over_comes_after_what_is_in_force():
    over = a_part("Flood over", severity="Extreme", more="<responseType>AllClear</responseType>")
    minor = a_part("Flood alert", severity="Minor", area="Dale")
    assert text_of(over, minor).startswith("Flood alert.")


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("Test", "TEST, not a real warning. "),
        ("exercise", "EXERCISE, not a real warning. "),
        ("Draft", "DRAFT, not issued. "),
        ("System", "SYSTEM MESSAGE, not a warning. "),
        ("Preview", "STATUS “preview”, not told to be real. "),
    ],
)
def test_what_was_never_real_is_told_as_such(status, says):
    assert text_of(a_part(), status=status).startswith(f"{says}Flood warning.")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"scope": "Restricted"}, "not for the public (scope Restricted), so not kept"),
        ({"scope": "Private"}, "not for the public (scope Private), so not kept"),
        ({"message": "Ack"}, "acknowledges another message (type Ack), so not kept"),
    ],
)
def test_what_is_not_for_the_public_is_not_kept_and_says_why(changes, reason):
    with pytest.raises(NotForThePublic, match=f"^{re.escape(reason)}$"):
        record_of(an_alert(**changes))


# Its words


def test_markup_and_entities_are_cleaned():
    words = escape(
        "<p>River&nbsp;rising</p>STATUS: Out of control<br />SIZE: 0 ha &amp; growing &lt;b&gt;fast&lt;/b&gt;"
    )
    assert "River rising. STATUS: Out of control. SIZE: 0 ha & growing fast." in text_of(
        a_part(more=f"<description>{words}</description>")
    )


def test_lines_that_a_service_broke_are_one_sentence_and_labels_begin_new_ones():
    words = "Heavy rain is\nexpected below <2 m\n\nLeave now.\nLOCATION: Bridge Street\nSIZE: 4"
    text = text_of(a_part(more=f"<description>{escape(words)}</description>"))
    assert "Heavy rain is expected below <2 m. Leave now. LOCATION: Bridge Street. SIZE: 4." in text


def test_an_instruction_that_is_none_is_left_out():
    assert "Applicable" not in text_of(a_part(more="<instruction>Not Applicable</instruction>"))


def test_more_than_can_be_shown_is_told():
    parts = [a_part(f"Flood {n}", area=f"District {n}") for n in range(25)]
    assert text_of(*parts).endswith("And 5 further parts at the source.")


# How it is written


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.incident.com/cap/1.0",
        "urn:oasis:names:tc:emergency:cap:1.0",
        "urn:oasis:names:tc:emergency:cap:1.1",
        "urn:oasis:names:tc:emergency:alerts:1.2",
        "",
    ],
)
def test_every_version_and_a_wrong_namespace_is_read(namespace):
    document = an_alert().replace(b"urn:oasis:names:tc:emergency:cap:1.2", namespace.encode())
    assert record_of(document) == record_of(an_alert())


def test_names_may_have_a_prefix_and_be_spelt_otherwise():
    plain = an_alert(message="Cancel").decode()
    prefixed = re.sub(r"<(/?)([a-zA-Z]+)", r"<\1c:\2", plain.partition("?>")[2]).replace("xmlns=", "xmlns:c=")
    spelt = prefixed.replace("c:msgType", "c:Message_Type").replace("c:areaDesc", "c:area-desc")
    assert record_of(spelt.encode())["text"] == record_of(plain.encode())["text"]


def test_a_bundle_gives_every_warning_or_why_it_is_none():
    one, two = (an_alert(name, info=a_part()).partition(b"?>")[2] for name in ("1", "2"))
    broken = an_alert("").partition(b"?>")[2]
    found = records_of(b"<alerts>" + one + broken + two + b"</alerts>", "")
    assert [one if isinstance(one, NoAlert) else one["id"].rpartition(",")[2] for one in found][::2] == ["1", "2"]
    assert str(found[1]) == "no id"


@pytest.mark.parametrize("as_text", [False, True])
def test_an_edxl_message_is_unwrapped(as_text):
    inner = an_alert(info=a_part()).decode()
    carried = escape(inner) if as_text else inner.partition("?>")[2]
    wrapper = (
        "<de:EDXLDistribution xmlns:de='urn:oasis:names:tc:emergency:EDXL:DE:1.0'>"
        "<de:distributionStatus>{}</de:distributionStatus><de:contentObject><de:xmlContent><de:embeddedXMLContent>"
        f"{carried}</de:embeddedXMLContent></de:xmlContent></de:contentObject></de:EDXLDistribution>"
    )
    assert record_of(wrapper.format("Actual").encode()) == record_of(inner.encode())
    assert record_of(wrapper.format("Exercise").encode())["text"].startswith("EXERCISE, not a real warning. ")


def test_a_bare_ampersand_or_an_entity_of_html_hides_no_warning():
    document = an_alert(info=a_part("Flood at Marks & Spencer&nbsp;&rsquo;s car park\x07 &unknown;"))
    assert record_of(document)["text"].startswith("Flood at Marks & Spencer ’s car park &unknown; Area")


def test_marks_that_an_id_may_not_hold_are_replaced():
    document = an_alert("a b,c").replace(b"warnings@weather.example", b"Flood Centre")
    assert record_of(document)["id"] == "cap:Flood_Centre,a_b_c"


# Where it is


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
    record = record_of(an_alert(area=area))
    found = (record.get("latitude"), record.get("longitude"))
    assert found == (pytest.approx(point) if point else (None, None))


def test_an_area_that_crosses_itself_still_has_a_place():
    (outline,) = outlines_of(["0,0 10,10 10,0 0,10 0,0"], [])
    latitude, longitude = representative_point(outline)
    assert 0 < latitude < 10
    assert 0 < longitude < 10


# What is none


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b"", "not well-formed XML (line 1: no element found)"),
        (an_alert()[:-3], "not well-formed XML (line 2: unclosed token)"),
        (LAUGHS, "declares a document type or entities, so it is not read"),
        (b"<a>" * 200 + b"</a>" * 200, "nested more than 100 deep, so it is not read"),
        (b"<alert/>", "not a CAP alert"),
        (b"<html/>", "not a CAP alert"),
        (an_alert(""), "no id"),
        (an_alert("x" * 600), "wrong type: id"),
        (an_alert(info=" "), "no info"),
        (an_alert().replace(b"2026-11-20T10", b"yesterday"), "wrong type: sent"),
    ],
)
def test_a_document_that_is_no_warning_says_why(document, reason):
    with pytest.raises(NoAlert, match=f"^{re.escape(reason)}$"):
        record_of(document)


@settings(max_examples=40)
@given(st.text(), st.text(), st.text())
def test_no_words_in_a_warning_can_break_the_reader(headline, polygon, expires):
    info = "".join(
        f"<{name}>{escape(words)}</{name}>" for name, words in (("headline", headline), ("expires", expires))
    )
    document = an_alert(info=f"<info>{info}<area><polygon>{escape(polygon)}</polygon></area></info>")
    try:
        record = record_of(document)
    except NoAlert:
        return
    assert record["kind"] == "alert"
