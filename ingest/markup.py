"""HTML as people send it → the words a reader would see.

Mastodon's statuses and the summaries of feeds are HTML from strangers. Nothing of it is run or kept: tags, scripts
and comments go, paragraphs and line breaks become line breaks, and a shortened link gives its whole address.
"""

import re

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

LONGEST_MARKUP_CHARACTERS = 100_000

_BLOCKS = {"p", "div", "li", "ul", "ol", "blockquote", "pre", "tr", "table", *(f"h{level}" for level in range(1, 7))}
_UNSEEN = {"script", "style", "template", "head", "title", "iframe", "object", "svg", "noscript"}
# A browser drops what follows a "<" that no ">" closes; here it is text, such as "river <2 m".
_UNCLOSED = re.compile(r"<(?![!?])(?![^<>]*>)")
# HTML repeats open formatting elements in every later paragraph: 100 kB could ask for millions of nodes.
_FORMATTING = re.compile(
    r"<(/?)(?:b|big|code|em|font|i|s|small|strike|strong|tt|u)(?=[\s/>])", re.IGNORECASE | re.ASCII
)
_SPACES = re.compile(r"[ \t\r\f\v\n\xa0]+")


def plain_text(markup: str, *, without_class: str | None = None) -> str:
    """The words of `markup`, without those in elements of the class `without_class`.

    Never raises. Reads at most LONGEST_MARKUP_CHARACTERS.
    """
    safe = _FORMATTING.sub(r"<\1span", _UNCLOSED.sub("&lt;", markup[:LONGEST_MARKUP_CHARACTERS]))
    tree = LexborHTMLParser(
        safe.encode("utf-8", "replace"), is_fragment=True, options=LexborDocumentOptions.WO_EVENTS
    )
    lines = (_SPACES.sub(" ", line).strip() for line in "".join(_words(tree.root, without_class)).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _words(node: LexborNode | None, without_class: str | None) -> list[str]:
    """The texts of `node`, its next siblings and all below them, with line breaks where blocks begin and end."""
    words: list[str] = []
    while node is not None:
        if is_seen := _is_seen(node, without_class):
            _begin(node, words)
        following = node.first_child if is_seen else None
        # Upwards without recursion: a stranger may nest as deep as there are characters.
        while following is None and node is not None:
            if is_seen and node.tag in _BLOCKS:
                _break(node.tag, words)
            following, node, is_seen = node.next, node.parent, True
        node = following
    return words


def _is_seen(node: LexborNode, without_class: str | None) -> bool:
    if node.tag in _UNSEEN:
        return False
    return without_class is None or without_class not in (node.attributes.get("class") or "").split()


def _begin(node: LexborNode, words: list[str]) -> None:
    if node.text_content is not None:
        # A line break in the markup is but a space; those that count come from tags.
        words.append(_SPACES.sub(" ", node.text_content))
    elif node.tag == "br":
        words.append("\n")
    elif node.tag in _BLOCKS:
        _break(node.tag, words)


def _break(block: str, words: list[str]) -> None:
    if words and not words[-1].endswith("\n"):
        words.append("\n\n" if block == "p" else "\n")
