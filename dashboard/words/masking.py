"""Posts are hostile text: what a screen shows of one.

People are not the subject, so handles and what lies behind a link's host are masked. Control characters go, above
all those that would turn the direction of writing; the markup around it isolates what is left.
"""

import html

from models.text import harmless, one_line, shortened, unpiled
from models.text.marks import SHOWN_ACCOUNT, SHOWN_BARE_LINK, SHOWN_HANDLE, SHOWN_LINK

REMOVED = "[removed]"
# A title that is nothing but links and handles.
WORDLESS = "(a post without words)"
# A title that is the words of a post which asks or denies.
NOT_STATED = "no post states it yet. “{}”"
LONGEST_SHOWN = 1000


def masked(text: str | None) -> str:
    """The words of a post as a screen may show them; a post that is gone says so."""
    if text is None:
        return REMOVED
    text = unpiled(one_line(masked_whole(text)))
    return shortened(text, LONGEST_SHOWN)


def masked_whole(text: str) -> str:
    r"""The words of a post as a file may hold them: as long as they are, on as many lines.

    >>> masked_whole("RT @dam_watch:\nit burst https://flood.example/photo?by=dam_watch")
    'RT @…:\nit burst flood.example/…'
    """
    text = harmless(html.unescape(text))
    text = SHOWN_LINK.sub(lambda link: link.group(2) + ("/…" if link.group(3).strip("/") else ""), text)
    text = SHOWN_HANDLE.sub("@…", SHOWN_BARE_LINK.sub(r"\1/…", text))
    # Few texts name such an account, and to look for one at each word takes as long as all the rest.
    if "bsky" in (small := text.lower()) or "did:" in small:
        text = SHOWN_ACCOUNT.sub("@…", text)
    return text
