"""The lines of a server's log: each says when and where from, and is one line whatever was sent."""

import logging
import sys
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from dashboard.commands.log_lines import OneLine


def line_of(message: str, *, error: bool = False) -> str:
    record = logging.LogRecord("ingest.worker", logging.WARNING, "worker.py", 1, "source %s", (message,), None)
    # 2026-11-20 21:40:00 UTC, in which no summer time plays a part.
    record.created = 1795210800.0
    if error:
        try:
            raise ValueError(message)
        except ValueError:
            record.exc_info = sys.exc_info()
    return OneLine().format(record)


def test_a_line_says_when_how_grave_and_from_where():
    assert line_of("stopped") == "2026-11-20T21:40:00Z WARNING ingest.worker: source stopped"


@given(st.text(max_size=60))
def test_whatever_was_sent_a_line_is_one_line(sent):
    for line in (line_of(sent), line_of(f"x\r\n2026-11-20T21:40:00Z ERROR forged: {sent}", error=True)):
        assert len(line.splitlines()) == 1
        assert line.startswith("2026-11-20T21:40:00Z WARNING ingest.worker: source")
        assert "Cc" not in {unicodedata.category(one) for one in line}
