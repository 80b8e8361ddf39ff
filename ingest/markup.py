"""HTML as people send it → the words a reader would see.

Mastodon's statuses and the summaries of feeds are HTML from strangers. Nothing of it is run or kept: tags, scripts
and comments go, paragraphs and line breaks become line breaks, and a shortened link gives its whole address.
"""

import re
from html.parser import HTMLParser

LONGEST_MARKUP_CHARACTERS = 100_000

_BLOCKS = {"p", "div", "li", "ul", "ol", "blockquote", "pre", "tr", "table", *(f"h{level}" for level in range(1, 7))}
_UNSEEN = {"script", "style", "template", "head", "iframe", "object", "svg", "noscript"}
# html.parser takes minutes over 100 kB of tags that are never closed; these make its work linear.
_DECLARATION = re.compile(r"<[!?][^<>]*>?")
_OVERLONG_TAG = re.compile(r"<[^<>]{4000,}>?")
_UNCLOSED = re.compile(r"<(?![^<>]*>)")
_SPACES = re.compile(r"[ \t\r\f\v\n\xa0]+")


def plain_text(markup: str, *, without_class: str | None = None) -> str:
    """The words of `markup`; what stands in an element of the class `without_class` is left out.

    Never raises. Reads at most LONGEST_MARKUP_CHARACTERS.
    """
    reader = _Reader(without_class)
    reader.feed(_closed(markup[:LONGEST_MARKUP_CHARACTERS]))
    reader.close()
    lines = (_SPACES.sub(" ", line).strip() for line in "".join(reader.words).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    def __init__(self, without_class: str | None):
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._without_class = without_class
        self._hidden_in: str | None = None
        self._hidden_depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._hidden_in is not None:
            self._hidden_depth += tag == self._hidden_in
        elif tag in _UNSEEN or (self._without_class and self._without_class in _classes(attrs)):
            self._hidden_in, self._hidden_depth = tag, 1
        elif tag == "br":
            self.words.append("\n")
        elif tag in _BLOCKS:
            self._break("\n\n" if tag == "p" else "\n")

    def handle_endtag(self, tag: str) -> None:
        if self._hidden_in is not None:
            self._hidden_depth -= tag == self._hidden_in
            if self._hidden_depth == 0:
                self._hidden_in = None
        elif tag in _BLOCKS:
            self._break("\n\n" if tag == "p" else "\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br" and self._hidden_in is None:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if self._hidden_in is None:
            # A line break in the markup is but a space; those that count come from tags.
            self.words.append(_SPACES.sub(" ", data))

    def _break(self, lines: str) -> None:
        if self.words and not self.words[-1].endswith("\n"):
            self.words.append(lines)


def _classes(attrs: list[tuple[str, str | None]]) -> list[str]:
    return [name for attribute, value in attrs if attribute == "class" for name in (value or "").split()]


def _closed(markup: str) -> str:
    """`markup` without comments and declarations, and with every "<" that opens no tag made a character."""
    first, *rest = markup.split("<!--")
    seen = first + "".join(piece.partition("-->")[2] for piece in rest)
    return _UNCLOSED.sub("&lt;", _OVERLONG_TAG.sub("", _DECLARATION.sub("", seen)))
