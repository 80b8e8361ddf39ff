"""POST /download: hands out the file that a ticket stands for, piece by piece while it is made.

The form that gave the ticket has checked the role and recorded the consultation. The guard refuses other sites.
"""

from collections.abc import Iterator

from dash import Dash
from flask import Response, request

from dashboard.browser_input import log_in_one_line, words
from dashboard.publish.tickets import Download
from dashboard.services import Services
from dashboard.signed_in import required
from dashboard.words.export import EXPIRED

PATH = "/download"


def register(app: Dash, services: Services) -> None:
    @app.server.post(PATH)
    def hand_out() -> Response | tuple[str, int]:
        make = services.tickets.redeem(required().session.id, words(request.form.get("ticket")))
        download = make() if make else None
        return (EXPIRED, 410) if download is None else streamed(download)


def streamed(download: Download) -> Response:
    """The answer that carries a file, whatever its size."""
    answer = Response(_pieces(download), mimetype=download.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=download.name)
    return answer


def _pieces(download: Download) -> Iterator[bytes]:
    try:
        yield from download.chunks
    except Exception as error:
        # What was sent so far is cut off, which the browser notices: no half file looks whole.
        log_in_one_line("an export broke off", error)
        raise
