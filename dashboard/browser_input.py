"""What a browser sends may be anything: it is read and checked here before anything else uses it."""

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from dashboard.words.refusals import NOT_CONFIRMED, NOT_LOGGED
from models.clock import utc_time
from models.errors import Refused, without_its_text
from models.people.checks import checked_request
from models.text import storable

# Longer than any commit takes; shorter than an officer waits before acting otherwise.
ACT_SECONDS = 10.0

log = logging.getLogger(__name__)
Word = TypeVar("Word", bound=StrEnum)
Made = TypeVar("Made")


class NotConfirmed(Exception):
    """An act was not committed in time, or failed by no fault of the form; str() is for its user."""


def words(value: Any) -> str:
    """A string as it came, however long, but storable; "" for anything else."""
    return storable(value) if isinstance(value, str) else ""


def one_of(kind: type[Word], value: Any) -> Word | None:
    """The member of an enum that a string names, or None."""
    return next((one for one in kind if one.value == value), None) if isinstance(value, str) else None


def number(value: Any) -> int:
    """A whole number as it came; 0 for anything else."""
    return value if type(value) is int else 0


def fields(value: Any) -> Mapping[str, Any]:
    """An object's fields; none for anything else."""
    return value if isinstance(value, Mapping) else {}


def moment(value: Any) -> datetime | None:
    """The moment that a string names in ISO 8601; None for anything else, and for none."""
    try:
        return utc_time(words(value))
    except ValueError:
        return None


def request_name(request: Mapping[str, Any]) -> str | None:
    """What the browser calls this opening of a form, the same for each try; None where it gave no name.

    Raises Refused where the name is too long.
    """
    return checked_request(words(request.get("request")) or None)


def committed(act: Callable[[], Future[Made]]) -> Made:
    """What an act made, once it is on disk. Raises Refused as the store does, NotConfirmed for all else."""
    try:
        return act().result(timeout=ACT_SECONDS)
    except Refused:
        raise
    except TimeoutError:
        log.warning("an act was not committed within %.0f s", ACT_SECONDS)
        raise NotConfirmed(NOT_CONFIRMED) from None
    except Exception as error:  # noqa: BLE001 - whoever acts must see that it failed
        log_in_one_line("an act failed", error)
        raise NotConfirmed(NOT_LOGGED) from None


def log_in_one_line(what: str, error: BaseException) -> None:
    """One line for the log: what, which error, and where in the code it arose. No text of the error: it may quote."""
    log.error("%s: %s", what, without_its_text(error))
