"""Links to posts: which platform a link leads to, and the id of the post there."""

import re

# The second level of a host's name → the platform as ids name it, where the two differ.
_PLATFORMS = {"x": "twitter", "t": "telegram", "youtu": "youtube", "fb": "facebook", "redd": "reddit"}
_HOST = re.compile(
    r"(?:https?://)?(?:[a-z0-9-]+\.)*?([a-z0-9-]+)\.(?:co\.|org\.|gov\.)?[a-z]{2,}(?:[/?:]|$)", re.IGNORECASE
)
_POSTS = tuple(
    (re.compile(pattern, re.IGNORECASE), form)
    for pattern, form in (
        (r"\b(?:twitter|x)\.com/(?:i/(?:web/)?)?(?:\w+/)?status(?:es)?/(\d+)", "twitter:{}"),
        (r"\bbsky\.app/profile/([^/\s]+)/post/(\w+)", "at://{}/app.bsky.feed.post/{}"),
        (r"\bt\.me/(?:s/)?(\w+)/(\d+)", "telegram:{}-{}"),
        (r"\breddit\.com/r/\w+/comments/\w+/[^/\s]*/(\w+)", "reddit:{}"),
        (r"\breddit\.com/r/\w+/comments/(\w+)", "reddit:{}"),
        (r"\btiktok\.com/@[^/\s]+/video/(\d+)", "tiktok:{}"),
        (r"\binstagram\.com/(?:p|reel|tv)/([\w-]+)", "instagram:{}"),
        (r"\b(?:youtube\.com/watch\?v=|youtu\.be/)([\w-]{11})", "youtube:{}"),
        (r"\bfacebook\.com/[^/\s]+/posts/(\w+)", "facebook:{}"),
    )
)


def platform_of(link: object) -> str:
    """The platform that a link leads to; empty where it is no link.

    >>> platform_of("https://x.com/ann/status/5"), platform_of("https://www.instagram.com/p/Cx"), platform_of("5")
    ('twitter', 'instagram', '')
    """
    found = _HOST.match(link) if isinstance(link, str) else None
    if found is None:
        return ""
    name = found[1].lower()
    return _PLATFORMS.get(name, name)


def id_in_link(link: object) -> str | None:
    """The id of the post that a link leads to; None where the link does not show it.

    >>> id_in_link("http://twitter.com/ann/statuses/5"), id_in_link("https://bsky.app/profile/did:plc:a/post/3k")
    ('twitter:5', 'at://did:plc:a/app.bsky.feed.post/3k')
    """
    if not isinstance(link, str) or "/" not in link:
        return None
    for pattern, form in _POSTS:
        if found := pattern.search(link):
            return form.format(*found.groups())
    return None
