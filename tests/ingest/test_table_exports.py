"""Exports known by their columns. The headers are those that the tools or their users have published."""

import pytest

from ingest.sources.archive import Archive
from tests.ingest.archives import items_of, records_of

TWARC = (
    "id,conversation_id,referenced_tweets.replied_to.id,referenced_tweets.retweeted.id,referenced_tweets.quoted.id,"
    "author_id,created_at,text,lang,public_metrics.retweet_count,edit_history_tweet_ids,author.username,"
    "author.public_metrics.followers_count"
)
COMMUNALYTIC = "tweet_id,date,text,name,username,userid,language,quote_count,retweet_count,reply_count,like_count"
BRANDWATCH = (
    "Query Id,Query Name,Date,Title,Snippet,Url,Domain,Page Type,Language,Author,Full Text,Latitude,Longitude,"
    "Resource Id,Thread Id,Twitter Followers,Twitter Reply to,Twitter Retweet of,Twitter Retweets"
)
MELTWATER = (
    "Date\tHeadline\tURL\tOpening Text\tHit Sentence\tSource\tInfluencer\tLanguage\tInput Name\tTweet Id\t"
    "Twitter Screen Name\tTwitter Followers\tAlternate Date Format\tTime"
)
JUNKIPEDIA = "PostId,PostUrl,PostEngagement,ChannelID,Platform,ChannelName,post_body_text,published_at"


def read(tmp_path, *lines: str, encoding: str = "utf-8") -> tuple[list[dict], list[str]]:
    (tmp_path / "export.csv").write_bytes("\n".join(lines).encode(encoding))
    archive = Archive([tmp_path / "export.csv"])
    return records_of(archive), archive.told


def test_twarc_csv(tmp_path):
    (record,), _ = read(
        tmp_path,
        TWARC,
        "1500000000000000002,1500000000000000001,,1500000000000000001,,80,2026-11-20T09:05:00.000Z,"
        "RT @u1: The dam…,en,9,['1500000000000000002'],r0,50",
    )
    assert record == {
        "id": "twitter:1500000000000000002",
        "created_at": "2026-11-20T09:05:00.000Z",
        "author": "r0",
        "author_followers": 50,
        "text": "RT @u1: The dam…",
        "lang": "en",
        "root": "twitter:1500000000000000001",
        "repost_of": "twitter:1500000000000000001",
    }


def test_communalytic(tmp_path):
    (record,), _ = read(
        tmp_path,
        COMMUNALYTIC,
        "1612222617355698177,2023-01-08T23:00:00.000Z,The road is closed,CBC News,CBCNews,6433472,en,3,20,26,97",
    )
    assert record == {
        "id": "twitter:1612222617355698177",
        "created_at": "2023-01-08T23:00:00.000Z",
        "author": "CBCNews",
        "text": "The road is closed",
        "lang": "en",
        "reposts": 20,
    }


def test_brandwatch_with_its_lines_about_the_query(tmp_path):
    (record,), told = read(
        tmp_path,
        'Report:,"Bulk Mentions Download"',
        "Brand:,Flood",
        "From:,Fri Nov 20 00:00:00 GMT 2026",
        "To:,Sat Nov 21 00:00:00 GMT 2026",
        "Label:,",
        "",
        BRANDWATCH,
        "1,flood,2026-07-20 09:00:00.0,,RT The dam,http://twitter.com/bob/statuses/1500000000000000002,twitter.com,"
        "twitter,en,bob,RT @ann: The dam has burst,,,77,,120,,http://twitter.com/ann/statuses/1500000000000000001,4",
    )
    assert record == {
        "id": "twitter:1500000000000000002",
        "created_at": "2026-07-20T08:00:00Z",
        "author": "bob",
        "author_followers": 120,
        "text": "RT @ann: The dam has burst",
        "lang": "en",
        "repost_of": "twitter:1500000000000000001",
        "url": "http://twitter.com/bob/statuses/1500000000000000002",
    }
    assert "export.csv: lines above the header, not read: 5" in told


def test_meltwater_in_utf_16_with_tabs(tmp_path):
    records, _ = read(
        tmp_path,
        MELTWATER,
        "20-Nov-2026 09:05AM\t\thttps://twitter.com/bob/status/1500000000000000002\t\tThe dam has burst\tTwitter\t"
        "bob\tEnglish\tflood\t1500000000000000002\t@bob\t120\t20-Nov-26\t9:05 AM",
        "20-Nov-2026 10:00AM\tDam holds\thttps://example.org/dam\tIt holds.\t\tExample News\t\tEnglish\tflood\t\t\t\t"
        "20-Nov-26\t10:00 AM",
        encoding="utf-16",
    )
    assert [(record["id"], record["text"], record["created_at"]) for record in records] == [
        ("twitter:1500000000000000002", "The dam has burst", "2026-11-20T09:05:00Z"),
        ("example:https://example.org/dam", "It holds.", "2026-11-20T10:00:00Z"),
    ]


def test_junkipedia(tmp_path):
    (record,), _ = read(
        tmp_path,
        JUNKIPEDIA,
        "12,https://www.tiktok.com/@ann/video/88,{},3,TikTok,ann,The dam has burst,2026-11-20T09:00:00.000Z",
    )
    assert (record["id"], record["author"], record["text"]) == ("tiktok:88", "ann", "The dam has burst")


@pytest.mark.parametrize("header", [TWARC, COMMUNALYTIC, BRANDWATCH, JUNKIPEDIA])
def test_each_says_that_it_was_never_checked_against_a_real_export(tmp_path, header):
    (tmp_path / "export.csv").write_text(header + "\n" + ",".join(["1"] * (header.count(",") + 1)))
    archive = Archive([tmp_path / "export.csv"])
    items_of(archive)
    assert "never checked against a real one" in archive.told[0]


def test_4cat_s_export_after_a_spreadsheet_had_it(tmp_path):
    header = "ID,Thread_ID,Timestamp,Link,Body,Author,Is_Retweet,Is_Reply"
    records, told = read(
        tmp_path,
        header,
        "1.60E+18,1.60E+18,20/07/2026 09:00,,The dam has burst,ann,no,no",
        "1.60E+18,1.60E+18,20/07/2026 09:01,,Is that so?,bob,no,no",
    )
    assert len({record["id"] for record in records}) == 2
    assert [record["created_at"] for record in records] == ["2026-07-20T09:00:00Z", "2026-07-20T09:01:00Z"]
    assert any("exponent form" in line for line in told)


def test_4cat_s_export_written_anew_by_a_program_still_tells_reposts(tmp_path):
    header = "id,thread_id,timestamp,body,author,is_retweet,is_reply"
    rows = [
        f"{at},{at},2026-07-20 09:00:00,RT @ann: The dam,bob,{yes},no" for at, yes in enumerate(("TRUE", "1", "yes"))
    ]
    records, _ = read(tmp_path, header, *rows)
    assert [record["kind"] for record in records] == ["repost"] * 3


def test_4cat_s_blogs_of_one_platform_share_its_ids(tmp_path):
    header = "id,thread_id,timestamp,body,author,post_url"
    first = "1,1,2026-07-20 09:00:00,The dam has burst,ann,https://ann.tumblr.com/post/1"
    second = "2,1,2026-07-20 09:01:00,Is that so?,bob,https://bob.tumblr.com/post/2"
    (post, reply), _ = read(tmp_path, header, first, second)
    assert reply["root"] == post["id"] == "tumblr:1"


def test_4cat_s_words_beside_the_body_are_parts_of_the_post(tmp_path):
    header = "id,thread_id,timestamp,body,author,link_title,link_description,stickers"
    (record,), _ = read(tmp_path, header, "1,1,2026-07-20 09:00:00,,ann,Dam bursts,Many flee,The dam has burst")
    assert record["parts"] == {"link": ["Dam bursts", "Many flee"], "video": ["The dam has burst"]}
