"""Warnings in the shapes that public services publish, and what the officer reads of each.

The shapes are those of public examples and reports of faults in other readers; the words and places are invented.
"""

import pytest

from ingest.sources.cap import NoAlert, records_of

V12, V11 = "urn:oasis:names:tc:emergency:cap:1.2", "urn:oasis:names:tc:emergency:cap:1.1"


def a_document(about, *infos, namespace=V12):
    inner = "".join(f"<info>{info}</info>" for info in infos)
    head = "<identifier>n1</identifier><sender>s@example</sender><sent>2026-11-20T10:00:00-00:00</sent>"
    return f"<?xml version='1.0'?><alert xmlns='{namespace}'>{head}{about}{inner}</alert>"


ACTUAL = "<status>Actual</status><msgType>Alert</msgType><scope>Public</scope>"

PUBLISHED = {
    "a police force's child abduction alert in CAP 1.1: no language, no end, an area without outline": (
        a_document(
            f"{ACTUAL}<source>SW</source>",
            "<category>Rescue</category><event>Child Abduction</event><urgency>Immediate</urgency>"
            "<severity>Severe</severity><certainty>Likely</certainty><senderName>COUNTY POLICE</senderName>"
            "<headline>AMBER ALERT</headline><description>VEHICLE: 81' SALOON,\nBLUE.</description>"
            "<area><areaDesc>Los Angeles County</areaDesc><geocode><valueName>SAME</valueName><value>006037</value>"
            "</geocode></area>",
            namespace=V11,
        ),
        "Child Abduction: AMBER ALERT. Area: Los Angeles County. Severity: severe. VEHICLE: 81' SALOON, "
        "BLUE. Issued by COUNTY POLICE.",
    ),
    "a tsunami centre's update, whose sender is an address and which names an earlier message": (
        a_document(
            "<status>Actual</status><msgType>Update</msgType><scope>Public</scope>"
            "<references>PAAQ,PAAQ-1,2026-11-20T09:15:00-00:00</references>",
            "<event>Tsunami Warning</event><responseType>Prepare</responseType><urgency>Immediate</urgency>"
            "<severity>Extreme</severity><certainty>Likely</certainty><onset>2026-11-20T10:00:00-00:00</onset>"
            "<expires>2026-11-20T11:00:00-00:00</expires><headline>The Tsunami Warning continues</headline>"
            "<area><areaDesc>Coast from Unimak Pass, Alaska to Amchitka Pass, Alaska</areaDesc></area>",
        ).replace("s@example", "http://tsunami.example/portal/"),
        "Update: The Tsunami Warning continues. Area: Coast from Unimak Pass, Alaska to Amchitka Pass, Alaska. "
        "From 20 Nov 2026, 10:00 until 20 Nov 2026, 11:00. Severity: extreme.\n\n"
        "Replaces the warning of 20 Nov 2026, 09:15.",
    ),
    "Australia's Bureau: urgency, severity and certainty all Unknown": (
        a_document(
            ACTUAL,
            "<language>en-AU</language><event>Thunderstorm</event><urgency>Unknown</urgency>"
            "<severity>Unknown</severity><certainty>Unknown</certainty><effective>2026-11-20T10:00:00+00:00</effective>"
            "<expires>2026-11-20T13:00:00+00:00</expires><headline>Severe Thunderstorm Warning for Hunter</headline>"
            "<description>\n   Damaging winds are likely.  \n </description>"
            "<area><areaDesc>New South Wales: Hunter</areaDesc></area>",
        ),
        "Severe Thunderstorm Warning for Hunter. Area: New South Wales: Hunter. "
        "From 20 Nov 2026, 10:00 until 20 Nov 2026, 13:00. Damaging winds are likely.",
    ),
    "Taiwan's reservoir warning in a namespace that does not exist, in Chinese": (
        a_document(
            ACTUAL,
            "<language>zh-tw</language><event>水庫洩洪</event><severity>Moderate</severity>"
            "<headline>明德水庫:洩洪中</headline><instruction>請沿岸附近民眾注意。</instruction>"
            "<area><areaDesc>苗栗縣頭屋鄉</areaDesc></area>",
            namespace="urn:oasis:names:tc:emergency:alerts:1.2",
        ),
        "水庫洩洪: 明德水庫:洩洪中. Area: 苗栗縣頭屋鄉. Severity: moderate. 請沿岸附近民眾注意。 In Chinese.",
    ),
    "Sweden's bundle: the areas are numbers, the headline names the county, the lines have labels": (
        "<alerts xmlns='"
        + V12
        + "'>"
        + a_document(
            f"{ACTUAL}<code>system_version 3</code>",
            "<language>sv-SE</language><event>heavy snow</event><urgency>Immediate</urgency>"
            "<severity>Moderate</severity><certainty>Likely</certainty><onset>2026-11-20T14:51:46+01:00</onset>"
            "<headline>Örebro län</headline><description>När:Fram till onsdag\nVar:Hela området</description>"
            "<area><areaDesc>038</areaDesc></area>",
        ).partition("?>")[2]
        + "</alerts>",
        "heavy snow: Örebro län. Area: 038. From 20 Nov 2026, 13:51, no end given. Severity: moderate. "
        "När:Fram till onsdag. Var:Hela området. In Swedish.",
    ),
    "Canada's system: empty elements for what does not apply, and no area": (
        a_document(
            f"{ACTUAL}<restriction/><addresses/><note/><references></references><incidents/>",
            "<language>en-CA</language><event>alerte</event><headline>Test of the reader</headline><contact/>",
        ),
        "alerte: Test of the reader.",
    ),
    "the Met Office's regions, which stand in one area with bars between": (
        a_document(
            ACTUAL,
            "<language>en-GB</language><event>Yellow wind warning</event><severity>Moderate</severity>"
            "<headline>Yellow wind warning</headline><onset>2026-11-21T00:00:00+00:00</onset>"
            "<expires>2026-11-21T23:59:59+00:00</expires>"
            "<area><areaDesc>Grampian | North East England</areaDesc></area>",
        ),
        "Yellow wind warning. Area: Grampian | North East England. "
        "From 21 Nov 2026, 00:00 until 21 Nov 2026, 23:59. Severity: moderate.",
    ),
    "the American weather service's paragraphs, broken after every few words": (
        a_document(
            ACTUAL,
            "<language>en-US</language><event>Flood Warning</event><severity>Severe</severity>"
            "<headline>Flood Warning issued November 20 at 4:00AM CST by NWS</headline>"
            "<description>* WHAT...Flooding caused by\nexcessive rainfall.\n\n* WHERE...Dale\nCounty.</description>"
            "<instruction>Turn around, don't drown</instruction><area><areaDesc>Dale; Fell</areaDesc></area>",
        ),
        "Flood Warning issued November 20 at 4:00AM CST by NWS. Area: Dale; Fell. Severity: severe. "
        "* WHAT...Flooding caused by excessive rainfall. * WHERE...Dale County. Turn around, don't drown.",
    ),
    "a European service: green, yellow and red days for one region, in two languages": (
        a_document(
            ACTUAL,
            *(
                f"<language>{language}</language><event>{colour} wind</event><severity>{severity}</severity>"
                f"<onset>2026-11-{day}T00:00:00Z</onset><headline>{colour} wind {day}</headline>"
                "<area><areaDesc>Salzburg</areaDesc></area>"
                for language in ("de-AT", "en-GB")
                for colour, severity, day in (
                    ("Yellow", "Moderate", 21),
                    ("Red", "Extreme", 22),
                    ("Green", "Minor", 23),
                )
            ),
        ),
        "Red wind 22. Area: Salzburg. From 22 Nov 2026, 00:00, no end given. Severity: extreme. Also in German.\n\n"
        "Yellow wind 21. Area: Salzburg. From 21 Nov 2026, 00:00, no end given. Severity: moderate. "
        "Also in German.\n\n"
        "Green wind 23. Area: Salzburg. From 23 Nov 2026, 00:00, no end given. Severity: minor. Also in German.",
    ),
    "an all clear that cancels in so many words, from a system that writes its types in capitals": (
        a_document(
            "<status>ACTUAL</status><msgType>CANCEL</msgType><scope>PUBLIC</scope>"
            "<references>s@example,n0,2026-11-20T09:00:00+00:00\n"
            " s@example,n00,2026-11-20T08:00:00+00:00</references>",
            "<event>Flood</event><urgency>Past</urgency><responseType>ALLCLEAR</responseType>"
            "<headline>Flood warning removed</headline><area><areaDesc>Dale</areaDesc></area>",
        ),
        "Cancelled: Flood warning removed. Area: Dale.\n\n"
        "Ends the warnings of 20 Nov 2026, 09:00 and 20 Nov 2026, 08:00.",
    ),
}


@pytest.mark.parametrize(("document", "read"), PUBLISHED.values(), ids=PUBLISHED.keys())
def test_the_officer_reads(document, read):
    (record,) = records_of(document.encode(), "")
    assert record["text"] == read


def test_entities_that_would_fetch_files_are_refused():
    bomb = "<!DOCTYPE alert PUBLIC '-//A/B/EN' 'http://127.0.0.1/a.dtd' [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
    document = a_document(ACTUAL, "<headline>&x;</headline>").replace("<alert", f"{bomb}<alert", 1)
    with pytest.raises(NoAlert, match="declares a document type"):
        records_of(document.encode(), "")
