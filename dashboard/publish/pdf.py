"""The report as PDF/UA-1, with its tags, language and title: WeasyPrint does it, where it is installed."""

import logging
from functools import cache

from dashboard.words.report import NO_PDF
from models.errors import Refused

# PDF/UA-1 is ISO 14289-1: a PDF that assistive technology can read.
VARIANT = "pdf/ua-1"
# It complains of each rule of style that paper does not need.
logging.getLogger("weasyprint").setLevel(logging.ERROR)


def require_pdf() -> None:
    """Raises Refused, with what to install, where no PDF can be made."""
    if not _can_be_made():
        raise Refused({"format": NO_PDF})


def pdf_of(html: str) -> bytes:
    """The PDF of a page. Whatever the page refers to but does not hold stays out: nothing is fetched."""
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    fetcher = URLFetcher(allowed_protocols=["data"], allow_redirects=False)
    return HTML(string=html, url_fetcher=fetcher).write_pdf(pdf_variant=VARIANT)


@cache
def _can_be_made() -> bool:
    try:
        import weasyprint  # noqa: F401 - whether it and Pango are there
    except (ImportError, OSError):
        return False
    return True
