"""Exports known by their columns. Each is one mapping, made from published names of columns.

None of them could be checked against a real export, which what is told on reading says. Of several columns for a
field the first that is filled is used; a field from two columns at once is written "Date + Time".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ingest.formats.tables.headers import HEADER_NAMES, plain_name


@dataclass(frozen=True)
class Export:
    """One tool's export. `platform` is empty where its rows come from several: their links show which."""

    name: str
    # One of these sets of names must be there.
    recognised_by: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    platform: str = ""
    # The numbers of all versions of an edited post, the first one first.
    versions: str = ""
    # Where its ids are the tool's own, a post's id is in its link.
    id_in_link: bool = False
    zone: str = ""


EXPORTS = (
    # https://github.com/DocNow/twarc-csv: the names are paths into X's answers.
    Export(
        "twarc-csv",
        (
            "id, referenced_tweets.retweeted.id",
            "id, referenced_tweets.replied_to.id",
            "id, author_id, public_metrics.retweet_count",
            "id, conversation_id, edit_history_tweet_ids",
        ),
        {
            "id": ("id",),
            "text": ("text",),
            "created_at": ("created_at",),
            "author": ("author.username", "author_id", "author.id"),
            "author_followers": ("author.public_metrics.followers_count",),
            "lang": ("lang",),
            "reply_to": ("referenced_tweets.replied_to.id",),
            "root": ("conversation_id",),
            "repost_of": ("referenced_tweets.retweeted.id",),
            "quote_of": ("referenced_tweets.quoted.id",),
            "reposts": ("public_metrics.retweet_count",),
        },
        platform="twitter",
        versions="edit_history_tweet_ids",
        zone="UTC",
    ),
    # https://communalytic.com/video-tutorials/twitter-data-structure/: a sample of its export of X.
    Export(
        "Communalytic, X",
        ("tweet_id, date, text, username, userid",),
        {
            "id": ("tweet_id",),
            "text": ("text",),
            "created_at": ("date",),
            "author": ("username",),
            "author_followers": ("user_followers_count", "followers_count"),
            "lang": ("language",),
            "reposts": ("retweet_count",),
        },
        platform="twitter",
        zone="UTC",
    ),
    # https://github.com/digitalmethodsinitiative/dmi-tcat: "time" is in seconds, "created_at" in UTC.
    Export(
        "DMI-TCAT",
        ("id, from_user_name, from_user_id, text", "id, from_user_name, filter_level, text"),
        {
            "id": ("id",),
            "text": ("text",),
            "created_at": ("time", "created_at"),
            "author": ("from_user_name",),
            "author_followers": ("from_user_followercount",),
            "lang": ("lang",),
            "reply_to": ("in_reply_to_status_id",),
            "repost_of": ("retweet_id",),
            "quote_of": ("quoted_status_id",),
            "reposts": ("retweet_count",),
            "latitude": ("lat",),
            "longitude": ("lng",),
        },
        platform="twitter",
        zone="UTC",
    ),
    # Published lists of its columns; six lines about the query stand above them.
    Export(
        "Brandwatch",
        ("query id, query name, page type, url", "query name, page type, full text, resource id"),
        {
            "id": ("resource id",),
            "text": ("full text", "snippet", "title"),
            "created_at": ("date",),
            "author": ("author",),
            "author_followers": ("twitter followers", "instagram followers"),
            "url": ("url", "original url"),
            "lang": ("language",),
            "reply_to": ("twitter reply to",),
            "repost_of": ("twitter retweet of",),
            "reposts": ("twitter retweets",),
            "latitude": ("latitude",),
            "longitude": ("longitude",),
        },
        id_in_link=True,
    ),
    # Published lists of its columns. Its CSV files are UTF-16 with tabs.
    Export(
        "Meltwater",
        ("hit sentence, influencer", "hit sentence, opening text", "hit sentence, input name"),
        {
            "id": ("tweet id",),
            "text": ("hit sentence", "opening text", "headline", "title"),
            "created_at": ("date", "alternate date format + time", "alternate date format"),
            "author": ("twitter screen name", "influencer", "source", "source name"),
            "author_followers": ("twitter followers",),
            "url": ("url",),
            "lang": ("language",),
        },
        id_in_link=True,
    ),
    # Names of columns in published programs that read its files.
    Export(
        "Junkipedia",
        ("postid, post_body_text, published_at", "postid, post_body_text, posturl"),
        {
            "id": ("postid",),
            "text": ("post_body_text", "embeddedcontenttext", "embedded_post_text"),
            "created_at": ("published_at",),
            "author": ("channelname", "channeluid", "channelid"),
            "url": ("posturl",),
        },
        id_in_link=True,
        zone="UTC",
    ),
)
HEADER_NAMES.update(
    plain_name(name)
    for export in EXPORTS
    for names in (*export.recognised_by, *(", ".join(columns) for columns in export.columns.values()))
    for name in names.replace(" + ", ", ").split(", ")
)


def export_of(header: Iterable[str]) -> Export | None:
    """The export that has these columns; None where none is known."""
    found = {plain_name(name) for name in header}
    for export in EXPORTS:
        if any({plain_name(name) for name in names.split(", ")} <= found for names in export.recognised_by):
            return export
    return None
