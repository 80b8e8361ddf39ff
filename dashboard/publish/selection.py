"""What is taken out of an incident: which part of it, as known when, in which form, masked or not."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import blake2b
from typing import Any

from dashboard.access import SystemAct
from dashboard.words.masking import masked_whole
from models.domain.incidents import Incident
from models.people.sharing import NoteReader
from models.store import Store

LONGEST_STEM = 60
# An area of about ten kilometres: a post's own place is no business of whoever reads a masked file.
DEGREE_DECIMALS = 1
PSEUDONYM_BYTES = 12
_IDS = ("id", "reply_to", "root", "repost_of", "quote_of")


class Format(StrEnum):
    """The forms that may be taken; the value is what the record of consultations says."""

    CSV = "csv"
    PARQUET = "parquet"
    INTERCHANGE = "interchange"
    PNG = "png"
    SVG = "svg"

    @property
    def is_picture(self) -> bool:
        return self in (Format.PNG, Format.SVG)


@dataclass(frozen=True, slots=True)
class Mask:
    """Makes posts fit to be shared. The key is of one export: what it names cannot be matched with another.

    Handles, and what lies behind a link's host, go from texts; ids and authors become keyed hashes, the same
    throughout one export, so that answers still lead to what they answer; addresses go and places are coarse. The ids
    of flows, rumours and corrections are digests of post ids, so whoever knows a post could find it by them: they
    become keyed hashes too.
    """

    key: bytes = field(default_factory=lambda: secrets.token_bytes(16), repr=False)

    def post(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return {
            **row,
            **{name: self.name("post", row[name]) for name in _IDS},
            **{kind: self.name(kind, row[kind]) for kind in ("author", "flow", "rumour")},
            "text": None if row["text"] is None else masked_whole(row["text"]),
            "url": None,
            **{name: _coarse(row[name]) for name in ("latitude", "longitude")},
        }

    def name(self, kind: str, name: str | None) -> str | None:
        """What something of a kind is called in this export."""
        if name is None:
            return None
        return f"{kind}:{blake2b(name.encode(), key=self.key, digest_size=PSEUDONYM_BYTES).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Selection:
    """`rumour` None: the whole incident. `mask` None: as it is stored, for those who may.

    `reader`: whose the notes are that it holds; unless said, whoever can read the data folder.
    """

    incident: Incident
    as_of: datetime
    rumour: str | None = None
    mask: Mask | None = field(default_factory=Mask)
    reader: NoteReader = field(default_factory=NoteReader)

    def name(self, kind: str, name: str | None) -> str | None:
        """What something of a kind is called in what is taken."""
        return self.mask.name(kind, name) if self.mask else name


def newest_moment(store: Store, now: datetime) -> datetime:
    """A moment that nothing known now comes after: the clock of a replay may be behind what was written."""
    return max(now, store.last_known_at() or now)


def act_for(format: Format, *, unmasked: bool) -> SystemAct:
    """What a role must be allowed to take it."""
    if format.is_picture:
        return SystemAct.REPORT
    return SystemAct.EXPORT_UNMASKED if unmasked else SystemAct.EXPORT


def file_name(incident: Incident, as_of: datetime, what: str, ending: str) -> str:
    """A name that any system takes, whatever the incident is called.

    >>> from datetime import timedelta
    >>> flood = Incident("i", "../Northgate: <flood>", "", "", False, datetime(2026, 11, 20, tzinfo=UTC))
    >>> file_name(flood, flood.opened_at + timedelta(hours=12), "report", "html")
    'Northgate-flood-20261120T1200Z-report.html'
    """
    words = re.findall(r"[A-Za-z0-9]+", incident.name)
    stem = "-".join(words)[:LONGEST_STEM].strip("-") or "incident"
    return f"{stem}-{as_of.astimezone(UTC):%Y%m%dT%H%MZ}-{what}.{ending}"


def _coarse(degrees: float | None) -> float | None:
    return None if degrees is None else round(degrees, DEGREE_DECIMALS)
