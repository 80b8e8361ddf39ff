"""What a post holds beside its author's words: what pictures show, where links lead, a poll, what it quotes.

Each stands in the text on a line of its own, told as what it is: "[picture described as: water over a road]". So an
edit of it is an edit of the post, what is erased is erased with the post, and every screen and export shows it.

Watch terms are looked for in all of them. The judgement reads the author's words, a content warning among them: two
posts with one text and different pictures say one thing. Only where these are too few to say anything ("look at
this!") does it read the rest.
"""

import re
from collections.abc import Iterable
from enum import StrEnum

MOST_PARTS = 20
LONGEST_PART = 2_000


class PartKind(StrEnum):
    """What a part is, as it is told; records name it in lower case: "picture", "poll"."""

    WARNING = "content warning"
    PICTURE = "picture described as"
    VIDEO = "video described as"
    LINK = "link to"
    POLL = "poll"
    QUOTED = "quotes"
    HASHTAGS = "hashtags"


_PART = re.compile(rf"^\[({'|'.join(PartKind)}): (.*)\]$", re.MULTILINE)
# With fewer words a text is compared with no other: it is a flow of its own.
_LEAST_WORDS = 5
_WORD = re.compile(r"\w[\w'’]+")
_LINK = re.compile(r"https?://\S+|www\.\S+|[@#]\w+")


def with_parts(text: str, parts: Iterable[tuple[PartKind, str]]) -> str:
    """A text with its parts: warnings before it, the rest after it; so many at most, each shortened.

    >>> print(with_parts("Look!", [(PartKind.PICTURE, "Water over  a road"), (PartKind.WARNING, "flood")]))
    [content warning: flood]
    <BLANKLINE>
    Look!
    <BLANKLINE>
    [picture described as: Water over a road]
    """
    lines = [(kind, " ".join(words.split())[:LONGEST_PART]) for kind, words in parts]
    told = [(kind, f"[{kind}: {words}]") for kind, words in lines if words][:MOST_PARTS]
    before = [line for kind, line in told if kind is PartKind.WARNING]
    after = [line for kind, line in told if kind is not PartKind.WARNING]
    return "\n\n".join([*before, *([text] if text.strip() else []), *after])


def author_words(text: str) -> str:
    """What the judgement reads of a text: its author's words, and where they are few what its parts say.

    >>> author_words("The road at Northgate is closed\\n\\n[picture described as: Water over a road]")
    'The road at Northgate is closed'
    >>> author_words("Look! https://t.co/x\\n\\n[picture described as: Water over a road]")
    'Look! https://t.co/x\\n\\nWater over a road'
    """
    if "[" not in text:
        return text
    own = _PART.sub(lambda found: found[2] if found[1] == PartKind.WARNING else "", text).strip()
    return own if len(_WORD.findall(_LINK.sub(" ", own))) >= _LEAST_WORDS else all_words(text)


def own_words(text: str) -> str:
    """The author's words of a text alone, without its parts.

    >>> own_words("Look!\\n\\n[picture described as: Water over a road]")
    'Look!'
    """
    return _PART.sub("", text).strip() if "[" in text else text


def all_words(text: str) -> str:
    """A text with the words of its parts, without the labels."""
    return _PART.sub(r"\2", text) if "[" in text else text


def apart(text: str) -> str:
    """A text with the words of its parts, a bar between them: what goes across it is no phrase."""
    return _PART.sub(r"| \2 |", text) if "[" in text else text
