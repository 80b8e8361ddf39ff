"""What tests of feeds are fed: documents in the shapes that publishers and weather services send, and a reader."""

from xml.sax.saxutils import escape

from ingest.net.http import Http
from ingest.sources.feeds import Feed, FeedTable
from tests.builders import a_clock


def a_feed(server, *, kind="article", clock=None, cap_hosts=(), path="/feed", **limits):
    clock = clock or a_clock()
    table = FeedTable(name="Northgate news", url=server.url(path), kind=kind)
    return Feed(table, clock, every_seconds=0.1, cap_hosts=list(cap_hosts), http=Http(clock, **limits))


def read(feed, cursor=None):
    """Every item of one poll, and the cursor to go on from."""
    batches = list(feed.batches(cursor))
    return [item for batch in batches for item in batch.items], batches[-1].cursor


def texts(items):
    return [item.record["text"] for item in items]


def an_item(name, *, title=None, summary="", published="Fri, 20 Nov 2026 11:30:00 GMT", more=""):
    return (
        f"<item><guid isPermaLink='false'>{name}</guid><title>{escape(title or f'Title {name}')}</title>"
        f"<link>https://news.example/{name}</link><description>{escape(summary)}</description>"
        f"<pubDate>{published}</pubDate>{more}</item>"
    )


def rss(*items):
    return (
        "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>Northgate News</title>"
        f"<language>en-gb</language>{''.join(items)}</channel></rss>"
    ).encode()


def an_entry(name, more="", *, title="Flood warning", updated="2026-11-20T11:30:00Z"):
    return (
        f"<entry><id>urn:{name}</id><title>{title}</title><updated>{updated}</updated>"
        f"<summary>River rising</summary>{more}</entry>"
    )


def a_cap_link(address):
    return f"<link rel='alternate' type='application/cap+xml' href='{address}'/>"


def atom(*entries):
    return (
        "<?xml version='1.0' encoding='utf-8'?><feed xmlns='http://www.w3.org/2005/Atom' "
        "xmlns:cap='urn:oasis:names:tc:emergency:cap:1.2'><id>urn:f</id><title>Warnings</title>"
        f"<updated>2026-11-20T11:30:00Z</updated>{''.join(entries)}</feed>"
    ).encode()


SQUARE = "54.0,-2.0 54.0,-1.0 55.0,-1.0 55.0,-2.0 54.0,-2.0"


def an_alert(
    identifier="2.49.0.1.826.1",
    *,
    message="Alert",
    status="Actual",
    scope="Public",
    references="",
    info=None,
    area=None,
):
    area = f"<polygon>{SQUARE}</polygon>" if area is None else area
    info = info or (
        "<info><language>cy-GB</language><event>Llifogydd</event><headline>Rhybudd</headline></info>"
        "<info><language>en-GB</language><category>Met</category><event>Rain</event><urgency>Expected</urgency>"
        "<severity>Severe</severity><certainty>Likely</certainty><expires>2026-11-21T09:00:00+00:00</expires>"
        "<senderName>Met Office</senderName><headline>Amber warning of rain</headline>"
        "<description>Heavy rain\n   will cause flooding.</description>"
        "<instruction>Stay away from rivers</instruction>"
        f"<web>https://weather.example/w/1</web><area><areaDesc>Northgate</areaDesc>{area}</area>"
        "<area><areaDesc>Dale</areaDesc></area></info>"
    )
    refs = f"<references>{references}</references>" if references else ""
    return (
        "<?xml version='1.0' encoding='UTF-8'?><alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'>"
        f"<identifier>{identifier}</identifier><sender>warnings@weather.example</sender>"
        f"<sent>2026-11-20T10:15:00+00:00</sent><status>{status}</status><msgType>{message}</msgType>"
        f"<scope>{scope}</scope>{refs}{info}</alert>"
    ).encode()


def a_part(headline="Flood warning", *, language="en-GB", area="Northgate", severity="Severe", more=""):
    """One `info` of a warning; `area` is a name, or the elements of an area."""
    area = area if area.startswith("<") else f"<areaDesc>{area}</areaDesc>"
    return (
        f"<info><language>{language}</language><event>Flood</event><urgency>Expected</urgency>"
        f"<severity>{severity}</severity><certainty>Likely</certainty><headline>{headline}</headline>{more}"
        f"<area>{area}</area></info>"
    )


LAUGHS = (
    b"<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a 'ha'>"
    + b"".join(b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><rss version='2.0'><channel><title>&j;</title></channel></rss>"
)
