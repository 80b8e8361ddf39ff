"""The marks in a text that are not its words: links, handles, hashtags, manual reposts, lead-ins, cut-off ends.

Several readers want them, and those that are trained have learnt on what their own patterns left of a text. A pattern
whose comment says "until retrained" differs from its neighbours for no better reason: change it only together with
the part that it names. All are searched in the `plain` text, unless they say otherwise.
"""

import re

# -- links --

# Copies and likelihood: neither reads links or handles. Until retrained (likelihood); it decides what is a copy.
LINK_OR_HANDLE = re.compile(r"https?://\S+|www\.\S+|@\w+")
# The encoder. Until retrained.
ENCODER_LINK = re.compile(r"https?://\S+|www\.\S+|pic\.twitter\.com/\S+")
# Stance: cues and network. Until retrained.
STANCE_LINK = re.compile(r"https?://\S+|www\.\S+|\bpic\.twitter\.com/\S+", re.IGNORECASE)
# Same claim?: which links two rumours share.
WHOLE_LINK = re.compile(r"(?:https?://|www\.)\S+")
# Titles: a bare "http://" goes too.
TITLE_LINK = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/)\S*")
# Screens, in the text as it came: whoever signs in by the link, its host, and what lies behind that.
SHOWN_LINK = re.compile(r"(?i)\b[a-z][a-z0-9+.\-]{1,20}://([^\s/?#@]*@)?([^\s/?#]+)(\S*)")
# The same without "https://", as people and shortened texts write it: "twitter.com/jo/status/1", "and/or" not.
SHOWN_BARE_LINK = re.compile(r"(?<![\w@/.\-])((?:[\w\-]{1,63}\.){1,8}(?:[a-z]{2,24}|[A-Z]{2,24}))(?::\d{1,5})?/\S+")

# -- handles --

# The encoder (until retrained) and titles: what follows a letter or a figure is an address, and no handle.
HANDLE = re.compile(r"(?<!\w)@(\w+)")
# Stance: cues and network. Until retrained.
STANCE_HANDLE = re.compile(r"@\w+")
STANCE_HANDLES = re.compile(r"(?:\s*@\w+){2,}")
# What takes no room, or sits on the letter before: written into a handle, it hides the handle from a pattern only.
_UNSEEN = "\u00ad\u0300-\u036f\u180b-\u180f\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff"
# Screens, in the text as it came: with the dots of Bluesky and the hosts of Mastodon, in wide and small forms too.
SHOWN_HANDLE = re.compile(rf"[@＠﹫][{_UNSEEN}]*\w(?:[\w.\-{_UNSEEN}]*[\w{_UNSEEN}])?(?:@[\w.\-]+\w)?")
# Screens: Reddit's names; and "RT jo: …", as whoever copies by hand leaves out the @.
SHOWN_PLAIN_NAME = re.compile(r"(?<![\w/.])(/?u/)[\w\-]{3,20}\b|(?<!\w)((?:RT|MT)\s+)\w[\w.\-]{0,40}(?=:\s)")
# Screens: Bluesky's names without an @, and its ids of accounts.
SHOWN_ACCOUNT = re.compile(r"(?i)\b[\w\-]{1,63}(?:\.[\w\-]{1,63}){0,3}\.bsky\.social\b|\bdid:(?:plc|web):[\w.:%\-]+")

# -- manual reposts --

# A name with dots, as Bluesky's, ends at a colon: "RT @jo.The dam" names jo. A Mastodon one has its host.
_REPOSTED = r"@\w+(?:@\w+(?:[.\-]\w+)+|(?:[.\-]\w+)+(?=\s*:))?"
# Copies: a chain of them is one. It decides what is a copy.
REPOST = re.compile(rf"^\s*[\"“«]?(?:(?:rt|mt)\s*:?\s*{_REPOSTED}\s*:?\s*)+", re.IGNORECASE)
# The encoder. Until retrained.
ENCODER_REPOST = re.compile(r"^\s*(?:RT|MT)\s+@\w+:?\s*")
# Titles: also "via @x", and a quotation that opens with whose it is.
TITLE_REPOST = re.compile(r"^\s*(?:(?:rt|mt|via)\b:?\s*@\w+:?\s*)+|[“\"]\s*@\w+:?\s*", re.IGNORECASE)

# -- lead-ins and ends --

# The encoder. Until retrained.
ENCODER_LEAD_IN = re.compile(
    r"^\W*(?:breaking(?: news)?|update|developing|more|just in|confirmed)\b[\s:!\-–—|]*", re.IGNORECASE
)
# "[photo]": what a post shows, in brackets.
TITLE_NOTE = re.compile(r"^\W*\[[^\[\]]{1,20}\]\s*(?=\S)")
TITLE_LEAD_IN = re.compile(
    r"^(?:(?:#?breaking(?: news)?|#?update|#?developing|#?confirmed|just in|omg)\b"
    r"|(?:i(?:['’]ve)? )?just heard(?! (?:about|from|of|on)\b)(?: that)?\b"
    r"|(?:more|key|watch|video|photos?|pictures?|latest|new|now|live(?: updates?)?)(?=\s*[:\-–—|]))[\s:!\-–—|]*",
    re.IGNORECASE,
)
# What stands around a title and is no part of it; a single full stop may end one.
TITLE_EDGES = re.compile(r"^[\W_]+|(?:(?<!\.)\.{2,}|[\s\-–—|:,;…\"“”])+$")
# Copies: the text goes on elsewhere, so that its last word may be half of one. It decides what is a copy.
CUT_OFF_END = re.compile(r"(?:…|\.\.\.)[\])]?\s*$")

# -- hashtags --

HASHTAG = re.compile(r"#(\w+)")
CLOSING_HASHTAGS = re.compile(r"(?:\s+(?:#\w+|\||via|h/t))+[\s.!…]*$", re.IGNORECASE)
# Where a new word begins in #MikeBrown and #BBCNews.
WORD_IN_HASHTAG = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
