"""Posts are hostile text: what a screen shows of one.

People are not the subject, so handles and what lies behind a link's host are masked. Control characters go, above
all those that would turn the direction of writing; the markup around it isolates what is left.
"""

import html
import re

from models.judgement.naming import title_of
from models.text import harmless, one_line, shortened, unpiled
from models.text.marks import (
    SHOWN_ACCOUNT,
    SHOWN_BARE_LINK,
    SHOWN_HANDLE,
    SHOWN_LINK,
    SHOWN_PLAIN_NAME,
)

MASK = "@…"
# A handle without a word in it, which a title leaves out as it does any other.
_NAMELESS = "@x"
REMOVED = "[removed]"
# A title that is nothing but links and handles.
WORDLESS = "(a post without words)"
# A title that is the words of a post which asks or denies.
NOT_STATED = "no post states it yet. “{}”"
LONGEST_SHOWN = 1000
# In a record: the fields by which platforms name an account, and the text in them, which may be cut off.
_ACCOUNT_FIELD = re.compile(
    r'("(?:\w*author\w*|\w*handle|user|\w*username|\w*user_?name|screen_?name|acct|account|display_?name|name|from|by'
    r'|did|repo)"\s*:\s*)"(?:[^"\\]|\\.)*(?:"|$)',
    re.IGNORECASE,
)


def masked(text: str | None) -> str:
    """The words of a post as a screen may show them; a post that is gone says so."""
    if text is None:
        return REMOVED
    text = unpiled(one_line(masked_whole(text)))
    return shortened(text, LONGEST_SHOWN)


def masked_title(text: str) -> str:
    """A rumour's title from the words of the post that names it; empty where it is nothing but links and handles.

    The whole of each handle goes before the title is made, which would leave what follows the first dot of one.

    >>> masked_title("RT @jo.smith: the dam has burst, says @dam-watch")
    'The dam has burst, says'
    """
    return masked(title_of(_handles_replaced(text, _NAMELESS)))


def masked_whole(text: str) -> str:
    r"""The words of a post as a file may hold them: as long as they are, on as many lines.

    >>> masked_whole("RT @dam_watch:\nit burst https://flood.example/photo?by=dam_watch")
    'RT @…:\nit burst flood.example/…'
    """
    text = harmless(html.unescape(text))
    text = SHOWN_LINK.sub(lambda link: link.group(2) + ("/…" if link.group(3).strip("/") else ""), text)
    return _handles_replaced(SHOWN_BARE_LINK.sub(r"\1/…", text), MASK)


def masked_record(payload: str) -> str:
    """A record as a source sent it, be it whole or cut: what stands in a field that names an account is masked too.

    >>> masked_record('{"author": "jo_smith", "text": "ask @jo"}')
    '{"author": "@…", "text": "ask @…"}'
    """
    # As JSON may write "@" and "/".
    payload = payload.replace("\\u0040", "@").replace("\\/", "/")
    return masked_whole(_ACCOUNT_FIELD.sub(rf'\1"{MASK}"', payload))


def _handles_replaced(text: str, mask: str) -> str:
    """`text` with a mask for every handle, whoever's it is: a list of those that need none might be wrong."""
    # Few texts name an account without an @, and to look for one at each word takes as long as all the rest.
    if "@" in text or "＠" in text or "﹫" in text:
        text = _without_what_leads_to(mask, SHOWN_HANDLE.sub(mask, text))
    small = text.lower()
    if "bsky" in small or "did:" in small:
        text = SHOWN_ACCOUNT.sub(mask, text)
    if "u/" in text or "RT " in text or "MT " in text:
        text = SHOWN_PLAIN_NAME.sub(lambda name: (name[1] or name[2]) + mask, text)
    return text


def _without_what_leads_to(mask: str, text: str) -> str:
    """`text` without the names that stand right before a mask: of "jo@…" only the host was masked."""
    *before, rest = text.split(mask)
    return mask.join([*(one[: _end_of_words(one)] for one in before), rest])


def _end_of_words(text: str) -> int:
    end = len(text)
    while end and (text[end - 1].isalnum() or text[end - 1] in "_.+-"):
        end -= 1
    return end
