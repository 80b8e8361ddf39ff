"""The log of a running server, on stderr: one event a line, with its time in UTC and the part that tells of it.

Who logs sees to it that no post, password or key is quoted. Here a line stays one line, whatever stands in it.
"""

import logging
import time

from models.text import harmless, one_line


class OneLine(logging.Formatter):
    """`2026-11-20T21:40:00Z WARNING ingest.running.worker: source feeds does not answer: …`"""

    converter = time.gmtime

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%SZ")

    def format(self, record: logging.LogRecord) -> str:
        return one_line(harmless(super().format(record)))


def log_to_stderr() -> None:
    """Warnings and errors of all parts go to stderr, where whatever keeps the service running picks them up."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine())
    logging.getLogger().addHandler(handler)
