"""The report as PDF/UA-1, with its tags, language and title: WeasyPrint does it, where it is installed."""

import html
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from dashboard.words.report import NO_PDF, without_a_font
from models.errors import Refused

# PDF/UA-1 is ISO 14289-1: a PDF that assistive technology can read.
VARIANT = "pdf/ua-1"
# What only paper needs, and no browser knows.
_PAPER = Path(__file__).parent / "templates" / "paper.css"
_NO_GLYPH = ".notdef"
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


def require_pdf() -> None:
    """Raises Refused, with what to install, where no PDF can be made."""
    if not _can_be_made():
        raise Refused({"format": NO_PDF})


def pdf_of(page: str) -> bytes:
    """The PDF of a page of HTML. Whatever the page refers to but does not hold stays out: nothing is fetched.

    PDF/UA knows no letter without a glyph, so those that no font here has are named in brackets.
    """
    missing = _without_a_glyph("".join(sorted(set(_BEYOND_ASCII.findall(page)))))
    if missing:
        runs = re.compile(f"[{re.escape(missing)}]+")
        page = runs.sub(lambda run: html.escape(without_a_font(run.group())), page)
    return _drawn(page)


def _drawn(page: str) -> bytes:
    from weasyprint import CSS, HTML
    from weasyprint.urls import URLFetcher

    fetcher = URLFetcher(allowed_protocols=["data"], allow_redirects=False)
    return HTML(string=page, url_fetcher=fetcher).write_pdf(pdf_variant=VARIANT, stylesheets=[CSS(filename=_PAPER)])


def _without_a_glyph(letters: str) -> str:
    """Those of these letters that no font of this computer has."""
    with _listening() as missing:
        _drawn("".join(f"<p>{html.escape(letter)}</p>" for letter in letters))
    return "".join(sorted(missing))


class _Listener(logging.Filter):
    """Hears of letters without a glyph. It keeps what WeasyPrint says of rules of style that paper does not need."""

    missing: ContextVar[set[str] | None] = ContextVar("missing", default=None)

    def filter(self, record: logging.LogRecord) -> bool:
        missing = self.missing.get()
        if missing is not None and record.msg.startswith(_NO_GLYPH):
            missing.add(record.args[0])
        return record.levelno >= logging.ERROR


logging.getLogger("weasyprint").addFilter(_Listener())


@contextmanager
def _listening() -> Iterator[set[str]]:
    missing: set[str] = set()
    token = _Listener.missing.set(missing)
    try:
        yield missing
    finally:
        _Listener.missing.reset(token)


@cache
def _can_be_made() -> bool:
    try:
        import weasyprint  # noqa: F401 - whether it and Pango are there
    except (ImportError, OSError):
        return False
    return True
