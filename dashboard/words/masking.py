"""Posts are hostile text: what a screen shows of one.

People are not the subject, so handles and what lies behind a link's host are masked. Control characters go, above
all those that would turn the direction of writing; the markup around it isolates what is left.
"""

import html
import re
import unicodedata

REMOVED = "[removed]"
_LINK = re.compile(r"(?i)\bhttps?://([^\s/?#@]*@)?([^\s/?#]+)(\S*)")
_HANDLE = re.compile(r"[@＠]\w(?:[\w.\-]*\w)?(?:@[\w.\-]+\w)?")
# Embeddings, overrides and isolates: they reorder what follows them.
_TURNS_WRITING = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
_SPACES = re.compile(r"\s+")
LONGEST_SHOWN = 1000


def masked(text: str | None) -> str:
    """The words of a post as a screen may show them; a post that is gone says so."""
    if text is None:
        return REMOVED
    text = harmless(html.unescape(text))
    text = _LINK.sub(lambda link: link.group(2) + ("/…" if link.group(3).strip("/") else ""), text)
    text = _SPACES.sub(" ", _HANDLE.sub("@…", text)).strip()
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def harmless(text: str) -> str:
    """A text as it is, but for what no screen may be given: what cannot be seen and what would turn the writing."""
    return "".join(char for char in _TURNS_WRITING.sub("", text) if char.isspace() or _is_visible(char))


def _is_visible(char: str) -> bool:
    return unicodedata.category(char) not in {"Cc", "Cs", "Co", "Cn"}
