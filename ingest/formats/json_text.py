"""JSON in files: one value a line, values one after another, or one long array. Memory stays bounded.

Text that is no JSON, no UTF-8 or too long becomes Unreadable, and reading continues with the next line.
"""

import codecs
import json
import re
from collections.abc import Iterator
from typing import IO, Any

from ingest.source import Unreadable
from models.limits import LARGEST_RECORD_BYTES

# One answer of X's interface contains up to 500 posts with all they refer to: about 2 MB.
LONGEST_PAGE_BYTES = 8_000_000
SHOWN_CHARACTERS = 2_000

_PAGE = re.compile(rb'\s*\{\s*"(?:data|includes|errors|meta|matching_rules|__twarc)"\s*:')
# X's account archive is JavaScript that assigns the array to a name.
_ASSIGNMENT = re.compile(r"\s*window\.[\w.]{1,100}\s*=\s*")
_BETWEEN = re.compile(r"[\s,]*")
# "-Infinity", and a character written as two halves, \uXXXX\uXXXX.
_LONGEST_WORD = 12
_FIRST_READ_CHARACTERS = 1 << 16


def json_lines(stream: IO[bytes]) -> Iterator[tuple[int, Any]]:
    """Each line's number and value, or Unreadable. Blank lines are skipped."""
    for number, line in enumerate(_bounded_lines(stream), start=1):
        if isinstance(line, Unreadable):
            yield number, line
        elif line.strip():
            yield number, parsed(line)


def parsed(text: bytes) -> Any:
    """`text` as a JSON value, or Unreadable."""
    try:
        return json.loads(text.removeprefix(codecs.BOM_UTF8).decode("utf-8"))
    except UnicodeDecodeError:
        return Unreadable("not UTF-8", shown(text), "")
    except (ValueError, RecursionError):
        return Unreadable("not JSON", shown(text), "")


def json_values(stream: IO[bytes]) -> Iterator[tuple[int, Any]]:
    """The number and value of each value in a file, or of each item if the file is one array.

    After a damaged value reading continues with the next line. Inside an array it ends, since the place to continue
    from is unknown.
    """
    text = codecs.getreader("utf-8-sig")(stream, errors="replace")
    decoder = json.JSONDecoder()
    buffer, ended = text.read(_FIRST_READ_CHARACTERS), False
    assignment = _ASSIGNMENT.match(buffer)
    at, number, in_array = (assignment.end() if assignment else 0), 0, False
    while True:
        at = _BETWEEN.match(buffer, at).end()
        if at < len(buffer) and buffer[at] == "[" and number == 0 and not in_array:
            in_array, at = True, at + 1
            continue
        if at < len(buffer) and in_array and buffer[at] == "]":
            return
        value, end, broken, too_long = None, at, False, len(buffer) - at > LONGEST_PAGE_BYTES
        try:
            value, end = decoder.raw_decode(buffer, at)
            # A number at the end may be incomplete: "0" may be the beginning of "0.5".
            whole = ended or isinstance(value, dict | list | str) or end < len(buffer) - _LONGEST_WORD
            broken = too_long = end - at > LONGEST_PAGE_BYTES
        except json.JSONDecodeError as error:
            too_long = too_long and _cut_off(error, len(buffer))
            whole = ended or too_long or not _cut_off(error, len(buffer))
            broken = True
        except (ValueError, RecursionError):
            # A number of more digits, or a value of more levels, than Python reads.
            whole, broken, too_long = True, True, False
        if not whole:
            # Twice as much as before, so that a long value is parsed only a few times.
            more = text.read(max(_FIRST_READ_CHARACTERS, len(buffer) - at))
            buffer, at, ended = buffer[at:] + more, 0, not more
            continue
        if at == len(buffer):
            if in_array:
                yield number + 1, Unreadable("file cut off or damaged (no end of the array)", "", "")
            return
        number += 1
        if not broken:
            yield number, value
            at = end
            continue
        yield number, Unreadable("over 8 MB" if too_long else "not JSON", buffer[at : at + SHOWN_CHARACTERS], "")
        if in_array:
            return
        while (line_end := buffer.find("\n", at)) < 0:
            buffer, at = text.read(_FIRST_READ_CHARACTERS), 0
            if not buffer:
                return
        at = line_end + 1


def _cut_off(error: json.JSONDecodeError, length: int) -> bool:
    """Whether the text may only be incomplete: the error is at its end or inside a string."""
    return error.pos >= length - _LONGEST_WORD or error.msg.startswith("Unterminated string")


def shown(text: bytes) -> str:
    """The part of `text` that a dead letter keeps."""
    return text[:SHOWN_CHARACTERS].decode("utf-8", "replace")


def shown_value(value: Any) -> str:
    """The part of a value that a dead letter keeps."""
    try:
        return repr(value)[:SHOWN_CHARACTERS]
    except RecursionError:
        return "nested too deeply to be shown"


def _bounded_lines(stream: IO[bytes]) -> Iterator[bytes | Unreadable]:
    """Lines with their ends. One that is too long is skipped without loading it into memory."""
    while line := stream.readline(LARGEST_RECORD_BYTES + 1):
        if len(line) <= LARGEST_RECORD_BYTES or line.endswith(b"\n"):
            yield line
            continue
        reason, head = "over 1 MB", line
        if _PAGE.match(line):
            reason, head = "over 8 MB", line + stream.readline(LONGEST_PAGE_BYTES - LARGEST_RECORD_BYTES)
            if len(head) < LONGEST_PAGE_BYTES or head.endswith(b"\n"):
                yield head
                continue
            line = head
        while line and not line.endswith(b"\n"):
            line = stream.readline(LARGEST_RECORD_BYTES)
        yield Unreadable(reason, shown(head), "")
