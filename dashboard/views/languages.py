"""The language that a post is shown in: as its source states it, or else as it was detected."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.text.languages import languages_of


@dataclass(frozen=True, slots=True)
class ShownLanguage:
    """A language as its ISO 639 code; `detected_by` names what found it, None where the source states it."""

    tag: str
    detected_by: str | None


def shown_language(row: Mapping[str, Any]) -> ShownLanguage | None:
    """The one language of a row with `lang`, `lang_detected` and `lang_detected_by`; None where it is not known.

    >>> shown_language({"lang": "cy-GB", "lang_detected": None, "lang_detected_by": None})
    ShownLanguage(tag='cy', detected_by=None)
    >>> shown_language({"lang": "und", "lang_detected": "cy", "lang_detected_by": "a detector"})
    ShownLanguage(tag='cy', detected_by='a detector')
    >>> shown_language({"lang": "en,cy", "lang_detected": None, "lang_detected_by": None})
    """
    stated = languages_of(row["lang"])
    if stated:
        return ShownLanguage(*stated, None) if len(stated) == 1 else None
    return ShownLanguage(row["lang_detected"], row["lang_detected_by"]) if row["lang_detected"] else None
