"""Files of warnings in the forms that public services document, and a table of what an officer reads of each.

`python -m tests.ingest.published_files FILE…` prints the table for these and for further files. The forms are those
of public documentation and published examples; the words, numbers and places are invented.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ingest.source import Upsert
from ingest.sources.archive import Archive

V12 = "urn:oasis:names:tc:emergency:cap:1.2"
ATOM = "http://www.w3.org/2005/Atom"


def an_alert(about: str, *infos: str, sender: str, identifier: str, sent: str, namespace: str = V12) -> str:
    inner = "".join(f"<info>{info}</info>" for info in infos)
    head = f"<identifier>{identifier}</identifier><sender>{sender}</sender><sent>{sent}</sent>"
    return f'<alert xmlns="{namespace}">{head}{about}{inner}</alert>'


ACTUAL = "<status>Actual</status><msgType>Alert</msgType><scope>Public</scope>"
EA = {"sender": "www.gov.uk/environment-agency", "sent": "2026-02-16T23:01:13-00:00"}
_FLOOD = (
    "<language>en-GB</language><category>Met</category><event><![CDATA[053 Issue Severe Flood Warning EA]]></event>"
    "<urgency>Immediate</urgency><severity>Severe</severity><certainty>Likely</certainty>"
    "<expires>2026-02-26T23:01:14-00:00</expires><senderName>Environment Agency</senderName>"
    "<headline>Severe flood warning</headline><description><![CDATA[River levels on the Dale are rising. Flooding of "
    "homes is expected.]]></description><instruction>Move to a place of safety.</instruction><area><areaDesc>River "
    "Dale at Dalebridge</areaDesc><polygon>53.10,0.24 53.10,0.26 53.08,0.26 53.10,0.24</polygon></area>"
)
_NWS = (
    "<language>en-US</language><category>Met</category><event>Tornado Warning</event><responseType>Shelter"
    "</responseType><urgency>Immediate</urgency><severity>Extreme</severity><certainty>Observed</certainty><eventCode>"
    "<valueName>SAME</valueName><value>TOR</value></eventCode><effective>2026-05-03T18:05:00-05:00</effective>"
    "<expires>2026-05-03T18:45:00-05:00</expires><senderName>NWS Northgate KS</senderName><headline>Tornado Warning "
    "issued May 3 at 6:05PM CDT</headline><description>At 605 PM CDT, a tornado was located\nnear Eastgate.\n\n"
    "HAZARD...Damaging tornado.\n\nSOURCE...Radar.</description><instruction>TAKE COVER NOW!</instruction>"
    "<parameter><valueName>VTEC</valueName><value>/O.NEW.KXXX.TO.W.0042.260503T2305Z-260503T2345Z/</value></parameter>"
    "<area><areaDesc>Dale, KS; Hill, KS</areaDesc><geocode><valueName>UGC</valueName><value>KSC001</value></geocode>"
    "</area>"
)


def _european(language: str, event: str, description: str, level: str, area: str) -> str:
    return (
        f"<language>{language}</language><category>Met</category><event>{event}</event><responseType>Monitor"
        "</responseType><urgency>Future</urgency><severity>Severe</severity><certainty>Likely</certainty>"
        "<effective>2026-01-10T08:00:00+01:00</effective><onset>2026-01-11T00:00:00+01:00</onset>"
        "<expires>2026-01-11T18:00:00+01:00</expires><senderName>Weather Service</senderName>"
        f"<description>{description}</description><parameter><valueName>awareness_level</valueName><value>{level}"
        f"</value></parameter><area><areaDesc>{area}</areaDesc><geocode><valueName>EMMA_ID</valueName>"
        "<value>XX001</value></geocode></area>"
    )


def _canadian(language: str, event: str, headline: str, area: str) -> str:
    return (
        f"<language>{language}</language><category>Met</category><event>{event}</event><responseType>Monitor"
        "</responseType><urgency>Expected</urgency><severity>Moderate</severity><certainty>Likely</certainty>"
        "<effective>2026-11-01T05:30:00-00:00</effective><expires>2026-11-01T21:30:00-00:00</expires>"
        f"<senderName>Environment Canada</senderName><headline>{headline}</headline><parameter><valueName>"
        "layer:EC-MSC-SMC:1.0:Alert_Type</valueName><value>warning</value></parameter>"
        f"<area><areaDesc>{area}</areaDesc><geocode><valueName>layer:EC-MSC-SMC:1.0:CLC</valueName>"
        "<value>014100</value></geocode></area>"
    )


_SNOW = (
    "<language>en-GB</language><category>Met</category><event>Amber snow and ice warning</event><urgency>Expected"
    "</urgency><severity>Severe</severity><certainty>Possible</certainty><onset>2026-10-25T00:30:00+00:00</onset>"
    "<expires>2026-10-25T01:30:00+00:00</expires><senderName>UK Met Office</senderName><headline>Snow and ice on "
    "hills</headline><description>&lt;p&gt;Up to 10 cm of snow above 200&amp;nbsp;m.&lt;/p&gt;</description>"
    "<area><areaDesc>North Dale | South Dale</areaDesc></area>"
)
_RED = an_alert(
    ACTUAL, _SNOW, sender="warnings@met.example", identifier="2.49.0.0.826.0.1", sent="2026-10-24T20:00:00+01:00"
)

# The name of each file → its content as text, or as the bytes of an encoding, and what has to be read of it.
FILES: dict[str, tuple[str | bytes, tuple[str, ...]]] = {
    "environment_agency.cap": (
        an_alert(ACTUAL, _FLOOD, identifier="ea1", **EA),
        (
            "053 Issue Severe Flood Warning EA: Severe flood warning. Area: River Dale at Dalebridge. Until 26 Feb "
            "2026, 23:01. Severity: severe. River levels on the Dale are rising. Flooding of homes is expected. Move "
            "to a place of safety. Issued by Environment Agency.",
        ),
    ),
    "environment_agency_cancel.xml": (
        an_alert(
            "<status>Actual</status><msgType>Cancel</msgType><scope>Public</scope><references>"
            "www.gov.uk/environment-agency,ea1,2026-02-16T23:01:13-00:00</references>",
            _FLOOD.replace("Issue Severe", "Remove Severe"),
            sender=EA["sender"],
            identifier="ea2",
            sent="2026-02-17T09:00:00-00:00",
        ),
        ("Cancelled: 053 Remove Severe Flood Warning EA", "Ends the warning of 16 Feb 2026, 23:01."),
    ),
    "met_office_clock_change.cap": (
        _RED,
        ("Area: North Dale | South Dale. From 25 Oct 2026, 01:30 BST until 25 Oct 2026, 01:30 GMT.", "200 m."),
    ),
    "met_office_utf16.xml": (
        f'<?xml version="1.0" encoding="UTF-16"?>{_RED}'.encode("utf-16"),
        ("Amber snow and ice warning: Snow and ice on hills.",),
    ),
    "nws.cap": (
        an_alert(
            ACTUAL, _NWS, sender="w-nws@weather.example", identifier="urn:oid:1", sent="2026-05-03T18:05:00-05:00"
        ),
        (
            "Tornado Warning issued May 3 at 6:05PM CDT. Area: Dale, KS; Hill, KS. From 4 May 2026, 00:05 until",
            "TAKE COVER NOW! Issued by NWS Northgate KS.",
        ),
    ),
    "nws_active.atom": (
        f'<feed xmlns="{ATOM}" xmlns:cap="{V12}"><id>https://api.weather.example/alerts/active.atom</id>'
        '<link rel="self" href="https://api.weather.example/alerts/active.atom"/><title>Current alerts</title>'
        "<updated>2026-05-03T23:10:00+00:00</updated><entry><id>https://api.weather.example/alerts/urn:oid:2</id>"
        '<link rel="alternate" href="https://api.weather.example/alerts/urn:oid:2"/><updated>2026-05-03T18:05:00-05:00'
        "</updated><published>2026-05-03T18:05:00-05:00</published><title>Flood Watch issued May 3</title><summary>"
        "* WHAT...Flooding is possible.\n* WHERE...Dale.</summary><cap:event>Flood Watch</cap:event><cap:onset>"
        "2026-05-03T20:00:00-05:00</cap:onset><cap:expires>2026-05-04T07:00:00-05:00</cap:expires><cap:status>Actual"
        "</cap:status><cap:msgType>Update</cap:msgType><cap:severity>Severe</cap:severity><cap:areaDesc>Dale, KS"
        "</cap:areaDesc><cap:geocode><valueName>UGC</valueName><value>KSC001</value></cap:geocode></entry></feed>",
        (
            "Update: Flood Watch issued May 3. Area: Dale, KS. From 4 May 2026, 02:00 until 4 May 2026, 13:00. "
            "Severity: severe. * WHAT...Flooding is possible.",
        ),
    ),
    "meteoalarm.xml": (
        an_alert(
            ACTUAL,
            _european("fr-FR", "Vigilance orange neige", "Chutes de neige.", "3; orange; Severe", "Nord"),
            _european("en-GB", "Orange snow warning", "Heavy snow.", "3; orange; Severe", "Nord"),
            sender="vigilance@meteo.example",
            identifier="2.49.0.0.250.0.1",
            sent="2026-01-10T08:00:00+01:00",
        ),
        ("Orange snow warning. Area: Nord. From 10 Jan 2026, 23:00 until 11 Jan 2026, 17:00.", "Also in French."),
    ),
    "meteoalarm_bundle.xml": (
        f'<alerts xmlns="{V12}">'
        + "".join(
            an_alert(
                ACTUAL,
                _european("en", f"{colour} wind warning", "Gales.", level, county),
                sender="smhi@example",
                identifier=f"se-{county}",
                sent="2026-01-10T08:00:00+01:00",
            ).replace(f' xmlns="{V12}"', "")
            for colour, level, county in (("Yellow", "2; yellow", "Skåne"), ("Red", "4; red", "Halland"))
        )
        + "</alerts>",
        ("Yellow wind warning. Area: Skåne.", "Red wind warning. Area: Halland."),
    ),
    "environment_canada.cap": (
        an_alert(
            "<status>Actual</status><msgType>Update</msgType><scope>Public</scope><references>"
            "cap@ec.example,ec-1,2026-11-01T01:00:00-00:00 cap@ec.example,ec-0,2026-10-31T23:00:00-00:00"
            "</references>",
            _canadian("en-CA", "wind", "wind warning in effect", "Windsor"),
            _canadian("en-CA", "wind", "wind warning ended", "Chatham")
            .replace("<urgency>Expected", "<urgency>Past")
            .replace("Monitor", "AllClear"),
            _canadian("fr-CA", "vent", "avertissement de vent en vigueur", "Windsor"),
            sender="cap@ec.example",
            identifier="ec-2",
            sent="2026-11-01T05:30:00-00:00",
        ),
        (
            "Update: wind warning in effect. Area: Windsor.",
            "All clear: wind warning ended. Area: Chatham.",
            "Also in French.",
            "Replaces the warnings of 1 Nov 2026, 01:00 and 31 Oct 2026, 23:00.",
        ),
    ),
    "canada_heartbeat.xml": (
        an_alert(
            "<status>System</status><msgType>Alert</msgType><scope>Public</scope><references>"
            "cap@ec.example,ec-1,2026-11-01T01:00:00-00:00</references>",
            sender="NAADS-Heartbeat",
            identifier="hb-1",
            sent="2026-11-01T05:30:00-00:00",
        ),
        ("(not kept: not a readable CAP alert (no info))",),
    ),
    "ipaws_exercise.xml": (
        '<EDXLDistribution xmlns="urn:oasis:names:tc:emergency:EDXL:DE:1.0"><distributionID>1</distributionID>'
        "<distributionStatus>Exercise</distributionStatus><contentObject><xmlContent><embeddedXMLContent>"
        + an_alert(ACTUAL, _NWS, sender="ipaws@example", identifier="x1", sent="2026-05-03T18:05:00-05:00")
        + "</embeddedXMLContent></xmlContent></contentObject></EDXLDistribution>",
        ("EXERCISE, not a real warning. Tornado Warning issued May 3",),
    ),
    "restricted.cap": (
        an_alert(
            ACTUAL.replace("Public", "Restricted"), _FLOOD, sender="a@b.example", identifier="r1", sent=EA["sent"]
        ),
        ("(not kept: not for the public (scope Restricted), so not kept)",),
    ),
    "feed_with_whole_alerts.atom": (
        f'<feed xmlns="{ATOM}"><title>Alerts</title><id>x</id><updated>2026-02-16T23:01:13Z</updated>'
        "<entry><id>e1</id><title>Severe flood warning</title><updated>2026-02-16T23:01:13Z</updated>"
        f'<content type="text/xml">{an_alert(ACTUAL, _FLOOD, identifier="ea9", **EA)}</content></entry></feed>',
        ("053 Issue Severe Flood Warning EA: Severe flood warning. Area: River Dale at Dalebridge.",),
    ),
    "bare_ampersand.cap": (
        an_alert(ACTUAL, _FLOOD.replace("Dalebridge", "Dale & Hill"), identifier="ea10", **EA),
        ("Area: River Dale at Dale & Hill.",),
    ),
    "cut_off.cap": (
        an_alert(ACTUAL, _FLOOD, identifier="ea11", **EA)[:600],
        ("(not kept: not a readable CAP alert (not well-formed XML",),
    ),
    "error_page.xml": (
        "<!DOCTYPE html><html><body>503 Service Unavailable</body></html>",
        ("(not kept: no warning and no feed: not a feed but <html>, a web page)",),
    ),
}


def written(folder: Path) -> dict[str, Path]:
    """These files, written into a folder."""
    for name, (content, _) in FILES.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return {name: folder / name for name in FILES}


def read_of(path: Path) -> Iterator[str]:
    """What an officer reads of a file: the text of each warning, or why it is not kept."""
    for batch in Archive([path]).batches(None):
        for item in batch.items:
            yield item.record["text"] if isinstance(item, Upsert) else f"(not kept: {item.reason})"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        for path in [*map(Path, sys.argv[1:]), *written(Path(name)).values()]:
            sys.stdout.write("\n\n".join([f"## {path.name}", *read_of(path), ""]) + "\n")
