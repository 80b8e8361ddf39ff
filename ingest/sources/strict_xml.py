"""XML from strangers → a tree, in bounded time: no document type, no entities, not deep, not endless."""

import re
from html.entities import name2codepoint
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

DEEPEST = 100
# feedparser takes most of a minute for as many entries as fit into an answer.
MOST_ENTRIES = 2_000

_ENTRIES = ("item", "entry")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_AMPERSAND = re.compile(rb"&(?:(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});)?")


class NotRead(ValueError):
    """A document that is not read. The message says why, and begins in lower case."""


class NotWellFormed(NotRead):
    """Not well-formed XML; the message says where it breaks a rule, and which."""


def tree_of(document: bytes) -> Element:
    """The root of a document. Raises NotWellFormed, or NotRead for one that is not safe to read."""
    parser = defusedxml.ElementTree.XMLParser(target=_Bounded(), forbid_dtd=True)
    try:
        parser.feed(document.lstrip())
        return parser.close()
    except DefusedXmlException:
        raise NotRead("declares a document type or entities, so it is not read") from None
    except ParseError as error:
        fault = str(error).partition(":")[0].removeprefix("not well-formed (").removesuffix(")")
        raise NotWellFormed(f"line {error.position[0]}: {fault}") from None
    except NotRead:
        raise
    except (ValueError, LookupError):
        raise NotWellFormed("unknown encoding") from None


def mended(document: bytes) -> bytes:
    """A document whose bare ampersands, HTML entities and control characters would make it not well-formed."""
    return _AMPERSAND.sub(_escaped, _CONTROL.sub(b"", document))


def local_name(element: Element) -> str:
    """The name of an element without its namespace, in lower case and as one word: `message_type` is messagetype."""
    return re.sub(r"[_.-]", "", element.tag.rpartition("}")[2].rpartition(":")[2]).lower()


def namespace(element: Element) -> str:
    return element.tag.rpartition("}")[0].removeprefix("{")


def _escaped(found: re.Match[bytes]) -> bytes:
    name = (found[1] or b"").decode()
    if name in ("amp", "lt", "gt", "quot", "apos"):
        return found[0]
    if name in name2codepoint:
        return b"&#%d;" % name2codepoint[name]
    if name.startswith("#"):
        code = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
        # What XML allows: no control characters, no halves of surrogate pairs, nothing beyond Unicode.
        if code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000:
            return found[0]
    return b"&amp;" + found[0][1:]


class _Bounded(TreeBuilder):
    def __init__(self):
        super().__init__()
        self._depth = self._entries = 0

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        self._depth += 1
        self._entries += tag.rpartition("}")[2].lower() in _ENTRIES
        if self._depth > DEEPEST:
            raise NotRead(f"nested more than {DEEPEST} deep, so it is not read")
        if self._entries > MOST_ENTRIES:
            raise NotRead(f"more than {MOST_ENTRIES:,} entries, so it is not read")
        return super().start(tag, attrs)

    def end(self, tag: str) -> Element:
        self._depth -= 1
        return super().end(tag)
