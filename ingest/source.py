"""What a source of posts is, and what it hands over."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Upsert:
    """One item in the interchange form; `position` says where it stood, for its dead letter."""

    record: dict[str, Any]
    position: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something that is no item at all: why, and what was seen of it."""

    reason: str
    payload: str
    position: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Items in order, and the cursor to go on from once they are saved; `last` when the source is at its end."""

    items: list[Upsert | Unreadable] = field(default_factory=list)
    cursor: str = ""
    last: bool = False


class Source(Protocol):
    """Yields batches from a cursor on. The same cursor gives the same items again: saving is idempotent."""

    name: str

    def batches(self, cursor: str | None) -> Iterator[Batch]:
        """Everything after `cursor` (None: from the start). Raises InputError when it cannot go on."""
