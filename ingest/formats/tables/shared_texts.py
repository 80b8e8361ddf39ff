"""The texts that the cells of a workbook share, read as far as they are needed, and kept on disk when they are many.

A workbook holds each text once, in a list beside its sheets, and a cell has the number of its text. The first row
needs only the first few, and a large workbook has more of them than memory should hold.
"""

from array import array
from collections.abc import Iterator
from functools import lru_cache
from tempfile import SpooledTemporaryFile
from typing import IO

from openpyxl.cell.text import Text
from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

MEMORY_BYTES = 16_000_000
# Texts that many rows share, such as the name of an author, are asked for again and again.
REMEMBERED = 20_000
_ITEM = f"{{{SHEET_MAIN_NS}}}si"


class SharedTexts:
    """Text by number, from the stream of the list. Raises IndexError for a number that no text has."""

    def __init__(self, stream: IO[bytes]):
        self._coming = _texts_of(stream)
        self._kept = SpooledTemporaryFile(max_size=MEMORY_BYTES)  # noqa: SIM115 - closed with the workbook
        # Where each text ends among those that are kept.
        self._ends = array("Q", [0])
        self._text = lru_cache(REMEMBERED)(self._read)

    def __getitem__(self, number: int) -> str:
        return self._text(number)

    def close(self) -> None:
        self._kept.close()

    def _read(self, number: int) -> str:
        while number >= len(self._ends) - 1:
            text = next(self._coming, None)
            if text is None:
                raise IndexError(number)
            packed = text.encode("utf-8", "surrogatepass")
            self._kept.seek(self._ends[-1])
            self._kept.write(packed)
            self._ends.append(self._ends[-1] + len(packed))
            if number == len(self._ends) - 2:
                return text
        start, end = self._ends[number], self._ends[number + 1]
        self._kept.seek(start)
        return self._kept.read(end - start).decode("utf-8", "surrogatepass")


def _texts_of(stream: IO[bytes]) -> Iterator[str]:
    top = None
    for event, node in iterparse(stream, events=("start", "end")):
        if top is None:
            top = node
        elif event == "end" and node.tag == _ITEM:
            yield (Text.from_tree(node).content or "").replace("x005F_", "")
            # What has been read is let go of, with its place in the list.
            top.clear()
