"""How much may be typed into each field, and how large a record may be: one set of limits for every door.

The forms, the command API, `grapevine incident` and the store all check against these. Nothing that a person typed is
cut: what is too long is refused, with the field and the limit in words. Lengths are in characters after trimming.

Machines are another matter. A record that is too large becomes a dead letter, and what only reads a post, such as the
judgement (`models/text`) or a feed's summary, may read its beginning: the post itself is stored whole.
"""

from collections.abc import Collection

# An officer's name and role, an incident's name: each stands in one line of the log.
LONGEST_NAME = 100
# A desk's name stands in a cell of the board.
LONGEST_DESK = 40
# A reason, a purpose, what was heard, a correction's wording: a printed page, which the log shows whole.
LONGEST_TEXT = 2_000
# A caption in a picture: one that is longer covers what it explains.
LONGEST_CAPTION = 200
# A link to evidence: browsers and mail programs break longer ones.
LONGEST_LINK = 2_000
# What a browser or a command calls one request: three times an id of its making, so that a suffix fits as well.
LONGEST_REQUEST = 100
# A watch term or an account: a long phrase, a handle with its server.
LONGEST_TERM = 100
# Watch terms, and accounts: every post is compared with each of them.
MOST_TERMS = 200
# Sources and languages of an incident: more than any configuration has.
MOST_LISTED = 1_000
# Roles of one person, each for one service and perhaps one incident.
MOST_GRANTS = 200
# An area as GeoJSON: a county's boundary, simplified.
LONGEST_AREA = 200_000
# Corners of an area: every post with a place is compared with it.
MOST_CORNERS = 2_000

# One record of a file, one post's text, one pushed message: a thousand times a long post.
LARGEST_RECORD_BYTES = 1_000_000
# Records in one pushed message: saved in one transaction.
MOST_RECORDS = 1_000
# One request to the web server: the largest form, which is sent as it was and as it is, at up to four bytes a letter.
LARGEST_REQUEST_BYTES = 4_000_000


def too_long(what: str, text: str, most: int) -> str | None:
    """What is wrong with a text of more than `most` characters; None where it is short enough.

    >>> too_long("your name", "J. Officer", LONGEST_NAME)
    >>> too_long("the reason", "x" * 2_001, LONGEST_TEXT)
    'Shorten the reason to 2,000 characters: it has 2,001.'
    """
    return f"Shorten {what} to {most:,} characters: it has {len(text):,}." if len(text) > most else None


def too_many(what: str, values: Collection[object], most: int) -> str | None:
    """What is wrong with a list of more than `most` values; None where they are few enough.

    >>> too_many("terms", range(201), MOST_TERMS)
    'List at most 200 terms: these are 201.'
    """
    return f"List at most {most:,} {what}: these are {len(values):,}." if len(values) > most else None


def too_large(what: str, most: int = LARGEST_RECORD_BYTES) -> str:
    """What is wrong with something of more than `most` bytes.

    >>> too_large("A message")
    'A message may hold at most 1,000,000 bytes.'
    """
    return f"{what} may hold at most {most:,} bytes."
